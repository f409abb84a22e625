"""By what name the code of a source imports itself: `flask` for a folder `flask/` that is a package, `django.contrib.admin`
where folders around it are packages as well."""

from __future__ import annotations

import os
import re
from pathlib import Path

from indexing.intake.workspace import Workspace

_PACKAGE_FILE = "__init__.py"
_MOST_AROUND = 20
"""Folders above a source that are looked at."""
_VERSION = re.compile(r"(?:[-_.]v?\d+(?:\.\w+)*|[-_](?:main|master|trunk|develop))$")
"""What an archive or a checkout adds to the name of what is in it."""


def package_names(workspace: Workspace) -> dict[str, str]:
    """By folder (empty for the root, else the top folder of one of several sources), the dotted name of the Python package
    that it is; folders that are none, or whose name could be none, are left out."""
    parts = workspace.parts or (("", workspace),)
    found = {top: _dotted(part) for top, part in parts if os.path.lexists(part.root / _PACKAGE_FILE)}
    return {top: name for top, name in found.items() if name}


def _dotted(source: Workspace) -> str:
    if source.folder is not None:  # unpacked: what lies around it is ours
        name = source.name if source.root == source.folder.tree else source.root.name
        return _importable(name)
    return ".".join(filter(None, (*_around(source.root.parent), _importable(source.root.name))))


def _around(folder: Path) -> list[str]:
    """The names of the packages that `folder` is and lies in, the outermost first."""
    names: list[str] = []
    while len(names) < _MOST_AROUND and folder.name.isidentifier() and os.path.lexists(folder / _PACKAGE_FILE):
        names.insert(0, folder.name)
        folder = folder.parent
    return names


def _importable(name: str) -> str:
    plain = name if name.isidentifier() else _VERSION.sub("", name).replace("-", "_")
    return plain if plain.isidentifier() else ""
