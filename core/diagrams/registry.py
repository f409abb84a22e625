"""The kinds of diagram by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.cancellation import CancellationToken
from core.diagrams.architecture import architecture
from core.diagrams.calls import calls
from core.diagrams.classes import classes
from core.diagrams.imports import imports
from core.diagrams.source_map import SourceMap
from core.diagrams.treemap import treemap
from core.errors import UsageError
from core.model.diagram import Diagram
from core.ports import IndexReader


def _calls(reader: IndexReader, scope: str, cancellation: CancellationToken | None, _source: SourceMap | None) -> Diagram:
    return calls(reader, scope, cancellation=cancellation)


_DRAWERS: Mapping[str, Callable[[IndexReader, str, CancellationToken | None, SourceMap | None], Diagram]] = {
    "architecture": architecture,
    "calls": _calls,
    "classes": classes,
    "imports": imports,
    "treemap": treemap,
}
KINDS = tuple(_DRAWERS)
"""The names `draw` knows."""


def draw(
    kind: str,
    scope: str,
    reader: IndexReader,
    cancellation: CancellationToken | None = None,
    source: SourceMap | None = None,
) -> Diagram:
    """The diagram of `kind` for a SCOPE (a folder, file or symbol; for `calls` a symbol; empty for the whole source).

    The same index gives the same diagram. `source` is what was gathered of it for another, or nothing; gathering takes most
    of the time. `UsageError` for a kind or scope that is not there, `UnknownSymbolError` for an
    ambiguous name.
    """
    drawer = _DRAWERS.get(kind)
    if drawer is None:
        raise UsageError(f"there is no diagram called {kind}", "", f"choose one of {', '.join(KINDS)}")
    return drawer(reader, scope, cancellation, source)
