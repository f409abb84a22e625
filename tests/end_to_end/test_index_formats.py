"""Indexes of other versions: what an older or a newer program made is refused in one line, and made anew when that is asked
for, with everything a person added to it kept."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from desktop import assembly
from desktop.cli.main import run
from indexing.stores.choices import fold_choices
from indexing.stores.sqlite.schema import DATABASE_NAME, FORMAT_VERSION
from tests.indexing.trees import index_tree, write_tree

SOURCE = {"orders.py": "def price_of(order):\n    return order.price\n\n\ndef pay(order):\n    return price_of(order)\n"}
READING = [
    ("search", "price"),
    ("search", "--regex", "price"),
    ("context", "how is an order priced"),
    ("ask", "how is an order priced", "--no-llm"),
    ("symbols", "pay"),
    ("show", "pay"),
    ("callers", "price_of"),
    ("graph",),
    ("cycles",),
    ("dead",),
    ("clones",),
    ("diagram", "architecture", "-o", "drawn.svg"),
    ("fold", "-o", "folded"),
    ("explain", "-o", "explained.html"),
    ("verify",),
    ("mcp",),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source and its index."""
    home = tmp_path_factory.mktemp("formats")
    write_tree(home / "source", SOURCE)
    index_tree(home / "source", home / "index")
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that, as the working directory."""
    shutil.copytree(made / "index", tmp_path / "index")
    monkeypatch.setenv("CODESTRATA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODESTRATA_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def give_format(index: Path, version: int) -> None:
    """Make an index one of another format, as far as a program can tell before it reads on."""
    connection = sqlite3.connect(index / DATABASE_NAME)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("version", [FORMAT_VERSION - 1, FORMAT_VERSION + 1], ids=["older", "newer"])
@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_another_format_is_refused_in_one_line(
    home: Path, command: tuple[str, ...], version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    give_format(home / "index", version)
    before = (home / "index" / DATABASE_NAME).read_bytes()
    assert run([*command, "--index", str(home / "index")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    [line] = told.err.strip().splitlines()
    assert f"has format {version}, this program reads {FORMAT_VERSION}" in line
    assert ("newer" if version > FORMAT_VERSION else "older") in line
    assert "--rebuild" in line
    assert (home / "index" / DATABASE_NAME).read_bytes() == before


@pytest.mark.parametrize("version", [FORMAT_VERSION - 1, FORMAT_VERSION + 1], ids=["older", "newer"])
def test_it_is_rebuilt_when_that_is_asked_for_and_not_before(
    made: Path, home: Path, version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    source, index = made / "source", home / "index"
    give_format(index, version)
    assert run(["index", str(source), "--index", str(index)]) == 2
    assert f"has format {version}" in capsys.readouterr().err
    assert run(["index", str(source), "--index", str(index), "--rebuild", "--quiet"]) == 0
    assert run(["search", "price", "--index", str(index)]) == 0
    assert run(["verify", "--index", str(index)]) == 0


def test_what_a_person_chose_outlives_the_format(made: Path, home: Path) -> None:
    index = home / "index"
    assembly.choose_folding(index, [("orders.py", 1, "pin")], assembly.settings_for(), CancellationToken())
    chosen = fold_choices(index)
    assert chosen
    give_format(index, FORMAT_VERSION - 1)
    assert run(["index", str(made / "source"), "--index", str(index), "--rebuild", "--quiet"]) == 0
    assert fold_choices(index) == chosen
