"""The folders of a source as a tree of sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.model.source import IndexedFile

DOMINATING = 0.92
"""A folder that holds this share of its parent's lines is the system itself; what lies beside it is its wrapping."""
_MOST_FILES = 0.9
"""Unless that is many small files: interfaces, which say much in few lines."""


@dataclass(slots=True)
class Folder:
    """A folder with the files that count; `path` is empty for the root and never ends in `/`."""

    path: str
    folders: dict[str, Folder] = field(default_factory=dict)
    files: list[IndexedFile] = field(default_factory=list)
    lines: int = 0
    file_count: int = 0

    def walk(self) -> Iterator[IndexedFile]:
        """Every file below."""
        stack = [self]
        while stack:
            folder = stack.pop()
            yield from folder.files
            stack.extend(folder.folders.values())

    def find(self, path: str) -> Folder | None:
        folder: Folder | None = self
        for part in path.split("/") if path else ():
            folder = folder.folders.get(part) if folder else None
        return folder


def folder_tree(files: Iterable[IndexedFile]) -> Folder:
    """The root of a tree that holds `files`, sizes summed."""
    root = Folder("")
    for file in files:
        folder = root
        folder.lines += file.lines
        folder.file_count += 1
        for part in file.path.split("/")[:-1]:
            path = f"{folder.path}/{part}" if folder.path else part
            folder = folder.folders.setdefault(part, Folder(path))
            folder.lines += file.lines
            folder.file_count += 1
        folder.files.append(file)
    return root


def collapse(folder: Folder) -> Folder:
    """Down through folders that hold nothing but one folder (`src/main/java/org/…`)."""
    while not folder.files and len(folder.folders) == 1:
        folder = next(iter(folder.folders.values()))
    return folder


def open_dominating(folder: Folder) -> Folder:
    """Down to where a source really branches: through lone folders and those that outweigh all beside them."""
    while folder.folders:
        largest = max(folder.folders.values(), key=lambda child: (child.lines, child.path))
        if largest.lines < DOMINATING * folder.lines or largest.file_count < max(2, _MOST_FILES * folder.file_count):
            break
        folder = largest
    return folder
