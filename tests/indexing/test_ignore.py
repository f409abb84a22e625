"""Ignore rules mean what they mean to git, which is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.model.source import SkipReason
from core.paths import escape
from core.settings import ScanSettings
from indexing.intake import open_source
from indexing.scan import scan

Tree = dict[str, str]


def grow(root: Path, tree: Tree) -> None:
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def git(root: Path, *arguments: str) -> bytes:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(["git", *arguments], cwd=root, env=environment, check=True, capture_output=True).stdout


def kept_by_git(root: Path) -> set[str]:
    git(root, "init", "-q")
    listed = git(root, "ls-files", "-z", "--others", "--exclude-standard")
    return {escape(name) for name in listed.split(b"\0") if name}


def kept_by_us(root: Path, files: tuple[str, ...] = (".gitignore",)) -> set[str]:
    found = scan(open_source(str(root)), ScanSettings(ignore_files=files), CancellationToken())
    assert not found.failed
    left = {skipped.path for skipped in found.skipped if skipped.reason is SkipReason.EMPTY}
    return {file.path for file in found.files} | left


FILES = [
    "a.py",
    "a.log",
    "b/a.py",
    "b/c/a.log",
    "b/c/d/e.txt",
    "build/x.o",
    "sub/build/y.o",
    "doc/frotz/a.txt",
    "doc/a.txt",
    "foo",
    "bar/foo/x",
    "x/foo",
    "x/y/z.log",
    "keep/me.log",
    "keep/not.log",
    "#hash",
    "!bang",
    "sp ace.txt",
    "trailing ",
    "back\\slash",
    "ab",
    "abc",
    "a[1].c",
    "a1.c",
    "Äpfel.txt",
    "deep/a/b/c/d.py",
    "deep/b/c.py",
]

RULES = [
    "*.log",
    "*.log\n!keep/me.log",
    "/foo",
    "foo",
    "foo/",
    "!foo",
    "build/",
    "/build",
    "doc/frotz",
    "doc/frotz/",
    "doc/*",
    "doc/*\n!doc/a.txt",
    "**/foo",
    "foo/**",
    "b/**/a.log",
    "b/**/e.txt",
    "a/**/b",
    "**",
    "*\n!*/\n!*.py",
    "/*\n!/b",
    "/*\n!/b/\n/b/*\n!/b/c",
    "\\#hash",
    "\\!bang",
    "# foo",
    "sp ace.txt",
    "trailing ",
    "trailing\\ ",
    "back\\\\slash",
    "a?",
    "a??",
    "a[!0-9]c",
    "a\\[1\\].c",
    "a[1].c",
    "[ab].py",
    "[!ab].py",
    "a[0-9].c",
    "*",
    "!*",
    ".*",
    "*.*",
    "b/*",
    "b/*/a.log",
    "*/a.py",
    "/*/a.py",
    "Äpfel.txt",
    "*pfel*",
    "deep/**/c",
    "deep/a/**",
    "deep/**",
    "**/deep",
    "deep/**/*.py",
    "keep\n!keep/me.log",
    "keep/*\n!keep/me.log",
    "a.py\r\nfoo\r",
    "\ufefffoo",
    "foo//",
    "//foo",
    "b//c",
    "./foo",
    "foo/.",
    "a***b",
    "[",
    "a[",
    "\\",
    "!",
    "[[:digit:]].c",
    "a[[:digit:]].c",
    "a[\\]1].c",
    "a[]1].c",
    "*.p[!a-x]",
    "x/y/",
    "x/*/z.log",
    "x/**/z.log",
    "**/**/foo",
    "/**/foo",
    "/**",
    "**/",
    "x/**/",
    "b**/a.py",
]


@pytest.mark.parametrize("rules", RULES)
def test_one_rule_file(rules: str, tmp_path: Path) -> None:
    grow(tmp_path, dict.fromkeys(FILES, "x = 1\n") | {".gitignore": rules})
    assert kept_by_git(tmp_path) == kept_by_us(tmp_path)


def test_deeper_rules_win(tmp_path: Path) -> None:
    tree = dict.fromkeys(FILES, "x = 1\n") | {
        ".gitignore": "*.log\nfoo\nbuild/\n/deep/*\n!/deep/a",
        "keep/.gitignore": "!*.log\nnot.log",
        "x/.gitignore": "!foo\n/y/*.log",
        "sub/.gitignore": "!build/",
        "deep/a/.gitignore": "b/*\n!b/c",
        "b/c/.gitignore": "*",
    }
    grow(tmp_path, tree)
    assert kept_by_git(tmp_path) == kept_by_us(tmp_path)


names = st.sampled_from(["a", "b", "ab", "c.py", "d.log", "e"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
parts = st.sampled_from(["a", "b", "ab", "*", "**", "?", "c.py", "*.py", "*.log", "d.log", "e", "[ab]", "a*", "*b"])
patterns = st.builds(
    lambda negated, anchored, inner, folder: negated + anchored + "/".join(inner) + folder,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(parts, min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
)
rule_files = st.lists(patterns, min_size=1, max_size=5).map("\n".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=st.lists(paths, min_size=3, max_size=20, unique=True),
    rules=st.dictionaries(st.one_of(st.just(""), paths), rule_files, min_size=1, max_size=4),
)
def test_random_trees(files: list[str], rules: dict[str, str]) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        for path in files:
            place = root / path
            if not any(parent.is_file() for parent in place.parents) and not place.exists():
                grow(root, {path: "x = 1\n"})
        for folder, text in rules.items():
            if (root / folder).is_dir():
                (root / folder / ".gitignore").write_text(text)
        assert kept_by_git(root) == kept_by_us(root)
    finally:
        shutil.rmtree(root)


def test_rules_of_the_repository_around_reach_down(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".gitignore": "*.log\n/app/secret/\n",
            "app/a.py": "x",
            "app/b.log": "x",
            "app/secret/c.py": "x",
            "app/.gitignore": "t",
        },
    )
    git(tmp_path, "init", "-q")
    (tmp_path / ".git" / "info" / "exclude").write_text("private.py\n")
    grow(tmp_path, {"app/private.py": "x"})
    assert kept_by_us(tmp_path / "app") == {"a.py", ".gitignore"}


def test_an_ignored_folder_that_is_named_is_read(tmp_path: Path) -> None:
    grow(tmp_path, {".gitignore": "/out/\n", "out/a.py": "x", "out/.gitignore": "b.py", "out/b.py": "x"})
    git(tmp_path, "init", "-q")
    assert kept_by_us(tmp_path / "out") == {"a.py", ".gitignore"}


def test_a_repository_within_has_its_own_rules(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {".gitignore": "*.log\n", "inner/a.log": "x", "inner/b.tmp": "x", "inner/.gitignore": "*.tmp", "c.log": "x"},
    )
    git(tmp_path, "init", "-q")
    git(tmp_path / "inner", "init", "-q")
    assert kept_by_us(tmp_path) == {".gitignore", "inner/a.log", "inner/.gitignore"}


def test_our_own_rule_files_come_after_gits(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".gitignore": "*.log",
            ".codestrataignore": "!a.log\nb.py",
            ".ignore": "c.py\nb.py",
            "a.log": "x",
            "b.py": "x",
            "c.py": "x",
        },
    )
    kept = kept_by_us(tmp_path, ScanSettings().ignore_files)
    assert kept == {".gitignore", ".codestrataignore", ".ignore", "a.log"}


def test_what_is_kept_from_assistants_is_kept_from_the_index(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".gitignore": "a.log\n",
            ".cursorignore": "secret.py\n!a.log\nwanted.py\n",
            ".codestrataignore": "!wanted.py\n",
            "a.log": "x",
            "secret.py": "x",
            "wanted.py": "x",
            "inner/.gitignore": "!secret.py\n",
            "inner/secret.py": "x",
        },
    )
    kept = kept_by_us(tmp_path, ScanSettings().ignore_files)
    assert {path for path in kept if "ignore" not in path} == {"a.log", "wanted.py", "inner/secret.py"}


def test_ignored_folders_are_told_once(tmp_path: Path) -> None:
    grow(tmp_path, {".gitignore": "out/", "out/a/b.py": "x", "out/c.py": "x", "d.py": "x"})
    found = scan(open_source(str(tmp_path)), ScanSettings(), CancellationToken())
    assert [(skipped.path, skipped.reason) for skipped in found.skipped] == [("out/", SkipReason.IGNORED)]
