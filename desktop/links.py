"""Links that open the window at a line: `codestrata://PATH:LINE`, with the absolute path of a file of an indexed source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.errors import UsageError
from core.paths import from_os
from desktop import locations

SCHEME = "codestrata://"
_LINE = re.compile(r":(\d{1,9})$")
_DRIVE = re.compile(r"^/+(?=[A-Za-z]:/)")


@dataclass(frozen=True, slots=True)
class Place:
    """A line, from 1 on, of a file of an index."""

    index: Path
    path: str
    line: int


def handed_over(source: str) -> str:
    """A source as a file manager hands it over: of a `file:` URL the path, since the files that lie there are meant; to the
    command line it is a repository whose last commit is wanted."""
    found = urlsplit(source) if source.startswith("file:///") else None
    return source if found is None else from_os(_DRIVE.sub("", unquote(found.path, errors="surrogateescape")))


def resolve_link(link: str) -> Place:
    """The place that a link is to: in the index of the nearest folder above it that has one.

    Raises UsageError for what is no link, or where there is no such index.
    """
    text = unquote(link.removeprefix(SCHEME))
    found = _LINE.search(text)
    file = Path(_DRIVE.sub("", text[: found.start()] if found else text))
    if not link.startswith(SCHEME) or not file.is_absolute():
        raise UsageError(f"'{link}' is no link to a line", "", f"write {SCHEME}/PATH/TO/FILE:LINE")
    for folder in file.parents:
        index = locations.own_index(from_os(folder.as_posix()))
        if index is not None:
            return Place(index, from_os(file.relative_to(folder).as_posix()), max(1, int(found[1])) if found else 1)
    raise UsageError(f"no index covers {file}", "", "run 'codestrata index' on its folder first")
