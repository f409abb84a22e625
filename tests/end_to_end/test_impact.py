"""`codestrata impact`: of a symbol, and of a range of commits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.command import Run
from tests.indexing.intake.test_repositories import git


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    folder = tmp_path / "project"
    (folder / "tests").mkdir(parents=True)
    (folder / "core.py").write_text("def parse():\n    return 1\n\n\ndef load():\n    return parse()\n")
    (folder / "tests" / "test_core.py").write_text("from core import load\n\n\ndef test_load():\n    assert load()\n")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    (folder / "core.py").write_text("def parse():\n    return 2\n\n\ndef load():\n    return parse()\n")
    git(folder, "commit", "-q", "-a", "-m", "second")
    assert run("index", str(folder), "--index", str(tmp_path / "index"), "-q").code == 0
    return folder


@pytest.mark.parametrize("what", ["core.parse", "HEAD~1.."])
def test_impact(run: Run, project: Path, what: str) -> None:
    index = ["--index", str(project.parent / "index")]
    done = run("impact", what, "--json", *index)
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found["changed"] == ["core.parse"]
    assert [node["id"] for node in found["nodes"]] == ["core.parse", "core.load", "tests.test_core.test_load"]
    assert found["tests"] == ["tests.test_core.test_load"]
    told = run("impact", what, *index).out
    assert "touches 2 symbols in 2 files" in told
    assert told.index("core.load") < told.index("tests/test_core.py  test")


def test_nothing_changed_is_an_empty_answer(run: Run, project: Path) -> None:
    index = ["--index", str(project.parent / "index")]
    done = run("impact", "HEAD..HEAD", *index)
    assert (done.code, done.out) == (1, "nothing that is indexed changed\n")
    refused = run("impact", "nosuch..HEAD", *index)
    assert refused.code == 2
    assert "nosuch..HEAD" in refused.err
