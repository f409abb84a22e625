"""Calls around one symbol: those who call it on the left, what it calls on the right, further out by depth."""

from __future__ import annotations

from core.cancellation import CancellationToken
from core.diagrams.links import Links, add_up
from core.diagrams.scopes import find_symbol
from core.diagrams.source_map import SourceMap
from core.diagrams.walking import Bounds, Walk, box_id, call_box, plain_rank
from core.diagrams.wording import count
from core.model.diagram import Diagram
from core.model.symbol import Symbol

DEPTH = 2
_BOUNDS = Bounds((14, 18, 12), 6)


def calls(source: SourceMap, symbol: str, cancellation: CancellationToken | None = None, depth: int = DEPTH) -> Diagram:
    """Callers and callees of a function, method, class (with its members) or module, `depth` steps each way."""
    reader = source.reader
    root = find_symbol(reader, symbol)
    walk = Walk(reader, root, _BOUNDS)
    rank = plain_rank(reader, root)
    frontiers = {-1: list(walk.family), 1: list(walk.family)}
    for step in range(1, depth + 1):
        # Both ways a step at a time: what is near on one side is not taken for far on the other.
        for direction, frontier in frontiers.items():
            if cancellation is not None:
                cancellation.check("walking calls")
            frontiers[direction] = walk.step(frontier, direction, step, rank)
    symbols = walk.symbols()
    own = box_id(root)

    def owner(item: Symbol) -> str:
        return own if item.key in walk.family else box_id(item)

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
        tuple(call_box(by_id[id_], columns[id_] == 0) for id_ in order),
        tuple(links[pair].edge(*pair) for pair in sorted(links)),
        (),
        walk.omitted(),
    )


def _weight(links: Links, id_: str) -> float:
    return sum(link.weight for pair, link in links.items() if id_ in pair)
