"""Headings of documents: Markdown (ATX and setext), reStructuredText, AsciiDoc."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexing.languages.lines import Lines

_TITLE_CHARACTERS = 120
_ATX = re.compile(r"(#{1,6}|={1,6})[ \t]+(.*?)[ \t]*[#=]*[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,}|-{4,}$|\.{4,}$)")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the byte at which its section begins, its level from 1 (outermost), its words."""

    start: int
    level: int
    title: str


def headings(text: bytes, lines: Lines, language: str) -> list[Heading]:
    """The headings of a document, in order."""
    rows = [row.rstrip("\r") for row in text.decode("utf-8", "replace").split("\n")]
    found = _adorned(rows) if language == "restructuredtext" else _marked(rows, "=" if language == "asciidoc" else "#")
    return [Heading(lines.start(row + 1), level, title.strip()[:_TITLE_CHARACTERS]) for row, level, title in found]


def _marked(rows: list[str], sign: str) -> list[tuple[int, int, str]]:
    """`## Title`, or a line underlined with `=` or `-`; nothing within fenced code counts."""
    found: list[tuple[int, int, str]] = []
    fence = ""
    for number, row in enumerate(rows):
        if fenced := _FENCE.match(row):
            mark = fenced[1]
            if fence:
                if mark.startswith(fence) and not row.strip().strip(mark[0]):
                    fence = ""
                continue
            if mark[0] in "`~" or sign == "=":
                fence = mark
                continue
        if fence:
            continue
        if row.startswith(sign) and (heading := _ATX.match(row)):
            found.append((number, len(heading[1]), heading[2]))
        elif (
            sign == "#"
            and number
            and (line := row.rstrip())
            and line.strip("=-") == ""
            and len(line) > 2
            and len(set(line)) == 1
        ):
            title = rows[number - 1]
            if title.strip() and title[:1] not in "#-*+>| \t" and (number < 2 or not rows[number - 2].strip()):
                found.append((number - 1, 1 if line[0] == "=" else 2, title))
    return found


def _adorned(rows: list[str]) -> list[tuple[int, int, str]]:
    """A line over a row of one sign, or between two; the order in which the signs first appear gives the levels."""
    found: list[tuple[int, int, str]] = []
    styles: list[str] = []
    for number in range(1, len(rows)):
        row, title = rows[number].rstrip(), rows[number - 1].rstrip()
        if not _ADORNMENT.match(row) or not title or title[0] in " \t" or _ADORNMENT.match(title) or len(row) < len(title):
            continue
        overline = number > 1 and rows[number - 2].rstrip() == row
        if not overline and number > 1 and rows[number - 2].strip():
            continue  # the last line of a paragraph or table
        style = row[0] * (2 if overline else 1)
        if style not in styles:
            styles.append(style)
        found.append((number - 2 if overline else number - 1, styles.index(style) + 1, title))
    return found
