"""The way to the first window is short: in a fresh interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

PROBE = """
import sys, time
from core.settings import Settings
from desktop.qt.application import make_application, make_window
from PySide6.QtCore import QSettings, QTimer, QEvent, QObject
application = make_application()
window = make_window(application, [sys.executable, ENGINE], Settings(), QSettings(STORE, QSettings.Format.IniFormat))
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, application.quit)
        return False
painted = Painted()
window.welcome.drop.installEventFilter(painted)
window.show()
application.exec()
heavy = [name for name in HEAVY if name in sys.modules]
window.close()
print(",".join(heavy) or "light")
"""
HEAVY = [
    "numpy",
    "scipy",
    "networkx",
    "faiss",
    "tantivy",
    "llama_index",
    "torch",
    "tree_sitter",
    "core.ports",
    "sqlite3",
    "graphviz",
]


def run_probe(tmp_path, engine_command):
    names = f"ENGINE = {engine_command[1]!r}; STORE = {str(tmp_path / 's.ini')!r}; HEAVY = {HEAVY!r}\n"
    root = Path(__file__).parents[2]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {names}{PROBE}"],
        capture_output=True, text=True, timeout=60, env=environment, cwd=tmp_path, check=False,
    )  # fmt: skip
    return done, time.perf_counter() - began


COPY = """
import sys
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication
from desktop.qt.application import make_application
application = make_application()
data = QMimeData()
data.setData("image/svg+xml", b"<svg/>")
QApplication.clipboard().setMimeData(data)
"""


def test_what_was_copied_does_not_crash_the_end_of_the_program():
    """Qt destroyed it after Python had ended."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", COPY, str(root)], timeout=60, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    )
    assert done.returncode == 0


def test_the_window_imports_nothing_heavy_and_is_painted_soon(tmp_path, engine_command):
    done, seconds = run_probe(tmp_path, engine_command)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "light"
    assert seconds < 5, "2.5 s is the promise; this machine may be busy"
