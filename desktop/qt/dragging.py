"""Places of the code as what is dragged: from lists of this window, or files of the source from a file manager."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData

from desktop.qt.replies import PlaceReply

PLACES = "application/x-codestrata-places"
WHOLE_FILE = 999_999_999
"""A last line beyond every file's: the engine takes as much as there is."""
MOST = 20


def whole_file(path: str) -> PlaceReply:
    """A file as a place."""
    return {"path": path, "start_line": 1, "end_line": WHOLE_FILE}


def dragged(places: Iterable[PlaceReply]) -> QMimeData:
    """Places to drag, without text, so that no field of text takes them for what was typed."""
    data = QMimeData()
    kept = [{name: place[name] for name in ("path", "start_line", "end_line")} for place in places]
    data.setData(PLACES, json.dumps(kept).encode())
    return data


def dropped(data: QMimeData, source: str) -> Sequence[PlaceReply]:
    """The places in what is dragged: those of this window, or the files of `source` (a folder) among local ones."""
    if data.hasFormat(PLACES):
        try:
            given = json.loads(bytes(data.data(PLACES).data()))
            return [_place(each) for each in given[:MOST]]
        except (ValueError, KeyError, TypeError):
            return []
    root = Path(source)
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    inside = [file for file in files if file.is_file() and root in file.parents]
    return [whole_file(file.relative_to(root).as_posix()) for file in inside[:MOST]]


def _place(given: dict[str, object]) -> PlaceReply:
    path, start, end = given["path"], given["start_line"], given["end_line"]
    if not isinstance(path, str) or not isinstance(start, int) or not isinstance(end, int):
        raise TypeError("this is no place")
    return {"path": path, "start_line": start, "end_line": end}
