"""A source, opened: a folder that is only read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from core.model.source import FailedFile, SkippedFile
from indexing.intake.private_folder import PrivateFolder


@dataclass(frozen=True, slots=True)
class Workspace:
    """`root` is what is scanned, `name` what a person calls it, `identity` the key that its index is found by, `revision`
    the git commit it holds.

    Of a source that is no folder, `skipped` and `failed` are what was left out while it was unpacked, `stamp` tells later
    whether it has changed (see `stamp.py`), and `folder` is where it was unpacked to. A context manager: what was made for
    the run goes with it (nothing for a folder).
    """

    root: Path
    name: str
    identity: str
    revision: str | None
    skipped: tuple[SkippedFile, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    stamp: str = ""
    folder: PrivateFolder | None = None

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.folder is not None:
            self.folder.remove()
