"""Dead-code candidates: what is reached from no entry point, each with the reasons to doubt it.

Reached is what an entry, the top level of a module, or something else that is reached uses; with a method what overrides it,
with a member its class, with a class what the language calls by itself. Whether that is all, no graph of a language with
reflection can tell, so a candidate has *caveats*: what would make it alive in a way that was not seen. A *likely* one has
none, a *possible* one only those that every library has (it is public; tests use it), a *doubtful* one others.

What only candidates without caveats use is a candidate as well, and says so; what one with caveats uses counts as reached.
Members of a class that is a candidate, and definitions of such a file, are not listed beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.graph.conventions import HARMLESS_MARKS, NOT_CODE, EntryKind
from core.graph.entries import Entry
from core.graph.uses import Uses
from core.graph.visibility import FileText, is_public, is_special
from core.graph.written import Writing, Written, written_elsewhere
from core.model.graph import EdgeKind
from core.model.source import FileRole, IndexedFile
from core.model.symbol import Symbol, SymbolKind
from core.ports import EdgeReader, EdgeRowReader, FileReader

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM})
_JUDGED = _CALLABLE | _TYPES
_MEMBERS = frozenset({SymbolKind.METHOD, SymbolKind.FIELD, SymbolKind.EXTERNAL})
_OTHERS = frozenset({FileRole.TEST, FileRole.EXAMPLE})
_NOT_OURS = frozenset({FileRole.GENERATED, FileRole.VENDORED})
"""Whatever is in such files is there for reasons of its own, and what it uses is used."""
_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_ANONYMOUS = _SCRIPTS | {"java", "kotlin", "scala", "csharp", "php"}
"""Languages with objects whose members are written where they are made."""
_IMPORTED = _SCRIPTS | {"python"}
"""Languages in which a file that nobody imports is not run."""
_NOMINAL = frozenset({"java", "kotlin", "scala", "csharp", "c"})
"""Languages in which a method fits a type only where its class says so (or that have none)."""
_PACKAGE_FILES = frozenset(
    {"__init__.py", "__init__.pyi", "index.ts", "index.js", "index.mjs", "index.tsx", "mod.rs", "lib.rs"}
)
_RUN_BY_NAME = frozenset({"setup.py", "conftest.py", "__main__.py", "__init__.py", "manage.py", "noxfile.py", "conf.py"})
_LOADED_FOLDERS = frozenset(
    ("migrations", "commands", "templatetags", "versions", "plugins", "pages", "routes", "locale", "bin", "scripts", "tasks")
)
_LOADED_STEMS = frozenset(
    ("page", "layout", "not-found", "loading", "error", "route", "template", "default", "middleware", "sitemap", "robots")
)
_MOST_ABOVE = 100
_DOING = "looking for dead code"


class Caveat(StrEnum):
    """Why a candidate may be alive all the same."""

    PUBLIC = "public"
    TESTS = "tests"
    """Tests or examples use it, and nothing else does."""
    EXPORTED = "exported"
    """The file that stands for a package imports it."""
    IMPORTED = "imported"
    """Another file imports it, and does nothing with it that was seen."""
    ANNOTATED = "annotated"
    """A framework may call it for its mark."""
    OVERRIDES = "overrides"
    """It takes the place of another or gives it up, or may take that of something from outside of the source."""
    SHARED_NAME = "shared_name"
    """Something of that name is called, and types do not tell that it is another."""
    HANDED_ON = "handed_on"
    """It is made where it is handed to something else."""
    RUN = "run"
    """A file that does something when it is run by itself."""
    DECLARED = "declared"
    """A header declares it."""
    DOCUMENTED = "documented"
    """A document names it."""
    STRING = "string"
    """A string or a setting names it."""
    PLACE = "place"
    """A file that a framework may look for where it lies."""
    WRITTEN = "written"
    """Code that no edge explains writes its name."""


_WEAK = frozenset({Caveat.PUBLIC, Caveat.TESTS, Caveat.DECLARED})


class Certainty(StrEnum):
    """How sure it is that a candidate is dead."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A caveat and what gives rise to it."""

    caveat: Caveat
    why: str


@dataclass(frozen=True, slots=True)
class DeadCandidate:
    """A definition, or a file (its module), that nothing seems to need. `used_by` are ids of candidates that use it."""

    symbol: Symbol
    lines: int
    doubts: tuple[Doubt, ...]
    used_by: tuple[str, ...]

    @property
    def certainty(self) -> Certainty:
        """From its caveats."""
        if not self.doubts:
            return Certainty.LIKELY
        weak = all(doubt.caveat in _WEAK for doubt in self.doubts)
        return Certainty.POSSIBLE if weak else Certainty.DOUBTFUL


@dataclass(frozen=True)
class DeadCode:
    """Candidates, the surest first, the largest of these first; `judged` counts the definitions that were looked at."""

    candidates: tuple[DeadCandidate, ...]
    judged: int


class DeadReader(FileReader, EdgeReader, EdgeRowReader, Protocol):
    """What the search reads."""


def find_dead(
    reader: DeadReader,
    files: Mapping[str, IndexedFile],
    symbols: Mapping[int, Symbol],
    entries: Iterable[Entry],
    cancellation: CancellationToken,
) -> DeadCode:
    """The candidates of the hand-written code of a source, of which `files`, `symbols` and `entries` are all; to be handed
    out alone makes no entry here."""
    return _Search(reader, files, symbols, entries, cancellation).run()


class _Search:
    def __init__(
        self,
        reader: DeadReader,
        files: Mapping[str, IndexedFile],
        symbols: Mapping[int, Symbol],
        entries: Iterable[Entry],
        cancellation: CancellationToken,
    ) -> None:
        self._reader, self._files, self._symbols = reader, files, symbols
        self._cancellation = cancellation
        self._entries = {entry.symbol.key for entry in entries if entry.kind is not EntryKind.EXPORTED}
        self._roles = {path: file.role for path, file in files.items()}
        self._inside: defaultdict[str, list[Symbol]] = defaultdict(list)
        self._children: defaultdict[int, list[int]] = defaultdict(list)
        self._overloads: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        """The definitions that a file has under one name."""
        for symbol in symbols.values():
            self._overloads[symbol.path, symbol.qualified_name].append(symbol.key)
            if symbol.path:
                self._inside[symbol.path].append(symbol)
                self._children[symbol.parent].append(symbol.key)
        cancellation.check(_DOING)
        self._uses = Uses(reader.edge_rows(), symbols)
        self._numbers = {key: number for number, key in enumerate(symbols)}
        self._texts: dict[str, FileText] = {}
        used = (symbols[key] for key in self._uses.users)
        self._used_names = {(symbol.path, symbol.qualified_name) for symbol in used if symbol.path}

    def run(self) -> DeadCode:
        follow = self._following()
        own: list[int] = []
        others: list[int] = []
        foreign: list[int] = []
        for key, symbol in self._symbols.items():
            if symbol.path:
                role = self._role(symbol)
                (others if role in _OTHERS else own).append(key)
                if role in _NOT_OURS:
                    foreign.append(key)
        roots = [key for key in own if self._symbols[key].kind is SymbolKind.MODULE and self._symbols[key].parent < 0]
        roots += [key for key in self._entries if self._role(self._symbols[key]) not in _OTHERS]
        roots += foreign
        alive = self._reached(follow, roots)
        tested = self._reached(follow, others)
        judged = [symbol for symbol in self._symbols.values() if self._is_judged(symbol)]
        dead = {symbol.key: symbol for symbol in judged if not alive[self._numbers[symbol.key]]}
        unused = {key for key, symbol in dead.items() if not self._is_used(symbol)}
        unread = {symbol.key: symbol for symbol in self._dead_files()}
        dead |= unread
        unused |= unread.keys()
        doubts = self._all_doubts(dead, tested)
        # That tests reach it says nothing of what it uses: that is reached by way of it, and needs no telling.
        doubted = {key for key, found in doubts.items() if any(doubt.caveat is not Caveat.TESTS for doubt in found)}
        starts = [*roots, *(doubted & unused)]
        alive = self._reached(follow, starts)
        doubted = {key for key in doubted if key in unused or not alive[self._numbers[key]]}
        alive = self._reached(follow, [*starts, *doubted])
        left = {key: one for key, one in dead.items() if key in doubted or key in unread or not alive[self._numbers[key]]}
        shown = {key: symbol for key, symbol in left.items() if not self._lies_in(symbol, left)}
        return DeadCode(tuple(self._told(shown, doubts)), len(judged))

    def _above(self, key: int) -> Iterator[int]:
        """The definition and those around it, the innermost first."""
        for _ in range(_MOST_ABOVE):
            if key not in self._symbols:
                return
            yield key
            key = self._symbols[key].parent

    def _is_within(self, inner: int, outer: int) -> bool:
        return any(key == outer for key in self._above(inner))

    def _lies_in(self, symbol: Symbol, chosen: Collection[int]) -> bool:
        return any(key in chosen for key in self._above(symbol.parent))

    def _role(self, symbol: Symbol) -> FileRole:
        return self._roles.get(symbol.path, FileRole.DATA)

    def _text(self, path: str) -> FileText:
        found = self._texts.get(path)
        if found is None:
            # One file after the other is asked about, so that only the last is kept.
            self._texts.clear()
            found = self._texts[path] = FileText(self._reader.text(path), self._files[path].language)
        return found

    def _is_judged(self, symbol: Symbol) -> bool:
        if symbol.kind not in _JUDGED or self._role(symbol) is not FileRole.SOURCE or symbol.key in self._entries:
            return False
        if symbol.language in NOT_CODE or self._overloads[symbol.path, symbol.qualified_name][0] != symbol.key:
            return False
        if symbol.kind in _CALLABLE and (is_special(symbol) or symbol.name.startswith("<")):
            return False
        return bool(symbol.name) and symbol.name.replace("_", "").isalnum()

    def _is_used(self, symbol: Symbol) -> bool:
        """Whether anything uses it or another of its name in the file, or, of a type, one of its members."""
        users = self._uses.users
        if users.get(symbol.key) or (symbol.path, symbol.qualified_name) in self._used_names:
            return True
        if symbol.kind not in _TYPES:
            return False
        waiting = list(self._children.get(symbol.key, ()))
        while waiting:
            key = waiting.pop()
            if any(not self._is_within(user, symbol.key) for user in users.get(key, ())):
                return True
            waiting += self._children.get(key, ())
        return False

    def _doubts_of(self, symbol: Symbol) -> list[Doubt]:
        """The caveats that are told from the definition itself."""
        found: list[Doubt] = []
        text = self._text(symbol.path)
        owner = self._symbols.get(symbol.parent)
        is_loose = symbol.kind is SymbolKind.METHOD and owner is not None and owner.kind not in _TYPES
        if is_loose and symbol.language in _ANONYMOUS:
            found.append(Doubt(Caveat.HANDED_ON, "a member of an object without a type of its own"))
        if symbol.kind is SymbolKind.FUNCTION and text.is_expression(symbol):
            found.append(Doubt(Caveat.HANDED_ON, "defined where it is handed on"))
        around = [self._symbols[key] for key in self._above(symbol.parent)]
        if (row := self._uses.imports.get(symbol.key)) is not None:
            [edge] = self._reader.edges_at(self._uses.rows.taken(np.array([row])))
            by_package = edge.path.rpartition("/")[2] in _PACKAGE_FILES
            found.append(Doubt(Caveat.EXPORTED if by_package else Caveat.IMPORTED, f"{edge.path}:{edge.line}"))
        for mark in text.marks(symbol):
            if _mark_name(mark) not in HARMLESS_MARKS:
                found.append(Doubt(Caveat.ANNOTATED, mark[:80]))
                break
        if symbol.kind in _CALLABLE and (why := self._may_override(symbol, text)):
            found.append(Doubt(Caveat.OVERRIDES, why))
        same = map(self._symbols.__getitem__, self._overloads[symbol.path, symbol.qualified_name])
        overloads = [one for one in same if one.parent == symbol.parent]
        if all(one.kind not in _CALLABLE for one in around) and any(is_public(one, around, text) for one in overloads):
            found.append(Doubt(Caveat.PUBLIC, ""))
        return found

    def _may_override(self, symbol: Symbol, text: FileText) -> str:
        """What a method overrides or is overridden by, or may override from outside of the source; empty for nothing."""
        if (others := self._uses.overridden.get(symbol.key) or self._uses.overriding.get(symbol.key)) is not None:
            return self._symbols[others[0]].id
        if symbol.language == "rust":
            return text.trait_of(symbol)
        marked = any(_mark_name(mark) in {"Override", "override"} for mark in text.marks(symbol))
        if marked or "override" in symbol.signature.split():
            return "it says that it overrides"
        owner = self._symbols.get(symbol.parent)
        if owner is None or owner.kind not in _TYPES or "private" in symbol.signature.split():
            return ""
        seen, waiting = {owner.key}, [owner.key]
        while waiting and len(seen) < _MOST_ABOVE:
            for base in self._uses.bases.get(waiting.pop(), ()):
                outer = self._symbols[base]
                if outer.kind is SymbolKind.EXTERNAL and outer.name not in {"object", "Object"}:
                    return outer.qualified_name
                if base not in seen:
                    seen.add(base)
                    waiting.append(base)
        return ""

    def _following(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What is reached with what: pairs (from, to) of numbers of symbols, sorted by the first."""
        number, parents = self._numbers, self._uses.parents
        overloads, down = [], []
        for place, symbol in enumerate(self._symbols.values()):
            first = self._overloads[symbol.path, symbol.qualified_name][0]
            if first != symbol.key:  # overloads are one
                overloads.append((place, number[first]))
            if symbol.kind not in _JUDGED or (symbol.kind in _CALLABLE and is_special(symbol)):
                down.append(place)
        same = np.array(overloads, np.int64).reshape(-1, 2)
        inner = np.flatnonzero(parents >= 0)
        held = np.array(down, np.int64)
        held = held[parents[held] >= 0]
        pairs = [self._uses.used, self._uses.overrides(), (same[:, 0], same[:, 1]), (same[:, 1], same[:, 0])]
        pairs += [(inner, parents[inner]), (parents[held], held)]
        sources, targets = (np.concatenate([pair[end] for pair in pairs]) for end in (0, 1))
        order = np.argsort(sources, kind="stable")
        return sources[order], targets[order]

    def _reached(self, follow: tuple[NDArray[np.int64], NDArray[np.int64]], starts: Sequence[int]) -> NDArray[np.bool_]:
        """By number, what is reached from `starts` (keys)."""
        sources, targets = follow
        reached = np.zeros(len(self._numbers), bool)
        level = np.array([self._numbers[key] for key in starts], np.int64)
        reached[level] = True
        while len(level):
            self._cancellation.check(_DOING)
            first, last = np.searchsorted(sources, level, "left"), np.searchsorted(sources, level, "right")
            counts = last - first
            at = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
            following = targets[at]
            level = np.unique(following[~reached[following]])
            reached[level] = True
        return reached

    def _dead_files(self) -> Iterator[Symbol]:
        """Modules that nothing imports or uses anything of, and by which nothing is entered."""
        for path, symbols in self._inside.items():
            file = self._files.get(path)
            if file is None or file.role is not FileRole.SOURCE or file.language not in _IMPORTED:
                continue
            name = path.rpartition("/")[2]
            if name in _RUN_BY_NAME or name in _PACKAGE_FILES or len(symbols) < 2:
                continue
            module = next((symbol for symbol in symbols if symbol.kind is SymbolKind.MODULE and symbol.parent < 0), None)
            if module is None or any(symbol.key in self._entries for symbol in symbols):
                continue
            keys = {symbol.key for symbol in symbols}
            if not keys.isdisjoint(self._uses.imports):
                continue
            if all(user in keys for key in keys for user in self._uses.users.get(key, ())):
                yield module

    def _all_doubts(self, dead: Mapping[int, Symbol], tested: NDArray[np.bool_]) -> dict[int, list[Doubt]]:
        explained = self._explained(dead.values())
        written = written_elsewhere(self._reader, self._files, dead.values(), explained, self._cancellation)
        called = self._called_names({symbol.name for symbol in dead.values()})
        found: dict[int, list[Doubt]] = {}
        for key, symbol in dead.items():
            is_file = symbol.kind is SymbolKind.MODULE
            told = found[key] = [] if is_file else self._doubts_of(symbol)
            others = called.get(symbol.name, ()) if symbol.kind is SymbolKind.METHOD else ()
            if symbol.language not in _NOMINAL and (other := next((one for one in others if one != key), None)) is not None:
                told.append(Doubt(Caveat.SHARED_NAME, self._symbols[other].id))
            if is_file and (why := _loaded_by_place(symbol.path)):
                told.append(Doubt(Caveat.PLACE, why))
            if is_file and key in self._uses.calling:
                told.append(Doubt(Caveat.RUN, "it calls something at its top"))
            if is_file and not symbol.name.startswith("_"):
                told.append(Doubt(Caveat.PUBLIC, ""))
            if (place := written.get(key)) is not None:
                told.append(_doubt_of(place))
            if tested[self._numbers[key]]:
                told.append(Doubt(Caveat.TESTS, ""))
        return found

    def _explained(self, dead: Iterable[Symbol]) -> set[tuple[str, int, str]]:
        """Places at which an edge leads to something of a candidate's name: its definition, a use or an import."""
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for symbol in dead:
            outer = self._symbols.get(symbol.parent)
            owners[symbol.name].update([outer.name] if outer is not None else ())
        edges = self._reader.edges_at(self._uses.leading_to(owners))
        named = [
            symbol.key for symbol in self._symbols.values() if symbol.path and symbol.parent >= 0 and symbol.name in owners
        ]
        held = self._reader.edges_to(named, (EdgeKind.CONTAINS,))
        edges += [edge for edge in held if self._symbols[edge.source].language not in NOT_CODE]
        return {(edge.path, edge.line, self._symbols[edge.target].name) for edge in edges}

    def _told(self, dead: Mapping[int, Symbol], doubts: Mapping[int, list[Doubt]]) -> list[DeadCandidate]:
        found = []
        for key, symbol in dead.items():
            users = {outer for user in self._uses.users.get(key, ()) for outer in self._above(user) if outer in dead}
            used_by = tuple(sorted(self._symbols[user].id for user in users))
            is_file = symbol.kind is SymbolKind.MODULE
            lines = self._files[symbol.path].lines if is_file else symbol.end_line - symbol.start_line + 1
            found.append(DeadCandidate(symbol, lines, tuple(doubts[key]), used_by))
        order = list(Certainty)
        return sorted(
            found, key=lambda one: (order.index(one.certainty), -one.lines, one.symbol.path, one.symbol.start_line)
        )

    def _called_names(self, names: Collection[str]) -> dict[str, list[int]]:
        """Members that are used, two of each of those of their names that are among `names`."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for key in self._uses.users:
            symbol = self._symbols[key]
            if symbol.name in names and symbol.kind in _MEMBERS and len(found[symbol.name]) < 2:
                found[symbol.name].append(key)
        return found


def _loaded_by_place(path: str) -> str:
    """The folder for which a framework may load a file, or a name that no import can write; empty for neither."""
    *folders, name = path.split("/")
    stem = name.rpartition(".")[0]
    if path.endswith(".py") and not stem.isidentifier():
        return name
    if stem in _LOADED_STEMS and path.endswith((".tsx", ".ts", ".jsx", ".js")):
        return name
    return next((folder for folder in folders if folder in _LOADED_FOLDERS), "")


def _mark_name(mark: str) -> str:
    bare = mark.lstrip("@#![").replace("::", ".")
    end = next((at for at, char in enumerate(bare) if not (char.isalnum() or char in "._")), len(bare))
    return bare[:end].rpartition(".")[2]


def _doubt_of(place: Written) -> Doubt:
    caveats = {
        Writing.DECLARED: Caveat.DECLARED,
        Writing.DOCUMENT: Caveat.DOCUMENTED,
        Writing.STRING: Caveat.STRING,
        Writing.CODE: Caveat.WRITTEN,
    }
    return Doubt(caveats[place.how], f"{place.path}:{place.line}")
