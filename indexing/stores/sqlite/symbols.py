"""Symbols of a snapshot: read from the outlines of their files, named as the command line prints them."""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from posixpath import splitext

from core.kept import Kept
from core.model.symbol import Definition, Symbol, SymbolKind
from core.retrieval.definitions import DefinitionTable
from indexing.fact_columns import unpack_outline
from indexing.linking.naming import module_name, qualified_name, unique_ids
from indexing.packed import name_hash
from indexing.stores.sqlite.definitions import read_definitions
from indexing.stores.sqlite.keys import EXTERNAL, file_of, slot_of, symbol_key, unpack_slots
from indexing.stores.sqlite.rows import FileRow, Rows

_KEPT_OUTLINES = 4_096
_MOST_FILES = 2_000
"""A name that more files define is looked for in those whose own names are shortest."""


class Outline:
    """The definitions of a file and their slots; `ordinals` finds a definition by its slot."""

    __slots__ = ("definitions", "ordinals", "slots")

    def __init__(self, definitions: tuple[Definition, ...], slots: Sequence[int]) -> None:
        self.definitions = definitions
        self.slots = slots
        self.ordinals = {slot: index for index, slot in enumerate(slots)}


class SymbolTable:
    """Symbols by key, file and name."""

    def __init__(self, rows: Rows, files: Sequence[FileRow]) -> None:
        self._rows = rows
        self._files = {file.id: file for file in files}
        self._by_path = {file.path: file for file in files}
        self._outlines = Kept[int, Outline](_KEPT_OUTLINES)
        self._kept_ids = Kept[int, list[str]](_KEPT_OUTLINES)

    def symbols(self, keys: Sequence[int]) -> list[Symbol]:
        """In the order of `keys`; KeyError for an unknown one."""
        names = self._external_names([key - EXTERNAL for key in map(int, keys) if key >= EXTERNAL])
        found = []
        for key in map(int, keys):
            if key >= EXTERNAL:
                found.append(self._external(key, *names[key - EXTERNAL]))
            else:
                file = self._files[file_of(key)]
                found.append(self._symbol(file, self.outline(file.id).ordinals[slot_of(key)]))
        return found

    def names(self, keys: Sequence[int]) -> list[str]:
        """Their names alone, in the order of `keys`; KeyError for an unknown one."""
        names = self._external_names([key - EXTERNAL for key in map(int, keys) if key >= EXTERNAL])
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
        definition = outline.definitions[outline.ordinals[slot_of(key)]]
        return definition.name or qualified_name(module_name(file.path), definition.nesting).rpartition(".")[2]

    @functools.cached_property
    def table(self) -> DefinitionTable:
        """Every definition of the source as arrays."""
        return read_definitions(self._rows, list(self._files.values()), None)

    def of_file(self, path: str) -> list[Symbol]:
        """The module first, then the rest by line."""
        file = self._by_path.get(path)
        if file is None:
            return []
        found = [self._symbol(file, index) for index in range(len(self.outline(file.id).definitions))]
        return found[:1] + sorted(found[1:], key=lambda symbol: (symbol.start_line, symbol.key))

    def every(self) -> Iterator[Symbol]:
        """File by file in the order of paths, then the names from outside."""
        for file in self._by_path.values():
            for index in range(file.definitions):
                yield self._symbol(file, index)
        for number, language, name in self._rows.all("SELECT id, language, name FROM externals ORDER BY name, language"):
            yield self._external(EXTERNAL + number, language, name)

    def count(self) -> int:
        [(externals,)] = self._rows.all("SELECT COUNT(*) FROM externals")
        return sum(file.definitions for file in self._files.values()) + int(externals)

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
        files = {row[0] for row in self._rows.among("SELECT file FROM names WHERE hash IN", map(name_hash, wanted))}
        for part in wanted:
            files.update(self._modules_ending_in.get(part, ()))
        around = set(parts)

        def rank(file: FileRow) -> tuple[bool, int, str]:
            return (module_name(file.path).rpartition(".")[2].casefold() not in around, len(file.path), file.path)

        chosen = sorted((self._files[key] for key in files if key in self._files), key=rank)
        for file in chosen[:_MOST_FILES]:
            for index, definition in enumerate(self.outline(file.id).definitions):
                if not index or definition.name.casefold() in wanted:
                    yield self._symbol(file, index)
        for last in sorted(wanted):
            for number, language, external in self._externals_ending_in.get(last, ()):
                yield self._external(EXTERNAL + number, language, external)

    @functools.cached_property
    def _modules_ending_in(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for file in self._files.values():
            found[module_name(file.path).rpartition(".")[2].casefold()].append(file.id)
        return found

    @functools.cached_property
    def _externals_ending_in(self) -> dict[str, list[tuple[int, str, str]]]:
        found: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for number, language, name in self._rows.all("SELECT id, language, name FROM externals"):
            found[name.rpartition(".")[2].casefold()].append((number, language, name))
        return found

    @functools.cached_property
    def _external_languages(self) -> dict[str, list[str]]:
        """The languages of names that several use."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, language in self._rows.all(
            "SELECT name, language FROM externals WHERE name IN"
            " (SELECT name FROM externals GROUP BY name HAVING COUNT(*) > 1)"
        ):
            found[name].append(language)
        return found

    def outline(self, file: int) -> Outline:
        """The definitions of a file."""
        return self._outlines.get(file, self._outline)

    def _ids(self, file: int) -> list[str]:
        return self._kept_ids.get(file, self._ids_of)

    def _outline(self, file: int) -> Outline:
        rows = self._rows.all(
            "SELECT block, member, slots FROM files JOIN contents ON contents.id = files.content WHERE files.id = ?", file
        )
        [(block, member, slots)] = rows
        with self._rows.decoding():
            definitions = unpack_outline(self._rows.block(block).outline(member))
        return Outline(definitions, unpack_slots(slots, len(definitions)))

    def _symbol(self, file: FileRow, index: int) -> Symbol:
        outline = self.outline(file.id)
        definition, slots = outline.definitions[index], outline.slots
        qualified = qualified_name(module_name(file.path), definition.nesting)
        return Symbol(
            symbol_key(file.id, slots[index]),
            self._ids(file.id)[index],
            definition.name or qualified.rpartition(".")[2],
            qualified,
            definition.kind,
            file.language,
            file.path,
            definition.span.start_line,
            definition.span.end_line,
            definition.signature,
            definition.doc,
            symbol_key(file.id, slots[definition.parent]) if definition.parent >= 0 else -1,
        )

    def _external(self, key: int, language: str, name: str) -> Symbol:
        last = name.rpartition(".")[2] or name
        taken = {held for file in self._modules_holding(name) for held in self._ids(file) if held.startswith(name)}
        before = sum(other < language for other in self._external_languages.get(name, ()))
        wanted = itertools.chain((name,), (f"{name}#{n}" for n in itertools.count(2)))
        symbol_id = next(itertools.islice((free for free in wanted if free not in taken), before, None))
        return Symbol(key, symbol_id, last, name, SymbolKind.EXTERNAL, language, "", 0, 0, "", "", -1)

    def _external_names(self, numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
        rows = self._rows.among("SELECT id, language, name FROM externals WHERE id IN", numbers)
        return {number: (language, name) for number, language, name in rows}

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
        return [qualified_name(module, definition.nesting) for definition in self.outline(file).definitions]

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


def _answers_to(qualified: str, name: str) -> bool:
    return qualified == name or qualified.endswith("." + name)
