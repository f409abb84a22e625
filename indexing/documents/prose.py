"""Markdown, reStructuredText, AsciiDoc and plain text: parts are what headings head."""

from __future__ import annotations

from indexing.documents.mentions import written
from indexing.documents.parts import MAX_PARTS, Part, Reading
from indexing.headings import headings
from indexing.languages.lines import Lines

_ADORNED = 2
"""A text with fewer underlined lines has no headings: the one is its title, or a table."""


def read_markdown(text: bytes, lines: Lines) -> Reading:
    return _headed(text, lines, "markdown")


def read_restructuredtext(text: bytes, lines: Lines) -> Reading:
    return _headed(text, lines, "restructuredtext")


def read_asciidoc(text: bytes, lines: Lines) -> Reading:
    return _headed(text, lines, "asciidoc")


def read_plain(text: bytes, lines: Lines) -> Reading:
    """Plain text that underlines its headings is cut at them."""
    reading = _headed(text, lines, "restructuredtext")
    return reading if len(reading.parts) >= _ADORNED else Reading((), reading.mentions)


def _headed(text: bytes, lines: Lines, language: str) -> Reading:
    found = headings(text, lines, language)[:MAX_PARTS]
    return Reading([Part(one.start, one.start, one.level, one.title) for one in found], written(text), prose=True)
