"""Where a member of an archive, or of a git tree, may be put: below the folder it is unpacked to, or nowhere.

What a name says is decided on its bytes and its parts alone, never by asking the file system.
"""

from __future__ import annotations

import re

_MAX_BYTES = 2_048
_MAX_PART = 255
_MAX_DEPTH = 100
_DRIVE = re.compile(rb"[A-Za-z]:")
_WINDOWS_DEVICES = re.compile(rb"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_WINDOWS_ODD = re.compile(rb'[\x00-\x1f<>:"|?*]')


class RefusedName(Exception):  # noqa: N818 - says what became of it
    """The name cannot be used; its text is the reason."""


def member_parts(name: bytes, *, backslash_separates: bool, windows: bool = False) -> tuple[bytes, ...]:
    """The parts of a relative path, none of them empty, `.` or `..`; no parts for the top folder itself.

    `backslash_separates` holds for zip files, whose backslashes come from programs for Windows; `windows` where the path
    will be used there. Raises RefusedName.
    """
    if b"\x00" in name:
        raise RefusedName("its name holds a NUL")
    if len(name) > _MAX_BYTES:
        raise RefusedName("its path is too long")
    if backslash_separates or windows:
        name = name.replace(b"\\", b"/")
    if name.startswith(b"/") or _DRIVE.match(name):
        raise RefusedName("its name is an absolute path")
    parts = tuple(part for part in name.split(b"/") if part not in {b"", b"."})
    if b".." in parts:
        raise RefusedName("its name leads out of the source")
    if len(parts) > _MAX_DEPTH or any(len(part) > _MAX_PART for part in parts):
        raise RefusedName("its path is too long")
    if windows and any(_is_odd_on_windows(part) for part in parts):
        raise RefusedName("Windows cannot hold a file of its name")
    return parts


def _is_odd_on_windows(part: bytes) -> bool:
    return part.endswith((b".", b" ")) or _WINDOWS_DEVICES.match(part) is not None or _WINDOWS_ODD.search(part) is not None
