"""The machine that figures are of, and the tables they are told in."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import platformdirs

from indexing.executors import usable_cores

CORES = 2
"""What the required figures are for."""


def cache() -> Path:
    """The folder for what benchmarks download and for their results."""
    return Path(platformdirs.user_cache_dir("codestrata", appauthor=False)) / "benchmarks"


def comparable() -> bool:
    """Whether the required figures, which are for two cores, may be asserted here."""
    return usable_cores() == CORES


@contextlib.contextmanager
def on_two_cores() -> Iterator[None]:
    """Keep this process, and what it starts, on two of its cores where it has more."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:CORES])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def described() -> str:
    """The machine in a line; a load well above its cores says that others were at work on it."""
    load = f", load {os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else ""
    note = "" if comparable() else "; NOT COMPARABLE: the figures below are for two cores and not asserted"
    return f"{_processor()}, {usable_cores()} cores, Python {platform.python_version()}{load}{note}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def show(name: str, title: str, rows: Sequence[Sequence[str]]) -> None:
    """Print a table, its first column to the left, and keep it as `NAME.txt` among the results."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [f"{title} ({described()})"]
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    text = "\n".join(lines) + "\n"
    print(f"\n{text}", end="", flush=True)
    result(f"{name}.txt").write_text(text, encoding="utf-8")


def result(name: str) -> Path:
    """Where a result of that name is kept."""
    folder = cache() / "results"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def require(figures: Mapping[str, tuple[float, float]]) -> None:
    """Assert on a comparable machine that no figure, given by name with its limit, is above it; all are told at once."""
    if comparable():
        missed = {name: f"{figure:.2f} > {limit:g}" for name, (figure, limit) in figures.items() if not figure <= limit}
        assert not missed, missed
