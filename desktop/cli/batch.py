"""Many questions in one process: the lines of a `--queries` file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click

from core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Query:
    """One line: what is asked, and the id that its answer carries."""

    id: object
    text: str


def read_queries(file: str, field: str) -> Iterator[Query]:
    """The queries of `file` (`-`: standard input), their text under `field` or `query`; empty lines are passed over.

    Raises UsageError for a file that cannot be read or a line that is not such an object.
    """
    try:
        if file == "-" and sys.stdin is None:
            raise OSError("standard input is closed")
        # -sig: some editors put a byte order mark first.
        with click.open_file(file, encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield _query(line, field, f"line {number} of {file}")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"the queries in {file} cannot be read", why, "give a file of JSON lines, or -") from error


def _query(line: str, field: str, where: str) -> Query:
    try:
        value = json.loads(line)
        text = value.get(field, value.get("query"))
        if not isinstance(text, str):
            raise TypeError(f"it has no text under '{field}'")
        if value["id"] is None:
            raise TypeError("its 'id' is null")
        return Query(value["id"], text)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        why = "it has no 'id'" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"{where} is not a query", why, f"write {{'id': …, '{field}': …}}") from error
