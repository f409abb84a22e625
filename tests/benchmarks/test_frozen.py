"""The frozen program and its Debian package as a new user has them, on a system without Python: tasks on real source, sizes,
times to start.

CODESTRATA_FROZEN names a folder that was built before; CODESTRATA_FROZEN_SOURCE the source, else Python's own library.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from desktop.packaging.build_deb import build_deb
from desktop.packaging.build_frozen import build_frozen
from tests.agent import connected
from tests.benchmarks import corpus, machine

QUESTION = "how is a request for a file answered by the server"
MINUTE = 60.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the program."""
    if chosen := os.environ.get("CODESTRATA_FROZEN"):
        return Path(chosen)
    pytest.importorskip("build")
    return build_frozen(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the standard library, out of the reach of anything that is installed."""
    if chosen := os.environ.get("CODESTRATA_FROZEN_SOURCE"):
        return Path(chosen)
    copied = tmp_path_factory.mktemp("source") / "library"
    for name in ("asyncio", "concurrent", "email", "http", "importlib", "json", "logging", "urllib", "xml"):
        shutil.copytree(Path(sysconfig.get_path("stdlib")) / name, copied / name)
    return copied


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No Python, no program at all, can be found in it."""
    (tmp_path / "empty").mkdir()
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "USERPROFILE") if name in os.environ}
    return kept | {
        "HOME": str(tmp_path),
        "PATH": str(tmp_path / "empty"),
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "CODESTRATA_DATA_DIR": str(tmp_path / "data"),
        "CODESTRATA_CONFIG_DIR": str(tmp_path / "config"),
    }


def test_the_frozen_program_does_its_tasks(folder: Path, source: Path, environment: dict[str, str], tmp_path: Path) -> None:
    program = folder / ("codestrata.exe" if os.name == "nt" else "codestrata")
    times = _tasks(program, source, environment, tmp_path)
    rows = [("what", "figure"), ("folder", f"{corpus.bytes_of(folder) / 1e6:.0f} MB"), *times]
    machine.show("frozen", f"The frozen program on {corpus.bytes_of(source) / 1e6:.1f} MB of Python", rows)


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="only Debian's tools build its packages")
def test_the_debian_package_does_them_too(folder: Path, source: Path, environment: dict[str, str], tmp_path: Path) -> None:
    package = build_deb(folder, tmp_path / "dist")
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "root"], check=True)
    control = subprocess.run(["dpkg-deb", "--field", package], check=True, capture_output=True, text=True).stdout
    assert "Package: codestrata\n" in control
    assert "libegl1" in control
    usr = tmp_path / "root" / "usr"
    sums = tmp_path / "sums"
    subprocess.run(["dpkg-deb", "--control", package, sums], check=True)
    checked = subprocess.run(["md5sum", "--quiet", "-c", sums / "md5sums"], cwd=tmp_path / "root", check=False)
    assert checked.returncode == 0
    for tool, *words in (
        ("desktop-file-validate", usr / "share/applications/codestrata.desktop"),
        ("appstreamcli", "validate", "--no-net", usr / "share/metainfo/io.github.codestrata.metainfo.xml"),
        ("update-mime-database", usr / "share/mime"),
    ):
        if shutil.which(tool):
            subprocess.run([tool, *words], check=True)
    times = _tasks(usr / "bin" / "codestrata", source, environment, tmp_path)
    installed = f"{corpus.bytes_of(tmp_path / 'root') / 1e6:.0f} MB"
    rows = [("what", "figure"), ("package", f"{package.stat().st_size / 1e6:.0f} MB"), ("installed", installed), *times]
    machine.show("deb", "The Debian package, unpacked", rows)


def _tasks(program: Path, source: Path, environment: dict[str, str], home: Path) -> list[tuple[str, str]]:
    """What a new user does first, each with the seconds it took."""
    picture, photo = home / "architecture.svg", home / "architecture.png"

    def timed(*words: object) -> tuple[float, str]:
        began = time.perf_counter()
        command = [str(program), *map(str, words)]
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, (words, done.stderr)
        return time.perf_counter() - began, done.stdout

    place = ("--source", source)
    indexed, told = timed("index", source, "--json")
    report = json.loads(told)
    assert report["files"]["failed"] == []
    assert report["chunks"] > 500
    assert report["edges"]["calls"]["exact"] > 500
    searched, told = timed("search", QUESTION, "--json", *place)
    assert json.loads(told)["results"][0]["path"].startswith("http/")
    asked, told = timed("ask", QUESTION, "--no-llm", "--json", *place)
    assert json.loads(told)["citations"]
    drawn, _ = timed("diagram", "architecture", "-o", picture, *place)
    assert picture.read_text("utf-8").startswith("<")
    photographed, _ = timed("diagram", "architecture", "-o", photo, *place)
    assert photo.read_bytes().startswith(b"\x89PNG")
    verified, _ = timed("verify", *place)
    doctor = json.loads(timed("doctor", "--json")[1])
    assert doctor["vectors"]["store"] == "faiss"
    began = time.perf_counter()
    with connected(*map(str, place), env=environment, cwd=home, command=program) as agent:
        offered = {tool.name for tool in agent.portal.call(agent.client.list_tools).tools}
        listed = time.perf_counter() - began
        assert {"search_code", "callers", "dead_code"} <= offered
        assert agent.facts("search_code", query=QUESTION)["results"]
    assert _indexed_by_lines(program, source, environment, home)["chunks"] == report["chunks"]
    opened = _window(program, source, environment, home)
    starts = statistics.median(timed("--help")[0] for _ in range(5))
    return [
        ("codestrata --help", f"{starts:.2f} s"),
        *(
            (name, f"{seconds:.1f} s")
            for name, seconds in (
                ("index", indexed),
                ("search", searched),
                ("ask without a model", asked),
                ("draw the architecture as SVG", drawn),
                ("as PNG", photographed),
                ("verify", verified),
                ("tools listed to an agent", listed),
                ("the window, until it listens", opened),
            )
        ),
    ]


def _indexed_by_lines(program: Path, source: Path, environment: dict[str, str], home: Path) -> dict[str, Any]:
    """What an indexer process, as the window starts it, reports."""
    command = [str(program), "engine", "--indexer"]
    asked = {"id": 1, "method": "index", "params": {"source": str(source), "index": str(home / "by-lines")}}
    with subprocess.Popen(
        command, cwd=home, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as job:
        assert job.stdin is not None
        assert job.stdout is not None
        job.stdin.write(json.dumps(asked) + "\n")
        job.stdin.flush()
        answers = (json.loads(line) for line in job.stdout)
        end = next(answer for answer in answers if answer.get("id") == 1 and "event" not in answer)
        job.stdin.close()
    result: dict[str, Any] = end["result"]
    return result


def _window(program: Path, source: Path, environment: dict[str, str], home: Path) -> float:
    """The seconds until a window, opened on a source, is there for the next one; that hands its own source over and ends."""
    began = time.perf_counter()
    command = [str(program), str(source)]
    window = subprocess.Popen(command, cwd=home, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        _wait(lambda: window.poll() is not None or _listens(window.pid))
        assert window.poll() is None, window.communicate()[1]
        seconds = time.perf_counter() - began
        engines = [child for child in psutil.Process(window.pid).children() if "engine" in child.cmdline()]
        assert engines
        if sys.platform == "linux":  # what a process of ours loads must not be the system's, which may lack it
            _wait(lambda: any("libsqlite3" in path for path in _loaded(engines[0])))
            inside = str(program.resolve().parent)
            assert [path for path in _loaded(engines[0]) if "libsqlite3" in path and not path.startswith(inside)] == []
        second = subprocess.run(
            command, cwd=home, env=environment, capture_output=True, text=True, check=False, timeout=MINUTE
        )
        assert second.returncode == 0, second.stderr
        assert window.poll() is None
    finally:
        window.terminate() if os.name == "nt" else window.send_signal(signal.SIGINT)
        _, errors = window.communicate(timeout=MINUTE)
    assert "Traceback" not in errors
    return seconds


def _loaded(process: psutil.Process) -> set[str]:
    """The files that a process has mapped."""
    return {mapped.path for mapped in process.memory_maps()}


def _listens(pid: int) -> bool:
    """Whether a window waits for others."""
    process = psutil.Process(pid)
    if os.name == "nt":  # its pipes are not told
        return bool(process.children())
    return any(found.laddr for found in process.net_connections("unix"))


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5 * MINUTE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.5)
