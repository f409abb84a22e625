"""What is dropped on the window, in the forms in which file managers and browsers drag it."""

from __future__ import annotations

import subprocess
import zipfile

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from desktop.qt.dropped_sources import git_address, judge

COPY, LEFT_BUTTON, PLAIN = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
REPOSITORY = "https://host.example/owner/repository"


def of_urls(*urls):
    """As Dolphin, Finder and Explorer drag files, and Chromium a link."""
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def of_text(text):
    """As a terminal or an editor drags text, and Firefox a selection."""
    data = QMimeData()
    data.setText(text)
    return data


def of_format(name, content):
    data = QMimeData()
    data.setData(name, content)
    return data


def drag_and_drop(window, data):
    """Enter, move, drop, as the system sends them; the enter event."""
    enter = QDragEnterEvent(QPoint(50, 200), COPY, data, LEFT_BUTTON, PLAIN)
    QApplication.sendEvent(window, enter)
    QApplication.sendEvent(window, QDragMoveEvent(QPoint(60, 210), COPY, data, LEFT_BUTTON, PLAIN))
    QApplication.sendEvent(window, QDropEvent(QPointF(60, 210), COPY, data, LEFT_BUTTON, PLAIN))
    return enter


@pytest.mark.parametrize(
    "make",
    [
        lambda root: of_urls(root.as_uri()),
        lambda root: of_urls(root.as_uri() + "/"),
        lambda root: of_text(str(root)),
        lambda root: of_text(f"{root.as_uri()}\r\n"),
        lambda root: of_format("x-special/gnome-copied-files", b"copy\n" + root.as_uri().encode()),
        lambda root: of_format("text/x-moz-url", f"{root.as_uri()}\nparty".encode("utf-16-le")),
    ],
    ids=["urls", "with a slash", "a path", "a list of URLs as text", "GNOME", "Mozilla"],
)
def test_a_folder_is_dropped_in_every_form(window, qtbot, project, make):
    assert drag_and_drop(window, make(project)).isAccepted()
    qtbot.waitUntil(window.preview.isVisible)
    assert "4 files" in window.preview.accessibleName()
    assert window.welcome.drop.state == ""


def test_several_folders_are_one_workspace(window, qtbot, project, monkeypatch):
    opened = []
    monkeypatch.setattr(window.session, "open_source", opened.append)
    drag_and_drop(window, of_urls((project / "shop").as_uri(), project.as_uri()))
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [f"{project / 'shop'}\n{project}"]


def test_an_archive_is_dropped(window, qtbot, project, monkeypatch):
    archive = project.parent / "party.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(project / "greeting.py", "greeting.py")
    opened = []
    monkeypatch.setattr(window.session, "open_source", opened.append)
    drag_and_drop(window, of_urls(archive.as_uri()))
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [str(archive)]


@pytest.mark.parametrize(
    ("data", "address"),
    [
        (of_urls(REPOSITORY), REPOSITORY),
        (of_urls(f"{REPOSITORY}/tree/main/src?tab=readme#top"), REPOSITORY),
        (of_urls("https://host.example/group/sub/project/-/blob/main/a.py"), "https://host.example/group/sub/project"),
        (of_text(f"  {REPOSITORY}.git\n"), f"{REPOSITORY}.git"),
        (of_text(f"git clone {REPOSITORY}"), REPOSITORY),
        (of_text("git@host.example:owner/repository.git"), "git@host.example:owner/repository.git"),
        (of_text("ssh://git@host.example/srv/repository"), "ssh://git@host.example/srv/repository"),
        (of_format("text/x-moz-url", f"{REPOSITORY}\nA title".encode("utf-16-le")), REPOSITORY),
    ],
)
def test_a_git_address_is_dropped(window, qtbot, monkeypatch, data, address):
    opened = []
    monkeypatch.setattr(window.session, "open_source", opened.append)
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 200), COPY, data, LEFT_BUTTON, PLAIN))
    assert window.welcome.drop.state == "welcome"
    assert "repository" in window.welcome._headline.text() or "project" in window.welcome._headline.text()
    drag_and_drop(window, data)
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [address]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "two words",
        "def f(x): return x",
        "https://host.example",
        "https://host.example/search?q=a",
        "javascript:alert(1)",
        "https://host.example/a b/c",
        "note: this",
        "me@host.example: hello",
        "http://[broken",
        "x" * 100_000,
    ],
)
def test_other_text_is_no_address(text):
    assert git_address(text) == ""
    verdict = judge(of_text(text))
    assert not verdict.accepted
    assert verdict.reason


def test_a_drag_that_leaves_ends_what_was_said(opened, project):
    data = of_urls(project.as_uri())  # an event does not keep it
    QApplication.sendEvent(opened, QDragEnterEvent(QPoint(50, 200), COPY, data, LEFT_BUTTON, PLAIN))
    assert opened.overlay.isVisible()
    QApplication.sendEvent(opened, QDragLeaveEvent())
    assert opened.overlay.isHidden()


def test_dropping_over_an_open_project_shows_the_card_of_the_other(opened, qtbot, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text("x = 1\n")
    drag_and_drop(opened, of_urls(other.as_uri()))
    qtbot.waitUntil(opened.preview.isVisible)
    opened.preview.cancel_button.click()
    assert opened.workspace.isVisible()


# Clone from git


def test_a_git_address_is_typed(window, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(window.session, "open_source", opened.append)
    QApplication.clipboard().setText(f"{REPOSITORY}/issues/7")
    window.welcome.clone_button.click()
    sheet = window.sheets.current
    assert sheet.address.text() == REPOSITORY, "what was copied elsewhere is there already"
    sheet.address.setText("nonsense")
    sheet.clone_button.click()
    assert "no address" in sheet.problem
    assert not opened
    sheet.address.setText(f"{REPOSITORY}.git")
    assert sheet.problem == ""
    sheet.address.returnPressed.emit()
    assert opened == [f"{REPOSITORY}.git"]
    assert window.sheets.current is None


def test_an_archive_is_chosen(window, monkeypatch, no_dialogs):
    opened = []
    monkeypatch.setattr(window.session, "open_source", opened.append)
    window.welcome.archive_button.click()
    assert not opened
    no_dialogs["opened"] = ("/somewhere/party.zip", "")
    window.welcome.archive_button.click()
    assert opened == ["/somewhere/party.zip"]


def test_a_source_that_is_long_looked_at_is_said_to_be_and_can_be_left(window, qtbot, project, monkeypatch):
    monkeypatch.setenv("PROTOCOL_ENGINE_LOOK", "30")
    window.session.engine.close()
    window.session.engine._closed = False
    window.open_source(str(project))
    qtbot.waitUntil(window.looking.isVisible, timeout=10_000)
    assert "party" in window.looking._title.text()
    assert window.looking.cancel_button.hasFocus()
    window.looking.cancel_button.click()
    assert window.welcome.isVisible()
    assert not window.session.opening


def test_a_repository_is_cloned_and_indexed(real_window, qtbot, tmp_path):
    """The whole way, from a drop to the project, with git and the real engine; the address is a `file:` one."""
    repository = tmp_path / "fruit"
    repository.mkdir()
    (repository / "basket.py").write_text("def total(prices):\n    return sum(prices)\n")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "-C", str(repository)]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "Sell fruit"]):
        subprocess.run([*git, *arguments], check=True)
    real_window.commands.run("file.clone")
    sheet = real_window.sheets.current
    sheet.address.setText(repository.as_uri())
    sheet.clone_button.click()
    qtbot.waitUntil(real_window.preview.isVisible, timeout=60_000)
    real_window.preview.index_button.click()
    qtbot.waitUntil(lambda: real_window.is_open() and not real_window.session.indexing, timeout=60_000)
    assert real_window.session.status["name"] == "fruit"
