"""The middle pane: a diagram of the open project, its kinds, the way into and out of its parts, and what of it is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.drawing.strokes import is_directed
from desktop.qt import figures
from desktop.qt.answer_replies import ExcerptReply
from desktop.qt.diagram_replies import DrawingReply
from desktop.qt.engine_client import EngineError
from desktop.qt.history import PACK, PATH, TO, DiagramLocation
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_ground, set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.diagram_canvas import DiagramCanvas
from desktop.qt.views.diagram_filter_panel import FilterPanel
from desktop.qt.views.diagram_menu import code_of, open_menu
from desktop.qt.views.diagram_picture import DragButton, PicturePainter, drag_out, picture_data
from desktop.qt.widgets.buttons import Segments, dress, push_button, tool_button
from desktop.qt.widgets.find_bar import FindBar
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.words import tr

KINDS = (
    ("architecture", "Architecture"),
    ("imports", "Imports"),
    ("classes", "Classes"),
    ("calls", "Calls"),
    ("treemap", "Sizes"),
)
VARIANTS = {
    "architecture": (("architecture", "Parts"), ("clones", "Repeated logic")),
    "calls": (("calls", "Around it"), ("flow", "Flow from it"), ("sequence", "Sequence"), ("path", "Way to…")),
    "treemap": (("treemap", "Size"), ("churn", "Changes"), ("complexity", "Complexity")),
}
"""What a kind can be drawn as; the first is the kind itself."""
ALL_KINDS = frozenset({kind for kind, _ in KINDS} | {kind for variants in VARIANTS.values() for kind, _ in variants})
NEEDS_SYMBOL = frozenset(kind for kind, _ in VARIANTS["calls"])
_ROOMY = 470
"""Pixels from which on there are buttons to zoom."""
_BESIDE = 40
"""Margins and gaps of a row of choices, in pixels."""
_NO_WAY = "A way leads by calls from one symbol to another."
_NO_SYMBOL = "Calls are drawn around one function.\n\nOpen one in the code and choose “Draw calls”, or find one with Ctrl+P."


class DiagramPane(QFrame):
    """Shows a `DiagramLocation`."""

    opened = Signal(object)
    """A `CodeLocation` of a box or arrow."""
    moved = Signal(object)
    """A `DiagramLocation` somebody wants to see."""
    entered = Signal(object, object)
    """The same for a double click, with the `CodeLocation` that its first click has opened, or None."""
    export_asked = Signal()
    way_asked = Signal(str)
    """Somebody wants to choose where the way from a symbol leads, or both its ends where the text is empty."""
    failed = Signal(object)
    """An `EngineError` of something beside the diagram."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        self._session = session
        self._themes = themes
        self._location = DiagramLocation(KINDS[0][0])
        self._shown: DiagramLocation | None = None
        self._picture: str | None = None
        self._painter = PicturePainter(self)
        self._painter.painted.connect(self._to_clipboard)
        self.way_from = ""
        """The symbol a way is to begin at, where somebody has said so."""
        set_ground(self)
        self.kinds = Segments([(kind, tr(title)) for kind, title in KINDS], tr("Kind of diagram"))
        self.kinds.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.kinds.chosen.connect(self._choose_kind)
        self.variants = {
            kind: Segments([(name, tr(title)) for name, title in variants], tr("What is drawn"))
            for kind, variants in VARIANTS.items()
        }
        self._choices = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._choices.setSpacing(8)
        self._choices.addWidget(self.kinds)
        for variants in self.variants.values():
            variants.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            variants.chosen.connect(self._choose_variant)
            self._choices.addWidget(variants)
        self._choices.addStretch(1)
        self.canvas = DiagramCanvas(themes)
        self.canvas.drawn.connect(self._tell_filter)
        self.canvas.clicked.connect(self._on_clicked)
        self.canvas.entered.connect(self.enter)
        self.canvas.up_asked.connect(self.go_up)
        self.canvas.menu_asked.connect(self.open_menu)
        self.canvas.hide_asked.connect(self.hide_box)
        self.canvas.copy_asked.connect(self.copy_picture)
        self.canvas.find_asked.connect(self.open_find)
        self.find_bar = FindBar(themes, self.canvas, tr("Find in diagram"))
        self.panel = FilterPanel(self)
        self.panel.changed.connect(self._apply_filter)
        self._title = ElidedLabel("", "heading", Qt.TextElideMode.ElideMiddle)
        self._subtitle = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self._foot = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.up_button = tool_button(themes, "up", tr("Out to the whole"), self.go_up, "Backspace")
        self.filter_button = tool_button(themes, "filter", tr("Choose what is to be seen"), self.open_filter)
        self.filter_button.setCheckable(True)
        self.export_button = DragButton(self._begin_drag)
        dress(self.export_button, themes, "export", tr("Export as SVG, PNG or PDF, or drag it out"), "Ctrl+E")
        self.export_button.clicked.connect(self.export_asked)
        self.export_button.wanted.connect(lambda: self._fetch_picture(self._keep_picture))
        self._zooms = [
            tool_button(themes, "zoom-out", tr("Zoom out"), self.canvas.zoom_out, "−"),
            tool_button(themes, "zoom-in", tr("Zoom in"), self.canvas.zoom_in, "+"),
        ]
        self._buttons: list[QToolButton] = [
            tool_button(themes, "search", tr("Find in diagram"), self.open_find, "/"),
            self.filter_button,
            *self._zooms,
            tool_button(themes, "fit", tr("Fit into view"), self.canvas.fit, "0"),
            self.export_button,
        ]
        self._message = label("", "muted", wrap=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._retry = push_button(tr("Try again"), self.reload)
        self._ends = push_button(tr("Choose two symbols…"), lambda: self.way_asked.emit(""))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self._make_message_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_bar())
        column.addWidget(self.find_bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self._make_foot())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What a kind can be drawn as stands beside the kinds where there is room, else below; in a narrow pane the title
        needs the room of buttons that wheel, keys and menu do without."""
        super().resizeEvent(event)
        for button in self._zooms:
            button.setVisible(self.width() >= _ROOMY)
        widest = max(variants.sizeHint().width() for variants in self.variants.values())
        needed = self.kinds.sizeHint().width() + widest + _BESIDE
        fits = self.width() >= needed
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._choices.direction() != direction:
            self._choices.setDirection(direction)

    @property
    def location(self) -> DiagramLocation:
        return self._location

    def show_location(self, location: DiagramLocation) -> None:
        """Draw another diagram; the old one stays until the new one is there."""
        self._location = location
        self._choose(location.kind)
        self.up_button.setEnabled(bool(location.scope) and location.kind not in (PATH, PACK))
        if location.kind in NEEDS_SYMBOL and not location.scope:
            self._forget_words()
            self._say(tr(_NO_WAY if location.kind == PATH else _NO_SYMBOL), choose=location.kind == PATH)
            return
        if self.canvas.drawing is None:
            self._say(tr("Drawing…"))
        self._session.call("diagram", self._params(), self._received, self._fail, channel="diagram")

    def reload(self) -> None:
        """Draw the same again, for another state of the index."""
        self.show_location(self._location)

    def wait(self) -> None:
        """There will be something to draw, but not yet."""
        self._say(tr("The diagram comes when calls and imports are linked.\n\nYou can search and ask already."))

    def clear(self) -> None:
        self.canvas.show_drawing(None)
        self._location = DiagramLocation(KINDS[0][0])
        self._shown = None
        self._choose(KINDS[0][0])
        self._forget_words()

    def _forget_words(self) -> None:
        """What is told of a diagram that is no longer there."""
        for text in (self._title, self._subtitle, self._foot):
            text.setText("")

    def go_up(self) -> None:
        """From a part to what holds it, at last the whole."""
        if self._location.scope and self._location.kind not in (PATH, PACK):
            self.moved.emit(DiagramLocation(self._location.kind, _outer(self._location)))

    def export(self, file: str, theme: str, done: Any, failed: Any) -> None:
        """Write what is shown to a file, in the format of its ending."""
        self._session.call("export", {**self._seen_params(theme), "file": file}, done, failed)

    def open_find(self) -> None:
        """Find boxes by their words."""
        if self.canvas.drawing is not None:
            self.find_bar.open()

    def open_filter(self) -> None:
        """Choose which arrows and folders are to be seen."""
        if self.canvas.drawing is not None:
            self.panel.open(self.canvas.drawing["diagram"], self.canvas.filter, self.filter_button)
        self._tell_filter()

    def hide_box(self, box: str) -> None:
        """Take a box out of sight."""
        self.canvas.filter.boxes.add(box)
        self._apply_filter()

    def show_only(self, box: str) -> None:
        """A box and what it has to do with."""
        kept = self.canvas.neighbours(box)
        self.canvas.filter.boxes.update(set(self.canvas.nodes) - kept)
        self._apply_filter()

    def show_everything(self) -> None:
        """Bring back whatever is hidden."""
        self.canvas.filter.clear()
        self._apply_filter()

    def copy_picture(self) -> None:
        """What is seen, for another program."""
        if self.canvas.drawing is not None:
            self._fetch_picture(self._painter.paint)

    def suggested_name(self) -> str:
        """A file name without its ending."""
        scope = "".join(letter if letter.isalnum() else "-" for letter in self._location.scope).strip("-")
        return f"{self._location.kind}-{scope}" if scope else self._location.kind

    def _received(self, drawing: DrawingReply) -> None:
        diagram = drawing["diagram"]
        self._title.setText(diagram["title"])
        self._subtitle.setText(diagram["subtitle"])
        self._subtitle.setVisible(bool(diagram["subtitle"]))
        if not diagram["nodes"]:
            self._say(tr("There is nothing to draw here."))
            return
        self._stack.setCurrentWidget(self.canvas)
        same = self._location == self._shown
        if not same:
            self.find_bar.hide()
        self.canvas.show_drawing(drawing, keep_view=same)
        self._shown = self._location
        self._legend.setVisible(any(is_directed(edge["kind"]) for edge in diagram["edges"]))
        omitted = [f"+{figures.grouped(left['count'])} {left['what']}" for left in diagram["omitted"]]
        self._foot.setText(tr("Not shown: {what}", what=", ".join(omitted)) if omitted else "")

    def _params(self) -> dict[str, object]:
        """What is drawn, for the engine."""
        location = self._location
        params: dict[str, object] = {"kind": location.kind, "scope": location.scope}
        if location.pack is not None:
            params["pack"] = {**location.pack, "text": "", "excerpts": [_bare(each) for each in location.pack["excerpts"]]}
        return params

    def _seen_params(self, theme: str) -> dict[str, object]:
        """What is drawn and seen."""
        drawing = self.canvas.drawing
        hide = self.canvas.filter.params(drawing["diagram"]) if drawing is not None else {}
        return {**self._params(), "theme": theme, "hide": hide}

    def _fetch_picture(self, done: Callable[[str], None]) -> None:
        self._picture = None
        params = self._seen_params("dark" if self._themes.theme.dark else "light")

        def received(reply: Any) -> None:
            done(reply["svg"])

        self._session.call("picture", params, received, self.failed.emit, channel="picture")

    def _to_clipboard(self, svg: str, image: QImage) -> None:
        """A method of this, not a function: so Qt calls it on the thread of the window."""
        QGuiApplication.clipboard().setMimeData(picture_data(svg, image))

    def _keep_picture(self, svg: str) -> None:
        self._picture = svg
        self.export_button.try_drag()

    def _begin_drag(self) -> bool:
        if self._picture is None:
            return False
        drag_out(self, self._picture, self.suggested_name())
        return True

    def _apply_filter(self) -> None:
        self.canvas.apply_filter()
        self._tell_filter()

    def _tell_filter(self) -> None:
        """Say in the foot and on the button that something is hidden."""
        given, drawing = self.canvas.filter, self.canvas.drawing
        self.filter_button.setChecked(given.is_active)
        boxes = len(given.hidden_boxes(drawing["diagram"])) if drawing is not None else 0
        words = tr("{boxes} hidden · show all", boxes=figures.plural(boxes, "box", "boxes")) if boxes else tr("Show all")
        self._unhide.setText(words)
        self._unhide.setVisible(given.is_active)

    def open_menu(self, what: Any, where: QPoint) -> None:
        """Show what can be done with a box, an arrow or the diagram, at a point of the screen."""
        open_menu(self, what, where)

    def begin_way(self, symbol: str) -> None:
        """Remember a symbol, to be the beginning of a way to another."""
        self.way_from = symbol

    def _fail(self, error: EngineError) -> None:
        if not error.cancelled:
            self._say(error.message, retry=True)

    def _say(self, message: str, *, retry: bool = False, choose: bool = False) -> None:
        self._message.setText(message)
        self._retry.setVisible(retry)
        self._ends.setVisible(choose)
        self._stack.setCurrentIndex(1)

    def _choose(self, drawn: str) -> None:
        """Show what is chosen."""
        kind = kind_of(drawn)
        self.kinds.choose(kind)
        for name, variants in self.variants.items():
            variants.setVisible(name == kind)
        if kind in self.variants:
            self.variants[kind].choose(drawn)

    def _choose_kind(self, kind: str) -> None:
        self.moved.emit(DiagramLocation(kind))

    def _choose_variant(self, kind: str) -> None:
        """The same part, drawn otherwise."""
        scope = self._location.scope
        if kind == PATH and scope and self._location.kind != PATH:
            self._choose(self._location.kind)
            self.way_asked.emit(scope)
            return
        self.moved.emit(DiagramLocation(kind, scope.partition(TO)[0] if self._location.kind == PATH else scope))

    def _on_clicked(self, what: Any) -> None:
        place = what["place"] if "place" in what else next(iter(what["places"]), None)
        if (location := code_of(place)) is not None:
            self.opened.emit(location)

    def enter(self, node: Any) -> None:
        """Look inside a box."""
        if node["scope"]:
            self.entered.emit(DiagramLocation(self._location.kind, node["scope"]), code_of(node["place"]))

    def _make_bar(self) -> QFrame:
        bar = QFrame()
        set_role(bar, "bar")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.up_button)
        row.addSpacing(4)
        row.addLayout(words, 1)
        for button in self._buttons:
            row.addWidget(button)
        column = QVBoxLayout(bar)
        column.setContentsMargins(16, 0, 8, 8)
        column.setSpacing(8)
        column.addLayout(self._choices)
        column.addLayout(row)
        return bar

    def _make_message_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self._message)
        for button in (self._retry, self._ends):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _make_foot(self) -> QWidget:
        """What the lines mean, and what is not shown."""
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(16)
        self._legend = label(tr("— certain   - - inferred   ··· by name"), "small")
        self._legend.setToolTip(tr("How sure an arrow is"))
        row.addWidget(self._legend)
        row.addWidget(self._foot, 1)
        self._unhide = push_button("", self.show_everything, "link")
        self._unhide.hide()
        row.addWidget(self._unhide)
        return foot


def kind_of(drawn: str) -> str:
    """The kind that something drawn is a variant of."""
    return next((kind for kind, variants in VARIANTS.items() if any(name == drawn for name, _ in variants)), drawn)


def _bare(excerpt: ExcerptReply) -> dict[str, object]:
    """What a diagram needs of an excerpt."""
    return {key: value for key, value in excerpt.items() if key not in ("text", "why")}


def _outer(location: DiagramLocation) -> str:
    """The scope around a scope: the folder of a path, else the whole."""
    return location.scope.rstrip("/").rpartition("/")[0] if "/" in location.scope else ""
