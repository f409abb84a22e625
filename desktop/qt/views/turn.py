"""One question with its answer, how it was understood, the steps it took, and its evidence."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.answer_replies import AnswerReply, ExcerptReply, PackReply, StepReply
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.answer import AnswerText, unsupported
from desktop.qt.views.evidence import EvidenceList, cost_line
from desktop.qt.widgets.buttons import tool_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

_ACCEPT = "Accept this answer: later questions find it as evidence"
_ACCEPTED = "Accepted; click to take that back"


class Turn(QWidget):
    """One question with its answer and evidence."""

    opened = Signal(object)
    """A `CodeLocation` somebody wants to see."""
    accepted = Signal(int, bool)
    """The number of the answer, and whether it is right, or no longer."""

    def __init__(self, question: str, themes: ThemeManager) -> None:
        super().__init__()
        self._pack: PackReply | None = None
        self.record: dict[str, Any] = {}
        """The question with its answer, once that is whole; what `restore` takes."""
        self.question = label(question, "heading", wrap=True)
        self.question.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.understood = label("", "small", wrap=True)
        self.understood.hide()
        self._steps: dict[tuple[str, int], str] = {}
        self.steps = label("", "small", wrap=True)
        self.steps.hide()
        self.note = label(tr("Looking through the code…"), "small", wrap=True)
        self.text = AnswerText(themes)
        self.text.cited.connect(self._on_cited)
        self.doubt = label("", "small", wrap=True)
        self.doubt.hide()
        self.broken = label("", "error", wrap=True)
        """Why the answer ends before its end."""
        self.broken.hide()
        self.evidence = EvidenceList(themes)
        self.evidence.chosen.connect(self._open)
        self.copy_button = tool_button(themes, "copy", tr("Copy answer as Markdown"), self._copy)
        self.accept_button = tool_button(themes, "check", tr(_ACCEPT), self._on_accept)
        self.accept_button.setCheckable(True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.question, 1)
        head.addWidget(self.accept_button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 8, 16)
        column.setSpacing(8)
        column.addLayout(head)
        body = QVBoxLayout()
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(8)
        body.addWidget(self.understood)
        body.addWidget(self.steps)
        body.addWidget(self.note)
        body.addWidget(self.text)
        body.addWidget(self.doubt)
        body.addWidget(self.broken)
        column.addLayout(body)
        column.addSpacing(8)
        column.addWidget(self.evidence)
        self.text.hide()
        self.copy_button.setEnabled(False)
        self.accept_button.setEnabled(False)

    def show_pack(self, pack: PackReply) -> None:
        self._pack = pack
        self.text.set_excerpts(pack["excerpts"])
        self.evidence.show_pack(pack)
        self.note.setText(tr("Writing the answer…"))

    def show_step(self, step: StepReply) -> None:
        """A step of a deep question has begun (nothing is told of it yet) or is done."""
        key = ("part" if step["kind"] == "left out" else step["kind"], step["number"])
        self._steps[key] = _told(step)
        self.steps.setText("\n".join(self._steps.values()))
        self.steps.show()

    def show_accepted(self, accepted: bool) -> None:
        """Whether a person holds the answer for right."""
        self.accept_button.setChecked(accepted)
        name = _ACCEPTED if accepted else _ACCEPT
        self.accept_button.setToolTip(tr(name))
        self.accept_button.setAccessibleName(tr(name))

    @property
    def number(self) -> int:
        """By what the history knows the answer; 0 while it is not kept."""
        answer = self.record.get("answer", {})
        return int(answer.get("number", 0))

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
        self.accept_button.setEnabled(self.number > 0)
        self.show_accepted(bool(answer.get("accepted")))
        if understood := answer.get("understood"):
            self.understood.setText(tr("Understood as: {question}", question=understood))
            self.understood.show()
        for step in answer.get("steps", ()):
            self.show_step(step)
        self.note.setText(f"{_by_whom(answer)} · {figures.duration(seconds)}")
        doubtful = len(unsupported(answer["sentences"]))
        if doubtful:
            words = figures.plural(doubtful, "sentence is", "sentences are")
            self.doubt.setText(tr("{words} not backed by what is cited (underlined).", words=words))
            self.doubt.show()
        if interrupted := answer.get("interrupted"):
            self.broken.setText(tr("The answer breaks off here: {why}", why=interrupted))
            self.broken.show()

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

    def _on_accept(self) -> None:
        accepted = self.accept_button.isChecked()
        self.show_accepted(accepted)
        self.record["answer"]["accepted"] = accepted
        self.accepted.emit(self.number, accepted)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_markdown())

    def as_markdown(self) -> str:
        """The question, the answer, and the places it cites."""
        parts = [f"## {self.question.text()}", self.text.markdown.strip()]
        if broken := self.broken.text():
            parts.append(f"_{broken}_")
        if self._pack is not None:
            places = (
                f"[{excerpt['n']}] `{excerpt['path']}:{figures.lines(excerpt['start_line'], excerpt['end_line'])}`"
                for excerpt in self._pack["excerpts"]
            )
            parts += ["  \n".join(places), f"_{cost_line(self._pack)}_"]
        return "\n\n".join(parts) + "\n"


def _by_whom(answer: AnswerReply) -> str:
    if not answer["model"] and not answer["provider"]:
        return tr("Evidence from the index, no model asked")
    where = f" at {answer['sent_to']}" if answer["sent_to"] else ", on this machine"
    return f"{answer['model'] or answer['provider']}{where}"


def _told(step: StepReply) -> str:
    """A step on a line, with a sign for how it stands."""
    if step["kind"] == "plan":
        what = tr("Plan")
    elif step["kind"] == "whole":
        what = tr("The whole answer")
    else:
        what = f"{step['number']}/{step['total']}  {step['question'].rstrip('?').replace('`', '')}"
    if not step["told"]:
        return f"…  {what}"
    return f"{'–' if step['kind'] == 'left out' else '✓'}  {what}: {step['told']}"
