"""What a project calls itself in its build file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable

from core.diagrams.source_map import SourceMap
from core.diagrams.wording import shorten
from core.errors import SourceError

_NAME_LENGTH = 40
_READ = 200_000


def project_name(source: SourceMap) -> str:
    """The name in the build file at the root, else that of the source itself, which may be empty."""
    for path, read in _READERS.items():
        if path in source.files:
            try:
                name = read(source.reader.text(path)[:_READ])
            except (SourceError, ValueError):
                continue
            if name:
                return shorten(name, _NAME_LENGTH)
    return shorten(source.reader.source_name(), _NAME_LENGTH)


def _toml(*tables: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        data = tomllib.loads(text)
        for table in tables:
            value: object = data
            for key in table:
                value = value.get(key) if isinstance(value, dict) else None
            if isinstance(value, str):
                return value
        return ""

    return read


def _json(text: str) -> str:
    data = json.loads(text)
    name = data.get("name") if isinstance(data, dict) else None
    return name if isinstance(name, str) else ""


def _pattern(pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.MULTILINE)

    def read(text: str) -> str:
        found = compiled.search(text)
        return found.group(1).strip().rsplit("/", 1)[-1] if found else ""

    return read


def _pom(text: str) -> str:
    """The project's own artifact, not that of its parent."""
    return _pattern(r"<artifactId>([^<]{1,100})</artifactId>")(re.sub(r"<parent>.*?</parent>", "", text, flags=re.DOTALL))


_READERS: dict[str, Callable[[str], str]] = {
    "pyproject.toml": _toml(("project", "name"), ("tool", "poetry", "name")),
    "Cargo.toml": _toml(("package", "name")),
    "setup.cfg": _pattern(r"^name\s*=\s*([\w.\- ]{1,80})$"),
    "package.json": _json,
    "go.mod": _pattern(r"^module\s+(\S{1,200})"),
    "pom.xml": _pom,
    "composer.json": _json,
    "build.xml": _pattern(r'<project\b[^>]{0,300}?\bname="([^"<>]{1,80})"'),
}
