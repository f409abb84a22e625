"""Reading questions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.source import FileRole
from core.retrieval.asked import MAX_TERMS
from core.retrieval.question import NamedPlace, read_question
from core.retrieval.words import stem


@pytest.mark.parametrize(
    ("text", "names", "alone"),
    [
        ("HttpRequest", ("HttpRequest",), True),
        ("Session.save()", ("Session.save",), True),
        ("std::vector", ("std.vector",), True),
        ("session", ("session",), True),
        ("how does QuerySet.filter build its SQL", ("QuerySet.filter",), False),
        ("where is `render` defined", ("render",), False),
        ("who calls get_absolute_url?", ("get_absolute_url",), False),
        ("how are routes registered", (), False),
        ("It's what we'd call 'a b'", (), False),
    ],
)
def test_names_are_found(text: str, names: tuple[str, ...], alone: bool) -> None:
    question = read_question(text)
    assert question.names == names
    assert question.is_name == alone


def test_words_that_say_nothing_are_left_out() -> None:
    assert set(read_question("where do I find the handler of the router?").terms) == {"router", "handler"}
    assert set(read_question("what is this").terms) == {"what", "is", "thi"}
    assert read_question("  ?! ").terms == {}
    assert read_question("").terms == {}


def test_verbs_of_two_words_are_looked_up_as_one() -> None:
    assert {"login", "user", "log"} <= set(read_question("what happens when a user logs in").terms)
    assert "shutdown" in read_question("how does it shut down").terms


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("django/urls/base.py:22", [NamedPlace("django/urls/base.py", 22)]),
        ("what does base.py:22 do", [NamedPlace("base.py", 22)]),
        ('  File "/srv/app/views.py", line 31, in get\n', [NamedPlace("/srv/app/views.py", 31)]),
        ("    at Object.<anonymous> (/app/lib/router.js:45:12)", [NamedPlace("/app/lib/router.js", 45)]),
        ("\tat com.example.Foo.bar(Foo.java:99)", [NamedPlace("Foo.java", 99)]),
        (r"in C:\src\Api\User.cs:line 7", [NamedPlace("C:/src/Api/User.cs", 7)]),
        ("Program.cs(12,5): error", [NamedPlace("Program.cs", 12)]),
        ("what is in src/core/loop.c", [NamedPlace("src/core/loop.c", 0)]),
        ("and/or e.g. this", []),
    ],
)
def test_places_are_found(text: str, places: list[NamedPlace]) -> None:
    assert list(read_question(text).places) == places


def test_the_innermost_frame_comes_first() -> None:
    frames = 'File "a.py", line 1, in f\n    g()\n  File "b.py", line 2, in g\n'
    assert [place.path for place in read_question(frames).places] == ["a.py", "b.py"]
    assert [place.path for place in read_question("Traceback (most recent call last):\n  " + frames).places] == [
        "b.py",
        "a.py",
    ]


def test_what_kind_of_file_is_asked_for() -> None:
    assert read_question("tests for the session backend").asks_for == {FileRole.TEST}
    assert FileRole.DOCUMENT in read_question("documentation of caching").asks_for
    assert read_question("how are sessions stored").asks_for == frozenset()


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "a/" * 30_000, "a." * 30_000, "`" * 20_000, '"' + "x" * 30_000, 'File "' * 5_000, "(" * 20_000]
)
def test_no_text_takes_long_to_read(text: str) -> None:
    began = time.process_time()
    assert len(read_question(text).terms) <= MAX_TERMS + 10
    assert time.process_time() - began < 2.0


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    question = read_question(text)
    assert all(weight > 0.0 for weight in question.terms.values())
    assert all(name and not name.startswith(".") for name in question.names)


def test_a_topic_is_looked_up_as_code_shortens_it_and_a_report_is_not() -> None:
    assert read_question("how is a directory entry found").abbreviations == (stem("dentry"),)
    assert read_question("fix: directory entry lost").abbreviations == ()
    assert read_question("Returns the directory entry of an inode").abbreviations == ()
