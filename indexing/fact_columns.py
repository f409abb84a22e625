"""The *outline* of a file, what it defines, as an array of columns.

What a file does with names (`indexing.use_columns`) is apart from it because most readers, from a search for a symbol to an
answer, ask for definitions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.model.symbol import Definition, SymbolKind
from indexing.columns import ColumnReader, ColumnWriter, Integers, joined, same_once
from indexing.languages.records import new_definition, new_span

# The order is part of the format: kinds are stored by their place here, new ones go to the end.
_SYMBOL_KINDS = tuple(SymbolKind)
_SYMBOL_NUMBERS = {kind: number for number, kind in enumerate(_SYMBOL_KINDS)}

_TEXT_COLUMNS = 3
"""Columns of what `_pack_texts` is given."""
_NEAR = 2_000
"""Bytes from the beginning of a definition within which its name stands, and from a word of its signature the next."""


@dataclass(frozen=True, slots=True)
class StoredOutline:
    """What `pack_outline` made of the definitions of a file, and the file's bytes, in which their names stand."""

    encoded: bytes
    content: bytes


def pack_outline(definitions: tuple[Definition, ...], content: bytes) -> bytes:
    """Definitions as columns; `unpack_outline` gives them back.

    A name is told by how far from the beginning of its definition it stands, a signature by which bytes it is the words of:
    a byte each, and no string.
    """
    text = content.decode("latin-1")  # one character a byte; what is not ASCII is told as it is
    columns = ColumnWriter()
    columns.unsigned([_SYMBOL_NUMBERS[item.kind] for item in definitions])
    columns.rising([item.span.start for item in definitions])
    columns.unsigned([item.span.end - item.span.start for item in definitions])
    columns.rising([item.span.start_line for item in definitions])
    columns.unsigned([item.span.end_line - item.span.start_line for item in definitions])
    columns.signed([item.name_line - item.span.start_line for item in definitions])
    columns.signed([index - item.parent for index, item in enumerate(definitions)])
    _pack_texts(columns, [_name_place(text, item) for item in definitions], [item.name for item in definitions])
    # The path of names follows from the parents nearly always.
    apart = [index for index, item in enumerate(definitions) if item.nesting != _nesting(definitions, index)]
    columns.unsigned(apart)
    columns.strings([definitions[index].nesting for index in apart])
    _pack_texts(columns, [_signature_place(text, item) for item in definitions], [item.signature for item in definitions])
    columns.strings([item.doc for item in definitions])
    return columns.encoded()


def _name_place(text: str, item: Definition) -> tuple[int, int] | None:
    start = item.span.start
    place = text.find(item.name, start, start + _NEAR) if item.name and item.name.isascii() else -1
    return (place - start, len(item.name)) if place >= 0 else None


def _signature_place(text: str, item: Definition) -> tuple[int, int] | None:
    """Where the words of a signature stand, with nothing else between them."""
    start, signature = item.span.start, item.signature
    if not signature or not signature.isascii():
        return None
    if text.startswith(signature, start):
        first, end = start, start + len(signature)
    else:
        first = -1
        end = start
        for word in signature.split(" "):
            place = text.find(word, end, end + _NEAR)
            if place < 0:
                return None
            first = place if first < 0 else first
            end = place + len(word)
    return (first - start, end - first) if _on_one_line(text[first:end]) == signature else None


def _on_one_line(text: str) -> str:
    """The words of a text that stands on several lines or has gaps; of any other the text."""
    return " ".join(text.split()) if "\n" in text or "  " in text or "\t" in text else text


def _as_it_stands(text: str) -> str:
    return text


def _pack_texts(columns: ColumnWriter, places: Sequence[tuple[int, int] | None], texts: Sequence[str]) -> None:
    """Texts by where they are, from the start of their definitions on, and how long; with no length those that are told."""
    columns.unsigned([0 if place is None else place[1] for place in places])
    columns.unsigned([place[0] for place in places if place is not None])
    columns.strings([text for text, place in zip(texts, places, strict=True) if place is None])


def _unpack_texts(
    columns: ColumnReader, text: str, starts: Integers, read: Callable[[str], str] = _as_it_stands
) -> list[str]:
    """What `_pack_texts` was given; of what stands in the text what it is `read` as."""
    # Of the few of a file each by itself is quicker than arrays.
    sizes, offsets, told = columns.unsigned().tolist(), iter(columns.unsigned().tolist()), iter(columns.parts())
    return [
        read(text[(begin := start + next(offsets)) : begin + size]) if size else next(told)
        for start, size in zip(starts.tolist(), sizes, strict=True)
    ]


def unpack_outline(stored: StoredOutline) -> tuple[Definition, ...]:
    """The definitions that `pack_outline` was given."""
    columns, text = ColumnReader(stored.encoded), stored.content.decode("latin-1")
    kinds, starts, sizes = columns.unsigned(), columns.rising(), columns.unsigned()
    first_lines, heights, name_lines = columns.rising(), columns.unsigned(), columns.signed()
    parents = [index - back for index, back in enumerate(columns.signed().tolist())]
    names = same_once(_unpack_texts(columns, text, starts))
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
            _unpack_texts(columns, text, starts, _on_one_line),
            columns.strings(),
        )
    )


@dataclass(frozen=True, slots=True)
class OutlineColumns:
    """What an outline tells, as it is stored: a record a definition would take ten times as long.

    `kinds` are positions in `tuple(SymbolKind)`, lines count from 1. `apart` holds the path of names of those definitions
    whose path does not follow from their parents. `names`, `signatures()` and `docs` are each one text and what stands
    between its parts.
    """

    kinds: Integers
    start_lines: Integers
    end_lines: Integers
    name_lines: Integers
    parents: Integers
    names: tuple[str, str]
    apart: dict[int, str]
    packed_signatures: tuple[list[Any], str, Integers]
    docs: tuple[str, str]

    def signatures(self) -> tuple[str, str]:
        columns, text, starts = self.packed_signatures
        return joined(_unpack_texts(ColumnReader(columns), text, starts, _on_one_line))

    def nestings(self) -> list[str]:
        """The path of names of each definition."""
        text, separator = self.names
        return _nestings(text.split(separator), self.parents.tolist(), self.apart) if len(self.kinds) else []


def unpack_outline_columns(stored: StoredOutline) -> OutlineColumns:
    """What `pack_outline` was given, but for places in bytes."""
    columns, text = ColumnReader(stored.encoded), stored.content.decode("latin-1")
    kinds, starts = columns.unsigned(), columns.rising()
    columns.skip(1)
    start_lines, heights, name_lines, backs = columns.rising(), columns.unsigned(), columns.signed(), columns.signed()
    names = joined(_unpack_texts(columns, text, starts))
    apart = dict(zip(columns.unsigned().tolist(), columns.strings(), strict=True))
    return OutlineColumns(
        kinds,
        start_lines,
        start_lines + heights,
        start_lines + name_lines,
        np.arange(len(backs)) - backs,
        names,
        apart,
        (columns.taken(_TEXT_COLUMNS), text, starts),
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
