"""The files of the index as resources: `codestrata://file/PATH`, of which `?lines=10-20` gives a part.

The text is what was indexed, whatever has become of the file since. PATH is percent-encoded, as in any URI.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from core.errors import UsageError
from core.model.source import IndexedFile
from desktop.mcp.desk import Desk
from desktop.mcp.safe_text import excerpt

TEMPLATE = "codestrata://file/{+path}{?lines}"
MIME_TYPE = "text/plain"
PAGE = 200
"""Files in one answer of the list."""

_START = "codestrata://file/"
_FORM = "write codestrata://file/PATH or codestrata://file/PATH?lines=FIRST-LAST"
_LINES = re.compile(r"lines=([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?")


@dataclass(frozen=True, slots=True)
class FilePart:
    """Lines `first` to `last` (from 1, inclusive; None: the end) of a file."""

    path: str
    first: int = 1
    last: int | None = None


def uri_of(path: str) -> str:
    """The URI of a whole file."""
    return _START + quote(path, safe="/")


def part_of(uri: str) -> FilePart:
    """What a URI names; UsageError for one of another form."""
    named, _, query = uri.partition("?")
    path = unquote(named.removeprefix(_START))
    if not named.startswith(_START) or not path:
        raise UsageError(f"'{uri:.200}' names no file of the index", "", _FORM)
    if not query:
        return FilePart(path)
    lines = _LINES.fullmatch(query)
    if lines is None:
        raise UsageError(f"'{query:.80}' names no lines", "", _FORM)
    first = int(lines[1])
    return FilePart(path, first, int(lines[2] or first))


def read(desk: Desk, uri: str) -> str:
    """The text that a URI names, without secrets.

    Raises UsageError for a URI or lines that are not there, SourceError for a file that is not in the index.
    """
    part, reader = part_of(uri), desk.reader
    count = reader.text(part.path).count("\n") + 1
    if part.first > count or (part.last is not None and part.last < part.first):
        told = f"{part.first}-{part.last}"
        raise UsageError(f"{part.path} has no lines {told}", f"it has {count:,}", "give the first line, then the last")
    return excerpt(reader, part.path, part.first, part.last)


def listed(desk: Desk, cursor: str | None) -> tuple[Sequence[IndexedFile], str | None]:
    """A page of the files, and the cursor of the next one; UsageError for a cursor that none of our answers held."""
    start = 0 if cursor is None else int(cursor) if re.fullmatch(r"\d{1,9}", cursor) else -1
    files = desk.reader.files()
    if start < 0 or start % PAGE or (start and start >= len(files)):
        raise UsageError(f"'{cursor:.80}' is no cursor of this list", "", "begin again without a cursor")
    end = start + PAGE
    return files[start:end], str(end) if end < len(files) else None
