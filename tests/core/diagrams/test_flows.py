"""Entry-point flows, sequences, ways and shared logic of small projects whose picture is known."""

from dataclasses import replace

import pytest

from core.diagrams import PACK, draw, pack_map
from core.diagrams.source_map import SourceMap
from core.errors import UsageError
from core.model.chunk import Chunk, ChunkKind
from core.model.clone import CloneClass, CloneMember, CloneType
from core.model.context import Cost, Excerpt, ExcerptRole, Pack
from core.model.diagram import Tie
from core.model.graph import Confidence, EdgeKind
from core.model.source import FileRole, Place, Span
from core.model.symbol import SymbolKind
from tests.core.diagrams.projects import Project
from tests.fakes import MemoryReader


def service() -> Project:
    """`main` loads, then saves by a class; everybody calls `log`, which calls nobody."""
    project = Project().file("app.py", "main").file("io.py", "load", "log").file("db.py", classes=["Store"])
    project.method("db.Store", "save").method("db.Store", "check")
    project.use("app.main", "io.load").use("app.main", "db.Store.save").use("db.Store.save", "db.Store.check")
    for caller in ("app.main", "io.load", "db.Store.save", "db.Store.check"):
        project.use(caller, "io.log")
    project.use("io.load", "os.path.join").use("db.Store.save", "redis.Redis").use("app.main", "<builtin>.len")
    return project.use("db.Store.save", "io.load", confidence=Confidence.NAME)


def test_a_flow_goes_from_the_entry_to_what_it_sets_off():
    diagram = draw("flow", "app.main", service().reader())
    labels = [node.label for node in diagram.nodes]
    assert labels[0] == "main"
    assert set(labels) == {"main", "load", "log", "Store.save", "Store.check", "redis.Redis"}
    assert labels.index("Store.save") < labels.index("Store.check")
    names = {node.id: node.label for node in diagram.nodes}
    assert ("Store.save", "load") not in {(names[edge.source], names[edge.target]) for edge in diagram.edges}, "a guess"


def test_a_sequence_tells_calls_in_the_order_of_lines_with_their_depth():
    diagram = draw("sequence", "app.main", service().reader())
    assert [node.label for node in diagram.nodes] == ["app.py", "io.py", "Store", "redis"]
    assert [(edge.label, edge.depth) for edge in diagram.edges] == [
        ("load()", 0),
        ("log()", 1),
        ("save()", 0),
        ("check()", 1),
        ("log()", 2),
        ("log()", 1),
        ("Redis()", 1),
        ("log()", 0),
    ]
    own = [edge for edge in diagram.edges if edge.source == edge.target]
    assert [edge.label for edge in own] == ["log()", "check()"]


def test_an_argument_is_called_before_what_it_is_handed_to():
    project = Project().file("m.py", "run", "outer", "inner")
    project.use("m.run", "m.outer").use("m.run", "m.inner")
    project.edges = [
        edge.__class__(edge.source, edge.target, edge.kind, edge.confidence, edge.path, 1) for edge in project.edges
    ]
    project.contents["m.py"] = b"    outer(1, inner(2))\n"
    assert [edge.label for edge in draw("sequence", "m.run", project.reader()).edges] == ["inner()", "outer()"]


def test_calls_in_a_circle_come_to_an_end():
    project = Project().file("m.py", *"ab").use("m.a", "m.b").use("m.b", "m.a").use("m.a", "m.a")
    assert [edge.label for edge in draw("sequence", "m.a", project.reader()).edges] == ["b()", "a()", "a()"]
    assert len(draw("flow", "m.a", project.reader()).nodes) == 2


@pytest.mark.parametrize("kind", ["flow", "sequence"])
def test_without_a_symbol_entry_points_are_named(kind):
    project = service().file("tests/run.py", "main", role=FileRole.TEST)
    with pytest.raises(UsageError) as caught:
        draw(kind, "", project.reader())
    assert "app.main" in caught.value.next_step
    assert "tests" not in caught.value.next_step


def test_a_way_is_drawn_step_by_step():
    diagram = draw("path", "app.main -> db.Store.check", service().reader())
    assert [node.label for node in diagram.nodes] == ["main", "Store.save", "Store.check"]
    assert len(diagram.edges) == 2
    nowhere = draw("path", "io.log → app.main", service().reader())
    assert (nowhere.nodes, nowhere.edges) == ((), ())
    assert "no way" in nowhere.subtitle
    with pytest.raises(UsageError, match="two symbols"):
        draw("path", "app.main", service().reader())


def copied(*members: tuple[str, int]) -> MemoryReader:
    """A class whose first member represents the others; each a chunk of so many bytes at the start of its file."""
    project = Project()
    for path in dict.fromkeys(path for path, _ in members):
        project.file(path)
    chunks = [
        Chunk(number, path, Span(0, size, 1, 9), ChunkKind.FUNCTION, "f", "python", FileRole.SOURCE, 0, "", number)
        for number, (path, size) in enumerate(members, start=1)
    ]
    clones = [CloneMember(chunk.id, Place(chunk.path, 1, 9, "f"), CloneType.LAYOUT, 1.0) for chunk in chunks]
    kind = CloneClass(1, CloneType.LAYOUT, 1.0, 0, clones[0], tuple(clones[1:]))
    return MemoryReader(
        project.symbols, files=project.files.values(), contents=project.contents, chunks=chunks, clone_classes=[kind]
    )


def test_shared_logic_joins_parts_by_bytes():
    diagram = draw("clones", "", copied(("a/x.py", 300), ("b/y.py", 280), ("a/z.py", 310)))
    (edge,) = diagram.edges
    assert (edge.kind, edge.count, {place.path for place in edge.places}) == (Tie.SHARES, 280, {"a/x.py", "b/y.py"})
    details = {node.label: node.detail for node in diagram.nodes}
    assert details == {"a": "310 B repeated inside", "b": "repeats nothing inside"}


def test_parts_that_share_nothing_are_counted():
    diagram = draw("clones", "", service().reader())
    assert (diagram.nodes, diagram.edges) == ((), ())


def test_a_pack_is_drawn_with_what_joins_its_excerpts():
    def excerpt(n: int, path: str, line: int, symbol: str, role: ExcerptRole) -> Excerpt:
        return Excerpt(n, path, line, line, symbol, role, 10, "", "")

    project = Project().file("a.py", "one", "two").file("b.py", "three").use("a.one", "b.three").use("a.two", "a.one")
    excerpts = (
        excerpt(1, "b.py", 1, "b.three", ExcerptRole.HIT),
        excerpt(2, "a.py", 1, "a.one", ExcerptRole.CALLER),
        excerpt(3, "a.py", 2, "a.two", ExcerptRole.CALLER),
    )
    pack = Pack("how", 100, 30, "t", 900, excerpts, "", 0, 0, Cost(0, 0.0, 0.0))
    diagram = pack_map(SourceMap(project.reader()), pack)
    assert diagram.kind == PACK
    assert [node.label for node in diagram.nodes] == ["[3] two", "[2] one", "[1] three"]
    assert {(edge.source, edge.target) for edge in diagram.edges} == {
        ("excerpt:3", "excerpt:2"),
        ("excerpt:2", "excerpt:1"),
    }
    assert [cluster.label for cluster in diagram.clusters] == ["a.py"]


def test_a_go_import_of_a_whole_package_draws_no_arrow_to_files_that_are_not_used():
    project = Project().file("doc.go").file("kit/used.go").file("kit/idle.go").file("web/a.go").file("web/b.go")
    for name in ("used", "idle"):
        project.use("doc", f"kit.{name}", EdgeKind.IMPORTS)
    project.use("doc.main", "kit.used.main", times=3)
    project.symbols = [replace(symbol, language="go") for symbol in project.symbols]
    project.files = {path: replace(file, language="go") for path, file in project.files.items()}
    links = SourceMap(project.reader()).links
    assert links["doc.go", "kit/used.go"].weight == pytest.approx(3.05)
    assert links["doc.go", "kit/idle.go"].weight < 0.1


def test_a_package_imported_by_its_published_name_is_no_library():
    project = Project().file("packages/shop/src/index.ts").file("packages/site/page.ts")
    project.text("packages/shop/package.json", '{"name": "@acme/shop"}')
    key = project.add("@acme/shop", SymbolKind.EXTERNAL)
    project.symbols[key] = replace(project.symbols[key], language="typescript")
    project.use("packages.site.page", "@acme/shop", EdgeKind.IMPORTS)
    source = SourceMap(project.reader())
    assert set(source.links) == {("packages/site/page.ts", "packages/shop/src/index.ts")}


def test_a_root_that_is_a_package_owns_what_is_imported_by_its_name():
    class Named(MemoryReader):
        def source_name(self) -> str:
            return "shop"

    project = Project().file("__init__.py").file("db/models.py").file("web.py")
    project.use("web", "shop.db.models.Model", EdgeKind.IMPORTS).use("web", "shopping.cart", EdgeKind.IMPORTS)
    reader = Named(project.symbols, project.edges, files=project.files.values(), contents=project.contents)
    assert set(SourceMap(reader).links) == {("web.py", "db/models.py"), ("web.py", "external:shopping")}
