"""The items of one diagram, made from a drawing, and which of them belong together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from core.model.diagram import TILED
from desktop.drawing.palette import tile_fills
from desktop.qt.diagram_replies import DiagramEdgeReply, DiagramReply, DrawingReply
from desktop.qt.theme import Theme
from desktop.qt.views.diagram_arrows import EdgeItem, edge_tip
from desktop.qt.views.diagram_boxes import NodeItem
from desktop.qt.views.diagram_frames import ClusterItem, LifelinesItem
from desktop.qt.views.diagram_painting import FADED

ITEMS_A_STEP = 40
"""Made in one step; a small diagram is there at once."""


class DiagramScene(QGraphicsScene):
    """A scene with the items of one diagram, and which of them belong together."""

    altered = Signal()
    """Something looks otherwise than before."""

    def __init__(self) -> None:
        super().__init__()
        self.state = 0
        """Another number whenever something looks otherwise."""
        self.nodes: dict[str, NodeItem] = {}
        self.edges: list[EdgeItem] = []
        self.frames: list[ClusterItem] = []
        self._highlighted = ""
        self._found: set[str] | None = None
        self._open = ""

    def draw(self, drawing: DrawingReply | None, theme: Theme) -> Iterator[None]:
        """Make the items of a drawing, some in each step; the scene is still empty."""
        if drawing is None:
            return
        for number, item in enumerate(self._items(drawing, theme), 1):
            self.addItem(item)
            if number % ITEMS_A_STEP == 0:
                yield

    def _items(self, drawing: DrawingReply, theme: Theme) -> Iterator[QGraphicsItem]:
        diagram, layout = drawing["diagram"], drawing["layout"]
        parents = {cluster["id"]: cluster["parent"] for cluster in diagram["clusters"]}
        for cluster in diagram["clusters"]:
            if cluster["id"] in layout["clusters"]:
                depth = _depth(cluster["id"], parents)
                frame = ClusterItem(cluster, QRectF(*layout["clusters"][cluster["id"]]), depth, theme)
                self.frames.append(frame)
                yield frame
        sequence = diagram["kind"] == "sequence"
        if sequence:
            heads = [QRectF(*layout["nodes"][node["id"]]) for node in diagram["nodes"]]
            yield LifelinesItem(heads, [QRectF(*bar) for bar in layout["bars"]], layout["height"], theme)
        labels = {node["id"]: node["label"] for node in diagram["nodes"]}
        colors = _edge_colors(diagram, theme)
        for edge, route, color in zip(diagram["edges"], layout["routes"], colors, strict=True):
            arrow = EdgeItem(edge, route, color, theme, edge_tip(edge, labels), named=sequence)
            self.edges.append(arrow)
            yield arrow
        tiles = _tile_colors(diagram, theme)
        for node in diagram["nodes"]:
            if node["id"] in layout["nodes"]:
                box = NodeItem(node, QRectF(*layout["nodes"][node["id"]]), theme, tiles.get(node["id"], ""))
                self.nodes[node["id"]] = box
                yield box

    def show_only(self, hidden: Collection[str], hides: Callable[[DiagramEdgeReply], bool]) -> None:
        """Show every box but the hidden ones, the arrows that are not hidden, and the frames that still hold something."""
        for name, node in self.nodes.items():
            node.setVisible(name not in hidden)
        for edge in self.edges:
            edge.setVisible(not hides(edge.edge))
        parents = {frame.cluster["id"]: frame.cluster["parent"] for frame in self.frames}
        filled: set[str] = set()
        for node in self.nodes.values():
            frame = node.node["cluster"] if node.isVisible() else ""
            while frame and frame not in filled:
                filled.add(frame)
                frame = parents.get(frame, "")
        for item in self.frames:
            item.setVisible(item.cluster["id"] in filled)
        self._tell()

    def mark(self, node_id: str) -> None:
        """Paint a box as the one the keyboard is on, and no other."""
        for name, node in self.nodes.items():
            node.mark(marked=name == node_id)
        self._tell()

    def mark_open(self, path: str, line: int) -> None:
        """Paint the box that a line of the open code lies in as such, and no other."""
        node_id = self._box_of(path, line)
        if node_id != self._open:
            for name in filter(None, (self._open, node_id)):
                self.nodes[name].mark(is_open=name == node_id)
            self._open = node_id
            self._tell()

    def _box_of(self, path: str, line: int) -> str:
        """The id of the smallest box that holds a line of a file; empty where none does."""
        best, found = (False, 0), ""
        for name, item in self.nodes.items():
            place, scope = item.node["place"], item.node["scope"]
            if place is not None and place["path"] == path and place["start_line"] <= line <= place["end_line"]:
                fit = (True, place["start_line"] - place["end_line"])
            elif scope.endswith("/") and path.startswith(scope):
                fit = (False, len(scope))
            else:
                continue
            if not found or fit > best:
                best, found = fit, name
        return found

    def find(self, text: str) -> list[str]:
        """Ids of the boxes to be seen whose label, detail or path holds a text, from above to below; the others fade."""
        wanted = text.casefold()
        held = [item for item in self.nodes.values() if item.isVisible() and wanted and wanted in item.words]
        held.sort(key=lambda item: (round(item.box.top()), item.box.left()))
        found = [item.node["id"] for item in held]
        self._found = set(found) if wanted else None
        self._fade()
        return found

    def neighbours(self, node_id: str) -> set[str]:
        """Ids of the boxes with an arrow to or from a box, itself among them."""
        found = {node_id}
        for edge in self.edges:
            if node_id in (edge.edge["source"], edge.edge["target"]):
                found |= {edge.edge["source"], edge.edge["target"]}
        return found

    def highlight(self, node_id: str) -> None:
        """Fade everything but a box and its neighbours; an empty id shows all again."""
        if node_id == self._highlighted:
            return
        self._highlighted = node_id
        self._fade()

    def _fade(self) -> None:
        """Show what is pointed at with its neighbours, else what was found, else all."""
        node_id, found = self._highlighted, self._found
        kept = self.neighbours(node_id) if node_id else set(self.nodes) if found is None else found
        for name, node in self.nodes.items():
            node.setOpacity(1.0 if name in kept or (found is None and not self.edges) else FADED)
            node.mark(hovered=name == node_id)
        for edge in self.edges:
            touched = bool(node_id) and node_id in (edge.edge["source"], edge.edge["target"])
            edge.setOpacity(1.0 if touched or (not node_id and found is None) else FADED)
            edge.focus(touched)
        self._tell()

    def _tell(self) -> None:
        self.state += 1
        self.altered.emit()


def _depth(cluster: str, parents: dict[str, str]) -> int:
    depth = 0
    while (cluster := parents.get(cluster, "")) and depth < 50:
        depth += 1
    return depth


def _edge_colors(diagram: DiagramReply, theme: Theme) -> list[str]:
    """By mark, else by kind; in a diagram of imports an arrow to an earlier box closes a cycle and is marked."""
    positions = {node["id"]: number for number, node in enumerate(diagram["nodes"])}
    colors, marks = theme.diagram["edges"], theme.diagram["marks"]
    cycles = diagram["kind"] == "imports"
    return [
        marks[edge["mark"]]
        if edge["mark"]
        else colors["cycle"]
        if cycles and positions[edge["source"]] > positions[edge["target"]]
        else colors.get(edge["kind"], colors["references"])
        for edge in diagram["edges"]
    ]


def _tile_colors(diagram: DiagramReply, theme: Theme) -> dict[str, str]:
    """Colours of tiles; other diagrams have none."""
    if diagram["kind"] not in TILED:
        return {}
    tiles = ((node["id"], node["cluster"], node["heat"]) for node in diagram["nodes"])
    parents = {cluster["id"]: cluster["parent"] for cluster in diagram["clusters"]}
    return tile_fills(tiles, parents, theme.diagram["heat"], theme.diagram["tiles"])
