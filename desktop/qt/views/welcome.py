"""The empty window: one sentence, one large drop area, recent projects, a sample."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.dropped_sources import Verdict
from desktop.qt.replies import IndexEntry
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.drop_area import DropFrame
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.words import tr

RECENT = 6
COLUMN = 720
DROP_HERE = "Drop a folder, an archive or a git address here"
PROMISE = "It is only read, never changed. Nothing leaves this machine."


class _Recent(QFrame):
    """One project that was indexed before."""

    chosen = Signal(object)

    def __init__(self, entry: IndexEntry, themes: ThemeManager) -> None:
        super().__init__()
        self._entry = entry
        set_role(self, "recent")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        icon = QLabel()
        icon.setPixmap(themes.icon("folder").pixmap(QSize(20, 20), self.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(icon)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(entry["name"], "heading"))
        words.addWidget(ElidedLabel(figures.source(entry["source"]), "small"))
        row.addLayout(words, 1)
        facts = f"{figures.plural(entry['files'], 'file')} · {figures.size(entry['bytes'])}"
        when = _when(entry.get("updated"))
        side = label(f"{facts}\n{when}" if when else facts, "small")
        side.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(side)
        self.setAccessibleName(tr("Open {name}, {facts}", name=entry["name"], facts=facts))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._entry)
        else:
            super().keyPressEvent(event)


class WelcomeView(QScrollArea):
    """What is shown while no project is open."""

    open_asked = Signal()
    archive_asked = Signal()
    clone_asked = Signal()
    sample_asked = Signal()
    recent_chosen = Signal(object)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._entries: list[IndexEntry] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._logo = QLabel()
        title = label(tr("Understand a codebase larger than any model can read"), "hero", wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.drop = self._make_drop()
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self._recent_title = label(tr("Recent projects"), "label")
        self._recent_title.setContentsMargins(12, 0, 0, 4)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(self._logo, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        column.addWidget(title)
        column.addSpacing(24)
        column.addWidget(self.drop)
        column.addSpacing(24)
        column.addWidget(self._recent_title)
        column.addLayout(self._list)
        column.addStretch(3)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(24, 24, 24, 24)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        holder = QWidget()
        holder.setLayout(column)
        holder.setFixedWidth(COLUMN)
        grid.addWidget(holder, 0, 1)
        self.setWidget(page)
        themes.changed.connect(self._refresh)
        self._refresh()

    def show_recent(self, entries: list[IndexEntry]) -> None:
        """The latest projects; nothing is said while there are none."""
        self._entries = entries[:RECENT]
        self._refresh()

    def show_drag(self, verdict: Verdict | None) -> None:
        """Answer to something dragged over the window; None once it has left."""
        self.drop.set_state("" if verdict is None else "welcome" if verdict.accepted else "refused")
        if verdict is None:
            self._say(tr(DROP_HERE), tr(PROMISE))
        elif verdict.accepted:
            self._say(
                tr("Drop to open {name}", name=verdict.name), tr("You see what will be indexed before anything starts.")
            )
        else:
            self._say(tr("This cannot be opened"), verdict.reason)

    def _say(self, headline: str, detail: str) -> None:
        self._headline.setText(headline)
        self._detail.setText(detail)

    def _make_drop(self) -> DropFrame:
        frame = DropFrame(self._themes)
        frame.setMinimumHeight(232)
        self._arrow = QLabel()
        self._headline = label(tr(DROP_HERE), "title")
        self._detail = label(tr(PROMISE), "muted", wrap=True)
        self._detail.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.open_button = push_button(tr("Open folder…"), self.open_asked.emit, "primary")
        self.open_button.setToolTip(tr("Open folder  (Ctrl+O)"))
        self.archive_button = push_button(tr("Open archive…"), self.archive_asked.emit)
        self.clone_button = push_button(tr("Clone from git…"), self.clone_asked.emit)
        self.sample_button = push_button(tr("Try the sample"), self.sample_asked.emit)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.open_button, self.archive_button, self.clone_button, self.sample_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(frame)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._arrow, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self._headline, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self._detail)
        column.addSpacing(20)
        column.addLayout(buttons)
        column.addStretch(1)
        return frame

    def _refresh(self) -> None:
        ratio = self.devicePixelRatioF()
        self._logo.setPixmap(self._themes.icon("strata", "accent").pixmap(QSize(48, 48), ratio))
        self._arrow.setPixmap(self._themes.icon("drop", "text_muted").pixmap(QSize(32, 32), ratio))
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._recent_title.setVisible(bool(self._entries))
        for entry in self._entries:
            row = _Recent(entry, self._themes)
            row.chosen.connect(self.recent_chosen)
            self._list.addWidget(row)


def _when(updated: object) -> str:
    """How long ago, from seconds since the epoch or an ISO date; nothing for anything else."""
    if isinstance(updated, (int, float)):
        then = datetime.fromtimestamp(updated, UTC)
    elif isinstance(updated, str) and updated:
        try:
            then = datetime.fromisoformat(updated)
        except ValueError:
            return ""
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
    else:
        return ""
    days = (datetime.now(UTC) - then).days
    if days < 1:
        return tr("today")
    return tr("yesterday") if days == 1 else tr("{days} days ago", days=days) if days < 60 else then.strftime("%B %Y")
