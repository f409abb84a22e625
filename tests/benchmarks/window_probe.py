"""A window driven by a script, in a process of its own: `paint` ends with its first picture, `index SOURCE` when SOURCE has
been indexed and its diagram is drawn, `views INDEX` after some 200 actions in the views of an index. Prints one JSON
object. A gap is told on the clock, and as the time the UI thread itself computed, which a busy machine does not lengthen."""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from core.settings import Settings
from desktop import assembly
from desktop.qt.application import make_application, make_window
from desktop.qt.history import CodeLocation

TICK_MS = 5
LIMIT_SECONDS = 300
ACTIONS, ACTION_SECONDS = 200, 0.3
_DRAWN = ("architecture", "clones", "imports", "classes", "treemap", "complexity", "architecture")


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

    def told(self) -> dict[str, float]:
        """The worst and the 99th of a hundred, on the clock and computed."""
        late, busy = sorted(self.late), sorted(self.busy)
        at = len(late) * 99 // 100
        found = {"ticks": len(late), "worst_gap_ms": late[-1], "p99_gap_ms": late[at]}
        return {**found, "worst_busy_ms": busy[-1], "p99_busy_ms": busy[at]}


def main(what: str, source: str = "") -> dict[str, float]:
    application = make_application()
    store = QSettings(str(Path(tempfile.mkdtemp()) / "window.ini"), QSettings.Format.IniFormat)
    window = make_window(application, assembly.engine_command(), Settings(theme="light"), store)
    paint = FirstPaint()
    application.installEventFilter(paint)
    window.resize(1440, 900)
    window.show()
    end = time.monotonic() + LIMIT_SECONDS

    def until(done: object) -> None:
        while not done() and time.monotonic() < end:  # type: ignore[operator]
            application.processEvents()
            time.sleep(0.001)

    until(lambda: paint.seconds)
    result = {"first_paint_seconds": paint.seconds}
    if what == "index":
        window.open_source(source)
        until(window.preview.isVisible)
        gaps = Gaps(window)
        window.preview.index_button.click()
        QTimer.singleShot(LIMIT_SECONDS * 1000, application.quit)
        watch = QTimer(window, interval=100)
        watch.timeout.connect(lambda: application.quit() if _done(window) else None)
        watch.start()
        application.exec()
        result |= gaps.told()
        result["finished"] = float(_done(window))
    if what == "views":
        window.session.open_index(source)
        until(lambda: window.is_open() and bool(window.workspace.inquiry.files.model.paths))
        actions = _actions(window)
        gaps = Gaps(window)
        result["actions"] = 0.0
        for act in itertools.islice(itertools.cycle(actions), ACTIONS):
            act()
            result["actions"] += 1
            pause = time.monotonic() + ACTION_SECONDS
            until(lambda pause=pause: time.monotonic() > pause)
        result |= gaps.told()
    window.close()
    return result


def _actions(window: object) -> list[Callable[[], object]]:
    """What a person does in the views, one thing at a time, over and over."""
    workspace, commands = window.workspace, window.commands  # type: ignore[attr-defined]
    stage, editor, search = workspace.stage, workspace.code.editor, workspace.inquiry.search
    longest = max(workspace.inquiry.files.model._files, key=lambda file: file["lines"] if file["lines"] < 30_000 else 0)

    def scroll(view: QAbstractScrollArea, share: float) -> Callable[[], object]:
        return lambda: view.verticalScrollBar().setValue(int(view.verticalScrollBar().maximum() * share))

    def open_class(row: int) -> None:
        if len(stage.clones.model.records) > row:
            stage.clones._open(stage.clones.model.index(row, 0))

    return [
        lambda: commands.run("go.overview"),
        scroll(stage.overview, 1.0),
        lambda: commands.run("go.clones"),
        lambda: None,
        scroll(stage.clones.list, 0.5),
        scroll(stage.clones.list, 1.0),
        *(lambda row=row: open_class(row) for row in (0, 3, 40)),
        lambda: stage.clones.shown_class.diff.step(1),
        lambda: commands.run("go.problems"),
        scroll(stage.problems.list, 1.0),
        lambda: workspace.visit(CodeLocation(longest["path"], 1, 1)),
        *(scroll(editor, share) for share in (0.2, 0.4, 0.6, 0.8, 1.0)),
        lambda: commands.run("view.fold_all"),
        lambda: commands.run("view.fold_all"),
        lambda: search.search("open file", at_once=True),
        *(lambda kind=kind: commands.run(f"diagram.{kind}") for kind in _DRAWN),
        *(lambda: commands.run("diagram.zoom_in") for _ in range(4)),
        lambda: workspace.diagram.canvas.find_text("e"),
        lambda: commands.run("diagram.copy"),
        lambda: commands.run("diagram.fit"),
        lambda: commands.run("go.back"),
    ]


def _done(window: object) -> bool:
    return bool(window.is_open() and not window.session.indexing and window.has_drawing())  # type: ignore[attr-defined]


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
