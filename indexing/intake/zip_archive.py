"""A zip archive, and what else is one (wheels, jars)."""

from __future__ import annotations

import calendar
import os
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from core.model.source import SkipReason
from indexing.intake.damage import DamagedArchiveError
from indexing.intake.tree import Reading, TreeWriter

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_COMMIT = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_MAX_DIRECTORY = 100_000_000
_END, _END_SIZE = b"PK\x05\x06", 22
_END_64, _LOCATOR_64, _LOCATOR_SIZE = b"PK\x06\x06", b"PK\x06\x07", 20
_UNKNOWN_SIZE = 0xFFFF_FFFF
_DAMAGE = (zipfile.BadZipFile, EOFError, zlib.error, OSError, ValueError, OverflowError, MemoryError, struct.error)


def write_zip(path: Path, write: TreeWriter) -> str | None:
    """Write the members of the archive; returns the commit that `git archive` noted in it. Raises DamagedArchiveError."""
    try:
        with path.open("rb") as file:
            _check_directory(file)
            with zipfile.ZipFile(file) as archive:
                for member in archive.infolist():
                    _write_member(member, archive, write)
                comment = archive.comment
    except zipfile.LargeZipFile as error:  # pragma: no cover - only when writing
        raise DamagedArchiveError(str(error)) from error
    except NotImplementedError as error:
        next_step = "unpack it and give the folder"
        raise DamagedArchiveError(f"it is written in a way not known here ({error})", next_step) from error
    except _DAMAGE as error:
        raise DamagedArchiveError(f"it is damaged or ends early ({str(error).rstrip('.') or 'end of data'})") from error
    return comment.decode() if _COMMIT.fullmatch(comment) else None


def _write_member(member: zipfile.ZipInfo, archive: zipfile.ZipFile, write: TreeWriter) -> None:
    name = _name(member)
    mode = member.external_attr >> 16
    if name.endswith((b"/", b"\\")):
        write.add_folder(name, backslash_separates=True)
    elif stat.S_ISLNK(mode):
        write.skip(name, SkipReason.SYMLINK, backslash_separates=True)
    elif stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        write.skip(name, SkipReason.SPECIAL, backslash_separates=True)
    elif member.flag_bits & _ENCRYPTED:
        raise DamagedArchiveError("it is encrypted", "unpack it with its password and give the folder")
    else:

        def open_content() -> Reading:
            return archive.open(member)

        write.add_file(name, member.file_size, _modified(member), open_content, backslash_separates=True)


def _name(member: zipfile.ZipInfo) -> bytes:
    """The name as it is written: what is not marked as UTF-8 may be in any encoding, and stays as it is."""
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8_NAME else "cp437")


def _modified(member: zipfile.ZipInfo) -> float:
    """Seconds since the epoch. A zip holds local time without its zone: taken as UTC, it is the same on every machine."""
    year, month, day, hour, minute, second = member.date_time
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return 0.0
    return float(calendar.timegm((year, month, day, hour, minute, second, 0, 0, 0)))


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a directory that would fill the memory: Python's zipfile reads all of it at once."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - _END_SIZE - 0xFFFF - _LOCATOR_SIZE))
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or end + _END_SIZE > len(tail):
        raise zipfile.BadZipFile("its directory is missing")
    (size,) = struct.unpack_from("<L", tail, end + 12)
    locator = tail[max(0, end - _LOCATOR_SIZE) : end]
    if locator.startswith(_LOCATOR_64):
        (offset,) = struct.unpack_from("<Q", locator, 8)
        file.seek(min(offset, length))
        record = file.read(56)
        if len(record) == 56 and record.startswith(_END_64):
            (large,) = struct.unpack_from("<Q", record, 40)
            size = large if size == _UNKNOWN_SIZE else max(size, large)
    if size > _MAX_DIRECTORY:
        raise DamagedArchiveError("its directory is too large", "unpack it and give the folder")
    file.seek(0)
