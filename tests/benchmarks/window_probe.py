"""A window driven by a script, in a process of its own; prints one JSON object.

| what | until |
| --- | --- |
| `paint` | its first picture is there |
| `known INDEX` | a project that was indexed before can be used |
| `index SOURCE` | SOURCE has been indexed and its diagram is drawn |
| `views INDEX [OTHER]` | 200 actions in an index, while OTHER, where one is named, is indexed beside it |
| `stops SOURCE` | an indexing job of SOURCE was cancelled, one was killed, and the engine was killed while it answered |
| `soak INDEX ACTIONS SECONDS` | so many actions in so many seconds, with the memory on the way |

A gap is told on the clock, and as the time the UI thread itself computed, which a busy machine does not lengthen.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import signal
import sys
import threading
import time

import psutil
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from tests.benchmarks import window_actions
from tests.benchmarks.window_driver import OF_OFFSCREEN, WindowDriver

TICK_MS = 5
ACTIONS, ACTION_SECONDS = 200, 0.3
SAMPLES = 40
"""How often the memory is looked at while the window lives."""


class FirstPaint(QObject):
    """Notes the seconds from the start of the process to the first picture."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.seconds:
            self.seconds = time.time() - psutil.Process().create_time()
            QApplication.instance().removeEventFilter(self)
        return False


class Gaps:
    """The times between the ticks of a timer on the UI thread, in milliseconds above its own pace."""

    def __init__(self, parent: QObject) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []
        self.doing = ""
        self.worst = ("", 0.0)
        """What was done last before the longest computing, and how long that was."""
        self._last = time.perf_counter()
        self._computed = time.thread_time()
        self._timer = QTimer(parent, interval=TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append((now - self._last) * 1000)
        self._last = now
        computed = time.thread_time()
        self.busy.append((computed - self._computed) * 1000)
        self._computed = computed
        if self.busy[-1] > self.worst[1]:
            self.worst = self.doing, self.busy[-1]

    def told(self) -> dict[str, object]:
        """The worst and the 99th of a hundred, on the clock and computed."""
        late, busy = sorted(self.late), sorted(self.busy)
        at = len(late) * 99 // 100
        found = {"ticks": len(late), "worst_gap_ms": late[-1], "p99_gap_ms": late[at]}
        return {**found, "worst_busy_ms": busy[-1], "p99_busy_ms": busy[at], "worst_after": self.worst[0]}


def paint(_driver: WindowDriver) -> dict[str, object]:
    """Nothing but the window, whose first picture is waited for before anything else."""
    return {}


def known(driver: WindowDriver, index: str) -> dict[str, object]:
    """A project that is known can be used: its files are listed, its diagram drawn, the input has the keyboard."""
    driver.window.session.open_index(index)
    driver.until(lambda: driver.window.is_open() and bool(driver.window.workspace.inquiry.files.model.paths))
    usable = time.time() - psutil.Process().create_time()
    driver.until(driver.window.has_drawing)
    return {"usable_seconds": usable, "drawn_seconds": time.time() - psutil.Process().create_time()}


def index(driver: WindowDriver, source: str) -> dict[str, object]:
    """Index a source over the card."""
    driver.open_card(source)
    gaps = Gaps(driver.window)
    driver.window.preview.index_button.click()
    driver.run_until(driver.is_ready)
    return {**gaps.told(), "finished": driver.is_ready()}


def views(driver: WindowDriver, index: str, other: str = "") -> dict[str, object]:
    """Some 200 actions in the views, one every third of a second."""
    driver.open_index(index)
    actions = window_actions.reading(driver.window)
    if other:
        driver.window.session.start_job(other)
        driver.until(lambda: driver.window.session.indexing)
    gaps = Gaps(driver.window)
    beside = 0
    for act in itertools.islice(itertools.cycle(actions), ACTIONS):
        gaps.doing = window_actions.name_of(act)
        act()
        driver.run_for(ACTION_SECONDS)
        beside += driver.window.session.indexing
    return {**gaps.told(), "actions": ACTIONS, "while_indexing": beside}


def stops(driver: WindowDriver, source: str) -> dict[str, object]:
    """How soon a cancelled job is said to end and has ended; whether what is killed comes back by itself or one click."""
    window = driver.window
    reading = threading.Event()
    window.session.job_progressed.connect(lambda told: reading.set() if told["stage"] == "index" else None)
    driver.open_card(source)
    window.preview.index_button.click()
    driver.run_until(reading.is_set)
    driver.run_for(1)
    began = time.perf_counter()
    window.job_display.cancel()
    shown = window.progress if window.progress.isVisible() else window.status_line.progress
    driver.until(lambda: not shown.cancel_button.isEnabled())
    window.repaint()
    told: dict[str, object] = {"acknowledged_ms": (time.perf_counter() - began) * 1000}
    driver.until(lambda: not window.session.indexing)
    told["stopped_seconds"] = time.perf_counter() - began
    _go_on(driver, reading)
    assert window.session.job is not None
    os.kill(window.session.job.pid, signal.SIGKILL)
    driver.until(lambda: not window.session.indexing)
    told["said_of_the_job"] = window.banner.what.text()
    _go_on(driver, reading)
    driver.run_until(driver.is_ready)
    told["files"] = window.session.status["files"] if window.session.status else 0
    driver.ask("what are the main parts")
    window.workspace.inquiry.ask_question("how is the configuration read")
    os.kill(window.session.engine.pid, signal.SIGKILL)
    driver.until(window.banner.isVisible)
    told["said_of_the_engine"] = window.banner.what.text()
    driver.until(lambda: not window.workspace.inquiry.ask.busy)
    driver.ask("how is the configuration read")
    told["answers_kept"] = sum(bool(turn.evidence.rows) for turn in window.workspace.inquiry.ask.turns)
    return told


def _go_on(driver: WindowDriver, reading: threading.Event) -> None:
    """One click on what the banner offers, and a second of the job that it starts."""
    driver.until(lambda: bool(driver.window.banner.steps) and driver.window.banner.isVisible())
    reading.clear()
    driver.window.banner.steps[0].click()
    driver.run_until(lambda: reading.is_set() or driver.is_ready())
    driver.run_for(1)


def soak(driver: WindowDriver, index: str, actions: str, seconds: str) -> dict[str, object]:
    """Everything that is done in a day, over and over; what the window and its engine hold, and what Qt complains of."""
    said: list[str] = []
    qInstallMessageHandler(lambda _kind, _context, text: None if OF_OFFSCREEN in text else said.append(text))
    driver.open_index(index)
    todo = window_actions.living(driver.window)
    count, pause = int(actions), float(seconds) / int(actions)
    gaps, held = Gaps(driver.window), []
    began = time.monotonic()
    for number, act in enumerate(itertools.islice(itertools.cycle(todo), count)):
        gaps.doing = window_actions.name_of(act)
        act()
        driver.run_for(max(0.0, began + (number + 1) * pause - time.monotonic()))
        if number % max(1, count // SAMPLES) == 0:
            held.append(_held(driver))
    held.append(_held(driver))
    qInstallMessageHandler(lambda *_: None)
    taken = time.monotonic() - began
    uncollected = gc.collect()
    return {**gaps.told(), "actions": count, "seconds": taken, "held": held, "warnings": said, "uncollected": uncollected}


def _held(driver: WindowDriver) -> dict[str, float]:
    """Megabytes that the window and the engine hold, Qt's widgets and Python's objects."""
    window, engine = psutil.Process(), driver.window.session.engine.pid
    return {
        "window_mb": window.memory_info().rss / 1e6,
        "engine_mb": psutil.Process(engine).memory_info().rss / 1e6 if engine else 0.0,
        "widgets": len(QApplication.allWidgets()),
        "objects": len(gc.get_objects()),
    }


def main(what: str, *arguments: str) -> dict[str, object]:
    first_paint = FirstPaint()
    driver = WindowDriver(watcher=first_paint)
    driver.until(lambda: first_paint.seconds)
    told = {"paint": paint, "known": known, "index": index, "views": views, "stops": stops, "soak": soak}[what](
        driver, *arguments
    )
    driver.close()
    return {"first_paint_seconds": first_paint.seconds, **told}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
