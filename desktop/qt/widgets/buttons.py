"""Buttons that take their icons from the theme, and a row of them of which one is down."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager

ICON = 18
"""Pixels of the icon of a button, at the usual size of text."""
_LEAST_WIDTH = 72
_EDGES = 4
"""Of a choice in a row, in letters."""


def follow_theme(
    button: QAbstractButton, themes: ThemeManager, icon: str, color: str = "text_muted", size: int = ICON
) -> None:
    """Give a button an icon that changes with the theme, and grows with the text."""

    def tint() -> None:
        button.setIcon(themes.icon(icon, color))
        button.setIconSize(QSize(themes.pixels(size), themes.pixels(size)))

    tint()
    themes.changed.connect(tint)
    button.destroyed.connect(lambda: themes.changed.disconnect(tint))


def tool_button(
    themes: ThemeManager,
    icon: str,
    name: str,
    clicked: Callable[[], object],
    shortcut: str = "",
    color: str = "text_muted",
    size: int = ICON,
) -> QToolButton:
    """A button of an icon alone; `name` is its tooltip and what a screen reader says."""
    button = QToolButton()
    dress(button, themes, icon, name, shortcut, color, size)
    button.clicked.connect(lambda _checked=False: clicked())
    return button


def dress(
    button: QToolButton,
    themes: ThemeManager,
    icon: str,
    name: str,
    shortcut: str = "",
    color: str = "text_muted",
    size: int = ICON,
) -> None:
    """Make a button one of an icon alone."""
    button.setAccessibleName(name)
    button.setToolTip(f"{name}  ({shortcut})" if shortcut else name)
    follow_theme(button, themes, icon, color, size)


class ElidedButton(QToolButton):
    """A button of words that are shortened in their middle where there is no room for them."""

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST_WIDTH, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        around = self.sizeHint().width() - self.fontMetrics().horizontalAdvance(option.text)
        option.text = self.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideMiddle, self.width() - around)
        QStylePainter(self).drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)


class _PushButton(QPushButton):
    """Enter presses it as Space does, which Qt leaves to dialogs on some systems."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)


def push_button(text: str, clicked: Callable[[], object], role: str = "") -> QPushButton:
    """A button of words."""
    button = _PushButton(text)
    set_role(button, role)
    button.clicked.connect(lambda _checked=False: clicked())
    if role == "link":
        button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


class Segments(QFrame):
    """A row of choices of which exactly one is taken."""

    chosen = Signal(str)
    """The id of the choice a person has taken; not sent for `choose`."""

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "segments")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for choice, text in choices:
            button = QToolButton()
            button.setText(text)
            button.setAccessibleName(text)
            button.setCheckable(True)
            set_role(button, "segment")
            button.clicked.connect(lambda _checked=False, taken=choice: self.chosen.emit(taken))
            self._group.addButton(button)
            self._buttons[choice] = button
            row.addWidget(button, _EDGES + len(text))  # a long name is shortened last

    @property
    def current(self) -> str:
        return next((choice for choice, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, choice: str) -> None:
        """Take a choice without telling; one that is not offered takes none."""
        if choice in self._buttons:
            if any(button.hasFocus() for button in self._buttons.values()):
                self._buttons[choice].setFocus()  # else the frame of the keyboard stays around another one
            self._buttons[choice].setChecked(True)
        elif (taken := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            taken.setChecked(False)
            self._group.setExclusive(True)

    def button(self, choice: str) -> QToolButton:
        return self._buttons[choice]
