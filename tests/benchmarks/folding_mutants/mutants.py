"""Seeds → mutants, each valid and of the type that its operator is for."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.folding_mutants import layout, names, negatives, statements
from tests.benchmarks.folding_mutants.similarity import similarity, spoken, true_type
from tests.benchmarks.folding_mutants.syntax import Snippet

_TRIES = 8
"""An operator draws its places; some draws are not valid."""


_PLAIN = re.compile(rb"[A-Za-z][A-Za-z_]{2,30}")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed copy of the seed of that number, with what is true of it."""

    seed: int
    original: Snippet
    snippet: Snippet
    operator: str
    type: str
    similarity: float


DECLARED: Mapping[str, str] = {
    **dict.fromkeys(layout.OPERATORS, "1"),
    "rename consistent": "2 consistent",
    "rename swapped": "2 consistent",
    "rename arbitrary": "2 arbitrary",
    "literals": "2 literal",
    "renamed + literals": "2 literal",
    **dict.fromkeys(statements.OPERATORS, "3"),
    "renamed + gap of 1": "3",
    "renamed + change 1": "3",
}
"""The type that a mutant of an operator must truly have; what turns out to be of another is drawn anew."""

RENAMED = "renamed + "

_WORDED = {**layout.OPERATORS, **names.OPERATORS, **negatives.OPERATORS}


def vocabulary(seeds: Iterable[Snippet]) -> list[bytes]:
    """The names that seeds use, for new names and comments."""
    found = {token.text for seed in seeds for token in seed.tokens if token.kind.endswith("identifier")}
    return sorted(word for word in found if _PLAIN.fullmatch(word))


def mutants(seeds: Sequence[Snippet], operator: str, words: Sequence[bytes], donors: Sequence[bytes]) -> list[Mutant]:
    """One mutant of each seed to which the operator applies; the same at each call.

    `RENAMED + …` renames everything consistently after the rest, which leaves the similarity what it was.
    """
    found = []
    for number, seed in enumerate(seeds):
        chance = random.Random(f"{operator} {number} {seed.grammar.name}")
        changed = mutate(seed, operator.removeprefix(RENAMED), words, donors, chance)
        if changed is None:
            continue
        kind, alike = true_type(seed, changed), similarity(spoken(seed), spoken(changed))
        if operator.startswith(RENAMED):
            changed = mutate(changed, "rename consistent", words, donors, chance)
        if changed is not None:
            # A fresh snippet, for thousands of syntax trees would take gigabytes.
            found.append(Mutant(number, seed, changed.with_text(changed.text), operator, kind, alike))
    return found


def mutate(
    seed: Snippet, operator: str, words: Sequence[bytes], donors: Sequence[bytes], chance: random.Random
) -> Snippet | None:
    """The seed changed by the operator, or None where it does not apply to it or nothing valid was drawn."""
    for _ in range(_TRIES):
        if operator in _WORDED:
            text = _WORDED[operator](seed, words, chance)
        else:
            text = statements.OPERATORS[operator](seed, donors, chance)
        if text is None:
            return None
        changed = seed.with_text(text)
        if text != seed.text and changed.function is not None and _holds(seed, changed, operator):
            return changed
    return None


def _holds(seed: Snippet, changed: Snippet, operator: str) -> bool:
    """Whether what came out is of the type it is meant to be, told from its tokens."""
    found = true_type(seed, changed)
    if operator in negatives.OPERATORS:
        return found == ("2 consistent" if operator == "call target" else "3")
    return found == DECLARED[operator] or (operator == "rename arbitrary" and found == "2 consistent")
