"""Compressors and decompressors of threads."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor

from indexing import blocks, clone_columns
from indexing.codecs import compressor, decompressor
from indexing.columns import ColumnWriter, read_blob


def test_each_thread_has_its_own() -> None:
    with ThreadPoolExecutor(1) as other:
        assert other.submit(decompressor).result() is not decompressor()
        assert other.submit(compressor, 6).result() is not compressor(6)
    assert decompressor() is decompressor()
    assert compressor(6) is compressor(6)


def test_threads_that_read_and_write_at_once_find_what_was_written() -> None:
    """With one decompressor for all of them, the engine said that sound blobs were damaged, or crashed."""
    # Random letters keep a decompressor busy, so that threads meet in it.
    content = bytes(random.Random(1).choices(b"abcdefgh  etx", k=300_000)) * 2
    writer = ColumnWriter()
    writer.raw(content)
    column, packed, told = writer.blob(), blocks.pack_content(content), clone_columns.pack_told([content])

    def work(_number: int) -> bool:
        return (
            read_blob(column).raw() == content
            and blocks.unpack_content(packed) == content
            and clone_columns.unpack_told(told) == [content]
            and writer.blob() == column
        )

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(work, range(40)))
    finally:
        sys.setswitchinterval(before)
