"""What folding makes of much repeated code, Linux's network drivers, and what it costs inside the index of 100 MB.

The *funnel* is `folding` of the report: bytes of all files as written, and, where the report has it, of the hand-written
code without comments and layout (`plain`), which "bytes of code folded" means: comments repeated are no logic repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import machine
from tests.benchmarks.command import index

STEPS = ("identical_files", "type1", "type2", "type3")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(5400)]


def test_the_network_drivers(kernel: Path, tmp_path: Path) -> None:
    run = index(kernel / "drivers" / "net", tmp_path / "index", settle=True)
    folding = run.report["folding"]
    written = _left(folding["raw_bytes"], folding["after"])
    plain = folding.get("plain")
    code = _left(plain["bytes"], plain.get("after", plain)) if plain else written
    rows: list[Sequence[str]] = [("left after", "MB as written", "", "MB of code alone", "")]
    names = ("nothing", "identical files", "type 1", "type 2", "type 3")
    for name, raw, bare in zip(names, written, code, strict=True):
        rows.append((name, *_figure(raw, written[0]), *_figure(bare, code[0])))
    rows.append(
        ("generated, vendored", *_figure(folding["generated_bytes"], written[0]), f"{folding['vendored_bytes']} B", "")
    )
    machine.show("fold_kernel", f"drivers/net, {folding['files']} files, {written[0] / 1e6:.0f} MB", rows)
    print(f"{run.seconds:.0f} s, {run.peak_megabytes:.0f} MB; CPU seconds: {run.report['seconds']}")
    folded = 1 - code[-1] / code[0]
    assert folded >= 0.20, f"{folded:.1%} folded, 20 % must be (reach for 25 %)"


def test_the_cost_within_a_hundred_megabytes(mixed: Path, tmp_path: Path) -> None:
    run = index(mixed, tmp_path / "index", settle=True)
    seconds = run.report["seconds"]
    rows = [
        ("", "measured", "must", "reach for"),
        ("source", f"{run.megabytes:.1f} MB", "", ""),
        ("folding, CPU seconds", f"{seconds['fold']:.1f}", "", ""),
        ("folding on two cores, seconds", f"{seconds['fold'] / machine.CORES:.1f} to {seconds['fold']:.1f}", "20", "12"),
        ("the whole index, seconds", f"{run.seconds:.1f}", "", ""),
        ("memory, all processes", f"{run.peak_megabytes:.0f} MB", "1000 MB", ""),
    ]
    machine.show("fold_cost", "Folding inside the index of 100 MB", rows)
    print("CPU seconds: ", seconds)
    # Where others are at work, wall seconds say little; the CPU seconds of all processes bound those of one stage alone.
    machine.require({"CPU seconds": (seconds["fold"], 20 * machine.CORES), "memory": (run.peak_megabytes, 1000)})


def _left(start: int, after: Mapping[str, Any]) -> list[int]:
    """Bytes before and after each step."""
    return [start, *(after[step] if step in after else after[f"after_{step}"] for step in STEPS)]


def _figure(size: int, whole: int) -> tuple[str, str]:
    return f"{size / 1e6:.2f}", f"{size / whole:.1%}" if whole else ""
