"""Languages of a source as one bar and a legend."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.qt import figures
from desktop.qt.replies import LanguageShare
from desktop.qt.theme import ThemeManager
from desktop.qt.words import tr

SHOWN = 6
"""Languages with a colour of their own; the rest are "others"."""
_STYLES = ("function", "string", "number", "keyword", "type", "decorator")
_BAR = 10
_ROW = 24
_DOT = 8


class LanguageBar(QWidget):
    """Shares by bytes."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._shares: list[tuple[str, float, str]] = []
        self._named = 0
        """Languages that are told by name; what comes after them is the rest."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_languages(self, languages: Mapping[str, LanguageShare]) -> None:
        """Largest first; shares below a half percent join the others."""
        total = sum(share["bytes"] for share in languages.values()) or 1
        by_size = sorted(languages.items(), key=lambda item: -item[1]["bytes"])
        shown = [item for item in by_size[:SHOWN] if item[1]["bytes"] / total >= 0.005]
        self._shares = [
            (figures.language(name), share["bytes"] / total, figures.plural(share["files"], "file")) for name, share in shown
        ]
        self._named = len(shown)
        rest = by_size[len(shown) :]
        if rest:
            left = sum(share["bytes"] for _, share in rest) / total
            files = sum(share["files"] for _, share in rest)
            self._shares.append(
                (tr("{count} more", count=len(rest)) if shown else tr("Other"), left, figures.plural(files, "file"))
            )
        words = ", ".join(f"{name} {share:.0%}" for name, share, _ in self._shares)
        self.setAccessibleName(tr("Languages: {words}", words=words))
        self.setToolTip("\n".join(f"{name}: {share:.1%}, {files}" for name, share, files in self._shares))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, _BAR + 8 + _ROW * ((len(self._shares) + 2) // 3))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bar(painter)
        column = self.width() / 3
        metrics = self.fontMetrics()
        for at, (name, share, _files) in enumerate(self._shares):
            x, y = column * (at % 3), _BAR + 8 + _ROW * (at // 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._color(at))
            painter.drawEllipse(QRectF(x, y + 8, _DOT, _DOT))
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            percent = "<1%" if share < 0.01 else f"{share:.0%}"
            text = metrics.elidedText(
                name, Qt.TextElideMode.ElideRight, int(column - _DOT - 16 - metrics.horizontalAdvance(percent))
            )
            painter.drawText(QRectF(x + _DOT + 6, y, column - _DOT - 6, _ROW), Qt.AlignmentFlag.AlignVCenter, text)
            painter.setPen(self._themes.theme.color("text_muted"))
            beside = x + _DOT + 6 + metrics.horizontalAdvance(text) + 5
            painter.drawText(QRectF(beside, y, 48, _ROW), Qt.AlignmentFlag.AlignVCenter, percent)

    def _paint_bar(self, painter: QPainter) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(0, 0, self.width(), _BAR), _BAR / 2, _BAR / 2)
        painter.setClipPath(outline)
        x = 0.0
        for at, (_, share, _files) in enumerate(self._shares):
            width = share * self.width()
            gap = 2 if at + 1 < len(self._shares) and width > 4 else 0
            painter.fillRect(QRectF(x, 0, width - gap, _BAR), self._color(at))
            x += width
        painter.setClipping(False)

    def _color(self, at: int) -> QColor:
        theme = self._themes.theme
        if at < min(self._named, len(_STYLES)):
            return QColor(theme.code["styles"][_STYLES[at]]["color"])
        return theme.color("border_strong")
