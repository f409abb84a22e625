"""The whole of linking: families one after the other, then symbols and edges."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from core.cancellation import CancellationToken
from indexing.linking.dialects import DIALECTS
from indexing.linking.edges import EdgeWriter
from indexing.linking.family import Family
from indexing.linking.naming import symbols_of
from indexing.linking.records import FileFacts, Linked
from indexing.linking.table import DefinitionTable


def link(files: Iterable[FileFacts], cancellation: CancellationToken) -> Linked:
    """Link all files of a source. The result does not depend on the order of `files`.

    Raises `CancelledError` when cancelled, and ValueError when a path comes twice.
    """
    with _collector_paused():
        return _link(files, cancellation)


def _link(files: Iterable[FileFacts], cancellation: CancellationToken) -> Linked:
    table = DefinitionTable(files)
    writer = EdgeWriter(table)
    writer.contain()
    for dialect in DIALECTS:
        members = [index for index, file in enumerate(table.files) if file.language in dialect.languages]
        if members:
            writer.read(Family(table, members, dialect, cancellation), cancellation)
        cancellation.check("linking")
    externals, edges = writer.finish()
    keys = {file.path: table.keys_of(index) for index, file in enumerate(table.files)}
    return Linked(symbols_of(table, externals), edges, keys, writer.unresolved)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Linking makes millions of records and no garbage in cycles; looking for some would take most of its time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
