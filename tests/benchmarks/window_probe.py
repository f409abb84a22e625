"""A window driven by a script, in a process of its own: `paint` ends with its first picture, `index SOURCE` when SOURCE has
been indexed and its diagram is drawn. Prints one JSON object."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from desktop import assembly
from desktop.qt.application import make_application, make_window

TICK_MS = 5
LIMIT_SECONDS = 300


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
        self._last = time.perf_counter()
        self._timer = QTimer(parent, interval=TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append((now - self._last) * 1000)
        self._last = now


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
        late = sorted(gaps.late)
        result |= {"ticks": len(late), "worst_gap_ms": late[-1], "p99_gap_ms": late[len(late) * 99 // 100]}
        result["finished"] = float(_done(window))
    window.close()
    return result


def _done(window: object) -> bool:
    return bool(window.is_open() and not window.session.indexing and window.has_drawing())  # type: ignore[attr-defined]


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
