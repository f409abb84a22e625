"""The scan finds what is to be indexed and has a reason for all it leaves out."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import indexing.scan as scan_module
from core.cancellation import CancellationToken
from core.errors import CancelledError
from core.model.source import FileRole, SkipReason, SourceFile
from core.settings import ScanSettings
from indexing.intake import open_source
from indexing.roles import is_own_code
from indexing.scan import Scan, count_languages, is_binary, nothing_to_index, scan


def grow(root: Path, tree: dict[str, str | bytes]) -> None:
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def scanned(root: Path, **options: int) -> Scan:
    return scan(open_source(str(root)), ScanSettings(**options), CancellationToken())


def reasons(found: Scan) -> dict[str, SkipReason]:
    return {skipped.path: skipped.reason for skipped in found.skipped}


def test_everything_is_accounted_for(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            "a.py": "x = 1\n",
            "b/c.js": "let x;\n",
            "empty.py": "",
            "picture.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 20,
            "letters.ps": b"%PDF-1.4 letters only",
            "zeros.py": b"x\x00y",
            "wide.py": "x = 'ä'\n".encode("utf-16"),
            "latin.py": "x = 'ä'\n".encode("latin-1"),
            "large.py": "#" * 2_000,
            ".git/HEAD": "ref: refs/heads/main\n",
            "__pycache__/a.pyc": b"\x00",
            ".gitignore": "*.log\n",
            "x.log": "hello\n",
        },
    )
    (tmp_path / "link.py").symlink_to("a.py")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe.py")
    found = scanned(tmp_path, max_file_bytes=1_000)
    assert {file.path for file in found.files} == {"a.py", "b/c.js", "wide.py", "latin.py", ".gitignore"}
    assert reasons(found) == {
        "empty.py": SkipReason.EMPTY,
        "picture.png": SkipReason.BINARY,
        "letters.ps": SkipReason.BINARY,
        "zeros.py": SkipReason.BINARY,
        "large.py": SkipReason.TOO_LARGE,
        ".git/": SkipReason.VERSION_CONTROL,
        "__pycache__/": SkipReason.IGNORED,
        "x.log": SkipReason.IGNORED,
        "link.py": SkipReason.SYMLINK,
        "loop": SkipReason.SYMLINK,
        "pipe.py": SkipReason.SPECIAL,
    }
    assert not found.failed


def test_a_file_is_described(tmp_path: Path) -> None:
    grow(tmp_path, {"pkg/module.py": "x = 1\n"})
    os.utime(tmp_path / "pkg/module.py", ns=(5, 1_234_567_890_123_456_700))
    [file] = scanned(tmp_path).files
    assert (file.path, file.language, file.role, file.size) == ("pkg/module.py", "python", FileRole.SOURCE, 6)
    assert file.modified_ns == 1_234_567_890_123_456_700


def test_sockets_are_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        assert reasons(scanned(tmp_path)) == {"s": SkipReason.SPECIAL}


def test_odd_names_are_kept_apart(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    names = [b"caf\xe9.py", b"a\nb.py", b"back\\slash.py", b"\\xe9.py", "grün.py".encode(), b" .py", b"-rf.py"]
    for name in names:
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123 - a path of bytes
            file.write(b"x = 1\n")
    paths = {file.path for file in scanned(tmp_path).files}
    assert paths == {"caf\\xe9.py", "a\\x0ab.py", "back\\\\slash.py", "\\\\xe9.py", "grün.py", " .py", "-rf.py"}


def test_hand_written_code_comes_first(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            "README.md": "# x\n",
            "data.csv": "a,b\n",
            "vendor/lib.py": "x = 1\n",
            "z.py": "x = 1\n",
            "a.py": "x = 1\n",
            "tests/test_a.py": "x = 1\n",
            "examples/e.py": "x = 1\n",
            "a_pb2.py": "x = 1\n",
        },
    )
    assert [file.path for file in scanned(tmp_path).files] == [
        "a.py", "z.py", "tests/test_a.py", "examples/e.py", "README.md", "data.csv", "a_pb2.py", "vendor/lib.py",
    ]  # fmt: skip


def test_what_cannot_be_read_has_failed(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    grow(folder, {"a.py": "x = 1\n", "secret.py": "x = 1\n", "closed/b.py": "x = 1\n"})
    assert len(scanned(folder).files) == 3
    (folder / "secret.py").chmod(0)
    (folder / "closed").chmod(0)
    try:
        told = as_ordinary_user(folder, lambda: repr([(failed.path, failed.reason) for failed in scanned(folder).failed]))
    finally:
        (folder / "closed").chmod(0o755)
    assert told == "[('closed/', 'permission denied'), ('secret.py', 'permission denied')]"


def as_ordinary_user(folder: Path, work: Callable[[], str]) -> str:
    """Permissions keep nobody out who is root, so the work is done in a child process that is not."""
    if os.geteuid() != 0:
        return work()
    for parent in (folder, *folder.parents):
        if parent.stat().st_mode & 0o055 != 0o055:
            parent.chmod(parent.stat().st_mode | 0o055)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told


def test_scanning_can_be_cancelled(tmp_path: Path) -> None:
    grow(tmp_path, {"a.py": "x = 1\n"})
    cancellation = CancellationToken()
    cancellation.cancel()
    with pytest.raises(CancelledError):
        scan(open_source(str(tmp_path)), ScanSettings(), cancellation)


def test_a_deep_tree_is_walked(tmp_path: Path) -> None:
    path = tmp_path
    for _ in range(300):
        path /= "d"
    path.mkdir(parents=True)
    (path / "a.py").write_text("x = 1\n")
    assert len(scanned(tmp_path).files) == 1


def test_languages_are_counted(tmp_path: Path) -> None:
    grow(tmp_path, {"a.py": "x = 1\n", "b.py": "y = 22\n", "c.js": "let x;\n"})
    counts = count_languages(scanned(tmp_path).files)
    assert {name: (count.files, count.bytes) for name, count in counts.items()} == {"python": (2, 13), "javascript": (1, 7)}
    assert list(counts) == ["python", "javascript"]


def test_nothing_to_index_says_why(tmp_path: Path) -> None:
    workspace = open_source(str(tmp_path))
    assert "the folder is empty" in str(nothing_to_index(workspace, scanned(tmp_path)))
    grow(tmp_path, {"a.py": "", "b.png": b"\x00", "c.png": b"\x00"})
    message = str(nothing_to_index(workspace, scanned(tmp_path)))
    assert "2 binary, 1 empty" in message
    assert "\n" not in message


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1))
def test_text_is_no_binary(text: str) -> None:
    assert not is_binary(("x = " + text).encode())


ROLES = {
    "django/test/client.py": FileRole.SOURCE,
    "django/test/__init__.py": FileRole.SOURCE,
    "numpy/testing/utils.py": FileRole.SOURCE,
    "tests/admin/models.py": FileRole.TEST,
    "pkg/tests/helpers.py": FileRole.TEST,
    "pkg/test_thing.py": FileRole.TEST,
    "pkg/thing_test.go": FileRole.TEST,
    "pkg/contest.py": FileRole.SOURCE,
    "pkg/latest.java": FileRole.SOURCE,
    "pkg/attestation_test_vectors.py": FileRole.SOURCE,
    "src/thing.spec.ts": FileRole.TEST,
    "src/__tests__/thing.js": FileRole.TEST,
    "src/test/java/a/B.java": FileRole.TEST,
    "src/main/java/org/junit/Test.java": FileRole.SOURCE,
    "src/main/java/a/UnitTest.java": FileRole.SOURCE,
    "src/main/java/com/example/demo/App.java": FileRole.SOURCE,
    "core/src/CoinTest.java": FileRole.TEST,
    "test/app.js": FileRole.TEST,
    "My.App.Tests/Program.cs": FileRole.TEST,
    "spec/models/a.rb": FileRole.TEST,
    "examples/hello.py": FileRole.EXAMPLE,
    "node_modules/a/index.js": FileRole.VENDORED,
    "web/static/vendor/jquery.js": FileRole.VENDORED,
    "lib/python3.11/site-packages/a.py": FileRole.VENDORED,
    "env/lib/a.py": FileRole.SOURCE,
    "docs/index.rst": FileRole.DOCUMENT,
    "docs/code/server.c": FileRole.EXAMPLE,
    "doc/generate.go": FileRole.SOURCE,
    "doc/notes.txt": FileRole.DOCUMENT,
    "README.md": FileRole.DOCUMENT,
    "LICENSE": FileRole.DOCUMENT,
    "package-lock.json": FileRole.GENERATED,
    "static/app.min.js": FileRole.GENERATED,
    "dist/app.js": FileRole.GENERATED,
    "pkg/dist/archive.py": FileRole.SOURCE,
    "package.json": FileRole.SOURCE,
    "data/cities.json": FileRole.DATA,
    "locale/de/django.po": FileRole.DATA,
    "Makefile": FileRole.SOURCE,
    "templates/base.html": FileRole.SOURCE,
}


def test_roles_by_place_and_name(tmp_path: Path) -> None:
    grow(tmp_path, dict.fromkeys(ROLES, "x = 1\n"))
    assert {file.path: file.role for file in scanned(tmp_path).files} == ROLES


@pytest.mark.parametrize(
    ("name", "head", "role"),
    [
        ("a.go", "// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n", FileRole.GENERATED),
        ("a.py", "#!/usr/bin/env python\n# This file is automatically generated, see make.py\nx = 1\n", FileRole.GENERATED),
        ("a.js", "/**\n * @generated SignedSource<<abc>>\n */\nlet x;\n", FileRole.GENERATED),
        ("a.cs", "// <auto-generated>\nclass A {}\n", FileRole.GENERATED),
        ("a.py", "HEADER = 'Code generated by us. DO NOT EDIT.'\n", FileRole.SOURCE),
        ("a.py", "# Generated by Django 5.0 on 2024-01-01\nclass Migration: pass\n", FileRole.SOURCE),
        ("a.py", "# Reads the file that is generated by the build\nx = 1\n", FileRole.SOURCE),
        ("a.js", "var a=1;" * 700, FileRole.GENERATED),
        ("a.js", "var a = 1;\n" * 700, FileRole.SOURCE),
        ("tool.in", '.\\" made by hand\n.\n.TH "TOOL" "1"\n.SH NAME\n', FileRole.DOCUMENT),
        ("tool.in", ". TH\nx\n", FileRole.SOURCE),
        ("tests.py", "import unittest\n", FileRole.TEST),
        ("tests.py", "def test_even(value):\n    return value % 2 == 0\n", FileRole.TEST),
        ("tests.py", "TESTS = {'odd': lambda value: value % 2}\n", FileRole.SOURCE),
    ],
)
def test_roles_by_content(name: str, head: str, role: FileRole, tmp_path: Path) -> None:
    grow(tmp_path, {name: head})
    assert [file.role for file in scanned(tmp_path).files] == [role]


def test_a_virtual_environment_is_known_by_its_marker(tmp_path: Path) -> None:
    grow(tmp_path, {"env/pyvenv.cfg": "home = /usr\n", "env/lib/a.py": "x = 1\n"})
    assert Counter(file.role for file in scanned(tmp_path).files) == {FileRole.VENDORED: 2}


def test_a_folder_named_test_in_a_project_within_holds_tests(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {"packages/a/package.json": "{}", "packages/a/test/b.js": "let x;\n", "packages/a/lib/test/c.js": "let x;\n"},
    )
    roles = {file.path: file.role for file in scanned(tmp_path).files}
    assert roles["packages/a/test/b.js"] is FileRole.TEST
    assert roles["packages/a/lib/test/c.js"] is FileRole.SOURCE


def known_of(found: Scan) -> dict[str, SourceFile]:
    return {file.path: file for file in found.files}


TREE: dict[str, str | bytes] = {
    "a.py": "x = 1\n",
    "gen.py": "# This file is automatically generated\n",
    "wide.h": "namespace a {}\n",
    "run": "#!/bin/sh\necho 1\n",
    "test/b.js": "let x;\n",
}


def test_known_files_that_kept_their_size_and_time_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(tmp_path, TREE)
    first = scanned(tmp_path)
    opened: list[str] = []
    monkeypatch.setattr(scan_module, "_head", lambda path: opened.append(Path(path).name) or Path(path).read_bytes())
    workspace = open_source(str(tmp_path))
    assert scan(workspace, ScanSettings(), CancellationToken(), known_of(first)) == first
    assert opened == ["gen.py"]  # what only its first lines tell is read again
    opened.clear()
    assert scan(workspace, ScanSettings(), CancellationToken()) == first
    assert sorted(opened) == sorted(Path(name).name for name in TREE)


def test_it_is_told_how_much_is_new_or_has_changed(tmp_path: Path) -> None:
    grow(tmp_path, {"a.py": "x = 1\n", "b/c.py": "y = 22\n", "b/d.py": "z = 333\n", "b/e.log": "not code\n" * 9})
    grow(tmp_path, {".gitignore": "*.log\n"})
    workspace, told = open_source(str(tmp_path)), list[int]()
    first = scan(workspace, ScanSettings(), CancellationToken(), notice=told.append)
    assert sum(told) == sum(file.size for file in first.files) == 27
    assert len(told) == 2
    grow(tmp_path, {"b/d.py": "z = 4444\n", "b/new.py": "w = 1\n"})
    told.clear()
    scan(workspace, ScanSettings(), CancellationToken(), known_of(first), notice=told.append)
    assert told == [0, 15]


def test_a_known_file_that_changed_or_is_judged_otherwise_now_is_judged_anew(tmp_path: Path) -> None:
    grow(tmp_path, TREE)
    first = scanned(tmp_path)
    grow(tmp_path, {"a.py": "# @generated\n", "run": "#!/usr/bin/perl\n1;\n", ".gitattributes": "*.h linguist-vendored\n"})
    found = scan(open_source(str(tmp_path)), ScanSettings(), CancellationToken(), known_of(first))
    assert found == scanned(tmp_path)
    by_path = {file.path: file for file in found.files}
    assert by_path["a.py"].role is FileRole.GENERATED
    assert by_path["run"].language == "perl"
    assert by_path["wide.h"].role is FileRole.VENDORED


def test_the_index_within_the_source_is_passed_over(tmp_path: Path) -> None:
    grow(tmp_path, {"a.py": "x = 1\n", "own/index/index.db": "x\n", "own/b.py": "x = 1\n"})
    found = scan(open_source(str(tmp_path)), ScanSettings(), CancellationToken(), exclude=tmp_path / "own" / "index")
    assert [file.path for file in found.files] == ["a.py", "own/b.py"]
    assert not found.skipped


def test_rules_that_leave_nothing_of_an_unpacked_release_are_not_followed(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {".gitignore": "*.o\n/*\n!/debian/\n", "fs/a.c": "int x;\n", "fs/.gitignore": "gen.c\n", "fs/gen.c": "int y;\n"},
    )
    found = scanned(tmp_path)
    assert {file.path for file in found.files} == {".gitignore", "fs/.gitignore", "fs/a.c"}
    assert reasons(found) == {"fs/gen.c": SkipReason.IGNORED}
    assert [failed.path for failed in found.failed] == [".gitignore"]
    grow(tmp_path, {".git/HEAD": "ref: refs/heads/main\n"})  # now the rules are about this repository
    assert not scanned(tmp_path).files


def test_submodules_are_read_where_they_are_there(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            ".git/modules/there/HEAD": "ref: refs/heads/main\n",
            ".git/modules/there/info/exclude": "secret.py\n",
            ".gitmodules": '[submodule "a"]\n\tpath = libs/there\n\turl = x\n[submodule "b"]\n\tpath = libs/gone\n',
            ".gitignore": "b.py\n",
            "libs/there/.git": "gitdir: ../../.git/modules/there\n",
            "libs/there/b.py": "x = 1\n",
            "libs/there/secret.py": "x = 1\n",
        },
    )
    (tmp_path / "libs" / "gone").mkdir()
    found = scanned(tmp_path)
    assert [file.path for file in found.files if file.language == "python"] == ["libs/there/b.py"]
    assert reasons(found) == {
        ".git/": SkipReason.VERSION_CONTROL,
        "libs/there/.git": SkipReason.VERSION_CONTROL,
        "libs/there/secret.py": SkipReason.IGNORED,
        "libs/gone/": SkipReason.SUBMODULE,
    }


def test_a_git_file_leads_nowhere_out_of_the_source(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            "elsewhere/HEAD": "ref: refs/heads/main\n",
            "elsewhere/info/exclude": "*.py\n",
            "source/sub/.git": "gitdir: ../../elsewhere\n",
            "source/sub/a.py": "x = 1\n",
            "source/other/.git/HEAD": "ref: refs/heads/main\n",
            "source/other/.git/commondir": "../../../elsewhere\n",
            "source/other/a.py": "x = 1\n",
        },
    )
    (tmp_path / "source" / "third").mkdir()
    (tmp_path / "source" / "third" / ".git").symlink_to(tmp_path / "elsewhere")
    grow(tmp_path, {"source/third/a.py": "x = 1\n"})
    assert {file.path for file in scanned(tmp_path / "source").files} == {"sub/a.py", "other/a.py", "third/a.py"}


def test_a_persons_own_patterns_hold_everywhere_and_files_win_over_them(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            "a.min.js": "let x;\n",
            "keep.min.js": "let x;\n",
            "out/b.py": "x = 1\n",
            "deep/out/b.py": "x = 1\n",
            "inner/.git/HEAD": "ref: refs/heads/main\n",
            "inner/c.min.js": "let x;\n",
            ".gitignore": "!keep.min.js\n",
        },
    )
    settings = ScanSettings(ignore=("*.min.js", "/out/", "ünknown"))
    found = scan(open_source(str(tmp_path)), settings, CancellationToken())
    assert {file.path for file in found.files} == {"deep/out/b.py", "keep.min.js", ".gitignore"}
    left_out = [path for path, reason in reasons(found).items() if reason is SkipReason.IGNORED]
    assert left_out == ["a.min.js", "inner/c.min.js", "out/"]


@pytest.mark.parametrize(
    ("role", "language", "own"),
    [("source", "python", True), ("test", "go", True), ("example", "c", True), ("vendored", "python", False),
     ("generated", "java", False), ("test", "html", False), ("source", "text", False), ("data", "json", False)],
)  # fmt: skip
def test_own_code_is_what_somebody_wrote_and_can_mend(role: str, language: str, own: bool) -> None:
    assert is_own_code(role, language) == own
