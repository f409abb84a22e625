"""Access paths: how an expression is written down so that the linker understands it (see `core.model.symbol`).

An expression is followed along its spine, from the last member to the first name, without recursion. Containers,
conditions and comprehensions have no path of their own; they become anonymous values, bound to what they hand on.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tree_sitter import Node

UNKNOWN = "?"
MAX_STEPS = 24
"""Of a longer chain only the last step is written: all would cost the square of its length and link to nothing."""
MAX_DEPTH = 8
"""Containers in containers; what lies deeper is data."""
MAX_ENTRIES = 1_000
"""Entries of one container; a longer one is a table of data."""

_PLAIN_BYTES = 160
_KNOWN_TEXTS = 100_000
"""Expressions remembered, with whether they are plain; then the table starts anew."""
_PLAIN = re.compile(rb"[A-Za-z_$\x80-\xff][\w$\x80-\xff]*(?:\.[A-Za-z_$\x80-\xff][\w$\x80-\xff]*)*")
_KEY = re.compile(r"""(?:[rbuRBU]?(['"`])([\w-]{1,60})\1|(\d{1,9}))""")

Step = Callable[["PathReader", "Node"], "tuple[Node | None, str]"]
"""One step down the spine: the next node and what is written behind its path; no node ends the path with that text."""
Entries = Callable[["PathReader", "Node"], "Iterable[tuple[str, Node]]"]
"""The parts of an anonymous value: where each goes (`[]`, `[key]`, or nothing for a branch) and its expression."""


def is_known(path: str) -> bool:
    """Whether an access path begins with something that has a name; in a tree with errors it may be empty."""
    return not path.startswith(UNKNOWN) and bool(path)


class _PlainTexts(dict[bytes, str]):
    """For the text of an expression: itself when it is names joined by dots, `?` when it is a constant, else nothing."""

    def __init__(self, constants: frozenset[str]) -> None:
        super().__init__()
        self._constants = constants

    def __missing__(self, raw: bytes) -> str:
        plain = raw.decode("utf-8", "replace") if _PLAIN.fullmatch(raw) else ""
        if plain in self._constants:
            plain = UNKNOWN
        if len(self) >= _KNOWN_TEXTS:
            self.clear()
        self[raw] = plain
        return plain


@cache
def _plain_texts(constants: frozenset[str]) -> _PlainTexts:
    return _PlainTexts(constants)


class PathReader(ABC):
    """Writes access paths over one text. A language gives its node types in `steps`, `values` and `literals`."""

    steps: ClassVar[Mapping[str, Step]]
    values: ClassVar[Mapping[str, Entries]]
    containers: ClassVar[frozenset[str]]
    """Those of `values` that may be filled later when they are empty."""
    literals: ClassVar[frozenset[str]]
    """Node types that hold nothing: literals, comments and punctuation."""
    constants: ClassVar[frozenset[str]]
    """Words that look like names and are literals, `None` or `true`."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.function_names: dict[int, tuple[str, int]] = {}
        """The name and definition index of what a node defines, by `Node.id`."""
        self._plain = _plain_texts(self.constants)
        # By node type and text; only of what ends in a plain name, since the same text may be another anonymous value.
        self._paths: dict[tuple[str, bytes], str] = {}
        self._anonymous: dict[int, str] = {}
        self._numbered = 0
        self._depth = 0

    @abstractmethod
    def value(self, node: Node) -> str:
        """The access path of an expression whose value goes somewhere."""

    @abstractmethod
    def bind_anonymous(self, name: str, value: str, node: Node) -> None:
        """An anonymous value's entry `name` is `value`, at `node`."""

    def source(self, node: Node | None) -> str:
        """The text of a node; empty for none."""
        if node is None:
            return ""
        start, end = node.byte_range
        return self.text[start:end].decode("utf-8", "replace")

    def path(self, node: Node | None) -> str:
        """The access path of an expression."""
        text, plain, key = self.text, self._plain, None
        written = last = ""
        for _ in range(MAX_STEPS):
            if node is None:
                return UNKNOWN + written
            start, end = node.byte_range
            raw = text[start:end] if end - start <= _PLAIN_BYTES else b""
            if raw and (path := plain[raw]):
                if key is not None:
                    self._paths[key] = path + written
                return path + written
            kind = node.type
            if raw and key is None and not written:
                key = kind, raw
                if path := self._paths.get(key, ""):
                    return path
            step = self.steps.get(kind)
            if step is None:
                return (self.value_of(node) if kind in self.values else UNKNOWN) + written
            node, behind = step(self, node)
            if node is None:
                return behind + written
            written = behind + written
            last = last or behind
        return UNKNOWN + last

    def plain_name(self, node: Node) -> str:
        """The names joined by dots that a node is written as; empty for any other expression."""
        start, end = node.byte_range
        name = self._plain[self.text[start:end]] if end - start <= _PLAIN_BYTES else ""
        return "" if name == UNKNOWN else name

    def new_value(self) -> str:
        """The name of another anonymous value."""
        self._numbered += 1
        return f"<value{self._numbered}>"

    def value_of(self, node: Node) -> str:
        """The name of an anonymous value, whose entries are bound the first time it is met."""
        name = self._anonymous.get(node.id)
        if name is not None:
            return name
        if self._depth >= MAX_DEPTH:
            return UNKNOWN
        self._depth += 1
        entries: list[tuple[str, str, Node]] = []
        count = 0
        for where, part in self.values[node.type](self, node):
            count += 1
            if count > MAX_ENTRIES:
                break
            if part.type not in self.literals and (value := self.value(part)) != UNKNOWN:
                entries.append((where, value, part))
        self._depth -= 1
        name = UNKNOWN
        if entries or (not count and node.type in self.containers):
            name = self.new_value()
        self._anonymous[node.id] = name
        for where, value, part in entries:
            self.bind_anonymous(name + where, value, part)
        return name


def first_child(node: Node) -> Node | None:
    """The first named child; `Node.named_child(0)` raises where there is none."""
    children = node.named_children
    return children[0] if children else None


def member(object_field: str, name_field: str) -> Step:
    """`object.name`."""

    def step(reader: PathReader, node: Node) -> tuple[Node | None, str]:
        return node.child_by_field_name(object_field), "." + reader.source(node.child_by_field_name(name_field))

    return step


def called(field: str) -> Step:
    """`function(…)`."""

    def step(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
        return node.child_by_field_name(field), "()"

    return step


def indexed(object_field: str, index_field: str) -> Step:
    """`object[index]`."""

    def step(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
        indices = node.children_by_field_name(index_field)
        return node.child_by_field_name(object_field), entry_key(_reader.source(indices[0]) if len(indices) == 1 else "")

    return step


def through(field: str = "") -> Step:
    """What only wraps another expression: the child of that field, else the last named one."""

    def step(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
        if field:
            return node.child_by_field_name(field), ""
        children = node.named_children
        return (children[-1] if children else None), ""

    return step


def defined(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    """A function or class written where it is used."""
    return None, reader.function_names.get(node.id, (UNKNOWN, 0))[0]


def entry_key(text: str) -> str:
    """`[key]` for a literal key or index of letters, digits, `_` and `-`, else `[]`."""
    found = _KEY.fullmatch(text)
    return f"[{found[2] or found[3]}]" if found else "[]"


def slice_key(start: str) -> str:
    """`[n:]` for what is left without the first n entries; nothing where it is the whole or n is not known."""
    return f"[{start}:]" if start.isdigit() and int(start) else ""
