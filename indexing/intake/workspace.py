"""A source, opened: a folder that is only read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Workspace:
    """`root` is what is scanned, `name` what a person calls it, `identity` the key that its index is found by, `revision`
    the git commit checked out there. A context manager: what was made for the run goes with it (nothing for a folder)."""

    root: Path
    name: str
    identity: str
    revision: str | None

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None
