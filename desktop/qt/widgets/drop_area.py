"""What may be dropped, and the area that says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, QUrl
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.labels import label

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".xz", ".txz", ".bz2", ".tbz2", ".zst", ".bundle")
"""Endings of what the engine may open; it looks at the content and says so when it cannot."""
_OTHER_ARCHIVES = (".7z", ".rar")


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
    """Local folders and archives are welcome; anything else is refused with a reason and what to do instead."""
    if not data.hasUrls():
        return Verdict(reason="This is not a folder. Drag one in from your file manager.")
    verdicts = [_judge_one(url) for url in data.urls()]
    refused = next((verdict for verdict in verdicts if not verdict.accepted), None)
    return refused or Verdict(path="\n".join(verdict.path for verdict in verdicts))


def _judge_one(url: QUrl) -> Verdict:
    if not url.isLocalFile():
        return Verdict(reason="This lies on another machine. Copy or clone it here, then drop the folder.")
    path = Path(url.toLocalFile())
    if path.is_dir():
        return Verdict(path=str(path))
    ending = path.suffix.lower()
    if ending in _ARCHIVES and path.is_file():
        return Verdict(path=str(path))
    if ending in _OTHER_ARCHIVES:
        return Verdict(reason=f"{path.name} is an archive of a kind that is not read. Unpack it, then drop the folder.")
    if path.exists():
        return Verdict(reason=f"{path.name} is a single file. Drop the folder that holds it.")
    return Verdict(reason=f"{path.name} is no longer there.")


class DropFrame(QFrame):
    """A rounded, dashed frame that lights up while something is dragged over it."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._state = ""
        themes.changed.connect(self.update)

    def set_state(self, state: str) -> None:
        """`""` at rest, `"welcome"` or `"refused"` while something is dragged."""
        self._state = state
        self.update()

    @property
    def state(self) -> str:
        return self._state

    def paintEvent(self, event: QPaintEvent) -> None:
        names = {
            "welcome": ("accent_soft", "accent"),
            "refused": ("error_soft", "error"),
        }
        fill, line = names.get(self._state, ("surface", "border_strong"))
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color(fill))
        pen = QPen(QColor(theme.color(line)), 2 if self._state else 1.5)
        pen.setDashPattern([5, 4])
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 14, 14)


class DropOverlay(DropFrame):
    """Covers the open project while something is dragged over it."""

    def __init__(self, themes: ThemeManager, window: QWidget) -> None:
        super().__init__(themes, window)
        self._window = window
        self.words = label("", "title", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(64, 64, 64, 64)
        column.addWidget(self.words)
        self.hide()

    def say(self, welcome: bool, words: str) -> None:
        """Show what a drop would do."""
        self.set_state("welcome" if welcome else "refused")
        self.words.setText(words)
        self.cover()
        self.show()
        self.raise_()

    def cover(self) -> None:
        """Follow the window's size."""
        self.setGeometry(self._window.rect().adjusted(16, 16, -16, -16))
