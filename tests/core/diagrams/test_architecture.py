"""The architecture of small projects whose picture is known."""

import pytest

from core.cancellation import CancellationToken
from core.diagrams import draw
from core.errors import CancelledError, UnknownSymbolError, UsageError
from core.model.diagram import Diagram
from core.model.graph import Confidence, EdgeKind
from core.model.source import FileRole
from core.model.symbol import SymbolKind
from tests.core.diagrams.projects import Project, shop
from tests.fakes import MemoryReader


def architecture(reader: MemoryReader, scope: str = "") -> Diagram:
    return draw("architecture", scope, reader)


def label_of(diagram: Diagram) -> dict[str, str]:
    return {node.id: node.label for node in diagram.nodes}


def arrows(diagram: Diagram) -> dict[tuple[str, str], int]:
    labels = label_of(diagram)
    return {(labels[edge.source], labels[edge.target]): edge.count for edge in diagram.edges}


def test_dominating_folder_is_opened_and_parts_are_layered():
    diagram = architecture(shop().reader())
    inside = [node.label for node in diagram.nodes if not node.external]
    assert inside == ["web", "orders", "store", "util"]
    assert arrows(diagram) == {("web", "orders"): 9, ("orders", "store"): 7, ("store", "util"): 4, ("web", "util"): 3}
    assert diagram.subtitle.startswith("in shop/ · 15 files · 1,140 lines")


def test_what_is_left_out_is_counted():
    omitted = {item.what: item.count for item in architecture(shop().reader()).omitted}
    assert omitted == {"test file": 1, "file outside of shop/": 1, "uses behind 1 arrow guessed by name alone": 1}


def test_libraries_are_told_together_and_built_ins_are_not():
    boxes = {node.label: node.detail for node in architecture(shop().reader()).nodes if node.external}
    assert boxes == {"1 library": "redis · 3 uses", "standard library": "sqlite3 · 2 uses"}


def test_name_and_description_come_from_the_source():
    project = shop()
    project.text("pyproject.toml", '[project]\nname = "corner-shop"\n', FileRole.DATA)
    project.text("shop/orders/README.md", "# Orders\n\n[![b](c)](d)\n\nTakes an order from `cart` to invoice. And more.\n")
    diagram = architecture(project.reader())
    details = {node.label: node.detail for node in diagram.nodes}
    assert diagram.title == "Architecture of corner-shop"
    assert details["orders"] == "Takes an order from cart to invoice"
    assert details["web"] == "4 files · 310 lines"


def test_a_box_opens_its_main_file_and_its_own_scope():
    store = next(node for node in architecture(shop().reader()).nodes if node.label == "store")
    assert store.place is not None
    assert (store.place.path, store.scope, store.kind) == ("shop/store/__init__.py", "shop/store/", "package")


def test_many_siblings_are_bundled():
    project = Project()
    for number in range(80):
        project.file(f"lib/file{number:02}.py", lines=1000 - number)
    project.use("lib.file79.main", "lib.file00.main", times=50)
    diagram = architecture(project.reader())
    bundles = [node for node in diagram.nodes if node.kind == "bundle"]
    assert len(diagram.nodes) <= 30
    assert len(bundles) == 1
    assert bundles[0].label.startswith("+")
    assert bundles[0].label.endswith("more files")
    assert {"file00.py", "file79.py"} <= {node.label for node in diagram.nodes}  # small, but much used


def test_large_folders_become_frames():
    project = Project()
    for package in ("api", "engine", "ui"):
        for part in ("one", "two", "three"):
            for number in range(3):
                project.file(f"app/{package}/{part}/m{number}.py", lines=500)
        project.file(f"app/{package}/start.py", lines=50)
    project.file("app/small.py", lines=20)
    diagram = architecture(project.reader())
    assert {cluster.label for cluster in diagram.clusters} == {"api", "engine", "ui"}
    assert sum(node.label == "one" for node in diagram.nodes) == 3


def test_header_and_body_share_a_box():
    project = Project()
    project.file("dict.c").file("dict.h").file("main.c")
    project.symbols = [symbol for symbol in project.symbols if symbol.path != "dict.h"]  # both would be the module `dict`
    project.symbols[:] = [type(s)(i, *(getattr(s, f) for f in s.__slots__[1:])) for i, s in enumerate(project.symbols)]
    diagram = architecture(project.reader())
    assert sorted(node.label for node in diagram.nodes) == ["dict.c", "main.c"]
    assert {node.label: node.weight for node in diagram.nodes}["dict.c"] == 200


def test_scope_of_a_folder_shows_who_is_around():
    diagram = architecture(shop().reader(), "shop/orders/")
    kinds = {node.label: node.kind for node in diagram.nodes}
    assert kinds == {
        "__init__.py": "file",
        "part0.py": "file",
        "part1.py": "file",
        "part2.py": "file",
        "shop/web": "context",
        "shop/store": "context",
    }
    assert arrows(diagram) == {("shop/web", "part1.py"): 9, ("part0.py", "shop/store"): 7}


def test_scope_of_a_file_shows_definitions():
    project = shop()
    project.file("shop/web/page.py", "render", "escape", classes=["Page"]).method("shop.web.page.Page", "draw")
    project.use("shop.web.page.Page.draw", "shop.web.page.render", times=2)
    project.use("shop.web.page.render", "shop.util.part0.run")
    diagram = architecture(project.reader(), "shop/web/page.py")
    assert arrows(diagram) == {("Page", "render"): 2, ("render", "shop/util/part0.py"): 1}
    page = next(node for node in diagram.nodes if node.label == "Page")
    assert (page.kind, page.scope, page.detail) == ("class", "shop.web.page.Page", "1 method · 10 lines")
    assert [node.label for node in architecture(project.reader(), page.scope).nodes] == ["draw", "render"]


def test_strongest_confidence_and_commonest_kind_stand_for_an_arrow():
    project = Project().file("a/m.py").file("b/m.py")
    project.use("a.m.main", "b.m.main", EdgeKind.CALLS, Confidence.INFERRED, times=3)
    project.use("a.m", "b.m", EdgeKind.IMPORTS, Confidence.EXACT)
    project.use("a.m.main", "b.m.main", EdgeKind.CALLS, Confidence.NAME)
    (edge,) = architecture(project.reader()).edges
    assert (edge.kind, edge.confidence, edge.count) == (EdgeKind.CALLS, Confidence.EXACT, 5)
    assert edge.places[0].start_line == 4  # the certain one first


def test_a_guess_is_not_drawn_against_a_certainty():
    project = Project().file("a/m.py").file("b/m.py")
    project.use("a.m.main", "b.m.main", times=5)
    project.use("b.m.main", "a.m.main", EdgeKind.CALLS, Confidence.INFERRED, times=40)
    assert list(arrows(architecture(project.reader()))) == [("a", "b")]


def test_empty_index_gives_an_empty_diagram():
    for kind in ("architecture", "imports", "classes", "treemap"):
        diagram = draw(kind, "", MemoryReader())
        assert (diagram.nodes, diagram.edges) == ((), ())
        assert diagram.subtitle


def test_a_project_of_tests_alone_is_still_drawn():
    project = Project().file("tests/a.py", role=FileRole.TEST).file("tests/b.py", role=FileRole.TEST)
    assert [node.label for node in architecture(project.reader()).nodes] == ["a.py", "b.py"]


def test_text_files_beside_code_are_no_boxes():
    project = shop().text("shop/Makefile", "all:\n\ttrue\n", FileRole.SOURCE)
    project.add("shop.Makefile", SymbolKind.MODULE, "shop/Makefile", 1, 2)
    assert "Makefile" not in {node.label for node in architecture(project.reader()).nodes}


@pytest.mark.parametrize(
    "scope", ["shop", "shop/", "./shop", " shop/web ", "shop.web", "web", "shop.web.part0", "part0.py:1"]
)
def test_scopes_may_be_written_in_many_ways(scope):
    if scope == "part0.py:1":
        scope = "shop/web/part0.py"
    assert architecture(shop().reader(), scope).nodes


def test_unknown_scope_says_what_is_near():
    with pytest.raises(UsageError, match=r"did you mean shop/orders"):
        architecture(shop().reader(), "shop/order")


def test_ambiguous_scope_names_the_candidates():
    with pytest.raises(UnknownSymbolError) as caught:
        architecture(shop().reader(), "helper")
    assert "shop.web.part0.helper" in caught.value.candidates


def test_unknown_kind_lists_the_kinds():
    with pytest.raises(UsageError, match=r"architecture, classes, .*, calls"):
        draw("story", "", MemoryReader())


def test_cancelling_stops_it():
    token = CancellationToken()
    token.cancel()
    with pytest.raises(CancelledError):
        draw("architecture", "", shop().reader(), token)


def test_a_guess_is_not_drawn_from_a_part_that_says_what_it_uses():
    """`list.push()` of a part that never names `queue` is not a use of the queue's `push`."""
    project = shop()
    project.use("shop.web.part0.run", "shop.store.part0.run", confidence=Confidence.INFERRED, times=200)
    labels = {node.id: node.label for node in architecture(project.reader()).nodes}
    drawn = {(labels[edge.source], labels[edge.target]) for edge in architecture(project.reader()).edges}
    assert ("web", "store") not in drawn
    assert ("web", "orders") in drawn


def test_whoever_starts_the_others_is_drawn_above_each_of_them():
    project = Project()
    parts = ("cmd", "web", "scrape", "rules", "tsdb")
    for part in parts:
        project.file(f"{part}/a.py").file(f"{part}/b.py")
    project.use("cmd.a.main", "tsdb.a.main", times=200)
    for part in ("web", "scrape", "rules"):
        project.use("cmd.a.main", f"{part}.a.main", times=2)
        project.use(f"{part}.a.main", "tsdb.a.main", times=30)
    diagram = architecture(project.reader())
    labels = {node.id: node.label for node in diagram.nodes}
    drawn = {(labels[edge.source], labels[edge.target]) for edge in diagram.edges}
    assert {("cmd", part) for part in parts[1:]} <= drawn


def monorepo() -> Project:
    project = Project()
    for package in ("core", "dom", "shared"):
        for number in range(4):
            project.file(f"packages/{package}/src/part{number}.py", lines=400)
        project.text(f"packages/{package}/package.json", '{"description": "What ' + package + ' is there for"}')
    project.file("packages/core/index.py", lines=5)
    project.file("setup.py", lines=40).file(".ci/run.py", lines=40)
    return project


def test_packages_are_called_as_their_folders_above_the_sources():
    diagram = architecture(monorepo().reader())
    details = {node.label: node.detail for node in diagram.nodes}
    assert details["dom"] == "What dom is there for"
    assert details["core"] == "What core is there for"
    assert {"dom", "core", "shared"} <= set(details)
    assert not {"src", "dom/src", "setup.py", "run.py", ".ci"} & set(details)


def test_a_folder_that_is_nearly_all_of_another_is_opened_in_its_place():
    project = Project()
    for part in ("one", "two", "three"):
        for number in range(3):
            project.file(f"app/engine/src/{part}/m{number}.py", lines=500)
    project.file("app/engine/index.py", lines=20).file("app/ui/view.py", lines=900).file("app/ui/tree.py", lines=900)
    diagram = architecture(project.reader())
    assert "engine" in {cluster.label for cluster in diagram.clusters}
    assert {"one", "two", "three", "index.py"} <= {node.label for node in diagram.nodes}


def wide() -> Project:
    """Seventy folders beside each other, and one that holds half of everything."""
    project = Project()
    for number in range(70):
        project.file(f"driver{number:02}/probe.py", lines=200 - number)
    for number in range(12):
        project.file(f"ether/vendor{number}/a.py", lines=1900).file(f"ether/vendor{number}/b.py", lines=100)
        project.file(f"wifi/vendor{number}/a.py", lines=400)
    return project


def test_the_smaller_parts_told_in_one_box_have_a_picture_of_their_own():
    reader = wide().reader()
    first = architecture(reader)
    [bundle] = [node for node in first.nodes if node.kind == "bundle" and not node.cluster]
    assert bundle.scope == "+"
    rest = architecture(reader, bundle.scope)
    assert rest.title.endswith("its smaller parts")
    own = {node.label for node in first.nodes if node.kind != "bundle"}
    [again] = [node for node in rest.nodes if node.kind == "bundle"]
    assert again.scope == "+/+"
    last = architecture(reader, again.scope)
    told = own | {node.label for node in (*rest.nodes, *last.nodes)}
    assert {f"driver{number:02}" for number in range(70)} <= told
    assert "driver69" not in own


def test_what_a_frame_tells_in_one_box_is_in_the_picture_of_its_folder():
    first = architecture(wide().reader())
    [inner] = [node for node in first.nodes if node.kind == "bundle" and node.cluster]
    assert inner.scope == "ether/"
    inside = architecture(wide().reader(), inner.scope)
    assert sum(node.label.startswith("vendor") for node in inside.nodes) == 12


def test_among_many_parts_only_one_of_half_the_size_is_opened():
    assert {cluster.label for cluster in architecture(wide().reader()).clusters} == {"ether"}


def test_there_is_no_rest_where_every_part_has_a_box():
    with pytest.raises(UsageError, match="no smaller parts"):
        architecture(shop().reader(), "shop/+")


def test_mentions_that_are_guessed_draw_no_arrow_and_calls_do():
    project = Project()
    for part in ("one", "two", "three"):
        project.file(f"{part}/a.py").file(f"{part}/b.py")
    project.use("one.a.main", "two.a.main", EdgeKind.REFERENCES, Confidence.INFERRED, times=90)
    project.use("one.a.main", "three.a.main", confidence=Confidence.INFERRED, times=90)
    diagram = architecture(project.reader())
    labels = {node.id: node.label for node in diagram.nodes}
    assert {(labels[edge.source], labels[edge.target]) for edge in diagram.edges} == {("one", "three")}


def test_interfaces_beside_what_dominates_by_lines_stay():
    project = Project()
    for number in range(40):
        project.file(f"java/org/server/part{number % 5}/c{number}.py", lines=900)
        project.file(f"java/jakarta/api/i{number}.py", lines=30)
    labels = {node.label for node in architecture(project.reader()).nodes}
    assert "jakarta/api" in labels
    assert "part0" in labels
