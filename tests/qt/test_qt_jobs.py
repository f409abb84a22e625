"""Jobs that are cancelled or killed, on the real engine; and the page that lists them."""

from __future__ import annotations

import os
import signal
import time

import pytest

from desktop.qt.jobs import CANCELLED, DONE, FAILED

SECONDS = 110_000
pytestmark = pytest.mark.timeout(300)
FILES, FUNCTIONS = 120, 50
FUNCTION = """def part_{n}(value):
    total = value * {n}
    for step in range({n}):
        total += step
    return total


"""


@pytest.fixture
def long_source(tmp_path):
    """A source that takes some seconds to index."""
    root = tmp_path / "long"
    root.mkdir()
    for number in range(FILES):
        body = "".join(FUNCTION.format(n=number * 100 + part) for part in range(FUNCTIONS))
        (root / f"module_{number}.py").write_text(body)
    return root


def begin(window, qtbot, source):
    """Start to index a source, and wait until its files are being read."""
    stages = []
    window.session.job_progressed.connect(lambda progress: stages.append(progress["stage"]))
    window.open_source(str(source))
    qtbot.waitUntil(window.preview.isVisible, timeout=SECONDS)
    window.preview.index_button.click()
    qtbot.waitUntil(lambda: "index" in stages, timeout=SECONDS)


def button_of(window, text):
    return next(button for button in window.banner.steps if button.text() == text)


def test_a_job_is_cancelled_at_once_stops_soon_and_goes_on_by_one_click(real_window, qtbot, long_source):
    begin(real_window, qtbot, long_source)
    worked = time.thread_time()
    real_window.commands.run("file.cancel")
    shown = [real_window.progress.cancel_button.text(), real_window.status_line.progress._stage.text()]
    computed = time.thread_time() - worked
    assert any("Stopping" in text for text in shown)
    assert computed < 0.2, "acknowledged at once"
    qtbot.waitUntil(lambda: not real_window.session.indexing, timeout=SECONDS)
    assert real_window.jobs.jobs[0].state == CANCELLED
    qtbot.waitUntil(lambda: any(button.text() == "Continue" for button in real_window.banner.steps))
    button_of(real_window, "Continue").click()
    qtbot.waitUntil(lambda: real_window.is_open() and not real_window.session.indexing, timeout=SECONDS)
    assert real_window.session.status["files"] == FILES
    assert [job.state for job in real_window.jobs.jobs] == [DONE, CANCELLED]


def test_an_indexer_that_is_killed_is_told_and_goes_on_by_one_click(real_window, qtbot, long_source):
    begin(real_window, qtbot, long_source)
    os.kill(real_window.session.job.pid, signal.SIGKILL)
    qtbot.waitUntil(real_window.banner.isVisible, timeout=SECONDS)
    assert "indexing stopped" in real_window.banner.what.text().lower()
    assert "kept" in real_window.banner.why.text()
    assert real_window.jobs.jobs[0].state == FAILED
    button_of(real_window, "Try again").click()
    qtbot.waitUntil(lambda: real_window.is_open() and not real_window.session.indexing, timeout=SECONDS)
    assert real_window.session.status["files"] == FILES
    qtbot.waitUntil(lambda: real_window.session.status["complete"], timeout=SECONDS)


def test_an_engine_that_is_killed_while_it_answers_is_told_and_answers_again(opened, qtbot):
    """What was asked before, what was typed and what is open stay; the question that was lost says so."""
    inquiry = opened.workspace.inquiry
    inquiry.ask_question("greet")
    qtbot.waitUntil(lambda: not inquiry.ask.busy)
    inquiry.composer.set_text("half a thought")
    inquiry.ask.ask("slow greet")
    qtbot.waitUntil(lambda: bool(inquiry.ask.turns[0].evidence.rows))
    before = opened.session.engine.pid
    os.kill(before, signal.SIGKILL)
    qtbot.waitUntil(opened.banner.isVisible)
    assert "started again" in opened.banner.what.text()
    qtbot.waitUntil(lambda: not inquiry.ask.busy)
    assert "stopped while it worked on this" in inquiry.ask.turns[0].note.text()
    assert inquiry.composer.text == "half a thought"
    assert inquiry.ask.turns[1].evidence.rows
    inquiry.ask.ask("greet")
    qtbot.waitUntil(lambda: not inquiry.ask.busy)
    assert opened.session.engine.pid not in (0, before)
    assert inquiry.ask.turns[0].evidence.rows


def test_the_page_of_jobs_lists_them_and_starts_one_again(opened, qtbot):
    opened.commands.run("file.jobs")
    sheet = opened.sheets.current
    assert [job.state for job in opened.jobs.jobs] == [DONE]
    assert "party" in sheet.list.model().index(0, 0).data()
    assert not sheet.go_on_button.isEnabled()
    assert not sheet.cancel_button.isEnabled()


def test_the_page_of_jobs_says_that_there_is_none(window):
    window.commands.run("file.jobs")
    sheet = window.sheets.current
    assert sheet.list.isHidden()
    assert not sheet._nothing.isHidden()


def test_a_job_is_cancelled_from_the_page_of_jobs_and_goes_on_there(window, qtbot, project, monkeypatch):
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "0.5")
    window.open_source(str(project))
    qtbot.waitUntil(window.preview.isVisible)
    window.preview.index_button.click()
    qtbot.waitUntil(lambda: window.session.indexing)
    window.commands.run("file.jobs")
    sheet = window.sheets.current
    assert sheet.cancel_button.isEnabled()
    sheet.cancel_button.click()
    qtbot.waitUntil(lambda: not window.session.indexing, timeout=10_000)
    assert window.sheets.current is sheet, "what comes of a job waits below"
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "0")
    sheet.go_on_button.click()
    qtbot.waitUntil(lambda: [job.state for job in window.jobs.jobs] == [DONE, CANCELLED], timeout=10_000)
