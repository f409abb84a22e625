"""Walks along calls, step by step, with a bound on what each step brings in: what `calls`, `flow` and `sequence` draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log1p

from core.diagrams.libraries import is_standard
from core.diagrams.links import WEIGHTS
from core.diagrams.source_map import library_of
from core.diagrams.symbol_boxes import node_kind, place_of
from core.diagrams.wording import first_sentence, shorten
from core.model.diagram import DiagramNode, Omitted
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader

BUILTIN = "<builtin>"
Rank = Callable[[Symbol, float], tuple[bool, bool, float, str]]
"""What comes first among neighbours of that weight; the smallest does."""
_CALLS = (EdgeKind.CALLS,)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many boxes come in: at the first, second and every further step, and by one box beyond the first step."""

    per_level: tuple[int, ...]
    per_node: int


@dataclass(slots=True)
class Walk:
    """Which column each symbol stands in (0: the root and what is inside of it, callers negative), the calls between them,
    and what had to stay outside: the direction and the key of each. `admits` chooses among what could have a box."""

    reader: IndexReader
    root: Symbol
    bounds: Bounds
    admits: Callable[[Symbol], bool] = lambda _symbol: True
    family: dict[int, None] = field(default_factory=dict)
    columns: dict[int, int] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    cut: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.family = _family(self.reader, self.root)
        self.columns = dict.fromkeys(self.family, 0)

    def step(self, frontier: Sequence[int], direction: int, step: int, rank: Rank) -> list[int]:
        """Go the `step`th step to one side (callers: -1); the symbols that came in."""
        find = self.reader.edges_to if direction < 0 else self.reader.edges_from
        edges = find(frontier, _CALLS)
        ends = [(edge.source, edge.target) if direction < 0 else (edge.target, edge.source) for edge in edges]
        symbols = {item.key: item for item in self.reader.symbols(sorted({far for far, _ in ends}))}
        weights: dict[int, float] = {}
        brought: dict[int, set[int]] = {}
        for edge, (far, near) in zip(edges, ends, strict=True):
            if far not in self.columns and _is_worth_a_box(symbols[far], edge) and self.admits(symbols[far]):
                weights[far] = weights.get(far, 0.0) + WEIGHTS[edge.confidence]
                brought.setdefault(near, set()).add(far)
        allowed: set[int] = set()
        for near, group in brought.items():
            limit = self.bounds.per_level[0] if near in self.family else self.bounds.per_node
            allowed.update(sorted(group, key=lambda key: rank(symbols[key], weights[key]))[:limit])
        room = self.bounds.per_level[min(step, len(self.bounds.per_level)) - 1]
        chosen = sorted(allowed, key=lambda key: rank(symbols[key], weights[key]))[:room]
        for key in chosen:
            self.columns[key] = direction * step
        for edge, (far, near) in zip(edges, ends, strict=True):
            if far in self.columns and near in self.columns:
                self.edges[edge] = None
            else:
                self.cut.add((direction, far))
        return chosen

    def symbols(self) -> dict[int, Symbol]:
        """Everything that has a column, by key."""
        return {item.key: item for item in self.reader.symbols(sorted(self.columns))}

    def omitted(self) -> tuple[Omitted, ...]:
        """What stayed outside, counted for each direction."""
        told = []
        for direction, one, many in (
            (-1, "caller", "callers"),
            (1, "callee, built-ins included", "callees, built-ins included"),
        ):
            number = sum(side == direction and key not in self.columns for side, key in self.cut)
            if number:
                told.append(Omitted(f"more {one if number == 1 else many}", number))
        return tuple(told)


def _family(reader: IndexReader, root: Symbol) -> dict[int, None]:
    """The symbol with all that is defined inside of it, in the order of keys."""
    if root.kind == SymbolKind.EXTERNAL:
        return {root.key: None}
    family = {root.key}
    inside = reader.symbols_of(root.path)
    grown = True
    while grown:
        below = {item.key for item in inside if item.parent in family}
        grown = not below <= family
        family |= below
    return dict.fromkeys(sorted(family))


def _is_worth_a_box(symbol: Symbol, edge: Edge) -> bool:
    """Not what the language brings, nor a guess at something outside of the source: it could not be looked at."""
    if symbol.kind != SymbolKind.EXTERNAL:
        return True
    return edge.confidence == Confidence.EXACT and not symbol.qualified_name.startswith(BUILTIN)


def is_story(symbol: Symbol) -> bool:
    """Whether a symbol is part of what a program does, and no tool that its language brings along."""
    if symbol.kind != SymbolKind.EXTERNAL:
        return True
    library = library_of(symbol)
    return bool(library) and not is_standard(library)


def plain_rank(reader: IndexReader, root: Symbol) -> Rank:
    """The code itself before tests and copies (unless the root is among those), libraries last, the most used first."""
    roles = reader.roles()
    liked = {FileRole.SOURCE, roles.get(root.path, FileRole.SOURCE)}

    def rank(symbol: Symbol, weight: float) -> tuple[bool, bool, float, str]:
        external = symbol.kind == SymbolKind.EXTERNAL
        return (not external and roles.get(symbol.path) not in liked, external, -weight, symbol.id)

    return rank


def story_rank(reader: IndexReader, root: Symbol) -> Rank:
    """As `plain_rank`, but what goes on to call others comes before what everybody calls: the story before its tools."""
    plain = plain_rank(reader, root)
    told: dict[int, float] = {}

    def story(key: int) -> float:
        if key not in told:
            goes_on = {edge.target for edge in reader.edges_from([key], _CALLS) if edge.confidence != Confidence.NAME}
            called_by = {edge.source for edge in reader.edges_to([key], _CALLS)}
            told[key] = (1.0 + log1p(len(goes_on))) / (1.0 + log1p(len(called_by)))
        return told[key]

    def rank(symbol: Symbol, weight: float) -> tuple[bool, bool, float, str]:
        aside, external, _, id_ = plain(symbol, weight)
        sure = min(weight, 1.0)
        return (aside, external, -sure * story(symbol.key), id_)

    return rank


def box_id(symbol: Symbol) -> str:
    """The id of a symbol's box."""
    return f"symbol:{symbol.id}"


def call_box(symbol: Symbol, is_root: bool, cluster: str = "") -> DiagramNode:
    """A symbol in a diagram of calls."""
    external = symbol.kind == SymbolKind.EXTERNAL
    detail = "outside of the source" if external else shorten(symbol.path)
    if is_root:
        detail = first_sentence(symbol.doc) or detail
    return DiagramNode(
        box_id(symbol),
        call_label(symbol),
        detail,
        node_kind(symbol),
        place_of(symbol),
        cluster,
        weight=max(0, symbol.end_line - symbol.start_line + 1) if symbol.path else 0,
        scope="" if is_root else symbol.id,
        external=external,
    )


def call_label(symbol: Symbol) -> str:
    """A method with its class, as one speaks of it; an outside name whole."""
    if symbol.kind == SymbolKind.EXTERNAL:
        return shorten(symbol.qualified_name, 44)
    is_member = symbol.kind in (SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.FIELD)
    return ".".join(symbol.qualified_name.split(".")[-2:]) if is_member else symbol.name


def entry_points(symbols: Iterable[Symbol], roles: dict[str, FileRole], most: int) -> list[Symbol]:
    """Where programs of the source begin, as far as names tell: its functions called `main`, the outermost first."""
    found = [
        symbol
        for symbol in symbols
        if symbol.name in ("main", "Main") and node_kind(symbol) == "function" and roles.get(symbol.path) == FileRole.SOURCE
    ]
    return sorted(found, key=lambda symbol: (symbol.path.count("/"), symbol.id))[:most]
