"""Two queries in one walk give what each gives alone."""

from __future__ import annotations

import gc

import pytest

from indexing.languages.grammar import parse_text
from indexing.languages.registry import languages

SOURCES = {
    "python": "@d\nclass A(B):\n    x = 1\n    def run(self, y=2):\n        return [f(z) for z in y]\n",
    "c": "#include <a.h>\nstruct s { int a; };\nstatic int f(struct s *p) { return g(p->a, 1); }\n",
    "java": "package a; class A extends B { int x = f(1); void run() { x = g(y -> y.z()); } }\n",
    "typescript": "export class A<T> extends B { x: T = f(1); run = (y) => g(y, { z: 1 }) }\n",
}


@pytest.mark.parametrize("language", SOURCES)
def test_captures_of_two_are_those_of_each(language: str) -> None:
    syntax = parse_text(language, SOURCES[language].encode())
    for got, query in zip(syntax.captures_of_two("definitions", "uses"), ("definitions", "uses"), strict=True):
        expected = [(name, node.byte_range, node.type) for name, node in syntax.captures(query)]
        assert [(name, node.byte_range, node.type) for name, node in got] == expected
        assert expected


def test_a_file_leaves_no_circle_for_the_garbage_collector() -> None:
    """Workers switch it off, so what only it could free would stay for good."""
    for language, text in SOURCES.items():
        syntax = parse_text(language, text.encode())
        extractor = languages()[language].extractor()
        extractor(text.encode(), syntax).analyse()  # fills tables that stay
        while gc.collect():  # what others left may take several rounds
            pass
        gc.disable()
        try:
            extractor(text.encode(), syntax).analyse()
            assert gc.collect() == 0, language
        finally:
            gc.enable()
