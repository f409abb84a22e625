"""A tar archive, plain or compressed, as a stream: each member is seen once, in order, and nothing is sought."""

from __future__ import annotations

import lzma
import re
import tarfile
import zlib
from pathlib import Path
from typing import IO, Any, cast

from core.model.source import SkipReason
from indexing.intake.damage import DamagedArchiveError
from indexing.intake.tree import Reading, TreeWriter

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BUFFER = 1 << 18
_MAX_EXTENDED = 1 << 20
_EXTENDED = {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}
_DAMAGE = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, ValueError, OverflowError, RecursionError, MemoryError)

GZIP, BZIP2, XZ, ZSTANDARD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"
COMPRESSIONS = (GZIP, BZIP2, XZ, ZSTANDARD)


def write_tar(path: Path, write: TreeWriter) -> str | None:
    """Write the members of the archive; returns the commit that `git archive` noted in it. Raises DamagedArchiveError."""
    import zstandard

    try:
        with path.open("rb") as file:
            counted = _Counted(_decompressed(file), write)
            with tarfile.open(
                fileobj=cast(Any, counted),
                mode="r|",
                bufsize=_BUFFER,
                tarinfo=_Header,
                encoding="utf-8",
                errors="surrogateescape",
            ) as archive:
                for member in archive:
                    _write_member(member, archive, write)
                    cast(Any, archive).members = []  # what has been seen is not kept
                comment = archive.pax_headers.get("comment", "")
            while counted.read(_BUFFER):
                pass  # what follows the end must decompress too: only then was the archive whole
    except (*_DAMAGE, OSError, zstandard.ZstdError) as error:
        raise DamagedArchiveError(_reason(error)) from error
    return comment if _COMMIT.fullmatch(comment) else None


def _write_member(member: tarfile.TarInfo, archive: tarfile.TarFile, write: TreeWriter) -> None:
    name = member.name.encode("utf-8", "surrogateescape")
    if member.isreg():
        content = archive.extractfile(member)
        assert content is not None
        write.add_file(name, member.size, member.mtime, lambda: content, counted=True)
    elif member.isdir():
        write.add_folder(name)
    elif member.issym():
        write.skip(name, SkipReason.SYMLINK)
    elif member.islnk():
        write.fail(name, "it is a hard link, which is not followed in an archive")
    else:
        write.skip(name, SkipReason.SPECIAL)


def _decompressed(file: IO[bytes]) -> Reading:
    head = file.read(6)
    file.seek(0)
    if head.startswith(GZIP):
        import gzip

        return gzip.GzipFile(fileobj=file)
    if head.startswith(BZIP2):
        import bz2

        return bz2.BZ2File(file)
    if head.startswith(XZ):
        return lzma.LZMAFile(file)
    if head.startswith(ZSTANDARD):
        import zstandard

        reader: Reading = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return reader
    return file


class _Counted:
    """Counts what is decompressed, also of members that are passed over."""

    def __init__(self, stream: Reading, write: TreeWriter) -> None:
        self._stream = stream
        self._write = write

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._write.count(len(data))
        return data


class _Header(tarfile.TarInfo):
    """A header that tells an archive which ends early from one that ends.

    Python's tarfile takes the end of the file, and a header that is none, for the end of the archive.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Any:
        header = super().frombuf(buf, encoding, errors)
        if header.type in _EXTENDED and header.size > _MAX_EXTENDED:
            raise DamagedArchiveError("a member's name is too long")
        return header

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Any:
        try:
            return super().fromtarfile(tarfile)
        except _HEADER_ERROR as error:
            if type(error) is _END_OF_ARCHIVE:
                raise
            if tarfile.offset == 0:
                raise DamagedArchiveError("its content is not that of a tar archive") from error
            raise DamagedArchiveError(_reason(error)) from error


_HEADER_ERROR: type[Exception] = tarfile.HeaderError
_END_OF_ARCHIVE: type[Exception] = vars(tarfile)["EOFHeaderError"]


def _reason(error: BaseException) -> str:
    """What is wrong, in the words of a person."""
    if (
        isinstance(error, EOFError)
        or "empty header" in str(error)
        or "truncated" in str(error)
        or "unexpected end" in str(error)
    ):
        return "it ends early"
    if isinstance(error, MemoryError):
        return "it needs too much memory to decompress"
    detail = str(error)
    return f"it is damaged ({detail})" if detail else "it is damaged"
