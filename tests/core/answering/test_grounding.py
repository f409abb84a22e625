"""Sentences, their citations, and whether these hold what is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answering.grounding import citations_of, ground, named_in
from core.answering.sentences import citations_in, split_sentences
from core.model.context import Cost, Excerpt, ExcerptRole, Pack
from core.model.symbol import SymbolKind
from tests.fakes import MemoryReader, edge, symbol


def pack_of(*texts: str) -> Pack:
    excerpts = tuple(
        Excerpt(n, f"app/file{n}.py", 10 * n, 10 * n + 5, f"app.file{n}.run", ExcerptRole.HIT, 5, "hit", text)
        for n, text in enumerate(texts, 1)
    )
    return Pack("q", 100, 10, "words", 1000, excerpts, "", 0, 0, Cost(0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing [1]. Another [2].", ["One thing [1].", "Another [2]."]),
        ("One thing. [1] Another. [2][3]", ["One thing. [1]", "Another. [2][3]"]),
        ("It is used, e.g. in `a.b`, by all.", ["It is used, e.g. in `a.b`, by all."]),
        ("Calls `x.y. Z` first. Then ends!", ["Calls `x.y. Z` first.", "Then ends!"]),
        ("# Heading. Not one\n\nA line\ngoes on.\n\n- item one\n- item two", ["A line goes on.", "item one", "item two"]),
        ("Before:\n\n```python\nx = 1. Y = [2]\n```\n\nAfter.", ["Before:", "After."]),
        ("```\nnever closed. Still code", []),
        ("1. First [1]\n2. Second [2]", ["First [1]", "Second [2]"]),
        ("Version 3.11 is needed. `run` starts it.", ["Version 3.11 is needed.", "`run` starts it."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1]", (1,)),
        ("a [2] b [1][2]", (2, 1)),
        ("[1, 3] and [5-7]", (1, 3, 5, 6, 7)),
        ("`items[3]` is no citation [4]", (4,)),
        ("[1](http://example.com) is a link", ()),
        ("[1–3]", (1, 2, 3)),
        ("[1-999] is no range", ()),
        ("nothing", ()),
    ],
)
def test_citations(text: str, expected: tuple[int, ...]) -> None:
    assert citations_in(text) == expected


@given(st.text(max_size=300))
def test_any_text_can_be_taken_apart(text: str) -> None:
    for sentence in split_sentences(text):
        assert sentence.strip()
        citations_in(sentence)
        named_in(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("`Base.get_response()` runs", {"Base", "get_response"}),
        ("The load_middleware step and BaseHandler", {"load_middleware", "BaseHandler"}),
        ("see core/handlers/base.py", {"core", "handlers", "base", "py"}),
        ("read and/or write, he said", set()),
        ("it calls resolve() on it", {"resolve"}),
        ("Plain words about a request", set()),
    ],
)
def test_names(sentence: str, expected: set[str]) -> None:
    assert named_in(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("`run` calls `load_all` [1].", True),
        ("`run` calls `load_all` [2].", False),
        ("`run` calls `load_all` [1][2].", True),
        ("`run` calls `save_all` [1].", False),
        ("It runs [1].", True),
        ("It runs.", False),
        ("It runs [7].", False),
        ("It runs in app/file1.py [1].", True),
        ("It runs in app/other.py [1].", False),
    ],
)
def test_a_sentence_is_supported_by_what_it_cites(sentence: str, supported: bool) -> None:
    (found,) = ground(sentence, pack_of("def run():\n    load_all()", "other()"))
    assert found.supported is supported


def test_a_neighbour_in_the_graph_supports_too() -> None:
    symbols = [
        symbol(0, "app.file1.run", SymbolKind.FUNCTION, "app/file1.py", start_line=10, end_line=15),
        symbol(1, "app.jobs.load_everything", SymbolKind.FUNCTION, "app/jobs.py"),
    ]
    reader = MemoryReader(
        symbols, [edge(0, 1, path="app/file1.py", line=12)], contents={"app/file1.py": b"", "app/jobs.py": b""}
    )
    pack = pack_of("def run():\n    load()")
    text = "`run` calls `load_everything` [1]."
    assert not ground(text, pack)[0].supported
    assert ground(text, pack, reader)[0].supported


def test_citations_come_in_the_order_of_first_mention() -> None:
    pack = pack_of("a", "b", "c")
    sentences = ground("Third [3] and first [1]. Again [3]. Nowhere [9].", pack)
    assert [(c.n, c.path, c.start_line, c.end_line) for c in citations_of(sentences, pack)] == [
        (3, "app/file3.py", 30, 35),
        (1, "app/file1.py", 10, 15),
    ]
