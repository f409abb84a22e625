"""Members → files below a folder, within bounds, with a reason for every member that is left out.

No link is ever made, so none can be written through; a file is only ever made anew. The sub-second part of a file's time
stamp is a digest of its bytes: archives are often written with one time for all their members, and an index that tells a
change by size and time must see it all the same.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import xxhash

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.model.source import FailedFile, SkippedFile, SkipReason
from core.paths import escape
from indexing.intake.names import RefusedName, member_parts
from indexing.roles import VERSION_CONTROL

_PIECE = 1 << 20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_NANOSECONDS = 1_000_000_000
_RESOURCE_FORKS = b"__MACOSX"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may unpack to. `total_bytes` also bounds what must be decompressed only to be passed over."""

    members: int = 500_000
    total_bytes: int = 8_000_000_000
    member_bytes: int = 1_000_000_000

    def for_archive(self, size: int) -> Limits:
        """The limits for an archive of `size` bytes: beyond 100 MB it may not be more than 200 times as large."""
        return Limits(self.members, min(self.total_bytes, 100_000_000 + 200 * size), self.member_bytes)


class Reading(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes: ...


class TreeWriter:
    """Writes the members of one source, called `shown` in errors, below `folder`; no time stamp is later than `latest`
    (seconds since the epoch). Raises SourceError where a limit is passed or the disk is full, CancelledError."""

    def __init__(self, folder: Path, shown: str, limits: Limits, latest: float, cancellation: CancellationToken) -> None:
        self._folder = os.fsencode(folder)
        self._shown = shown
        self._limits = limits
        self._latest = max(0, int(latest))
        self._cancellation = cancellation
        self._folders: set[bytes] = {b""}
        self._files: set[bytes] = set()
        self._tops: set[bytes] = set()
        self._skipped: dict[str, SkipReason] = {}
        self._failed: dict[str, str] = {}
        self._members = 0
        self._bytes = 0
        self._last = ""

    @property
    def progress(self) -> str:
        """How far it has come, for an error."""
        return f"after {len(self._files):,} files, the last {self._last}" if self._files else "before the first file"

    @property
    def empty(self) -> bool:
        """Whether there was no member at all."""
        return not (self._files or self._tops or self._skipped or self._failed)

    def add_file(
        self,
        name: bytes,
        size: int,
        modified: float,
        open_content: Callable[[], Reading],
        *,
        backslash_separates: bool = False,
        counted: bool = False,
    ) -> None:
        """Write a member; of two with one name the later stays. `open_content` is called only for what is written,
        `counted` says that its bytes have been counted already."""
        path = self._accept(name, backslash_separates)
        if not path:
            return
        if size > self._limits.member_bytes:
            self._skipped[escape(path)] = SkipReason.TOO_LARGE
            return
        try:
            descriptor = self._create(path)
        except OSError as error:
            self._give_up(path, error)
            return
        if descriptor is not None:
            self._fill(path, descriptor, modified, open_content, counted)

    def add_folder(self, name: bytes, *, backslash_separates: bool = False) -> None:
        """Make a folder, though nothing may come to lie in it."""
        path = self._accept(name, backslash_separates)
        if path:
            try:
                self._make_folders(path)
            except OSError as error:
                self._give_up(path, error)

    def skip(self, name: bytes, reason: SkipReason, *, backslash_separates: bool = False) -> None:
        """Leave a member out for what it is; the name of a folder ends in `/`."""
        path = self._accept(name, backslash_separates)
        if path:
            self._skipped[escape(path) + ("/" if name.endswith(b"/") else "")] = reason

    def fail(self, name: bytes, reason: str) -> None:
        """Leave a member out that should have been there."""
        path = self._accept(name, backslash_separates=False)
        if path:
            self._failed[escape(path)] = reason

    def count(self, size: int) -> None:
        """Take note of `size` more bytes that were unpacked."""
        self._bytes += size
        self._cancellation.check("opening the source")
        if self._bytes > self._limits.total_bytes:
            raise self._too_much(f"it unpacks to more than {self._limits.total_bytes / 1e6:,.0f} MB")

    def finish(self, *, strip: bool) -> tuple[bytes, tuple[SkippedFile, ...], tuple[FailedFile, ...]]:
        """The folder to scan and what was left out of it; with `strip`, a single top folder is itself the source."""
        only = next(iter(self._tops)) if strip and len(self._tops) == 1 else b""
        root = only if only in self._folders else b""
        prefix = escape(root) + "/" if root else ""
        skipped = [SkippedFile(path.removeprefix(prefix), reason) for path, reason in self._skipped.items()]
        failed = [FailedFile(path.removeprefix(prefix), reason) for path, reason in self._failed.items()]
        return self._folder + b"/" + root if root else self._folder, tuple(skipped), tuple(failed)

    def _accept(self, name: bytes, backslash_separates: bool) -> bytes:
        """The member's path below the folder, or nothing for one that is left out."""
        self._cancellation.check("opening the source")
        self._members += 1
        if self._members > self._limits.members:
            raise self._too_much(f"it holds more than {self._limits.members:,} members")
        try:
            parts = member_parts(name, backslash_separates=backslash_separates, windows=os.name == "nt")
        except RefusedName as refusal:
            self._failed[escape(name[:_MAX_SHOWN])] = str(refusal)
            return b""
        if not parts or parts[0] == _RESOURCE_FORKS:
            return b""
        self._tops.add(parts[0])
        for depth, part in enumerate(parts[:-1]):
            if os.fsdecode(part) in VERSION_CONTROL:
                self._skipped[escape(b"/".join(parts[: depth + 1])) + "/"] = SkipReason.VERSION_CONTROL
                return b""
        return b"/".join(parts)

    def _create(self, path: bytes) -> int | None:
        """A new file to write to, or None where something else is in its place."""
        self._make_folders(path.rpartition(b"/")[0])
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        target = self._folder + b"/" + path
        try:
            return os.open(target, flags | os.O_EXCL, 0o600)
        except FileExistsError:
            if path in self._files:
                self._failed[escape(path)] = "there are several of its name, and the last was taken"
                return os.open(target, flags | os.O_TRUNC, 0o600)
            clash = "a folder has its name" if path in self._folders else "another file's name differs only in its case"
            self._failed[escape(path)] = clash
            return None

    def _make_folders(self, path: bytes) -> None:
        if path in self._folders:
            return
        parts = path.split(b"/")
        for depth in range(1, len(parts) + 1):
            folder = b"/".join(parts[:depth])
            if folder in self._folders:
                continue
            try:
                os.mkdir(self._folder + b"/" + folder, 0o700)  # noqa: PTH102 - a path of bytes
            except FileExistsError:
                if folder in self._files:
                    raise NotADirectoryError(errno.ENOTDIR, "a file has the name of its folder") from None
            self._folders.add(folder)

    def _fill(
        self, path: bytes, descriptor: int, modified: float, open_content: Callable[[], Reading], counted: bool
    ) -> None:
        digest = xxhash.xxh3_64()
        with open(descriptor, "wb", buffering=0) as file:
            content = open_content()
            while piece := content.read(_PIECE):
                if not counted:
                    self.count(len(piece))
                digest.update(piece)
                self._write(file, piece)
        seconds = int(min(max(modified, 0), self._latest))
        stamp = seconds * _NANOSECONDS + digest.intdigest() % _NANOSECONDS
        os.utime(self._folder + b"/" + path, ns=(stamp, stamp))
        self._files.add(path)
        self._last = escape(path)

    def _write(self, file: io.FileIO, data: bytes) -> None:
        """Write all of the data; an error is the disk's, not the archive's."""
        left = memoryview(data)
        try:
            while left:
                left = left[file.write(left) :]
        except OSError as error:
            raise self._no_room(error) from None

    def _give_up(self, path: bytes, error: OSError) -> None:
        if error.errno in _NO_ROOM:
            raise self._no_room(error) from None
        self._failed[escape(path)] = (error.strerror or str(error)).lower()

    def _no_room(self, error: OSError) -> SourceError:
        folder = escape(self._folder)
        why = f"it cannot be unpacked to {folder}: {(error.strerror or str(error)).lower()}"
        return SourceError(f"cannot open {self._shown}", why, "name a folder with more room in TMPDIR")

    def _too_much(self, why: str) -> SourceError:
        return SourceError(f"cannot open {self._shown}", why, "if you trust it, unpack it and give the folder")


_MAX_SHOWN = 200
"""Bytes of a refused name that are told."""
