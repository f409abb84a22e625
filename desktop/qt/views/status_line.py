"""The status bar: the open index in figures, what has changed since, and how far a job is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStatusBar

from desktop.qt import figures
from desktop.qt.replies import Status
from desktop.qt.theme import ThemeManager
from desktop.qt.views.progress import ProgressStrip
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr


class StatusLine(QStatusBar):
    """Figures on the left; on the right the job, or a button where the index is behind its source."""

    update_asked = Signal()
    failures_asked = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.figures = label("", "small")
        self.figures.setContentsMargins(12, 0, 0, 0)
        self.activity = label("", "small")
        self.activity.setContentsMargins(12, 0, 0, 0)
        self.progress = ProgressStrip(themes)
        self.stale = push_button("", self.update_asked.emit, "status")
        self.failed = push_button("", self.failures_asked.emit, "status")
        self.addWidget(self.figures)
        self.addWidget(self.activity)
        self.addWidget(self.progress, 1)
        self.addPermanentWidget(self.failed)
        self.addPermanentWidget(self.stale)
        self.clear()

    def clear(self) -> None:
        self.figures.setText("")
        self.activity.setText("")
        self.stale.hide()
        self.failed.hide()

    def show_failures(self, number: int) -> None:
        """How many files the last run could not index."""
        self.failed.setVisible(number > 0)
        self.failed.setText(tr("{number} not indexed", number=figures.plural(number, "file")))

    def show_status(self, status: Status) -> None:
        parts = [
            figures.plural(status["files"], "file"),
            figures.plural(status["chunks"], "chunk"),
            figures.plural(status["symbols"], "symbol"),
        ]
        self.figures.setText("  ·  ".join(parts))
        self.figures.setToolTip(_tip(status))
        changed = status["stale_files"]
        self.stale.setVisible(bool(changed) or not status["complete"])
        if changed:
            self.stale.setText(tr("{changed} changed – Update", changed=figures.plural(changed, "file")))
        else:
            self.stale.setText(tr("Indexing was not finished – Continue"))


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
