"""How the program starts its own processes, also where it is frozen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.assembly import engine_command
from desktop.drawing.child import child_command
from desktop.own_process import RUN_MODULE, is_frozen

START = Path(__file__).parents[2] / "desktop" / "packaging" / "frozen_start.py"


def test_from_source_the_interpreter_is_asked() -> None:
    assert not is_frozen()
    assert engine_command() == [sys.executable, "-P", "-m", "codestrata_start", "engine"]
    assert child_command("desktop.drawing.worker", "x")[:2] == [sys.executable, "-P"]


def test_frozen_the_program_asks_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/codestrata")
    assert engine_command() == ["/opt/codestrata", "engine"]
    assert child_command("desktop.drawing.worker", "x") == ["/opt/codestrata", RUN_MODULE, "desktop.drawing.worker", "x"]


def test_the_frozen_entry_runs_modules_of_ours_and_commands() -> None:
    def run(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(START), *words], input=stdin, capture_output=True, text=True, timeout=100, check=False
        )

    laid_out = run(
        RUN_MODULE,
        "desktop.drawing.worker",
        stdin='{"graphs": [{"engine": "dot", "dot": "digraph { a -> b }"}], "seconds": 60}',
    )
    assert '"nodes": {"a"' in laid_out.stdout, laid_out.stderr
    assert run("--version").stdout.startswith("codestrata, version ")
    refused = run(RUN_MODULE, "this")
    assert refused.returncode == 2
    assert RUN_MODULE in refused.stderr
