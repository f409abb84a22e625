"""A window on a small engine that runs in a real process, without a screen."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QFileDialog

from core.settings import Settings
from desktop import assembly
from desktop.qt.application import make_application, make_window
from desktop.qt.history import DiagramLocation
from desktop.qt.views.diagram import KINDS
from desktop.qt.views.stage import DIAGRAM

GREETING = '''"""Greets people."""


def greet(name):
    """A greeting for one person."""
    return f"hello {name}"


class Party:
    def welcome(self, guests):
        return [greet(guest) for guest in guests]
'''


@pytest.fixture(autouse=True)
def _collect_on_this_thread():
    """The window turns the garbage collector off (see `application`); the tests after it want it back."""
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def project(tmp_path) -> Path:
    root = tmp_path / "party"
    (root / "shop" / "deep").mkdir(parents=True)
    (root / "greeting.py").write_text(GREETING)
    (root / "shop" / "till.py").write_text("import greeting\n\n\ndef pay(sum):\n    return greeting.greet(sum)\n")
    (root / "shop" / "deep" / "box.py").write_text("".join(f"def box_{n}():\n    return {n}\n\n\n" for n in range(120)))
    (root / "README.md").write_text("# Party\n\nIt will greet you.\n")
    (root / "logo.bin").write_bytes(b"\x00\x01")
    return root


@pytest.fixture
def engine_home(tmp_path, monkeypatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("PROTOCOL_ENGINE_HOME", str(home))
    return home


@pytest.fixture
def engine_command(engine_home) -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("protocol_engine.py"))]


@pytest.fixture
def store(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot, engine_command, store):
    made = make_window(make_application(), engine_command, Settings(theme="light"), store)
    made.resize(1440, 900)
    made.show()
    in_front(made, qtbot)
    yield made
    discard(made)


def in_front(window, qtbot):
    """Only the active window's widgets have the focus; a window shown before it may still be the active one."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def discard(window):
    """Close a window and free it at once: those left over would slow down every later change of the stylesheet."""
    themes = window.themes
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    themes.deleteLater()


@pytest.fixture
def real_window(qtbot, tmp_path, monkeypatch, store):
    """A window on the real engine, whose files are in a folder of this test."""
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    made = make_window(make_application(), assembly.engine_command(), Settings(theme="light"), store)
    made.resize(1440, 900)
    made.show()
    in_front(made, qtbot)
    yield made
    discard(made)


@pytest.fixture
def opened(window, qtbot, project):
    """A window in which the project is indexed and open, its diagram drawn."""
    window.open_source(str(project))
    qtbot.waitUntil(window.preview.isVisible)
    window.preview.index_button.click()
    qtbot.waitUntil(lambda: window.is_open() and not window.session.indexing, timeout=15_000)
    qtbot.waitUntil(lambda: window.has_drawing() and bool(window.workspace.inquiry.files.model.paths))
    begin_at_the_diagram(window)
    in_front(window, qtbot)
    return window


def begin_at_the_diagram(window):
    """A window begins with the overview where it opens before everything is linked, which is a matter of luck here."""
    if window.workspace.stage.page != DIAGRAM:
        window.workspace.history.clear()
        window.workspace.visit(DiagramLocation(KINDS[0][0]))


@pytest.fixture
def again(qtbot, engine_command, store):
    """Opens a second window on what the first has left."""
    made = []

    def make():
        window = make_window(make_application(), engine_command, Settings(theme="light"), store)
        made.append(window)
        window.show()
        window.open_last()
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def no_dialogs(monkeypatch):
    """What the file dialogs answer, set by a test."""
    answers = {"folder": "", "file": ("", ""), "opened": ("", "")}
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers["folder"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answers["file"])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answers["opened"])
    return answers
