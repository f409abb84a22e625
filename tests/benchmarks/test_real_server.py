"""A real server, `transformers serve`, asked through the command and through the window: what both show when all goes well,
when somebody presses Stop, and when the server does what it should not.

The model is made on the spot and writes nonsense; a proxy (`serving/proxy.py`) refuses keys, is busy, slow or breaks the
stream.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from resources import resource_path
from tests.benchmarks import machine
from tests.benchmarks.command import COMMAND
from tests.benchmarks.serving import proxy, real_server
from tests.benchmarks.serving.proxy import KEY, Passed, Proxy
from tests.benchmarks.serving.real_server import NoServerError, RealServer
from tests.benchmarks.window_driver import OF_OFFSCREEN

ROOT = Path(__file__).parents[2]
QUESTION = "how is a parcel delivered"
WRONG_KEY = "sk-" + "W7rOnGkEy0d5a8f3" * 3
BUDGET = 1_500
TIMEOUT_SECONDS = 10
STOP_SECONDS = 0.2
NAMES = {
    "plain": "streamed, the first",
    "again": "streamed, the second",
    "stop": "Stop",
    "later": "429 once, a short pause",
    "slow": "a slow server",
    "keyed": "a wrong key",
    "unknown": "a wrong model",
    "busy": "429, a long pause",
    "mute": f"nothing for {TIMEOUT_SECONDS} s",
    "malformed": "a malformed stream",
    "kill": "killed in the middle",
}
STREAMED = ("plain", "again")
FAULTS = tuple(NAMES)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]


@pytest.fixture(scope="module")
def python() -> Path:
    try:
        return real_server.interpreter()
    except NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def model(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_server.make_model(python, tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index") / "sample"
    subprocess.run(
        [COMMAND, "index", resource_path("sample"), "--index", folder, "--quiet"], check=True, stdout=subprocess.DEVNULL
    )
    return folder


@pytest.fixture
def server(python: Path, model: Path) -> Iterator[RealServer]:
    with real_server.serving(python, model) as running:
        yield running


@pytest.fixture
def before(server: RealServer) -> Iterator[Proxy]:
    with proxy.before(server.url) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Said:
    """A finished command, and when (of `time.monotonic`) it started and first printed a part of the answer."""

    code: int
    out: str
    err: str
    started: float
    first: float
    seconds: float


class Asked:
    """`codestrata ask` as it runs."""

    def __init__(self, home: Path, index: Path, url: str, model: str, key: str = "") -> None:
        environment = {**os.environ, "CODESTRATA_CONFIG_DIR": str(home), "PYTHONUNBUFFERED": "1"}
        environment.pop("OPENAI_API_KEY", None)
        if key:
            environment["OPENAI_API_KEY"] = key
        provider = ["--provider", "openai-like", "--base-url", url, "--model", model, "--budget", str(BUDGET)]
        command = [str(COMMAND), "ask", QUESTION, *provider, "--index", str(index)]
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._first = b""
        self._came = 0.0

    def wait_for_words(self) -> None:
        assert self.process.stdout is not None
        self._first = os.read(self.process.stdout.fileno(), 65_536)
        self._came = time.monotonic()

    def end(self) -> Said:
        if not self._first:
            self.wait_for_words()
        out, err = self.process.communicate(timeout=120)
        text = (self._first + out).decode("utf-8", "replace")
        seconds = time.monotonic() - self.started
        return Said(self.process.returncode, text, err.decode("utf-8", "replace"), self.started, self._came, seconds)


def write_preferences(home: Path, url: str = "", model: str = "") -> None:
    """Preferences with a short patience, and the provider where one is named."""
    home.mkdir(exist_ok=True)
    chosen = f'provider = "openai-like"\nmodel = "{model}"\nbase_url = "{url}"\n' if url else ""
    text = f"[provider]\n{chosen}timeout_seconds = {TIMEOUT_SECONDS}\n[retrieval]\nbudget = {BUDGET}\n"
    (home / "preferences.toml").write_text(text, encoding="utf-8")


def told_by(errors: str) -> str:
    """The line that says what went wrong, without the address; the last where nothing did."""
    lines = errors.strip().splitlines() or [""]
    wrong = [line for line in lines if "model server" in line]
    line = re.sub(r"^codestrata: |the (?=model server)| at 127\.0\.0\.1:\d+|/\S+/(?=tiny)", "", (wrong or lines)[-1])
    return textwrap.shorten(line, 150, placeholder=" …")


def spans(start: float, what: str, passed: Passed, shown: float) -> str:
    """When the request left, the first piece came, and that was shown, each after the one before, in milliseconds."""
    times = (start, passed.arrived, passed.first_piece, shown)
    left, came, late = (1000 * (after - before) for before, after in itertools.pairwise(times))
    return f"request {left:.0f} ms after {what}, first token {came:.0f} ms later, shown {late:.0f} ms after it came"


def test_the_command_on_a_real_server(server: RealServer, before: Proxy, index: Path, tmp_path: Path) -> None:
    home = tmp_path / "config"
    write_preferences(home)
    process = psutil.Process(server.process.pid)
    rows = [("through the command", "what came", "exit", "said")]

    def ask(how: str, model: str = server.model, key: str = "") -> Said:
        return Asked(home, index, before.url(how), model, key).end()

    def row(what: str, said: Said, more: str = "") -> Said:
        words = len(said.out.split("\n  [")[0].strip())
        rows.append((what, f"{words:,} characters" if words else "nothing", str(said.code), more or told_by(said.err)))
        return said

    asked = Asked(home, index, before.url("plain"), server.model)
    asked.wait_for_words()
    asked.process.send_signal(signal.SIGINT)
    streamed = asked.end()
    passed = before.passed[0]
    row("streamed", streamed, spans(streamed.started, "the start", passed, streamed.first))
    assert passed.first_piece > 0
    assert streamed.out

    asked = Asked(home, index, server.url, server.model)
    asked.wait_for_words()
    at = time.monotonic()
    asked.process.send_signal(signal.SIGINT)
    gone = real_server.seconds_until_gone(process, server.port, at)
    stopped = row(NAMES["stop"], asked.end(), f"connection gone after {gone * 1000:.0f} ms")
    assert (stopped.code, bool(stopped.out)) == (130, True)
    assert gone <= STOP_SECONDS

    whole = row("the right key", ask("keyed", key=KEY))
    assert len(whole.out) > 20
    wrong = row(NAMES["keyed"], ask("keyed", key=WRONG_KEY))
    assert (wrong.code, wrong.out, wrong.err.count("\n")) == (2, "", 1)
    assert "refused the key" in wrong.err
    assert WRONG_KEY not in wrong.err

    unknown = row(NAMES["unknown"], ask("plain", model="/no/such/model"))
    assert (unknown.code, unknown.out, unknown.err.count("\n")) == (2, "", 1)

    later = row(NAMES["later"], ask("later"))
    assert sum(one.how == "later" for one in before.passed) == 2
    assert later.out
    busy = row(NAMES["busy"], ask("busy"))
    assert (busy.code, busy.out, busy.err.count("\n")) == (2, "", 1)
    assert "takes no more requests" in busy.err

    slow = row(NAMES["slow"], ask("slow"))
    assert len(slow.out) > 20
    mute = row(NAMES["mute"], ask("mute"))
    assert (mute.code, mute.out, mute.err.count("\n")) == (2, "", 1)
    assert "did not answer" in mute.err
    assert mute.seconds < TIMEOUT_SECONDS + 15

    malformed = row(NAMES["malformed"], ask("malformed"))
    assert malformed.out
    assert "cannot be read" in malformed.err

    asked = Asked(home, index, server.url, server.model)
    asked.wait_for_words()
    server.process.kill()
    killed = row(NAMES["kill"], asked.end())
    assert killed.out
    assert "dropped the connection" in killed.err
    refused = row("nobody listens", ask_of(home, index, server))
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)

    machine.show("real_server_command", "transformers serve", rows)
    for said in (whole, later, slow):
        assert "Traceback" not in said.err
    ledger = subprocess.run([COMMAND, "ledger", "--index", index, "--json"], check=True, capture_output=True, text=True)
    outcomes = [entry["outcome"] for entry in json.loads(ledger.stdout)]
    assert WRONG_KEY not in ledger.stdout
    assert {"done", "cancelled", "failed", "interrupted"} >= set(outcomes)
    assert outcomes.count("cancelled") == 2
    assert outcomes.count("interrupted") >= 2


def ask_of(home: Path, index: Path, server: RealServer) -> Said:
    return Asked(home, index, server.url, server.model).end()


def test_the_window_on_a_real_server(server: RealServer, before: Proxy, index: Path, tmp_path: Path) -> None:
    home = tmp_path / "config"
    write_preferences(home, before.url("plain"), server.model)
    url = before.url("{}")
    told = probe(home, tmp_path, "faults", str(index), url, str(server.process.pid), str(server.port), *FAULTS)
    rows = [("in the window", "what came", "said")]
    passed = {one.how: one for one in reversed(before.passed)}
    for how in FAULTS:
        one = told[how]
        said = told_by(one["broken"] or one["note"])
        if how in STREAMED:
            said = spans(one["entered"], "Enter", passed[how], one["entered"] + one["words"])
        elif how == "stop":
            said = f"connection gone after {1000 * one['gone']:.0f} ms: {one['note']}"
        rows.append((NAMES[how], f"{one['text']:,} characters" if one["text"] else "nothing", said))
    machine.show("real_server_window", "transformers serve", rows)

    assert told["again"]["text"] > 0
    assert told["stop"]["gone"] <= STOP_SECONDS
    assert told["stop"]["note"] == "Stopped."
    assert told["later"]["text"] > 20
    assert told["slow"]["text"] > 20
    for how, words in (
        ("keyed", "refused the key"),
        ("unknown", "model"),
        ("busy", "takes no more requests"),
        ("mute", "did not answer"),
    ):
        assert words in told[how]["note"]
        assert told[how]["text"] == 0
        assert WRONG_KEY not in json.dumps(told)
    for how, words in (("malformed", "cannot be read"), ("kill", "dropped the connection")):
        assert told[how]["text"] > 0
        assert words in told[how]["broken"]


def probe(home: Path, tmp_path: Path, *arguments: str) -> dict[str, Any]:
    environment = {**os.environ, "CODESTRATA_CONFIG_DIR": str(home), "CODESTRATA_DATA_DIR": str(tmp_path / "data")}
    environment["OPENAI_API_KEY"] = WRONG_KEY
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "tests.benchmarks.answer_probe", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    said = [line for line in done.stderr.splitlines() if OF_OFFSCREEN not in line]
    assert "\n".join(said) == "", "nothing is said on the console"
    return json.loads(done.stdout.splitlines()[-1])
