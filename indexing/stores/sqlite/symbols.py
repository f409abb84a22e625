"""Symbols of a snapshot: read from the outlines of their files, named as the command line prints them."""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from posixpath import splitext

import numpy as np

from core.kept import Kept
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.definitions import DefinitionTable
from indexing.fact_columns import OutlineColumns, unpack_outline_columns
from indexing.languages.records import new_symbol
from indexing.linking.naming import module_name, qualified_name, unique_ids
from indexing.packed import name_hash
from indexing.stores.sqlite.definitions import read_definitions
from indexing.stores.sqlite.externals import ExternalTable
from indexing.stores.sqlite.keys import EXTERNAL, file_of, slot_of, symbol_key, unpack_slots
from indexing.stores.sqlite.names import NameTable
from indexing.stores.sqlite.rows import FileRow, Rows

_SYMBOL_KINDS = tuple(SymbolKind)
_KEPT_OUTLINES = 4_096
_KEPT_FILES = 256
"""Files whose symbols are kept: an answer asks for those of the same ones again and again."""
_READ_SINGLY = 4
"""While less than one outline in so many was read for names, outlines are read one by one; then all are put into a table."""
_MOST_FILES = 2_000
"""A name that more files define is looked for in those whose own names are shortest."""


class Outline:
    """The definitions of a file, read one by one as they are asked for; `ordinal` finds one by its slot."""

    __slots__ = ("_columns", "_docs", "_kinds", "_nestings", "_ordinals", "_signatures", "names", "parents", "slots")

    def __init__(self, columns: OutlineColumns, slots: Sequence[int]) -> None:
        self._columns = columns
        self._kinds: list[int] = columns.kinds.tolist()
        self.names = _apart(columns.names) if self._kinds else []
        self.parents: list[int] = columns.parents.tolist()
        self.slots = slots
        self._nestings: list[str] | None = None
        self._ordinals: dict[int, int] | None = None
        self._signatures: list[str] | None = None
        self._docs: list[str] | None = None

    def __len__(self) -> int:
        return len(self._kinds)

    def ordinal(self, slot: int) -> int:
        """The place of a definition; KeyError for a slot that there is not."""
        if self._ordinals is None:
            self._ordinals = {held: index for index, held in enumerate(self.slots)}
        return self._ordinals[slot]

    def kind(self, index: int) -> SymbolKind:
        """What it defines."""
        return _SYMBOL_KINDS[self._kinds[index]]

    def nesting(self, index: int) -> str:
        """Its path of names."""
        if self._nestings is None:
            self._nestings = self._columns.nestings()
        return self._nestings[index]

    def lines(self, index: int) -> tuple[int, int]:
        """Its first and last line."""
        return int(self._columns.start_lines[index]), int(self._columns.end_lines[index])

    def on_lines(self, start_line: int, end_line: int) -> list[int]:
        """Those that have any of these lines."""
        columns = self._columns
        return np.flatnonzero((columns.start_lines <= end_line) & (columns.end_lines >= start_line)).tolist()

    def by_line(self, indexes: Iterable[int]) -> list[int]:
        """`indexes` with the module first, then by their first lines."""
        starts = self._columns.start_lines
        return sorted(indexes, key=lambda index: (index > 0, starts[index], self.slots[index]))

    def name_line(self, index: int) -> int:
        """Where its name stands."""
        return int(self._columns.name_lines[index])

    def signature(self, index: int) -> str:
        """One line without the body."""
        if self._signatures is None:
            self._signatures = _apart(self._columns.signatures())
        return self._signatures[index]

    def doc(self, index: int) -> str:
        """The first paragraph of its doc comment."""
        if self._docs is None:
            self._docs = _apart(self._columns.docs)
        return self._docs[index]


def _apart(joined: tuple[str, str]) -> list[str]:
    text, separator = joined
    return text.split(separator)


class SymbolTable:
    """Symbols by key, file and name."""

    def __init__(self, rows: Rows, files: Sequence[FileRow]) -> None:
        self._rows = rows
        self._named = NameTable(rows)
        self._externals = ExternalTable(rows)
        self._files = {file.id: file for file in files}
        self._by_path = {file.path: file for file in files}
        self._outlines = Kept[int, Outline](_KEPT_OUTLINES)
        self._kept_ids = Kept[int, list[str]](_KEPT_OUTLINES)
        self._of_file = Kept[str, list[Symbol]](_KEPT_FILES)
        self._left_to_read = len(files) // _READ_SINGLY

    def symbols(self, keys: Sequence[int]) -> list[Symbol]:
        """In the order of `keys`; KeyError for an unknown one."""
        names = self._externals.among([key - EXTERNAL for key in map(int, keys) if key >= EXTERNAL])
        found = []
        for key in map(int, keys):
            if key >= EXTERNAL:
                found.append(self._external(key, *names[key - EXTERNAL]))
            else:
                file = self._files[file_of(key)]
                found.append(self._symbol(file, self.outline(file.id).ordinal(slot_of(key))))
        return found

    def names(self, keys: Sequence[int]) -> list[str]:
        """Their names alone, in the order of `keys`; KeyError for an unknown one."""
        names = self._externals.among([key - EXTERNAL for key in map(int, keys) if key >= EXTERNAL])
        held = self.table.rows_of(keys).tolist() if "table" in vars(self) else [-1] * len(keys)
        found = []
        for key, row in zip(map(int, keys), held, strict=True):
            if key >= EXTERNAL:
                name = names[key - EXTERNAL][1]
                found.append(name.rpartition(".")[2] or name)
            else:
                found.append(self.table.name_of[row] if row >= 0 else self._name(key))
        return found

    def _name(self, key: int) -> str:
        file = self._files[file_of(key)]
        outline = self.outline(file.id)
        index = outline.ordinal(slot_of(key))
        return outline.names[index] or qualified_name(module_name(file.path), outline.nesting(index)).rpartition(".")[2]

    @functools.cached_property
    def table(self) -> DefinitionTable:
        """Every definition of the source as arrays."""
        return read_definitions(self._rows, self._by_path, None)

    def of_file(self, path: str) -> list[Symbol]:
        """The module first, then the rest by line."""
        return list(self._of_file.get(path, self._read_file)) if path in self._by_path else []

    def on_lines(self, path: str, start_line: int, end_line: int) -> list[Symbol]:
        """Those of `of_file` that have any of these lines; where the file was not read lately, no others are made."""
        if path not in self._by_path:
            return []
        if path in self._of_file:
            return [one for one in self.of_file(path) if one.start_line <= end_line and start_line <= one.end_line]
        file = self._by_path[path]
        outline = self.outline(file.id)
        return self._symbols(file, outline.by_line(outline.on_lines(start_line, end_line)))

    def _read_file(self, path: str) -> list[Symbol]:
        file = self._by_path[path]
        outline = self.outline(file.id)
        return self._symbols(file, outline.by_line(range(len(outline))))

    def every(self) -> Iterator[Symbol]:
        """File by file in the order of paths, then the names from outside."""
        for file in self._by_path.values():
            if file.definitions:
                yield from self._symbols(file, range(file.definitions))
        for number, language, name in sorted(self._externals.all, key=lambda row: (row[2], row[1])):
            yield self._external(EXTERNAL + number, language, name)

    def module_of(self, path: str) -> Symbol | None:
        """What a file is as a whole; None where nothing is defined in it."""
        file = self._by_path.get(path)
        return self._symbol(file, 0) if file is not None and file.definitions else None

    def count(self) -> int:
        return sum(file.definitions for file in self._files.values()) + self._externals.count()

    def find(self, name: str, limit: int) -> list[Symbol]:
        """See `core.ports.SymbolReader.find_symbols`."""
        folded = name.casefold()

        def rank(symbol: Symbol) -> tuple[bool, bool, int, str]:
            exact = _answers_to(symbol.id, name) or _answers_to(symbol.qualified_name, name)
            return (not exact, symbol.kind is SymbolKind.EXTERNAL, len(symbol.qualified_name), symbol.id)

        found = [
            symbol
            for symbol in self._candidates(name)
            if symbol.id == name or _answers_to(symbol.qualified_name.casefold(), folded)
        ]
        return sorted(found, key=rank)[:limit]

    def _candidates(self, name: str) -> Iterator[Symbol]:
        """Symbols whose last name is that of `name`, whatever their case, or, as it may be an id, what that ends in."""
        parts = name.partition("#")[0].casefold().split(".")
        wanted = {*parts[-2:], name.rpartition(".")[2].casefold()}
        files = {file for part in wanted for file in self._named.files(name_hash(part), visible=False)}
        for part in wanted:
            files.update(self._modules_ending_in.get(part, ()))
        around = set(parts)

        def rank(file: FileRow) -> tuple[bool, int, str]:
            return (module_name(file.path).rpartition(".")[2].casefold() not in around, len(file.path), file.path)

        chosen = sorted((self._files[key] for key in files if key in self._files), key=rank)[:_MOST_FILES]
        self._left_to_read -= len(chosen)
        if self._left_to_read < 0:
            yield from self._named_in_table(name, wanted, chosen)
        else:
            yield from self._named_in_files(name, wanted, chosen)
        for last in sorted(wanted):
            for number, language, external in self._externals_ending_in.get(last, ()):
                yield self._external(EXTERNAL + number, language, external)

    def _named_in_files(self, name: str, wanted: Collection[str], files: Sequence[FileRow]) -> Iterator[Symbol]:
        """The same as `_named_in_table`, read from the outlines of the files."""
        folded = name.casefold()
        for file in files:
            module, outline = module_name(file.path), self.outline(file.id)
            for index, held in enumerate(outline.names):
                if index and held.casefold() not in wanted:
                    continue
                if _may_mean(qualified_name(module, outline.nesting(index)), name, folded):
                    yield self._symbol(file, index)

    def _named_in_table(self, name: str, wanted: Collection[str], files: Sequence[FileRow]) -> Iterator[Symbol]:
        """The definitions of files that are called as `wanted`, and their modules, of which those are left out that neither
        `name` as a path of names nor `name` as an id can mean."""
        table, folded = self.table, name.casefold()
        rows = {row for part in wanted for row in self._rows_called.get(part, ())}
        held: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            held[table.paths[table.files[row]]].append(row)
        for file in files:
            module = module_name(file.path)
            if _may_mean(module, name, folded):
                yield self._symbol(file, 0)
            for row in sorted(held.get(file.path, ())):
                if table.parents[row] < 0:
                    continue
                nesting = self._nesting(row)
                if nesting is None or _may_mean(qualified_name(module, nesting), name, folded):
                    yield self._symbol(file, self.outline(file.id).ordinal(slot_of(int(table.keys[row]))))

    def _nesting(self, row: int) -> str | None:
        """The path of names of a definition; None where its outline alone tells."""
        table, names = self.table, list[str]()
        while table.parents[row] >= 0:
            if table.is_apart[row]:
                return None
            names.append(table.name_of[row])
            row = int(table.parents[row])
        return ".".join(reversed(names))

    @functools.cached_property
    def _rows_called(self) -> dict[str, list[int]]:
        """Rows of the table by name, whatever its case."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(self.table.name_of):
            found[name.casefold()].append(row)
        return found

    @functools.cached_property
    def _modules_ending_in(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for file in self._files.values():
            found[module_name(file.path).rpartition(".")[2].casefold()].append(file.id)
        return found

    @functools.cached_property
    def _externals_ending_in(self) -> dict[str, list[tuple[int, str, str]]]:
        found: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for number, language, name in self._externals.all:
            found[name.rpartition(".")[2].casefold()].append((number, language, name))
        return found

    @functools.cached_property
    def _external_languages(self) -> dict[str, list[str]]:
        """The languages that use each name."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for _, language, name in self._externals.all:
            found[name].append(language)
        return found

    def outline(self, file: int) -> Outline:
        """The definitions of a file."""
        return self._outlines.get(file, self._outline)

    def _ids(self, file: int) -> list[str]:
        return self._kept_ids.get(file, self._ids_of)

    def _outline(self, file: int) -> Outline:
        stored = self._files[file]
        with self._rows.decoding():
            columns = unpack_outline_columns(self._rows.block(stored.block).outline(stored.member))
        return Outline(columns, unpack_slots(stored.slots, len(columns.kinds)))

    def _symbol(self, file: FileRow, index: int) -> Symbol:
        [found] = self._symbols(file, [index])
        return found

    def _symbols(self, file: FileRow, indexes: Iterable[int]) -> list[Symbol]:
        """Some definitions of one file: all that is the same for them is looked up once."""
        outline, ids, module = self.outline(file.id), self._ids(file.id), module_name(file.path)
        slots, parents, names = outline.slots, outline.parents, outline.names
        found = []
        for index in indexes:
            qualified, parent = qualified_name(module, outline.nesting(index)), parents[index]
            found.append(
                new_symbol(
                    symbol_key(file.id, slots[index]),
                    ids[index],
                    names[index] or qualified.rpartition(".")[2],
                    qualified,
                    outline.kind(index),
                    file.language,
                    file.path,
                    *outline.lines(index),
                    outline.signature(index),
                    outline.doc(index),
                    symbol_key(file.id, slots[parent]) if parent >= 0 else -1,
                )
            )
        return found

    def _external(self, key: int, language: str, name: str) -> Symbol:
        last = name.rpartition(".")[2] or name
        taken = {held for file in self._modules_holding(name) for held in self._ids(file) if held.startswith(name)}
        before = sum(other < language for other in self._external_languages.get(name, ()))
        wanted = itertools.chain((name,), (f"{name}#{n}" for n in itertools.count(2)))
        symbol_id = next(itertools.islice((free for free in wanted if free not in taken), before, None))
        return Symbol(key, symbol_id, last, name, SymbolKind.EXTERNAL, language, "", 0, 0, "", "", -1)

    # -- ids ---------------------------------------------------------------------------------------------------------

    def _ids_of(self, file: int) -> list[str]:
        """Ids of a file's definitions: told apart from those of the few files that may hold the same qualified names."""
        names = self._qualified(file)
        rivals = self._rivals(file, names)
        if not rivals and len(set(names)) == len(names):
            return names
        together = sorted((self._files[key] for key in {file, *rivals}), key=lambda row: row.path)
        ids = unique_ids([(splitext(row.path)[1], self._qualified(row.id)) for row in together], ())
        first = 0
        for row in together:
            if row.id == file:
                break
            first += row.definitions
        return ids[first : first + len(names)]

    def _qualified(self, file: int) -> list[str]:
        module = module_name(self._files[file].path)
        outline = self.outline(file)
        return [qualified_name(module, outline.nesting(index)) for index in range(len(outline))]

    def _rivals(self, file: int, names: Sequence[str]) -> set[int]:
        """Other files with a symbol of the same qualified name, or of one that is the same with its file's ending."""
        held = set(names)
        held.update(outer for outer, _, last in (name.rpartition(".") for name in names) if last in self._endings)
        within = {outer for name in held for outer in _and_around(name, names[0])}
        around = {key for name in within for key in self._modules.get(name, ())}
        around.update(self._modules_holding(names[0]))
        around.discard(file)
        return {key for key in around if not held.isdisjoint(self._qualified(key))}

    @functools.cached_property
    def _endings(self) -> set[str]:
        return {splitext(path)[1][1:] for path in self._by_path}

    def _modules_holding(self, name: str) -> list[int]:
        """Files whose module is `name` or one around it."""
        found: list[int] = []
        while name:
            found += self._modules.get(name, ())
            name = name.rpartition(".")[0]
        return found

    @functools.cached_property
    def _modules(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for file in self._files.values():
            found[module_name(file.path)].append(file.id)
        return found


def _and_around(name: str, module: str) -> Iterator[str]:
    """A name within a module, and what is around it in the module: not all of that is defined in the same file."""
    while len(name) > len(module):
        yield name
        name = name.rpartition(".")[0]


def _may_mean(qualified: str, name: str, folded: str) -> bool:
    """Whether `name`, which is `folded` without its case, may be an id or the end of a qualified name."""
    return name.startswith(qualified) or _answers_to(qualified.casefold(), folded)


def _answers_to(qualified: str, name: str) -> bool:
    return qualified == name or qualified.endswith("." + name)
