"""From what a person wrote to a workspace, or one line that says why not.

Each form of SOURCE that the command line promises is told by its form, so that one that cannot be opened yet is named as
what it is.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from core.errors import CodestrataError, NotThereYetError, SourceError
from core.paths import from_os, to_os
from indexing.intake.git import is_bare_repository, repository_around, revision
from indexing.intake.workspace import Workspace

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|[\w.-]+@[\w.-]+:(?!\\)")
_ARCHIVE_NAME = re.compile(r"\.(?:zip|jar|war|tar|tgz|tbz2?|txz|tar\.(?:gz|xz|bz2|zst))$", re.IGNORECASE)
_ARCHIVE_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh", b"\x28\xb5\x2f\xfd")
_TAR_MAGIC = slice(257, 262)
_BUNDLE_MAGIC = b"# v"


def open_source(spec: str) -> Workspace:
    """Open SOURCE for reading.

    Raises SourceError for what is not there or cannot be read, NotThereYetError for a form that is not supported yet.
    """
    if not spec.strip():
        raise SourceError("no source was given", "", "name the folder to index")
    if _URL.match(spec):
        raise NotThereYetError(f"cannot open {spec}", "git URLs are not supported yet", "clone it and give the folder")
    path = _existing(spec)
    mode = _mode(path, spec)
    if stat.S_ISDIR(mode):
        return _open_folder(path, spec)
    if stat.S_ISREG(mode):
        raise _about_file(path, spec)
    raise SourceError(f"cannot open {spec}", "it is neither a file nor a folder", "give a folder")


def _existing(spec: str) -> Path:
    """The path as written, else with the escapes of our own output taken back."""
    written = Path(os.path.expanduser(spec))  # noqa: PTH111 - Path.expanduser raises for an unknown user
    if "\\" in spec and not os.path.lexists(written):
        unescaped = Path(to_os(spec))
        if "\x00" not in str(unescaped) and os.path.lexists(unescaped):
            return unescaped
    return written


def _mode(path: Path, spec: str) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        if _ARCHIVE_NAME.search(spec) or not path.is_symlink():
            raise SourceError(f"cannot open {spec}", "there is no such file or folder", "check the path") from None
        raise SourceError(f"cannot open {spec}", "it is a link to something that is gone", "check the path") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot open {spec}", _reason(error), "check the path and its permissions") from None


def _open_folder(path: Path, spec: str) -> Workspace:
    try:
        root = path.resolve(strict=True)
        with os.scandir(root):
            pass
    except (OSError, RuntimeError) as error:
        raise SourceError(f"cannot read the folder {spec}", _reason(error), "check its permissions") from None
    if is_bare_repository(root):
        raise NotThereYetError(
            f"cannot open {spec}",
            "a bare git repository is not supported yet",
            "clone it and give the folder with its files",
        )
    repository = repository_around(root)
    identity = from_os(root.as_posix())
    return Workspace(root, from_os(root.name) or identity, identity, revision(repository) if repository else None)


def _about_file(path: Path, spec: str) -> CodestrataError:
    """What a file that was given as a source is, and what to do with it."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        return SourceError(f"cannot read {spec}", _reason(error), "check its permissions")
    if head.startswith(_BUNDLE_MAGIC) and b" git bundle" in head[:32]:
        return NotThereYetError(f"cannot open {spec}", "git bundles are not supported yet", "clone it and give the folder")
    if _ARCHIVE_NAME.search(path.name) or head.startswith(_ARCHIVE_MAGIC) or head[_TAR_MAGIC] == b"ustar":
        return NotThereYetError(f"cannot open {spec}", "archives are not supported yet", "extract it and give the folder")
    folder = from_os(path.parent.as_posix())
    return SourceError(
        f"cannot index {spec}", "it is a file, and a source is a folder", f"give the folder it lies in ({folder})"
    )


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
