"""How often functions of unrelated projects are taken for clones.

Two projects a language that have nothing to do with each other; PER_PROJECT functions of each are drawn at random and
indexed together. The denominator are the pairs of a function of the one with a function of the other whose numbers of
tokens could allow the similarity 0.7 at all (2·shorter / both ≥ 0.7): pairs of very different length, which no program would
take for clones, are not counted, so the shares are larger than of all pairs. The numerator are those of them that
`clones --pairs --min-similarity 0.7` lists at 0.9, 0.8 and 0.7, of whatever type.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import machine, projects
from tests.benchmarks.command import ask, index
from tests.benchmarks.folding_mutants.planted import Tree
from tests.benchmarks.folding_mutants.seeds import functions
from tests.benchmarks.folding_mutants.syntax import GRAMMARS, Snippet

PER_PROJECT = 1000
LEAST_PAIRS = 200_000
LIMITS = {0.9: 0.0001, 0.8: 0.0006, 0.7: 0.007}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def unrelated(mixed: Path) -> dict[str, tuple[Path, Path]]:
    """Two projects of each language."""
    get: Callable[[str], Path] = projects.get
    return {
        "python": (mixed / "django", mixed / "sympy"),
        "java": (mixed / "jdk", get("tomcat")),
        "c": (mixed / "linux", get("libuv")),
        "javascript": (mixed / "three", get("codemirror")),
        "go": (get("golang"), get("docker")),
    }


def sample(folder: Path, language: str) -> list[Snippet]:
    """Functions drawn at random, of files drawn at random."""
    chance = random.Random(f"{language} {folder.name}")
    paths = sorted(path for path in folder.rglob(f"*{GRAMMARS[language].suffix}") if path.is_file())
    chance.shuffle(paths)
    found: list[Snippet] = []
    for path in paths:
        of_file = list(functions(path.read_bytes(), GRAMMARS[language])) if path.stat().st_size < 400_000 else []
        found += chance.sample(of_file, min(len(of_file), 5))
        if len(found) >= PER_PROJECT:
            break
    return found[:PER_PROJECT]


def comparable(ones: Sequence[Snippet], others: Sequence[Snippet]) -> int:
    """The pairs whose lengths allow the similarity 0.7."""
    left = np.array([len(snippet.tokens) for snippet in ones])[:, None]
    right = np.array([len(snippet.tokens) for snippet in others])[None, :]
    return int(np.count_nonzero(2 * np.minimum(left, right) >= 0.7 * (left + right)))


def test_unrelated_functions_are_no_clones(mixed: Path, tmp_path: Path) -> None:
    tree = Tree(tmp_path / "source")
    pairs: dict[str, int] = {}
    texts: dict[str, Snippet] = {}
    for language, folders in unrelated(mixed).items():
        drawn = [sample(folder, language) for folder in folders]
        pairs[language] = comparable(*drawn)
        for part, found in zip(("one", "other"), drawn, strict=True):
            keyed = {f"{language} {part} {number}": snippet.with_text(snippet.text) for number, snippet in enumerate(found)}
            tree.plant(part, keyed.items())
            texts |= keyed
    index(tmp_path / "source", tmp_path / "index", settle=True)
    listed = tree.pairs(ask(tmp_path / "index", "clones", "--pairs", "--min-similarity", "0.7")["pairs"])
    counts: Counter[tuple[str, float]] = Counter()
    told = []
    for (one, other), found in sorted(listed.items(), key=lambda item: -item[1].similarity):
        (language, part, _), (also, against, _) = one.split(), other.split()
        if language == also and part != against:
            counts.update((language, limit) for limit in LIMITS if found.similarity >= limit)
            told.append(f"## {found.similarity:.3f}, type {found.type}: {one}, {other}")
            told += [texts[key].text.decode("utf-8", "replace") for key in (one, other)]
    total = sum(pairs.values())
    rows: list[Sequence[str]] = [("language", "pairs", *(f"at {limit}" for limit in LIMITS))]
    for language, count in pairs.items():
        figures = (counts[language, limit] for limit in LIMITS)
        rows.append((language, str(count), *(f"{figure} {figure / count:.4%}" for figure in figures)))
    sums = {limit: sum(counts[language, limit] for language in pairs) for limit in LIMITS}
    rows.append(("all", str(total), *(f"{sums[limit]} {sums[limit] / total:.4%}" for limit in LIMITS)))
    rows.append(("must", "", *(f"{most:.4%}" for most in LIMITS.values())))
    machine.show("fold_unrelated", "Unrelated functions taken for clones", rows)
    machine.result("fold_unrelated_pairs.txt").write_text("\n".join(told), encoding="utf-8")
    assert total >= LEAST_PAIRS
    assert all(sums[limit] <= most * total for limit, most in LIMITS.items()), sums
