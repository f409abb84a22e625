"""Which definitions a question is about."""

from __future__ import annotations

from dataclasses import replace

from core.context.candidates import locate
from core.context.focus import Focus, focus
from core.context.passages import Texts
from core.context.question import wanted_terms
from core.model.graph import EdgeKind
from core.model.ranking import Hit, Origin, Ranking
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from tests.fakes import MemoryReader, edge, indexed_file


def function(key: int, name: str, path: str, line: int, doc: str = "", kind: SymbolKind = SymbolKind.FUNCTION) -> Symbol:
    return Symbol(key, name, name.rsplit(".", 1)[-1], name, kind, "python", path, line, line + 1, "", doc, -1)


_NOWHERE = ("python", "", 0, 0, "", "", -1)
SYMBOLS = [
    function(0, "app.store.save_session", "app/store.py", 1, "Save the session of a user."),
    function(1, "app.store.persist", "app/store.py", 4, "Store what a session holds."),
    function(2, "app.views.index", "app/views.py", 1, "The first page."),
    function(3, "tests.test_store.test_save_session", "tests/test_store.py", 1, "A session is saved."),
    function(4, "app.errors.SessionError", "app/errors.py", 1, "A session that cannot be saved.", SymbolKind.CLASS),
    function(5, "app.store.save_all", "app/store.py", 7),
]
CONTENTS = dict.fromkeys(("app/store.py", "app/views.py", "tests/test_store.py", "app/errors.py", "notes.txt"), b"x\n" * 20)
FILES = [
    indexed_file("tests/test_store.py", role=FileRole.TEST, content=CONTENTS["tests/test_store.py"]),
    indexed_file("notes.txt", "text", FileRole.SOURCE, content=CONTENTS["notes.txt"]),
]


def hit(place: int, path: str, line: int, symbol: str = "") -> Hit:
    return Hit(place, path, line, line + 1, symbol, "function", 1.0 / place, (Origin.LEXICAL,), 0)


def asked(question: str, hits: list[Hit], reader: MemoryReader | None = None) -> list[Focus]:
    reader = reader or MemoryReader(SYMBOLS, files=FILES, contents=CONTENTS)
    located = locate(Ranking(question, 1.0, tuple(hits)), reader, Texts(reader))
    return focus(question, located, reader.definition_table(), reader, 5)


def names(places: list[Focus]) -> list[str]:
    return [place.symbol.name if place.symbol else place.path for place in places]


def test_the_definition_that_covers_the_question_comes_first_and_tests_last() -> None:
    found = names(asked("how is the session saved", [hit(1, "tests/test_store.py", 1), hit(2, "app/store.py", 1)]))
    assert found[0] == "save_session"
    assert "test_save_session" not in found[:2]
    assert found.index("save_session") < found.index("SessionError")


def test_a_question_about_tests_gets_them() -> None:
    assert names(asked("which tests save a session", [hit(1, "tests/test_store.py", 1)]))[0] == "test_save_session"


def test_other_words_for_the_same_deed_are_met() -> None:
    assert "persist" in names(asked("how is the session saved", [hit(1, "app/views.py", 1)]))
    assert wanted_terms("how is it saved").keys() >= {"store", "persist", "write"}


def test_what_others_rest_on_goes_before_what_nobody_uses() -> None:
    twins = [function(n, f"app.m{n}.load_page", f"app/m{n}.py", 1) for n in (0, 1)]
    users = [function(n, f"app.u{n}.use", f"app/u{n}.py", 1) for n in range(2, 8)]
    contents = {symbol.path: b"x\n" for symbol in (*twins, *users)}
    calls = [edge(symbol.key, 1, EdgeKind.CALLS, path=symbol.path) for symbol in users]
    reader = MemoryReader([*twins, *users], calls, contents=contents)
    places = asked("how is a page loaded", [hit(1, "app/u2.py", 1)], reader)
    assert [place.path for place in places if "/m" in place.path] == ["app/m1.py", "app/m0.py"]


def test_what_works_together_with_others_that_are_about_it_goes_first() -> None:
    twins = [function(n, f"app.m{n}.load_page", f"app/m{n}.py", 1) for n in (0, 1)]
    called = [function(2, "app.a.draw", "app/a.py", 1), function(3, "app.b.read_page", "app/b.py", 1, "Loads a page.")]
    contents = {symbol.path: b"x\n" for symbol in (*twins, *called)}
    calls = [edge(0, 2, EdgeKind.CALLS, path="app/m0.py"), edge(1, 3, EdgeKind.CALLS, path="app/m1.py")]
    reader = MemoryReader([*twins, *called], calls, contents=contents)
    places = asked("the page is loaded", [hit(1, "app/a.py", 1)], reader)
    assert [place.path for place in places if "/m" in place.path] == ["app/m1.py", "app/m0.py"]


def test_a_hit_in_a_file_without_definitions_is_a_place_too() -> None:
    assert names(asked("where are the notes", [hit(1, "notes.txt", 1)]))[0] == "notes.txt"


def test_a_question_of_small_words_only_stands_on_its_hits() -> None:
    assert names(asked("what is this", [hit(1, "app/views.py", 1, "app.views.index")]))[0] == "index"


def _table(name: str, length: int, key: int, parent: int = -1, doc: str = "") -> Symbol:
    kind = SymbolKind.METHOD if parent >= 0 else SymbolKind.CLASS if doc else SymbolKind.FUNCTION
    last, start = name.rsplit(".", 1)[-1], 1 + 10 * key
    return Symbol(key, f"app.t.{name}", last, name, kind, "python", "app/t.py", start, start + length, "", doc, parent)


def test_of_a_class_the_member_that_does_what_is_asked_goes_before_it() -> None:
    symbols = [
        _table("HashMap", 90, 0, doc="Maps by hash. It grows when it is full."),
        _table("HashMap.get", 8, 1, 0),
        _table("HashMap.resize", 8, 2, 0),
    ]
    reader = MemoryReader(symbols, contents={"app/t.py": b"x\n" * 100})
    hits = [hit(1, "app/t.py", 1, "app.t.HashMap")]
    assert names(asked("how does a HashMap grow", hits, reader))[:2] == ["resize", "HashMap"]
    assert names(asked("HashMap that grows", hits, reader))[0] == "HashMap"


def test_what_only_hands_on_goes_behind_what_does_the_work() -> None:
    symbols = [_table("save_page", 0, 0), _table("save_pages", 8, 1), function(2, "app.v.index", "app/v.py", 1)]
    reader = MemoryReader(symbols, contents={"app/t.py": b"x\n" * 100, "app/v.py": b"x\n"})
    found = names(asked("how is a page saved", [hit(1, "app/v.py", 1, "app.v.index")], reader))
    assert found.index("save_pages") < found.index("save_page")


def test_the_short_overload_that_is_explained_does_not_go_behind_the_long_one() -> None:
    doc = "Shortens a text to the given width, and writes an ellipsis in place of what is left out."
    symbols = [
        replace(function(0, "app.t.shorten", "app/t.py", 1), end_line=3, doc=doc),
        replace(function(1, "app.t.shorten_at", "app/t.py", 11), end_line=30, doc="Shortens a text."),
        function(2, "app.v.index", "app/v.py", 1),
    ]
    outside = Symbol(3, "textwrap.shorten", "shorten", "textwrap.shorten", SymbolKind.EXTERNAL, *_NOWHERE)
    hits, contents = [hit(1, "app/v.py", 1, "app.v.index")], {"app/t.py": b"x\n" * 100, "app/v.py": b"x\n"}
    calling = MemoryReader([*symbols, outside], [edge(0, 3)], contents=contents)
    assert names(asked("how is a text shortened", hits, calling))[0] == "shorten"
    alone = MemoryReader([*symbols, outside], contents=contents)
    assert names(asked("how is a text shortened", hits, alone))[0] == "shorten_at"


def test_what_is_left_to_others_goes_behind_what_they_do() -> None:
    symbols = [_table("save_page", 9, 0), _table("save_pages", 9, 1), function(2, "app.v.index", "app/v.py", 1)]
    outside = Symbol(3, "NotImplementedError", "NotImplementedError", "NotImplementedError", SymbolKind.EXTERNAL, *_NOWHERE)
    contents = {"app/t.py": b"x\n" * 100, "app/v.py": b"x\n"}
    hits = [hit(1, "app/v.py", 1, "app.v.index")]
    done = MemoryReader([*symbols, outside], contents=contents)
    left = MemoryReader([*symbols, outside], [edge(0, 3)], contents=contents)
    assert names(asked("how is a page saved", hits, done))[0] == "save_page"
    assert names(asked("how is a page saved", hits, left))[0] == "save_pages"


def test_what_code_cuts_short_is_met() -> None:
    symbols = [function(0, "app.t.load_config", "app/t.py", 1), function(1, "app.t.load_all", "app/t.py", 5)]
    reader = MemoryReader([*symbols, function(2, "app.v.index", "app/v.py", 1)], contents={"app/t.py": b"", "app/v.py": b""})
    found = names(asked("where is the configuration loaded", [hit(1, "app/v.py", 1, "app.v.index")], reader))
    assert found.index("load_config") < found.index("load_all")


def test_letters_that_stand_alone_are_no_words_that_code_shortens() -> None:
    assert wanted_terms("label src/label.c").keys() >= {"label", "src"}
    assert wanted_terms("a b c") == wanted_terms("x y z") == {}
