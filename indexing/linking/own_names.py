"""The names by which the parts of a source know each other where their folders do not tell: that of the package which the
root of the source is, and what `go.mod`, `package.json` and `Cargo.toml` say.

A tree may be the folder `flask/` itself, whose files say `from flask.app import Flask`; a Go module `example.com/x` has its
first package at the root; `import "@shop/core"` is `packages/core`, and a program of a crate says `use the_crate::run`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath, splitext
from typing import Any

from indexing.linking.include_folders import NO_FOLDERS, IncludeFolders

MANIFESTS = ("go.mod", "package.json", "Cargo.toml")
MOST_MANIFESTS = 2_000
_MOST_ENTRIES = 16
_NOT_OWN = frozenset({"node_modules", "bower_components", "vendor"})
_BUILT = frozenset({"dist", "lib", "build", "out", "es", "esm", "cjs", "types"})
"""Folders that a build writes what it makes of `src` to."""
_FIRST_FILES = ("index", "src/index", "lib/index", "src/main", "main")
_PYTHON = (".py", ".pyi")


@dataclass(frozen=True, slots=True)
class ScriptPackage:
    """A package of npm: its folder, and the stems below it that may be what importing it by its name alone gives."""

    folder: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnNames:
    """What a source calls its parts. Folders are paths, empty for the root."""

    packages: Mapping[str, str] = field(default_factory=dict)
    """The dotted name of each folder that is a Python package under another name than its path."""
    go_modules: Mapping[str, str] = field(default_factory=dict)
    """Folder by module path, the longest first."""
    scripts: Mapping[str, ScriptPackage] = field(default_factory=dict)
    """By name."""
    crates: Mapping[str, str] = field(default_factory=dict)
    """The name of the crate that is built from each folder."""
    includes: IncludeFolders = field(default=NO_FOLDERS, repr=False)
    """Where files of C look for headers; no part of what is told by `repr`, since it changes with the files."""

    def python_stem(self, dotted: str) -> str | None:
        """The path, without an ending, of the module or package that `dotted` names; None where it begins with no name of
        ours."""
        for folder, name in self.packages.items():
            if dotted == name or dotted.startswith(name + "."):
                return join(folder, dotted[len(name) + 1 :].replace(".", "/")) if dotted != name else folder
        return None

    def python_name(self, path: str) -> str:
        """What goes before the path of a Python file to make its dotted name, and ends in a dot; mostly nothing. Only the
        root of a source has one."""
        name = self.packages.get("", "")
        return f"{name}." if name and path.endswith(_PYTHON) else ""

    def go_folder(self, module: str) -> str | None:
        """The folder of a package by the path that it is imported by."""
        for path, folder in self.go_modules.items():
            if module == path:
                return folder
            if module.startswith(path + "/"):
                return join(folder, module[len(path) + 1 :])
        return None

    def script_stems(self, module: str) -> Iterator[str]:
        """The paths, without an ending, that a name of npm may mean, the likeliest first."""
        parts = module.split("/")
        length = 2 if module.startswith("@") else 1
        package = self.scripts.get("/".join(parts[:length]))
        if package is None:
            return
        if inner := "/".join(parts[length:]):
            for stem in (inner, f"src/{inner}", f"lib/{inner}"):
                yield join(package.folder, stem)
                yield join(package.folder, stem, "index")
        else:
            yield from (join(package.folder, entry) for entry in package.entries)

    def stems(self, module: str) -> Iterator[str]:
        """Paths, without an ending, of files and folders that a module of whatever language may mean by a name of ours."""
        if self.packages and (stem := self.python_stem(module)) is not None:
            yield stem
        if self.go_modules and (folder := self.go_folder(module)) is not None:
            yield folder
        if self.scripts:
            yield from self.script_stems(module)
        if self.crates:
            first = module.partition("::")[0]
            for folder, name in self.crates.items():
                if name == first:
                    yield join(folder, "src/lib")
                    yield join(folder, "lib")


NO_NAMES = OwnNames()


def is_manifest(path: str) -> bool:
    """Whether a file may tell the name of a part of the source."""
    return basename(path) in MANIFESTS and _NOT_OWN.isdisjoint(path.split("/"))


def own_names(
    packages: Mapping[str, str], manifests: Iterable[tuple[str, bytes]], includes: IncludeFolders = NO_FOLDERS
) -> OwnNames:
    """What `packages` (dotted names by folder) and manifests, each a path with its content, tell. Of several with one name
    the one nearest to the root counts; a manifest that cannot be read tells nothing."""
    go: dict[str, str] = {}
    scripts: dict[str, ScriptPackage] = {}
    crates: dict[str, str] = {}
    for path, content in sorted(manifests, key=lambda entry: (entry[0].count("/"), entry[0])):
        folder, text = dirname(path), content.decode("utf-8", "replace")
        match basename(path):
            case "go.mod":
                if module := _go_module(text):
                    go.setdefault(module, folder)
            case "package.json":
                data = _json(text)
                name = data.get("name")
                if isinstance(name, str) and name and not name.startswith("."):
                    scripts.setdefault(name, ScriptPackage(folder, tuple(_entries(data))))
            case "Cargo.toml":
                if crate := _crate(text):
                    crates.setdefault(folder, crate)
    own = {folder: name for folder, name in packages.items() if name != folder.replace("/", ".")}
    modules = dict(sorted(go.items(), key=lambda item: (-len(item[0]), item[0])))
    return OwnNames(own, modules, scripts, crates, includes)


def _go_module(text: str) -> str:
    for line in text.splitlines():
        words = line.split("//")[0].split()
        if len(words) == 2 and words[0] == "module":
            return words[1].strip('"`')
    return ""


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _crate(text: str) -> str:
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    for table in ("lib", "package"):
        found = data.get(table)
        name = found.get("name") if isinstance(found, dict) else None
        if isinstance(name, str) and name:
            return name.replace("-", "_")
    return ""


def _entries(data: Mapping[str, Any]) -> list[str]:
    """Stems of the files that a `package.json` gives for the whole package; of what a build writes, first what it reads."""
    exports = data.get("exports")
    main = exports.get(".", exports) if isinstance(exports, dict) else exports
    told = [data.get("source"), *_strings(main, 3), *(data.get(name) for name in ("module", "main", "types", "typings"))]
    found: dict[str, None] = {}
    for entry in told:
        if isinstance(entry, str) and not entry.startswith(("/", "..")):
            stem = _stem(normpath(entry))
            first, _, rest = stem.partition("/")
            if rest and first in _BUILT:
                found.setdefault(f"src/{rest.rpartition('/')[2]}")
            found.setdefault(stem)
    return [*found, *(name for name in _FIRST_FILES if name not in found)][:_MOST_ENTRIES]


def _strings(value: object, depth: int) -> Collection[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict) and depth:
        return [text for inner in value.values() for text in _strings(inner, depth - 1)]
    return []


def _stem(path: str) -> str:
    return path.removesuffix(".d.ts") if path.endswith(".d.ts") else splitext(path)[0]
