"""The parts of the window that need no window."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.qt import figures, fuzzy
from desktop.qt.code_outline import symbol_at
from desktop.qt.code_replies import file_text
from desktop.qt.finder import owner_of
from desktop.qt.history import CodeLocation, DiagramLocation, History
from desktop.qt.json_lines import LARGE_BYTES, read_document
from desktop.qt.views.answer import unsupported
from desktop.qt.views.progress import Rate, describe
from desktop.qt.views.search import from_match
from desktop.qt.widgets.sticky_scope import head_line

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=30,
)


def plain(text):
    return text.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0"), (980, "980"), (7_400, "7.4 k"), (12_300_000, "12.3 M"), (999_600, "1 M"), (132_000, "132 k")],
)
def test_counts_have_three_figures_at_most(number, expected):
    assert plain(figures.count(number)) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(812, "812 B"), (34_000, "34 KB"), (3_200_000, "3.2 MB"), (1e11, "100 GB")]
)
def test_sizes(number, expected):
    assert plain(figures.size(number)) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(0.42, "0.4 s"), (12, "12 s"), (80, "1 min 20 s"), (7_500, "2 h 5 min")])
def test_durations(seconds, expected):
    assert plain(figures.duration(seconds)) == expected


@given(VALUES, st.integers(0, 3))
def test_large_documents_read_like_small_ones(value, indent):
    document = {"id": 1, "filler": "x" * LARGE_BYTES, "result": value, "list": [value, [value, {"a": value}]]}
    line = json.dumps(document, indent=indent or None).encode()
    assert read_document(line) == json.loads(line)


@pytest.mark.parametrize("text", ["[1, 2", '{"a" 1}', "[1 2]", '{"a": 1}}', "{2: 1}"])
def test_a_broken_document_is_refused(text):
    broken = text.replace("1", json.dumps("y" * LARGE_BYTES), 1).encode()
    with pytest.raises((ValueError, LookupError)):
        read_document(broken)


def test_history_forgets_what_lay_ahead():
    history = History()
    places = [CodeLocation(name) for name in "abc"]
    for place in places:
        history.visit(place)
    assert history.back() == places[1]
    assert history.back() == places[0]
    assert history.back() is None
    history.visit(DiagramLocation("architecture"))
    assert not history.can_go_forward
    assert history.back() == places[0]
    assert history.forward() == DiagramLocation("architecture")


def test_visiting_the_same_place_twice_is_one_step():
    history = History()
    history.visit(CodeLocation("a"))
    history.visit(CodeLocation("a"))
    assert not history.can_go_back


def test_dropping_undoes_a_visit_only_at_the_end():
    history = History()
    history.visit(CodeLocation("a"))
    history.visit(CodeLocation("b"))
    history.drop(CodeLocation("a"))
    assert history.current == CodeLocation("b")
    history.drop(CodeLocation("b"))
    assert history.current == CodeLocation("a")


@given(st.text(alphabet="abc_/.", max_size=12), st.text(alphabet="abc_/.", max_size=40))
def test_fuzzy_matches_are_the_subsequences(query, text):
    letters = iter(text)
    assert (fuzzy.score(query, text) is not None) == all(letter in letters for letter in query)


def test_fuzzy_prefers_whole_words_at_the_end_of_paths():
    paths = ["docs/operations/readme.txt", "django/db/operations.py", "o/p/e/r/a/t/i/o/n/s.py"]
    assert fuzzy.best("operations", paths, str, 2)[0] == "django/db/operations.py"


def test_spans_become_flat_runs():
    reply = {
        "path": "a.py", "language": "python", "text": "def a():\n\n", "lines": 3, "stale": False,
        "highlights": [[[0, 3, "keyword"], [4, 1, "function"]], [], []],
        "symbols": [{"start_line": 2, "end_line": 3, "id": "in"}, {"start_line": 1, "end_line": 3, "id": "out"}],
    }  # fmt: skip
    shown = file_text(reply)
    assert shown.lines == ("def a():", "", "")
    assert shown.spans[0] == (0, 3, 0, 4, 1, 1)
    assert shown.styles == ("keyword", "function")
    assert [symbol["id"] for symbol in shown.symbols] == ["out", "in"]
    assert symbol_at(shown.symbols, 2)["id"] == "in"
    assert symbol_at(shown.symbols, 1)["id"] == "out"
    assert symbol_at(shown.symbols, 9) is None


def test_a_heading_needs_no_support():
    sentences = [
        {"text": "## Parts", "citations": [], "supported": False},
        {"text": "**Where it starts**", "citations": [], "supported": False},
        {"text": "**Bold** claims it is fast.", "citations": [], "supported": False},
        {"text": "It runs [1].", "citations": [1], "supported": True},
    ]
    assert unsupported(sentences) == ["**Bold** claims it is fast."]


def test_the_rate_is_over_the_last_seconds():
    rate = Rate()
    assert rate.add(0.0, 0) == 0.0
    for second in range(1, 20):
        latest = rate.add(float(second), second * 1_000_000)
    assert latest == pytest.approx(1_000_000)
    assert rate.add(1.0, 500) == 0.0, "another stage counts anew"


def test_progress_is_told_in_words():
    progress = {
        "stage": "index", "done": 412, "total": 4913, "bytes_done": 2_000_000, "bytes_total": 10_000_000,
        "path": "a.py", "searchable": 0, "seconds": 2.0,
    }  # fmt: skip
    stage, facts = describe(progress, 1_000_000.0)
    assert plain(stage) == "Reading and indexing · 412 of 4,913"
    assert plain(facts) == "1 MB/s · 2 s · about 8 s left"


@pytest.mark.parametrize(
    ("qualified", "name", "path", "owner"),
    [
        ("celery.canvas.group.apply_async", "apply_async", "celery/canvas.py", "group"),
        ("celery.canvas.maybe_signature", "maybe_signature", "celery/canvas.py", ""),
        ("net::Socket::close", "close", "src/socket.cc", "Socket"),
        ("main", "main", "cmd/main.c", ""),
        ("web.Handler.ServeHTTP", "ServeHTTP", "web/serve.go", "Handler"),
        ("web.Serve", "Serve", "web/serve.go", ""),
    ],
)
def test_a_symbol_tells_what_it_is_in(qualified, name, path, owner):
    """A picker of eleven `apply_async` named none of their classes."""
    assert owner_of({"qualified_name": qualified, "name": name, "path": path}) == owner


@pytest.mark.parametrize(
    ("code", "fitting", "shown"),
    [("call(SLUG)", 30, "call(SLUG)"), ("look into settings.DEFAULT['SLUG'] of it", 20, "…AULT['SLUG'] of it"),
     ("nothing of that kind is to be found in here", 20, "nothing of that kind is to be found in here")],
)  # fmt: skip
def test_what_was_looked_for_is_not_cut_off_a_line(code, fitting, shown):
    """A hit showed the beginning of a long line, and what had been looked for stood behind it."""
    assert from_match(code, re.compile("slug", re.IGNORECASE), fitting) == shown
    assert from_match(code, None, fitting) == code


def test_the_head_of_a_definition_is_the_line_that_names_it():
    """`@dataclass(frozen=True)` stood above a class that had been scrolled away, and nothing told which."""
    text = ["@dataclass(frozen=True)", "# Quote of a parcel", "class Quote:", "    base: int", "x = lambda: 1"]
    symbol = {"name": "Quote", "start_line": 1, "end_line": 4}
    assert head_line(symbol, text) == 3
    assert head_line({"name": "<lambda>", "start_line": 5, "end_line": 5}, text) == 5
    assert head_line({"name": "Quote", "start_line": 9, "end_line": 12}, text) == 9


@pytest.mark.parametrize("query", ["", "  ", "dbop", "operations", "zzzz"])
def test_the_best_of_many_are_those_of_all_at_once(query, monkeypatch):
    monkeypatch.setattr(fuzzy, "ITEMS_A_STEP", 7)
    paths = [
        f"{folder}/db/{name}.py" for folder in ("django", "tests", "odb") for name in ("operations", "base", "op", "db_op")
    ]
    found: list[list[str]] = []
    steps = list(fuzzy.steps_to_best(query, paths, str, 5, found.append))
    assert found == [fuzzy.best(query, paths, str, 5)]
    assert len(steps) == (2 if query.strip() else 0)
