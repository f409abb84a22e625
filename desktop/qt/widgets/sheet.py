"""A page in front of the others, with a title and a way back: preferences, shortcuts, about, a report.

A page is dressed before its parts are in it and has them by slices: a form of a hundred widgets at once, each of which the
stylesheet is looked through for, holds up the window for a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.qt.slices import PAUSE, Slices
from desktop.qt.stylesheet import set_ground, set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import tool_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

COLUMN = 760
"""The widest line of a page that is read."""


class Sheet(QFrame):
    """Subclasses put their parts into `column`, or hand them to `add` where they are many. Esc and the cross lead back."""

    closed = Signal()

    def __init__(self, themes: ThemeManager, title: str) -> None:
        super().__init__()
        set_ground(self)
        self._themes = themes
        self._waiting: list[Sequence[QWidget | Callable[[], QWidget]]] = []
        self._slices = Slices(self)
        self.setAccessibleName(title)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(24, 12, 12, 12)
        self.head.setSpacing(8)
        self.head.addWidget(label(title, "title"), 1)
        self._close = tool_button(themes, "close", tr("Close"), self.closed.emit, "Esc")
        self.head.addWidget(self._close)
        bar = QFrame()
        set_role(bar, "bar")
        bar.setLayout(self.head)
        body = QWidget()
        set_role(body, "canvas")
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(24, 16, 24, 32)
        self.column.setSpacing(8)
        self._body = body
        themes.changed.connect(self._fit)
        self._fit()
        around = QWidget()
        set_role(around, "canvas")
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(body, 1, Qt.AlignmentFlag.AlignTop)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(around)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self.area, 1)

    @property
    def is_whole(self) -> bool:
        """Whether all its parts are in it."""
        return not self._slices.running

    def add(self, *parts: QWidget | Callable[[], QWidget]) -> None:
        """Put parts below the others, together, once it is their turn; a function makes a part then."""
        self._waiting.append(parts)

    def enter(self) -> None:
        """Put on what all parts of the window wear, and take the parts in; called once, in the window."""
        self._themes.dress(self)
        self._slices.run(self._lay(), first=0.0)

    def _lay(self) -> Iterator[object]:
        for parts in self._waiting:
            if self.column.count():
                yield None
            for part in parts:
                self.column.addWidget(part if isinstance(part, QWidget) else part())
        yield PAUSE  # what was taken in last is shown in a later turn

    def _fit(self) -> None:
        """A line holds as many words at every size of text."""
        self._body.setMaximumWidth(self._themes.pixels(COLUMN))

    def refresh(self) -> None:
        """Called whenever the page comes to the front; puts the keyboard on its first control."""
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            bar = self.area.verticalScrollBar()
            bar.setValue(bar.value() + bar.pageStep() * (1 if event.key() == Qt.Key.Key_PageDown else -1))
        else:
            super().keyPressEvent(event)
