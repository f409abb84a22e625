"""The paragraph that a doc comment begins with."""

import pytest

from indexing.languages.comments import first_paragraph
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
