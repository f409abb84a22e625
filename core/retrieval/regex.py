"""Exact text search: a regular expression over the text of every indexed file.

Nothing is looked up in an index; files are read one after the other, those of source code first, until enough is found. A
literal that every match must hold lets most files go unread by the expression. Expressions run in the package `regex`,
whose syntax includes Python's, because it can be stopped: one that backtracks without end would otherwise hold the process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.model.ranking import MOST_COPIED, Filter, Hit, Origin, Ranking
from core.model.source import FileRole
from core.ports import IndexReader
from core.retrieval.snapshot import Snapshot

SECONDS_A_FILE = 2.0
"""Time an expression may take in one file; ordinary ones need a hundredth of a second for the largest."""


def regex_search(
    reader: IndexReader, pattern: str, k: int, chosen: Filter | None = None, cancellation: CancellationToken | None = None
) -> Ranking:
    """Return the first `k` places that match `pattern`: source before other files, by path, then by line.

    A hit's lines are those of the match; `^` and `$` match at every line. `UsageError` for an expression that is none, or
    that takes too long; `CancelledError` when cancelled between two files.
    """
    began = time.perf_counter()
    expression = _compiled(pattern)
    literal = required_literal(pattern)
    snapshot = Snapshot(reader)
    admitted = snapshot.admitted(chosen or Filter())
    roles = list(FileRole)
    order = sorted(enumerate(reader.files()), key=lambda item: (roles.index(item[1].role), item[1].path))
    hits: list[Hit] = []
    for position, file in order:
        if len(hits) >= k:
            break
        if cancellation is not None:
            cancellation.check("searching the text")
        rows = snapshot.rows_of(position)
        if not len(rows) or (admitted is not None and not admitted[rows].any()):
            continue
        text = reader.text(file.path)
        if literal and literal not in text:
            continue
        for start_line, end_line in _matches(expression, text, file.path):
            row = snapshot.chunk_at(position, start_line)
            if admitted is None or admitted[row]:
                hits.append(_hit(reader, int(snapshot.table.ids[row]), start_line, end_line))
                if len(hits) >= k:
                    break
    return Ranking(pattern, (time.perf_counter() - began) * 1000.0, tuple(hits))


def required_literal(pattern: str) -> str:
    """Return a text that every match of `pattern` holds, the longest that is easily seen; empty where none is.

    Looked at are runs of plain characters outside of groups and sets, in patterns without alternatives and flags.
    """
    if "|" in pattern or "(?" in pattern:
        return ""
    best, run, depth, position = "", "", 0, 0
    while position < len(pattern):
        char = pattern[position]
        position += 1
        literal = char
        if char == "\\":
            literal = pattern[position : position + 1]
            position += 1
            if literal.isalnum() and literal not in "wWdDsSbB":
                return ""  # \x41, \1, \p{L}: what follows belongs to it
            plain = not literal.isalnum()
        elif char == "[":
            position = _after_set(pattern, position)
            plain = False
        else:
            plain = char not in ".^$*+?{}()]"
            depth += (char == "(") - (char == ")")
            if char in "*?{":
                run = run[:-1]
            if char == "{":
                position = pattern.find("}", position) + 1 or len(pattern)
        if not plain:
            best, run = max(best, run, key=len), ""
        elif depth == 0:
            run += literal
    return max(best, run, key=len)


def _after_set(pattern: str, position: int) -> int:
    """The position after the set whose first member is at `position`."""
    position += pattern.startswith("^", position)
    position += pattern.startswith("]", position)
    while position < len(pattern) and pattern[position] != "]":
        position += 2 if pattern[position] == "\\" else 1
    return position + 1


def _compiled(pattern: str) -> Any:
    import regex

    try:
        return regex.compile(pattern, regex.MULTILINE)
    except regex.error as error:
        raise UsageError(
            f"{pattern!r} is not a regular expression", str(error), "quote special characters with a backslash"
        ) from error


def _matches(expression: Any, text: str, path: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of each match, none twice; empty matches are passed over."""
    line, counted, last = 1, 0, 0
    try:
        for match in expression.finditer(text, timeout=SECONDS_A_FILE):
            start, end = match.span()
            if start == end:
                continue
            line += text.count("\n", counted, start)
            counted = start
            end_line = line + text.count("\n", start, end - 1)
            if line > last:
                last = end_line
                yield line, end_line
    except TimeoutError as error:
        raise UsageError(
            f"the expression takes longer than {SECONDS_A_FILE:.0f} seconds in {path}",
            "it tries too many ways to match",
            "avoid repetitions inside of repetitions",
        ) from error


def _hit(reader: IndexReader, id_: int, start_line: int, end_line: int) -> Hit:
    chunk = reader.chunks([id_])[0]
    copies = reader.copies([id_]).get(id_, 0)
    copied = reader.copied([id_], MOST_COPIED) if copies else {}
    return Hit(
        id_, chunk.path, start_line, end_line, chunk.symbol, chunk.kind, 1.0, (Origin.REGEX,), copies, copied.get(id_, ())
    )
