"""Where the files of C and C++ look for their headers, as the commands tell that compile them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

_MOST_FOLDERS = 64
"""Folders in which a header looks that no command compiles."""


@dataclass(frozen=True, slots=True)
class IncludeFolders:
    """The folders of each file that is compiled, and `others` for files that are not, headers above all: those that most
    commands name. Folders are paths below the root of the source, `.` for the root itself, in the order of the search."""

    by_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: tuple[str, ...] = ()

    def headers(self, path: str, spelling: str) -> Iterator[str]:
        """The paths that an include in the file `path`, written `"a.h"` or `<a.h>`, may mean, the first one first."""
        name = spelling.strip('<>"')
        if not spelling.startswith("<"):
            yield normpath(join(dirname(path), name))
        for folder in self.by_file.get(path, self.others):
            yield normpath(join(folder, name))

    def tells(self, path: str) -> bool:
        """Whether a header that is in none of the folders lies outside of the source, as a command says."""
        return path in self.by_file

    def dumped(self) -> str:
        """As a line that `load_include_folders` reads."""
        numbers = {folders: number for number, folders in enumerate(dict.fromkeys(self.by_file.values()))}
        return json.dumps([list(numbers), {path: numbers[folders] for path, folders in self.by_file.items()}])


NO_FOLDERS = IncludeFolders()


def include_folders(by_file: Mapping[str, tuple[str, ...]]) -> IncludeFolders:
    """The folders of each file, absolute ones left out, and from them those of all others."""
    within = {path: tuple(one for one in folders if not _is_absolute(one)) for path, folders in by_file.items()}
    count = Counter(folder for folders in within.values() for folder in folders)
    return IncludeFolders(within, tuple(folder for folder, _ in count.most_common(_MOST_FOLDERS)))


def load_include_folders(dumped: str) -> IncludeFolders:
    """What `dumped` gave."""
    folders, files = json.loads(dumped)
    return include_folders({path: tuple(folders[number]) for path, number in files.items()}) if files else NO_FOLDERS


def _is_absolute(folder: str) -> bool:
    return folder.startswith("/") or folder[1:3] == ":/"
