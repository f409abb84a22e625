"""The *outline* of a file, what it defines, as an array of columns.

What a file does with names (`indexing.use_columns`) is apart from it because most readers, from a search for a symbol to an
answer, ask for definitions alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.model.symbol import Definition, SymbolKind
from indexing.columns import ColumnReader, ColumnWriter, Integers
from indexing.languages.records import new_definition, new_span

# The order is part of the format: kinds are stored by their place here, new ones go to the end.
_SYMBOL_KINDS = tuple(SymbolKind)
_SYMBOL_NUMBERS = {kind: number for number, kind in enumerate(_SYMBOL_KINDS)}


def pack_outline(definitions: tuple[Definition, ...]) -> bytes:
    """Definitions as columns; `unpack_outline` gives them back."""
    columns = ColumnWriter()
    columns.unsigned([_SYMBOL_NUMBERS[item.kind] for item in definitions])
    columns.rising([item.span.start for item in definitions])
    columns.unsigned([item.span.end - item.span.start for item in definitions])
    columns.rising([item.span.start_line for item in definitions])
    columns.unsigned([item.span.end_line - item.span.start_line for item in definitions])
    columns.signed([item.name_line - item.span.start_line for item in definitions])
    columns.signed([index - item.parent for index, item in enumerate(definitions)])
    columns.strings([item.name for item in definitions])
    # The path of names follows from the parents nearly always.
    apart = [index for index, item in enumerate(definitions) if item.nesting != _nesting(definitions, index)]
    columns.unsigned(apart)
    columns.strings([definitions[index].nesting for index in apart])
    columns.strings([item.signature for item in definitions])
    columns.strings([item.doc for item in definitions])
    return columns.encoded()


def unpack_outline(encoded: bytes) -> tuple[Definition, ...]:
    """The definitions that `pack_outline` was given."""
    columns = ColumnReader(encoded)
    kinds, starts, sizes = columns.unsigned(), columns.rising(), columns.unsigned()
    first_lines, heights, name_lines = columns.rising(), columns.unsigned(), columns.signed()
    parents = [index - back for index, back in enumerate(columns.signed().tolist())]
    names = columns.strings()
    apart = dict(zip(columns.unsigned().tolist(), columns.strings(), strict=True))
    ends, last_lines = starts + sizes, first_lines + heights
    spans = list(map(new_span, starts.tolist(), ends.tolist(), first_lines.tolist(), last_lines.tolist()))
    return tuple(
        map(
            new_definition,
            names,
            _nestings(names, parents, apart),
            [_SYMBOL_KINDS[kind] for kind in kinds.tolist()],
            spans,
            (first_lines + name_lines).tolist(),
            parents,
            columns.strings(),
            columns.strings(),
        )
    )


@dataclass(frozen=True, slots=True)
class OutlineColumns:
    """What an outline tells, as it is stored: a record a definition would take ten times as long.

    `kinds` are positions in `tuple(SymbolKind)`, lines count from 1. `apart` holds the path of names of those definitions
    whose path does not follow from their parents. `names`, `signatures` and `docs` are each one text and what stands between
    its parts.
    """

    kinds: Integers
    start_lines: Integers
    end_lines: Integers
    name_lines: Integers
    parents: Integers
    names: tuple[str, str]
    apart: dict[int, str]
    signatures: tuple[str, str]
    docs: tuple[str, str]

    def nestings(self) -> list[str]:
        """The path of names of each definition."""
        text, separator = self.names
        return _nestings(text.split(separator), self.parents.tolist(), self.apart) if len(self.kinds) else []


def unpack_outline_columns(encoded: bytes) -> OutlineColumns:
    """What `pack_outline` was given, but for places in bytes."""
    columns = ColumnReader(encoded)
    kinds = columns.unsigned()
    columns.skip(2)
    start_lines, heights, name_lines, backs = columns.rising(), columns.unsigned(), columns.signed(), columns.signed()
    names = columns.joined_strings()
    apart = dict(zip(columns.unsigned().tolist(), columns.strings(), strict=True))
    return OutlineColumns(
        kinds,
        start_lines,
        start_lines + heights,
        start_lines + name_lines,
        np.arange(len(backs)) - backs,
        names,
        apart,
        columns.joined_strings(),
        columns.joined_strings(),
    )


def _nestings(names: Sequence[str], parents: Sequence[int], apart: Mapping[int, str]) -> list[str]:
    nestings: list[str] = []
    for index, (name, parent) in enumerate(zip(names, parents, strict=True)):
        nesting = apart.get(index)
        if nesting is None:
            outer = nestings[parent] if 0 <= parent < index else ""
            nesting = f"{outer}.{name}" if outer else name
        nestings.append(nesting)
    return nestings


def _nesting(definitions: tuple[Definition, ...], index: int) -> str:
    item = definitions[index]
    outer = definitions[item.parent].nesting if 0 <= item.parent < index else ""
    return f"{outer}.{item.name}" if outer else item.name
