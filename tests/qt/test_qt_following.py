"""The open project follows its files, on the real engine, without a card or a banner."""

from __future__ import annotations

import shutil
import zipfile

import pytest
from PySide6.QtCore import QMimeData, QUrl

from desktop import assembly
from desktop.preferences import load_settings
from desktop.qt.application import make_application, make_window
from desktop.qt.dropped_sources import judge
from desktop.qt.user_files import UserFiles

SECONDS = 60_000


@pytest.fixture
def make(qtbot, tmp_path, monkeypatch, store):
    """Makes windows on the real engine."""
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    made = []

    def window():
        settings = load_settings(UserFiles.beside(store).preferences, {})
        made.append(make_window(make_application(), assembly.engine_command(), settings, store))
        made[-1].resize(1440, 900)
        made[-1].show()
        return made[-1]

    yield window
    for each in made:
        each.close()


@pytest.fixture
def source(tmp_path):
    root = tmp_path / "shop"
    root.mkdir()
    (root / "till.py").write_text("def pay(amount):\n    return amount\n")
    (root / "stock.py").write_text("def count(items):\n    return len(items)\n")
    return root


def index(window, qtbot, source):
    window.open_source(str(source))
    qtbot.waitUntil(window.preview.isVisible, timeout=SECONDS)
    window.preview.index_button.click()
    qtbot.waitUntil(lambda: window.is_open() and not window.session.indexing, timeout=SECONDS)


def found(window, qtbot, name):
    """The symbols of a name, as the engine knows them now."""
    answers = []
    window.session.call("symbols", {"name": name}, answers.append, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=SECONDS)
    return [symbol["qualified_name"] for symbol in answers[0]]


def test_changes_are_followed_quietly(make, qtbot, source):
    window = make()
    index(window, qtbot, source)
    cards = []
    window.session.job_started.connect(cards.append)
    watching = lambda: window.follower._request is not None  # noqa: E731
    qtbot.waitUntil(watching, timeout=SECONDS)
    qtbot.wait(1_500)  # until the engine listens
    for name in ("refund", "discount"):
        with qtbot.waitSignal(window.session.updated, timeout=SECONDS) as told:
            (source / "till.py").write_text(f"def {name}(amount):\n    return amount\n")
        assert told.args[0]["stale_files"] == 0
        assert found(window, qtbot, name) == [f"till.{name}"]
    assert not cards
    assert not window.banner.isVisible()
    assert not window.status_line.progress.isVisible()
    qtbot.waitUntil(lambda: not window.session.indexing and not window.status_line.activity.text(), timeout=SECONDS)


def test_what_changed_while_the_window_was_closed_is_taken_up(make, qtbot, source):
    first = make()
    index(first, qtbot, source)
    first.close()
    (source / "stock.py").write_text("def recount(items):\n    return len(items)\n")
    window = make()
    with qtbot.waitSignal(window.session.updated, timeout=SECONDS):
        window.open_source(str(source))
    assert found(window, qtbot, "recount") == ["stock.recount"]
    assert not window.banner.isVisible()


def test_following_can_be_turned_off_and_that_is_remembered(make, qtbot, source, store):
    window = make()
    window.commands.run("file.follow")
    index(window, qtbot, source)
    assert not window.follower.enabled
    assert window.follower._request is None
    (source / "stock.py").write_text("def recount(items):\n    return len(items)\n")
    window.session.close_project()
    other = make()
    assert not other.follower.enabled
    other.open_source(str(source))
    qtbot.waitUntil(lambda: other.is_open() and other.banner.isVisible(), timeout=SECONDS)
    assert "1 file has changed" in other.banner.what.text()
    with qtbot.waitSignal(other.session.updated, timeout=SECONDS):
        other.commands.run("file.follow")
    assert found(other, qtbot, "recount") == ["stock.recount"]


def test_a_quiet_job_gives_way_to_one_that_was_asked_for(make, qtbot, source):
    window = make()
    index(window, qtbot, source)
    window.follower._stop()  # what is told of the change below would start a job of its own
    (source / "stock.py").write_text("def recount(items):\n    return len(items)\n")
    window.follower.catch_up()
    assert window.session.quiet
    with qtbot.waitSignal(window.session.job_started, timeout=SECONDS):
        window.session.update()
    assert not window.session.quiet
    qtbot.waitUntil(lambda: not window.session.indexing, timeout=SECONDS)
    assert found(window, qtbot, "recount") == ["stock.recount"]
    window.follower.catch_up()
    window.session.rebuild(window.session.status["source"], window.session.status["index"])
    assert not window.session.quiet
    qtbot.waitUntil(lambda: not window.session.indexing, timeout=SECONDS)
    assert found(window, qtbot, "pay") == ["till.pay"]


def test_an_archive_is_not_watched(make, qtbot, source, tmp_path):
    shutil.make_archive(str(tmp_path / "packed"), "zip", source)
    window = make()
    index(window, qtbot, tmp_path / "packed.zip")
    assert window.session.status["watchable"] is False
    assert window.follower._request is None


def test_several_dropped_sources_are_one_workspace(make, qtbot, source, tmp_path):
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as packed:
        packed.writestr("lib/basket.py", "def total(prices):\n    return sum(prices)\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(source)), QUrl.fromLocalFile(str(tmp_path / "lib.zip"))])
    verdict = judge(data)
    assert verdict.name == "shop + lib.zip"
    window = make()
    index(window, qtbot, verdict.path)
    assert window.session.status["name"] == "lib + shop"
    assert found(window, qtbot, "total") == ["lib.basket.total"]
    assert found(window, qtbot, "pay") == ["shop.till.pay"]
    assert window.session.status["stale_files"] == 0
