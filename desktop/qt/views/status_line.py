"""The status bar: the open index in figures, what has changed since, and how far a job is."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStatusBar

from desktop.qt import figures
from desktop.qt.replies import Status
from desktop.qt.theme import ThemeManager
from desktop.qt.views.progress import ProgressStrip
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

_BADGES = {"failed": ("alert", "error"), "degraded": ("alert", "warning"), "skipped": ("info", "text_muted")}


class StatusLine(QStatusBar):
    """Figures on the left; on the right the job, or a button where the index is behind its source."""

    update_asked = Signal()
    problems_asked = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._worst = ""
        self.setSizeGripEnabled(False)
        self.figures = label("", "small")
        self.figures.setContentsMargins(12, 0, 0, 0)
        self.activity = label("", "small")
        self.activity.setContentsMargins(12, 0, 0, 0)
        self.progress = ProgressStrip(themes)
        self.stale = push_button("", self.update_asked.emit, "status")
        self.problems = push_button("", self.problems_asked.emit, "status")
        self.problems.setAccessibleName(tr("Problems"))
        self.problems.setToolTip(tr("Show which files, and why"))
        themes.changed.connect(self._tint)
        self.addWidget(self.figures)
        self.addWidget(self.activity)
        self.addWidget(self.progress, 1)
        self.addPermanentWidget(self.problems)
        self.addPermanentWidget(self.stale)
        self.clear()

    def clear(self) -> None:
        self.figures.setText("")
        self.activity.setText("")
        self.stale.hide()
        self.problems.hide()

    def show_status(self, status: Status) -> None:
        parts = [
            figures.plural(status["files"], "file"),
            figures.plural(status["chunks"], "chunk"),
            figures.plural(status["symbols"], "symbol"),
        ]
        self.figures.setText("  ·  ".join(parts))
        self.figures.setToolTip(_tip(status))
        self._show_problems(status.get("problems", {}))
        changed = status["stale_files"]
        self.stale.setVisible(bool(changed) or not status["complete"])
        if changed:
            self.stale.setText(tr("{changed} changed – Update", changed=figures.plural(changed, "file")))
        else:
            self.stale.setText(tr("Indexing was not finished – Continue"))

    def _show_problems(self, counts: Mapping[str, int]) -> None:
        """The badge: what could not be indexed, else what could not be read as code, else what was left out."""
        said = {
            "failed": "{files} not indexed",
            "degraded": "{files} taken as text",
            "skipped": "{files} left out",
        }
        worst = next((kind for kind in said if counts.get(kind)), "")
        self.problems.setVisible(bool(worst))
        if worst:
            text = tr(said[worst], files=figures.plural(counts[worst], "file"))
            self.problems.setText(text)
            self.problems.setAccessibleName(tr("Problems: {what}", what=text))
            self._worst = worst
            self._tint()

    def _tint(self) -> None:
        if self._worst:
            self.problems.setIcon(self._themes.icon(*_BADGES[self._worst]))


def _tip(status: Status) -> str:
    names = sorted(status["languages"], key=lambda name: -status["languages"][name]["bytes"])
    lines = [figures.source(status["source"])]
    lines += [
        f"{figures.language(name)}: {figures.plural(status['languages'][name]['files'], 'file')}, "
        f"{figures.size(status['languages'][name]['bytes'])}"
        for name in names[:8]
    ]
    folding = status.get("folding")
    if folding and folding["raw_bytes"]:
        left = folding["after"]["type3"] or folding["after"]["type2"]
        lines.append(
            tr(
                "After folding repeated code: {left} of {code} hand-written",
                left=figures.size(left),
                code=figures.size(folding["code_bytes"]),
            )
        )
    return "\n".join(lines)
