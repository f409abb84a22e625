"""What a compilation database says about each file, whatever machine wrote it and however odd it is."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.compile_commands import MAX_BYTES, read_compile_commands

KNOWN = {"src/main.c", "src/io/file.c", "include/io.h", "tools/gen.c"}


def read(rows: object, folder: str = "build") -> dict[str, tuple[str, ...]]:
    return read_compile_commands(json.dumps(rows).encode(), folder, KNOWN)


def test_command_and_arguments_say_the_same() -> None:
    words = ["cc", "-I../include", "-I", "gen", "-isystem", "/usr/include/x", "-DA", "-DB=2", "-D", "C=a b", "-UA", "-c"]
    rows = [
        {"directory": "/home/me/proj/build", "file": "../src/main.c", "arguments": [*words, "../src/main.c"]},
        {
            "directory": "/home/me/proj/build",
            "file": "/home/me/proj/src/io/file.c",
            "command": "cc -I../include -I gen -isystem /usr/include/x -DA -DB=2 '-DC=a b' -UA"
            " -c /home/me/proj/src/io/file.c",
        },
    ]
    folders = ("include", "build/gen", "/usr/include/x")
    assert read(rows) == {"src/main.c": folders, "src/io/file.c": folders}


def test_the_order_of_folders() -> None:
    rows = [{"directory": "/p", "file": "src/main.c", "command": "cc -include include/io.h -Ib -Ia -Ib src/main.c"}]
    assert read(rows)["src/main.c"] == ("b", "a")


def test_directory_may_be_relative_to_the_database() -> None:
    rows = [{"directory": "..", "file": "src/main.c", "command": "cc -Iinclude src/main.c"}]
    assert read(rows)["src/main.c"] == ("include",)
    rows[0]["directory"] = "../.."
    assert read(rows) == {}


def test_database_of_windows() -> None:
    rows = [
        {
            "directory": "C:\\work\\proj\\build",
            "file": "..\\src\\main.c",
            "command": '"C:\\Program Files\\VC\\cl.exe" /nologo /I..\\include /DWIN32 /D "N=1" -c ..\\src\\main.c',
        },
        {"directory": "C:/work/proj", "file": "C:/work/proj/tools/gen.c", "arguments": ["clang-cl", "/I", "inc"]},
    ]
    units = read(rows)
    assert units["src/main.c"] == ("include",)
    assert units["tools/gen.c"] == ("inc",)


def test_an_absolute_path_is_no_option() -> None:
    rows = [
        {
            "directory": "/Data/proj",
            "file": "/Data/proj/src/main.c",
            "arguments": ["cc", "/Include/x", "/Data/proj/src/main.c"],
        }
    ]
    assert read(rows)["src/main.c"] == ()


def test_the_first_of_several_and_only_files_of_the_source() -> None:
    rows = [
        {"directory": "/p", "file": "src/main.c", "arguments": ["cc", "-Ifirst"]},
        {"directory": "/p", "file": "src/main.c", "arguments": ["cc", "-Isecond"]},
        {"directory": "/p", "file": "/elsewhere/x.c", "arguments": ["cc"]},
        {"directory": "/p", "file": "../../../etc/passwd", "arguments": ["cc"]},
    ]
    assert read(rows) == {"src/main.c": ("first",)}


def test_the_outermost_folder_that_explains_most_files_is_the_source() -> None:
    known = {"src/a.c", "a.c", "src/b.c"}
    rows = [{"directory": "/p/out", "file": f"/p/src/{name}.c", "arguments": ["cc"]} for name in "ab"]
    assert sorted(read_compile_commands(json.dumps(rows).encode(), "", known)) == ["src/a.c", "src/b.c"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"{}", b"[1, null, [], {}]", b"\xff\xfe", b'[{"file": 1, "command": "cc"}]', b'[{"file": "src/main.c"}]',
        b'[{"file": "src/main.c", "command": 7}]', b'[{"file": "", "arguments": []}]', b"[" * 100_000,
        b'[{"directory": "/p", "file": "/q/src/\\u0000main.c", "arguments": ["cc"]}]',
    ],
)  # fmt: skip
def test_odd_json_gives_nothing(content: bytes) -> None:
    assert read_compile_commands(content, "", KNOWN) == {}


def test_what_can_be_read_of_odd_entries_is() -> None:
    rows = [7, {"file": "src/main.c", "directory": None, "arguments": ["cc", 3, "-Ix", "-I"]}]
    assert read(rows, "") == {"src/main.c": ("x",)}
    assert read([{"directory": "/p", "file": "src/main.c", "command": "cc -Ix 'open"}], "")["src/main.c"] == ("x",)


def test_bounds() -> None:
    assert read_compile_commands(b" " * (MAX_BYTES + 1), "", KNOWN) == {}
    rows = [{"directory": "/p", "file": f"f{n}.c", "arguments": ["cc"] * 50} for n in range(20_000)]
    began = time.process_time()
    read(rows)
    assert time.process_time() - began < 5


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["directory", "file", "command", "arguments", "x"]), x),
    )
)
def test_any_json_is_read(value: object) -> None:
    read(value)
