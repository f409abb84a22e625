"""The packages as a new user has them: sdist and wheel are built, the wheel (from the sdist) is installed into a fresh
environment outside of this tree, and five tasks are done there. Sizes and times are told."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from resources import resource_path
from tests.benchmarks import corpus, machine

ROOT = Path(__file__).parents[2]
QUESTION = "where is an order priced"
MODULES = "import codestrata_start, codestrata_llama_index"
WINDOW = """
from PySide6.QtCore import QSettings
from desktop import assembly
from desktop.qt.application import make_application, make_window
application = make_application()
store = QSettings("window.ini", QSettings.IniFormat)
window = make_window(application, assembly.engine_command(), assembly.settings_for(), store)
window.show()
application.processEvents()
assert window.isVisible()
window.close()
"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist and the wheel."""
    pytest.importorskip("build")
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(out), str(ROOT)], check=True, stdout=subprocess.DEVNULL)
    return next(out.glob("*.tar.gz")), next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def bin_folder(packages: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that holds the wheel and what it needs."""
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    folder = home / ("Scripts" if os.name == "nt" else "bin")
    install = [folder / "python", "-m", "pip", "-q", "install", "-c", ROOT / "constraints.txt", f"{packages[1]}[cpu]"]
    subprocess.run(install, check=True)
    return folder


def test_the_wheel_does_its_tasks(packages: tuple[Path, Path], bin_folder: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment |= {"CODESTRATA_DATA_DIR": str(tmp_path / "data"), "CODESTRATA_CONFIG_DIR": str(tmp_path / "config")}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    picture = tmp_path / "architecture.svg"

    def timed(program: str, *words: object) -> tuple[float, str]:
        began = time.perf_counter()
        command = [str(bin_folder / program), *map(str, words)]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (words, done.stderr)
        return time.perf_counter() - began, done.stdout

    source = ("--source", resource_path("sample"))
    tasks = {
        "index the sample": timed("codestrata", "index", resource_path("sample"), "--quiet")[0],
        "search": timed("codestrata", "search", QUESTION, *source)[0],
        "ask without a model": timed("codestrata", "ask", QUESTION, *source)[0],
        "draw the architecture": timed("codestrata", "diagram", "architecture", "-o", picture, *source)[0],
        "open and close the window": timed("python", "-P", "-c", WINDOW)[0],
    }
    assert picture.read_text("utf-8").startswith("<")
    timed("python", "-P", "-c", f"{MODULES}; assert codestrata_start.__file__.startswith({str(bin_folder.parent)!r})")
    starts = statistics.median(timed("codestrata", "--help")[0] for _ in range(5))
    sizes = {"sdist": packages[0].stat().st_size, "wheel": packages[1].stat().st_size}
    installed = corpus.bytes_of(bin_folder.parent)
    rows = [("what", "figure"), *((name, f"{size / 1e6:.1f} MB") for name, size in sizes.items())]
    rows += [("environment", f"{installed / 1e6:.0f} MB"), ("codestrata --help", f"{starts:.2f} s")]
    rows += [(name, f"{seconds:.1f} s") for name, seconds in tasks.items()]
    machine.show("package", "The wheel in a fresh environment", rows)
