"""From what a person wrote to a workspace, or one line that says why not.

Each form of SOURCE is told by its form and its content: a folder is read where it lies; an archive, a bare repository, a
bundle and a git URL are unpacked into a private folder that goes with the workspace. Several, one a line, are one workspace.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.paths import from_os, to_os
from indexing.intake import several, tar_archive, zip_archive
from indexing.intake.damage import DamagedArchiveError
from indexing.intake.git import is_bare_repository, repository_around, repository_at, revision
from indexing.intake.private_folder import PrivateFolder
from indexing.intake.repositories import BUNDLE_MAGIC, write_bundle, write_repository, write_url
from indexing.intake.stamp import REMOTE, repository_in, stamp_of_commit, stamp_of_file
from indexing.intake.tree import Limits, TreeWriter
from indexing.intake.urls import GitUrl, is_url, parse_url, shown
from indexing.intake.workspace import Workspace

_ARCHIVE_ENDING = re.compile(r"\.(?:zip|jar|war|whl|tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|xz|bz2|zst))$", re.IGNORECASE)
_TAR_MAGIC = slice(257, 262)
_HEAD = 512

Fill = Callable[[TreeWriter, PrivateFolder], str | None]
"""Writes the members of a source; returns the commit they are of, where one is known."""


def open_source(spec: str, cancellation: CancellationToken | None = None, limits: Limits | None = None) -> Workspace:
    """Open SOURCE for reading; what is no folder is unpacked first, within `limits`, which hold for each of several.

    Raises SourceError for what is not there, cannot be read or passes a limit, MissingPartError where git is needed and
    missing, CancelledError.
    """
    token, bounds = cancellation or CancellationToken(), limits or Limits()
    if not spec.strip():
        raise SourceError("no source was given", "", "name the folder to index")
    specs = several.split(spec)
    if len(specs) > 1:
        return _open_several(specs, token, bounds)
    [spec] = specs
    if is_url(spec):
        return _open_url(parse_url(spec), token, bounds)
    path = _existing(spec)
    mode = _mode(path, spec)
    if stat.S_ISDIR(mode):
        return _open_folder(path, spec, token, bounds)
    if stat.S_ISREG(mode):
        return _open_file(path, spec, token, bounds)
    raise SourceError(f"cannot open {spec}", "it is neither a file nor a folder", "give a folder")


def _open_several(specs: Sequence[str], token: CancellationToken, limits: Limits) -> Workspace:
    with contextlib.ExitStack() as opened:
        by_identity = {identity_of(spec): spec for spec in specs}
        workspaces = [opened.enter_context(open_source(spec, token, limits)) for spec in by_identity.values()]
        workspace = several.combine(workspaces) if len(workspaces) > 1 else workspaces[0]
        opened.pop_all()
        return workspace


def identity_of(spec: str) -> str:
    """The key that the index of a source is found by, whether or not the source is there: the real path of what is local,
    and of a URL what stays without credentials. Raises SourceError for a URL that is none."""
    specs = several.split(spec)
    if len(specs) != 1:
        return several.combined_identity([identity_of(one) for one in specs])
    return parse_url(spec).address if is_url(spec) else _identity(_existing(spec))


def _identity(path: Path) -> str:
    return from_os(Path(os.path.realpath(path)).as_posix())


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
        if _ARCHIVE_ENDING.search(spec) or not path.is_symlink():
            raise SourceError(f"cannot open {spec}", "there is no such file or folder", "check the path") from None
        raise SourceError(f"cannot open {spec}", "it is a link to something that is gone", "check the path") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot open {spec}", _reason(error), "check the path and its permissions") from None


def _open_folder(path: Path, spec: str, token: CancellationToken, limits: Limits) -> Workspace:
    try:
        root = path.resolve(strict=True)
        with os.scandir(root):
            pass
    except (OSError, RuntimeError) as error:
        raise SourceError(f"cannot read the folder {spec}", _reason(error), "check its permissions") from None
    identity = from_os(root.as_posix())
    if is_bare_repository(root):
        return _open_repository(root, identity, spec, token, limits)
    repository = repository_around(root)
    return Workspace(root, from_os(root.name) or identity, identity, revision(repository) if repository else None)


def _open_repository(root: Path, identity: str, spec: str, token: CancellationToken, limits: Limits) -> Workspace:
    named = root.parent if root.name == ".git" else root
    repository = repository_in(root)

    def fill(write: TreeWriter, folder: PrivateFolder) -> str:
        return write_repository(repository, spec, folder.scratch, write, token)

    name = from_os(named.name.removesuffix(".git")) or identity
    stamp = stamp_of_commit(revision(repository) or "")
    return unpack(fill, spec, name, identity, stamp, limits, time.time(), token)


def _open_url(url: GitUrl, token: CancellationToken, limits: Limits) -> Workspace:
    def fetch(write: TreeWriter, folder: PrivateFolder) -> str:
        return write_url(url, folder.scratch, write, limits, token)

    fill: Fill = fetch if url.local is None else _local(url.local, url.address, token)
    return unpack(fill, url.address, url.name, url.address, REMOTE, limits, time.time(), token)


def _local(path: Path, address: str, token: CancellationToken) -> Fill:
    """What a `file:` URL names: the last commit of a repository, with or without a work tree, or of a bundle. Nothing runs
    in that repository, as git's own transport would."""
    if _is_bundle(path):
        return lambda write, folder: write_bundle(path, address, folder.scratch, write, token)
    repository = repository_in(path) if is_bare_repository(path) else repository_at(path)
    if repository is None:
        next_step = "check the address; a folder is given by its path, without 'file://'"
        raise SourceError(f"cannot open {address}", "there is no git repository", next_step)
    return lambda write, folder: write_repository(repository, address, folder.scratch, write, token)


def _open_file(path: Path, spec: str, token: CancellationToken, limits: Limits) -> Workspace:
    try:
        path = path.resolve(strict=True)
        before = path.stat()
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, RuntimeError) as error:
        raise SourceError(f"cannot read {spec}", _reason(error), "check its permissions") from None
    fill = _fill_from(path, spec, head, token)
    name = from_os(_ARCHIVE_ENDING.sub("", path.name).removesuffix(".bundle")) or from_os(path.name)
    bounds = limits if BUNDLE_MAGIC.match(head) else limits.for_archive(before.st_size)
    identity, stamp = from_os(path.as_posix()), stamp_of_file(before)
    workspace = unpack(fill, spec, name, identity, stamp, bounds, before.st_mtime, token, strip=not BUNDLE_MAGIC.match(head))
    if stamp_of_file(path.stat()) != stamp:
        with workspace:
            raise SourceError(f"cannot open {spec}", "it changed while it was read", "try again")
    return workspace


def _fill_from(path: Path, spec: str, head: bytes, token: CancellationToken) -> Fill:
    """How the members of a file are read, by what it begins with. Raises SourceError for what is no source."""
    if not head and _ARCHIVE_ENDING.search(path.name):
        raise SourceError(f"cannot open {spec}", "the file is empty", "get a whole copy of it")
    if BUNDLE_MAGIC.match(head):
        return lambda write, folder: write_bundle(path, spec, folder.scratch, write, token)
    if head.startswith(zip_archive.MAGIC):
        return lambda write, _: zip_archive.write_zip(path, write)
    if head.startswith(tar_archive.COMPRESSIONS) or head[_TAR_MAGIC] == b"ustar" or path.name.lower().endswith(".tar"):
        return lambda write, _: tar_archive.write_tar(path, write)
    if _ARCHIVE_ENDING.search(path.name):
        raise SourceError(f"cannot open {spec}", "its content is not that of an archive", "get a whole copy of it")
    folder = from_os(path.parent.as_posix())
    raise SourceError(
        f"cannot index {spec}",
        "it is a file, and a source is a folder or an archive",
        f"give the folder it lies in ({folder})",
    )


def unpack(
    fill: Fill,
    spec: str,
    name: str,
    identity: str,
    stamp: str,
    limits: Limits,
    latest: float,
    token: CancellationToken,
    *,
    strip: bool = False,
) -> Workspace:
    """Have the members written into a new private folder; nothing of it stays when that fails."""
    folder = PrivateFolder(token)
    try:
        write = TreeWriter(folder.tree, shown(spec), limits, latest, token)
        try:
            commit = fill(write, folder)
        except DamagedArchiveError as damage:
            raise SourceError(f"cannot open {spec}", f"{damage}, {write.progress}", damage.next_step) from None
        if write.empty:
            raise SourceError(f"cannot open {spec}", "it holds no files", "give another archive")
        folder.clear_scratch()
        root, skipped, failed = write.finish(strip=strip)
        return Workspace(Path(os.fsdecode(root)), name, identity, commit, skipped, failed, stamp, folder)
    except BaseException:
        folder.remove()
        raise


def _is_bundle(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return BUNDLE_MAGIC.match(file.read(_HEAD)) is not None
    except OSError:
        return False


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
