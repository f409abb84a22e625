"""`codestrata cycles`, `dead`, `entries` and `hotspots`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.command import Run
from tests.indexing.intake.test_repositories import git

SYMBOL = {"id", "name", "qualified_name", "kind", "language", "path", "start_line", "end_line", "signature"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, run: Run) -> list[str]:
    folder = tmp_path_factory.mktemp("structure")
    source = folder / "source"
    source.mkdir()
    (source / "a.py").write_text("import b\n\n\ndef start():\n    b.go()\n\n\nif __name__ == '__main__':\n    start()\n")
    (source / "b.py").write_text("import a\n\n\ndef go():\n    return a.start\n\n\ndef _left_over():\n    return 1\n")
    git(source, "init", "-q")
    git(source, "add", "-A")
    git(source, "commit", "-q", "-m", "first")
    assert run("index", str(source), "--index", str(folder / "index"), "-q").code == 0
    return ["--index", str(folder / "index")]


def test_cycles(run: Run, index: list[str]) -> None:
    done = run("cycles", "--json", *index)
    assert done.code == 0, done.err
    assert done.json["by"] == "imports"
    [found] = done.json["cycles"]
    assert found["nodes"] == ["a.py", "b.py"]
    assert {(link["source"], link["target"]) for link in found["cycle"]} == {("a.py", "b.py"), ("b.py", "a.py")}
    assert {"path", "line", "source", "target", "kind", "confidence", "deferred"} == found["cycle"][0]["places"][0].keys()
    told = run("cycles", *index).out
    assert "2 files reach each other by imports" in told
    assert "a.py:1" in told
    none = run("cycles", "--by", "calls", "--level", "symbol", *index)
    assert (none.code, none.out) == (1, "no cycles of calls between definitions\n")
    refused = run("cycles", "--level", "symbol", *index)
    assert (refused.code, refused.out) == (2, "")


def test_dead(run: Run, index: list[str]) -> None:
    done = run("dead", "--json", *index)
    assert done.code == 0, done.err
    [found] = done.json["candidates"]
    assert found.keys() >= {*SYMBOL, "lines", "certainty", "caveats", "used_by"}
    assert (found["id"], found["certainty"], found["lines"]) == ("b._left_over", "likely", 2)
    assert "b.py:8  function _left_over, 2 lines" in run("dead", *index).out
    assert run("dead", "--path", "a.py", *index).code == 1


def test_entries(run: Run, index: list[str]) -> None:
    done = run("entries", "--json", *index)
    assert done.code == 0, done.err
    assert done.json["counts"] == {"script": 1, "exported": 2}
    assert [(one["entry"], one["id"]) for one in done.json["entries"]] == [
        ("script", "a"),
        ("exported", "a.start"),
        ("exported", "b.go"),
    ]
    assert run("entries", "--kind", "route", *index).code == 1
    assert 'if __name__ == "__main__"' in run("entries", *index).out


def test_hotspots(run: Run, index: list[str], sample_index: Path) -> None:
    done = run("hotspots", "--json", *index)
    assert done.code == 0, done.err
    first = done.json["hotspots"][0]
    assert first.keys() == {"path", "score", "commits", "lines", "nesting", "complexity"}
    assert (first["commits"], first["score"]) == (1, 1.0)
    assert "a.py" in run("hotspots", *index).out
