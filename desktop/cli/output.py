"""What commands print: JSON or text on standard output, progress and messages on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from core.progress import Progress, Stage

Result = TypeVar("Result")

_TITLES = {
    Stage.INTAKE: "opening",
    Stage.SCAN: "looking for files",
    Stage.INDEX: "indexing",
    Stage.LINK: "linking",
    Stage.FOLD: "folding",
    Stage.COMMIT: "finishing",
}


@dataclass(frozen=True, slots=True)
class Output:
    """How a command speaks."""

    json: bool
    quiet: bool

    def data(self, value: Any) -> None:
        """Print one JSON value on a line of its own."""
        write_utf8(json.dumps(value, ensure_ascii=False) + "\n")

    def text(self, line: str = "") -> None:
        """Print a line for a person."""
        click.echo(line)

    def note(self, line: str) -> None:
        """Say something beside the result."""
        if not self.quiet:
            click.echo(line, err=True)

    def follow(self, work: Generator[Progress, None, Result]) -> Result:
        """Run `work` to its end, showing its progress; returns what it returns."""
        shown = _silent if self.quiet else _bar if sys.stderr.isatty() else _lines
        return shown(work)


def write_utf8(text: str) -> None:
    """Write to standard output what a program will read: always UTF-8, whatever the locale says of a person's text."""
    if sys.stdout is None:  # closed by whoever started us
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _run(work: Generator[Progress, None, Result], show: Callable[[Progress], None]) -> Result:
    while True:
        try:
            step = next(work)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        show(step)


def _silent(work: Generator[Progress, None, Result]) -> Result:
    return _run(work, lambda _step: None)


def _lines(work: Generator[Progress, None, Result]) -> Result:
    """One line for every stage that begins."""
    stage: Stage | None = None

    def show(step: Progress) -> None:
        nonlocal stage
        if step.stage is not stage:
            stage = step.stage
            print(f"{_TITLES[step.stage]}", file=sys.stderr, flush=True)

    return _run(work, show)


def _bar(work: Generator[Progress, None, Result]) -> Result:
    """A bar that moves, with the rate and the file last touched."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeElapsedColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(30),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[path]}", style="dim", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, path="")

        def show(step: Progress) -> None:
            total = step.bytes_total or None
            bar.update(task, description=_TITLES[step.stage], total=total, completed=step.bytes_done, path=_short(step.path))

        return _run(work, show)


def _short(path: str, width: int = 40) -> str:
    return path if len(path) <= width else "…" + path[1 - width :]


def size(count: int) -> str:
    """Bytes as a person reads them."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("unreachable")
