"""Sources that would cost a program quadratic time: very many files that are the same, very many functions almost the same.

Each is indexed beside as many files that are all different and of the same size, in the same run.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.benchmarks import machine
from tests.benchmarks.command import Run, ask, index
from tests.benchmarks.folding_mutants.similarity import similarity

IDENTICAL = 10_000
NEAR = 5_000
AT_MOST = 2.0
"""So many times the CPU seconds of as many distinct files."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def function(name: str, chance: random.Random, lines: int = 14) -> str:
    """A function of C that is like no other drawn."""
    body = [f"\tint v{i} = {word(chance)}(v{max(0, i - 1)}, {chance.randrange(10**6)});" for i in range(1, lines)]
    return "\n".join([f"int {name}(int v0)", "{", *body, f"\treturn {word(chance)}(v{lines - 1});", "}"]) + "\n"


def nearly(name: str, common: str, chance: random.Random) -> str:
    """The common function under another name with one statement more, at a place of its own."""
    lines = common.replace("common", name, 1).splitlines(keepends=True)
    lines.insert(chance.randrange(3, len(lines) - 2), f"\t{word(chance)}({chance.randrange(10**6)});\n")
    return "".join(lines)


def word(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=10))


def write(folder: Path, texts: list[str]) -> Path:
    """A file of each text, a thousand in a folder."""
    for number, text in enumerate(texts):
        place = folder / f"part{number // 1000}" / f"file{number}.c"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def seconds(run: Run) -> float:
    """CPU seconds of all stages and processes."""
    return sum(spent for stage, spent in run.report["seconds"].items() if stage not in {"total", "first_searchable"})


def compare(name: str, texts: list[str], distinct: list[str], folder: Path) -> tuple[Path, float]:
    """Index both; the index of the first, and the ratio of their seconds."""
    plain = index(write(folder / "distinct", distinct), folder / "plain", settle=True)
    trap = index(write(folder / "trap", texts), folder / "index", settle=True)
    ratio = seconds(trap) / seconds(plain)
    rows = [
        ("", "CPU seconds", "of folding", "memory MB"),
        *(
            (said, f"{seconds(run):.1f}", f"{run.report['seconds'].get('fold', 0):.2f}", f"{run.peak_megabytes:.0f}")
            for said, run in (("all different", plain), (name, trap))
        ),
        ("times", f"{ratio:.2f}", "", ""),
    ]
    machine.show(f"fold_trap_{name.replace(' ', '_')}", f"{len(texts)} files", rows)
    return folder / "index", ratio


def test_ten_thousand_identical_files(tmp_path: Path) -> None:
    chance = random.Random(1)
    distinct = [function(f"f{number}", chance) for number in range(IDENTICAL)]
    folder, ratio = compare("identical files", [distinct[0]] * IDENTICAL, distinct, tmp_path)
    classes = ask(folder, "clones")["classes"]
    assert [len(found["members"]) for found in classes] == [IDENTICAL - 1]
    assert ratio < AT_MOST


def test_five_thousand_functions_almost_the_same(tmp_path: Path) -> None:
    chance = random.Random(2)
    common = function("common", chance, lines=20)
    near = [nearly(f"f{number}", common, chance) for number in range(NEAR)]
    assert similarity(near[0].split(), near[1].split()) > 0.9
    distinct = [function(f"f{number}", chance, lines=20) for number in range(NEAR)]
    folder, ratio = compare("near copies", near, distinct, tmp_path)
    held = sum(len(found["members"]) + 1 for found in ask(folder, "clones")["classes"])
    print(f"{held} of {NEAR} lie in a class")
    assert ratio < AT_MOST
    assert held >= 0.99 * NEAR
