"""Copies that do something else are no clones of type 1 or 2, and folding hides none of them.

Each function drawn gets a name of its own and a copy in which one operator, condition, call or literal is another. The pair
may be listed as edited (a changed literal: as type 2), and both must stay in sight: a search for the name they share shows
both places, and a search for the new callee's name shows the copy's. Of a function in several chunks those without the
change may well be clones: a claim counts where it holds a changed line.
"""

from __future__ import annotations

import difflib
import random
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import machine
from tests.benchmarks.command import ask, index, rankings
from tests.benchmarks.folding_mutants import negatives
from tests.benchmarks.folding_mutants.mutants import mutate
from tests.benchmarks.folding_mutants.names import own_name, replaced
from tests.benchmarks.folding_mutants.planted import Planted, Tree
from tests.benchmarks.folding_mutants.real import SEEDS, drawn
from tests.benchmarks.folding_mutants.syntax import Snippet, languages

OPERATORS = (*negatives.OPERATORS, "literals")
SHOWN = 10
"""Results a search is asked for."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True, slots=True)
class Negative:
    """A function under a name of its own, and its changed copy; `word` occurs in the copy alone, or is empty."""

    key: str
    name: str
    word: str
    original: Snippet
    changed: Snippet

    @property
    def keys(self) -> tuple[str, str]:
        return f"{self.key} a", f"{self.key} b"

    def changed_lines(self) -> set[int]:
        """The copy's lines that the original lacks, counted from 0."""
        lines = self.original.text.splitlines(), self.changed.text.splitlines()
        matcher = difflib.SequenceMatcher(None, *lines, autojunk=False)
        return {line for tag, _, _, start, end in matcher.get_opcodes() if tag != "equal" for line in range(start, end)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the program made of a negative: whether it is claimed to be of type 1 or 2, listed at all, shown by both
    searches."""

    negative: Negative
    claimed: bool
    listed: bool
    by_name: bool
    by_word: bool

    @property
    def wrong(self) -> bool:
        return self.claimed or not self.by_name or not self.by_word


def test_changed_copies_stay_in_sight(mixed: Path, tmp_path: Path) -> None:
    originals = drawn(mixed)
    rows: list[Sequence[str]] = [
        ("changed", "language", "copies", "listed", "as type 1 or 2", "hidden by name", "hidden by the new word")
    ]
    wrong: list[str] = []
    for operator in OPERATORS:
        made = {language: negatives_of(found, operator) for language, found in originals.items()}
        seen = look(made, tmp_path / operator.replace(" ", "_"), may_be_renamed=operator == "literals")
        for language in languages():
            found = seen[language]
            assert len(found) >= SEEDS / 5
            figures = (
                len(found), sum(one.listed for one in found), sum(one.claimed for one in found),
                sum(not one.by_name for one in found), sum(not one.by_word for one in found),
            )  # fmt: skip
            rows.append((operator, language, *map(str, figures)))
            wrong += [_told(operator, one) for one in found if one.wrong]
    machine.show("fold_negatives", f"Copies with one place changed, of {SEEDS} functions a language", rows)
    result = machine.result("fold_negatives_wrong.txt")
    result.write_text("\n".join(wrong), encoding="utf-8")
    assert not wrong, f"{len(wrong)}: {result}"


def look(made: Mapping[str, Sequence[Negative]], folder: Path, *, may_be_renamed: bool) -> dict[str, list[Seen]]:
    """Index the negatives of each language beside their originals, and look for them."""
    tree = Tree(folder / "source")
    everything = [negative for found in made.values() for negative in found]
    for i, part in enumerate(("first", "second")):
        tree.plant(part, [(one.keys[i], one.changed if i else one.original) for one in everything])
    index(folder / "source", folder / "index", settle=True)
    pairs = ask(folder / "index", "clones", "--pairs", "--min-similarity", "0.7")["pairs"]
    listed, claimed = tree.pairs(pairs), tree.pairs(pair for pair in pairs if pair["type"] < 3)
    names = rankings(folder / "index", {one.key: one.name for one in everything}, SHOWN)
    words = rankings(folder / "index", {one.key: one.word for one in everything if one.word}, SHOWN)

    def seen(one: Negative) -> Seen:
        first, second = (tree.by_key[key] for key in one.keys)
        changed = {second.first + line for line in one.changed_lines()}
        held = claimed[one.keys].lines[1] if one.keys in claimed else set()
        return Seen(
            one,
            not may_be_renamed and bool(held & changed),
            one.keys in listed,
            shows(names[one.key], first) and shows(names[one.key], second),
            not one.word or shows(words[one.key], second),
        )

    return {language: [seen(one) for one in found] for language, found in made.items()}


def negatives_of(seeds: Sequence[Snippet], operator: str) -> list[Negative]:
    """A negative of each seed to which the operator applies."""
    found = []
    for number, seed in enumerate(seeds):
        language = seed.grammar.name
        chance = random.Random(f"{operator} {number} {language}")
        place = own_name(seed)
        if place is None:
            continue
        name, word = unique(language, number, "n"), unique(language, number, "w")
        original = seed.with_text(replaced(seed.text, [(place[0], place[1], name.encode())]))
        changed = mutate(original, operator, [word.encode()], [], chance) if original.function is not None else None
        if changed is not None:
            word = word if operator == "call target" else ""
            found.append(Negative(f"{language} {number}", name, word, original, changed))
    return found


def unique(language: str, number: int, kind: str) -> str:
    """A word that no other function holds, and that reads as one word."""
    letters = ""
    while len(letters) < 4:
        letters += string.ascii_lowercase[number % 26]
        number //= 26
    return f"q{kind}z{language[-2:]}x{letters}"


def shows(results: Sequence[Mapping[str, Any]], planted: Planted) -> bool:
    """Whether a result lies in the function."""
    return any(
        result["path"] == planted.path and result["start_line"] <= planted.last and planted.first <= result["end_line"]
        for result in results
    )


def _told(operator: str, seen: Seen) -> str:
    original, changed = (
        text.decode("utf-8", "replace") for text in (seen.negative.original.text, seen.negative.changed.text)
    )
    head = f"## {operator}, {seen.negative.key}: claimed {seen.claimed}, by name {seen.by_name}, by word {seen.by_word}"
    lines = difflib.unified_diff(original.splitlines(), changed.splitlines(), lineterm="", n=2)
    return "\n".join([head, *lines, "--- in", original])
