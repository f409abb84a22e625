"""How one symbol reaches another: the shortest chain of calls between them, certain ones counting as shorter."""

from __future__ import annotations

import re

from core.cancellation import CancellationToken
from core.diagrams.links import add_up
from core.diagrams.scopes import find_symbol
from core.diagrams.source_map import SourceMap
from core.diagrams.walking import box_id, call_box
from core.diagrams.wording import count
from core.errors import UsageError
from core.graph.walks import path_between
from core.model.diagram import Diagram

_BETWEEN = re.compile(r"\s*(?:->|→)\s*")
"""Between the two names in a SCOPE."""


def path(source: SourceMap, scope: str, cancellation: CancellationToken | None = None) -> Diagram:
    """The way that the scope `FROM -> TO` asks for, in the order of its steps; no boxes where there is none."""
    ends = [part.strip() for part in _BETWEEN.split(scope) if part.strip()]
    if len(ends) != 2:
        raise UsageError("this diagram needs two symbols", "it is a way from one to the other", "name both: FROM TO")
    start, target = (find_symbol(source.reader, end) for end in ends)
    way = path_between(source.reader, start, target, cancellation=cancellation)
    links = add_up(way.edges, {symbol.key: symbol for symbol in way.symbols}, box_id, cancellation)
    steps = count(len(way.edges), "call") if way.symbols else "no way by calls is known"
    return Diagram(
        "path",
        f"From {start.qualified_name} to {target.qualified_name}",
        f"{steps}, the surest of the short ways" if way.edges else steps,
        tuple(call_box(symbol, symbol.key == start.key) for symbol in way.symbols),
        tuple(links[pair].edge(*pair) for pair in sorted(links)),
        (),
        (),
    )
