"""Faults met by using the command line as people do, each kept from coming back."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from desktop.assembly import open_service, settings_for
from tests.end_to_end.command import COMMAND, Run


def test_an_id_of_a_query_comes_back_as_it_was_given(run: Run, sample_index: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('\n{"id": 7, "query": "price"}\n  \n{"id": "b", "query": "price"}\n', "utf-8-sig")
    done = run("search", "--queries", str(queries), "--index", str(sample_index))
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == [7, "b"]


def test_json_is_utf_8_whatever_the_locale(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "grüße.py").write_text("def grüße():\n    return 1\n", "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "CODESTRATA_DATA_DIR": str(home / "data")}
    index = str(tmp_path / "index")
    for arguments in (["index", str(source), "--json"], ["search", "grüße", "--json"], ["graph"]):
        done = subprocess.run([str(COMMAND), *arguments, "--index", index], env=environment, capture_output=True, check=True)
        assert json.loads(done.stdout.decode("utf-8"))


@pytest.mark.parametrize("arguments", [["search", "--queries", "-"], ["context", "--queries", "-"]])
def test_a_closed_standard_input_is_told(sample_index: Path, arguments: list[str]) -> None:
    command = " ".join([str(COMMAND), *arguments, "--index", str(sample_index), "<&-"])
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_full_output_is_told(run: Run, sample_index: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    command = f"{COMMAND} verify --index {sample_index} > /dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_had_enough_is_no_failure(sample_index: Path) -> None:
    command = [str(COMMAND), "search", "price", "--json", "--index", str(sample_index)]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_index_is_not_put_among_other_things(run: Run, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    for folder in (tmp_path, tmp_path / "letter.txt"):
        done = run("index", str(sample), "--index", str(folder))
        assert done.code == 2
        assert "cannot hold an index" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_deleted_working_directory_is_no_crash(tmp_path: Path) -> None:
    command = f"mkdir {tmp_path}/gone && cd {tmp_path}/gone && rmdir {tmp_path}/gone && {COMMAND} search x"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_name_of_two_indexes_is_not_removed(run: Run, tmp_path: Path) -> None:
    environment = {"CODESTRATA_DATA_DIR": str(tmp_path / "data")}
    for place in ("left", "right"):
        source = tmp_path / place / "same"
        source.mkdir(parents=True)
        (source / "a.py").write_text("x = 1\n")
        assert run("index", str(source), env=environment).code == 0
    done = run("remove", "same", "--yes", env=environment)
    assert done.code == 2
    assert "names 2 indexes" in done.err
    assert run("remove", f"{tmp_path}/left/same/", "--yes", env=environment).code == 0
    assert len(run("list", "--json", env=environment).json) == 1


def test_a_session_follows_a_rebuilt_index(run: Run, tmp_path: Path) -> None:
    """A rebuild counts generations from 1 again, so that the number alone does not tell a new index from the old."""
    source, index = tmp_path / "source", tmp_path / "index"
    source.mkdir()
    (source / "a.py").write_text("def alpha():\n    return 1\n")
    assert run("index", str(source), "--index", str(index)).code == 0
    service = open_service(settings_for())
    assert service.symbols(index, "alpha", 10)
    (source / "a.py").write_text("def beta():\n    return 1\n")
    assert run("index", str(source), "--index", str(index), "--rebuild").code == 0
    assert service.symbols(index, "beta", 10)
    assert not service.symbols(index, "alpha", 10)


def test_an_odd_byte_in_a_name_finds_nothing_and_breaks_nothing(sample_index: Path) -> None:
    for command in (b"symbols", b"show", b"search"):
        arguments = [os.fsencode(COMMAND), command, b"odd\xff", b"--index", os.fsencode(sample_index)]
        done = subprocess.run(arguments, capture_output=True, check=False)
        assert done.returncode == {b"symbols": 1, b"show": 2, b"search": 0}[command]
        assert b"Traceback" not in done.stderr


def test_a_folded_document_is_written_to_a_relative_path(run: Run, sample_index: Path, tmp_path: Path) -> None:
    done = run("fold", "--index", str(sample_index), "-o", "folded.md", "--budget", "3000", cwd=tmp_path)
    assert done.code == 0, done.err
    assert (tmp_path / "folded.md").read_text("utf-8")
