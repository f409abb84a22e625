"""What is folded comes back byte for byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.model.chunk import Chunk, ChunkKind
from core.model.clone import CloneType
from core.model.source import FileRole, Place, Span
from indexing.folding.expanding import Located, apply_delta, expand, line_delta, pack_records, record, unpack_records
from indexing.folding.folded_text import Copy, fold_text

LINES = st.lists(st.sampled_from([b"a\n", b"  b\n", b"c\r\n", b"\n", "ü\n".encode(), b"d"]), max_size=12).map(b"".join)


@given(LINES, LINES)
def test_a_delta_makes_the_copy(kept: bytes, copy: bytes) -> None:
    assert apply_delta(kept, line_delta(kept, copy)) == copy


@given(st.lists(st.tuples(LINES.filter(bytes.strip), st.booleans(), st.sampled_from([b"", b"\n", b"  "])), max_size=6))
def test_a_folded_text_and_its_record_make_the_text(pieces: list[tuple[bytes, bool, bytes]]) -> None:
    text, chunks, copies = b"", [], {}
    kept = b"a\nb\nkept\n"
    for number, (piece, is_copy, gap) in enumerate(pieces, 1):
        span = Span(len(text), len(text) + len(piece), number, number)
        chunks.append(Chunk(number, "a.py", span, ChunkKind.FUNCTION, "", "python", FileRole.SOURCE, 0, "", number))
        if is_copy:
            copies[number] = Copy(Place("b.py", 1, 3), CloneType.EDITED, 0.9, kept=99)
        text += piece + gap
    folded = fold_text(text, "python", chunks, copies)
    found = record(text, folded, "utf-8", lambda _first, _parts: Located("b.py", 0, len(kept)), lambda _first, _parts: kept)
    again = unpack_records(pack_records({"a.py": found}))["a.py"]
    assert expand(folded.text, again, lambda _path, begin, end: kept[begin:end]) == text
