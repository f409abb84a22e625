"""The examples of the documentation run: every block of Python in a fresh process, every command of a shell block here."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.cli.main import run
from resources import resource_path

DOCS = sorted(resource_path("docs").rglob("*.md"))
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = "path/to/project"


def blocks(language: str) -> list[pytest.param]:
    """The blocks of a language, each named by its page and place."""
    return [
        pytest.param(found[2], id=f"{page.stem}-{number}")
        for page in DOCS
        for number, found in enumerate(_BLOCK.finditer(page.read_text("utf-8")), 1)
        if found[1] == language
    ]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project, indexed where the commands look for it."""
    home = tmp_path_factory.mktemp("docs")
    source = home / "project"
    source.mkdir()
    (source / "orders.py").write_text("def price_of(order):\n    return sum(line.price for line in order.lines)\n")
    (source / "stock.py").write_text("def reserve(item, amount):\n    item.left -= amount\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODESTRATA_DATA_DIR", str(home / "data"))
        patch.setenv("CODESTRATA_CONFIG_DIR", str(home / "config"))
        assert run(["index", str(source), "--quiet"]) == 0
    return source


@pytest.fixture(autouse=True)
def at_home(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(project.parent / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(project.parent / "config"))


@pytest.mark.parametrize("text", blocks("python"))
def test_python_runs(text: str, project: Path) -> None:
    told = "import sys\nours = {'core', 'indexing', 'desktop', 'resources'} & set(sys.modules)\nassert not ours, ours\n"
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    done = subprocess.run(
        [sys.executable, "-P", "-c", text.replace(PLACEHOLDER, str(project)) + told],
        capture_output=True,
        text=True,
        env=environment,
        cwd=project.parent,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("text", blocks("sh"))
def test_commands_run(text: str, project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for line in text.splitlines():
        words = shlex.split(line.replace(PLACEHOLDER, str(project)), comments=True)
        if words:
            assert words[0] == "codestrata", line
            assert run(words[1:]) in (0, 1), line


_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    local = [link for link in _LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []
