"""Workspace → source files, with a reason for everything that is left out.

One walk of the tree, never following a link, reading the first bytes of each file and no more. Hand-written code comes
first in the result, so that a search finds it first.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.model.source import FailedFile, FileRole, SkippedFile, SkipReason, SourceFile
from core.paths import from_os
from core.settings import ScanSettings
from indexing.attributes import NOTHING_SAID, Attributes
from indexing.documents.extracted import available
from indexing.encodings import EXTRACTED
from indexing.intake.git import repository_around, submodule_paths
from indexing.intake.workspace import Workspace
from indexing.languages.registry import language_of
from indexing.report import LanguageCount
from indexing.roles import VERSION_CONTROL, is_project, role_of_file, role_of_folder
from indexing.rule_files import InForce, RuleFiles

HEAD_BYTES = 8_192
"""What is read of a file to tell text from binary, its language and its role."""

_ROLE_ORDER = {
    role: position
    for position, role in enumerate(
        (
            FileRole.SOURCE,
            FileRole.TEST,
            FileRole.EXAMPLE,
            FileRole.DOCUMENT,
            FileRole.DATA,
            FileRole.GENERATED,
            FileRole.VENDORED,
        )
    )
}

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BINARY_MAGIC = (
    b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd", b"wOFF", b"wOF2", b"\x7fELF", b"\xca\xfe\xba\xbe", b"7z\xbc\xaf", b"Rar!", b"OggS", b"fLaC",
)  # fmt: skip
"""Formats whose first bytes need not hold a NUL."""
_EXTRACTED_MAGIC = {"docx": b"PK\x03\x04", "pdf": b"%PDF-"}
_MAGIC_WITHIN = 1_024
"""A PDF may begin a little late."""
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
_CONTROL_SHARE = 0.05
_STRAY_CONTROLS = 4

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_GITIGNORE = ".gitignore"
_NOTHING_LEFT = "its rules leave nothing of this tree, and are not followed"


class KnownFile(Protocol):
    """A file as an earlier scan saw it, by the rules of today."""

    @property
    def language(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def modified_ns(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: hand-written code first, vendored code last, otherwise by path."""

    files: tuple[SourceFile, ...]
    skipped: tuple[SkippedFile, ...]
    failed: tuple[FailedFile, ...]


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder still to be walked: `path` for the report and `inner` as `os` spells it, both ending in `/` or empty."""

    path: str
    inner: str
    force: InForce
    role: FileRole | None
    in_project_root: bool


def scan(
    workspace: Workspace,
    settings: ScanSettings,
    cancellation: CancellationToken,
    known: Mapping[str, KnownFile] | None = None,
    exclude: Path | None = None,
    notice: Callable[[int], None] | None = None,
) -> Scan:
    """Walk the workspace. A file that cannot be read is among the failed; the walk itself raises only CancelledError.

    A file of `known` (by path) that has kept its size and time stamp is not opened, unless its role may have changed since.
    The folder `exclude`, which is where the index lies, is passed over without a word. Whoever wants to `notice` is told,
    folder by folder, how many bytes of files were found that are new or have changed.
    """
    files: list[SourceFile] = []
    skipped, failed = [*workspace.skipped], [*workspace.failed]
    for top, root in workspace.roots():
        walk = _Walk(root, top, settings, known or {}, exclude, cancellation, notice)
        walk.run()
        files += walk.files
        skipped += walk.skipped
        failed += walk.failed
    files.sort(key=lambda file: (_ROLE_ORDER[file.role], file.path))
    skipped.sort(key=lambda file: file.path)
    failed.sort(key=lambda file: file.path)
    return Scan(tuple(files), tuple(skipped), tuple(failed))


class _Walk:
    """One walk of the tree at `root`, whose files lie below `top` (empty, or ending in `/`) in the workspace."""

    def __init__(
        self,
        root: Path,
        top: str,
        settings: ScanSettings,
        known: Mapping[str, KnownFile],
        exclude: Path | None,
        cancellation: CancellationToken,
        notice: Callable[[int], None] | None,
    ) -> None:
        self.files: list[SourceFile] = []
        self.skipped: list[SkippedFile] = []
        self.failed: list[FailedFile] = []
        self._root, self._top = str(root), top
        self._max_bytes = settings.max_file_bytes
        self._known = known
        self._exclude = os.path.realpath(exclude) if exclude is not None else ""
        self._cancellation = cancellation
        self._notice = notice
        self._rule_files = RuleFiles.of(root, settings)
        self._unruled: frozenset[str] = frozenset()
        self._submodules: set[str] = set()

    def run(self) -> None:
        """Walk it; a second time where the root's own `.gitignore` left nothing at all (see `_about_another_tree`)."""
        self._walk_all()
        if self._about_another_tree():
            self.skipped, self.failed = [], [FailedFile(self._top + _GITIGNORE, _NOTHING_LEFT)]
            self._unruled = frozenset({_GITIGNORE})
            self._walk_all()

    def _about_another_tree(self) -> bool:
        """Whether rules leave nothing, though there is no repository that they could be about: packagers ignore everything
        of an unpacked release that they keep their own files beside."""
        ignored = any(skipped.reason is SkipReason.IGNORED for skipped in self.skipped)
        return ignored and not self.files and os.path.isfile(f"{self._root}/{_GITIGNORE}") and not self._in_repository()  # noqa: PTH113

    def _in_repository(self) -> bool:
        return repository_around(Path(self._root)) is not None

    def _walk_all(self) -> None:
        pending = [_Folder("", "", self._rule_files.above, None, False)]
        while pending:
            self._cancellation.check("scanning")
            folder = pending.pop()
            try:
                with os.scandir(f"{self._root}/{folder.inner}") as listing:
                    entries = list(listing)
            except OSError as error:
                self._fail(folder.path or ".", error)
                continue
            if not entries and folder.path in self._submodules:
                self._skip(folder.path, SkipReason.SUBMODULE)
            before = len(self.files)
            pending += self._walk(folder, entries)
            if self._notice is not None:
                found = self.files[before:]
                self._notice(sum(one.size for one in found if not self._kept(one.path, one.size, one.modified_ns)))

    def _kept(self, path: str, size: int, modified: int) -> KnownFile | None:
        """The known file at `path`, with the top folder, if it has kept its size and time stamp."""
        before = self._known.get(path)
        return before if before is not None and (before.size, before.modified_ns) == (size, modified) else None

    def _walk(self, folder: _Folder, entries: list[os.DirEntry[str]]) -> list[_Folder]:
        """Judge the entries of one folder; returns the folders to go on with."""
        names = {entry.name for entry in entries}
        role = folder.role or (role_of_folder(folder.path[:-1], names, folder.in_project_root) if folder.path else None)
        force = self._rule_files.within(folder.force, folder.inner, names if folder.path else names - self._unruled)
        rules, place = force.rules, self._rule_files.outer + folder.inner
        in_project_root = not folder.path or is_project(names)
        if ".gitmodules" in names:
            self._submodules |= {
                folder.path + from_os(path.rstrip("/")) + "/"
                for path in submodule_paths(Path(f"{self._root}/{folder.inner}"))
            }
        inner_folders: list[_Folder] = []
        for entry in entries:
            name = entry.name
            path = folder.path + from_os(name)
            try:
                if entry.is_symlink():
                    self._skip(path, SkipReason.SYMLINK)
                elif entry.is_dir(follow_symlinks=False):
                    inner = f"{folder.inner}{name}/"
                    if name in VERSION_CONTROL:
                        self._skip(path + "/", SkipReason.VERSION_CONTROL)
                    elif self._rule_files.ignores_folder(name, folder.inner, rules):
                        self._skip(path + "/", SkipReason.IGNORED)
                    elif not self._exclude or f"{self._root}/{inner}" != self._exclude + "/":
                        inner_folders.append(_Folder(path + "/", inner, force, role, in_project_root))
                elif name in VERSION_CONTROL:
                    self._skip(path, SkipReason.VERSION_CONTROL)
                elif rules.ignores(place + name):
                    self._skip(path, SkipReason.IGNORED)
                else:
                    said = force.attributes.of(place + name) if force.attributes.lines else NOTHING_SAID
                    self._judge_file(entry, path, role, said)
            except OSError as error:
                self._fail(path, error)
        return inner_folders

    def _judge_file(self, entry: os.DirEntry[str], path: str, folder: FileRole | None, said: Attributes) -> None:
        status = entry.stat(follow_symlinks=False)
        size, modified = status.st_size, status.st_mtime_ns
        if not stat.S_ISREG(status.st_mode):
            self._skip(path, SkipReason.SPECIAL)
        elif size > self._max_bytes:
            self._skip(path, SkipReason.TOO_LARGE)
        elif same := self._unchanged(entry, path, size, modified, folder, said):
            self.files.append(same)
        elif not (head := _head(entry.path)):
            self._skip(path, SkipReason.EMPTY)
        elif (holder := holds_text(path, head)) and not available(holder):
            self._skip(path, SkipReason.NEEDS_EXTRA)
        elif not holder and is_binary(head):
            self._skip(path, SkipReason.BINARY)
        else:
            language = holder or said.language or language_of(path, head)
            role = role_of_file(entry.name, path, language, head, folder, said)
            self.files.append(SourceFile(self._top + path, language, role, size, modified))

    def _unchanged(
        self, entry: os.DirEntry[str], path: str, size: int, modified: int, folder: FileRole | None, said: Attributes
    ) -> SourceFile | None:
        """The file as it is known; None where it has changed, or where its language is said to be another.

        What a file begins with can only make it a test or generated, so a role that is also had without is still right.
        """
        before = self._kept(self._top + path, size, modified)
        if before is None:
            return None
        language = before.language
        if said.language not in ("", language):
            return None
        role = role_of_file(entry.name, path, language, b"", folder, said)
        if role != before.role:
            role = role_of_file(entry.name, path, language, _head(entry.path), folder, said)
        return SourceFile(self._top + path, language, role, size, modified)

    def _skip(self, path: str, reason: SkipReason) -> None:
        self.skipped.append(SkippedFile(self._top + path, reason))

    def _fail(self, path: str, error: OSError) -> None:
        self.failed.append(FailedFile(self._top + path, (error.strerror or str(error)).lower()))


def _head(path: str) -> bytes:
    # NONBLOCK and NOFOLLOW: what was a regular file a moment ago may be a pipe or a link now.
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        return os.read(descriptor, HEAD_BYTES)
    finally:
        os.close(descriptor)


def holds_text(path: str, head: bytes) -> str:
    """The language of a file that is no text but holds some; empty for any other."""
    language = path.rpartition(".")[2].lower()  # they are called as they end
    return language if language in EXTRACTED and _EXTRACTED_MAGIC[language] in head[:_MAGIC_WITHIN] else ""


def is_binary(head: bytes) -> bool:
    """Whether a file that begins with `head` is no text in any encoding known here."""
    if head.startswith(_WIDE_MARKS):
        return False
    if b"\x00" in head or head.startswith(_BINARY_MAGIC):
        return True
    return len(head) - len(head.translate(None, _CONTROL)) > max(_CONTROL_SHARE * len(head), _STRAY_CONTROLS)


def count_languages(files: Iterable[SourceFile]) -> dict[str, LanguageCount]:
    """Files and bytes of each language, most bytes first."""
    files_of: Counter[str] = Counter()
    bytes_of: Counter[str] = Counter()
    for file in files:
        files_of[file.language] += 1
        bytes_of[file.language] += file.size
    return {
        name: LanguageCount(files_of[name], size)
        for name, size in sorted(bytes_of.items(), key=lambda item: (-item[1], item[0]))
    }


def nothing_to_index(workspace: Workspace, found: Scan) -> SourceError:
    """What to raise when no file is left, with what became of them counted."""
    if not found.skipped and not found.failed:
        return SourceError(
            f"nothing to index in {workspace.identity}", "the folder is empty", "give a folder with source files"
        )
    counts = Counter(str(skipped.reason).replace("_", " ") for skipped in found.skipped)
    if found.failed:
        counts["unreadable"] = len(found.failed)
    why = ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
    return SourceError(
        f"nothing to index in {workspace.identity}",
        f"everything was left out ({why})",
        "check the ignore rules or choose another folder",
    )
