"""Reading a SCIP index (https://github.com/sourcegraph/scip): what a compiler-grade indexer found in the files of a project.

SCIP is a message of Protocol Buffers; what is needed of it are documents with their occurrences of symbols and the relations
between symbols, so it is read by hand rather than with a library and generated code. Unknown fields are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 500_000_000
"""Of one index; a larger one is not read."""
DEFINITION, IMPORT = 1, 2
"""Bits of the roles of an occurrence."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOST_SHIFT = 63


class ScipError(ValueError):
    """The bytes are no SCIP index, or a part of one."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A symbol at a place: `line` from 0, characters from 0, `end` exclusive and on the same line (else it is left out)."""

    line: int
    start: int
    end: int
    symbol: str
    roles: int


@dataclass(frozen=True, slots=True)
class ScipDocument:
    """A file: its path from the root of the index, and where in the bytes of the index the rest of it is."""

    path: str
    body: memoryview

    def occurrences(self) -> Iterator[Occurrence]:
        """Those within one line of symbols that other files may know; local ones are left out."""
        for number, value in _fields(self.body):
            if number == 2 and isinstance(value, memoryview):
                found = _occurrence(value)
                if found is not None:
                    yield found

    def implementations(self) -> Iterator[tuple[str, str]]:
        """(symbol, what it implements or overrides)."""
        for number, value in _fields(self.body):
            if number != 3 or not isinstance(value, memoryview):
                continue
            name, others = "", list[str]()
            for inner, part in _fields(value):
                if inner == 1 and isinstance(part, memoryview):
                    name = _text(part)
                elif inner == 4 and isinstance(part, memoryview):
                    fields = dict(_fields(part))
                    other = fields.get(1)
                    if fields.get(3) and isinstance(other, memoryview):
                        others.append(_text(other))
            yield from ((name, other) for other in others if name)


def read_documents(data: bytes) -> Iterator[ScipDocument]:
    """The documents of an index, one after the other. Raises ScipError for what is none, also in the middle."""
    for number, value in _fields(memoryview(data)):
        if number == 2 and isinstance(value, memoryview):
            path = next((part for inner, part in _fields(value) if inner == 1), None)
            if not isinstance(path, memoryview):
                raise ScipError("a document has no path")
            yield ScipDocument(_text(path), value)


def _occurrence(body: memoryview) -> Occurrence | None:
    place: list[int] = []
    symbol, roles = "", 0
    for number, value in _fields(body):
        if number == 1:
            place += _packed(value) if isinstance(value, memoryview) else [value]
        elif number == 2 and isinstance(value, memoryview):
            symbol = _text(value)
        elif number == 3 and isinstance(value, int):
            roles = value
    if len(place) != 3 or not symbol or symbol.startswith("local "):
        return None
    line, start, end = place
    return Occurrence(line, start, end, symbol, roles)


def _fields(body: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """(number, value) of each field of a message: a number, or the bytes of anything else."""
    at, size = 0, len(body)
    while at < size:
        tag, at = _varint(body, at)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            raise ScipError("a field has the number 0")
        if wire == _VARINT:
            value, at = _varint(body, at)
            yield number, value
            continue
        if wire == _BYTES:
            length, at = _varint(body, at)
        elif wire in (_FIXED32, _FIXED64):
            length = 4 if wire == _FIXED32 else 8
        else:
            raise ScipError(f"a field has the unknown form {wire}")
        if at + length > size:
            raise ScipError("it ends early")
        yield number, body[at : at + length]
        at += length


def _varint(body: memoryview, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        if at >= len(body) or shift > _MOST_SHIFT:
            raise ScipError("it ends early")
        byte = body[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, at
        shift += 7


def _packed(body: memoryview) -> list[int]:
    numbers, at = list[int](), 0
    while at < len(body):
        number, at = _varint(body, at)
        numbers.append(number)
    return numbers


def _text(body: memoryview) -> str:
    return bytes(body).decode("utf-8", "replace")
