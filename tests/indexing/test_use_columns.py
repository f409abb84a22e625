"""What files do with names comes back as it went in, whatever their texts say."""

from __future__ import annotations

import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from core.model.symbol import Binding, BindingKind, Reference, ReferenceKind
from indexing.codecs import decompressor
from indexing.use_columns import BlockUses, FileUses, pack_uses
from tests.indexing.use_strategies import LINES, NAMES, file_uses

CALL, ARGUMENT = ReferenceKind.CALL, BindingKind.ARGUMENT
PIECES = st.sampled_from([*NAMES, "(0)", "->", "::", ".", " ", "\n", "\r\n", "ab(x)", "0x1f", "-> >"])
TEXTS = (
    st.lists(PIECES, max_size=30)
    .map("".join)
    .flatmap(lambda text: st.sampled_from([text.encode(), text.encode("utf-16"), text.encode("latin-1", "replace")]))
)
FILES = st.lists(st.tuples(TEXTS | st.binary(max_size=20), file_uses()), min_size=1, max_size=4)


def packed(files: list[tuple[bytes, FileUses]]) -> BlockUses:
    """What comes back of files, without a dictionary."""
    contents = [content for content, _ in files]
    blob = pack_uses([uses for _, uses in files], contents, zstandard.ZstdCompressor(write_checksum=True))
    return BlockUses(blob, b"".join(contents), decompressor())


@given(FILES)
@example([(b"", FileUses((Reference(CALL, "f", 0, 1),)))])
@example([(b"f(a)", FileUses((Reference(CALL, "f", 3, 1),), (), (Binding(ARGUMENT, "f(0)", "a", 3, 1),)))])
def test_uses_come_back(files: list[tuple[bytes, FileUses]]) -> None:
    block = packed(files)
    assert [block.file(number) for number in range(len(files))] == [uses for _, uses in files]


@given(FILES, st.sets(st.sampled_from(ReferenceKind)))
def test_what_others_can_notice_comes_back_alone(files: list[tuple[bytes, FileUses]], kinds: set[ReferenceKind]) -> None:
    block = packed(files)
    for number, (_, uses) in enumerate(files):
        assert block.seen(number, kinds) == FileUses(
            tuple(item for item in uses.references if item.kind in kinds),
            tuple(item for item in uses.imports if not item.scope),
            tuple(uses.bindings[place] for place in uses.seen),
        )


@given(st.text("ab.->: \n(", max_size=60), st.lists(st.tuples(st.text("ab.", max_size=3), LINES), max_size=5))
def test_a_name_that_is_part_of_a_word_is_told_whole(text: str, names: list[tuple[str, int]]) -> None:
    uses = FileUses(tuple(Reference(CALL, name, 0, line) for name, line in names))
    assert packed([(text.encode(), uses)]).file(0) == uses


def test_a_name_far_below_its_line_is_told_as_it_is() -> None:
    uses = FileUses((Reference(CALL, "far", 0, 1), Reference(CALL, "near", 0, 1)))
    assert packed([(b"\n" * 100 + b"far near", uses), (b"near", FileUses())]).file(0) == uses
