"""Needles → places in the files of a tree.

A needle is written at the end of a real file (of a Java file: of its last class), so that it stands among real code. The
file is the nearest to the chosen depth that is of a fitting language. A fact for which no document or settings file is near
becomes a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import UsageError
from core.model.source import FileRole, SourceFile
from core.paths import to_os
from indexing.needles import templates
from indexing.needles.templates import COMMENT_SIGNS, WRITTEN_AS, Needle, NeedleKind

_NEAR = 0.05
"""How far (as a share of the tree) a document or a settings file may lie from the depth; code is everywhere."""
_HOST_BYTES = 1_000_000
"""A file that is larger is data, or soon above what is indexed at all."""
_LAST_BRACE = re.compile(rb"^\}[ \t\r]*$", re.MULTILINE)

Write = Callable[[Needle, str, str], str]
"""The text of a needle with a name, for a file of a language."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A needle in its place: lines from 1, both ends included; `depth` counts the depths from 0."""

    needle: Needle
    name: str
    depth: int
    path: str
    start_line: int
    end_line: int
    position: float


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that a needle can take: languages of the files, how near to the depth they must be, and its text there."""

    languages: frozenset[str]
    near: float
    roles: frozenset[FileRole]
    write: Write


_CODE_ROLES = frozenset({FileRole.SOURCE})
_ANY_ROLE = frozenset(FileRole) - {FileRole.VENDORED, FileRole.GENERATED}
_FUNCTION = _Form(frozenset(WRITTEN_AS), 1.0, _CODE_ROLES, templates.as_function)
_COMMENT = _Form(frozenset(COMMENT_SIGNS), 1.0, _CODE_ROLES, templates.as_comment)
_SECTION = _Form(frozenset({"markdown", "restructuredtext"}), _NEAR, _ANY_ROLE, templates.as_section)
_SETTING = _Form(frozenset({"ini", "properties", "toml"}), _NEAR, _ANY_ROLE, templates.as_setting)
_FORMS: Mapping[NeedleKind, tuple[_Form, ...]] = {
    NeedleKind.FUNCTION: (_FUNCTION,),
    NeedleKind.COMMENT: (_COMMENT,),
    NeedleKind.DOCUMENT: (_SECTION, _COMMENT),
    NeedleKind.SETTING: (_SETTING, _COMMENT),
}
"""What is tried for each kind, in order."""


def plant(tree: Path, files: Sequence[SourceFile], chosen: Sequence[tuple[float, int, Needle, str]]) -> Iterator[Planted]:
    """Write each needle of `chosen` (depth 0 to 1, its number, needle, name) into a file below `tree`.

    `files` are in the order of paths. A file takes a second needle only where there are too few. A needle that fits nowhere
    is left out; UsageError where that is so of all.
    """
    positions = _positions(files)
    used: set[str] = set()
    count = 0
    for depth, number, needle, name in chosen:
        for file, position, form in _hosts(files, positions, used, depth, needle):
            text = form.write(needle, name, file.language)
            lines = _write(tree / to_os(file.path), file.language, text)
            if lines is not None:
                used.add(file.path)
                count += 1
                yield Planted(needle, name, number, file.path, *lines, position)
                break
    if not count:
        raise UsageError(
            "no needle can be planted in this source",
            "it has no file in a language that needles are written in",
            "name a source with Python, C, Java, JavaScript or Go in it",
        )


def _positions(files: Sequence[SourceFile]) -> list[float]:
    """Where the middle of each file lies, as a share of all bytes."""
    total = sum(file.size for file in files) or 1
    positions, before = [], 0
    for file in files:
        positions.append((before + file.size / 2) / total)
        before += file.size
    return positions


def _hosts(
    files: Sequence[SourceFile], positions: Sequence[float], used: set[str], depth: float, needle: Needle
) -> Iterator[tuple[SourceFile, float, _Form]]:
    """Files that the needle may be written into, the best first."""
    for form in _FORMS[needle.kind]:
        fitting = [
            (file.role not in form.roles, file.path in used, abs(position - depth), file.path, file, position)
            for file, position in zip(files, positions, strict=True)
            if file.language in form.languages
            and file.size <= _HOST_BYTES
            and (form.near >= 1.0 or (abs(position - depth) <= form.near and file.role in form.roles))
        ]
        yield from ((file, position, form) for *_, file, position in sorted(fitting, key=lambda entry: entry[:4]))


def _write(path: Path, language: str, text: str) -> tuple[int, int] | None:
    """Write the needle into the file, in its encoding and line ends; returns its first and last line, or None where it
    cannot stand."""
    before = path.read_bytes()
    if not _is_utf8(before):
        return None
    end = len(before)
    if text.startswith(" "):  # a member of a class
        closing = list(_LAST_BRACE.finditer(before))
        if not closing or before[closing[-1].end() :].strip():
            return None
        end = closing[-1].start()
    head, tail = before[:end], before[end:]
    gap = "\n" if head.endswith(b"\n") or not head else "\n\n"
    gap += "\n" if language == "python" else ""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    planted = f"{gap}{text}\n".encode().replace(b"\n", newline)
    start_line = head.count(b"\n") + gap.count("\n") + 1
    path.write_bytes(head + planted + tail)
    return start_line, start_line + text.count("\n")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content
