"""Talking to a real process: replies, events, cancelling, crashes."""

from __future__ import annotations

import json
import sys
import threading

import pytest

from desktop.qt.engine_client import Engine, IndexJob

LARGE_ENGINE = """
import sys, json
for line in sys.stdin:
    request = json.loads(line)
    size = request["params"].get("size", 1)
    print(json.dumps({"id": request["id"], "result": [{"n": n, "text": "x" * 50} for n in range(size)]}), flush=True)
"""


@pytest.fixture
def engine(qtbot, engine_command):
    made = Engine(engine_command)
    yield made
    made.close()


class Outcome:
    """Collects what comes back."""

    def __init__(self):
        self.result, self.error, self.events = None, None, []

    def done(self, result):
        self.result = result

    def failed(self, error):
        self.error = error

    def event(self, name, message):
        self.events.append((name, message))

    @property
    def over(self):
        return self.result is not None or self.error is not None


def ask(engine, qtbot, method, params, **options):
    outcome = Outcome()
    engine.call(method, params, outcome.done, outcome.failed, event=outcome.event, **options)
    qtbot.waitUntil(lambda: outcome.over, timeout=10_000)
    return outcome


def test_a_reply_comes_back(engine, qtbot):
    assert ask(engine, qtbot, "hello", {}).result["protocol"] == 1


def test_an_error_keeps_its_words(engine, qtbot):
    error = ask(engine, qtbot, "preview", {"source": "/not/there"}).error
    assert error.what == "/not/there cannot be opened"
    assert error.next_step == "check the path"
    assert not error.cancelled


def test_a_crash_costs_its_requests_a_message_and_the_engine_comes_back(engine, qtbot, project):
    crashes = []
    engine.crashed.connect(crashes.append)
    index = build(engine, qtbot, project)
    before = engine.pid
    error = ask(engine, qtbot, "ask", {"index": index, "question": "crash", "budget": 1}).error
    assert error.what == "the engine stopped while it worked on this"
    assert "code 3" in error.why
    assert len(crashes) == 1
    assert ask(engine, qtbot, "hello", {}).result["pid"] != before


def test_an_engine_that_cannot_be_started_is_an_error_and_not_a_loop(qtbot):
    engine = Engine([sys.executable, "-c", "raise SystemExit(7)"])
    error = ask(engine, qtbot, "hello", {}).error
    assert "stopped" in error.what
    for _ in range(4):
        error = ask(engine, qtbot, "hello", {}).error
    assert "next request" in error.next_step
    engine.close()


def test_a_missing_program_is_an_error(qtbot):
    engine = Engine(["/no/such/program"])
    assert "could not be started" in ask(engine, qtbot, "hello", {}).error.why
    engine.close()


def test_cancelling_ends_a_request(engine, qtbot, project):
    index = build(engine, qtbot, project)
    outcome = Outcome()
    params = {"index": index, "question": "slow greet", "budget": 1}
    request = engine.call("ask", params, outcome.done, outcome.failed, event=outcome.event)
    qtbot.waitUntil(lambda: bool(outcome.events))
    request.cancel()
    qtbot.waitUntil(lambda: outcome.over)
    assert outcome.error.cancelled


def test_a_newer_request_takes_the_channel(engine, qtbot, project):
    index = build(engine, qtbot, project)
    old, new = Outcome(), Outcome()
    engine.call("ask", {"index": index, "question": "slow greet", "budget": 1}, old.done, old.failed, channel="a")
    engine.call("hello", {}, new.done, new.failed, channel="a")
    qtbot.waitUntil(lambda: new.over)
    qtbot.wait(300)
    assert not old.over


def test_large_replies_are_prepared_on_another_thread_and_stay_in_order(qtbot):
    engine = Engine([sys.executable, "-c", LARGE_ENGINE])
    order, threads = [], []

    def prepare(result):
        threads.append(threading.current_thread() is threading.main_thread())
        return len(result)

    for size in (30_000, 1, 30_000, 2):
        engine.call("x", {"size": size}, order.append, pytest.fail, prepare=prepare)
    qtbot.waitUntil(lambda: len(order) == 4, timeout=15_000)
    assert order == [30_000, 1, 30_000, 2]
    assert threads[0] is False
    engine.close()


def test_an_indexing_job_reports_and_finishes(qtbot, engine_command, project):
    job = IndexJob(engine_command, {"source": str(project)})
    seen = []
    job.progressed.connect(seen.append)
    with qtbot.waitSignal(job.finished, timeout=10_000) as finished:
        job.start()
    assert finished.args[0]["files"]["indexed"] == 4
    assert [progress["done"] for progress in seen] == [1, 2, 3, 4]
    assert not job.running


def test_cancelling_a_job_keeps_what_is_done(qtbot, engine_command, engine_home, project, monkeypatch):
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "0.2")
    job = IndexJob(engine_command, {"source": str(project)})
    with qtbot.waitSignal(job.progressed, timeout=10_000):
        job.start()
    with qtbot.waitSignal(job.cancelled, timeout=5_000):
        job.cancel()
    (index,) = engine_home.glob("*/index.json")
    assert json.loads(index.read_text())["complete"] is False


def test_a_killed_job_says_that_nothing_is_lost(qtbot, engine_command, project, monkeypatch):
    monkeypatch.setenv("PROTOCOL_ENGINE_STEP", "5")
    job = IndexJob(engine_command, {"source": str(project)})
    job.start()
    qtbot.waitUntil(lambda: job.pid > 0)
    with qtbot.waitSignal(job.failed, timeout=5_000) as failed:
        job._process.kill()
    assert "kept" in failed.args[0].next_step


def build(engine, qtbot, project):
    job = IndexJob(engine._command, {"source": str(project)})
    with qtbot.waitSignal(job.finished, timeout=10_000) as finished:
        job.start()
    return finished.args[0]["index"]
