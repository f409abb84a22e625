"""What a source says of its files in `.gitattributes` is heard; git is asked whether the patterns mean the same."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.model.source import FileRole, SourceFile
from core.settings import ScanSettings
from indexing.attributes import AttributeRules
from indexing.intake import open_source
from indexing.scan import scan


def grow(root: Path, tree: dict[str, str]) -> None:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def scanned(root: Path) -> dict[str, SourceFile]:
    found = scan(open_source(str(root)), ScanSettings(), CancellationToken())
    return {file.path: file for file in found.files}


def roles(root: Path) -> dict[str, FileRole]:
    return {path: file.role for path, file in scanned(root).items()}


def test_generated_vendored_and_documentation(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".gitattributes": "api/*.py linguist-generated\ncopied/** linguist-vendored=true\n"
            "guide/* linguist-documentation\nvendor/ours/* -linguist-vendored\npackage-lock.json linguist-generated=false\n",
            "api/client.py": "x = 1\n",
            "api/deep/client.py": "x = 1\n",
            "copied/a/b.py": "x = 1\n",
            "guide/a.py": "x = 1\n",
            "vendor/theirs/a.py": "x = 1\n",
            "vendor/ours/a.py": "x = 1\n",
            "package-lock.json": "{}\n",
            "a.py": "x = 1\n",
        },
    )
    found = roles(tmp_path)
    del found[".gitattributes"]
    assert found == {
        "api/client.py": FileRole.GENERATED,
        "api/deep/client.py": FileRole.SOURCE,
        "copied/a/b.py": FileRole.VENDORED,
        "guide/a.py": FileRole.DOCUMENT,
        "vendor/theirs/a.py": FileRole.VENDORED,
        "vendor/ours/a.py": FileRole.SOURCE,
        "package-lock.json": FileRole.DATA,
        "a.py": FileRole.SOURCE,
    }


def test_a_language_is_what_the_source_says(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".gitattributes": "*.inc linguist-language=PHP\n*.h linguist-language=C++\n*.tool linguist-language=Shell\n"
            "*.odd linguist-language=Klingon\n",
            "a.inc": "<?php echo 1;\n",
            "b.h": "int f(void);\n",
            "c.tool": "echo 1\n",
            "d.odd": "x\n",
        },
    )
    found = {path: file.language for path, file in scanned(tmp_path).items()}
    assert (found["a.inc"], found["b.h"], found["c.tool"], found["d.odd"]) == ("php", "cpp", "bash", "text")


def test_what_is_binary_is_data_and_what_only_keeps_its_line_ends_is_not(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".gitattributes": "*.tbl binary\n*.old -text -diff\n*.bat -text\n",
            "a.tbl": "1 2\n",
            "b.old": "x\n",
            "c.bat": "echo 1\n",
        },
    )
    found = roles(tmp_path)
    assert (found["a.tbl"], found["b.old"], found["c.bat"]) == (FileRole.DATA, FileRole.DATA, FileRole.SOURCE)


def test_a_nested_repository_begins_anew(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".gitattributes": "*.py linguist-generated\n",
            "a.py": "x = 1\n",
            "inner/.git/HEAD": "ref: refs/heads/main\n",
            "inner/.git/info/attributes": "last.py linguist-vendored\n",
            "inner/a.py": "x = 1\n",
            "inner/last.py": "x = 1\n",
        },
    )
    found = roles(tmp_path)
    assert (found["a.py"], found["inner/a.py"]) == (FileRole.GENERATED, FileRole.SOURCE)
    assert found["inner/last.py"] is FileRole.VENDORED


def test_attributes_above_a_source_within_a_repository_hold(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            ".gitattributes": "app/gen/*.py linguist-generated\n",
            "app/gen/a.py": "x = 1\n",
            "app/b.py": "x = 1\n",
        },
    )
    assert roles(tmp_path / "app") == {"gen/a.py": FileRole.GENERATED, "b.py": FileRole.SOURCE}


PATHS = ["a.py", "b/a.py", "b/c/a.py", "doc/x.txt", "doc/y/z.txt", "with space.py", "B.PY", "b/.hidden"]


@pytest.mark.parametrize(
    "lines",
    [
        "*.py linguist-generated\n",
        "/*.py linguist-generated\n",
        "b/* linguist-generated\n",
        "b/** linguist-generated\n",
        "doc linguist-generated\n",
        "doc/ linguist-generated\n",
        '"with space.py" linguist-generated\n',
        "* linguist-generated\nb/** -linguist-generated\n",
        "* linguist-generated\n*.py !linguist-generated\n",
        "**/c/*.py linguist-generated=true\n",
        "# *.py linguist-generated\n",
        "!a.py linguist-generated\n",
        "  a.py linguist-generated\n",
        "[ab].py linguist-generated\n",
        "a.py\tlinguist-generated   linguist-vendored\n",
        "a.py linguist-generated=false\nb/.h* linguist-generated\n",
    ],
)
def test_patterns_mean_what_they_mean_to_git(lines: str, tmp_path: Path) -> None:
    grow(tmp_path, {".gitattributes": lines})
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=environment, check=True)
    asked = ["git", "check-attr", "-z", "linguist-generated", "--", *PATHS]
    said = subprocess.run(asked, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout.split(
        "\0"
    )
    by_git = {path: value in ("set", "true") for path, _, value in zip(said[::3], said[1::3], said[2::3], strict=False)}
    rules = AttributeRules().within("", [tmp_path / ".gitattributes"])
    assert {path: bool(rules.of(path).generated) for path in PATHS} == by_git
