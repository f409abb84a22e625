"""What is written as columns comes back as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.chunk import ChunkKind
from core.model.clone import Fingerprint
from core.model.graph import Confidence, EdgeKind
from core.model.source import Span
from core.model.symbol import Definition, SymbolKind
from indexing.chunk_columns import (
    CONTINUES,
    SKETCHED,
    names_by_chunk,
    pack_details,
    pack_prints,
    pack_sketches,
    pack_spans,
    unpack_details,
    unpack_prints,
    unpack_spans,
)
from indexing.columns import ColumnReader, ColumnWriter, read_blob
from indexing.edge_columns import CONFIDENCES, EDGE_KINDS, make_edges, pack_edges, unpack_edges
from indexing.fact_columns import StoredOutline, pack_outline, unpack_outline, unpack_outline_columns
from indexing.folding.sketch import ROW
from indexing.parsed import ChunkDraft

# What decoding a file gives: everything but halves of surrogate pairs.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
UNSIGNED = st.integers(0, 2**62)
SIGNED = st.integers(-(2**61), 2**61)
LINE = st.integers(1, 2**31)


STRINGS = st.lists(TEXT | st.sampled_from(["", "\n", "a\0b", "\x1f", "\n\0\x1f"]))


@given(st.lists(UNSIGNED), st.lists(SIGNED), st.lists(SIGNED), STRINGS, st.binary(), STRINGS)
def test_columns_come_back_in_the_order_they_were_written(
    unsigned: list[int],
    signed: list[int],
    rising: list[int],
    strings: list[str],
    raw: bytes,
    more: list[str],
) -> None:
    columns = ColumnWriter()
    columns.unsigned(unsigned)
    columns.unsigned(np.array(unsigned, np.int64))
    columns.signed(signed)
    columns.signed(np.array(signed, np.int64))
    columns.rising(rising)
    columns.rising(np.array(rising, np.int64))
    columns.raw(raw)
    columns.strings(strings)
    columns.strings(iter(more))
    assert read_blob(columns.blob()).unsigned().tolist() == unsigned
    back = ColumnReader(columns.encoded())
    assert [back.unsigned().tolist(), back.unsigned().tolist()] == [unsigned, unsigned]
    assert [back.signed().tolist(), back.signed().tolist()] == [signed, signed]
    assert [back.rising().tolist(), back.rising().tolist()] == [rising, rising]
    assert (back.raw(), back.strings(), back.strings()) == (raw, strings, more)
    with pytest.raises(StopIteration):
        back.raw()


def test_numbers_take_the_room_they_need() -> None:
    def size(values: list[int]) -> int:
        columns = ColumnWriter()
        columns.unsigned(values)
        return len(columns.blob())

    rng = np.random.default_rng(1)
    small, large = rng.integers(0, 256, 1000).tolist(), rng.integers(0, 2**32, 1000).tolist()
    assert size(small) < 1100
    assert 3900 < size(large) < 4200


def test_what_cannot_be_stored_is_refused() -> None:
    columns = ColumnWriter()
    with pytest.raises(OverflowError):
        columns.unsigned([-1])


@st.composite
def definitions(draw: st.DrawFn) -> tuple[Definition, ...]:
    """A module and what is in it; parents come first, as a rule, and names nest, as a rule."""
    found = [Definition("", "", SymbolKind.MODULE, Span(0, draw(LINE), 1, draw(LINE)), 1, -1, draw(TEXT), draw(TEXT))]
    for index in range(1, draw(st.integers(1, 8))):
        parent = draw(st.integers(-1, index + 2))
        name = draw(TEXT)
        outer = found[parent].nesting if 0 <= parent < index else ""
        nesting = draw(st.sampled_from([f"{outer}.{name}" if outer else name, name, f"T.{name}"]))
        start, line = draw(st.integers(0, 2**32)), draw(LINE)
        span = Span(start, start + draw(st.integers(0, 2**32)), line, line + draw(st.integers(0, 2**20)))
        kind = draw(st.sampled_from(SymbolKind))
        found.append(Definition(name, nesting, kind, span, line + draw(st.integers(-5, 5)), parent, draw(TEXT), draw(TEXT)))
    return tuple(found)


CONTENT = st.binary(max_size=40) | st.text("ab.( \t\n", max_size=40).map(str.encode)


@given(definitions(), CONTENT)
def test_an_outline_comes_back(outline: tuple[Definition, ...], content: bytes) -> None:
    assert unpack_outline(StoredOutline(pack_outline(outline, content), content)) == outline


@given(st.text("ab \t\r\n(", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.text("ab ", max_size=5)), max_size=4))
def test_names_and_signatures_that_stand_in_the_text_come_back(text: str, found: list[tuple[int, str]]) -> None:
    outline = tuple(
        Definition(name, name, SymbolKind.FUNCTION, Span(start, start + 9, 1, 2), 1, -1, " ".join(text[start:].split()), "")
        for start, name in found
    )
    content = text.encode()
    assert unpack_outline(StoredOutline(pack_outline(outline, content), content)) == outline


def test_names_and_signatures_that_stand_in_the_text_take_no_room() -> None:
    names = [f"name_{number * 7919}" for number in range(100)]
    text = "".join(f"int {name}(\n\tint a)\n{{\n}}\n" for name in names)
    outline = tuple(
        Definition(
            name,
            name,
            SymbolKind.FUNCTION,
            Span(text.index(f"int {name}"), len(text), 1, 1),
            1,
            -1,
            f"int {name}( int a)",
            "",
        )
        for name in names
    )
    packed = pack_outline(outline, text.encode())
    assert b"name_" not in packed
    assert unpack_outline(StoredOutline(packed, text.encode())) == outline


@given(definitions(), CONTENT)
def test_an_outline_by_columns_tells_what_its_records_do(outline: tuple[Definition, ...], content: bytes) -> None:
    columns = unpack_outline_columns(StoredOutline(pack_outline(outline, content), content))

    def parts(joined: tuple[str, str]) -> list[str]:
        return joined[0].split(joined[1]) if outline else []

    assert [list(SymbolKind)[kind] for kind in columns.kinds] == [item.kind for item in outline]
    lines = zip(columns.start_lines.tolist(), columns.end_lines.tolist(), columns.name_lines.tolist(), strict=True)
    assert list(lines) == [(item.span.start_line, item.span.end_line, item.name_line) for item in outline]
    assert columns.parents.tolist() == [item.parent for item in outline]
    assert columns.nestings() == [item.nesting for item in outline]
    told = zip(parts(columns.names), parts(columns.signatures()), parts(columns.docs), strict=True)
    assert list(told) == [(item.name, item.signature, item.doc) for item in outline]


DIGITS = st.just("") | st.binary(min_size=16, max_size=16).map(bytes.hex)


@st.composite
def drafts(draw: st.DrawFn) -> list[ChunkDraft]:
    found = []
    for _ in range(draw(st.integers(0, 6))):
        start, line = draw(st.integers(0, 2**31)), draw(st.integers(1, 2**31))
        span = Span(start, start + draw(st.integers(0, 2**31)), line, line + draw(st.integers(0, 65_535)))
        sketch = draw(st.just(b"") | st.binary(min_size=ROW, max_size=ROW))
        print_ = Fingerprint(
            draw(DIGITS), draw(DIGITS), draw(DIGITS), draw(st.integers(0, 200_000)), draw(st.integers(0, 9_000)),
            draw(st.booleans()), sketch,
        )  # fmt: skip
        where = draw(st.integers(0, 5)), draw(st.integers(0, 2**20))
        found.append(ChunkDraft(span, draw(st.sampled_from(ChunkKind)), *where, draw(TEXT), print_))
    return found


@given(drafts(), drafts())
def test_chunks_come_back_also_laid_end_to_end(first: list[ChunkDraft], second: list[ChunkDraft]) -> None:
    both, kinds = [*first, *second], tuple(ChunkKind)
    rows = unpack_spans(pack_spans(first) + pack_spans(second)).tolist()
    assert [(Span(start, start + size, line, line + height), kinds[kind]) for start, size, line, height, kind in rows] == [
        (draft.span, draft.kind) for draft in both
    ]
    details = unpack_details(pack_details(first))
    assert list(zip(details.definitions, details.parts, details.outlines, strict=True)) == [
        (draft.definition, draft.part, draft.outline) for draft in first
    ]
    prints = unpack_prints(pack_prints(first) + pack_prints(second)).tolist()
    expected = []
    for chunks in (first, second):
        for draft in chunks:
            print_ = draft.fingerprint
            hashes = [print_.layout or print_.exact, print_.renamed]
            flags = CONTINUES * print_.continues + SKETCHED * bool(print_.sketch)
            size = draft.span.end - draft.span.start
            share = round(255 * min(print_.plain, size) / size) if size else 0
            expected.append((*(int(h[:16], 16) if h else 0 for h in hashes), min(print_.tokens, 0x3FFF) + flags, share))
    assert prints == expected
    assert pack_sketches(both) == b"".join(draft.fingerprint.sketch for draft in both)


def test_a_definition_is_named_by_the_chunk_it_begins_in() -> None:
    def at(name: str, start: int) -> Definition:
        return Definition(name, name, SymbolKind.FUNCTION, Span(start, start + 5, 1, 1), 1, 0, "", "")

    outline = [replace(at("m", 0), kind=SymbolKind.MODULE, parent=-1), at("a", 0), at("b", 9), at("gap", 12), at("c", 20)]
    assert names_by_chunk(outline, [(0, 10), (15, 30), (30, 40)]) == [["a", "b"], ["c"], []]
    assert names_by_chunk(outline, []) == []


SLOT = st.integers(0, 2**24 - 1)
EDGE = st.tuples(SLOT, st.integers(0, 2**27 - 1), SLOT, st.sampled_from(EdgeKind), st.sampled_from(Confidence), LINE)


@given(st.lists(EDGE))
def test_edges_come_back_in_order(rows: list[tuple[int, int, int, EdgeKind, Confidence, int]]) -> None:
    edges = make_edges(rows)
    for found in (edges, unpack_edges(pack_edges(edges))):
        columns = (found.sources, found.files, found.slots, found.kinds, found.confidences, found.lines)
        back = [
            (source, file, slot, EDGE_KINDS[kind], CONFIDENCES[confidence], line)
            for source, file, slot, kind, confidence, line in zip(*(c.tolist() for c in columns), strict=True)
        ]
        assert sorted(back) == sorted(rows)
        assert [(row[0], row[5], row[1], row[2]) for row in back] == sorted((r[0], r[5], r[1], r[2]) for r in rows)
