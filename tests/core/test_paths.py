"""Paths survive being written as text, and patterns select what they say."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from core.paths import escape, from_os, glob_matcher, to_os, unescape

names = st.binary(min_size=1, max_size=12).filter(lambda name: b"\x00" not in name and b"/" not in name)


@settings(deadline=None)
@given(names)
def test_any_file_name_comes_back(name: bytes) -> None:
    assert unescape(escape(name)) == name


@settings(deadline=None)
@given(names)
def test_an_escaped_path_is_printable_on_one_line(name: bytes) -> None:
    escaped = escape(name)
    escaped.encode("utf-8")  # no lone surrogates
    assert not any(ord(char) < 32 or ord(char) == 127 for char in escaped)


@settings(deadline=None)
@given(names, names)
def test_different_names_stay_different(one: bytes, other: bytes) -> None:
    assert (escape(one) == escape(other)) == (one == other)


@pytest.mark.parametrize(
    ("path", "escaped"),
    [
        (b"a/b.py", "a/b.py"),
        ("grün/名.py".encode(), "grün/名.py"),
        (b"caf\xe9.c", "caf\\xe9.c"),
        (b"a\\b", "a\\\\b"),
        (b"a\nb\x1b", "a\\x0ab\\x1b"),
        (b"\\xe9", "\\\\xe9"),
    ],
)
def test_escapes(path: bytes, escaped: str) -> None:
    assert escape(path) == escaped
    assert unescape(escaped) == path
    assert from_os(os.fsdecode(path)) == escaped
    assert os.fsencode(to_os(escaped)) == path


def test_a_backslash_that_escapes_nothing_is_taken_as_it_is() -> None:
    assert unescape("dir\\file\\xzz") == b"dir\\file\\xzz"


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("", "anything/at/all", True),
        ("**", "a/b.py", True),
        ("*.py", "a.py", True),
        ("*.py", "deep/down/a.py", True),
        ("*.py", "a.pyc", False),
        ("django", "django/db/models.py", True),
        ("django", "docs/django/index.rst", True),
        ("django", "django2/db.py", False),
        ("django/", "django/db.py", True),
        ("django/", "django", False),
        ("django/db", "django/db/models/base.py", True),
        ("django/db", "other/django/db/x.py", False),
        ("/django", "django/db.py", True),
        ("/django", "other/django/db.py", False),
        ("./django/db", "django/db/x.py", True),
        ("src/*.c", "src/a.c", True),
        ("src/*.c", "src/sub/a.c", False),
        ("src/**/*.c", "src/a.c", True),
        ("src/**/*.c", "src/x/y/a.c", True),
        ("src/**", "src/x/y", True),
        ("src/**", "src", False),
        ("**/tests/**", "a/b/tests/c.py", True),
        ("**/tests/**", "tests/c.py", True),
        ("**/tests/**", "a/contests/c.py", False),
        ("a?c.py", "abc.py", True),
        ("a?c.py", "a/c.py", False),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("[!ab].py", "c.py", True),
        ("a[.py", "a[.py", True),
        ("a.b", "axb", False),
        ("Django", "django/x.py", False),
        ("caf\\xe9", "caf\\xe9/x.c", True),
    ],
)
def test_globs(pattern: str, path: str, matches: bool) -> None:
    assert glob_matcher(pattern)(path) is matches


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("[--0]", ".", True),
        ("[--0]", "1", False),
        ("[?--]", "", None),
        ("[a--]", "", None),
        ("[!-a]", "5", True),
        ("[!-a]", "-", False),
        ("[~~|]", "~", True),
        ("[||&&]", "&", True),
        ("[a-c--]", "-", True),
    ],
)
def test_signs_in_sets_are_signs(pattern: str, path: str, matches: bool | None) -> None:
    if matches is None:
        with pytest.raises(UsageError):
            glob_matcher(pattern)
    else:
        assert glob_matcher(pattern)(path) is matches


@settings(deadline=None)
@given(st.text(alphabet="ab*?[]!/.-^\\&~|", max_size=10), st.text(alphabet="ab/.-", max_size=10))
def test_any_pattern_is_read_or_refused(pattern: str, path: str) -> None:
    try:
        matches = glob_matcher(pattern)
    except UsageError:
        return
    assert matches(path) in (True, False)
