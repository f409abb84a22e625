"""Local names, numbered by first appearance, so that consistently renamed copies read alike.

Two definitions share their numbered tokens exactly when they are the same up to the names of their own variables. For that
every number must stand for a name that is bound within the chunk itself. A name is therefore numbered only if each of its
uses lies where a binding of it holds, and a name that is also something else (a callee, a type, a key, a part of a format
string) stays as it is, everywhere: when unsure the answer is "not local", which costs a fold and never hides a difference.

How alike two definitions are is asked more kindly: there every name that is bound somewhere in the chunk counts as local,
whatever else it may be. A likeness proposes; what sets two copies apart is told by the names that are surely local.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from indexing.folding.lexing import MARK, Tokens
from indexing.folding.numbering import Numbers, numbers_of, turn_to

LOCAL = MARK + b"v"
"""Stands for every local name."""


@dataclass(slots=True)
class LocalNames:
    """What a language's reader found in a chunk.

    `regions` are the half-open ranges of token positions within which a name is bound; `kept` are names that may not be
    numbered at all; `literal` are positions where a token is no use of the variable of that name (an attribute, a keyword
    argument, a label). `unclear` says that something in the chunk makes the meaning of any name unsure. `uses` are the
    positions of all tokens that are the names in `regions`, and perhaps of others, if the reader had to find them.
    """

    regions: dict[bytes, list[tuple[int, int]]] = field(default_factory=dict)
    kept: set[bytes] = field(default_factory=set)
    literal: set[int] = field(default_factory=set)
    unclear: bool = False
    uses: list[int] | None = None

    def bind(self, name: bytes, start: int, end: int) -> None:
        self.regions.setdefault(name, []).append((start, end))

    def bind_somewhere(self, name: bytes) -> None:
        """A name of which it cannot be told where it is bound: local to a likeness, but never numbered."""
        self.regions.setdefault(name, [])
        self.kept.add(name)

    def bind_definition(self, tokens: Tokens, position: int) -> None:
        """The definition's own name, surely local if it stands nowhere else (where it might mean another thing)."""
        name = tokens[position]
        self.bind(name, position, position + 1)
        if tokens.count(name) != 1:
            self.kept.add(name)


@dataclass(frozen=True, slots=True)
class Locals:
    """The tokens of a chunk with each name that is surely local replaced by its number, None where that cannot be told (a
    token that is not replaced is the same object as before), and the places of every name that may be one."""

    numbered: Tokens | None
    places: list[int]


def number_locals(tokens: Tokens, language: str, is_class: bool) -> Tokens | None:
    """`tokens` with each local name replaced by its number, or None where that cannot be told."""
    turn_to(language)
    return find_locals(tokens, numbers_of(tokens), language, is_class).numbered


def local_places(tokens: Tokens, numbers: Numbers, language: str, is_class: bool) -> list[int]:
    """The places of every name that may be local."""
    names = _read(tokens, numbers, language, is_class)
    return [] if names is None else _places(tokens, names)


def find_locals(tokens: Tokens, numbers: Numbers, language: str, is_class: bool) -> Locals:
    """The local names of the chunk `tokens`, which have these `numbers`, as far as they can be told."""
    names = _read(tokens, numbers, language, is_class)
    if names is None:
        return Locals(None, [])
    places = _places(tokens, names)
    return Locals(None if names.unclear else _numbered(tokens, names, places), places)


def _read(tokens: Tokens, numbers: Numbers, language: str, is_class: bool) -> LocalNames | None:
    reader = _readers().get(language)
    return reader(tokens, numbers, is_class) if reader else None


def _places(tokens: Tokens, names: LocalNames) -> list[int]:
    """Where a name that is bound somewhere is used as the name of a variable."""
    bound, literal = names.regions, names.literal
    if not bound:
        return []
    if names.uses is not None:
        return [place for place in names.uses if tokens[place] in bound and place not in literal]
    return [place for place, token in enumerate(tokens) if token in bound and place not in literal]


def _numbered(tokens: Tokens, names: LocalNames, places: list[int]) -> Tokens:
    local, regions = names.regions.keys() - names.kept, names.regions
    for position in places:
        token = tokens[position]
        if token in local:
            for start, end in regions[token]:
                if start <= position < end:
                    break
            else:
                local.discard(token)
    numbers: dict[bytes, bytes] = {}
    numbered = list(tokens)
    for position in places:
        token = tokens[position]
        if token in local:
            numbered[position] = numbers.get(token) or numbers.setdefault(token, MARK + b"%d" % len(numbers))
    return numbered


@cache
def _readers() -> dict[str, Callable[[Tokens, Numbers, bool], LocalNames | None]]:
    from indexing.folding.names_c import read_c, read_java
    from indexing.folding.names_csharp import read_csharp
    from indexing.folding.names_go import read_go
    from indexing.folding.names_lua import read_lua
    from indexing.folding.names_php import read_php
    from indexing.folding.names_python import read_python
    from indexing.folding.names_script import read_javascript, read_typescript

    return {
        "python": read_python,
        "c": read_c,
        "java": read_java,
        "csharp": read_csharp,
        "go": read_go,
        "lua": read_lua,
        "php": read_php,
        "javascript": read_javascript,
        "jsx": read_javascript,
        "typescript": read_typescript,
        "tsx": read_typescript,
    }
