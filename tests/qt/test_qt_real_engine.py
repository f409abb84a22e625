"""The main job on the real engine and the sample project: drop, card, index, ask, cite, diagram, export."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtTest import QTest

from core.errors import UsageError
from desktop.answer_log import AnswerLog
from desktop.cli.main import run
from desktop.links import resolve_link
from desktop.qt.dropped_sources import judge
from desktop.qt.history import CodeLocation
from desktop.qt.views.diagram import ALL_KINDS, NEEDS_SYMBOL
from resources import resource_path

SECONDS = 60_000
SAMPLE = resource_path("sample")

pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason="there is no sample project")


def test_the_sample_from_the_first_click_to_the_exported_picture(real_window, qtbot, tmp_path):
    window = real_window
    window.welcome.sample_button.click()
    qtbot.waitUntil(window.preview.isVisible, timeout=SECONDS)
    window.preview.index_button.click()
    qtbot.waitUntil(lambda: window.is_open() and not window.session.indexing, timeout=SECONDS)
    qtbot.waitUntil(window.has_drawing, timeout=SECONDS)
    workspace = window.workspace

    composer = workspace.inquiry.composer
    QTest.keyClicks(composer.input, "Where does the program start?")
    QTest.keyClick(composer.input, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not workspace.inquiry.ask.busy, timeout=SECONDS)
    turn = workspace.inquiry.ask.turns[0]
    assert turn.evidence.rows
    assert "instead of" in turn.evidence.cost.text()
    found = turn.text.document().find("[1]")
    assert found.charFormat().anchorHref() == "cite:1"
    where = turn.text.cursorRect(found).center() - QPoint(4, 0)
    QTest.mouseClick(turn.text.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    code = workspace.code
    qtbot.waitUntil(lambda: code.editor.isVisible() and code.editor.cited[0] > 0, timeout=SECONDS)
    first = turn._pack["excerpts"][0]
    assert (code.location.path, code.editor.cited) == (first["path"], (first["start_line"], first["end_line"]))
    block = code.editor.document().findBlockByNumber(first["start_line"] - 1)
    assert any(block.layout().formats() for block in [block, block.next(), block.next().next()])

    canvas = workspace.diagram.canvas
    for kind in sorted(ALL_KINDS - NEEDS_SYMBOL):
        window.commands.run(f"diagram.{kind}")
        repeated = kind == "clones"  # the sample repeats nothing
        qtbot.waitUntil(lambda kind=kind: window.workspace.diagram.location.kind == kind, timeout=SECONDS)
        if not repeated:
            qtbot.waitUntil(lambda kind=kind: canvas.drawing["diagram"]["kind"] == kind, timeout=SECONDS)
            assert canvas.nodes
    window.commands.run("diagram.architecture")
    qtbot.waitUntil(lambda: canvas.drawing["diagram"]["kind"] == "architecture", timeout=SECONDS)
    name = next(name for name, node in canvas.nodes.items() if node.node["place"] is not None)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, canvas.item_center(name))
    expected = canvas.nodes[name].node["place"]["path"]
    qtbot.waitUntil(lambda: code.location.path == expected, timeout=SECONDS)

    for ending, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        target = tmp_path / f"architecture.{ending}"
        window.export_to(str(target))
        qtbot.waitUntil(lambda target=target: target.exists() and str(target) in window.banner.what.text(), timeout=SECONDS)
        assert target.read_bytes().startswith(start)


def test_bad_sources_are_one_message_with_a_next_step(real_window, qtbot, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "one.py").write_text("x = 1\n")
    for source in (tmp_path / "missing", tmp_path / "one.py", tmp_path / "empty"):
        real_window.banner.hide()
        real_window.open_source(str(source))
        qtbot.waitUntil(real_window.banner.isVisible, timeout=SECONDS)
        assert real_window.banner.steps, source
        assert "Traceback" not in real_window.banner.why.text()
        assert "\n" not in real_window.banner.why.text()


def test_a_dropped_archive_is_shown_on_a_card_and_indexed(real_window, qtbot, tmp_path):
    import zipfile

    archive = tmp_path / "shop.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("shop/basket.py", "def total(prices):\n    return sum(prices)\n")
        packed.writestr("shop/README.md", "# Shop\n\nIt sells fruit.\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(archive))])
    verdict = judge(data)
    assert verdict.accepted
    real_window.open_source(verdict.path)
    qtbot.waitUntil(real_window.preview.isVisible, timeout=SECONDS)
    real_window.preview.index_button.click()
    qtbot.waitUntil(lambda: real_window.is_open() and not real_window.session.indexing, timeout=SECONDS)
    qtbot.waitUntil(real_window.has_drawing, timeout=SECONDS)


def test_a_link_opens_the_window_at_its_line(real_window, qtbot, tmp_path):
    source = tmp_path / "a project"
    source.mkdir()
    (source / "deep.py").write_text("".join(f"value_{n} = {n}\n" for n in range(50)))
    assert run(["index", str(source), "--quiet"]) == 0
    place = resolve_link(f"codestrata://{str(source).replace(' ', '%20')}/deep.py:17")
    assert (place.path, place.line) == ("deep.py", 17)
    real_window.open_place(place)
    qtbot.waitUntil(real_window.is_open, timeout=SECONDS)
    qtbot.waitUntil(lambda: real_window.workspace.history.current == CodeLocation("deep.py", 17), timeout=SECONDS)


@pytest.mark.parametrize(
    ("link", "says"), [("codestrata://a.py:3", "no link"), ("codestrata:///nowhere/a.py:3", "no index")]
)
def test_what_is_no_link_is_told(link, says, tmp_path, monkeypatch):
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path))
    with pytest.raises(UsageError, match=says):
        resolve_link(link)


def test_a_conversation_with_the_real_engine(real_window, qtbot, tmp_path):
    window = real_window
    window.welcome.sample_button.click()
    qtbot.waitUntil(window.preview.isVisible, timeout=SECONDS)
    window.preview.index_button.click()
    qtbot.waitUntil(lambda: window.is_open() and not window.session.indexing, timeout=SECONDS)
    inquiry = window.workspace.inquiry
    view = inquiry.ask

    def ask(question):
        inquiry.ask_question(question)
        qtbot.waitUntil(lambda: not view.busy, timeout=SECONDS)
        return view.turns[0]

    first = ask("where is ParcelStore.save defined")
    second = ask("and who calls it?")
    assert (first.number, second.number, view.conversation) == (1, 2, 1)
    assert second.understood.text() == "Understood as: who calls `ParcelStore.save`?"
    view.chips.pin({"path": "parcels/errors.py", "start_line": 1, "end_line": 5})
    inquiry.deep.click()
    deep = ask("how is a parcel saved and who is notified of delays?")
    assert deep.steps.text().startswith("✓  Plan: ")
    assert "how is a parcel saved" in deep.steps.text()
    assert any(row["path"] == "parcels/errors.py" for row in deep.evidence.rows)
    inquiry.deep.click()
    view.chips.clear()
    first.accept_button.click()
    log = AnswerLog(Path(window.session.index))
    qtbot.waitUntil(lambda: log.find(1).accepted, timeout=SECONDS)
    window.commands.run("ask.earlier")
    qtbot.waitUntil(lambda: [item.icon for item in window.picker.items] == ["search", "search", "check"], timeout=SECONDS)
    window.picker.close_picker()
    noted = ask("where is ParcelStore.save declared and defined")
    assert any(row["role"] == "note" for row in noted.evidence.rows)
    window.conversations.export_to(str(tmp_path / "talk.md"))
    qtbot.waitUntil((tmp_path / "talk.md").exists, timeout=SECONDS)
    assert "## and who calls it?" in (tmp_path / "talk.md").read_text()
    window.commands.run("ask.new")
    assert view.turns == []
    window.conversations.open_again(2)
    qtbot.waitUntil(lambda: len(view.turns) == 1, timeout=SECONDS)
    assert view.turns[0].understood.text() == "Understood as: who calls `ParcelStore.save`?"
    assert view.conversation == 1
