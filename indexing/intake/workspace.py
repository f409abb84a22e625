"""A source, opened: a folder that is only read. Several sources are one workspace with a folder for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from core.model.source import FailedFile, SkippedFile
from core.paths import to_os
from indexing.intake.private_folder import PrivateFolder


@dataclass(frozen=True, slots=True)
class Workspace:
    """`root` is what is scanned, `name` what a person calls it, `identity` the key that its index is found by, `revision`
    the git commit it holds.

    Of a source that is no folder, `skipped` and `failed` are what was left out while it was unpacked, `stamp` tells later
    whether it has changed (see `stamp.py`), and `folder` is where it was unpacked to. Of several sources, `parts` are each
    one under the name of its top folder; `root` is then a folder around all that are local, and nothing else is read there.
    A context manager: what was made for the run goes with it (nothing for a folder).
    """

    root: Path
    name: str
    identity: str
    revision: str | None
    skipped: tuple[SkippedFile, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    stamp: str = ""
    folder: PrivateFolder | None = None
    parts: tuple[tuple[str, Workspace], ...] = ()

    def roots(self) -> list[tuple[str, Path]]:
        """The folders to scan, each with what the paths of its files begin with: nothing, or a name and `/`."""
        return [(f"{name}/", part.root) for name, part in self.parts] if self.parts else [("", self.root)]

    def locate(self, path: str) -> str:
        """Where the file `path` of a scan lies, as `os` spells it."""
        if not self.parts:
            return f"{self.root}/{to_os(path)}"
        top, _, inner = path.partition("/")
        return f"{dict(self.parts)[top].root}/{to_os(inner)}"

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for _, part in self.parts:
            part.__exit__(kind, error, trace)
        if self.folder is not None:
            self.folder.remove()
