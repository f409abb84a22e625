"""A card in the middle of the window."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.qt.stylesheet import set_role

WIDTH = 560


def card_in_the_middle(page: QWidget) -> QVBoxLayout:
    """Put a card on an empty page; the column that its parts go into, which has no spacing of its own."""
    card = QFrame()
    set_role(card, "card")
    card.setFixedWidth(WIDTH)
    column = QVBoxLayout(card)
    column.setContentsMargins(32, 28, 32, 28)
    column.setSpacing(0)
    outer = QGridLayout(page)
    outer.setRowStretch(0, 2)
    outer.setRowStretch(2, 3)
    outer.setColumnStretch(0, 1)
    outer.setColumnStretch(2, 1)
    outer.addWidget(card, 1, 1)
    return column


def busy_bar(name: str) -> QProgressBar:
    """A bar that moves while nobody knows how long it will take; `name` is what a screen reader says."""
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setAccessibleName(name)
    bar.setRange(0, 0)
    return bar
