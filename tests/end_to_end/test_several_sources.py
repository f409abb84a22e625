"""Several sources as one workspace, through the command: index, find again from any of them, update, verify."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.end_to_end.command import Run
from tests.end_to_end.test_bad_input import refused


@pytest.fixture
def sources(tmp_path: Path) -> tuple[str, str, str]:
    """Two folders of one name, and an archive."""
    for folder, function in (("one/app", "alpha"), ("two/app", "beta")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "main.py").write_text(f"def {function}():\n    return 1\n")
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as archive:
        archive.writestr("lib/tools.py", "def gamma():\n    return 1\n")
        archive.writestr("../out.py", "x = 1\n")
    return str(tmp_path / "one/app"), str(tmp_path / "two/app"), str(tmp_path / "lib.zip")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"CODESTRATA_DATA_DIR": str(tmp_path / "data")}


def place(run: Run, name: str, *options: str, env: dict[str, str], cwd: Path | None = None) -> list[str]:
    found = run("symbols", name, "--json", *options, env=env, cwd=cwd)
    assert found.code == 0, found.err
    return [symbol["path"] for symbol in found.json]


def test_they_are_one_index_found_by_all_or_any(
    run: Run, sources: tuple[str, str, str], env: dict[str, str], tmp_path: Path
) -> None:
    one, two, lib = sources
    first = run("index", two, lib, one, "--json", "--quiet", env=env)
    assert first.code == 0, first.err
    assert first.json["source"].split("\n") == sorted(sources)
    assert first.json["files"]["indexed"] == 3
    assert [failure["path"] for failure in first.json["files"]["failed"]] == ["lib/../out.py"]
    assert place(run, "alpha", "--source", one, "--source", two, "--source", lib, env=env) == ["one-app/main.py"]
    assert place(run, "beta", "--source", two, env=env) == ["two-app/main.py"]
    assert place(run, "gamma", env=env, cwd=Path(one)) == ["lib/tools.py"]
    assert run("verify", "--source", lib, env=env).code == 0
    [known] = run("list", "--json", env=env).json
    assert known["name"] == "lib + one-app + two-app"
    assert len(run("list", env=env).out.splitlines()) == 2


def test_an_update_reads_all_of_them_again(run: Run, sources: tuple[str, str, str], env: dict[str, str]) -> None:
    assert run("index", *sources, "--quiet", env=env).code == 0
    again = run("index", *reversed(sources), "--json", "--quiet", env=env).json["files"]
    assert (again["indexed"], again["unchanged"], again["removed"]) == (0, 3, 0)
    Path(sources[1], "main.py").write_text("def delta():\n    return 2\n")
    stale = run("search", "alpha", "--json", "--source", sources[0], env=env).json
    assert stale["stale_files"] == 1
    with zipfile.ZipFile(sources[2], "a") as archive:
        archive.writestr("lib/more.py", "def epsilon():\n    return 1\n")
    updated = run("index", *sources, "--json", "--quiet", env=env).json["files"]
    assert (updated["indexed"], updated["unchanged"], updated["removed"]) == (2, 2, 0)
    assert place(run, "delta", "--source", sources[1], env=env) == ["two-app/main.py"]


def test_an_index_of_its_own_comes_before_a_shared_one(run: Run, sources: tuple[str, str, str], env: dict[str, str]) -> None:
    assert run("index", *sources, "--quiet", env=env).code == 0
    assert run("index", sources[0], "--quiet", env=env).code == 0
    assert place(run, "alpha", "--source", sources[0], env=env) == ["main.py"]


def test_what_cannot_be_one_workspace(run: Run, sources: tuple[str, str, str], env: dict[str, str], tmp_path: Path) -> None:
    refused(run("index", str(tmp_path / "one"), sources[0], "--quiet", env=env), "lies within")
    refused(run("index", sources[0], str(tmp_path / "gone"), "--quiet", env=env), "gone", "no such file")
    refused(run("search", "x", "--source", sources[0], "--source", sources[1], env=env), "is not indexed")
    assert not (tmp_path / "data" / "indexes").exists()
