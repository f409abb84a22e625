"""How many injected clones folding finds: 400 functions a language, of real code, each changed by every operator in turn.

For each operator a tree is made of the functions drawn and of one mutant of each, twenty functions a file, and indexed by
the command; `clones --pairs` tells what was found. A mutant is found where pairs with its original hold 70 % of the lines of
both. Its type and its similarity come from tree-sitter's tokens, not from the program (`folding_mutants/similarity.py`).

A mutant is *valid* where it parses without error and differs as its operator says; a compiler might still object to some.
Mutants of type 3 count from where they are alike enough: at 0.9 those that truly are so alike and MARGIN more, for two ways
to cut a text into tokens (what is a format string?) give similarities that differ a little.

CODESTRATA_SEEDS draws fewer or more a language, CODESTRATA_OPERATORS=A,B runs but some; the misses lie beside the table.
"""

from __future__ import annotations

import difflib
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks import machine
from tests.benchmarks.command import ask, index
from tests.benchmarks.folding_mutants.mutants import DECLARED, Mutant, mutants, vocabulary
from tests.benchmarks.folding_mutants.planted import Tree
from tests.benchmarks.folding_mutants.real import SEEDS, drawn
from tests.benchmarks.folding_mutants.statements import donated
from tests.benchmarks.folding_mutants.syntax import Snippet, languages

CHOSEN = [name for name in os.environ.get("CODESTRATA_OPERATORS", "").split(",") if name]
THRESHOLDS = (0.9, 0.8, 0.7)
MARGIN = 0.01
MUST = {"1": 1.0, "2 consistent": 0.999, "2 arbitrary": 0.999, "2 literal": 0.999, "3": 0.99}
_SHOWN_MISSES = 40
"""An operator; the count tells the rest."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(5400)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the program said of a mutant: the type and similarity of the pair, or type 0 where it is not found."""

    mutant: Mutant
    type: int
    similarity: float

    @property
    def right(self) -> bool:
        """Found as what it is: a stricter type is wrong as well, save that layout may come with what is renamed."""
        declared = int(self.mutant.type[0])
        return 0 < self.type <= declared if declared < 3 else self.type == 3


def judge(made: Sequence[Mutant], originals: Mapping[str, Sequence[Snippet]], folder: Path) -> list[Verdict]:
    """Plant the mutants beside their originals, index, and read the pairs."""
    tree = Tree(folder / "source")
    tree.plant("first", [(f"{name} {n} a", seed) for name, found in originals.items() for n, seed in enumerate(found)])
    tree.plant("second", [(f"{mutant.original.grammar.name} {mutant.seed} b", mutant.snippet) for mutant in made])
    index(folder / "source", folder / "index", settle=True)
    answer = ask(folder / "index", "clones", "--pairs", "--min-similarity", "0.7")
    found = tree.pairs(answer["pairs"])
    verdicts = []
    for mutant in made:
        name = f"{mutant.original.grammar.name} {mutant.seed}"
        keys = (f"{name} a", f"{name} b")
        seen = found.get(keys)
        good = seen is not None and tree.covered(keys, seen)
        verdicts.append(Verdict(mutant, seen.type, seen.similarity) if seen and good else Verdict(mutant, 0, 0.0))
    shutil.rmtree(folder)
    return verdicts


def test_injected_clones(mixed: Path, tmp_path: Path) -> None:
    originals = drawn(mixed)
    words = {language: vocabulary(found) for language, found in originals.items()}
    donors = {language: donated(found) for language, found in originals.items()}
    verdicts: dict[str, list[Verdict]] = {}
    for operator in CHOSEN or DECLARED:
        made = [
            mutant
            for language, found in originals.items()
            for mutant in mutants(found, operator, words[language], donors[language])
        ]
        verdicts[operator] = judge(made, originals, tmp_path / "work")
    missed = recalls(verdicts)
    show(verdicts, missed)
    assert not missed, missed


def recalls(verdicts: Mapping[str, Sequence[Verdict]]) -> dict[str, str]:
    """What falls short of the figures that are required, and by how much."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for verdict in (verdict for found in verdicts.values() for verdict in found):
        for name, good in counted(verdict):
            right[name] += good
            total[name] += 1
    return {
        name: f"{right[name]} of {count}"
        for name, count in total.items()
        if right[name] < MUST[name.split(" at ")[0]] * count
    }


def counted(verdict: Verdict) -> list[tuple[str, bool]]:
    """The figures that a verdict counts for."""
    declared = verdict.mutant.type
    if declared != "3":
        return [(declared, verdict.right)]
    return [
        (f"3 at {threshold}", verdict.right and verdict.similarity >= threshold)
        for threshold in THRESHOLDS
        if verdict.mutant.similarity >= threshold + MARGIN
    ]


def show(verdicts: Mapping[str, Sequence[Verdict]], missed: Mapping[str, str]) -> None:
    rows = [("operator", "type", *languages(), "all")]
    lines = []
    for operator, found in verdicts.items():
        names = (DECLARED[operator],) if DECLARED[operator] != "3" else tuple(f"3 at {limit}" for limit in THRESHOLDS)
        for name in names:
            right: Counter[str] = Counter()
            total: Counter[str] = Counter()
            misses: defaultdict[str, list[Verdict]] = defaultdict(list)
            for verdict in found:
                for other, good in counted(verdict):
                    if other != name and not (name == "2 arbitrary" and other == "2 consistent"):
                        continue
                    for language in (verdict.mutant.original.grammar.name, "all"):
                        total[language] += 1
                        right[language] += good
                    if not good:
                        misses[verdict.mutant.original.grammar.name].append(verdict)
            rows.append((operator, name, *(_share(right[language], total[language]) for language in (*languages(), "all"))))
            for language, wrong in misses.items():
                lines.append(f"## {operator}, {name}, {language}: {len(wrong)} missed")
                lines += [_told(verdict) for verdict in wrong[:_SHOWN_MISSES]]
    machine.show("fold_mutants", f"Injected clones found, of {SEEDS} functions a language", rows)
    machine.result("fold_mutants_missed.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(machine.result("fold_mutants_missed.txt"))
    for name, figure in missed.items():
        print(f"below what is required: {name}: {figure}")


def _share(right: int, total: int) -> str:
    return f"{right}/{total} {right / total:.2%}" if total else "-"


def _told(verdict: Verdict) -> str:
    mutant = verdict.mutant
    said = f"type {verdict.type}, {verdict.similarity:.3f}" if verdict.type else "not found"
    head = f"--- seed {mutant.seed}: truly {mutant.type}, {mutant.similarity:.3f}; {said}; {len(mutant.original.text)} bytes"
    texts = (snippet.text.decode("utf-8", "replace").split("\n") for snippet in (mutant.original, mutant.snippet))
    return "\n".join([head, *map(visible, list(difflib.unified_diff(*texts, lineterm="", n=1))[2:62])])


def visible(line: str) -> str:
    """The line with what one does not see shown."""
    return line.replace("\r", "␍").replace("\t", "→   ")
