"""What the strings of code name: a class that is loaded by its name, a table that a statement of SQL reads.

Much of how an old system hangs together stands in strings: `Class.forName("com.acme.Rules")`, `"app.views.Orders"` in a
table of routes, `"SELECT * FROM orders"`. Whether a string names anything is found out when files are linked; here it is
only told which look as if they might:

- dotted names of three parts, or of two with a capital among them (`app.Orders`, not `user.name`), also as Java writes
  nested classes (`a.B$C`), PHP (`App\\Orders`), Ruby and C++ (`App::Orders`) and entry points (`pkg.module:run`);
- in strings that begin as a statement of SQL does, and in `EXEC SQL`, what follows `FROM`, `JOIN`, `INTO`, `UPDATE`, `CALL`.

Strings are found by their quotation marks, not by the grammar, so one in a comment counts as well. The price of looking
only at the text: a statement that is put together from pieces ends at the first empty line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from core.model.symbol import Definition, Naming, NamingKind
from indexing.kinds import FIELD
from indexing.languages.lines import Lines
from indexing.possessive import re

MOST_IN_FILE = 1_000
"""Names that are kept of one file; a table of more is data."""
_MOST_STATEMENT = 2_000
"""Bytes in which the tables of a statement are looked for."""
_DOTTED = re.compile(rb"""(["'])([A-Za-z_]\w*+(?:(?:\.|::?|\\\\?|\$)[A-Za-z_]\w*+){1,9}+)\1""")
_SEPARATOR = re.compile(r"::?|\\\\?|\$")
_VERB = rb"(?P<verb>select\s|insert\s++into\s|update\s|delete\s++from\s|merge\s++into\s|with\s|call\s|exec(?:ute)?\s)"
_QUOTED = re.compile(rb"[\"'`]\s*+" + _VERB, re.IGNORECASE)
_EMBEDDED = re.compile(rb"\bexec\s++sql\s++" + _VERB, re.IGNORECASE)
_EMBEDS = (b"EXEC SQL", b"exec sql")
_TABLE = re.compile(
    rb"\b(?:from|join|into|update|call|exec|execute)\s++[\[\"`]?([A-Za-z_#][\w$#]*+(?:[\]\"`]?\.[\[\"`]?[A-Za-z_#][\w$#]*+)*+)",
    re.IGNORECASE,
)
_END = re.compile(rb"\n[ \t]*+\n|;|end-exec", re.IGNORECASE)
_QUOTES = str.maketrans("", "", '[]"`')
_OWN_SQL = frozenset({"sql"})
"""Languages in which a statement needs no string; their own grammar tells what they use."""


def find_namings(language: str, text: bytes, lines: Lines, definitions: Sequence[Definition]) -> tuple[Naming, ...]:
    """The names in the strings of a file of code, each once in its definition, in the order of the text (UTF-8)."""
    found = list(islice(_dotted(text), MOST_IN_FILE))
    if language not in _OWN_SQL:
        found += islice(_tables(text), MOST_IN_FILE)
    if not found:
        return ()
    around = Around(definitions)
    namings: dict[tuple[str, NamingKind, int], Naming] = {}
    for at, target, kind in sorted(found):
        scope = around.of(at)
        namings.setdefault((target, kind, scope), Naming(target, kind, scope, lines.of(at)))
    return tuple(islice(namings.values(), MOST_IN_FILE))


def _dotted(text: bytes) -> Iterator[tuple[int, str, NamingKind]]:
    for match in _DOTTED.finditer(text):
        name = _SEPARATOR.sub(".", match[2].decode("utf-8", "replace"))
        parts = name.split(".")
        if len(parts) > 2 or any(part[0].isupper() and not part.isupper() for part in parts):
            yield match.start(), name, NamingKind.NAME


def _tables(text: bytes) -> Iterator[tuple[int, str, NamingKind]]:
    # Looking for both at once takes four times as long.
    statements = [_QUOTED, _EMBEDDED] if any(mark in text for mark in _EMBEDS) else [_QUOTED]
    for match in chain.from_iterable(statement.finditer(text) for statement in statements):
        end = _END.search(text, match.end(), match.start() + _MOST_STATEMENT)
        stop = end.start() if end else match.start() + _MOST_STATEMENT
        for table in _TABLE.finditer(text, match.start("verb"), stop):
            yield table.start(), table[1].decode("utf-8", "replace").translate(_QUOTES), NamingKind.TABLE


class Around:
    """Definitions by their places in the text."""

    def __init__(self, definitions: Sequence[Definition]) -> None:
        self._definitions = definitions
        order = sorted(range(len(definitions)), key=lambda index: (definitions[index].span.start, index))
        self._order = list(_without_assigned_fields(order, definitions))
        self._starts = [definitions[index].span.start for index in self._order]

    def after(self, byte: int, near: int) -> int:
        """The first definition that begins within `near` bytes behind a byte; -1 for none."""
        at = bisect_right(self._starts, byte)
        return self._order[at] if at < len(self._starts) and self._starts[at] <= byte + near else -1

    def of(self, byte: int) -> int:
        """The innermost definition around a byte; the module where there is none."""
        index = self._order[bisect_right(self._starts, byte) - 1] if self._starts and self._starts[0] <= byte else 0
        while index > 0 and self._definitions[index].span.end <= byte:
            index = self._definitions[index].parent
        return max(index, 0)


def _without_assigned_fields(order: Sequence[int], definitions: Sequence[Definition]) -> Iterator[int]:
    """Definitions without the fields that only an assignment in a method shows: these lie in the method, and belong to the
    class around it."""
    open_: list[int] = []
    for index in order:
        item = definitions[index]
        while open_ and definitions[open_[-1]].span.end <= item.span.start:
            open_.pop()
        if item.kind is FIELD and open_ and open_[-1] != item.parent:
            continue
        open_.append(index)
        yield index
