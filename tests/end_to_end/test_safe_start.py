"""Neither the working directory nor PYTHONPATH is ever imported from, whatever lies there."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.end_to_end.command import COMMAND, Run

# Names of ours, of the standard library and of libraries that the program or its workers import late.
HOSTILE = (
    "core", "desktop", "indexing", "resources", "pickle", "json", "sqlite3", "numpy", "sitecustomize", "usercustomize",
    "codestrata_start", "tree_sitter", "multiprocessing", "encodings", "faiss", "tantivy", "pygraphviz",
)  # fmt: skip


def hostile_tree(folder: Path) -> Path:
    """A tree whose modules leave a mark when anything imports them; returns the mark."""
    mark = folder / "imported.txt"
    body = f"open({str(mark)!r}, 'a').write(__name__ + chr(10))\n"
    for name in HOSTILE:
        (folder / f"{name}.py").write_text(body)
        package = folder / name
        package.mkdir()
        (package / "__init__.py").write_text(body)
    # Enough source that worker processes are started.
    lines = "".join(f"def function_{i}(value):\n    return value + {i}\n\n" for i in range(20_000))
    (folder / "large_one.py").write_text(lines)
    (folder / "large_two.py").write_text(lines.replace("function", "other"))
    return mark


def test_nothing_of_a_hostile_working_directory_runs(run: Run, tmp_path: Path) -> None:
    mark = hostile_tree(tmp_path)
    index = tmp_path.parent / f"{tmp_path.name}.index"
    for arguments in (
        ["index", ".", "--index", str(index), "--workers", "2"],
        ["ask", "what does function_7 do", "--no-llm", "--index", str(index)],
        ["search", "function_7", "--index", str(index)],
        ["diagram", "architecture", "-o", str(tmp_path.parent / "picture.svg"), "--index", str(index)],
        ["verify", "--index", str(index)],
        ["--help"],
    ):
        done = run(*arguments, cwd=tmp_path)
        assert done.code == 0, (arguments, done.err)
    assert not mark.exists(), mark.read_text()


def test_an_ordinary_tree_with_its_own_core_on_pythonpath_changes_nothing(run: Run, tmp_path: Path) -> None:
    for name in ("core", "desktop", "indexing", "resources"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"VALUE = {name!r}\n")
        (tmp_path / name / "helpers.py").write_text("def help_me():\n    return 1\n")
    index = tmp_path.parent / f"{tmp_path.name}.index"
    env = {"PYTHONPATH": str(tmp_path)}
    done = run("index", str(tmp_path), "--index", str(index), "--json", env=env)
    assert done.code == 0, done.err
    assert done.json["files"]["indexed"] == 8
    found = run("symbols", "help_me", "--index", str(index), "--json", env=env, cwd=tmp_path)
    assert {symbol["qualified_name"] for symbol in found.json} == {
        f"{name}.helpers.help_me" for name in ("core", "desktop", "indexing", "resources")
    }


def test_a_deleted_working_directory_is_no_trouble(run: Run, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && {COMMAND} --version"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
