"""The options that every command takes."""

from __future__ import annotations

import functools
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import click

from core.cancellation import CancellationToken
from desktop import locations
from desktop.cli.output import Output
from indexing.intake.several import SEPARATOR

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Common:
    """What every command was given; `source` may be several, one a line."""

    index: str | None
    source: str | None
    output: Output

    def folder(self) -> Path:
        """The index that is asked."""
        return locations.find_index(self.index, self.source)


def common(function: Command) -> Command:
    """Give a command --index, --source, --json and --quiet, as its first argument `common`."""

    @click.option("--index", "index_", metavar="DIR", help="The folder of the index.")
    @click.option("--source", "sources_", metavar="SOURCE", multiple=True, help="The source whose index is meant.")
    @click.option("--json", "json_", is_flag=True, help="Print JSON and nothing else on standard output.")
    @click.option("--quiet", "-q", "quiet_", is_flag=True, help="Print no progress.")
    @functools.wraps(function)
    def wrapped(index_: str | None, sources_: tuple[str, ...], json_: bool, quiet_: bool, **rest: Any) -> Any:
        return function(Common(index_, joined(sources_), Output(json=json_, quiet=quiet_)), **rest)

    return wrapped


def joined(sources: Sequence[str]) -> str | None:
    """One SOURCE of those that were named, which then make one workspace; None where none was."""
    return SEPARATOR.join(sources) if sources else None


@contextmanager
def cancellable() -> Iterator[CancellationToken]:
    """A token that Ctrl-C cancels, so that work stops at its next named point; a second Ctrl-C stops at once."""
    token = CancellationToken()

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        token.cancel()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
