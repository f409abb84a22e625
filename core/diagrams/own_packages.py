"""Libraries that are the source's own: what its parts import from each other by the names of their packages.

A package that is imported by its published name (`import "zod"` within the workspace that makes zod, `import django.db`
where the folder `django` itself was indexed) looks like a library from outside. It is told by the name in its
`package.json`, or, for Python, by a root that is a package and is called so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from core.errors import SourceError
from core.model.source import IndexedFile
from core.model.symbol import Symbol
from core.ports import FileReader

_MANIFEST = "package.json"
_MOST = 1000
"""Manifests that are read; each is a page or two."""
_READ = 200_000
_ENTRIES = (
    "src/index.ts",
    "src/index.tsx",
    "src/index.js",
    "index.ts",
    "index.js",
    "src/main.ts",
    "lib/index.js",
    "src/lib.ts",
)
_ROOT = "__init__.py"


class OwnPackages:
    """Files of the source by the outside names they are imported under."""

    def __init__(self, reader: FileReader, files: Mapping[str, IndexedFile]) -> None:
        self._files = files
        self._entries = _manifests(reader, files)
        self._python = reader.source_name() if _ROOT in files else ""

    def file_of(self, symbol: Symbol) -> str:
        """The file that an outside name stands for; empty where it is from outside indeed."""
        name = symbol.qualified_name
        if symbol.language == "python":
            return self._python_module(name) if self._python else ""
        if not self._entries:
            return ""
        parts = name.split("/")
        package = "/".join(parts[: 2 if name.startswith("@") else 1]).partition(".")[0]
        return self._entries.get(package, "")

    def _python_module(self, name: str) -> str:
        """The longest beginning of a dotted name that is a module of the root package."""
        top, *parts = name.split(".")
        if top != self._python:
            return ""
        while parts:
            stem = "/".join(parts)
            for path in (f"{stem}.py", f"{stem}/{_ROOT}"):
                if path in self._files:
                    return path
            parts.pop()
        return _ROOT


def _manifests(reader: FileReader, files: Mapping[str, IndexedFile]) -> dict[str, str]:
    """For each package the source makes, the file that others import."""
    found: dict[str, str] = {}
    manifests = [path for path in files if path.rpartition("/")[2] == _MANIFEST][:_MOST]
    for path in manifests:
        folder = path.removesuffix(_MANIFEST)
        entry = next((folder + entry for entry in _ENTRIES if folder + entry in files), "")
        try:
            name = json.loads(reader.text(path)[:_READ]).get("name") if entry else None
        except (SourceError, ValueError, AttributeError):
            continue
        if isinstance(name, str) and name:
            found.setdefault(name, entry)
    return found
