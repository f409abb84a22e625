"""Rust: where the modules of a crate stand."""

from __future__ import annotations

from posixpath import basename, dirname

from core.model.symbol import SymbolKind
from indexing.linking.program import Program

Place = tuple[str, str]
"""The folder of a crate's root, and the path of a module in it, joined by dots; empty for the root."""

_ROOTS = ("lib.rs", "main.rs")
_OWN_ROOTS = frozenset({"tests", "examples", "benches", "bin"})
"""Folders whose files are crates of their own."""


class RustModules:
    """Modules by place. A file belongs to the nearest folder with a `lib.rs` or `main.rs`; where there is none, or in a
    folder of programs, it is a crate of its own, and the files beside it are its modules."""

    def __init__(self, program: Program) -> None:
        self._program = program
        table = program.table
        self.at: dict[Place, int] = {}
        """The key of each module, a file's or one within a file."""
        self.place_of: dict[int, Place] = {}
        self.crates: dict[str, str] = {}
        """The folder of the root of each crate that others can name; empty where two share a name."""
        paths = {table.files[file].path: table.first[file] for file in program.files}
        folders = {dirname(path) for path in paths if basename(path) in _ROOTS}
        for folder in sorted(folders):
            home = dirname(folder) if basename(folder) == "src" else folder
            name = program.own_names.crates.get(home) or basename(home).replace("-", "_")
            self.crates[name] = "" if name in self.crates else folder
        for path in sorted(paths, key=lambda path: (basename(path) == "main.rs", path)):
            self._put(path, paths[path], folders)
        for file in program.files:
            first = table.first[file]
            for key in table.keys_of(file):
                definition = table.definitions[key]
                if definition.kind is SymbolKind.MODULE and definition.nesting and first in self.place_of:
                    root, path = self.place_of[first]
                    place = (root, f"{path}.{definition.nesting}" if path else definition.nesting)
                    self.at.setdefault(place, key)
                    self.place_of[key] = place

    def _put(self, path: str, key: int, folders: set[str]) -> None:
        folder, name = dirname(path), basename(path)
        root, parts = folder, [] if name in (*_ROOTS, "mod.rs") else [name.removesuffix(".rs")]
        if basename(folder) in _OWN_ROOTS and folder not in folders:
            self.place_of[key] = (path, "")
            self.at[path, ""] = key
            return
        while root not in folders:
            if not root:
                root, parts = folder, [] if name == "mod.rs" else parts[-1:]
                break
            parts.insert(0, basename(root))
            root = dirname(root)
        place = (root, ".".join(parts))
        self.at.setdefault(place, key)
        self.place_of[key] = place

    def module_around(self, scope: int) -> int:
        """The innermost module around a definition."""
        table = self._program.table
        while table.definitions[scope].kind is not SymbolKind.MODULE:
            scope = table.parent[scope]
        return scope

    def parent(self, module: int) -> int | None:
        """The module around a module, `super`."""
        root, path = self.place_of.get(module, ("", ""))
        if not path:
            return None
        return self.at.get((root, path.rpartition(".")[0]))

    def child(self, module: int, name: str) -> int | None:
        """A module within a module."""
        root, path = self.place_of.get(module, ("", ""))
        found = self.at.get((root, f"{path}.{name}" if path else name))
        if found is None and root.endswith(".rs"):  # a program's modules lie beside it
            folder = dirname(root)
            found = next((key for place in ((f"{folder}/{name}.rs", ""),) if (key := self.at.get(place)) is not None), None)
        return found if found != module else None

    def root(self, module: int) -> int | None:
        """The root of the crate, `crate`."""
        return self.at.get((self.place_of.get(module, ("", ""))[0], ""))

    def crate(self, name: str) -> int | None:
        """The root of another crate of the source."""
        folder = self.crates.get(name)
        return self.at.get((folder, "")) if folder else None
