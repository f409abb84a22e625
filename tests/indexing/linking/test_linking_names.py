"""Qualified names, ids and keys."""

import pytest

from core.model.graph import EdgeKind
from indexing.linking.naming import module_name
from tests.indexing.linking.sources import edges, link_sources


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("main.py", "main"),
        ("pkg/__init__.py", "pkg"),
        ("pkg/sub/__init__.pyi", "pkg.sub"),
        ("__init__.py", "__init__"),
        ("a/b/index.js", "a.b.index"),
        ("src/list.h", "src.list"),
        ("Makefile", "Makefile"),
        (".gitignore", ".gitignore"),
        ("a.b/c.tar.gz", "a.b.c.tar"),
    ],
)
def test_module_names(path, name):
    assert module_name(path) == name


def test_ids_tell_namesakes_apart_and_qualified_names_stay():
    linked = link_sources(
        {
            "dev.c": "int open(void) { return 0; }\n",
            "dev.h": "#define SIZE 1\n",
            "twice.py": "if True:\n    def f(): pass\nelse:\n    def f(): pass\n",
        }
    )
    names = {symbol.id: symbol.qualified_name for symbol in linked.symbols}
    assert names["dev.c"] == names["dev.h"] == "dev"
    assert names["dev.open"] == "dev.open"
    assert names["twice.f"] == names["twice.f#2"] == "twice.f"
    assert len(names) == len(linked.symbols)


def test_keys_name_the_definitions_of_a_file():
    linked = link_sources({"b.py": "def f(): pass\n", "a.py": "class A:\n    def m(self): pass\n"})
    names = [linked.symbols[key].qualified_name for key in linked.keys["a.py"]]
    assert names == ["a", "a.A", "a.A.m"]
    assert [linked.symbols[key].qualified_name for key in linked.keys["b.py"]] == ["b", "b.f"]
    assert edges(linked, EdgeKind.CONTAINS) == {("a", "a.A"), ("a.A", "a.A.m"), ("b", "b.f")}
    assert linked.symbols[linked.keys["a.py"][2]].parent == linked.keys["a.py"][1]
