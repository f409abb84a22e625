"""Workspace → source files, with a reason for everything that is left out.

One walk of the tree, never following a link, reading the first bytes of each file and no more. Hand-written code comes
first in the result, so that a search finds it first.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.model.source import FailedFile, FileRole, SkippedFile, SkipReason, SourceFile
from core.paths import from_os
from core.settings import ScanSettings
from indexing.ignore import Rules, read_rules
from indexing.intake.git import repository_around, repository_at
from indexing.intake.workspace import Workspace
from indexing.report import LanguageCount
from indexing.roles import CACHES, VERSION_CONTROL, is_project, role_of_file, role_of_folder

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
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
_CONTROL_SHARE = 0.05
_STRAY_CONTROLS = 4


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
    rules: Rules
    role: FileRole | None
    in_project_root: bool


@dataclass(slots=True)
class _Findings:
    files: list[SourceFile] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)

    def skip(self, path: str, reason: SkipReason) -> None:
        self.skipped.append(SkippedFile(path, reason))

    def fail(self, path: str, error: OSError) -> None:
        self.failed.append(FailedFile(path, (error.strerror or str(error)).lower()))


def scan(workspace: Workspace, settings: ScanSettings, cancellation: CancellationToken) -> Scan:
    """Walk the workspace. A file that cannot be read is among the failed; the walk itself raises only CancelledError."""
    found = _Findings(skipped=[*workspace.skipped], failed=[*workspace.failed])
    root = str(workspace.root)
    outer, rules = _rules_around(workspace.root, settings)
    pending = [_Folder("", "", rules, None, False)]
    while pending:
        cancellation.check("scanning")
        folder = pending.pop()
        try:
            with os.scandir(f"{root}/{folder.inner}") as listing:
                entries = list(listing)
        except OSError as error:
            found.fail(folder.path or ".", error)
            continue
        pending += _walk(folder, entries, outer, settings, found)
    found.files.sort(key=lambda file: (_ROLE_ORDER[file.role], file.path))
    found.skipped.sort(key=lambda file: file.path)
    found.failed.sort(key=lambda file: file.path)
    return Scan(tuple(found.files), tuple(found.skipped), tuple(found.failed))


def _rules_around(root: Path, settings: ScanSettings) -> tuple[str, Rules]:
    """The source's place in the repository around it (empty, or ending in `/`) and the rules that reach down to it."""
    repository = repository_around(root)
    if not repository or repository.folder == root:
        return "", Rules()
    outer = root.relative_to(repository.folder).as_posix() + "/"
    rules = Rules().within("", read_rules([repository.exclude_file]))
    inner = ""
    for part in outer.split("/")[:-1]:
        rules = rules.within(inner, read_rules(repository.folder / inner / name for name in settings.ignore_files))
        inner += part + "/"
        if rules.ignores(inner):
            return "", Rules()  # who names an ignored folder wants it
    return outer, rules


def _walk(
    folder: _Folder, entries: list[os.DirEntry[str]], outer: str, settings: ScanSettings, found: _Findings
) -> list[_Folder]:
    """Judge the entries of one folder; returns the folders to go on with."""
    names = {entry.name for entry in entries}
    role = folder.role or (role_of_folder(folder.path[:-1], names, folder.in_project_root) if folder.path else None)
    rules = _rules_within(folder, names, entries, outer, settings)
    in_project_root = not folder.path or is_project(names)
    inner_folders: list[_Folder] = []
    for entry in entries:
        name = entry.name
        path = folder.path + from_os(name)
        try:
            if entry.is_symlink():
                found.skip(path, SkipReason.SYMLINK)
            elif entry.is_dir(follow_symlinks=False):
                reason = _folder_skip(name, outer + folder.inner, rules)
                if reason:
                    found.skip(path + "/", reason)
                else:
                    inner_folders.append(_Folder(path + "/", f"{folder.inner}{name}/", rules, role, in_project_root))
            elif name in VERSION_CONTROL:
                found.skip(path, SkipReason.VERSION_CONTROL)
            elif rules.ignores(outer + folder.inner + name):
                found.skip(path, SkipReason.IGNORED)
            else:
                _judge_file(entry, path, role, settings, found)
        except OSError as error:
            found.fail(path, error)
    return inner_folders


def _rules_within(
    folder: _Folder, names: set[str], entries: list[os.DirEntry[str]], outer: str, settings: ScanSettings
) -> Rules:
    """The rules in force within the folder. A repository of its own begins anew: rules above are not about it."""
    rules = folder.rules
    path = Path(entries[0].path).parent if entries else Path()
    if ".git" in names and (repository := repository_at(path)):
        rules = Rules().within(outer + folder.inner, read_rules([repository.exclude_file]))
    files = [path / name for name in settings.ignore_files if name in names]
    return rules.within(outer + folder.inner, read_rules(files)) if files else rules


def _folder_skip(name: str, inner: str, rules: Rules) -> SkipReason | None:
    if name in VERSION_CONTROL:
        return SkipReason.VERSION_CONTROL
    if name in CACHES or rules.ignores(f"{inner}{name}/"):
        return SkipReason.IGNORED
    return None


def _judge_file(
    entry: os.DirEntry[str], path: str, folder: FileRole | None, settings: ScanSettings, found: _Findings
) -> None:
    from indexing.languages.registry import language_of

    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        found.skip(path, SkipReason.SPECIAL)
    elif status.st_size > settings.max_file_bytes:
        found.skip(path, SkipReason.TOO_LARGE)
    elif not (head := _head(entry.path)):
        found.skip(path, SkipReason.EMPTY)
    elif is_binary(head):
        found.skip(path, SkipReason.BINARY)
    else:
        language = language_of(path, head)
        role = role_of_file(entry.name, path, language, head, folder)
        found.files.append(SourceFile(path, language, role, status.st_size, status.st_mtime_ns))


def _head(path: str) -> bytes:
    # NONBLOCK and NOFOLLOW: what was a regular file a moment ago may be a pipe or a link now.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        return os.read(descriptor, HEAD_BYTES)
    finally:
        os.close(descriptor)


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
