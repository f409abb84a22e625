"""Opening a file in another program: the command a person has chosen, or whatever the system opens such files with."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop.qt.detached import start_detached

_KNOWN = (
    ("VS Code", "code --goto {path}:{line}"),
    ("VSCodium", "codium --goto {path}:{line}"),
    ("Cursor", "cursor --goto {path}:{line}"),
    ("Zed", "zed {path}:{line}"),
    ("Sublime Text", "subl {path}:{line}"),
    ("IntelliJ IDEA", "idea --line {line} {path}"),
    ("PyCharm", "pycharm --line {line} {path}"),
    ("CLion", "clion --line {line} {path}"),
    ("Kate", "kate --line {line} {path}"),
    ("GNOME Text Editor", "gnome-text-editor {path}"),
    ("Emacs", "emacsclient -n +{line} {path}"),
    ("gVim", "gvim +{line} {path}"),
)


def installed() -> list[tuple[str, str]]:
    """(name, command) of the editors that are on this machine."""
    return [(name, command) for name, command in _KNOWN if shutil.which(command.split()[0])]


def arguments(command: str, path: str, line: int) -> list[str]:
    """The words of a command with path and line put in. No shell sees them, so a path may hold anything."""
    return [word.replace("{line}", str(line)).replace("{path}", path) for word in shlex.split(command)]


def open_in_editor(command: str, path: Path, line: int) -> bool:
    """Open a file at a line (from 1); whether a program could be started. An empty command leaves it to the system."""
    if not command:
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
    return start_detached(arguments(command, str(path), max(1, line)), str(path.parent))
