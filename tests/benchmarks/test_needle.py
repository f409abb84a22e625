"""Needles in 1, 10 and 100 MB of mixed code, at ten depths: asked in their own words, and in none of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.benchmarks import machine
from tests.benchmarks.command import COMMAND

SIZES = (1, 10, 100)
DEPTHS = 10
LEAST = {"shared": 1.0, "paraphrase": 0.9}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_needles_are_found_however_large_the_haystack(mixed: Path) -> None:
    picture = machine.result("needle.svg")
    sizes = ",".join(map(str, SIZES))
    command = [str(COMMAND), "needle", str(mixed), "--sizes", sizes, "--depths", str(DEPTHS), "-o", str(picture)]
    done = subprocess.run([*command, "--json", "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    grid = json.loads(done.stdout)
    needles = [needle for row in grid["needles"] for cell in row for needle in cell]
    assert len(needles) == 2 * DEPTHS * len(SIZES)
    heads = [f"{size} MB {wording}" for wording in grid["grids"] for size in SIZES]
    rows = [("depth", *heads)]
    for number, depth in enumerate(grid["depths"]):
        ranks = [row[number] for ranks_of in grid["grids"].values() for row in ranks_of]
        rows.append((f"{depth:.0%}", *("–" if rank is None else str(rank) for rank in ranks)))
    rows.append(("recall at 10", *(f"{share:.2f}" for wording in grid["grids"] for share in recalls(grid, wording))))
    machine.show("needle", "Needles in a haystack: the worst rank at each depth", rows)
    for needle in needles:
        if needle["paraphrase"] is None or needle["paraphrase"] > 10:
            print(f"not among ten: {needle['needle']} at {needle['path']}:{needle['start_line']}, {needle['paraphrase']}")
    missed = {wording: grid["recall"][wording] for wording, least in LEAST.items() if grid["recall"][wording] < least}
    assert not missed, missed


def recalls(grid: dict, wording: str) -> list[float]:
    """The recall at 10 of each size."""
    ranks = [[needle[wording] for cell in row for needle in cell] for row in grid["needles"]]
    return [sum(rank is not None and rank <= 10 for rank in row) / len(row) for row in ranks]
