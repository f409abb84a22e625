"""`codestrata needle` on a small real source: the standard library's own packages."""

from __future__ import annotations

import email
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.end_to_end.command import COMMAND, Run, end


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packages, some 0.5 MB."""
    root = tmp_path_factory.mktemp("library") / "source"
    for module in (json, email):
        folder = Path(module.__file__).parent
        shutil.copytree(folder, root / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def test_needles_are_found_and_nothing_is_left_or_changed(run: Run, source: Path, temporary: Path, tmp_path: Path) -> None:
    before, picture = contents(source), tmp_path / "grid.svg"
    arguments = ("needle", str(source), "--sizes", "0.1,0.3,40", "--depths", "5", "--json", "-o", str(picture))
    done = run(*arguments, env={"TMPDIR": str(temporary)})
    assert done.code == 0, done.err
    grid = done.json
    assert len(done.out.splitlines()) == 1
    assert grid["sizes_mb"] == [0.1, 0.3, 40.0]
    assert grid["depths"] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert [len(row) for row in grid["found_at"]] == [5, 5, 5]
    assert grid["found_at"] == grid["grids"]["paraphrase"]
    assert grid["recall_at_10"] == grid["recall"]["paraphrase"]
    assert grid["recall"]["shared"] == 1.0
    total = sum(map(len, before.values()))
    assert [tree["bytes"] for tree in grid["trees"]] == [pytest.approx(1e5, rel=0.1), pytest.approx(3e5, rel=0.1), total]
    assert "40 MB: the source has only" in done.err
    for row, ranks in zip(grid["needles"], grid["found_at"], strict=True):
        assert len({needle["needle"] for cell in row for needle in cell}) == 10
        for cell, rank in zip(row, ranks, strict=True):
            assert [needle["kind"] == "function" for needle in cell] == [True, False]
            assert all(needle["path"] in before for needle in cell)
            found = [needle["paraphrase"] for needle in cell]
            assert rank == (None if None in found else max(found))
    root = ElementTree.parse(picture).getroot()
    assert "0.1 MB" in {"".join(item.itertext()) for item in root.iter("{http://www.w3.org/2000/svg}text")}
    assert contents(source) == before
    assert not any(temporary.iterdir())


def test_the_same_again_and_more_depths_than_needles(run: Run, source: Path) -> None:
    arguments = ("needle", str(source), "--sizes", "0.15", "--depths", "14", "--json", "--quiet")
    first, again = run(*arguments), run(*arguments)
    assert first.code == 0, first.err
    assert first.err == ""
    assert first.json == again.json
    cells = first.json["needles"][0]
    assert [len(cell) for cell in cells] == [2] * 14
    # After the twelfth depth the tree is planted anew: its needles may come again, and are found.
    assert {needle["needle"] for cell in cells[12:] for needle in cell} <= {
        needle["needle"] for cell in cells[:12] for needle in cell
    }
    assert all(needle["shared"] is not None for cell in cells for needle in cell)


def test_without_a_source_the_source_of_the_index_is_taken_and_a_person_sees_a_table(
    run: Run, sample: Path, sample_index: Path
) -> None:
    done = run("needle", "--index", str(sample_index), "--sizes", "1", "--depths", "2")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0] == "Found at rank, asked in other words (the worst of a place)"
    assert lines[1].split() == ["depth", "1", "MB"]
    assert [line.split()[0] for line in lines[2:4]] == ["0%", "100%"]
    assert lines[-2].startswith("recall at 10, in words of its own: 1.00 of 4 needles")
    assert lines[-1].startswith("recall at 10, in other words: ")
    assert run("needle", str(sample), "--sizes", "1", "--depths", "2").out == done.out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--sizes", "ten"], "'ten' is no size"),
        (["--sizes", "0"], "'0' is no size"),
        (["--sizes", "1,,2"], "'' is no size"),
        (["--sizes", "nan"], "'nan' is no size"),
        (["--sizes", ",".join(["1"] * 65)], "65 sizes are too many"),
        (["--sizes", "0.000001"], "no file of the source fits"),
        (["--depths", "0"], "--depths"),
        (["--depths", "101"], "--depths"),
        (["--depths", "x"], "--depths"),
        (["-o", "grid.docx"], "svg, png, pdf"),
        (["-o", "no/such/folder/grid.svg"], "its folder does not exist"),
    ],
)
def test_bad_input_is_told_in_one_line(run: Run, source: Path, arguments: list[str], named: str) -> None:
    done = run("needle", str(source), *arguments)
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert named in done.err


def test_a_source_that_is_not_there_or_holds_nothing_to_plant_in(run: Run, tmp_path: Path, temporary: Path) -> None:
    missing = run("needle", str(tmp_path / "gone"))
    assert (missing.code, len(missing.err.splitlines())) == (2, 1)
    assert "there is no such file or folder" in missing.err
    nowhere = run("needle", cwd=tmp_path)
    assert (nowhere.code, len(nowhere.err.splitlines())) == (2, 1)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run("needle", str(empty)).code == 2
    (empty / "words.txt").write_text("only words\n")
    barren = run("needle", str(empty), "--quiet", env={"TMPDIR": str(temporary)})
    assert (barren.code, len(barren.err.splitlines())) == (2, 1)
    assert "no needle can be planted" in barren.err
    assert not any(temporary.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_leaves_no_tree(home: Path, source: Path, temporary: Path, number: signal.Signals) -> None:
    env = {**os.environ, "TMPDIR": str(temporary), "CODESTRATA_DATA_DIR": str(home / "data")}
    command = [str(COMMAND), "needle", str(source), "--sizes", "0.1,0.2,0.3,0.4", "--quiet"]
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE)
    end(process, number, lambda: any(temporary.glob("codestrata-source-*/scratch/index/*")))
    assert not any(temporary.iterdir())
