"""What other tools left in a source, ignored or not, and tells the linker more: SCIP indexes, and how its C is compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from posixpath import basename, dirname

from core.model.source import FailedFile
from core.paths import to_os
from indexing.compile_commands import FILE_NAME, MAX_BYTES, read_compile_commands
from indexing.intake.workspace import Workspace
from indexing.linking.include_folders import NO_FOLDERS, IncludeFolders, include_folders
from indexing.scan import Scan

_SCIP = ".scip"
_MOST = 100
"""Files of each kind."""
_MOST_FOLDERS = 1_000
"""Folders left out that are looked into."""

Locate = Callable[[str], str]
"""Where a path of the source lies."""


@dataclass(frozen=True, slots=True)
class ToolFiles:
    """Paths of SCIP indexes and compilation databases, sorted; `code` are those of all files that are indexed."""

    scip: tuple[str, ...]
    databases: tuple[str, ...]
    code: frozenset[str]

    def stamp(self, locate: Locate) -> str:
        """Changes whenever one of the files does; empty where there is none."""
        stamps = []
        for path in (*self.scip, *self.databases):
            try:
                status = Path(locate(path)).stat()
            except OSError:
                continue
            stamps.append(f"{path} {status.st_size} {status.st_mtime_ns}")
        return "\n".join(stamps)


def tool_files(found: Scan, workspace: Workspace) -> ToolFiles:
    """Those among what a scan saw, and databases in the folders that it left out, where builds mostly write them. A link is
    followed where it stays in its source: `compile_commands.json` often leads to the folder of the build."""
    code = frozenset(file.path for file in found.files)
    left_out = [file.path for file in found.skipped]
    paths = sorted((*code, *left_out))
    folders = [path for path in left_out if path.endswith("/")][:_MOST_FOLDERS]
    databases = sorted(
        {*(path for path in paths if basename(path) == FILE_NAME), *(f"{path}{FILE_NAME}" for path in folders)}
    )
    indexes = (path for path in paths if path.endswith(_SCIP))
    return ToolFiles(
        tuple(islice((path for path in indexes if _lies_within(path, workspace)), _MOST)),
        tuple(islice((path for path in databases if _lies_within(path, workspace)), _MOST)),
        code,
    )


def _lies_within(path: str, workspace: Workspace) -> bool:
    """Whether there is such a file, in the source that it is seen in."""
    top, root = next((top, root) for top, root in workspace.roots() if path.startswith(top))
    try:
        place = (root / to_os(path.removeprefix(top))).resolve()
        return place.is_relative_to(root.resolve()) and place.is_file()
    except (OSError, RuntimeError):  # a loop of links
        return False


def read_include_folders(tools: ToolFiles, locate: Locate) -> tuple[IncludeFolders, list[FailedFile]]:
    """What the compilation databases say, of each file of the source the first that names it, and those that say nothing."""
    folders: dict[str, tuple[str, ...]] = {}
    failed: list[FailedFile] = []
    for path in tools.databases:
        try:
            file = Path(locate(path))
            large = file.stat().st_size > MAX_BYTES
            told = {} if large else read_compile_commands(file.read_bytes(), dirname(path), tools.code)
            reason = f"it is larger than {MAX_BYTES / 1e6:.0f} MB" if large else "it names no file of the source"
        except OSError as error:
            told, reason = {}, str(error)
        if not told:
            failed.append(FailedFile(path, f"cannot be read as a compilation database: {reason}"))
        folders = {**told, **folders}
    return (include_folders(folders) if folders else NO_FOLDERS), failed
