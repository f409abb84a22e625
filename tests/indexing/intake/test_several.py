"""Several sources are one workspace, in whatever order they are named."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.model.source import SourceFile
from core.settings import ScanSettings
from indexing.intake import open_source
from indexing.intake.opening import identity_of
from indexing.intake.stamp import has_changed, parts_of
from indexing.intake.workspace import Workspace
from indexing.scan import Scan, scan


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    """Two folders of one name and an archive."""
    for folder, text in (("x/app", "x = 1\n"), ("y/app", "y = 1\n")):
        (tmp_path / folder / "tests").mkdir(parents=True)
        (tmp_path / folder / "a.py").write_text(text)
        (tmp_path / folder / "tests" / "b.py").write_text(text)
    (tmp_path / "x/app/link").symlink_to("a.py")
    with zipfile.ZipFile(tmp_path / "lib.zip", "w") as archive:
        archive.writestr("lib/c.py", "z = 1\n")
        archive.writestr("../out.py", "z = 1\n")
    return [str(tmp_path / "y/app"), str(tmp_path / "lib.zip"), str(tmp_path / "x/app")]


def scanned(workspace: Workspace, known: dict[str, SourceFile] | None = None) -> Scan:
    return scan(workspace, ScanSettings(), CancellationToken(), known)


def test_each_source_is_a_top_folder(sources: list[str], tmp_path: Path) -> None:
    with open_source("\n".join(sources)) as workspace:
        found = scanned(workspace)
        assert [file.path for file in found.files] == [
            "lib/c.py", "x-app/a.py", "y-app/a.py", "x-app/tests/b.py", "y-app/tests/b.py",
        ]  # fmt: skip
        assert [entry.path for entry in found.skipped] == ["x-app/link"]
        assert [entry.path for entry in found.failed] == ["lib/../out.py"]
        assert workspace.name == "lib + x-app + y-app"
        texts = {file.path: Path(workspace.locate(file.path)).read_text() for file in found.files}
        assert (texts["x-app/a.py"], texts["y-app/a.py"], texts["lib/c.py"]) == ("x = 1\n", "y = 1\n", "z = 1\n")
        unpacked = workspace.parts[0][1].root
        assert unpacked.is_dir()
        known = {file.path: file for file in found.files}
        assert scanned(workspace, known) == found
    assert not unpacked.exists()
    assert (tmp_path / "x/app/a.py").exists()


def test_the_nearest_folder_that_differs_tells_namesakes_apart(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("redis/code/src", "zod/code/src", "lua")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "main.py").write_text("x = 1\n")
    with open_source("\n".join(map(str, folders))) as workspace:
        assert [name for name, _ in workspace.parts] == ["lua", "redis-src", "zod-src"]


def test_namesakes_that_no_folder_tells_apart_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "lua").mkdir()
    (tmp_path / "lua" / "main.py").write_text("x = 1\n")
    with zipfile.ZipFile(tmp_path / "lua.zip", "w") as archive:
        archive.writestr("lua/other.py", "y = 1\n")
    with open_source(f"{tmp_path / 'lua'}\n{tmp_path / 'lua.zip'}") as workspace:
        assert [name for name, _ in workspace.parts] == ["lua", "lua-2"]


def test_the_order_and_repetition_change_nothing(sources: list[str]) -> None:
    with open_source("\n".join(sources)) as one, open_source("\n".join([*reversed(sources), sources[0] + "/."])) as other:
        assert one.identity == other.identity == identity_of("\n".join(sources))
        assert scanned(one) == scanned(other)
        with open_source(one.identity) as again:
            assert again.identity == one.identity


def test_one_source_named_twice_is_that_source(sources: list[str]) -> None:
    with open_source(f"{sources[0]}\n{sources[0]}/") as workspace:
        assert not workspace.parts
        assert workspace.identity == identity_of(sources[0]) == identity_of(f"{sources[0]}\n{sources[0]}/")


def test_a_folder_whose_name_holds_a_line_feed_is_one_source(tmp_path: Path) -> None:
    folder = tmp_path / "a\nb"
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    with open_source(str(folder)) as workspace:
        assert not workspace.parts
        assert "\n" not in workspace.identity


def test_a_source_within_another_is_refused(sources: list[str], tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="lies within"):
        open_source(f"{tmp_path}/x\n{sources[2]}")


def test_when_one_cannot_be_opened_nothing_stays(
    sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    with pytest.raises(SourceError, match="no such file"):
        open_source("\n".join([sources[1], str(tmp_path / "zzz")]))
    assert not any((tmp_path / "t").iterdir())


def test_the_stamp_holds_theirs(sources: list[str]) -> None:
    with open_source("\n".join(sources)) as workspace:
        parts = parts_of(workspace.identity, workspace.stamp)
    assert [top for top, _, _ in parts] == ["lib/", "x-app/", "y-app/"]
    assert [bool(stamp) for _, _, stamp in parts] == [True, False, False]
    assert not has_changed(*parts[0][1:])
    os.utime(sources[1], (1, 1))
    assert has_changed(*parts[0][1:])
