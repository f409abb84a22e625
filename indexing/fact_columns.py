"""Facts as two arrays of columns: the *outline* (what a file defines) and the *uses* (what it does with names).

They are apart because most readers, from a search for a symbol to an answer, ask for definitions alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.model.symbol import (
    BindingKind,
    Definition,
    Facts,
    Import,
    Naming,
    NamingKind,
    ReferenceKind,
    SymbolKind,
)
from indexing.columns import ColumnReader, ColumnWriter, Integers
from indexing.languages.records import new_binding, new_definition, new_reference, new_span

# The order is part of the format: kinds are stored by their place here, new ones go to the end.
_SYMBOL_KINDS = tuple(SymbolKind)
_REFERENCE_KINDS = tuple(ReferenceKind)
_BINDING_KINDS = tuple(BindingKind)
_NAMING_KINDS = tuple(NamingKind)
_NAMING_COLUMNS = 4
_SYMBOL_NUMBERS = {kind: number for number, kind in enumerate(_SYMBOL_KINDS)}
_REFERENCE_NUMBERS = {kind: number for number, kind in enumerate(_REFERENCE_KINDS)}
_BINDING_NUMBERS = {kind: number for number, kind in enumerate(_BINDING_KINDS)}


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


def pack_uses(facts: Facts, seen: Sequence[int]) -> bytes:
    """References, imports, bindings and namings as columns; `unpack_uses` gives them back. `seen` are the places of the
    bindings that other files can notice, ascending."""
    columns = ColumnWriter()
    columns.unsigned([_REFERENCE_NUMBERS[item.kind] for item in facts.references])
    columns.strings([item.target for item in facts.references])
    columns.rising([item.scope for item in facts.references])
    columns.rising([item.line for item in facts.references])
    columns.strings([item.module for item in facts.imports])
    columns.strings([item.name for item in facts.imports])
    columns.strings([item.local for item in facts.imports])
    columns.unsigned([item.level for item in facts.imports])
    columns.unsigned([item.scope for item in facts.imports])
    columns.rising([item.line for item in facts.imports])
    columns.unsigned([_BINDING_NUMBERS[item.kind] for item in facts.bindings])
    columns.strings([item.name for item in facts.bindings])
    columns.strings([item.value for item in facts.bindings])
    columns.rising([item.scope for item in facts.bindings])
    columns.rising([item.line for item in facts.bindings])
    columns.strings([item.target for item in facts.namings])
    columns.unsigned([item.kind for item in facts.namings])
    columns.unsigned([item.scope for item in facts.namings])
    columns.rising([item.line for item in facts.namings])
    columns.rising(seen)
    return columns.encoded()


def unpack_uses(encoded: bytes, definitions: tuple[Definition, ...]) -> Facts:
    """The facts of which `pack_uses` kept all but the definitions."""
    columns = ColumnReader(encoded)
    references = tuple(
        map(
            new_reference,
            [_REFERENCE_KINDS[kind] for kind in columns.unsigned().tolist()],
            columns.strings(),
            columns.rising().tolist(),
            columns.rising().tolist(),
        )
    )
    imports = tuple(
        map(
            Import,
            columns.strings(),
            columns.strings(),
            columns.strings(),
            columns.unsigned().tolist(),
            columns.unsigned().tolist(),
            columns.rising().tolist(),
        )
    )
    bindings = tuple(
        map(
            new_binding,
            [_BINDING_KINDS[kind] for kind in columns.unsigned().tolist()],
            columns.strings(),
            columns.strings(),
            columns.rising().tolist(),
            columns.rising().tolist(),
        )
    )
    namings = tuple(
        map(
            Naming,
            columns.strings(),
            (_NAMING_KINDS[number] for number in columns.unsigned().tolist()),
            columns.unsigned().tolist(),
            columns.rising().tolist(),
        )
    )
    return Facts(definitions, references, imports, bindings, namings)


def unpack_seen(encoded: bytes, definitions: tuple[Definition, ...], kinds: Collection[ReferenceKind]) -> Facts:
    """What other files can notice of a file, a fifth of the work of `unpack_uses`: references of these kinds, imports of the
    file's own scope, the bindings that were `seen`."""
    columns = ColumnReader(encoded)
    # `np.isin` takes ten times as long over the few of a file.
    is_chosen = np.array([kind in kinds for kind in _REFERENCE_KINDS])
    sorts, targets, scopes, lines = columns.unsigned(), columns.parts(), columns.rising(), columns.rising()
    chosen = np.flatnonzero(is_chosen[sorts])
    references = tuple(
        new_reference(_REFERENCE_KINDS[kind], targets[i], scope, line)
        for i, kind, scope, line in zip(
            chosen.tolist(), sorts[chosen].tolist(), scopes[chosen].tolist(), lines[chosen].tolist(), strict=True
        )
    )
    modules, names, local = columns.parts(), columns.parts(), columns.parts()
    levels, scopes, lines = columns.unsigned(), columns.unsigned(), columns.rising()
    own = np.flatnonzero(scopes == 0).tolist()
    imports = tuple(Import(modules[i], names[i], local[i], int(levels[i]), 0, int(lines[i])) for i in own)
    sorts, names, values, scopes, lines = (
        columns.unsigned(), columns.parts(), columns.parts(), columns.rising(), columns.rising(),
    )  # fmt: skip
    columns.skip(_NAMING_COLUMNS)
    seen = columns.rising()
    bindings = tuple(
        new_binding(_BINDING_KINDS[kind], names[i], values[i], scope, line)
        for i, kind, scope, line in zip(
            seen.tolist(), sorts[seen].tolist(), scopes[seen].tolist(), lines[seen].tolist(), strict=True
        )
    )
    return Facts(definitions, references, imports, bindings)


def _nesting(definitions: tuple[Definition, ...], index: int) -> str:
    item = definitions[index]
    outer = definitions[item.parent].nesting if 0 <= item.parent < index else ""
    return f"{outer}.{item.name}" if outer else item.name
