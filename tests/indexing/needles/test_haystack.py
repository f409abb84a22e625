"""Trees of a chosen size out of a source's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, SourceError
from core.model.source import FileRole, SourceFile
from core.settings import ScanSettings
from indexing.intake.opening import open_source
from indexing.needles.haystack import choose_files, copy_files
from indexing.scan import scan
from tests.indexing.trees import write_tree

FILES = [SourceFile(f"{chr(97 + i % 26)}/{i}.py", "python", FileRole.SOURCE, 1_000 + 37 * i, 0) for i in range(200)]


def test_a_tree_fills_its_size_without_passing_it_and_takes_no_file_twice() -> None:
    chosen = choose_files(FILES, 0.3, seed=1)
    paths = [file.path for file in chosen.files]
    assert 0.99 * 300_000 < chosen.bytes <= 300_000
    assert chosen.bytes == sum(file.size for file in chosen.files)
    assert paths == sorted(set(paths))
    assert not chosen.whole


def test_a_source_that_is_smaller_is_used_whole() -> None:
    chosen = choose_files(FILES, 50, seed=1)
    assert chosen.whole
    assert len(chosen.files) == len(FILES)


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    assert choose_files(FILES, 0.2, 1) == choose_files(FILES[::-1], 0.2, 1)
    assert choose_files(FILES, 0.2, 1) != choose_files(FILES, 0.2, 2)


def test_files_are_copied_and_not_linked(tmp_path: Path) -> None:
    source, tree = tmp_path / "source", tmp_path / "tree"
    write_tree(source, {"a/one.py": "x = 1\n", "two.c": "int y;\n", ".gitignore": "three.c\n", "three.c": "int z;\n"})
    with open_source(str(source)) as workspace:
        files = scan(workspace, ScanSettings(), CancellationToken()).files
        copy_files(workspace, files, tree, CancellationToken())
        (tree / "two.c").write_text("changed")
        assert (source / "two.c").read_text() == "int y;\n"
        assert (tree / "a/one.py").read_text() == "x = 1\n"
        assert not (tree / "three.c").exists()
        token = CancellationToken()
        token.cancel()
        with pytest.raises(CancelledError):
            copy_files(workspace, files, tree, token)
        (source / "two.c").unlink()
        with pytest.raises(SourceError, match=r"cannot copy two\.c"):
            copy_files(workspace, files, tree, CancellationToken())
