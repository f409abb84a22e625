"""No name leads out of the folder it is unpacked to."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexing.intake.names import RefusedName, member_parts

PIECES = st.sampled_from(
    [b"..", b".", b"", b"a", b"C:", b"\\", b"/", b"//", b"..\\", b"\x00", b"con", b"x ", b"\xff", b"-r", b"~"]
)
NAMES = st.one_of(
    st.binary(max_size=40), st.lists(PIECES, max_size=8).map(b"".join), st.lists(PIECES, max_size=8).map(b"/".join)
)


@given(NAMES, st.booleans(), st.booleans())
@example(b"../../etc/passwd", False, False)
@example(b"..\\..\\x", True, False)
@example(b"C:\\x", False, True)
def test_a_path_stays_below_its_folder(name: bytes, backslash_separates: bool, windows: bool) -> None:
    try:
        parts = member_parts(name, backslash_separates=backslash_separates, windows=windows)
    except RefusedName:
        return
    path = os.path.normpath(os.path.join(b"/private/tree", *parts))  # noqa: PTH118 - a path of bytes
    assert path == b"/".join((b"/private/tree", *parts))
    assert not any(part in {b"", b".", b".."} or b"/" in part or b"\x00" in part for part in parts)
    if windows or backslash_separates:
        assert not any(b"\\" in part for part in parts)


@given(
    st.lists(st.text("abcdefgh-_.é ", min_size=1, max_size=8).filter(lambda part: part.strip(".")), min_size=1, max_size=5)
)
def test_an_ordinary_name_is_kept(parts: list[str]) -> None:
    written = tuple(part.encode() for part in parts)
    assert member_parts(b"/".join(written), backslash_separates=False) == written
    assert member_parts(b"./" + b"//".join(written) + b"/", backslash_separates=True) == written


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"/etc/passwd", "absolute"),
        (b"C:/x", "absolute"),
        (b"c:x", "absolute"),
        (b"a/../b", "leads out"),
        (b"a\x00b", "NUL"),
        (b"a/" * 200 + b"x", "too long"),
        (b"x" * 256, "too long"),
        (b"abcdefgh/" * 300, "too long"),
    ],
)
def test_reasons(name: bytes, reason: str) -> None:
    with pytest.raises(RefusedName, match=reason):
        member_parts(name, backslash_separates=False)


@pytest.mark.parametrize("name", [b"con", b"a/NUL.py", b"a./b", b"a /b", b"a/b:c", b"a|b", b"\\\\host\\share\\x"])
def test_what_windows_cannot_hold_is_refused_there(name: bytes) -> None:
    with pytest.raises(RefusedName):
        member_parts(name, backslash_separates=False, windows=True)


def test_a_backslash_separates_only_where_it_should() -> None:
    assert member_parts(b"a\\b.py", backslash_separates=True) == (b"a", b"b.py")
    assert member_parts(b"dev\\x2d.mount", backslash_separates=False) == (b"dev\\x2d.mount",)
    assert member_parts(b"./", backslash_separates=False) == ()
