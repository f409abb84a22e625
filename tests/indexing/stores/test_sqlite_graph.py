"""Symbols and edges of the stored index: named uniquely, found by any of their names, right through edits."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Definition, SymbolKind
from indexing.edge_columns import make_edges
from indexing.fact_columns import unpack_outline
from indexing.stores.sqlite.drawers import LINKED, DrawerWriter
from indexing.stores.sqlite.externals import unpack_externals
from indexing.stores.sqlite.facts import StoredFacts
from indexing.stores.sqlite.keys import EXTERNAL, file_of, reuse_slots, slot_of, unpack_ids
from indexing.stores.sqlite.links import Basis
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from indexing.stores.sqlite.schema import DATABASE_NAME
from indexing.stores.sqlite.writer import IndexWriter
from tests.indexing.stores.packing import packed_code

Call = tuple[str, str]
"""From the symbol of that id to another; where the target begins with `language:`, to a name from outside."""


def write(folder: Path, sources: Mapping[str, str | None]) -> None:
    """Put sources into the index, or remove what is None, and commit without linking."""
    with IndexWriter(folder) as writer:
        writer.remove(path for path, text in sources.items() if text is None)
        writer.put(packed_code(path, text) for path, text in sources.items() if text is not None)
        writer.commit()


def relink(folder: Path, path: str, calls: Iterable[Call]) -> None:
    """Put calls in the place of the edges of a file, as linking does."""
    with open_snapshot(folder) as reader:
        keys = {symbol.id: symbol.key for symbol in reader.all_symbols() if symbol.path}
        own = file_of(reader.symbols_of(path)[0].key)
    with IndexWriter(folder) as writer:
        rows = []
        for line, (source, target) in enumerate(calls, 1):
            language, colon, name = target.partition(":")
            if colon:
                holder, slot = 0, writer.links.external_ids([(language, name)])[0]
            else:
                holder, slot = file_of(keys[target]), slot_of(keys[target])
            rows.append((slot_of(keys[source]), holder, slot, EdgeKind.CALLS, Confidence.EXACT, line))
        writer.links.put_edges(own, make_edges(rows))
        writer.links.finish()
        writer.commit()


def told(reader: SnapshotReader, edges: Iterable[Edge]) -> list[Call]:
    """Edges by the ids of their ends."""
    found = list(edges)
    ids = {s.key: s.id for s in reader.symbols([key for edge in found for key in (edge.source, edge.target)])}
    return sorted((ids[edge.source], ids[edge.target]) for edge in found)


def calls_of(folder: Path) -> list[Call]:
    with open_snapshot(folder) as reader:
        return told(reader, reader.edges([EdgeKind.CALLS]))


def check(folder: Path) -> None:
    """What holds of every index: keys and ids are unique and lead back, edges are found from both ends, counts are true."""
    with open_snapshot(folder) as reader:
        symbols, edges = reader.all_symbols(), reader.edges()
        assert len({s.key for s in symbols}) == len({s.id for s in symbols}) == len(symbols) == reader.count_symbols()
        keys = [s.key for s in symbols]
        assert reader.symbols(keys) == list(symbols)
        for symbol in symbols:
            assert symbol in reader.find_symbols(symbol.id), symbol.id
            assert symbol in reader.find_symbols(symbol.qualified_name)
            assert symbol.parent == -1 or symbol.parent in keys
        assert reader.roles() == {file.path: file.role for file in reader.files()}
        for file in reader.files():
            unread = [reader.symbols_on(file.path, line, line + 1) for line in range(1, 6)]
            whole = reader.symbols_of(file.path)
            assert {s.key for s in whole} == {s.key for s in symbols if s.path == file.path}
            for line, found in enumerate(unread, 1):
                assert found == [s for s in whole if s.start_line <= line + 1 and line <= s.end_line]
                assert found == reader.symbols_on(file.path, line, line + 1), "read or not"
        assert {edge.source for edge in edges} | {edge.target for edge in edges} <= set(keys)
        assert Counter(reader.edges_from(keys)) == Counter(reader.edges_to(keys)) == Counter(edges)
        counted: dict[str, Counter[str]] = {}
        for edge in edges:
            counted.setdefault(str(edge.kind), Counter())[str(edge.confidence)] += 1
        assert reader.edge_counts() == counted
        check_both_ways_of_reading(folder, reader)
        # What is kept for finding edges by their targets is no more and no less than the edges.
        ends = {(EXTERNAL - e.target if e.target >= EXTERNAL else file_of(e.target), file_of(e.source)) for e in edges}
        with sqlite3.connect(folder / DATABASE_NAME) as connection:
            rows = DrawerWriter(connection, LINKED).all()
            linked = {(target, source) for target, sources in rows for source in unpack_ids(sources).tolist()}
            blobs = connection.execute("SELECT names FROM externals").fetchall()
            externals = {EXTERNAL + number for (blob,) in blobs for number in unpack_externals(blob)}
        assert {pair for pair in ends if pair[0] != pair[1] or pair in linked} == linked
        assert externals == {edge.target for edge in edges if edge.target >= EXTERNAL}


def check_both_ways_of_reading(folder: Path, reader: SnapshotReader) -> None:
    """Reading the files that are asked for and reading all of them into tables tell the same."""
    with open_snapshot(folder) as one, open_snapshot(folder) as all_:
        for other, left in ((one, 1 << 40), (all_, -1)):
            other._edges._left_to_read = other._symbols._left_to_read = left
        symbols = reader.all_symbols()
        keys = [symbol.key for symbol in symbols]
        for some in (keys, keys[::2], keys[::-1], keys[:1], []):
            for kinds in ((), (EdgeKind.CALLS,), (EdgeKind.IMPORTS, EdgeKind.CONTAINS)):
                assert one.edges_from(some, kinds) == all_.edges_from(some, kinds)
                assert one.edges_to(some, kinds) == all_.edges_to(some, kinds)
        for symbol in symbols:
            for name in (symbol.id, symbol.name, symbol.qualified_name.upper(), symbol.qualified_name.partition(".")[2]):
                assert one.find_symbols(name) == all_.find_symbols(name)
        assert one.names(keys) == [symbol.name for symbol in symbols]
        table = all_.definition_table()
        assert all_.names(keys) == [symbol.name for symbol in symbols]
        inside = [symbol for symbol in symbols if symbol.path]
        rows = table.rows_of([symbol.key for symbol in inside]).tolist()
        assert sorted(rows) == list(range(len(table)))
        assert set(table.rows_of([key for key in keys if key >= EXTERNAL]).tolist()) <= {-1}
        parents = [table.keys[table.parents[row]] if table.parents[row] >= 0 else -1 for row in rows]
        assert [
            (table.paths[table.files[row]], list(SymbolKind)[table.kinds[row]], table.name_of[row], table.start_lines[row])
            for row in rows
        ] == [(symbol.path, symbol.kind, symbol.name, symbol.start_line) for symbol in inside]
        assert parents == [symbol.parent for symbol in inside]
        places = [file.path for file in reader.files()]
        homes = reader.files_of(np.array(keys, np.int64)).tolist()
        assert [places[place] if place >= 0 else "" for place in homes] == [symbol.path for symbol in symbols]
        for path in places:
            held = [symbol for symbol in inside if symbol.path == path]
            assert set(one.definition_table([path]).keys.tolist()) == {symbol.key for symbol in held}
            assert one.module_of(path) == (held[0] if held else None)
            assert reader.definition_counts().get(path, 0) == len(held)


MODULE = """class Client:
    def get(self): pass

    @property
    def Body(self): pass


def get(): pass


def forget(): pass
"""


def test_symbols_are_found_by_name_suffix_case_and_id(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/mod.py": MODULE, "other.py": "def GET(): pass\n", "use.py": "def run(): pass\n"})
    relink(tmp_path, "use.py", [("use.run", "python:requests.get"), ("use.run", "pkg.mod.get")])
    with open_snapshot(tmp_path) as reader:
        assert [s.id for s in reader.find_symbols("get")] == [
            "pkg.mod.get",
            "pkg.mod.Client.get",
            "requests.get",
            "other.GET",
        ]
        assert [s.id for s in reader.find_symbols("get", 2)] == ["pkg.mod.get", "pkg.mod.Client.get"]
        assert [s.id for s in reader.find_symbols("Client.get")] == ["pkg.mod.Client.get"]
        assert [s.id for s in reader.find_symbols("client.BODY")] == ["pkg.mod.Client.Body"]
        assert [s.id for s in reader.find_symbols("mod")] == ["pkg.mod"]
        assert [s.id for s in reader.find_symbols("pkg.mod.forget")] == ["pkg.mod.forget"]
        assert reader.find_symbols("nothing") == reader.find_symbols("ient.get") == reader.find_symbols("") == []
        assert reader.find_symbols("\udc80") == []
        with pytest.raises(KeyError):
            reader.symbols([99 << 24])
        with pytest.raises(KeyError):
            reader.symbols([EXTERNAL + 99])
    check(tmp_path)


def test_a_qualified_name_is_found_among_thousands_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexing.stores.sqlite.symbols._MOST_FILES", 3)
    far = "deep/down/where/paths/are/long"
    write(tmp_path, {f"m{n}.py": "def init(): pass\n" for n in range(9)} | {f"{far}/card.py": "def init(): pass\n"})
    with open_snapshot(tmp_path) as reader:
        assert [s.path for s in reader.find_symbols("card.init")] == [f"{far}/card.py"]
        assert [s.path for s in reader.find_symbols(f"{far}/card.init".replace("/", "."))] == [f"{far}/card.py"]


def test_edges_are_read_from_both_ends_and_by_kind(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "class A:\n    def f(self): pass\n", "b.py": "def g(): pass\n\n\ndef h(): pass\n"})
    calls = [("a.A.f", "b.g"), ("a.A.f", "b.h"), ("a", "a.A"), ("a.A.f", "python:os.getcwd")]
    relink(tmp_path, "a.py", calls)
    with open_snapshot(tmp_path) as reader:
        keys = {s.id: s.key for s in reader.all_symbols()}
        assert told(reader, reader.edges_from([keys["a.A.f"]])) == [
            ("a.A.f", "b.g"),
            ("a.A.f", "b.h"),
            ("a.A.f", "os.getcwd"),
        ]
        assert told(reader, reader.edges_to([keys["b.g"]])) == [("a.A.f", "b.g"), ("b", "b.g")]
        assert told(reader, reader.edges_to([keys["b.g"]], [EdgeKind.CALLS])) == [("a.A.f", "b.g")]
        assert told(reader, reader.edges_to([keys["os.getcwd"]])) == [("a.A.f", "os.getcwd")]
        assert reader.edges_to([keys["b.g"]], [EdgeKind.IMPORTS]) == []
        assert told(reader, reader.edges_from([keys["a.A"]], [EdgeKind.CONTAINS])) == [("a.A", "a.A.f")]
        [edge] = [edge for edge in reader.edges_from([keys["a.A.f"]]) if edge.target == keys["b.h"]]
        assert (edge.kind, edge.confidence, edge.path, edge.line) == (EdgeKind.CALLS, Confidence.EXACT, "a.py", 2)
        assert len(reader.edges()) == len(calls) + 4
        assert reader.edge_counts() == {"calls": {"exact": 4}, "contains": {"exact": 4}}
        assert reader.edges_from([EXTERNAL + 1, 99 << 24]) == reader.edges_to([99 << 24]) == []
    check(tmp_path)


def test_slots_stay_where_they_are_when_definitions_are_put_above(tmp_path: Path) -> None:
    write(tmp_path, {"lib.py": "def a(): pass\n\n\ndef b(): pass\n", "use.py": "def run(): pass\n"})
    relink(tmp_path, "use.py", [("use.run", "lib.b")])
    for text in (
        "def new(): pass\n\n\ndef a(): pass\n\n\ndef b(): pass\n",
        "class K:\n    def b(self): pass\n\n\ndef b(): pass\n\n\ndef a(): pass\n",
        "def b(): pass\n",
        "def later(): pass\n\n\ndef a(): pass\n\n\ndef b(): pass\n",
    ):
        write(tmp_path, {"lib.py": text})
        assert calls_of(tmp_path) == [("use.run", "lib.b")]
        with open_snapshot(tmp_path) as reader:
            assert [s.name for s in reader.symbols([s.key for s in reader.symbols_of("lib.py")])][1:] == [
                s.name for s in reader.symbols_of("lib.py")
            ][1:]
    check(tmp_path)


def test_edges_of_a_snapshot_lead_to_symbols_even_before_linking(tmp_path: Path) -> None:
    """A commit in the middle of a run shows files as they are, edges as they were, but none whose ends are gone."""
    write(tmp_path, {"lib.py": "def a(): pass\n\n\ndef b(): pass\n", "use.py": "def run(): pass\n\n\ndef go(): pass\n"})
    relink(tmp_path, "use.py", [("use.run", "lib.b"), ("use.go", "lib.a"), ("use.go", "python:os.getcwd")])
    write(tmp_path, {"lib.py": "def a(): pass\n"})
    assert calls_of(tmp_path) == [("use.go", "lib.a"), ("use.go", "os.getcwd")]
    write(tmp_path, {"use.py": "def run(): pass\n"})
    assert calls_of(tmp_path) == []
    write(tmp_path, {"use.py": "def go(): pass\n\n\ndef run(): pass\n", "lib.py": None})
    assert calls_of(tmp_path) == [], "what came back is not what was there"
    write(tmp_path, {"lib.py": "def a(): pass\n"})
    assert calls_of(tmp_path) == []


def test_a_slot_that_was_given_up_is_not_given_to_another(tmp_path: Path) -> None:
    write(tmp_path, {"lib.py": "def a(): pass\n\n\ndef b(): pass\n", "use.py": "def run(): pass\n"})
    relink(tmp_path, "use.py", [("use.run", "lib.b")])
    write(tmp_path, {"lib.py": "def a(): pass\n"})
    write(tmp_path, {"lib.py": "def a(): pass\n\n\ndef c(): pass\n"})
    assert calls_of(tmp_path) == []


def test_a_removed_file_takes_its_symbols_names_and_edges_along(tmp_path: Path) -> None:
    write(tmp_path, {"lib.py": "def a(): pass\n", "use.py": "def run(): pass\n"})
    relink(tmp_path, "use.py", [("use.run", "lib.a"), ("use.run", "python:os.getcwd")])
    with open_snapshot(tmp_path) as reader:
        gone = {path: file_of(reader.symbols_of(path)[0].key) for path in ("lib.py", "use.py")}
    write(tmp_path, {"use.py": None})
    with IndexWriter(tmp_path) as writer:
        assert [(file.file, file.path) for file in writer.links.unlinked()] == [(gone["use.py"], "use.py")]
        writer.links.forget([gone["use.py"]])
        writer.links.finish()
        writer.commit()
        assert writer.links.unlinked() == []
    with open_snapshot(tmp_path) as reader:
        assert [s.id for s in reader.all_symbols()] == ["lib", "lib.a"]
        assert reader.find_symbols("run") == reader.find_symbols("getcwd") == []
        assert reader.edge_counts() == {"contains": {"exact": 1}}
    check(tmp_path)
    write(tmp_path, {"use.py": "def run(): pass\n"})
    with open_snapshot(tmp_path) as reader:
        assert file_of(reader.symbols_of("use.py")[0].key) not in gone.values(), "ids of files are never used again"
    write(tmp_path, {"lib.py": None, "use.py": None})
    with open_snapshot(tmp_path) as reader:
        assert reader.all_symbols() == ()
        assert reader.find_symbols("a") == []
        assert not reader.edges()
    facts = StoredFacts(tmp_path)
    assert facts.holders({"a", "run"}) == {}
    facts.close()


def test_names_from_outside_go_with_the_last_that_uses_them(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def f(): pass\n", "b.py": "def g(): pass\n"})
    relink(tmp_path, "a.py", [("a.f", "python:os.getcwd"), ("a.f", "python:os.mkdir")])
    relink(tmp_path, "b.py", [("b.g", "python:os.getcwd")])
    check(tmp_path)
    relink(tmp_path, "a.py", [])
    check(tmp_path)
    with open_snapshot(tmp_path) as reader:
        assert [s.id for s in reader.all_symbols() if s.kind is SymbolKind.EXTERNAL] == ["os.getcwd"]
    relink(tmp_path, "b.py", [])
    check(tmp_path)


def test_names_from_outside_keep_their_numbers_however_they_are_looked_up(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def f(): pass\n"})
    names = [("python", f"os.f{number}") for number in range(700)]
    with IndexWriter(tmp_path) as writer:
        numbers = writer.links.external_ids(names)
        assert len(set(numbers)) == 700
        writer.commit()
    with IndexWriter(tmp_path) as writer:
        # One by one, then all that there are.
        assert [writer.links.external_ids([name])[0] for name in names[:20]] == numbers[:20]
    with IndexWriter(tmp_path) as writer:
        assert writer.links.external_ids(names) == numbers
        assert writer.links.external_ids([("java", "os.f1")])[0] not in numbers


def test_edges_that_are_written_before_a_commit_in_the_middle_are_whole(tmp_path: Path) -> None:
    """A run that is cancelled while it links commits what it has; the next one finds it in order."""
    write(tmp_path, {"a.py": "def f(): pass\n", "b.py": "def g(): pass\n"})
    with open_snapshot(tmp_path) as reader:
        a, b = (file_of(reader.symbols_of(path)[0].key) for path in ("a.py", "b.py"))
    edges = make_edges([(1, b, 1, EdgeKind.CALLS, Confidence.EXACT, 1), (1, 0, 1, EdgeKind.CALLS, Confidence.EXACT, 1)])
    with IndexWriter(tmp_path) as writer:
        assert writer.links.external_ids([("python", "os.getcwd")]) == [1]
        writer.links.put_edges(a, edges)
        writer.commit()
    check(tmp_path)
    with IndexWriter(tmp_path) as writer:
        assert len(writer.links.unlinked()) == 2
        writer.links.put_edges(a, edges)
        writer.links.finish()
        writer.commit()
    check(tmp_path)
    assert calls_of(tmp_path) == [("a.f", "b.g"), ("a.f", "os.getcwd")]


SHARED = [
    pytest.param(
        {"dev.c": "int open(void) { return 0; }\n", "dev.h": "int open(void);\n#define LIMIT 3\n"},
        ["dev.c", "dev.open", "dev.h"],
        id="one stem, two endings",
    ),
    pytest.param(
        {"a/b.py": "def f(): pass\n", "a/b/__init__.py": "def f(): pass\n"},
        ["a.b.py", "a.b.f.py", "a.b.py#2", "a.b.f.py#2"],
        id="a module and a package",
    ),
    pytest.param(
        {"a.py": "class b:\n    def f(self): pass\n", "a/b.py": "def f(): pass\n"},
        ["a.b.py", "a.b.f.py", "a.b.py#2", "a.b.f.py#2"],
        id="a class named like a module",
    ),
    pytest.param({"a.py": "def f(): pass\n\n\ndef f(): pass\n"}, ["a", "a.f", "a.f#2"], id="one name twice in a file"),
    pytest.param(
        {"lib.js": "function f() {}\n", "lib.ts": "function g() {}\n", "lib/js.py": "def f(): pass\n"},
        ["lib.js", "lib.f", "lib.ts", "lib.g", "lib.js#2", "lib.js.f"],
        id="a module named like another's ending",
    ),
    pytest.param(
        {"srv.go": "package p\n\nfunc (t T) Run() {}\n", "srv/T.go": "package q\n\nfunc Run() {}\n"},
        ["srv.T.Run.go", "srv.T.Run.go#2"],
        id="a method whose type stands elsewhere",
    ),
]


@pytest.mark.parametrize(("sources", "some"), SHARED)
def test_ids_are_unique_where_files_share_names(tmp_path: Path, sources: dict[str, str], some: list[str]) -> None:
    write(tmp_path, sources)
    with open_snapshot(tmp_path) as reader:
        ids = [symbol.id for symbol in reader.all_symbols()]
        assert set(some) <= set(ids)
    check(tmp_path)


def test_names_from_outside_have_ids_of_their_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.py": "def f(): pass\n", "b.js": "function g() {}\n", "fs.js": "function open() {}\nfunction open() {}\n"},
    )
    relink(tmp_path, "a.py", [("a.f", "python:path.join"), ("a.f", "python:fs.open"), ("a.f", "python:fs")])
    relink(tmp_path, "b.js", [("b.g", "javascript:path.join"), ("b.g", "javascript:fs.open")])
    with open_snapshot(tmp_path) as reader:
        outside = {(s.language, s.qualified_name): s.id for s in reader.all_symbols() if not s.path}
    assert outside == {
        ("javascript", "path.join"): "path.join",
        ("python", "path.join"): "path.join#2",
        ("javascript", "fs.open"): "fs.open#3",
        ("python", "fs.open"): "fs.open#4",
        ("python", "fs"): "fs#2",
    }
    check(tmp_path)


TREES = st.dictionaries(
    st.sampled_from(
        ["a.py", "a/b.py", "a/b/__init__.py", "a/__init__.py", "a.js", "a/b.js", "b.c", "b.h", "b/c.py", "c.py"]
    ),
    st.lists(st.sampled_from(["a", "b", "c", "py"]), max_size=3),
    min_size=1,
)


def source_of(path: str, names: Iterable[str]) -> str:
    """A file that defines each name: as a class with a method in Python, else as a function."""
    if path.endswith(".py"):
        return "".join(f"class {name}:\n    def {name}(self): pass\n\n\n" for name in names) or "\n"
    if path.endswith(".js"):
        return "".join(f"function {name}() {{}}\n" for name in names) or "\n"
    return "".join(f"int {name}(void) {{ return 0; }}\n" for name in names) or "\n"


@settings(max_examples=40, deadline=None)
@given(tree=TREES, data=st.data())
def test_any_tree_has_unique_ids_and_edges_that_hold(
    tree: dict[str, list[str]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("index")
    write(folder, {path: source_of(path, names) for path, names in tree.items()})
    check(folder)
    with open_snapshot(folder) as reader:
        ids = {symbol.id: symbol.path for symbol in reader.all_symbols()}
    ends = st.sampled_from(sorted(ids)) | st.sampled_from(["python:a.b", "c:a.b", "c:b", "python:x.y"])
    for path in tree:
        own = st.sampled_from(sorted(key for key, held in ids.items() if held == path))
        relink(folder, path, data.draw(st.lists(st.tuples(own, ends), max_size=3)))
    check(folder)
    edited = data.draw(st.sampled_from(sorted(tree)))
    write(folder, {edited: source_of(edited, data.draw(st.lists(st.sampled_from(["a", "b", "d"]), max_size=3)))})
    with open_snapshot(folder) as reader:
        told(reader, reader.edges())
    relink(folder, edited, [])


def test_groups_come_back_with_what_they_rest_on(tmp_path: Path) -> None:
    basis = Basis(
        np.array([1, 5, 9]), np.array([2, 1 << 26]), np.array([0, 7, (1 << 32) - 1], np.uint32), np.array([3], np.uint32)
    )
    empty = Basis(*(np.zeros(0, np.int64),) * 2, np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    with IndexWriter(tmp_path) as writer:
        writer.links.put_group("python: ", basis)
        writer.links.put_group("c: a/ a/b.c", empty)
        writer.links.unsettle(["c: a/ a/b.c", "unknown"])
        assert writer.links.has_unsettled()
        found = writer.links.groups()
        assert {name: group.settled for name, group in found.items()} == {"python: ": True, "c: a/ a/b.c": False}
        for name, truth in (("python: ", basis), ("c: a/ a/b.c", empty)):
            held = found[name].basis
            assert held.members.tolist() == truth.members.tolist()
            assert held.world.tolist() == truth.world.tolist()
            assert held.mentions.tolist() == truth.mentions.tolist()
            assert held.mentions.dtype == np.uint32
        writer.links.drop_groups(["c: a/ a/b.c"])
        assert set(writer.links.groups()) == {"python: "}
        assert not writer.links.has_unsettled()


NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=6)


@given(NAMES, st.lists(NAMES, max_size=4))
def test_the_nth_of_a_name_keeps_its_slot_and_no_slot_comes_again(first: list[str], edits: list[list[str]]) -> None:
    def outline(names: list[str]) -> tuple[Definition, ...]:
        file = packed_code("m.py", "".join(f"def {name}(): pass\n" for name in names) or "\n")
        return unpack_outline(file.member.outline())

    held, slots = outline(first), list(range(len(first) + 1))
    next_slot, given_up = len(slots), set[int]()
    for names in edits:
        new = outline(names)
        after, next_after = reuse_slots(held, slots, new, next_slot)
        assert len(set(after)) == len(after) == len(new)
        assert given_up.isdisjoint(after)
        assert all(slot < next_slot for slot in after if slot in slots)
        assert all(next_slot <= slot < next_after for slot in after if slot not in slots)
        for name in {item.nesting for item in (*held, *new)}:
            old = [slot for slot, item in zip(slots, held, strict=True) if item.nesting == name]
            now = [slot for slot, item in zip(after, new, strict=True) if item.nesting == name]
            assert now[: len(old)] == old[: len(now)]
        given_up |= set(slots) - set(after)
        held, slots, next_slot = new, after, next_after
