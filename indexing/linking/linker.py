"""The whole of linking: families one after the other, read out as edges."""

from __future__ import annotations

from collections.abc import Iterable

from core.cancellation import CancellationToken
from indexing.linking.dialects import DIALECTS
from indexing.linking.edges import EdgeReader
from indexing.linking.family import Family
from indexing.linking.own_names import NO_NAMES, OwnNames
from indexing.linking.records import FileFacts, FileLinks
from indexing.linking.table import DefinitionTable
from indexing.measure import collector_paused


def link_files(
    files: Iterable[FileFacts], world: Iterable[FileFacts], cancellation: CancellationToken, names: OwnNames = NO_NAMES
) -> list[FileLinks]:
    """The edges that start in `files`, in the order of their paths.

    `world` are other files that these may refer to, as far as they matter (see `world.py`); `names` is what the source
    calls its parts. The result does not depend on
    any order. Raises `CancelledError` when cancelled, and ValueError when a path comes twice.
    """
    own = sorted(files, key=lambda file: file.path)
    with collector_paused():
        table = DefinitionTable([*own, *world])
        wanted = {file.path for file in own}
        reader = EdgeReader(table)
        for dialect in DIALECTS:
            members = [index for index, file in enumerate(table.files) if file.language in dialect.languages]
            if any(table.files[index].path in wanted for index in members):
                family = Family(table, members, dialect, cancellation, names)
                reader.read(family, [index for index in members if table.files[index].path in wanted], cancellation)
                family.release()
            cancellation.check("linking")
        return [reader.links_of(file) for file in own]
