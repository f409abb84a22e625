"""Questions and their answers, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.settings import ProviderSettings
from desktop.qt import figures
from desktop.qt.engine_client import EngineError, Request
from desktop.qt.history import CodeLocation
from desktop.qt.replies import AnswerReply, ExcerptReply, PackReply
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.answer import AnswerText, unsupported
from desktop.qt.views.evidence import EvidenceList, cost_line
from desktop.qt.widgets.buttons import push_button, tool_button
from desktop.qt.widgets.labels import label, rule
from desktop.qt.words import tr

KEPT = 30
"""Answers that stay on the page."""
REMEMBERED = 10
"""Answers that are there again at the next start."""
SUGGESTIONS = (
    "Where does the program start?",
    "What are the main parts?",
    "How is the configuration read?",
    "Where are errors handled?",
)


class Turn(QWidget):
    """One question with its answer and evidence."""

    opened = Signal(object)
    """A `CodeLocation` somebody wants to see."""

    def __init__(self, question: str, themes: ThemeManager) -> None:
        super().__init__()
        self._pack: PackReply | None = None
        self.record: dict[str, Any] = {}
        """The question with its answer, once that is whole; what `restore` takes."""
        self.question = label(question, "heading", wrap=True)
        self.question.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = label(tr("Looking through the code…"), "small", wrap=True)
        self.text = AnswerText(themes)
        self.text.cited.connect(self._on_cited)
        self.doubt = label("", "small", wrap=True)
        self.doubt.hide()
        self.evidence = EvidenceList(themes)
        self.evidence.chosen.connect(self._open)
        self.copy_button = tool_button(themes, "copy", tr("Copy answer as Markdown"), self._copy)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.question, 1)
        head.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 8, 16)
        column.setSpacing(8)
        column.addLayout(head)
        body = QVBoxLayout()
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(8)
        body.addWidget(self.note)
        body.addWidget(self.text)
        body.addWidget(self.doubt)
        column.addLayout(body)
        column.addSpacing(8)
        column.addWidget(self.evidence)
        self.text.hide()
        self.copy_button.setEnabled(False)

    def show_pack(self, pack: PackReply) -> None:
        self._pack = pack
        self.text.set_excerpts(pack["excerpts"])
        self.evidence.show_pack(pack)
        self.note.setText(tr("Writing the answer…"))

    def add_text(self, piece: str) -> None:
        self.text.show()
        self.text.add(piece)

    def finish(self, answer: AnswerReply, seconds: float) -> None:
        self.record = {"question": self.question.text(), "answer": answer, "seconds": seconds}
        if self._pack != answer["pack"]:
            self.show_pack(answer["pack"])
        self.text.show()
        self.text.finish(answer["text"], answer["sentences"])
        self.copy_button.setEnabled(True)
        self.note.setText(f"{_by_whom(answer)} · {figures.duration(seconds)}")
        doubtful = len(unsupported(answer["sentences"]))
        if doubtful:
            words = figures.plural(doubtful, "sentence is", "sentences are")
            self.doubt.setText(tr("{words} not backed by what is cited (underlined).", words=words))
            self.doubt.show()

    def fail(self, error: EngineError) -> None:
        if error.cancelled:
            self.note.setText(tr("Stopped."))
            self.copy_button.setEnabled(bool(self.text.markdown))
            return
        if error.consent_host:
            self.note.setText(tr("Nothing was sent: {host} has not been allowed yet.", host=error.consent_host))
            return
        self.note.setText(error.message)
        set_role(self.note, "error")
        self.note.style().polish(self.note)

    def _on_cited(self, number: int) -> None:
        for excerpt in self._pack["excerpts"] if self._pack is not None else ():
            if excerpt["n"] == number:
                self._open(excerpt)

    def _open(self, excerpt: ExcerptReply) -> None:
        self.opened.emit(CodeLocation(excerpt["path"], excerpt["start_line"], excerpt["end_line"]))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_markdown())

    def as_markdown(self) -> str:
        """The question, the answer, and the places it cites."""
        parts = [f"## {self.question.text()}", self.text.markdown.strip()]
        if self._pack is not None:
            places = (
                f"[{excerpt['n']}] `{excerpt['path']}:{figures.lines(excerpt['start_line'], excerpt['end_line'])}`"
                for excerpt in self._pack["excerpts"]
            )
            parts += ["  \n".join(places), f"_{cost_line(self._pack)}_"]
        return "\n\n".join(parts) + "\n"


class AskView(QScrollArea):
    """All turns of the open project."""

    opened = Signal(object)
    busy_changed = Signal(bool)
    suggested = Signal(str)
    drawn = Signal(object)
    """A `PackReply` whose excerpts somebody wants to see as a diagram."""
    consent_asked = Signal(str, str)
    """A host that nobody has agreed to, and the question that would be sent there with its evidence."""

    def __init__(self, session: Session, themes: ThemeManager, provider: ProviderSettings, budget: int) -> None:
        super().__init__()
        self._session = session
        self._themes = themes
        self.provider = provider
        self.budget = budget
        self._request: Request | None = None
        self.turns: list[Turn] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._empty = self._make_empty()
        page = QWidget()
        set_role(page, "canvas")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.setWidget(page)

    @property
    def busy(self) -> bool:
        return self._request is not None

    def ask(self, question: str) -> None:
        """Ask; an answer that is still being written is stopped."""
        self.stop()
        turn = Turn(question, self._themes)
        turn.opened.connect(self.opened)
        self._put_first(turn)
        clock = QElapsedTimer()
        clock.start()
        params: dict[str, object] = {"question": question, "budget": self.budget, "llm": bool(self.provider.provider)}
        if self.provider.provider:
            params |= {
                "provider": self.provider.provider,
                "model": self.provider.model,
                "base_url": self.provider.base_url,
            }

        def on_event(name: str, message: dict[str, Any]) -> None:
            if name == "pack":
                turn.show_pack(message["pack"])
            elif name == "text":
                turn.add_text(message["text"])

        def done(answer: AnswerReply) -> None:
            turn.finish(answer, clock.elapsed() / 1000)
            self._end(request)

        def failed(error: EngineError) -> None:
            turn.fail(error)
            self._end(request)
            if error.consent_host:
                self.consent_asked.emit(error.consent_host, question)

        request = self._session.call("ask", params, done, failed, event=on_event)
        self._request = request
        self.busy_changed.emit(True)

    def remembered(self) -> list[dict[str, Any]]:
        """The last answers, oldest first, for `restore`."""
        return [turn.record for turn in reversed(self.turns[:REMEMBERED]) if turn.record]

    def restore(self, records: Sequence[object]) -> None:
        """Put back what was answered before; what is no such record is passed over."""
        for record in records:
            match record:
                case {"question": str(question), "answer": dict(answer), "seconds": int() | float() as seconds}:
                    turn = Turn(question, self._themes)
                    try:
                        turn.finish(cast(AnswerReply, answer), float(seconds))
                    except (KeyError, TypeError, AttributeError):  # as another version wrote it
                        turn.deleteLater()
                        continue
                    turn.opened.connect(self.opened)
                    self._put_first(turn)

    def stop(self) -> None:
        if self._request is not None:
            self._request.cancel()

    def clear(self) -> None:
        """Forget every turn; for another project."""
        self.stop()
        self._request = None
        self.busy_changed.emit(False)
        for turn in self.turns:
            self._remove(turn)
        self.turns.clear()
        self._empty.show()

    def _end(self, request: Request) -> None:
        if self._request is request:
            self._request = None
            self.busy_changed.emit(False)

    def _put_first(self, turn: Turn) -> None:
        self._empty.hide()
        if self.turns:
            self._column.insertWidget(0, rule())
        self._column.insertWidget(0, turn)
        self.turns.insert(0, turn)
        turn.evidence.drawn.connect(self.drawn)
        for old in self.turns[KEPT:]:
            self._remove(old)
        del self.turns[KEPT:]
        self.verticalScrollBar().setValue(0)

    def _remove(self, turn: Turn) -> None:
        at = self._column.indexOf(turn)
        for neighbour in (at + 1, at):
            item = self._column.itemAt(neighbour)
            widget = item.widget() if item is not None else None
            if widget is turn or (isinstance(widget, QFrame) and widget.property("role") == "rule"):
                self._column.removeWidget(widget)
                widget.deleteLater()

    def _make_empty(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 24, 16, 16)
        column.setSpacing(4)
        column.addWidget(label(tr("Ask how it works"), "heading"))
        words = tr("Answers cite the lines they rest on. Click a number to read them.")
        column.addWidget(label(words, "muted", wrap=True))
        column.addSpacing(16)
        column.addWidget(label(tr("Try"), "label"))
        for question in SUGGESTIONS:
            button = push_button(tr(question), partial(self.suggested.emit, tr(question)), "link")
            button.setMinimumWidth(40)
            column.addWidget(button)
        return holder


def _by_whom(answer: AnswerReply) -> str:
    if not answer["model"] and not answer["provider"]:
        return tr("Evidence from the index, no model asked")
    where = f" at {answer['sent_to']}" if answer["sent_to"] else ", on this machine"
    return f"{answer['model'] or answer['provider']}{where}"
