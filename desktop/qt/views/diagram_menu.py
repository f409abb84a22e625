"""The menu of a box, of an arrow, and of a diagram as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from desktop.qt import figures
from desktop.qt.diagram_replies import DiagramEdgeReply, DiagramNodeReply
from desktop.qt.history import PATH, TO, CodeLocation, DiagramLocation
from desktop.qt.replies import PlaceReply
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.qt.views.diagram import DiagramPane

Entry = tuple[str, str, Callable[[], object] | None] | None
"""A line of a menu: its title, its keys, and what it does, or None for words alone; None is a rule."""


def open_menu(pane: DiagramPane, what: Any, where: QPoint) -> None:
    """Show what can be done with a node or edge reply, or with the diagram (None), at a point of the screen."""
    menu = QMenu(pane)
    for entry in entries(pane, what):
        if entry is None:
            menu.addSeparator()
            continue
        title, keys, act = entry
        action = menu.addAction(title.replace("&", "&&") + (f"\t{keys}" if keys else ""))
        if act is None:
            action.setEnabled(False)
        else:
            action.triggered.connect(lambda _checked=False, act=act: act())
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(where)


def entries(pane: DiagramPane, what: Any) -> list[Entry]:
    """The lines of the menu."""
    if what is None:
        return _of_ground(pane)
    return _of_edge(pane, what) if "places" in what else _of_node(pane, what)


def _of_ground(pane: DiagramPane) -> list[Entry]:
    found: list[Entry] = [
        (tr("Fit into view"), "0", pane.canvas.fit),
        (tr("Find in diagram"), "/", pane.open_find),
        (tr("Copy picture"), "Ctrl+C", pane.copy_picture),
        (tr("Export…"), "Ctrl+E", pane.export_asked.emit),
    ]
    if pane.canvas.filter.is_active:
        found += [None, (tr("Show everything"), "", pane.show_everything)]
    return found


def _of_node(pane: DiagramPane, node: DiagramNodeReply) -> list[Entry]:
    place, name, box = code_of(node["place"]), node["label"], node["id"]
    found: list[Entry] = []
    if place is not None:
        found.append((tr("Open the code"), "Enter", lambda: pane.opened.emit(place)))
    if node["scope"]:
        found.append((tr("Look inside"), "Shift+Enter", lambda: pane.enter(node)))
    if symbol := symbol_of(node):
        found += _of_symbol(pane, symbol)
    return [
        *found,
        *([None] if found else []),
        (tr("Hide"), "H", lambda: pane.hide_box(box)),
        (tr("Only this and its neighbours"), "", lambda: pane.show_only(box)),
        None,
        (tr("Copy name"), "", lambda: QGuiApplication.clipboard().setText(name)),
    ]


def _of_symbol(pane: DiagramPane, symbol: str) -> list[Entry]:
    """Its calls, and ways from and to it."""
    found: list[Entry] = [
        (tr("Draw calls around it"), "", lambda: pane.moved.emit(DiagramLocation("calls", symbol))),
        (tr("Way from here to…"), "", lambda: pane.way_asked.emit(symbol)),
        (tr("Let a way begin here"), "", lambda: pane.begin_way(symbol)),
    ]
    if pane.way_from and pane.way_from != symbol:
        way = DiagramLocation(PATH, pane.way_from + TO + symbol)
        found.append((tr("Draw the way to here"), "", lambda: pane.moved.emit(way)))
    return found


def _of_edge(pane: DiagramPane, edge: DiagramEdgeReply) -> list[Entry]:
    """The uses behind an arrow, as many as are known."""
    count = figures.grouped(edge["count"])
    return [
        (tr("{kind} × {count}, seen in", kind=tr(edge["kind"]), count=count), "", None),
        *(_of_place(pane, place) for place in edge["places"]),
    ]


def _of_place(pane: DiagramPane, place: PlaceReply) -> Entry:
    return f"{place['path']}:{place['start_line']}", "", lambda: pane.opened.emit(code_of(place))


def symbol_of(node: DiagramNodeReply) -> str:
    """The id of the symbol a box stands for; empty where it is something else, or from outside."""
    kind, _, name = node["id"].partition(":")
    return name if kind == "symbol" and not node["external"] else ""


def code_of(place: PlaceReply | None) -> CodeLocation | None:
    """Where a click leads."""
    return CodeLocation(place["path"], place["start_line"], place["end_line"]) if place is not None else None
