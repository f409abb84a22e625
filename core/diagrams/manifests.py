"""What a build file says of the package beside it, and which files only build."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Container

from core.diagrams.wording import first_sentence
from core.errors import SourceError

_READ = 200_000
_FEWEST_WORDS = 3
"""A description of fewer words is the name again."""
_BUILDS = re.compile(
    r"(^|/)(setup|noxfile|fabfile|conftest)\.py$"
    r"|(^|/)(gulp|grunt|gulpfile|gruntfile|jakefile|karma\.conf)\.[cm]?[jt]s$"
    r"|(^|/)\.?[\w-]+(\.[\w-]+)?\.config\.[cm]?[jt]s$"
    r"|(^|/)\.[^/]+/"
    r"|(^|/)build\.(rs|gradle|gradle\.kts|sbt)$",
    re.IGNORECASE,
)


def only_builds(path: str) -> bool:
    """Whether a file says how something is built or checked (`setup.py`, `vite.config.ts`, `.ci/run.py`), by its name."""
    return _BUILDS.search(path) is not None


def manifest_line(prefix: str, files: Container[str], read: Callable[[str], str]) -> str:
    """The description in a build file of a folder (`prefix` ends in `/`, or is empty); empty where there is none."""
    for name, parse in _DESCRIBED.items():
        if prefix + name in files:
            try:
                line = first_sentence(parse(read(prefix + name)[:_READ]))
            except (SourceError, ValueError):
                continue
            if len(line.split()) >= _FEWEST_WORDS:
                return line
    return ""


def _json(text: str) -> str:
    data = json.loads(text)
    line = data.get("description") if isinstance(data, dict) else None
    return line if isinstance(line, str) else ""


def _toml(text: str) -> str:
    data = tomllib.loads(text)
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    for table in (data.get("project"), data.get("package"), poetry):
        if isinstance(table, dict) and isinstance(line := table.get("description"), str):
            return line
    return ""


def _pom(text: str) -> str:
    found = re.search(
        r"<description>([^<]{1,500})</description>", re.sub(r"<parent>.*?</parent>", "", text, flags=re.DOTALL)
    )
    return found.group(1) if found else ""


_DESCRIBED: dict[str, Callable[[str], str]] = {
    "package.json": _json,
    "pyproject.toml": _toml,
    "Cargo.toml": _toml,
    "composer.json": _json,
    "pom.xml": _pom,
}
