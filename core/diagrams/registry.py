"""The kinds of diagram by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.cancellation import CancellationToken
from core.diagrams.architecture import architecture
from core.diagrams.calls import calls
from core.diagrams.classes import classes
from core.diagrams.clone_map import clone_map
from core.diagrams.flow import flow, sequence
from core.diagrams.imports import imports
from core.diagrams.path import path
from core.diagrams.source_map import SourceMap
from core.diagrams.treemap import churn, complexity, treemap
from core.errors import UsageError
from core.model.diagram import Diagram
from core.ports import IndexReader

_MAPS: Mapping[str, Callable[[SourceMap, str], Diagram]] = {
    "architecture": architecture,
    "classes": classes,
    "clones": clone_map,
    "complexity": complexity,
    "churn": churn,
    "imports": imports,
    "treemap": treemap,
}
"""Of a folder, a file or the whole."""
_WALKS: Mapping[str, Callable[[SourceMap, str, CancellationToken | None], Diagram]] = {
    "calls": calls,
    "flow": flow,
    "path": path,
    "sequence": sequence,
}
"""Around a symbol."""
KINDS = (*_MAPS, *_WALKS)
"""The names `draw` knows."""
NEEDS_SYMBOL = tuple(_WALKS)
"""Those of them that are drawn around a symbol."""


def draw(
    kind: str,
    scope: str,
    reader: IndexReader,
    cancellation: CancellationToken | None = None,
    source: SourceMap | None = None,
) -> Diagram:
    """The diagram of `kind` for a SCOPE (a folder, file or symbol; empty for the whole source, which `NEEDS_SYMBOL` refuse).

    The same index gives the same diagram. `source` is what was gathered of it for another, or nothing; gathering takes most
    of the time. `UsageError` for a kind or scope that is not there, `UnknownSymbolError` for an
    ambiguous name.
    """
    source = source or SourceMap(reader, cancellation)
    if kind in _MAPS:
        return _MAPS[kind](source, scope)
    if kind in _WALKS:
        return _WALKS[kind](source, scope, cancellation)
    raise UsageError(f"there is no diagram called {kind}", "", f"choose one of {', '.join(KINDS)}")
