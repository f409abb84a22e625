"""Calls around one symbol: those who call it on the left, what it calls on the right, further out by depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.cancellation import CancellationToken
from core.diagrams.links import WEIGHTS, Links, add_up
from core.diagrams.members import node_kind, place_of
from core.diagrams.scopes import find_symbol
from core.diagrams.source_map import SourceMap
from core.diagrams.wording import count, first_sentence, shorten
from core.model.diagram import Diagram, DiagramNode, Omitted
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader

DEPTH = 2
_PER_LEVEL = (14, 18, 12)
"""Boxes on each side at the first, second and every further step."""
_PER_NODE = 6
"""Neighbours that one box brings in beyond the first step."""
_BUILTIN = "<builtin>"
_Rank = Callable[[Symbol, float], tuple[bool, bool, float, str]]


@dataclass(slots=True)
class _Walk:
    """Which column each symbol stands in (0: the root, left negative), and what had to stay outside."""

    columns: dict[int, int]
    edges: dict[Edge, None] = field(default_factory=dict)
    cut: set[tuple[int, int]] = field(default_factory=set)


def calls(source: SourceMap, symbol: str, cancellation: CancellationToken | None = None, depth: int = DEPTH) -> Diagram:
    """Callers and callees of a function, method, class (with its members) or module, `depth` steps each way."""
    reader = source.reader
    root = find_symbol(reader, symbol)
    family = _family(reader, root)
    walk = _Walk(dict.fromkeys(family, 0))
    rank = _ranking(reader, root)
    frontiers = {-1: list(family), 1: list(family)}
    for step in range(1, depth + 1):
        # Both ways a step at a time: what is near on one side is not taken for far on the other.
        for direction, frontier in frontiers.items():
            if cancellation is not None:
                cancellation.check("walking calls")
            frontiers[direction] = _step(reader, walk, family, frontier, direction, step, rank)
    symbols = {item.key: item for item in reader.symbols(sorted(walk.columns))}
    own = f"symbol:{root.id}"

    def owner(item: Symbol) -> str:
        return own if item.key in family else f"symbol:{item.id}"

    links = add_up(walk.edges, symbols, owner, cancellation)
    by_id = {owner(item): item for item in symbols.values()}
    by_id[own] = root
    columns = {owner(symbols[key]): column for key, column in walk.columns.items()}
    order = sorted(columns, key=lambda id_: (columns[id_], -_weight(links, id_), id_))
    callers = sum(column < 0 for column in columns.values())
    callees = sum(column > 0 for column in columns.values())
    return Diagram(
        "calls",
        f"Calls of {root.qualified_name}",
        f"{count(callers, 'caller')} on the left, {count(callees, 'callee')} on the right, {count(depth, 'step')} each way",
        tuple(_node(by_id[id_], columns[id_] == 0) for id_ in order),
        tuple(links[pair].edge(*pair) for pair in sorted(links)),
        (),
        _omitted(walk),
    )


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


def _step(
    reader: IndexReader,
    walk: _Walk,
    family: Mapping[int, None],
    frontier: list[int],
    direction: int,
    step: int,
    rank: _Rank,
) -> list[int]:
    """Go one step further to one side; the symbols that came in."""
    find = reader.edges_to if direction < 0 else reader.edges_from
    edges = find(frontier, (EdgeKind.CALLS,))
    ends = [(edge.source, edge.target) if direction < 0 else (edge.target, edge.source) for edge in edges]
    symbols = {item.key: item for item in reader.symbols(sorted({far for far, _ in ends}))}
    weights: dict[int, float] = {}
    brought: dict[int, set[int]] = {}
    for edge, (far, near) in zip(edges, ends, strict=True):
        if far not in walk.columns and _is_worth_a_box(symbols[far], edge):
            weights[far] = weights.get(far, 0.0) + WEIGHTS[edge.confidence]
            brought.setdefault(near, set()).add(far)
    allowed: set[int] = set()
    for near, group in brought.items():
        limit = _PER_LEVEL[0] if near in family else _PER_NODE
        allowed.update(sorted(group, key=lambda key: rank(symbols[key], weights[key]))[:limit])
    room = _PER_LEVEL[min(step, len(_PER_LEVEL)) - 1]
    chosen = sorted(allowed, key=lambda key: rank(symbols[key], weights[key]))[:room]
    for key in chosen:
        walk.columns[key] = direction * step
    for edge, (far, near) in zip(edges, ends, strict=True):
        if far in walk.columns and near in walk.columns:
            walk.edges[edge] = None
        else:
            walk.cut.add((direction, far))
    return chosen


def _is_worth_a_box(symbol: Symbol, edge: Edge) -> bool:
    """Not what the language brings, nor a guess at something outside of the source: it could not be looked at."""
    if symbol.kind != SymbolKind.EXTERNAL:
        return True
    return edge.confidence == Confidence.EXACT and not symbol.qualified_name.startswith(_BUILTIN)


def _ranking(reader: IndexReader, root: Symbol) -> _Rank:
    """What is shown first: the code itself before tests and copies (unless the root is among those), libraries last."""
    roles = {file.path: file.role for file in reader.files()}
    liked = {FileRole.SOURCE, roles.get(root.path, FileRole.SOURCE)}

    def rank(symbol: Symbol, weight: float) -> tuple[bool, bool, float, str]:
        external = symbol.kind == SymbolKind.EXTERNAL
        return (not external and roles.get(symbol.path) not in liked, external, -weight, symbol.id)

    return rank


def _weight(links: Links, id_: str) -> float:
    return sum(link.weight for pair, link in links.items() if id_ in pair)


def _node(symbol: Symbol, is_root: bool) -> DiagramNode:
    external = symbol.kind == SymbolKind.EXTERNAL
    detail = "outside of the source" if external else shorten(symbol.path)
    if is_root:
        detail = first_sentence(symbol.doc) or detail
    return DiagramNode(
        f"symbol:{symbol.id}",
        _label(symbol),
        detail,
        node_kind(symbol),
        place_of(symbol),
        weight=max(0, symbol.end_line - symbol.start_line + 1) if symbol.path else 0,
        scope="" if is_root else symbol.id,
        external=external,
    )


def _label(symbol: Symbol) -> str:
    """A method with its class, as one speaks of it; an outside name whole."""
    if symbol.kind == SymbolKind.EXTERNAL:
        return shorten(symbol.qualified_name, 44)
    is_member = symbol.kind in (SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.FIELD)
    return ".".join(symbol.qualified_name.split(".")[-2:]) if is_member else symbol.name


def _omitted(walk: _Walk) -> tuple[Omitted, ...]:
    omitted = []
    for direction, one, many in (
        (-1, "caller", "callers"),
        (1, "callee, built-ins included", "callees, built-ins included"),
    ):
        number = sum(side == direction and key not in walk.columns for side, key in walk.cut)
        if number:
            omitted.append(Omitted(f"more {one if number == 1 else many}", number))
    return tuple(omitted)
