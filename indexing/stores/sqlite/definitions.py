"""The definitions of many files as arrays, read from their outlines without a record for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from core.retrieval.definitions import DefinitionTable, FileDefinitions, TableBuilder
from core.retrieval.vocabulary import JoinedTexts
from indexing.fact_columns import OutlineColumns, unpack_outline_columns
from indexing.linking.naming import module_name
from indexing.stores.sqlite.keys import SLOT_BITS, unpack_slots
from indexing.stores.sqlite.rows import FileRow, Rows


def read_definitions(rows: Rows, files: Mapping[str, FileRow], paths: Collection[str] | None) -> DefinitionTable:
    """The definitions of `files` (by path), of all where `paths` is None; paths that are not there are passed over.

    Outlines lie together with those of their neighbours: they are read block by block.
    """
    chosen = files.values() if paths is None else [files[path] for path in set(paths) if path in files]
    builder = TableBuilder()
    with rows.decoding():
        for file in sorted(chosen, key=lambda file: (file.block, file.member, file.id)):
            columns = unpack_outline_columns(rows.block(file.block).outline(file.member))
            if len(columns.kinds):
                builder.add(_definitions(file, columns, unpack_slots(file.slots, len(columns.kinds))))
    return builder.table()


def _definitions(file: FileRow, columns: OutlineColumns, slots: Sequence[int]) -> FileDefinitions:
    return FileDefinitions(
        file.path,
        (file.id << SLOT_BITS) + np.array(slots, np.int64),
        columns.kinds,
        columns.parents,
        columns.start_lines,
        _names(file, columns),
        JoinedTexts(*columns.signatures()),
        JoinedTexts(*columns.docs),
        _apart(columns),
    )


def _names(file: FileRow, columns: OutlineColumns) -> JoinedTexts:
    """What each is called: a module by the last part of its qualified name."""
    text, separator = columns.names
    module = module_name(file.path).rpartition(".")[2]
    if text.startswith(separator) and separator * 2 not in text and not text.endswith(separator) and separator not in module:
        return JoinedTexts(module + text, separator)  # as in nearly every file, the module alone has no name of its own
    both = zip(text.split(separator), columns.nestings(), strict=True)
    return JoinedTexts.of([name or nesting.rpartition(".")[2] or module for name, nesting in both])


def _apart(columns: OutlineColumns) -> dict[int, str]:
    """What is around those definitions for which it does not follow from their parents."""
    text, separator = columns.names
    if "." not in text and not columns.apart:
        return {}
    apart = {place: nesting.rpartition(".")[0] for place, nesting in columns.apart.items()}
    nestings = columns.nestings()
    dotted = (place for place, name in enumerate(text.split(separator)) if "." in name and place not in apart)
    return apart | {place: nestings[place].rpartition(".")[0] for place in dotted}
