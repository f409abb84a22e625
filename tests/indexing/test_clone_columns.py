"""Clone classes come back from their columns as they went in, and so does how their members differ."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.clone import Change, CloneClass, CloneMember, CloneType, Difference, Verdict
from core.model.source import Place
from indexing.clone_columns import (
    CHUNK,
    STEPS,
    VERDICTS,
    ClassRows,
    differences_told,
    joined_classes,
    pack_classes,
    pack_told,
    rows_of,
    told_differences,
    unpack_classes,
    unpack_told,
)
from indexing.columns import DAMAGE
from indexing.folding.funnel import Saving

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
LIKENESS = st.integers(0, STEPS).map(lambda steps: steps / STEPS)
DIFFERENCES = st.builds(
    Difference,
    st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
    st.lists(st.builds(Change, TEXT, TEXT), max_size=2).map(tuple),
)
BYTES = st.tuples(*[st.integers(0, 2**40)] * 3)


@st.composite
def classes(draw: st.DrawFn) -> list[CloneClass]:
    """Classes of any members, ids and chunks each once."""
    found = []
    for key in draw(st.lists(st.integers(0, 2**53 - 1), unique=True, max_size=4)):
        chunks = draw(st.lists(st.integers(1, 2**40), unique=True, min_size=2, max_size=5))
        kept, *members = [
            CloneMember(
                chunk, Place("a", 1, 1, ""), draw(st.sampled_from(CloneType)), draw(LIKENESS),
                draw(st.sampled_from(Verdict)),
                draw(LIKENESS), draw(st.integers(1, 3)), draw(DIFFERENCES),
            )
            for chunk in chunks
        ]  # fmt: skip
        found.append(CloneClass(key, CloneType.EDITED, 1.0, draw(st.integers(0, 2**40)), kept, tuple(members)))
    return found


def lists(rows: ClassRows) -> list[list[object]]:
    return [getattr(rows, field.name).tolist() for field in fields(rows)]


@given(classes(), classes(), st.builds(Saving, BYTES, BYTES))
def test_classes_come_back(first: list[CloneClass], second: list[CloneClass], saving: Saving) -> None:
    held = [rows_of(part, {found.id: saving for found in part}) for part in (first, second)]
    back = joined_classes([unpack_classes(pack_classes(rows)) for rows in held])
    assert lists(back) == lists(joined_classes(held))
    for row, found in enumerate([*first, *second]):
        members = sorted((found.representative, *found.members), key=lambda member: member.chunk)
        assert back.ids[row] == found.id
        assert back.representatives[row] == found.representative.chunk
        assert back.savings[row].tolist() == [*saving.written, *saving.plain]
        told = [
            CloneMember(chunk, Place("a", 1, 1, ""), CloneType(kind), likeness / STEPS, VERDICTS[verdict],
                        threshold / STEPS, parts)
            for chunk, parts, kind, verdict, likeness, threshold in back.of(row).tolist()
        ]  # fmt: skip
        assert told == [replace(member, difference=Difference()) for member in members]


@given(classes())
def test_classes_are_taken_with_their_members(held: list[CloneClass]) -> None:
    rows = rows_of(held, {})
    order = np.arange(len(held))[::-1]
    taken = rows.taken(order)
    assert lists(taken) == lists(rows_of(held[::-1], {}))
    assert taken.members[taken.firsts + taken.places, CHUNK].tolist() == [c.representative.chunk for c in held[::-1]]


@given(classes())
def test_differences_come_back_in_the_order_of_chunks(held: list[CloneClass]) -> None:
    told = unpack_told(pack_told([told_differences(found.members) for found in held]))
    for found, stored in zip(held, told, strict=True):
        ordered = [member.difference for member in sorted(found.members, key=lambda member: member.chunk)]
        assert differences_told(stored) == (ordered if any(d.renamed or d.changes for d in ordered) else [])


def test_a_flipped_bit_is_damage() -> None:
    for blob, unpack in ((pack_classes(rows_of([], {})), unpack_classes), (pack_told([b"one", b"other"]), unpack_told)):
        damaged = bytearray(blob)
        damaged[-1] ^= 1
        with pytest.raises(DAMAGE):
            unpack(bytes(damaged))
