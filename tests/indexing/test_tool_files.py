"""What compilation databases in a source do for the graph."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from indexing.linking.include_folders import NO_FOLDERS, include_folders, load_include_folders
from tests.indexing.trees import graph_of, index_tree, write_tree

DRIVERS = {
    ".gitignore": "build/\n",
    "a/device.h": "int start(int port);\n",
    "b/device.h": "int start(int port);\n",
    "a/device.c": '#include "device.h"\nint start(int port) { return port; }\n',
    "b/device.c": '#include "device.h"\nint start(int port) { return port + 1; }\n',
    "app/main.c": "#include <device.h>\nint main(void) { return start(7); }\n",
}
"""Two drivers with one interface: only what compiles the program tells which of them it starts."""


def database(folder: str) -> str:
    rows = [
        {"directory": "/home/me/project/build", "file": "../app/main.c", "command": f"cc -I../{folder} -c ../app/main.c"}
    ]
    return json.dumps(rows)


def edges_of_main(folder: Path) -> set[tuple[str, ...]]:
    return {edge[:4] for edge in graph_of(folder) if edge[4] == "app/main.c"}


def meant(driver: str) -> set[tuple[str, ...]]:
    return {
        ("app.main", f"{driver}.device.h", "imports", "exact"),
        ("app.main.main", f"{driver}.device.start", "calls", "exact"),
    }


def test_a_compilation_database_tells_which_header_is_meant(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "index"
    write_tree(source, DRIVERS)
    index_tree(source, folder)
    unknown = edges_of_main(folder)
    assert unknown == {("app.main", "device.h", "imports", "exact")}
    for driver in "ba":
        write_tree(source, {"build/compile_commands.json": database(driver)})
        assert not index_tree(source, folder).files.degraded
        assert edges_of_main(folder) == meant(driver)
    write_tree(source, {"build/compile_commands.json": None})
    index_tree(source, folder)
    assert edges_of_main(folder) == unknown


def test_a_header_in_none_of_the_folders_is_from_outside(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "index"
    only = {path: text for path, text in DRIVERS.items() if not path.startswith("a/")}
    write_tree(source, only)
    index_tree(source, folder)
    assert edges_of_main(folder) == meant("b")
    write_tree(source, {"compile_commands.json": database("elsewhere").replace("/build", "")})
    index_tree(source, folder)
    assert edges_of_main(folder) == {
        ("app.main", "device.h", "imports", "exact"),
        ("app.main.main", "b.device.start", "calls", "inferred"),
    }


def test_a_link_is_followed_within_the_source_alone(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "index"
    write_tree(source, DRIVERS)
    write_tree(tmp_path, {"outside/compile_commands.json": database("b").replace("/build", "")})
    (source / "compile_commands.json").symlink_to(tmp_path / "outside" / "compile_commands.json")
    index_tree(source, folder)
    assert edges_of_main(folder) == {("app.main", "device.h", "imports", "exact")}
    (source / "compile_commands.json").unlink()
    write_tree(source, {"out/commands": database("b").replace("/build", "")})
    (source / "compile_commands.json").symlink_to("out/commands")
    index_tree(source, folder)
    assert edges_of_main(folder) == meant("b")


def test_a_database_that_says_nothing_is_told(tmp_path: Path) -> None:
    write_tree(tmp_path / "source", {**DRIVERS, "compile_commands.json": "[{]"})
    [failed] = index_tree(tmp_path / "source", tmp_path / "index").files.degraded
    assert failed.path == "compile_commands.json"
    assert failed.reason == "cannot be read as a compilation database: it names no file of the source"


PATHS = st.text("ab/.", min_size=1, max_size=6)


@given(st.dictionaries(PATHS, st.lists(PATHS, max_size=3).map(tuple), min_size=1))
def test_folders_come_back_as_they_were_stored(folders: dict[str, tuple[str, ...]]) -> None:
    known = include_folders(folders)
    assert load_include_folders(known.dumped()) == known


def test_a_header_looks_where_most_files_look() -> None:
    known = include_folders({"a.c": ("x", "y"), "b.c": ("y", "/usr/include"), "c.c": ("y", "z")})
    assert list(known.headers("inc/one.h", "<two.h>")) == ["y/two.h", "x/two.h", "z/two.h"]
    assert list(known.headers("src/a.c", '"../two.h"')) == ["two.h", "two.h", "two.h", "two.h"]
    assert not known.tells("inc/one.h")
    assert load_include_folders(NO_FOLDERS.dumped()) is NO_FOLDERS
