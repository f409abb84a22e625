"""What an index says about files, gathered once for a diagram: sizes, modules, and the links between files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.diagrams.links import IMPORT_PACKAGES, USES, Ends, Links, add_up_rows
from core.diagrams.manifests import manifest_line, only_builds
from core.diagrams.nesting import nesting
from core.diagrams.own_packages import OwnPackages
from core.diagrams.rules import RULES_FILE, Rules, Violation, parse_rules
from core.diagrams.wording import first_sentence, readme_line
from core.errors import SourceError, UsageError
from core.model.chunk import ChunkTable
from core.model.clone import CloneClass, CloneMember
from core.model.graph import EdgeKind
from core.model.source import FileRole, IndexedFile, Place
from core.model.symbol import Symbol, SymbolKind
from core.ports import DefinitionReader, IdVector, IndexReader

EXTERNAL = "external:"
"""Prefix of the owner of a name from outside of the source; the rest is the name of the library."""

_BUILTIN = "<builtin>"
_PLAIN = "text"
_SETTINGS = frozenset((_PLAIN, "json", "yaml", "toml", "ini", "properties", "xml", "makefile", "cmake", "dockerfile"))
"""Languages that describe how something is built or set up; what they define is no part of a program."""
_ENOUGH = 0.2
"""Share of the lines of hand-written files that must be in languages we read for the others to be set aside."""
_HOSTS = frozenset(("com", "org", "net", "io", "in", "dev"))
_README = ("README.md", "README.rst", "README.txt", "README", "readme.md", "Readme.md", "README.adoc")
_MAIN_FILES = ("__init__.py", "mod.rs", "lib.rs", "package-info.java", "doc.go", "index.ts", "index.js", "main.go")
_BUILD_FILES = frozenset(
    [
        *("pyproject.toml", "setup.py", "setup.cfg", "package.json", "pom.xml", "build.gradle", "build.gradle.kts"),
        *("go.mod", "Cargo.toml", "composer.json", "mix.exs", "CMakeLists.txt", "meson.build", "build.sbt", "Package.swift"),
    ]
)


History = Callable[[CancellationToken], Mapping[str, int]]


@dataclass(frozen=True)
class SourceMap:
    """The files of an index with what they are to each other. Built from one snapshot and never changed."""

    reader: IndexReader
    cancellation: CancellationToken | None = None
    history: History | None = None
    """Reads how often each file was changed; `SourceError` where that is not known."""
    given_rules: Rules | None = None
    """Rules instead of those in the source."""

    @cached_property
    def files(self) -> Mapping[str, IndexedFile]:
        """By path, in the order of paths."""
        return {file.path: file for file in self.reader.files()}

    @cached_property
    def symbols(self) -> Mapping[int, Symbol]:
        return {symbol.key: symbol for symbol in self.reader.all_symbols()}

    @cached_property
    def modules(self) -> Mapping[str, Symbol]:
        """The module symbol of each file that has one, read when it is asked for."""
        return _Modules(self.reader)

    @cached_property
    def links(self) -> Links:
        """Uses between files and of libraries, which are named `external:NAME`."""
        return self.links_of(USES)

    @cached_property
    def weights(self) -> Mapping[tuple[str, str], float]:
        """How much each file uses each other, by the files."""
        return {pair: link.weight for pair, link in self.links.items()}

    def links_at(self, paths: Collection[str]) -> Links:
        """Those of `links` that begin or end in some of the files."""
        if 2 * len(paths) > len(self.files):
            return self.links
        links, at = self.links, self._pairs_at
        return {pair: links[pair] for path in paths for pair in at.get(path, ())}

    @cached_property
    def _pairs_at(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        at: dict[str, list[tuple[str, str]]] = {}
        for pair in self.links:
            for end in pair:
                at.setdefault(end, []).append(pair)
        return at

    def under(self, folder: str) -> Sequence[IndexedFile]:
        """The files below a folder (all, for the empty one), in the order of paths."""
        if not folder:
            return self._in_order
        # What begins with `folder/` lies before `folder0`, the next character after the slash.
        first, last = bisect_left(self._paths, folder + "/"), bisect_left(self._paths, folder + "0")
        return self._in_order[first:last]

    @cached_property
    def _in_order(self) -> Sequence[IndexedFile]:
        return sorted(self.files.values(), key=lambda file: file.path)

    @cached_property
    def _paths(self) -> Sequence[str]:
        return [file.path for file in self._in_order]

    def links_of(self, kinds: Sequence[EdgeKind]) -> Links:
        """Links of some kinds, other than `contains`, between files and to libraries."""
        rows = self.reader.edge_rows(tuple(kinds))
        self._check("adding up edges")
        places = {path: place for place, path in enumerate(self.files)}
        sources, targets = self._owners(rows.sources, places), self._owners(rows.targets, places)
        self._check("adding up edges")
        packages = np.array([file.language in IMPORT_PACKAGES for file in self.files.values()] or [False])
        homes = self.reader.files_of(rows.sources)
        imports = rows.kinds == list(EdgeKind).index(EdgeKind.IMPORTS)
        ends = Ends(list(places), sources, targets, imports & (homes >= 0) & packages[homes])
        return add_up_rows(rows, ends, self.reader, self._called)

    def _owners(self, keys: IdVector, places: dict[str, int]) -> NDArray[np.int64]:
        """The place of the owner of each symbol, -1 for none; owners that have no place yet get one at the end."""
        found = self.reader.files_of(keys).astype(np.int64)
        outside = np.flatnonzero(found < 0)
        distinct, which = np.unique(keys[outside], return_inverse=True)
        owners = map(self.owner, self.reader.symbols(distinct.tolist()))
        numbers = [places.setdefault(owner, len(places)) if owner else -1 for owner in owners]
        found[outside] = np.array(numbers, np.int64)[which] if numbers else -1
        return found

    def _called(self, key: int) -> str:
        [symbol] = self.reader.symbols([key])
        return symbol.qualified_name

    def _check(self, doing: str) -> None:
        if self.cancellation is not None:
            self.cancellation.check(doing)

    def owner(self, symbol: Symbol) -> str:
        """The file a symbol stands in, or the library an outside name comes from; empty for what the language brings."""
        if symbol.kind != SymbolKind.EXTERNAL:
            return symbol.path
        library = library_of(symbol)
        return self._own_packages.file_of(symbol) or (EXTERNAL + library if library else "")

    @cached_property
    def _own_packages(self) -> OwnPackages:
        return OwnPackages(self.reader, self.files)

    @cached_property
    def rules(self) -> Rules:
        """Those that were given, else those in the source, else none; `UsageError` for a file that cannot be read so."""
        if self.given_rules is not None:
            return self.given_rules
        return parse_rules(self.reader.text(RULES_FILE), RULES_FILE) if RULES_FILE in self.files else Rules()

    @cached_property
    def violations(self) -> Sequence[Violation]:
        """What goes against the rules, by place; `UsageError` as for `rules`."""
        rules = self.rules
        return rules.violations(self.reader.edges(USES), self.symbols, self._user) if rules.rules else ()

    def _user(self, symbol: Symbol) -> str:
        """As `owner`, without documents and data, which mention code and do not depend on it."""
        file = self.files.get(symbol.path)
        return "" if file is not None and file.role in (FileRole.DOCUMENT, FileRole.DATA) else self.owner(symbol)

    @cached_property
    def forbidden(self) -> Mapping[tuple[str, str], Sequence[Violation]]:
        """Violations by the files they lead from and to; none where the source's own rules cannot be read, since a picture
        is wanted all the same and `diagram --check` tells what is wrong with them."""
        pairs: dict[tuple[str, str], list[Violation]] = {}
        try:
            for violation in self.violations:
                pairs.setdefault((violation.source, violation.target), []).append(violation)
        except UsageError:
            return {}
        return pairs

    def commits(self) -> Mapping[str, int]:
        """The commits that touched each file, by path; `SourceError` where there is no history."""
        return self._commits

    @cached_property
    def _commits(self) -> Mapping[str, int]:
        if self.history is None:
            raise SourceError("the history of this source is not known", "", "index a folder of a git repository")
        return self.history(self.cancellation or CancellationToken())

    def nesting(self, path: str) -> float | None:
        """How deep the functions of a file are nested on average, in levels; None without a function."""
        if path not in self._nesting:
            self._nesting[path] = nesting(self.reader.text(path), self.inside.get(path, ()))
        return self._nesting[path]

    @cached_property
    def _nesting(self) -> dict[str, float | None]:
        return {}

    @cached_property
    def inside(self) -> Mapping[str, list[Symbol]]:
        """The symbols of each file."""
        inside: dict[str, list[Symbol]] = {}
        for symbol in self.symbols.values():
            if symbol.path:
                inside.setdefault(symbol.path, []).append(symbol)
        return inside

    @cached_property
    def clone_classes(self) -> Sequence[CloneClass]:
        """All of them; reading those of a hundred megabytes takes seconds."""
        return self.reader.clone_classes()

    def clone_bytes(self, member: CloneMember) -> int:
        """How many bytes of text the place of a clone class has; its chunks' ids follow each other."""
        first = np.searchsorted(self._chunks.ids, member.chunk)
        return int(self._chunks.sizes[first : first + member.parts].sum())

    @cached_property
    def _chunks(self) -> ChunkTable:
        return self.reader.chunk_table()

    def code(self, scope: str) -> list[IndexedFile]:
        """The files under a folder (all, for the empty scope) that show what the program does.

        Those are the hand-written sources in languages that something is defined in; where a folder holds few of them (it
        may be one of tests, or in a language without a grammar), the next best.
        """
        under = list(self.under(scope))
        sources = [file for file in under if file.role == FileRole.SOURCE]
        lines = sum(file.lines for file in sources)
        defining = [file for file in sources if file.language in self._defining and not only_builds(file.path)]
        named = [file for file in sources if file.language != _PLAIN]
        for choice in (defining, named):
            if choice and sum(file.lines for file in choice) >= _ENOUGH * lines:
                return choice
        return sources or [file for file in under if file.language in self._defining] or under

    @cached_property
    def _defining(self) -> frozenset[str]:
        """Languages that something besides the files themselves is defined in."""
        counts = self.reader.definition_counts()
        return frozenset(self.files[path].language for path, count in counts.items() if count > 1) - _SETTINGS

    def main_file(self, files: Sequence[IndexedFile], folder: str) -> IndexedFile | None:
        """The file that stands for a folder: its own module if it has one, else its largest."""
        if not files:
            return None
        own = {file.path: file for file in files}
        stem = folder.rsplit("/", 1)[-1]
        endings = (".py", ".go", ".c", ".js", ".ts", ".java", ".rs")
        for name in (*_MAIN_FILES, *(stem + ending for ending in endings)):
            file = own.get(f"{folder}/{name}" if folder else name)
            if file is not None:
                return file
        return min(files, key=lambda file: (file.path.count("/"), -file.lines, file.path))

    def place(self, file: IndexedFile | None) -> Place | None:
        if file is None:
            return None
        module = self.modules.get(file.path)
        return Place(file.path, 1, max(1, file.lines), module.qualified_name if module else "")

    def description(self, path: str) -> str:
        """A line about a file, from its doc comment; empty where there is none."""
        module = self.modules.get(path)
        line = first_sentence(module.doc) if module else ""
        name = path.removesuffix("/__init__.py").rsplit("/", 1)[-1]
        return "" if line.lower() in (name.lower(), name.rpartition(".")[0].lower()) else line

    def folder_description(self, folder: str) -> str:
        """A line about a folder: from the doc comment of its own module, its build file, else its README."""
        prefix = f"{folder}/" if folder else ""
        for name in _MAIN_FILES:
            if prefix + name in self.modules:
                line = self.description(prefix + name)
                if line:
                    return line
        if line := manifest_line(prefix, self.files, self.reader.text):
            return line
        for name in _README:
            if prefix + name in self.files:
                try:
                    return readme_line(self.reader.text(prefix + name))
                except SourceError:
                    return ""
        return ""

    def is_package(self, folder: str) -> bool:
        """Whether a folder is a unit of code rather than a place for some: it holds modules itself, or a build file."""
        return folder in self._packages

    @cached_property
    def _packages(self) -> frozenset[str]:
        built = {path for path in self.files if path.rsplit("/", 1)[-1] in _BUILD_FILES}
        return frozenset(path.rpartition("/")[0] for path in (*self.modules, *built))


class _Modules(Mapping[str, Symbol]):
    """The modules of an index by the paths of their files."""

    def __init__(self, reader: DefinitionReader) -> None:
        self._reader = reader
        self._counts = reader.definition_counts()

    def __getitem__(self, path: str) -> Symbol:
        module = self._reader.module_of(path) if path in self._counts else None
        if module is None:
            raise KeyError(path)
        return module

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)


def library_of(symbol: Symbol) -> str:
    """The library behind an outside name, as one would install or include it; empty where none is known."""
    name = symbol.qualified_name
    if name.startswith((_BUILTIN, ".", "/")):  # a file by its place (`./dist/vue`) that was not there is no library
        return ""
    if symbol.language in ("c", "cpp", "objective-c"):
        return name if name.endswith((".h", ".hpp", ".hh")) else ""  # a function says nothing of where it is from
    if "/" in name:
        # `@scope/package/part`, `package/part`, `github.com/owner/project`
        parts = name.split("/")
        scoped, hosted = parts[0].startswith("@"), "." in parts[0]
        return "/".join(parts[: 2 if scoped else 3 if hosted else 1])
    parts = name.split(".")
    if symbol.language == "go" and len(parts) > 3 and parts[1] in _HOSTS:
        return f"{parts[0]}.{parts[1]}/{parts[2]}/{parts[3]}"
    if symbol.language in ("java", "kotlin", "scala"):
        return ".".join(parts[: 3 if parts[0] in _HOSTS else 2])
    return parts[0]
