"""Files come back from their blocks as they went in, and damage in a block is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.symbol import Reference, ReferenceKind
from indexing import blocks
from indexing.blocks import BLOCK_BYTES, Block, FileParts, OpenBlock, pack_blocks
from indexing.chunk_columns import PRINTS, SKETCHED, SPANS
from indexing.chunk_rows import ChunkParts, pack_rows
from indexing.columns import DAMAGE
from indexing.folding.sketch import ROW
from indexing.stores.sqlite.chunks import laid_out
from indexing.use_columns import FileUses
from tests.indexing.use_strategies import file_uses


@st.composite
def chunk_parts(draw: st.DrawFn) -> ChunkParts:
    """Rows as a worker makes them, one a chunk; chunks may lie anywhere."""
    count = draw(st.integers(0, 4))
    spans, prints = np.zeros(count, SPANS), np.zeros(count, PRINTS)
    for name, top in (("start", 2**31), ("size", 2**31), ("line", 2**31), ("height", 2**16), ("kind", 2**8)):
        spans[name] = draw(st.lists(st.integers(0, top - 1), min_size=count, max_size=count))
    for name, top in (("layout", 2**64), ("renamed", 2**64), ("tokens", 2**16), ("plain", 2**8)):
        prints[name] = draw(st.lists(st.integers(0, top - 1), min_size=count, max_size=count))
    sketched = int((prints["tokens"] & SKETCHED != 0).sum())
    sketches = draw(st.binary(min_size=ROW * sketched, max_size=ROW * sketched))
    return ChunkParts(spans.tobytes(), prints.tobytes(), sketches)


NO_CHUNKS = ChunkParts(b"", b"", b"")
NO_USES = FileUses()
USES = FileUses(tuple(Reference(ReferenceKind.CALL, name, 0, 1) for name in ("f", "print", "x.y")))
CONTENT = st.binary(max_size=300) | st.integers(0, BLOCK_BYTES * 2).map(lambda size: b"ab" * (size // 2))
FILES = st.lists(
    st.builds(FileParts, CONTENT, st.binary(max_size=50), st.binary(max_size=50), file_uses(), chunk_parts()),
    max_size=8,
)


@given(FILES)
def test_files_come_back(files: list[FileParts]) -> None:
    members = pack_blocks(files)
    back = []
    for member in members:
        block, number = OpenBlock(member.block), member.number
        content = block.content(member.start, member.size)
        found = block.outline(number).encoded, block.details(number), block.uses.file(number)
        back.append(FileParts(content, *found, block.chunks(number).parts()))
    assert back == files


def random_parts(random: np.random.Generator) -> ChunkParts:
    """Rows of up to five chunks, some of them sketched."""
    count = random.integers(6)
    spans, prints = (np.frombuffer(random.bytes(count * kind.itemsize), kind).copy() for kind in (SPANS, PRINTS))
    for name in ("start", "size", "line"):
        spans[name] >>= 1
    sketched = int((prints["tokens"] & SKETCHED != 0).sum())
    return ChunkParts(spans.tobytes(), prints.tobytes(), random.bytes(ROW * sketched))


@pytest.mark.parametrize("seed", range(5))
def test_chunks_of_all_blocks_are_laid_out_in_any_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    parts = [[random_parts(random) for _ in range(random.integers(1, 4))] for _ in range(4)]
    places = [
        (10 * block, member, len(held.spans) // SPANS.itemsize, held)
        for block, files in enumerate(parts)
        for member, held in enumerate(files)
    ]
    chosen = [places[place] for place in random.permutation(len(places))]
    found = laid_out([(10 * block, pack_rows(files)) for block, files in enumerate(parts)], [place[:3] for place in chosen])
    expected = (b"".join(getattr(held, name) for *_, held in chosen) for name in ("spans", "prints", "sketches"))
    assert found.parts() == ChunkParts(*expected)


def test_chunks_that_are_not_those_stored_are_damage() -> None:
    held = ChunkParts(bytes(SPANS.itemsize), bytes(PRINTS.itemsize), b"")
    blocks_ = [(1, pack_rows([held]))]
    assert len(laid_out(blocks_, [(1, 0, 1)]).spans) == 1
    for place in ((1, 0, 2), (1, 1, 1), (2, 0, 1)):
        with pytest.raises(DAMAGE):
            laid_out(blocks_, [place])


@given(FILES)
def test_only_a_file_that_is_larger_overfills_a_block(files: list[FileParts]) -> None:
    held: dict[int, list[int]] = {}
    for member in pack_blocks(files):
        held.setdefault(id(member.block), []).append(member.size)
    assert all(sum(sizes) <= BLOCK_BYTES or sum(map(bool, sizes)) == 1 for sizes in held.values())


def test_names_that_stand_in_the_texts_take_hardly_any_room() -> None:
    names = [f"name_{number * 7919}" for number in range(200)]
    text = "".join(f"\tx = {name}(0);\n" for name in names).encode()
    uses = FileUses(tuple(Reference(ReferenceKind.CALL, name, 0, line + 1) for line, name in enumerate(names)))
    [with_text] = pack_blocks([FileParts(text, b"", b"", uses, NO_CHUNKS)])
    [without] = pack_blocks([FileParts(b"", b"", b"", uses, NO_CHUNKS)])
    assert len(with_text.block.uses) < len(without.block.uses) / 4


def test_neighbours_share_what_they_repeat() -> None:
    text = " ".join(str(number * 7919) for number in range(500)).encode()
    [one] = pack_blocks([FileParts(text, b"", b"", NO_USES, NO_CHUNKS)])
    *_, many = pack_blocks([FileParts(text, b"", b"", NO_USES, NO_CHUNKS)] * 10)
    assert len(many.block.texts) < 1.1 * len(one.block.texts)


@pytest.mark.parametrize("part", Block.__dataclass_fields__)
def test_a_flipped_bit_in_a_block_is_told(part: str) -> None:
    rows = ChunkParts(bytes(range(SPANS.itemsize)), bytes(range(PRINTS.itemsize)), b"")
    [member] = pack_blocks([FileParts(b"def f(): pass\n" * 20, b"outline" * 9, b"details", USES, rows)])
    frames = {name: getattr(member.block, name) for name in Block.__dataclass_fields__}
    for place in range(0, len(frames[part]) * 8, 7):
        damaged = bytearray(frames[part])
        damaged[place // 8] ^= 1 << place % 8
        block = OpenBlock(Block(**frames | {part: bytes(damaged)}))
        try:
            told = block.content(0, member.size), block.outline(0).encoded, block.details(0), block.uses.file(0)
            told = *told, block.chunks(0).parts()
        except DAMAGE:
            continue
        assert told == (b"def f(): pass\n" * 20, b"outline" * 9, b"details", USES, rows)


def test_what_a_block_does_not_hold_is_damage() -> None:
    [member] = pack_blocks([FileParts(b"abc", b"", b"", NO_USES, NO_CHUNKS)])
    with pytest.raises(DAMAGE):
        OpenBlock(member.block).content(1, 3)
    with pytest.raises(DAMAGE):
        OpenBlock(member.block).uses.file(1)


def test_a_block_holds_no_more_than_it_says() -> None:
    assert blocks.BLOCK_BYTES == 131_072  # README.md measures this size
