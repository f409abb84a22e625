"""Which language a file is in."""

from __future__ import annotations

import pytest

from indexing.languages import formats
from indexing.languages.extractor import Extractor
from indexing.languages.grammar import grammar_of, query_of, query_text
from indexing.languages.registry import TEXT, has_grammar, language_of, languages
from resources import resource_path


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("a/b.py", b"", "python"),
        ("a.PYI", b"", "python"),
        ("types.d.ts", b"", "typescript"),
        ("App.tsx", b"", "tsx"),
        ("App.jsx", b"", "javascript"),
        ("net.h", b"#include <x.h>\n", "c"),
        ("net.h", b"#pragma once\n\nnamespace net {\n", "cpp"),
        ("list.h", b"template <typename T>\nclass List {", "cpp"),
        ("x/Makefile", b"", "makefile"),
        ("Dockerfile.dev", b"", "dockerfile"),
        ("CMakeLists.txt", b"", "cmake"),
        ("README.md", b"", "markdown"),
        ("po/de.po", b"", "gettext"),
        ("bin/run", b"#!/usr/bin/env python3\nimport os\n", "python"),
        ("bin/run", b"#! /usr/bin/env -S node --no-warnings\n", "javascript"),
        ("bin/run", b"#!/usr/local/bin/bash -e\n", "bash"),
        ("bin/run", b"#!/bin/unheard-of\n", TEXT),
        ("LICENSE", b"Apache", TEXT),
        (".gitignore", b"*.pyc", TEXT),
        ("notes.unheard", b"", TEXT),
        ("a.py/notes", b"", TEXT),
    ],
)
def test_language_of(path: str, head: bytes, language: str) -> None:
    assert language_of(path, head) == language


def test_six_languages_have_a_grammar() -> None:
    assert set(languages()) == {"python", "javascript", "typescript", "tsx", "java", "c", "go"}
    assert has_grammar("python")
    assert not has_grammar("ruby")


def test_no_extension_has_two_languages() -> None:
    taken = [extension for language in languages().values() for extension in language.extensions]
    assert len(taken) == len(set(taken))
    assert not set(taken) & set(formats.EXTENSIONS)


@pytest.mark.parametrize("name", sorted(languages()))
def test_every_capture_has_its_method(name: str) -> None:
    extractor = languages()[name].extractor()
    assert issubclass(extractor, Extractor)
    assert grammar_of(name).abi_version >= 14
    for query in ("definitions", "uses"):
        compiled = query_of(name, query)
        captures = {compiled.capture_name(index) for index in range(compiled.capture_count)} - {"comment"}
        assert captures
        missing = [capture for capture in captures if not callable(getattr(extractor, capture.replace(".", "_"), None))]
        assert not missing


@pytest.mark.parametrize("name", sorted(languages()))
def test_every_method_of_a_capture_is_used(name: str) -> None:
    """A method that no query names would be dead; one that only another language of the family names is not."""
    extractor = languages()[name].extractor()
    family = [other for other, language in languages().items() if issubclass(language.extractor(), extractor)]
    text = "".join(query_text(other, query) for other in [*family, name] for query in ("definitions", "uses"))
    methods = [method for method in vars(extractor) if method.startswith("use_") and method != "use_heritage"]
    assert [method for method in methods if f"@{method.replace('_', '.', 1)}" not in text] == []


def test_queries_inherit() -> None:
    assert query_text("tsx", "definitions").count("(function_declaration) @define.function") == 1
    assert resource_path("queries", "tsx", "highlights.scm").is_file()
