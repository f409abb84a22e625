"""Changes of a source are told, once, and those that a scan leaves out are not."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError
from core.settings import ScanSettings
from desktop.engine.watching import Changed, Watching, watch, watched_roots
from indexing.intake import open_source
from indexing.rule_files import Sieve
from indexing.scan import scan

SECONDS = 20


class Watcher:
    """Watches in a thread of its own, and keeps what it is told."""

    def __init__(self, roots: list[Path], exclude: Path) -> None:
        self.news: queue.Queue[Watching | Changed] = queue.Queue()
        self.token = CancellationToken()
        self._thread = threading.Thread(target=self._run, args=(roots, exclude))
        self._thread.start()
        assert self.news.get(timeout=SECONDS) == Watching()

    def _run(self, roots: list[Path], exclude: Path) -> None:
        try:
            for news in watch(roots, exclude, ScanSettings(), self.token):
                self.news.put(news)
        except CancelledError:
            pass

    def is_quiet(self) -> bool:
        """Whether nothing is told for longer than changes are collected."""
        try:
            self.news.get(timeout=2)
        except queue.Empty:
            return True
        return False

    def stop(self) -> float:
        began = time.monotonic()
        self.token.cancel()
        self._thread.join(SECONDS)
        assert not self._thread.is_alive()
        return time.monotonic() - began


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "a.py").write_text("x = 1\n")
    (root / ".gitignore").write_text("build/\n*.log\n")
    (root / "build").mkdir()
    (root / "node_modules" / ".cache").mkdir(parents=True)
    return root


@pytest.fixture
def watcher(source: Path) -> Iterator[Watcher]:
    started = Watcher([source], source / "index")
    yield started
    started.stop()


def test_a_burst_of_changes_is_told_once(source: Path, watcher: Watcher) -> None:
    for n in range(50):
        (source / "pkg" / f"n{n}.py").write_text("y = 1\n")
        time.sleep(0.01)
    shutil.move(source / "pkg", source / "moved")
    assert watcher.news.get(timeout=SECONDS) == Changed()
    assert watcher.is_quiet()
    (source / "moved" / "a.py").unlink()
    assert watcher.news.get(timeout=SECONDS) == Changed()


def test_what_a_scan_leaves_out_is_not_told(source: Path, watcher: Watcher) -> None:
    (source / "build" / "out.py").write_text("y = 1\n")
    (source / "pkg" / "x.log").write_text("y\n")
    (source / ".git").mkdir()
    (source / ".git" / "HEAD").write_text("ref: x\n")
    (source / "node_modules" / ".cache" / "a.js").write_text("let x;\n")
    (source / "index").mkdir()
    (source / "index" / "data.db").write_text("x")
    assert watcher.is_quiet()
    (source / ".gitignore").write_text("*.log\n")  # now the folder is part of the source
    assert watcher.news.get(timeout=SECONDS) == Changed()
    (source / "build" / "out.py").write_text("y = 2\n")
    assert watcher.news.get(timeout=SECONDS) == Changed()


def test_it_ends_at_once_when_cancelled(source: Path) -> None:
    assert Watcher([source], source / "index").stop() < 2


def test_only_folders_are_watched(source: Path, tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "packed"), "zip", source)
    with open_source(str(source)) as folder, open_source(str(tmp_path / "packed.zip")) as packed:
        assert watched_roots(folder.identity, folder.stamp) == [source]
        assert watched_roots(packed.identity, packed.stamp) == []
    with open_source(f"{source}\n{tmp_path / 'packed.zip'}") as both:
        assert watched_roots(both.identity, both.stamp) == [source]


def test_the_sieve_lets_through_what_a_scan_finds(tmp_path: Path) -> None:
    tree = {
        "a.py": 1, "b.log": 0, "keep/b.log": 1, "keep/.gitignore": 1, "out/a.py": 0, "sub/.git/HEAD": 0, "sub/b.log": 1,
        "deep/er/__pycache__/a.py": 0, "deep/er/a.py": 1, ".gitignore": 1, ".cursorignore": 1, "secret/a.py": 0,
    }  # fmt: skip
    for name in tree:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")
    (tmp_path / ".gitignore").write_text("*.log\nout/\n")
    (tmp_path / ".cursorignore").write_text("secret\n")
    (tmp_path / "keep/.gitignore").write_text("!*.log\n")
    sieve = Sieve(tmp_path, ScanSettings(), tmp_path / "index")
    assert {name: sieve.passes(str(tmp_path / name)) for name in tree} == {name: bool(kept) for name, kept in tree.items()}
    found = scan(open_source(str(tmp_path)), ScanSettings(), CancellationToken())
    assert {file.path for file in found.files} == {name for name, kept in tree.items() if kept}


LIMITED = """
import sys
from pathlib import Path
from core.cancellation import CancellationToken
from core.settings import ScanSettings
from desktop.engine import watching
watching._POLL_SECONDS = 0.1
root = Path(sys.argv[1])
news = watching.watch([root], root / "index", ScanSettings(), CancellationToken())
print(next(news).why, flush=True)
(root / "pkg" / "a.py").read_text()
import threading, time
threading.Timer(3, lambda: (root / "pkg" / "a.py").write_text("x = 22\\n")).start()
print(type(next(news)).__name__, flush=True)
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs a namespace with limits of its own")
@pytest.mark.parametrize("limit", ["max_inotify_watches", "max_inotify_instances"])
def test_where_the_system_has_no_room_it_looks_now_and_then(source: Path, limit: str) -> None:
    setting = f"echo 0 > /proc/sys/user/{limit}"
    if subprocess.run(["unshare", "-Ur", "sh", "-c", setting], capture_output=True, check=False).returncode:
        pytest.skip("no namespace can be made here")
    command = ["unshare", "-Ur", "sh", "-c", f'{setting}; exec "$0" -c "$1" "$2"', sys.executable, LIMITED, str(source)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    assert done.stdout.splitlines()[0].startswith("changes are looked for now and then: "), done.stderr
    assert done.stdout.splitlines()[1] == "Changed"
