"""The installed command `codestrata index`, run and timed from outside."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.cancellation import CancellationToken
from core.errors import CodestrataError
from core.model.ranking import Filter
from desktop import assembly

COMMAND = Path(sys.executable).with_name("codestrata")
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Run:
    """A finished run: its report, the wall seconds of the whole command, and those until a search first answered."""

    report: dict[str, Any]
    seconds: float
    first_answer: float | None = None

    @property
    def megabytes(self) -> float:
        return float(self.report["bytes"]) / 1e6

    @property
    def peak_megabytes(self) -> float:
        return float(self.report["peak_rss_bytes"]) / 1e6


def arguments(source: Path, folder: Path) -> list[str]:
    """The command that indexes `source` into `folder` and prints its report."""
    return [str(COMMAND), "index", str(source), "--index", str(folder), "--json"]


def index(source: Path, folder: Path, asked: str = "", *, settle: bool = False, executor: str = "") -> Run:
    """Index in a fresh process; where something is `asked`, search for it from here until there is an answer."""
    options = ["--quiet", *(["--settle"] if settle else []), *(["--executor", executor] if executor else [])]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        with subprocess.Popen([*arguments(source, folder), *options], stdout=out, stderr=errors) as process:
            first = _first_answer(process, folder, asked, began) if asked else None
            code = process.wait()
        seconds = time.perf_counter() - began
        errors.seek(0)
        assert code == 0, errors.read().decode("utf-8", "replace")
        out.seek(0)
        return Run(json.loads(out.read()), seconds, first)


def ask(folder: Path, *words: str) -> Any:
    """What a command prints as JSON about the index in `folder`; an empty answer (exit code 1) is one too."""
    return json.loads(_printed(folder, *words))


def rankings(folder: Path, queries: Mapping[str, str], k: int, among: str = "") -> dict[str, list[dict[str, Any]]]:
    """The best `k` results of each query, by its id, from one process; only those whose paths fit the glob `among`."""
    with tempfile.TemporaryDirectory() as scratch:
        asked = Path(scratch) / "queries.jsonl"
        lines = (json.dumps({"id": name, "query": query}) for name, query in queries.items())
        asked.write_text("\n".join(lines), encoding="utf-8")
        options = ["--path", among] if among else []
        printed = _printed(folder, "search", "--queries", str(asked), "-k", str(k), *options)
    return {ranking["id"]: ranking["results"] for ranking in map(json.loads, printed.splitlines())}


def _printed(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [str(COMMAND), *words, "--index", str(folder), "--json", "--quiet"], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr[-2000:]
    return done.stdout


def _first_answer(process: subprocess.Popen[bytes], folder: Path, asked: str, began: float) -> float | None:
    service = assembly.open_service(assembly.settings_for())
    seconds = None
    while seconds is None and process.poll() is None:
        try:
            if service.search(folder, asked, 1, Filter(), CancellationToken()).hits:
                seconds = time.perf_counter() - began
        except CodestrataError:  # nothing is committed yet
            pass
        time.sleep(_POLL_SECONDS)
    # A snapshot that stays open would keep the writer from clearing its log, and the index would measure larger.
    service.session(folder).close()
    del service
    gc.collect()
    return seconds
