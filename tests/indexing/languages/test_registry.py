"""Which language a file is in."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import indexing.languages
from indexing.languages import formats
from indexing.languages.extractor import Extractor
from indexing.languages.grammar import grammar_of, query_of, query_text
from indexing.languages.names import GRAMMARS, SCANNERS
from indexing.languages.registry import TEXT, has_grammar, language_of, languages, scanned_languages
from indexing.languages.scanner import Scanner
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
        ("list.h", b"// A list.\n#include <memory>\n", "cpp"),
        ("View.h", b"#import <UIKit/UIKit.h>\n@interface View : NSObject\n", "objective-c"),
        ("View.m", b'// A view.\n#import "View.h"\n', "objective-c"),
        ("solve.m", b"% Solves.\nfunction x = solve(a)\n", "matlab"),
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
        ("SRC/POST.CBL", b"", "cobol"),
        ("SRC/POST", b"000100 IDENTIFICATION DIVISION.\n", "cobol"),
        ("night", b"//* Said.\n//NIGHT    JOB 1\n", "jcl"),
        ("list.prc", b"//LIST PROC\n", "jcl"),
        ("list.prc", b"CREATE OR REPLACE PROCEDURE list IS\n", "sql"),
        ("solve.F90", b"", "fortran"),
        ("Unit1.pas", b"", "pascal"),
        ("defs.inc", b"{$DEFINE DEBUG}\n", "pascal"),
        ("defs.inc", b"<?php\n", "php"),
        ("api.pkb", b"", "sql"),
        ("Order.cls", b"VERSION 1.0 CLASS\r\n", "vb"),
        ("Order.cls", b"public class Order {}\n", "apex"),
    ],
)
def test_language_of(path: str, head: bytes, language: str) -> None:
    assert language_of(path, head) == language


def test_languages_with_a_grammar() -> None:
    named = {"python", "javascript", "typescript", "tsx", "java", "c", "cpp", "csharp", "go", "objective-c"}
    assert set(languages()) >= named
    assert set(languages()) >= {"rust", "zig"}
    assert has_grammar("python")
    assert not has_grammar("markdown")


def test_no_extension_has_two_languages() -> None:
    taken = [extension for language in (*GRAMMARS, *SCANNERS) for extension in language.extensions]
    assert len(taken) == len(set(taken))
    assert not set(taken) & set(formats.EXTENSIONS)


def test_every_language_that_a_module_offers_has_its_names() -> None:
    offered: dict[str, list[tuple[str, str]]] = {"LANGUAGES": [], "SCANNED": []}
    for module in pkgutil.iter_modules(indexing.languages.__path__):
        loaded = importlib.import_module(f"{indexing.languages.__name__}.{module.name}")
        for attribute, found in offered.items():
            found += [(module.name, language.name) for language in getattr(loaded, attribute, ())]
    assert sorted((named.module, named.name) for named in GRAMMARS) == sorted(offered["LANGUAGES"])
    assert sorted((named.module, named.name) for named in SCANNERS) == sorted(offered["SCANNED"])
    for named in SCANNERS:
        assert {extension for extension, _ in scanned_languages()[named.name].signs} == set(named.signed)


def test_to_tell_a_language_loads_no_module_that_reads_it() -> None:
    script = (
        "import sys; from indexing.languages.registry import has_grammar, language_of;"
        "assert language_of('a.py', b'x = 1') == 'python' and has_grammar('java');"
        "assert not {'indexing.languages.python', 'indexing.languages.java'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


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


def test_languages_are_read_in_one_way() -> None:
    assert set(scanned_languages()) == {"cobol", "fortran", "jcl", "pascal", "sql", "vb"}
    assert not set(scanned_languages()) & set(languages())
    for language in scanned_languages().values():
        assert issubclass(language.scanner(), Scanner)


def test_queries_inherit() -> None:
    assert query_text("tsx", "definitions").count("(function_declaration) @define.function") == 1
    assert resource_path("queries", "tsx", "highlights.scm").is_file()
