"""Zstandard's compressors and decompressors. Two threads may not use one at once, and it lets go of the interpreter's lock
while it works: shared, it called whole blobs damaged or ended the process. So each thread has its own, made once."""

from __future__ import annotations

import threading

import zstandard


class _Own(threading.local):
    """What this thread has."""

    def __init__(self) -> None:
        self.compressors: dict[int, zstandard.ZstdCompressor] = {}
        self.decompressor = zstandard.ZstdDecompressor()


_own = _Own()


def compressor(level: int) -> zstandard.ZstdCompressor:
    """This thread's compressor of a level; what it makes ends in a checksum."""
    known = _own.compressors.get(level)
    if known is None:
        known = _own.compressors[level] = zstandard.ZstdCompressor(level=level, write_checksum=True)
    return known


def decompressor() -> zstandard.ZstdDecompressor:
    """This thread's decompressor."""
    return _own.decompressor
