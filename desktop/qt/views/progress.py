"""How far indexing is: a card while nothing can be searched yet, a quiet strip in the status bar afterwards."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from desktop.qt import figures
from desktop.qt.replies import ProgressEvent
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button, tool_button
from desktop.qt.widgets.card import busy_bar, card_in_the_middle
from desktop.qt.widgets.labels import ElidedLabel, label
from desktop.qt.words import tr

STAGES = {
    "intake": "Opening the source",
    "scan": "Looking for files",
    "index": "Reading and indexing",
    "link": "Linking calls and imports",
    "fold": "Folding repeated code",
    "commit": "Saving",
}
RATE_SECONDS = 4.0
"""The rate is over this long, so that it neither jumps nor lags."""
_STEPS = 1_000


class Rate:
    """Bytes a second over the last few seconds."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque(maxlen=120)

    def add(self, seconds: float, done: int) -> float:
        """A sample; gives the rate in bytes a second, 0.0 while it is not known."""
        if self._samples and (done < self._samples[-1][1] or seconds < self._samples[-1][0]):
            self._samples.clear()
        self._samples.append((seconds, done))
        while len(self._samples) > 2 and seconds - self._samples[0][0] > RATE_SECONDS:
            self._samples.popleft()
        first = self._samples[0]
        return (done - first[1]) / (seconds - first[0]) if seconds > first[0] else 0.0


def describe(progress: ProgressEvent, rate: float) -> tuple[str, str]:
    """The stage with its count, and rate with times, as two short texts."""
    stage = tr(STAGES.get(progress["stage"], progress["stage"].capitalize()))
    done, total = progress["done"], progress["total"]
    if total:
        stage = tr("{stage} · {done} of {total}", stage=stage, done=figures.grouped(done), total=figures.grouped(total))
    elif done:
        stage = f"{stage} · {figures.grouped(done)}"
    facts = [figures.duration(progress["seconds"])]
    if rate > 0 and progress["bytes_total"]:
        facts.insert(0, f"{figures.size(rate)}/s")
        left = (progress["bytes_total"] - progress["bytes_done"]) / rate
        if left >= 1:
            facts.append(tr("about {time} left", time=figures.duration(left)))
    return stage, " · ".join(facts)


def _show_share(bar: QProgressBar, progress: ProgressEvent) -> None:
    done, total = progress["done"], progress["total"]
    if progress["bytes_total"]:
        done, total = progress["bytes_done"], progress["bytes_total"]
    bar.setRange(0, _STEPS if total else 0)
    if total:
        bar.setValue(min(_STEPS, done * _STEPS // total))


class ProgressView(QWidget):
    """The card."""

    cancelled = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._title = ElidedLabel("", "title")
        self._bar = busy_bar(tr("Indexing"))
        self._stage = ElidedLabel("", "heading")
        self._facts = label("", "small")
        self._path = ElidedLabel("", "small")
        self.cancel_button = push_button(tr("Cancel"), self._cancel)
        self._note = label(tr("What is finished is kept if you cancel."), "small")
        column = card_in_the_middle(self)
        column.addWidget(self._title)
        column.addSpacing(20)
        column.addWidget(self._bar)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.addWidget(self._stage, 1)
        row.addWidget(self._facts)
        column.addLayout(row)
        column.addSpacing(4)
        column.addWidget(self._path)
        column.addSpacing(24)
        buttons = QHBoxLayout()
        buttons.addWidget(self._note, 1)
        buttons.addWidget(self.cancel_button)
        column.addLayout(buttons)

    def start(self, name: str) -> None:
        self._title.setText(tr("Indexing {name}", name=name))
        self._stage.setText(tr("Starting"))
        self._facts.clear()
        self._path.setText("")
        self._bar.setRange(0, 0)
        self.cancel_button.setEnabled(True)
        self.cancel_button.setText(tr("Cancel"))

    def show_progress(self, progress: ProgressEvent, rate: float) -> None:
        stage, facts = describe(progress, rate)
        self._stage.setText(stage)
        self._facts.setText(facts)
        self._path.setText(progress["path"])
        _show_share(self._bar, progress)

    def show_cancelling(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancel_button.setText(tr("Stopping…"))
        self._stage.setText(tr("Stopping at the next safe point"))

    def _cancel(self) -> None:
        self.cancelled.emit()


class ProgressStrip(QWidget):
    """The same in one line of the status bar."""

    cancelled = Signal()

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._stage = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self._stage.setMinimumWidth(220)
        self._facts = label("", "small")
        self._path = ElidedLabel("", "small")
        self._path.setMinimumWidth(80)
        self._bar = busy_bar(tr("Indexing"))
        self._bar.setFixedWidth(120)
        self.cancel_button = tool_button(
            themes, "close", tr("Cancel indexing; what is finished is kept"), self.cancelled.emit
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._bar)
        row.addWidget(self._stage, 3)
        row.addWidget(self._facts)
        row.addWidget(self._path, 4)
        row.addWidget(self.cancel_button)
        self.hide()

    def start(self, name: str) -> None:
        self._stage.setText(tr("Indexing {name}", name=name))
        self._facts.clear()
        self._path.setText("")
        self._bar.setRange(0, 0)
        self.cancel_button.setEnabled(True)

    def show_progress(self, progress: ProgressEvent, rate: float) -> None:
        stage, facts = describe(progress, rate)
        self._stage.setText(stage)
        self._facts.setText(facts)
        self._path.setText(progress["path"])
        _show_share(self._bar, progress)

    def show_cancelling(self) -> None:
        self.cancel_button.setEnabled(False)
        self._stage.setText(tr("Stopping at the next safe point"))
