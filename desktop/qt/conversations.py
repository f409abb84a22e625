"""What was asked before: found in the picker, opened again, accepted, exported; and a conversation begun anew."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.qt import figures
from desktop.qt.answer_replies import AnswerReply, EarlierReply
from desktop.qt.engine_client import EngineError
from desktop.qt.replies import SymbolReply
from desktop.qt.session import Session
from desktop.qt.views.code import CodePane
from desktop.qt.views.inquiry import ASK, InquiryPane
from desktop.qt.widgets.banner import Banner
from desktop.qt.widgets.picker import Give, Picker, PickItem
from desktop.qt.words import tr

LISTED = 60


class Conversations:
    """The history of the open project, for one window."""

    def __init__(self, session: Session, picker: Picker, inquiry: InquiryPane, code: CodePane, banner: Banner) -> None:
        self._session = session
        self._picker = picker
        self._inquiry = inquiry
        self._code = code
        self._banner = banner
        inquiry.earlier_asked.connect(self.pick_earlier)
        inquiry.new_asked.connect(self.start_anew)
        inquiry.ask.accepted.connect(self._accept)
        inquiry.ask.not_kept.connect(lambda why: banner.tell("warning", tr("This answer is not in the history."), why))

    @property
    def can_be_exported(self) -> bool:
        """Whether an answer of the conversation on the screen is kept."""
        return bool(self._inquiry.ask.conversation)

    def pick_earlier(self) -> None:
        """Find an earlier question by words of it or of its answer."""
        self._picker.open(tr("Earlier questions"), self._find, tr("Nothing like that was asked before."))

    def open_again(self, number: int) -> None:
        """Show an earlier answer, and go on with its conversation."""

        def received(found: Any) -> None:
            self._inquiry.show_tab(ASK)
            numbered = {name: found[name] for name in ("number", "conversation", "accepted")}
            answer: AnswerReply = cast(AnswerReply, {**found["answer"], **numbered})
            self._inquiry.ask.reopen(answer)

        self._session.call("history_answer", {"number": number}, received, self._tell, channel="history_answer")

    def start_anew(self) -> None:
        """Begin another conversation with an empty page."""
        self._inquiry.show_tab(ASK)
        self._inquiry.ask.start_anew()
        self._inquiry.composer.input.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def switch_deep(self) -> None:
        """Take questions apart from now on, or no longer."""
        self._inquiry.deep.toggle()

    def accept_last(self) -> None:
        """Accept the newest answer, or take that back."""
        self._inquiry.ask.turns[0].accept_button.click()

    def pin_definition(self) -> None:
        """Have the definition around the caret in the evidence of the next questions."""

        def pin(symbol: SymbolReply) -> None:
            self._inquiry.show_tab(ASK)
            first, last = symbol["start_line"], symbol["end_line"]
            self._inquiry.ask.chips.pin({"path": self._code.path, "start_line": first, "end_line": last})

        self._code.with_symbol(pin)

    def export(self, parent: QWidget) -> None:
        """Ask where to, and write the conversation on the screen as Markdown."""
        file, _ = QFileDialog.getSaveFileName(parent, tr("Export conversation"), "questions.md", "Markdown (*.md)")
        if file:
            self.export_to(file if file.lower().endswith(".md") else f"{file}.md")

    def export_to(self, file: str) -> None:
        """Write the conversation on the screen to a file."""

        def told(reply: Any) -> None:
            self._banner.tell("success", tr("Saved {file}", file=reply["file"]), figures.size(reply["bytes"]))

        params: dict[str, object] = {"conversation": self._inquiry.ask.conversation, "file": file}
        self._session.call("history_export", params, told, self._tell)

    def _find(self, text: str, give: Give) -> None:
        def received(found: Any) -> None:
            give([self._item(entry) for entry in found["answers"]])
            for problem in found["problems"]:
                self._banner.tell("warning", tr("Something in the history was damaged."), problem)

        params: dict[str, object] = {"search": text, "limit": LISTED}
        self._session.call("history", params, received, self._tell, channel="history")

    def _item(self, entry: EarlierReply) -> PickItem:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry["when"]))
        places = entry["places"]
        where = places[0]["path"] if places else ""
        icon = "check" if entry["accepted"] else "search"
        title = " ".join(entry["question"].split())
        return PickItem(title, entry["understood"] or where, when, icon, partial(self.open_again, entry["number"]))

    def _accept(self, number: int, accepted: bool) -> None:
        params: dict[str, object] = {"number": number, "accepted": accepted}
        self._session.call("history_accept", params, lambda _entry: None, self._tell)

    def _tell(self, error: EngineError) -> None:
        self._banner.tell_error(error.what, error.why, error.next_step)
