"""The *uses* of the files of a block, what they do with names, as columns: references, imports, bindings and namings.

An access path is told by its beginning and its end: the beginning is a word of the text nearly always, near the word of the
path before (`indexing.spots`), the end one of a few (`()`, `[]`, `(0)` for an argument). The line is then that of the word.
The kind of a record, how its paths are told, and their ends are one number, since they go together. Most bindings begin with
the word of a reference, such as the arguments of a call, and have its scope.

All files of a block are read at once, since arrays cost by their number; the strings are made for those that are asked for.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import zstandard
from numpy.typing import NDArray

from core.model.symbol import (
    Binding,
    BindingKind,
    Definition,
    Facts,
    Import,
    Naming,
    NamingKind,
    Reference,
    ReferenceKind,
)
from indexing.columns import Integers, same_once
from indexing.languages.records import new_binding, new_reference
from indexing.spots import NOWHERE, SoughtSpots, Spots
from indexing.tables import TableReader, TableWriter

# The order is part of the format: kinds and ends are stored by their place here, new ones go to the end.
_REFERENCE_KINDS = tuple(ReferenceKind)
_BINDING_KINDS = tuple(BindingKind)
_NAMING_KINDS = tuple(NamingKind)
_REFERENCE_NUMBERS = {kind: number for number, kind in enumerate(_REFERENCE_KINDS)}
_BINDING_NUMBERS = {kind: number for number, kind in enumerate(_BINDING_KINDS)}
_ENDS = (
    "", "()", "[]", "()[]", "[0]", "[1]", "(*)", "(**)", "().__iter__().__next__()",
    *(f"({number})" for number in range(10)),
)  # fmt: skip
_OWN_END = len(_ENDS)
"""Stands for an end that is told with the block."""
_END_NUMBERS = {end: number for number, end in enumerate(_ENDS)}

_IN_TEXT, _TOLD, _EMPTY = range(3)
"""How the beginning of a path is told: by a word of the text, as a string, or not at all where the path has none."""
_FORMS = (3, _OWN_END + 1)
_REFERENCE_FORM = (len(_REFERENCE_KINDS), *_FORMS)
_BINDING_FORM = (len(_BINDING_KINDS), *_FORMS, *_FORMS, 2)

Flags = NDArray[np.bool_]
"""Shape (n,)."""


@dataclass(frozen=True, slots=True)
class FileUses:
    """What one file does with names. `seen` are the places of the bindings that other files can notice, ascending."""

    references: tuple[Reference, ...] = ()
    imports: tuple[Import, ...] = ()
    bindings: tuple[Binding, ...] = ()
    namings: tuple[Naming, ...] = ()
    seen: tuple[int, ...] = ()

    def facts(self, definitions: tuple[Definition, ...]) -> Facts:
        """The facts of a file with these definitions."""
        return Facts(definitions, self.references, self.imports, self.bindings, self.namings)


def pack_uses(files: Sequence[FileUses], contents: Sequence[bytes], with_texts: zstandard.ZstdCompressor) -> bytes:
    """The uses of the files of a block as a blob; `BlockUses` gives them back. `contents` are their bytes, which the
    compressor has as its dictionary."""
    columns = TableWriter()
    counts = [(len(f.references), len(f.imports), len(f.bindings), len(f.namings), len(f.seen)) for f in files]
    for sizes in zip(*counts, strict=True):
        columns.unsigned(_integers(sizes))
    if any(map(any, counts)):
        columns.unsigned(_integers(list(map(len, contents))))
        _pack_records(columns, files, SoughtSpots(contents))
    return columns.blob(with_texts)


def _pack_records(columns: TableWriter, files: Sequence[FileUses], spots: SoughtSpots) -> None:
    references = list(chain.from_iterable(file.references for file in files))
    bindings = list(chain.from_iterable(file.bindings for file in files))
    imports = list(chain.from_iterable(file.imports for file in files))
    namings = list(chain.from_iterable(file.namings for file in files))
    reference_lines = _integers([item.line for item in references])
    reference_lines += np.repeat(spots.first_lines, [len(file.references) for file in files])
    binding_lines = _integers([item.line for item in bindings])
    binding_lines += np.repeat(spots.first_lines, [len(file.bindings) for file in files])
    paths = _PathWriter(spots)
    targets = paths.packed([item.target for item in references], reference_lines)
    names = paths.packed([item.name for item in bindings], binding_lines)
    values = paths.packed([item.value for item in bindings], binding_lines)

    in_text = targets.words != NOWHERE
    found = targets.words[in_text]
    scopes = _integers([item.scope for item in references])
    kinds = _integers([_REFERENCE_NUMBERS[item.kind] for item in references])
    columns.unsigned(_joined(_REFERENCE_FORM, kinds, targets.states, targets.ends))
    columns.rising(found)
    columns.signed(reference_lines - _expected_lines(in_text, found, spots))
    columns.rising(scopes)
    marks = _Marks(in_text, found, scopes)

    first = np.where(names.words != NOWHERE, names.words, values.words)
    both = (names.words != NOWHERE) & (values.words != NOWHERE)
    in_text = first != NOWHERE
    found = first[in_text]
    ranks = np.searchsorted(marks.words, found)
    by_reference = np.append(marks.words, NOWHERE)[ranks] == found
    is_by_reference = np.zeros(len(bindings), np.int64)
    is_by_reference[in_text] = by_reference
    kinds = _integers([_BINDING_NUMBERS[item.kind] for item in bindings])
    columns.unsigned(_joined(_BINDING_FORM, kinds, names.states, names.ends, values.states, values.ends, is_by_reference))
    columns.rising(ranks[by_reference])
    columns.signed(np.diff(found, prepend=0)[~by_reference])
    columns.signed(values.words[both] - names.words[both])
    columns.signed(binding_lines - _expected_lines(in_text, found, spots))
    columns.signed(_integers([item.scope for item in bindings]) - marks.expected_scopes(in_text, found))

    for part in (targets, names, values):
        columns.unsigned(_integers(part.own_ends))
        columns.strings(part.told)
    columns.strings(list(paths.own_ends))
    columns.strings([item.module for item in imports])
    columns.strings([item.name for item in imports])
    columns.strings([item.local for item in imports])
    columns.unsigned(_integers([item.level for item in imports]))
    columns.unsigned(_integers([item.scope for item in imports]))
    columns.rising(_integers([item.line for item in imports]))
    columns.strings([item.target for item in namings])
    columns.unsigned(_integers([item.kind for item in namings]))
    columns.unsigned(_integers([item.scope for item in namings]))
    columns.rising(_integers([item.line for item in namings]))
    columns.rising(_integers(list(chain.from_iterable(file.seen for file in files))))


class BlockUses:
    """The uses of the files of a block, of which `pack_uses` made a blob.

    What is damaged raises `indexing.columns.DAMAGE`.
    """

    def __init__(self, blob: bytes, texts: bytes, with_texts: zstandard.ZstdDecompressor) -> None:
        """`texts` are the bytes of all files, which the decompressor has as its dictionary."""
        columns = TableReader(blob, with_texts)
        counts = [columns.unsigned() for _ in range(5)]
        self._bounds = [_after(0, np.cumsum(sizes)) for sizes in counts]
        self._files = len(counts[0])
        if not any(bounds[-1] for bounds in self._bounds):
            return
        ends = np.cumsum(columns.unsigned())
        contents = [texts[start:end] for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)]
        spots = Spots(contents)

        kinds, states, path_ends = _parted(_REFERENCE_FORM, columns.unsigned())
        in_text, found = states == _IN_TEXT, columns.rising()
        lines = columns.signed() + _expected_lines(in_text, found, spots)
        scopes = columns.rising()
        marks = _Marks(in_text, found, scopes)
        # In half the room and less: many blocks are kept open.
        self._reference_kinds, self._reference_scopes = kinds.astype(np.int8), scopes.astype(np.uint32)
        self._reference_lines = (lines - np.repeat(spots.first_lines, counts[0])).astype(np.uint32)
        targets = _StoredPaths(states, _spread(in_text, found), path_ends)

        kinds, name_states, name_ends, value_states, value_ends, is_by_reference = _parted(_BINDING_FORM, columns.unsigned())
        has_name, has_value = name_states == _IN_TEXT, value_states == _IN_TEXT
        in_text = has_name | has_value
        found = _first_words(is_by_reference[in_text] != 0, marks.words[columns.rising()], columns.signed())
        first = _spread(in_text, found)
        steps = np.zeros(len(kinds), np.int64)
        steps[has_name & has_value] = columns.signed()
        lines = columns.signed() + _expected_lines(in_text, found, spots)
        self._binding_kinds = kinds.astype(np.int8)
        self._binding_lines = (lines - np.repeat(spots.first_lines, counts[2])).astype(np.uint32)
        self._binding_scopes = (columns.signed() + marks.expected_scopes(in_text, found)).astype(np.uint32)
        names = _StoredPaths(name_states, np.where(has_name, first, NOWHERE), name_ends)
        values = _StoredPaths(value_states, np.where(has_value, first + steps, NOWHERE), value_ends)

        told = [(columns.unsigned(), columns.strings()) for _ in range(3)]
        own_ends = columns.strings()
        self._targets, self._names, self._values = (
            _Paths(spots, part, ends, strings, own_ends)
            for part, (ends, strings) in zip((targets, names, values), told, strict=True)
        )
        self._modules, self._imported, self._local = columns.strings(), columns.strings(), columns.strings()
        self._levels, self._import_scopes, self._import_lines = columns.unsigned(), columns.unsigned(), columns.rising()
        self._naming_targets = columns.strings()
        self._naming_kinds, self._naming_scopes, self._naming_lines = (
            columns.unsigned(), columns.unsigned(), columns.rising(),
        )  # fmt: skip
        self._seen = columns.rising()

    def file(self, member: int) -> FileUses:
        """All that the file of this number uses."""
        references, imports, bindings, namings, seen = self._parts(member)
        if not self._has_any:
            return FileUses()
        return FileUses(
            self._references(np.arange(references.start, references.stop)),
            self._imports(range(imports.start, imports.stop)),
            self._bindings(np.arange(bindings.start, bindings.stop)),
            tuple(
                map(
                    Naming,
                    self._naming_targets[namings],
                    (_NAMING_KINDS[number] for number in self._naming_kinds[namings].tolist()),
                    self._naming_scopes[namings].tolist(),
                    self._naming_lines[namings].tolist(),
                )
            ),
            tuple(self._seen[seen].tolist()),
        )

    def seen(self, member: int, kinds: Collection[ReferenceKind]) -> FileUses:
        """What other files can notice of it, a fraction of the work of `file`: references of these kinds, imports of the
        file's own scope, the bindings that were `seen`."""
        references, imports, bindings, _, seen = self._parts(member)
        if not self._has_any:
            return FileUses()
        # `np.isin` takes ten times as long over the few of a file.
        is_chosen = np.array([kind in kinds for kind in _REFERENCE_KINDS])
        chosen = references.start + np.flatnonzero(is_chosen[self._reference_kinds[references]])
        own = imports.start + np.flatnonzero(self._import_scopes[imports] == 0)
        return FileUses(
            self._references(chosen), self._imports(own.tolist()), self._bindings(bindings.start + self._seen[seen])
        )

    @property
    def _has_any(self) -> bool:
        return any(bounds[-1] for bounds in self._bounds)

    def _parts(self, member: int) -> list[slice]:
        """Where the references, imports, bindings, namings and seen bindings of a file lie."""
        if not 0 <= member < self._files:
            raise IndexError(f"a block of {self._files} files has none of number {member}")
        return [slice(*bounds[member : member + 2].tolist()) for bounds in self._bounds]

    def _references(self, chosen: Integers) -> tuple[Reference, ...]:
        return tuple(
            map(
                new_reference,
                map(_REFERENCE_KINDS.__getitem__, self._reference_kinds[chosen].tolist()),
                self._targets.of(chosen),
                self._reference_scopes[chosen].tolist(),
                self._reference_lines[chosen].tolist(),
            )
        )

    def _imports(self, chosen: Iterable[int]) -> tuple[Import, ...]:
        return tuple(
            Import(
                self._modules[i],
                self._imported[i],
                self._local[i],
                int(self._levels[i]),
                int(self._import_scopes[i]),
                int(self._import_lines[i]),
            )
            for i in chosen
        )

    def _bindings(self, chosen: Integers) -> tuple[Binding, ...]:
        return tuple(
            map(
                new_binding,
                map(_BINDING_KINDS.__getitem__, self._binding_kinds[chosen].tolist()),
                self._names.of(chosen),
                self._values.of(chosen),
                self._binding_scopes[chosen].tolist(),
                self._binding_lines[chosen].tolist(),
            )
        )


class _Marks:
    """The words of references by which bindings are told: `words` ascending, each once."""

    def __init__(self, in_text: Flags, found: Integers, scopes: Integers) -> None:
        order = np.argsort(found, kind="stable")
        ordered = found[order]
        firsts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
        self.words = ordered[firsts]
        self._scopes = scopes[in_text][order[firsts]]

    def expected_scopes(self, in_text: Flags, found: Integers) -> Integers:
        """The scope of each binding if it is that of the last reference up to its word, or, where it has none, up to that of
        the binding before; 0 before all."""
        by_word = _after(0, self._scopes)[np.searchsorted(self.words, found, side="right")]
        expected: Integers = _after(0, by_word)[np.cumsum(in_text)]
        return expected


@dataclass(frozen=True, slots=True)
class _StoredPaths:
    """Access paths, parallel arrays: how each beginning is told, its word or `NOWHERE`, and the number of its end."""

    states: Integers
    words: Integers
    ends: Integers


class _Paths:
    """Access paths to read: `own_places` are the places of their own ends among `own_ends`, `told` the beginnings that are
    told, in their order."""

    def __init__(
        self, spots: Spots, stored: _StoredPaths, own_places: Integers, told: list[str], own_ends: list[str]
    ) -> None:
        self._spots, self._told = spots, told
        self._begins, self._stops = spots.bounds(stored.words)
        self._ends = [*_ENDS, *own_ends]
        ends = stored.ends
        ends[stored.ends == _OWN_END] = _OWN_END + own_places
        self._end_places = ends.astype(np.int32)
        is_told = stored.states == _TOLD
        self._told_places = np.where(is_told, np.cumsum(is_told) - 1, NOWHERE).astype(np.int32)

    def of(self, chosen: Integers) -> list[str]:
        """The paths at some places."""
        told = self._told_places[chosen]
        found = self._spots.words(self._begins[chosen], self._stops[chosen])
        for place in np.flatnonzero(told != NOWHERE).tolist():
            found[place] = self._told[told[place]]
        ends = map(self._ends.__getitem__, self._end_places[chosen].tolist())
        return same_once(list(map(operator.add, found, ends)))


@dataclass(frozen=True, slots=True)
class _PackedPaths:
    """As `_StoredPaths`, with what has to be told: beginnings, and the places of own ends."""

    states: Integers
    words: Integers
    ends: Integers
    told: list[str]
    own_ends: list[int]


class _PathWriter:
    """Tells access paths by the words of texts; `own_ends` are the ends that have to be told, by their places."""

    def __init__(self, spots: SoughtSpots) -> None:
        self.own_ends: dict[str, int] = {}
        self._spots = spots
        self._begins: dict[str, str] = {}
        self._ends: dict[str, int] = {}

    def packed(self, paths: list[str], lines: Integers) -> _PackedPaths:
        begins, ends = self._begins, self._ends
        for path in set(paths).difference(begins):
            begin = path.partition("(")[0]
            if "[" in begin:
                begin = begin.partition("[")[0]
            begins[path] = begin
            ends[path] = _END_NUMBERS.get(path[len(begin) :], _OWN_END)
        beginnings = list(map(begins.__getitem__, paths))
        words = self._spots.numbers(beginnings, lines)
        numbers = _integers(list(map(ends.__getitem__, paths)))
        states = np.full(len(paths), _IN_TEXT, np.int64)
        told = []
        for place in np.flatnonzero(words == NOWHERE).tolist():
            states[place] = _TOLD if beginnings[place] else _EMPTY
            if beginnings[place]:
                told.append(beginnings[place])
        own = []
        for place in np.flatnonzero(numbers == _OWN_END).tolist():
            end = paths[place][len(beginnings[place]) :]
            own.append(self.own_ends.setdefault(end, len(self.own_ends)))
        return _PackedPaths(states, words, numbers, told, own)


def _first_words(by_reference: Flags, given: Integers, steps: Integers) -> Integers:
    """The first word of each binding: that of a reference, in their order, or so many after the binding before."""
    moved = np.zeros(len(by_reference), np.int64)
    moved[~by_reference] = steps
    moved = np.cumsum(moved)
    # Counted from the last that was given, 0 where none was.
    last = np.cumsum(by_reference)
    found: Integers = _after(0, given)[last] + moved - _after(0, moved[by_reference])[last]
    return found


def _expected_lines(in_text: Flags, found: Integers, spots: Spots) -> Integers:
    """The line of the word of each record, or of the last before that has one; 0 before all."""
    expected: Integers = _after(0, spots.lines(found))[np.cumsum(in_text)]
    return expected


def _after(first: int, values: Integers) -> Integers:
    """One number before others; `np.append` takes four times as long over the few of a block."""
    found = np.empty(len(values) + 1, np.int64)
    found[0], found[1:] = first, values
    return found


def _spread(chosen: Flags, values: Integers) -> Integers:
    """The values at the chosen places, `NOWHERE` at all others."""
    found = np.full(len(chosen), NOWHERE, np.int64)
    found[chosen] = values
    return found


def _joined(sizes: Sequence[int], *parts: Integers) -> Integers:
    """Numbers, each below its size, as one."""
    found = parts[0]
    for size, part in zip(sizes[1:], parts[1:], strict=True):
        found = found * size + part
    return found


def _parted(sizes: Sequence[int], joined: Integers) -> list[Integers]:
    """The numbers of which `_joined` made one."""
    found: list[Integers] = []
    for size in reversed(sizes[1:]):
        joined, part = np.divmod(joined, size)
        found.append(part)
    return [joined, *reversed(found)]


def _integers(values: Sequence[int]) -> Integers:
    return np.array(values, np.int64)
