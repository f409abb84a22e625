"""What a person wants in the evidence of the next questions, and what not, as chips that a click takes away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.qt import figures
from desktop.qt.dragging import WHOLE_FILE
from desktop.qt.replies import PlaceReply
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import follow_theme
from desktop.qt.widgets.chips import chip
from desktop.qt.widgets.flow_layout import FlowLayout
from desktop.qt.words import tr

MOST = 12
"""Of each kind; a pack holds no more."""


class PlaceChips(QWidget):
    """A chip a place, pinned ones before removed ones; hidden while there is none."""

    changed = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self.pinned: list[PlaceReply] = []
        self.removed: list[PlaceReply] = []
        self.chips: list[QToolButton] = []
        """The buttons, in their order."""
        self._flow = FlowLayout(self)
        self.hide()

    def pin(self, place: PlaceReply) -> None:
        """Have a place in every pack from now on."""
        self._add(place, self.pinned, self.removed)

    def leave_out(self, place: PlaceReply) -> None:
        """Have a place in no pack from now on."""
        self._add(place, self.removed, self.pinned)

    def clear(self) -> None:
        """Want nothing in particular any more."""
        self.pinned, self.removed = [], []
        self._show()

    def _add(self, place: PlaceReply, to: list[PlaceReply], other: list[PlaceReply]) -> None:
        bare: PlaceReply = {"path": place["path"], "start_line": place["start_line"], "end_line": place["end_line"]}
        if bare in other:
            other.remove(bare)
        if bare not in to:
            to.append(bare)
            del to[:-MOST]
        self._show()

    def _show(self) -> None:
        for old in self.chips:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = []
        for places, icon, tip in (
            (self.pinned, "pin", tr("Always in the evidence; click to take the pin away")),
            (self.removed, "close", tr("Never in the evidence; click to let it in again")),
        ):
            for place in places:
                self.chips.append(self._chip(place, places, icon, tip))
                self._flow.addWidget(self.chips[-1])
        self.setVisible(bool(self.pinned or self.removed))
        self.changed.emit()

    def _chip(self, place: PlaceReply, places: list[PlaceReply], icon: str, tip: str) -> QToolButton:
        def take_away() -> None:
            places.remove(place)
            self._show()

        made = chip(_told(place), f"{place['path']}: {tip}", take_away)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        follow_theme(made, self._themes, icon)
        return made


def _told(place: PlaceReply) -> str:
    """The name of the file, and the lines where not all are meant."""
    name = place["path"].rpartition("/")[2]
    whole = place["start_line"] == 1 and place["end_line"] >= WHOLE_FILE
    return name if whole else f"{name}:{figures.lines(place['start_line'], place['end_line'])}"
