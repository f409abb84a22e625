"""What is dropped on the window, or pasted into it, and whether it can be opened.

File managers name files by URLs, some in a text of their own; browsers drag the address of a page or plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

from desktop.qt import figures
from desktop.qt.words import tr

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".xz", ".txz", ".bz2", ".tbz2", ".zst", ".bundle")
"""Endings of what the engine may open; it looks at the content and says so when it cannot."""
ARCHIVE_FILTER = " ".join(f"*{ending}" for ending in _ARCHIVES)
_OTHER_ARCHIVES = (".7z", ".rar")
_SHORT = re.compile(r"[\w.-]+@[\w.-]+:[^\s:][^\s]*")
"""How git writes an address over ssh."""
_PAGE = re.compile(
    r"/(?:-/)?(?:tree|blob|raw|blame|commits?|issues|pulls?|merge_requests|wiki|releases|actions|tags|branches)(?:/.*)?\Z"
)
"""The part of a web address that names a page about a repository, at the forges that most people use."""
_OF_GNOME, _OF_MOZILLA = "x-special/gnome-copied-files", "text/x-moz-url"
_VERBS = ("copy", "cut")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what is dragged can be opened: its `path` (several, one a line, are one workspace), or why not."""

    path: str = ""
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return bool(self.path)

    @property
    def name(self) -> str:
        return figures.source_name(self.path)


def judge(data: QMimeData) -> Verdict:
    """Local folders, archives and addresses of git repositories are welcome; anything else is refused with a reason and
    what to do instead."""
    if data.hasUrls():
        return _all_of(_judge_url(url) for url in data.urls())
    lines = [line for line in map(str.strip, _text_of(data).splitlines()) if line]
    if not lines:
        return _no_source()
    return _all_of(_judge_text(line) for line in lines)


def git_address(text: str) -> str:
    """The address of a git repository that a text is, without what a page about it adds; empty where it is none.

    Over http(s) it has a path of an owner and a name, or ends in `.git`: not every link is a repository.
    """
    text = text.strip().removeprefix("git clone ").strip()
    if _SHORT.fullmatch(text):
        return text
    url = QUrl(text, QUrl.ParsingMode.StrictMode)
    if url.scheme() not in ("https", "http", "ssh", "git") or not url.host() or re.search(r"\s", text):
        return ""
    url = QUrl(url.toString().partition("#")[0].partition("?")[0])
    url.setPath(_PAGE.sub("", url.path()).rstrip("/"))
    parts = [part for part in url.path().split("/") if part]
    is_web = url.scheme() in ("https", "http")
    if not parts or (is_web and len(parts) < 2 and not url.path().endswith(".git")):
        return ""
    return url.toString()


def _text_of(data: QMimeData) -> str:
    """The lines that name sources, where no URLs do."""
    if data.hasFormat(_OF_GNOME):
        first, _, rest = bytes(data.data(_OF_GNOME).data()).decode(errors="replace").partition("\n")
        return rest if first in _VERBS else f"{first}\n{rest}"
    if data.hasFormat(_OF_MOZILLA):  # an address and its title
        return bytes(data.data(_OF_MOZILLA).data()).decode("utf-16-le", errors="replace").partition("\n")[0]
    return data.text()


def _all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """All of several, or why the first of them cannot be opened."""
    found = list(verdicts)
    refused = next((verdict for verdict in found if not verdict.accepted), None)
    return refused or Verdict(path="\n".join(verdict.path for verdict in found))


def _judge_text(line: str) -> Verdict:
    if line.startswith("file:"):
        return _judge_url(QUrl(line))
    if address := git_address(line):
        return Verdict(path=address)
    # The name of a file may be too long for the system to be asked about it.
    if len(line) < 4_096 and Path(line).is_absolute():
        return _judge_path(Path(line))
    return _no_source()


def _judge_url(url: QUrl) -> Verdict:
    if url.isLocalFile():
        return _judge_path(Path(url.toLocalFile()))
    if address := git_address(url.toString(QUrl.ComponentFormattingOption.FullyEncoded)):
        return Verdict(path=address)
    return Verdict(
        reason=tr("This address names no git repository, and lies on another machine. Copy it here, then drop the folder.")
    )


def _judge_path(path: Path) -> Verdict:
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError:
        is_folder = is_file = False
    ending = path.suffix.lower()
    if is_folder or (is_file and ending in _ARCHIVES):
        return Verdict(path=str(path))
    if ending in _OTHER_ARCHIVES:
        reason = tr("{name} is an archive of a kind that is not read. Unpack it, then drop the folder.", name=path.name)
    elif is_file:
        reason = tr("{name} is a single file. Drop the folder that holds it.", name=path.name)
    else:
        reason = tr("{name} is no longer there.", name=path.name)
    return Verdict(reason=reason)


def _no_source() -> Verdict:
    return Verdict(reason=tr("This is not a folder, an archive or the address of a git repository."))
