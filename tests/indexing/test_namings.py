"""Which strings of code look as if they named something."""

from __future__ import annotations

import time

import pytest

from core.model.source import FileRole, SourceFile
from core.settings import ChunkSettings
from indexing.languages.lines import Lines
from indexing.namings import MOST_IN_FILE, find_namings
from indexing.parse import parse
from indexing.parsed import ParsedFile


def named(text: str, language: str = "python") -> list[tuple[str, bool]]:
    data = text.encode()
    return [(naming.target, bool(naming.kind)) for naming in find_namings(language, data, Lines(data), ())]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('load("app.views.orders")', ["app.views.orders"]),
        ("load('app.Orders')", ["app.Orders"]),
        ('Class.forName("com.acme.Rules$Inner")', ["com.acme.Rules.Inner"]),
        (r"new('App\\Orders')", ["App.Orders"]),
        (r"new('App\Orders')", ["App.Orders"]),
        ('constantize("Shop::Orders")', ["Shop.Orders"]),
        ('entry = "pkg.module:run"', ["pkg.module.run"]),
        ('print("user.name")', []),
        ('open("notes.TXT")', []),
        ('say("Hello. World")', []),
        ('say("1.2.3")', []),
        ("""x = "app.Orders'""", []),
    ],
)
def test_dotted_names(text: str, names: list[str]) -> None:
    assert named(text) == [(name, False) for name in names]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ('run("SELECT a FROM orders o JOIN dbo.customers c ON 1")', ["orders", "dbo.customers"]),
        ("run('update [stock] set n = 0')", ["stock"]),
        ('run("""\n  insert into "log"(a)\n  values (1)""")', ["log"]),
        ('s = "select a "\n  + "from orders";\nfrom os import path', ["orders"]),
        ('run("SELECT 1")\n\nfrom os import path', []),
        ('call("{call pay_all(?)}")\nrun("CALL pay_all")', ["pay_all"]),
        ("       EXEC SQL SELECT A INTO :B FROM T-X END-EXEC\n       CALL 'NEXT'", ["T"]),
        ('print("from here to there")', []),
    ],
)
def test_tables(text: str, tables: list[str]) -> None:
    assert named(text) == [(table, True) for table in tables]


def test_statements_of_sql_itself_are_read_by_its_grammar() -> None:
    assert named("execute 'select a from orders'", "sql") == []


def test_a_name_belongs_to_the_definition_around_it() -> None:
    text = b'A = "app.a.One"\n\n\ndef f():\n    return "app.b.Two", "app.b.Two"\n\n\nB = "app.c.Three"\n'
    parsed = parse(SourceFile("m.py", "python", FileRole.SOURCE, len(text), 0), text, ChunkSettings())
    assert isinstance(parsed, ParsedFile)
    definitions = parsed.facts.definitions
    assert [(definitions[n.scope].nesting, n.target, n.line) for n in parsed.facts.namings] == [
        ("A", "app.a.One", 1),
        ("f", "app.b.Two", 5),
        ("B", "app.c.Three", 8),
    ]


def test_a_table_of_names_is_bounded_and_takes_no_long_time() -> None:
    text = "".join(f'"app.module.Name{number}",\n' for number in range(20_000))
    assert len(named(text)) == MOST_IN_FILE
    began = time.process_time()
    for piece in ('"a.', '"a.b', '"select from ', "'select\n", '"a:', "exec sql select ", '"""'):
        named(piece * 50_000)
    assert time.process_time() - began < 10
