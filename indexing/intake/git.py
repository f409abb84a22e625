"""What is read from a git repository without running git: its revision, and where its rules lie.

Only small text files are read, each with a bound on its size: nothing in a repository is run or followed far.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_MAX_BYTES = 16_000_000
"""`packed-refs` of the largest repositories stay below; every other file read here is a line or two."""
_MAX_ANCESTORS = 100
_MAX_REFERENCES = 100_000
_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SUBMODULE = re.compile(r"^[ \t]*path[ \t]*=[ \t]*([^\n]+)$", re.MULTILINE)
_ORIGIN = re.compile(r'^\[remote "origin"\]([^\[]*)', re.MULTILINE)
_URL = re.compile(r"^[ \t]*url[ \t]*=[ \t]*([^\n]+)$", re.MULTILINE)
_REFERENCE = re.compile(r"refs/[\w][^\x00-\x20~^:?*\[\\]*")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a work tree: `folder` is the tree's root, `private` its own git directory, `common` the one that it
    shares with its other work trees."""

    folder: Path
    private: Path
    common: Path

    @property
    def exclude_file(self) -> Path:
        """Ignore rules of this clone alone."""
        return self.common / "info" / "exclude"


def repository_at(folder: Path, within: Path | None = None) -> Repository | None:
    """The repository whose work tree begins at `folder`.

    A submodule or a linked work tree says in a file where its git directory lies. `within`, a real path, is what that may
    not lead out of: nothing outside is looked at, and the repository then has no files of its own.
    """
    marker = folder / ".git"
    if marker.is_dir() and not (within and marker.is_symlink()):
        private = marker
    else:
        link = _first_line(marker).partition("gitdir:")
        if link[0] or not link[1]:
            return None
        private = folder / link[2].strip()
        if within and not _lies_within(private, within):
            return Repository(folder, marker, marker)
    if not (private / "HEAD").is_file():
        return None
    shared = _first_line(private / "commondir")
    common = private / shared if shared else private
    return Repository(folder, private, private if within and not _lies_within(common, within) else common)


def _lies_within(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(folder)


def submodule_paths(folder: Path) -> list[str]:
    """The folders of the submodules that `.gitmodules` in `folder` names, as `os` spells them; those that lead elsewhere
    are left out."""
    paths = [found[1].strip().strip('"') for found in _SUBMODULE.finditer(_read(folder / ".gitmodules", 1_000_000))]
    return [path for path in paths if path and not path.startswith("/") and ".." not in path.split("/")]


def repository_around(folder: Path) -> Repository | None:
    """The repository that `folder` lies in."""
    for ancestor in [folder, *folder.parents][:_MAX_ANCESTORS]:
        found = repository_at(ancestor)
        if found:
            return found
    return None


def is_bare_repository(folder: Path) -> bool:
    """Whether `folder` is itself a git directory: a bare repository, or the `.git` of a work tree."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def revision(repository: Repository) -> str | None:
    """The id of the commit that is checked out, or None before the first commit (and where refs are kept in a way not
    known here)."""
    head = _first_line(repository.private / "HEAD")
    if _OBJECT_ID.fullmatch(head):
        return head
    name = head.removeprefix("ref:").strip()
    if not head.startswith("ref:") or not _is_reference(name):
        return None
    for base in (repository.private, repository.common):
        loose = _first_line(base / name)
        if _OBJECT_ID.fullmatch(loose):
            return loose
    return _packed_references(repository).get(name)


def remote_address(repository: Repository) -> str:
    """What the configuration calls the remote `origin`; empty where there is none."""
    section = _ORIGIN.search(_read(repository.common / "config", 1_000_000))
    found = _URL.search(section[1]) if section else None
    return found[1].strip().strip('"') if found else ""


def references(repository: Repository) -> dict[str, str]:
    """Branches, tags and what is known of remotes: object ids by their full names (`refs/heads/main`), at most 100,000."""
    found = _packed_references(repository)
    for folder, inner, names in os.walk(repository.common / "refs"):
        inner.sort()
        for name in sorted(names):
            path = Path(folder, name)
            full = path.relative_to(repository.common).as_posix()
            if _is_reference(full) and _OBJECT_ID.fullmatch(object_id := _first_line(path)):
                found[full] = object_id
        if len(found) > _MAX_REFERENCES:
            break
    return found


def _packed_references(repository: Repository) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _read(repository.common / "packed-refs").splitlines():
        object_id, _, name = line.partition(" ")
        if _OBJECT_ID.fullmatch(object_id) and _is_reference(name):
            found[name] = object_id
    return found


def _is_reference(name: str) -> bool:
    return bool(_REFERENCE.fullmatch(name)) and ".." not in name


def _first_line(path: Path) -> str:
    return _read(path, 4_096).partition("\n")[0].strip()


def _read(path: Path, limit: int = _MAX_BYTES) -> str:
    """At most `limit` bytes of a file as text; nothing where it is missing, no regular file, or unreadable."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.read(limit).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
