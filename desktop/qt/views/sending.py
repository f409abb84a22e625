"""The page of what a question would send to a model, word by word, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from desktop.qt import figures
from desktop.qt.answer_replies import SendingReply
from desktop.qt.engine_client import EngineError
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import BODY_PIXELS, ThemeManager, code_font
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

HEIGHT = 480
_ROLES = {"system": "Instructions", "user": "Question and evidence", "assistant": "Earlier answer"}


class SendingSheet(Sheet):
    """Whom it would go to, how much it is, and the text itself."""

    def __init__(self, themes: ThemeManager, session: Session, asked: Callable[[], dict[str, object]]) -> None:
        """`asked` gives what the engine would be asked now."""
        super().__init__(themes, tr("What would be sent"))
        self._themes = themes
        self._session = session
        self._asked = asked
        self.whom = label("", wrap=True)
        self.text = QPlainTextEdit()
        set_role(self.text, "input")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("What would be sent"))
        self.text.setMinimumHeight(HEIGHT)
        self.column.addWidget(self.whom)
        self.column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(push_button(tr("Copy"), self._copy, "primary"))
        row.addStretch(1)
        self.column.addLayout(row)
        themes.changed.connect(self._retheme)
        self._retheme()

    def refresh(self) -> None:
        self.whom.setText(tr("Putting the evidence together…"))
        self.text.clear()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._session.call("sending", self._asked(), self._show, self._fail, channel="sending")

    def _show(self, found: SendingReply) -> None:
        size = tr("{tokens} tokens, {size}", tokens=figures.grouped(found["tokens"]), size=figures.size(found["bytes"]))
        if not found["provider"]:
            whom = tr(
                "Nothing is sent: no model is chosen, and answers are put together on this machine. A model would get this"
            )
        elif found["host"] is None:
            whom = tr("{model} on this machine would get this", model=found["model"] or found["provider"])
        else:
            whom = tr("{model} at {host} would get this", model=found["model"] or found["provider"], host=found["host"])
        self.whom.setText(f"{whom}: {size}.")
        parts = [f"{tr(_ROLES.get(part['role'], part['role']))}\n\n{part['content']}" for part in found["messages"]]
        self.text.setPlainText("\n\n\n".join(parts))

    def _fail(self, error: EngineError) -> None:
        if not error.cancelled:
            self.whom.setText(error.message)

    def _retheme(self) -> None:
        self.text.setFont(code_font(self._themes.pixels(BODY_PIXELS - 1)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
