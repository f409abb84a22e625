"""Questions and their answers, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from core.settings import ProviderSettings
from desktop.qt.answer_replies import AnswerReply
from desktop.qt.engine_client import EngineError, Request
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_ground
from desktop.qt.theme import ThemeManager
from desktop.qt.views.turn import Turn
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label, rule
from desktop.qt.widgets.place_chips import PlaceChips
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


class AskView(QScrollArea):
    """All turns of the open project."""

    opened = Signal(object)
    busy_changed = Signal(bool)
    suggested = Signal(str)
    drawn = Signal(object)
    """A `PackReply` whose excerpts somebody wants to see as a diagram."""
    consent_asked = Signal(str, str)
    """A host that nobody has agreed to, and the question that would be sent there with its evidence."""
    accepted = Signal(int, bool)
    """The number of an answer that a person holds for right, or no longer."""
    not_kept = Signal(str)
    """Why an answer is not in the history."""

    def __init__(self, session: Session, themes: ThemeManager, provider: ProviderSettings, budget: int) -> None:
        super().__init__()
        self._session = session
        self._themes = themes
        self.provider = provider
        self.budget = budget
        self.deep = False
        """Whether questions are taken apart."""
        self.conversation = 0
        """The conversation that the next question goes on with; 0 begins one."""
        self.chips = PlaceChips(themes)
        self._request: Request | None = None
        self._prepared = ""
        self.turns: list[Turn] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._empty = self._make_empty()
        page = QWidget()
        set_ground(page)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.setWidget(page)
        themes.dress(self._empty, self.verticalScrollBar())

    @property
    def busy(self) -> bool:
        return self._request is not None

    def ask(self, question: str) -> None:
        """Ask; an answer that is still being written is stopped."""
        self.stop()
        turn = self._make_turn(question)
        self._put_first(turn)
        clock = QElapsedTimer()
        clock.start()

        def on_event(name: str, message: dict[str, Any]) -> None:
            if name == "pack":
                turn.show_pack(message["pack"])
            elif name == "text":
                turn.add_text(message["text"])
            elif name == "step":
                turn.show_step(message["step"])

        def done(answer: AnswerReply) -> None:
            turn.finish(answer, clock.elapsed() / 1000)
            self.conversation = answer.get("conversation", 0)
            if why := answer.get("not_kept"):
                self.not_kept.emit(why)
            self._end(request)

        def failed(error: EngineError) -> None:
            turn.fail(error)
            self._end(request)
            if error.consent_host:
                self.consent_asked.emit(error.consent_host, question)

        request = self._session.call("ask", self.asked(question), done, failed, event=on_event)
        self._request = request
        self.busy_changed.emit(True)

    def prepare(self) -> None:
        """Have the engine read what the first question of a project waits for, while it is being written."""
        if self._prepared != self._session.index:
            self._prepared = self._session.index
            self._session.call("prepare", {}, lambda _done: None, lambda _error: None)

    def asked(self, question: str) -> dict[str, object]:
        """What the engine is asked for a question."""
        return {
            **self.whom(),
            "question": question,
            "budget": self.budget,
            "llm": bool(self.provider.provider),
            "conversation": self.conversation,
            "deep": self.deep,
            "pinned": self.chips.pinned,
            "removed": self.chips.removed,
        }

    def whom(self) -> dict[str, object]:
        """Who is asked, in what the engine is told; nothing where nobody is chosen."""
        provider = self.provider
        if not provider.provider:
            return {}
        return {"provider": provider.provider, "model": provider.model, "base_url": provider.base_url}

    def remembered(self) -> list[dict[str, Any]]:
        """The last answers, oldest first, for `restore`."""
        return [turn.record for turn in reversed(self.turns[:REMEMBERED]) if turn.record]

    def restore(self, records: Sequence[object]) -> None:
        """Put back what was answered before; what is no such record is passed over."""
        for record in records:
            match record:
                case {"question": str(question), "answer": dict(answer), "seconds": int() | float() as seconds}:
                    turn = self._make_turn(question)
                    try:
                        turn.finish(cast(AnswerReply, answer), float(seconds))
                        conversation = int(answer.get("conversation", 0))
                    except (KeyError, TypeError, AttributeError, ValueError):  # as another version wrote it
                        turn.deleteLater()
                        continue
                    self.conversation = conversation
                    self._put_first(turn)

    def reopen(self, answer: AnswerReply) -> None:
        """Show an earlier answer on top, and go on with its conversation."""
        for turn in self.turns:
            if turn.number and turn.number == answer.get("number"):
                self._take_out(turn)
                break
        self.restore([{"question": answer["question"], "answer": answer, "seconds": 0.0}])

    def start_anew(self) -> None:
        """Begin another conversation; the answers so far are in the history."""
        self.clear()
        self.conversation = 0

    def stop(self) -> None:
        if self._request is not None:
            self._request.cancel()

    def clear(self) -> None:
        """Forget every turn; for another project."""
        self.stop()
        self._request = None
        self.conversation = 0
        self.chips.clear()
        self.busy_changed.emit(False)
        for turn in self.turns:
            self._remove(turn)
        self.turns.clear()
        self._empty.show()

    def _end(self, request: Request) -> None:
        if self._request is request:
            self._request = None
            self.busy_changed.emit(False)

    def _make_turn(self, question: str) -> Turn:
        turn = Turn(question, self._themes)
        self._themes.dress(turn)
        turn.opened.connect(self.opened)
        turn.accepted.connect(self.accepted)
        turn.evidence.pinned.connect(self.chips.pin)
        turn.evidence.left_out.connect(self.chips.leave_out)
        return turn

    def _take_out(self, turn: Turn) -> None:
        self.turns.remove(turn)
        self._remove(turn)

    def _put_first(self, turn: Turn) -> None:
        self._empty.hide()
        if self.turns:
            line = rule()
            self._themes.dress(line)
            self._column.insertWidget(0, line)
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
