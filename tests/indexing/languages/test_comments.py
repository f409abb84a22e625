"""The paragraph that a doc comment begins with."""

import pytest

from indexing.languages.comments import first_paragraph
from indexing.languages.grammar import parse_text
from indexing.languages.registry import languages
from tests.indexing.linking.sources import facts_of


@pytest.mark.parametrize(
    ("comment", "paragraph"),
    [
        ("Opens a file.\nSlowly.\n\nNever twice.", "Opens a file. Slowly."),
        ("Opens a file.\n@param path where it lies", "Opens a file."),
        (":class:`File` objects are opened here.", ":class:`File` objects are opened here."),
        ("{@link File} objects are opened.", "{@link File} objects are opened."),
    ],
)
def test_the_first_paragraph_of_a_comment(comment: str, paragraph: str) -> None:
    assert first_paragraph(comment) == paragraph


@pytest.mark.parametrize(
    ("comment", "paragraph"),
    [
        ("@param {string} path where it lies\n@returns {File} the file", ""),
        ("\\param path where it lies", ""),
        (":param path: where it lies\n:returns: the file", ""),
        ("{@inheritDoc}", ""),
        ("{@inheritDoc} Slowly.", "Slowly."),
        ("@brief Opens a file.\n@param path where it lies", "Opens a file."),
        ("\\brief Opens\na file.\n\n\\param path where it lies", "Opens a file."),
        ("@deprecated\n@summary Opens a file.", "Opens a file."),
    ],
)
def test_tags_of_a_comment_describe_no_definition(comment: str, paragraph: str) -> None:
    """The answers said of functions in JavaScript “@param {string} path path”."""
    assert first_paragraph(comment) == paragraph


@pytest.mark.parametrize(
    ("above", "doc"),
    [
        ("/** Holds values. */\n\n", "Holds values."),
        ("/**\n * Holds values.\n */\n \n\n", "Holds values."),
        ("/** Holds values. */\n\n\n\n", ""),
        ("// Holds values.\n\n", ""),
        ("/*** Holds values. ***/\n\n", ""),
        ("/** Holds values. */\nimport java.util.*;\n\n", ""),
    ],
)
def test_blank_lines_behind_a_documentation(above: str, doc: str) -> None:
    """The classes of `java.nio` had no description: a blank line parts it from them."""
    text = f"package p;\n\n{above}public class Buffer {{\n}}\n"
    facts = facts_of("p/Buffer.java", text).facts
    assert [definition.doc for definition in facts.definitions if definition.name == "Buffer"] == [doc]


def test_the_first_comment_of_a_file_is_of_the_file() -> None:
    facts = facts_of("a.js", "/** Everything about boxes. */\n\nfunction open() {}\n")
    assert [definition.doc for definition in facts.facts.definitions if definition.name == "open"] == [""]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (
            "fs/writer.c\n *\n * Copyright (C) 2002, A. Person.\n *\n * Writes pages back\n * to disk.",
            "Writes pages back to disk.",
        ),
        ("Copyright (c) 2001\n *\n * This program is free software; you can\n *\n * Please contact us for more.", ""),
        ("Writes pages back.\n *\n * This file is part of the system.", "Writes pages back."),
        ("writer.c - writes pages back", "writer.c - writes pages back"),
        ("Written by A. Person\n *\n * Locks of pages and of buffers", "Locks of pages and of buffers"),
        ("-*- linux-c -*- ----------- *", ""),
        ("A. Person <a@example.org>\n *\n * See COPYING in the folder above.", ""),
        ("Mouse support", ""),
    ],
)
def test_the_head_of_a_file_tells_of_it_beside_credits(head: str, told: str) -> None:
    """The first comment of most files of the kernel holds a copyright, so that they had no description."""
    facts = facts_of("writer.c", f"// SPDX-License-Identifier: GPL-2.0\n/*\n * {head}\n */\n\nint x;\n").facts
    assert facts.definitions[0].doc == told


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("a.rb", "# frozen_string_literal: true\n\n# Keeps books\n# of members.\n\ndef a\nend\n", "Keeps books of members."),
        ("a.js", "// Copyright 2020 Foo\n// Keeps the books\n// of members.\n\nlet x = 1;\n", "Keeps the books of members."),
        ("a.sh", "#!/bin/sh\n# shellcheck disable=SC1\n# Keeps books\n# of members.\n\nx=1\n", "Keeps books of members."),
        ("a.py", "# Keeps books.\n# Copyright 2020 Foo\nimport x\n", "Keeps books."),
        ("a.php", "<?php\n// Keeps the books\n// of members.\n\nfunction a() {}\n", "Keeps the books of members."),
        ("a.cc", "// This file is part of x.\n// See the file LICENSE.\n//\n// Keeps books.\n\nint x;\n", "Keeps books."),
        ("a.c", "/* Authors: Ann Other (Anne)\n *          Bob Other */\n\n/* Keeps books. */\n\nint x;\n", "Keeps books."),
        ("a.f90", "! Copyright 1999 Foo\n!\n! caches books of a basic\nmodule x\nend module\n", "caches books of a basic"),
        ("a.f", "c Copyright 1999 Foo\nc\nc     Caches the books\n      subroutine x\n      end\n", "Caches the books"),
        ("a.pas", "{ Copyright 1999 Foo\n\n  Keeps books. }\nunit x;\ninterface\nimplementation\nend.\n", "Keeps books."),
        ("a.sql", "-- Copyright 1999 Foo\n--\n-- Keeps the books.\ncreate table x (a int);\n", "Keeps the books."),
    ],
)  # fmt: skip
def test_the_head_of_a_file_is_read_over_its_lines(path: str, text: str, told: str) -> None:
    """Of comments of a line each only the first was taken, nothing behind one for a tool; Fortran lost the “c” of words."""
    assert facts_of(path, text).facts.definitions[0].doc == told


CODE = b"int first;\nint second;\n"
REMARK = b"/* Feeding stops\n * in October. */\n"
LINES = b"// Feeding stops\n// in October.\n"


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("c", CODE + b"int a;\n\n" + REMARK + b"\nint b;\n", [REMARK]),
        ("c", CODE + b"int a;\n\n" + LINES + b"\n" + REMARK, [LINES, REMARK]),
        ("c", CODE + b"int a;\n" + REMARK + b"\nint b;\n", []),
        ("c", CODE + b"int a;\n\n" + REMARK + b"int b;\n", []),
        ("c", CODE + b"int a; // a\n\nint b;\n", []),
        ("c", LINES + b"\n" + REMARK + b"\nint a;\n", []),
        ("php", b"<?php\n" + REMARK + b"\n$a = 1;\n\n" + LINES, [LINES]),
    ],
    ids=["alone", "at the end", "below code", "above code", "beside code", "at the head", "behind an opening"],
)
def test_remarks_stand_by_themselves(language: str, text: bytes, found: list[bytes]) -> None:
    analysis = languages()[language].extractor()(text, parse_text(language, text)).analyse()
    assert [text[start:end] for start, end in analysis.remarks] == found
