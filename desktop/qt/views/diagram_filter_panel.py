"""The panel that says which arrows and folders of a diagram are to be seen, and brings hidden boxes back."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.diagram_filter import FACETS, DiagramFilter, Facet, choices
from desktop.qt.diagram_replies import DiagramReply
from desktop.qt.stylesheet import set_role
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

_TITLES: dict[Facet, str] = {"kinds": "Arrows", "confidences": "How sure they are", "folders": "Folders"}
_SURE = {"exact": "certain", "inferred": "inferred", "name": "by name alone"}
_ELSEWHERE = "elsewhere"
_HIGHEST = 460
_WIDTH = 260


class FilterPanel(QFrame):
    """Opens below its button, and closes with a click elsewhere or Esc."""

    changed = Signal()
    """Something is to be seen, or hidden, that was not."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_role(self, "popup")
        self.boxes: dict[tuple[Facet, str], QCheckBox] = {}
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._area)

    def open(self, diagram: DiagramReply, given: DiagramFilter, below: QWidget) -> None:
        """Show what can be hidden of a diagram, and what is."""
        content = self._make_content(diagram, given)
        self._area.setWidget(content)
        height = min(_HIGHEST, content.sizeHint().height() + 4)
        self.setFixedSize(_WIDTH, height)
        corner = below.mapToGlobal(QPoint(below.width() - _WIDTH, below.height() + 4))
        screen = below.screen().availableGeometry()
        self.move(max(screen.left(), corner.x()), max(screen.top(), min(corner.y(), screen.bottom() - height)))
        self.show()
        if self.boxes:
            next(iter(self.boxes.values())).setFocus(Qt.FocusReason.PopupFocusReason)

    def _make_content(self, diagram: DiagramReply, given: DiagramFilter) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        self.boxes = {}
        offered = choices(diagram)
        for facet in FACETS:
            if not offered[facet]:
                continue
            column.addWidget(label(tr(_TITLES[facet]), "label"))
            for name, number in offered[facet]:
                self._add(column, facet, name, number, given)
            column.addSpacing(6)
        hidden = len(given.hidden_boxes(diagram))
        if hidden:
            column.addWidget(label(tr("{boxes} hidden", boxes=figures.plural(hidden, "box", "boxes")), "small"))
        if not self.boxes and not hidden:
            column.addWidget(label(tr("There is one sort of everything here: nothing to choose."), "muted", wrap=True))
        show_all = push_button(tr("Show everything"), lambda: self._show_all(given))
        show_all.setEnabled(given.is_active)
        column.addWidget(show_all)
        column.addStretch(1)
        return content

    def _add(self, column: QVBoxLayout, facet: Facet, name: str, number: int, given: DiagramFilter) -> None:
        words = (
            tr(_SURE[name]) if facet == "confidences" else name if name and facet == "folders" else tr(name or _ELSEWHERE)
        )
        box = QCheckBox()
        box.setText(f"{words}  ({figures.grouped(number)})".replace("&", "&&"))
        box.setChecked(name not in getattr(given, facet))
        box.toggled.connect(lambda shown: self._set(given, facet, name, not shown))
        self.boxes[facet, name] = box
        column.addWidget(box)

    def _set(self, given: DiagramFilter, facet: Facet, name: str, hidden: bool) -> None:
        given.set_hidden(facet, name, hidden)
        self.changed.emit()

    def _show_all(self, given: DiagramFilter) -> None:
        given.clear()
        self.changed.emit()
        self.close()
