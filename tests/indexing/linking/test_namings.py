"""What the strings of code lead to."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.model.graph import Confidence, EdgeKind
from indexing.stores.sqlite.reader import open_snapshot
from tests.indexing.trees import index_tree, write_tree

TREE = {
    "src/com/acme/Rules.java": "package com.acme;\npublic class Rules {\n  static class Inner {}\n  void run() {}\n}\n",
    "src/com/acme/Start.java": """package com.acme;
public class Start {
  void one() { Class.forName("com.acme.Rules"); }
  void two() { load("com.acme.Rules$Inner"); }
  void three() { load("com.acme.Missing"); }
  void four() { query("SELECT * FROM orders o JOIN Customers c"); }
  void five() { query("update shop.stock set n = 0"); }
  void six() { query("select a from twice"); }
  void seven() { Rules.class.getName(); load("com.acme.Rules"); }
}
""",
    "app/urls.py": 'ROUTES = ["app.views.show"]\n\n\ndef start():\n    return load("app.views:show")\n',
    "app/views.py": "def show():\n    pass\n",
    "app/other.py": "class Orders:\n    pass\n",
    "db/schema.sql": "CREATE TABLE Orders (id INT);\nCREATE TABLE customers (id INT);\nCREATE TABLE shop.stock (n INT);\n",
    "db/more.sql": "CREATE TABLE old.stock (n INT);\nCREATE TABLE twice (n INT);\n",
    "db/again.sql": "CREATE TABLE twice (n INT);\n",
}


def named(folder: Path) -> dict[str, list[str]]:
    """What each definition refers to as a guess, by the ends of their qualified names."""
    found: dict[str, list[str]] = {}
    with open_snapshot(folder / "index") as reader:
        edges = [edge for edge in reader.edges() if edge.kind is EdgeKind.REFERENCES]
        symbols = {symbol.key: symbol for symbol in reader.symbols([key for e in edges for key in (e.source, e.target)])}
        for edge in edges:
            if edge.confidence is Confidence.INFERRED:
                source, target = symbols[edge.source], symbols[edge.target]
                found.setdefault(source.name, []).append(target.qualified_name)
    return {name: sorted(targets) for name, targets in found.items()}


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("named")
    write_tree(folder / "source", TREE)
    index_tree(folder / "source", folder / "index")
    return named(folder)


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("one", ["src.com.acme.Rules.Rules"]),
        ("two", ["src.com.acme.Rules.Rules.Inner"]),
        ("three", None),
        ("four", ["db.schema.Orders", "db.schema.customers"]),
        ("five", ["db.schema.stock"]),
        ("six", None),
        ("ROUTES", ["app.views.show"]),
        ("start", ["app.views.show"]),
    ],
)
def test_strings(links: dict[str, list[str]], source: str, targets: list[str] | None) -> None:
    assert links.get(source) == targets


def test_a_type_that_is_read_as_well_is_told_once(links: dict[str, list[str]]) -> None:
    assert links.get("seven") in (None, ["src.com.acme.Rules.Rules"])


def test_an_edit_elsewhere_changes_what_a_string_means(tmp_path: Path) -> None:
    source, index = tmp_path / "source", tmp_path / "index"
    write_tree(source, TREE)
    index_tree(source, index)
    (source / "src/com/acme/Missing.java").write_text("package com.acme;\npublic class Missing {}\n")
    (source / "db/schema.sql").write_text("CREATE TABLE bills (id INT);\n")
    index_tree(source, index)
    found = named(tmp_path)
    assert found["three"] == ["src.com.acme.Missing.Missing"]
    assert "four" not in found
