"""Bad input gets one clear line on standard error and exit code 2, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.end_to_end.command import Done, Run


def refused(done: Done, *words: str) -> None:
    """The command was refused as it should be, and says these words."""
    assert done.code == 2, (done.code, done.out, done.err)
    lines = done.err.strip().splitlines()
    assert len(lines) == 1, done.err
    assert lines[0].startswith("codestrata: ")
    assert done.out == ""
    for word in words:
        assert word in lines[0], lines[0]


def test_a_missing_path(run: Run) -> None:
    refused(run("index", "/nowhere/at/all", "--quiet"), "/nowhere/at/all")


def test_a_file_for_a_folder(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("x = 1\n")
    refused(run("index", str(file), "--quiet"), "one.py", "folder")


def test_an_empty_folder(run: Run, tmp_path: Path) -> None:
    refused(run("index", str(tmp_path), "--quiet"), "nothing")


def test_a_folder_of_which_nothing_can_be_indexed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.bin").write_bytes(b"\0" * 100)
    refused(run("index", str(tmp_path), "--quiet"), "nothing", "binary")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        refused(run("index", str(tmp_path), "--quiet"), "read")
    finally:
        tmp_path.chmod(0o700)


def test_an_unreadable_file_among_readable_ones_is_told_and_the_rest_indexed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("x = 1\n")
    (tmp_path / "loop.py").symlink_to("loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    done = run("index", str(tmp_path), "--json", "--quiet")
    assert done.code == 0, done.err
    files = done.json["files"]
    assert files["indexed"] == 1
    assert files["skipped"] == {"symlink": 1, "special": 1}


def test_a_queries_file_that_cannot_be_read(run: Run, sample_index: Path) -> None:
    refused(run("search", "--queries", "/nowhere.jsonl", "--index", str(sample_index)), "/nowhere.jsonl")


def test_a_queries_line_that_is_not_one(run: Run, sample_index: Path) -> None:
    done = run("search", "--queries", "-", "--index", str(sample_index), stdin='{"query": "without an id"}\n')
    refused(done, "line 1", "'id'")


def test_an_index_that_is_not_one(run: Run, tmp_path: Path) -> None:
    refused(run("search", "x", "--index", str(tmp_path)), "no index", "codestrata index")


def test_a_broken_index(run: Run, tmp_path: Path, sample: Path) -> None:
    index = tmp_path / "index"
    assert run("index", str(sample), "--index", str(index), "--quiet").code == 0
    database = index / "index.sqlite"
    database.write_bytes(b"\x07" * database.stat().st_size)
    refused(run("ask", "anything", "--no-llm", "--index", str(index)), "--rebuild")
    assert run("index", str(sample), "--index", str(index), "--rebuild", "--quiet").code == 0
    assert run("verify", "--index", str(index)).code == 0


def test_rebuild_leaves_a_folder_alone_that_is_not_an_index(run: Run, tmp_path: Path, sample: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    refused(run("index", str(sample), "--index", str(tmp_path), "--rebuild", "--quiet"), "thesis.txt")
    assert precious.read_text() == "years of work"


def test_no_index_and_no_source(run: Run, tmp_path: Path) -> None:
    refused(run("search", "x", cwd=tmp_path), "--index")


def test_options_that_do_not_exist_or_do_not_fit(run: Run, sample_index: Path) -> None:
    index = ["--index", str(sample_index)]
    refused(run("search", "x", "--colour", *index), "--colour")
    refused(run("search", *index), "QUERY")
    refused(run("search", "x", "-k", "0", *index), "-k")
    refused(run("context", "how are parcels routed", "--budget", "3", *index), "budget")
    refused(run("diagram", "portrait", *index), "portrait")
    refused(run("diagram", "architecture", "-o", "x.docx", *index), "docx")
    refused(run("show", "no_such_symbol_anywhere", *index), "no_such_symbol_anywhere")
    refused(run("search", "", *index), "empty")


def test_a_server_that_is_not_there_is_named(run: Run, sample: Path) -> None:
    refused(
        run("index", ".", "--store", "qdrant=http://127.0.0.1:1", "--quiet", cwd=sample), "127.0.0.1:1", "cannot be reached"
    )
