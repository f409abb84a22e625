"""Chips: small buttons that narrow a list, with a menu of choices behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton

from desktop.qt.stylesheet import set_role


def chip(text: str, tip: str, clicked: Callable[[], object] | None = None) -> QToolButton:
    """A small round button; `tip` is what a screen reader says."""
    made = QToolButton()
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    set_role(made, "chip")
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


class ChoiceChip(QToolButton):
    """A chip that offers choices; it shows the one taken, or its own name while it is the first, which admits all."""

    chosen = Signal()

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self._name = name
        self._tip = tip
        self.value = ""
        self.setToolTip(tip)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_role(self, "chip")
        self._show(name)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the choices: (value, text), the first with an empty value."""
        menu = QMenu(self)
        for value, text in choices:
            action = menu.addAction(text)
            action.triggered.connect(lambda _checked=False, value=value, text=text: self._take(value, text))
        if (old := self.menu()) is not None:
            old.deleteLater()
        self.setMenu(menu)
        if self.value not in {value for value, _ in choices}:
            self.reset()

    def reset(self) -> None:
        """Admit all again, without telling."""
        self.value = ""
        self._show(self._name)

    def _take(self, value: str, text: str) -> None:
        self.value = value
        self._show(text if value else self._name)
        self.chosen.emit()

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setCheckable(bool(self.value))
        self.setChecked(bool(self.value))
        self.setAccessibleName(f"{self._tip}: {text}" if self.value else self._tip)
