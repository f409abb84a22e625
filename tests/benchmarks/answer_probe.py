"""A window that is asked questions by a script, in a process of its own; prints one JSON object.

Preferences say who answers.

| what | it does |
| --- | --- |
| `evidence INDEX FILE` | asks every line of FILE, and tells when its evidence was on screen |
| `model INDEX FILE` | the same, and stops each answer at its first words |
| `faults INDEX URL PID PORT HOW…` | asks at URL with each HOW put in; kills the server PID at PORT for `kill` |

Times are seconds of `time.monotonic`, the same in every process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.qt.views.turn import Turn
from tests.benchmarks.serving.real_server import seconds_until_gone
from tests.benchmarks.window_driver import WindowDriver

QUESTION = "how is a parcel delivered"
WORDS_SECONDS = 60
WRITING_SECONDS = 3.0
"""Between the first letter of a first question and Enter: how long one takes who writes ten letters a second."""
AGAIN_SECONDS = 0.2
"""The same of all others, which need no time."""


class Painted(QObject):
    """Notes when a widget is first painted with something in it."""

    def __init__(self, widget: QWidget, filled: Callable[[], object]) -> None:
        super().__init__(widget)
        self.at = 0.0
        self._filled = filled
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.at and self._filled():
            self.at = time.monotonic()
        return False


class Asking:
    """One question, typed and sent with Enter."""

    def __init__(self, driver: WindowDriver, question: str, writing: float = AGAIN_SECONDS) -> None:
        inquiry = driver.window.workspace.inquiry
        inquiry.show_tab("ask")
        inquiry.composer.set_text(question)
        driver.run_for(writing)
        self._driver = driver
        self._processes = [psutil.Process(), psutil.Process(driver.window.session.engine.pid)]
        before = self._computed()
        self.entered = time.monotonic()
        QTest.keyClick(inquiry.composer.input, Qt.Key.Key_Return)
        self.turn: Turn = inquiry.ask.turns[0]
        text, listed = self.turn.text, self.turn.evidence
        self._words = Painted(text.viewport(), lambda: not text.document().isEmpty())
        excerpts = Painted(listed.list.viewport(), lambda: listed.rows)
        # Where no model is asked the answer comes with its excerpts, which it may push below what can be seen.
        driver.until(lambda: excerpts.at or self._words.at, WORDS_SECONDS)
        self.shown = excerpts.at or self._words.at
        self.computed = self._computed() - before

    @property
    def told(self) -> dict[str, float]:
        return {"entered": self.entered, "evidence": self.shown - self.entered, "computed": self.computed}

    def first_words(self) -> float:
        """Seconds from Enter until the first words of the answer were painted."""
        self._driver.until(lambda: self._words.at or not self._busy(), WORDS_SECONDS)
        self._driver.until(lambda: self._words.at or self.turn.note.property("role") == "error", WORDS_SECONDS)
        return self._words.at - self.entered

    def stop(self) -> float:
        """Press Stop; when that was."""
        at = time.monotonic()
        self._driver.window.workspace.inquiry.composer.button.click()
        return at

    def end(self) -> None:
        self._driver.until(lambda: not self._busy(), WORDS_SECONDS)

    def _busy(self) -> bool:
        return self._driver.window.workspace.inquiry.ask.busy

    def _computed(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self._processes)


def evidence(driver: WindowDriver, index: str, questions: str) -> dict[str, object]:
    """What each question took to its evidence, without a model."""
    told: list[dict[str, object]] = []
    for asking in _each_asked(driver, index, questions):
        asking.end()
        told.append({**asking.told})
    return {"asked": told}


def model(driver: WindowDriver, index: str, questions: str) -> dict[str, object]:
    """The same with a model, whose answers are stopped at their first words."""
    told: list[dict[str, object]] = []
    for asking in _each_asked(driver, index, questions):
        words = asking.first_words()
        asking.stop()
        asking.end()
        told.append({"words": words, **asking.told})
    return {"asked": told}


def _each_asked(driver: WindowDriver, index: str, questions: str) -> Iterator[Asking]:
    """The questions of a file, a line each, one after another: whoever takes one ends it before the next."""
    driver.open_index(index)
    driver.until(driver.is_ready)
    for number, question in enumerate(Path(questions).read_text(encoding="utf-8").splitlines()):
        yield Asking(driver, question, AGAIN_SECONDS if number else WRITING_SECONDS)


def faults(driver: WindowDriver, index: str, url: str, pid: str, port: str, *hows: str) -> dict[str, object]:
    """What the window shows of an answer for each way in which a server may behave."""
    driver.open_index(index)
    driver.until(driver.is_ready)
    server = psutil.Process(int(pid))
    told: dict[str, object] = {}
    provider = driver.window.workspace.inquiry.ask.provider
    for how in hows:
        if how == "unknown":
            driver.window.change({"provider.model": "/no/such/model", "provider.base_url": url.format("plain")})
        else:
            path = url.format(how) if how not in ("stop", "kill") else f"http://127.0.0.1:{port}/v1"
            driver.window.change({"provider.model": provider.model, "provider.base_url": path})
        asking = Asking(driver, QUESTION)
        one: dict[str, object] = {}
        if how not in ("busy", "keyed", "mute", "unknown"):
            one["words"] = asking.first_words()
        if how == "stop":
            gone: list[float] = []
            at = time.monotonic()
            watch = threading.Thread(target=lambda at=at, gone=gone: gone.append(seconds_until_gone(server, int(port), at)))
            watch.start()
            asking.stop()
            driver.until(lambda watch=watch: not watch.is_alive())
            one["gone"] = gone[0]
        elif how == "kill":
            os.kill(int(pid), signal.SIGKILL)
        elif how in ("plain", "again"):
            asking.stop()
        asking.end()
        turn = asking.turn
        one |= {"entered": asking.entered, "seconds": time.monotonic() - asking.entered, "text": len(turn.text.markdown)}
        one |= {"note": turn.note.text(), "broken": turn.broken.text() if turn.broken.isVisible() else ""}
        told[how] = one
    return told


def main(what: str, *arguments: str) -> dict[str, object]:
    driver = WindowDriver(preferred=True)
    told = {"evidence": evidence, "model": model, "faults": faults}[what](driver, *arguments)
    driver.close()
    return told


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
