"""What happens from an entry point on: a layered call diagram, and calls in the order of their lines.

What is shown is chosen as a story: what goes on to call others comes before the tools that everybody calls, and calls that
are only guessed by name are left out. The order within a function is that of its lines: an index knows neither branches nor
loops, so what is drawn may happen, not must.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from core.cancellation import CancellationToken
from core.diagrams.links import add_up
from core.diagrams.scopes import find_symbol, is_type
from core.diagrams.source_map import EXTERNAL, SourceMap, library_of
from core.diagrams.symbol_boxes import node_kind, place_of
from core.diagrams.walking import Bounds, Walk, box_id, call_box, entry_points, is_story, story_rank
from core.diagrams.wording import count, shorten
from core.errors import SourceError, UsageError
from core.model.diagram import Diagram, DiagramEdge, DiagramNode, Omitted
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import Place
from core.model.symbol import Symbol, SymbolKind

DEPTH = 5
_FLOW = Bounds((9, 10, 9, 7, 5), 4)
_SEQUENCE = Bounds((7, 7, 5, 4, 3), 3)
_MESSAGES = 42
_LIFELINES = 11
_HINTS = 4
_STRENGTH = {Confidence.EXACT: 0, Confidence.INFERRED: 1, Confidence.NAME: 2}


def flow(source: SourceMap, symbol: str, cancellation: CancellationToken | None = None) -> Diagram:
    """What `symbol` sets off, `DEPTH` calls deep, its layers from left to right."""
    walk = _walk(source, symbol, _FLOW, cancellation)
    symbols = walk.symbols()
    own = box_id(walk.root)

    def owner(item: Symbol) -> str:
        return own if item.key in walk.family else box_id(item)

    links = add_up(walk.edges, symbols, owner, cancellation)
    columns = {owner(item): walk.columns[key] for key, item in symbols.items()}
    by_id = {owner(item): item for item in symbols.values()} | {own: walk.root}
    first = _first_calls(walk, symbols)
    order = sorted(columns, key=lambda id_: (columns[id_], first.get(id_, ()), id_))
    layers = max(columns.values())
    return Diagram(
        "flow",
        f"What happens from {walk.root.qualified_name}",
        f"{count(len(order) - 1, 'function')} in {count(layers, 'layer')}, each called from further left",
        tuple(call_box(by_id[id_], id_ == own) for id_ in order),
        tuple(links[pair].edge(*pair) for pair in sorted(links)),
        (),
        walk.omitted(),
    )


def sequence(source: SourceMap, symbol: str, cancellation: CancellationToken | None = None) -> Diagram:
    """What `symbol` sets off in the order of the lines: classes and files side by side, calls from top to bottom."""
    walk = _walk(source, symbol, _SEQUENCE, cancellation)
    around = _Lifelines(source)
    told = _Telling(walk, walk.symbols(), around)
    start = walk.root
    around.of(start)
    if start.kind in (SymbolKind.MODULE, SymbolKind.EXTERNAL) or is_type(start):
        for key in walk.family:
            told.tell(key, 0)
    else:
        told.tell(start.key, 0)
    omitted = list(walk.omitted())
    for what, number in (
        ("more calls", told.cut),
        ("other possible targets of these calls", told.other),
    ):
        if number:
            omitted.append(
                Omitted(what if number > 1 else what.replace("calls", "call", 1).replace("targets", "target"), number)
            )
    messages = told.messages
    return Diagram(
        "sequence",
        f"Sequence from {start.qualified_name}",
        f"{count(len(messages), 'call')} between {count(len(around.nodes), 'part')}, in the order of their lines; "
        "branches and loops are not told apart",
        tuple(around.nodes.values()),
        tuple(messages),
        (),
        tuple(omitted),
    )


def _walk(source: SourceMap, name: str, bounds: Bounds, cancellation: CancellationToken | None) -> Walk:
    """The story of a symbol; `UsageError` without a name, with entry points to choose from."""
    if not name.strip():
        roles = {path: file.role for path, file in source.files.items()}
        known = [symbol.id for symbol in entry_points(source.symbols.values(), roles, _HINTS)]
        hint = f"name a function, perhaps {' or '.join(known)}" if known else "name a function, method or class after KIND"
        raise UsageError("this diagram needs a symbol", "it begins at one", hint)
    walk = Walk(source.reader, find_symbol(source.reader, name), bounds, is_story)
    rank = story_rank(source.reader, walk.root)
    frontier = list(walk.family)
    for step in range(1, DEPTH + 1):
        if cancellation is not None:
            cancellation.check("walking calls")
        frontier = walk.step(frontier, 1, step, rank)
        frontier = [key for key in frontier if _is_known(walk, key)]
    # What is only guessed by its name is no story.
    sure = [edge for edge in walk.edges if edge.confidence != Confidence.NAME]
    reached = _reachable(walk, sure)
    walk.cut |= {(1, key) for key in walk.columns if key not in reached}
    walk.columns = {key: column for key, column in walk.columns.items() if key in reached}
    walk.edges = dict.fromkeys(edge for edge in sure if edge.source in reached and edge.target in reached)
    return walk


def _is_known(walk: Walk, key: int) -> bool:
    """Whether a certain or inferred call leads to a symbol: only from there the story goes on."""
    return any(edge.target == key and edge.confidence != Confidence.NAME for edge in walk.edges)


def _reachable(walk: Walk, edges: Iterable[Edge]) -> set[int]:
    leaving: dict[int, list[int]] = {}
    for edge in edges:
        leaving.setdefault(edge.source, []).append(edge.target)
    reached = set(walk.family)
    stack = list(reached)
    while stack:
        for target in leaving.get(stack.pop(), ()):
            if target not in reached:
                reached.add(target)
                stack.append(target)
    return reached


def _first_calls(walk: Walk, symbols: Mapping[int, Symbol]) -> dict[str, tuple[str, int]]:
    """Where each box is first called, for an order that follows the lines."""
    first: dict[str, tuple[str, int]] = {}
    for edge in walk.edges:
        id_ = box_id(symbols[edge.target])
        first[id_] = min(first.get(id_, (edge.path, edge.line)), (edge.path, edge.line))
    return first


@dataclass(slots=True)
class _Lifelines:
    """The classes, files and libraries that take part, in the order of their appearance."""

    source: SourceMap
    nodes: dict[str, DiagramNode] = field(default_factory=dict)

    def of(self, symbol: Symbol) -> str:
        """The id of the line a symbol belongs to; empty where there is no room for another."""
        home = self._home(symbol)
        external = home.kind == SymbolKind.EXTERNAL
        library = library_of(home) if external else ""
        id_ = f"{EXTERNAL}{library}" if external else box_id(home)
        if id_ not in self.nodes:
            if len(self.nodes) >= _LIFELINES:
                return ""
            label = library or (home.path.rsplit("/", 1)[-1] if home.kind == SymbolKind.MODULE else home.name)
            detail = "outside of the source" if external else shorten(home.path, 40)
            self.nodes[id_] = DiagramNode(
                id_, shorten(label, 40), detail, node_kind(home), place_of(home), external=external
            )
        return id_

    def _home(self, symbol: Symbol) -> Symbol:
        """The class around a symbol, else its file."""
        while not is_type(symbol) and symbol.kind != SymbolKind.MODULE and symbol.parent in self.source.symbols:
            symbol = self.source.symbols[symbol.parent]
        return symbol


@dataclass(slots=True)
class _Telling:
    """Messages as they come when the chosen calls are followed line by line; each function is gone into once."""

    walk: Walk
    symbols: Mapping[int, Symbol]
    around: _Lifelines
    messages: list[DiagramEdge] = field(default_factory=list)
    cut: int = 0
    other: int = 0
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _told: set[int] = field(default_factory=set)
    _calls: dict[int, list[Edge]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for edge in sorted(self.walk.edges, key=self._when):
            self._calls.setdefault(edge.source, []).append(edge)

    def _when(self, edge: Edge) -> tuple[str, int, int, int, int, int]:
        """When a call happens: line by line; within a line an argument is called before what it is handed to."""
        if edge.path not in self._lines:
            try:
                self._lines[edge.path] = self.walk.reader.text(edge.path).split("\n")
            except SourceError:
                self._lines[edge.path] = []
        lines = self._lines[edge.path]
        text = lines[edge.line - 1] if 0 < edge.line <= len(lines) else ""
        begin = text.find(self.symbols[edge.target].name + "(")
        return edge.path, edge.line, _end_of_call(text, begin), -begin, _STRENGTH[edge.confidence], edge.target

    def tell(self, key: int, depth: int) -> None:
        """What happens within a symbol."""
        if key in self._told:
            return
        self._told.add(key)
        for edge in self._distinct(self._calls.get(key, ())):
            here, there = self.around.of(self.symbols[key]), self.around.of(self.symbols[edge.target])
            if not here or not there or len(self.messages) >= _MESSAGES:
                self.cut += 1
                continue
            self._say(edge, here, there, depth)
            if depth < DEPTH:
                self.tell(edge.target, depth + 1)

    def _distinct(self, edges: Iterable[Edge]) -> list[Edge]:
        """One target for each name at each line: of those that are possible the surest, the rest is counted."""
        chosen: dict[tuple[str, int, str], Edge] = {}
        for edge in edges:
            site = (edge.path, edge.line, self.symbols[edge.target].name)
            if site in chosen:
                self.other += chosen[site].target != edge.target
            else:
                chosen[site] = edge
        return list(chosen.values())

    def _say(self, edge: Edge, here: str, there: str, depth: int) -> None:
        target = self.symbols[edge.target]
        place = Place(edge.path, edge.line, edge.line, self.symbols[edge.source].qualified_name)
        label = shorten(target.name, 36) if is_type(target) else f"{shorten(target.name, 36)}()"
        last = self.messages[-1] if self.messages else None
        if last is not None and (last.source, last.target, last.label, last.depth) == (here, there, label, depth):
            self.messages[-1] = replace(last, count=last.count + 1, places=(*last.places, place)[:5])
            return
        self.messages.append(DiagramEdge(here, there, EdgeKind.CALLS, edge.confidence, 1, (place,), label, depth))


def _end_of_call(text: str, begin: int) -> int:
    """Where the call that begins at `begin` of a line closes its parenthesis; past the line where it does not."""
    depth = 0
    for position in range(max(begin, 0), len(text)):
        depth += (text[position] == "(") - (text[position] == ")")
        if depth == 0 and text[position] == ")":
            return position
    return len(text)
