"""What a group of files has to know of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.cancellation import CancellationToken
from indexing.linking.c import CDialect
from indexing.linking.caseless import CaselessDialect
from indexing.linking.dialect import Dialect
from indexing.linking.dialects import DIALECTS
from indexing.linking.directory import Directory
from indexing.linking.python import PythonDialect
from indexing.linking.records import FileFacts
from indexing.linking.slices import interface_of
from indexing.linking.world import FileInterface, World, find_world, hashes_of
from indexing.packed import defined_names, name_hash
from tests.indexing.linking.sources import facts_of


class Sources:
    """Facts in memory; keys count from 1 in the order of paths."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.files = {key: facts_of(path, sources[path]) for key, path in enumerate(sorted(sources), 1)}
        self.keys = {file.path: key for key, file in self.files.items()}
        self.asked: set[int] = set()

    def facts(self, file: int) -> FileFacts:
        return self.files[file]

    def interface(self, file: int) -> FileInterface:
        self.asked.add(file)
        found = self.files[file]
        return FileInterface(found.path, found.language, interface_of(found.facts))

    def holders(self, names: Collection[str]) -> Mapping[str, Sequence[int]]:
        visible = {key: set(defined_names(file.facts.definitions)[1].tolist()) for key, file in self.files.items()}
        found = {name: [key for key in self.files if name_hash(name) in visible[key]] for name in names}
        return {name: keys for name, keys in found.items() if keys}

    def world_of(self, *paths: str, dialect: type[Dialect] = PythonDialect) -> World:
        group = {self.keys[path]: self.files[self.keys[path]] for path in paths}
        directory = Directory((key, file.path) for key, file in self.files.items())
        return find_world(group, directory, self, dialect, CancellationToken())


def seen(world: World) -> dict[str, list[str]]:
    """The definitions of each file of a world, by nesting."""
    return {file.path: [item.nesting for item in file.facts.definitions[1:]] for file in world.files}


TREE = {
    "shop/__init__.py": "",
    "shop/orders.py": "from shop.base import Base\n\n\nclass Order(Base):\n"
    "    def total(self): pass\n    def unsaid(self): pass\n",
    "shop/base.py": "from shop.far import Far\n\n\nclass Base:\n    def save(self): pass\n\n\nclass Other: pass\n",
    "shop/far.py": "class Far: pass\n",
    "shop/unrelated.py": "def total(): pass\n",
    "use.py": "from shop.orders import Order\n\n\ndef run():\n    Order().total()\n    Order().save()\n",
}


def test_a_world_is_what_is_imported_and_what_that_leads_on_to() -> None:
    sources = Sources(TREE)
    found = seen(sources.world_of("use.py"))
    assert found["shop/orders.py"] == ["Order", "Order.total"]
    assert found["shop/base.py"] == ["Base", "Base.save"]
    assert "shop/unrelated.py" not in found
    assert "shop/far.py" not in found, "nobody says Far"
    assert found["shop/__init__.py"] == [], "it only has to be there"


def test_a_slice_tells_the_place_of_each_definition_in_its_file() -> None:
    sources = Sources(TREE)
    world = sources.world_of("use.py")
    for key, file in zip(world.ids, world.files, strict=True):
        full = sources.files[key]
        assert full.path == file.path
        for index, item in enumerate(file.facts.definitions):
            assert full.facts.definitions[file.ordinal(index)].nesting == item.nesting


def test_no_file_of_the_group_is_in_its_world() -> None:
    world = Sources(TREE).world_of(*TREE)
    assert world.files == ()


def test_an_import_of_what_was_not_looked_into_is_left_out() -> None:
    """It would pass for a name from outside."""
    sources = Sources(
        TREE | {"shop/base.py": "from shop.far import Far\nimport json\n\n\nclass Base(json.JSONEncoder): pass\n"}
    )
    [base] = [file for file in sources.world_of("use.py").files if file.path == "shop/base.py"]
    assert [item.module for item in base.facts.imports] == ["json"]


def test_names_are_handed_on_through_files_that_import_them() -> None:
    tree = {
        "p/__init__.py": "from .a import f as g\nfrom .b import *\n",
        "p/a.py": "def f(): pass\n",
        "p/b.py": "def h(): pass\n\n\ndef i(): pass\n",
        "use.py": "from p import g, h\n\n\ng()\nh()\n",
    }
    found = seen(Sources(tree).world_of("use.py"))
    assert found == {"p/__init__.py": [], "p/a.py": ["f"], "p/b.py": ["h"]} or found["p/b.py"] == ["h"]
    assert set(found) == {"p/__init__.py", "p/a.py", "p/b.py"}
    aliased = {
        "q/index.js": "export { make as make_it } from './service.js';\n",
        "q/service.js": "export function make() {}\n",
        "use.js": "import * as q from './q/index.js';\n\nq.make_it();\n",
    }
    javascript = next(dialect for dialect in DIALECTS if "javascript" in dialect.languages)
    assert set(seen(Sources(aliased).world_of("use.js", dialect=javascript))) == {"q/index.js", "q/service.js"}


def test_where_names_need_no_import_those_who_define_them_are_found() -> None:
    tree = {
        "a/use.c": "int run(void) { return total() + own(); }\nint own(void) { return 1; }\n",
        "b/total.c": "static int own(void) { return 2; }\nint total(void) { return 1; }\nint more(void) { return 2; }\n",
        "c/hidden.c": "static int total(void) { return 3; }\n",
    }
    found = seen(Sources(tree).world_of("a/use.c", dialect=CDialect))
    assert found["b/total.c"][-1] == "total"
    assert "c/hidden.c" not in found


def test_names_of_caseless_languages_are_the_same_in_any_case() -> None:
    tree = {
        "a/use.f90": "subroutine run(n)\n  call TOTAL_OF(n)\nend subroutine\n",
        "b/total.f90": "subroutine total_of(n)\nend subroutine\n\nsubroutine other(n)\nend subroutine\n",
    }
    fortran = next(dialect for dialect in DIALECTS if "fortran" in dialect.languages)
    assert issubclass(fortran, CaselessDialect)
    assert seen(Sources(tree).world_of("a/use.f90", dialect=fortran)) == {"b/total.f90": ["total_of"]}


def test_mentions_are_the_names_that_decide_what_is_in_a_world() -> None:
    sources = Sources(TREE)
    mentions = set(sources.world_of("use.py").mentions.tolist())
    assert mentions >= set(hashes_of({"Order", "total", "save", "shop", "orders", "Base", "run"}).tolist())
    assert mentions.isdisjoint(hashes_of({"unsaid", "Other", "unrelated"}).tolist())
