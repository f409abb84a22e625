"""Local names, numbered by first appearance, so that consistently renamed copies read alike.

Two definitions share their numbered tokens exactly when they are the same up to the names of their own variables. For that
every number must stand for a name that is bound within the chunk itself. A name is therefore numbered only if each of its
uses lies where a binding of it holds, and a name that is also something else (a callee, a type, a key, a part of a format
string) stays as it is, everywhere: when unsure the answer is "not local", which costs a fold and never hides a difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from indexing.folding.lexing import MARK, Tokens


@dataclass(slots=True)
class LocalNames:
    """What a language's reader found in a chunk.

    `regions` are the half-open ranges of token positions within which a name is bound; `kept` are names that may not be
    numbered at all; `literal` are positions where a token is no use of the variable of that name (an attribute, a keyword
    argument, a label).
    """

    regions: dict[bytes, list[tuple[int, int]]] = field(default_factory=dict)
    kept: set[bytes] = field(default_factory=set)
    literal: set[int] = field(default_factory=set)

    def bind(self, name: bytes, start: int, end: int) -> None:
        self.regions.setdefault(name, []).append((start, end))

    def bind_definition(self, tokens: Tokens, position: int) -> None:
        """The definition's own name, if it stands nowhere else (where it might mean another thing of that name)."""
        name = tokens[position]
        if tokens.count(name) == 1:
            self.bind(name, position, position + 1)


def number_locals(tokens: Tokens, language: str, is_class: bool) -> Tokens | None:
    """`tokens` with each local name replaced by its number, or None where that cannot be told."""
    reader = _readers().get(language)
    names = reader(tokens, is_class) if reader else None
    if names is None:
        return None
    local, literal, regions = names.regions.keys() - names.kept, names.literal, names.regions
    uses = [place for place in enumerate(tokens) if place[1] in local and place[0] not in literal]
    for position, token in uses:
        for start, end in regions[token]:
            if start <= position < end:
                break
        else:
            local.discard(token)
    numbers: dict[bytes, bytes] = {}
    numbered = list(tokens)
    for position, token in uses:
        if token in local:
            numbered[position] = numbers.get(token) or numbers.setdefault(token, MARK + b"%d" % len(numbers))
    return numbered


@cache
def _readers() -> dict[str, Callable[[Tokens, bool], LocalNames | None]]:
    from indexing.folding.names_c import read_c, read_java
    from indexing.folding.names_csharp import read_csharp
    from indexing.folding.names_go import read_go
    from indexing.folding.names_lua import read_lua
    from indexing.folding.names_php import read_php
    from indexing.folding.names_python import read_python
    from indexing.folding.names_script import read_script

    return {
        "python": read_python,
        "c": read_c,
        "java": read_java,
        "csharp": read_csharp,
        "go": read_go,
        "lua": read_lua,
        "php": read_php,
        "javascript": read_script,
        "jsx": read_script,
        "typescript": read_script,
        "tsx": read_script,
    }
