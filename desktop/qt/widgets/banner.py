"""One line across the top of the window for what went wrong or is worth knowing, with the next step as a button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.qt.stylesheet import restyle, set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button, tool_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

SUCCESS_MS = 8_000
"""Good news leaves by itself; what asks for a decision stays."""
Step = tuple[str, Callable[[], object]]
_ICONS = {"error": "alert", "warning": "alert", "info": "info", "success": "check"}
_COLORS = {"error": "error", "warning": "warning", "info": "accent", "success": "success"}


class Banner(QFrame):
    """Hidden until `tell`; a later message replaces an earlier one."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._kind = "info"
        self._buttons: list[QPushButton] = []
        set_role(self, "banner")
        self._icon = QLabel()
        self.what = label("", "heading", wrap=True)
        self.why = label("", "", wrap=True)
        for text in (self.what, self.why):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.what)
        words.addWidget(self.why)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 8, 8)
        self._row.setSpacing(12)
        self._row.addWidget(self._icon)
        self._row.addLayout(words, 1)
        self._close = tool_button(themes, "close", tr("Dismiss"), self.hide)
        self._row.addWidget(self._close)
        self._leave = QTimer(self, singleShot=True, interval=SUCCESS_MS)
        self._leave.timeout.connect(self.hide)
        themes.changed.connect(self._tint)
        self.hide()

    @property
    def steps(self) -> list[QPushButton]:
        return list(self._buttons)

    def tell(self, kind: str, what: str, why: str = "", steps: Sequence[Step] = ()) -> None:
        """Show a message; `kind` is error, warning, info or success. A step's button hides the banner and then acts."""
        self._kind = kind
        self.setProperty("kind", kind)
        restyle(self)
        self._tint()
        self.what.setText(what)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        for old in self._buttons:
            self._row.removeWidget(old)
            old.deleteLater()
        self._buttons = [push_button(text, partial(self._take, act)) for text, act in steps]
        for at, button in enumerate(self._buttons):
            self._row.insertWidget(2 + at, button)
        self.setAccessibleName(f"{what}. {why}" if why else what)
        self.show()
        if kind == "success":
            self._leave.start()
        else:
            self._leave.stop()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def tell_error(self, what: str, why: str, next_step: str, steps: Sequence[Step] = ()) -> None:
        """Show an error as the engine says it: what happened, and below it why and what to do."""
        because = "; ".join(part for part in (why, next_step) if part)
        self.tell("error", f"{_capital(what)}.", f"{_capital(because)}." if because else "", steps)

    def _take(self, act: Callable[[], object]) -> None:
        self.hide()
        act()

    def _tint(self) -> None:
        icon = self._themes.icon(_ICONS[self._kind], _COLORS[self._kind])
        self._icon.setPixmap(icon.pixmap(QSize(20, 20), self.devicePixelRatioF()))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
