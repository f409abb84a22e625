"""Calls, imports, classes and treemaps of small projects whose picture is known."""

import pytest

from core.diagrams import draw
from core.diagrams.calls import calls
from core.diagrams.source_map import SourceMap
from core.errors import UnknownSymbolError, UsageError
from core.model.graph import Confidence, EdgeKind
from core.model.source import FileRole
from tests.core.diagrams.projects import Project, shop


def chain() -> Project:
    """`a` calls `b` calls … `e`, and `e` calls `c` again."""
    project = Project().file("m.py", *"abcde").file("test_m.py", "check", role=FileRole.TEST)
    for source, target in ("ab", "bc", "cd", "de", "ec"):
        project.use(f"m.{source}", f"m.{target}")
    project.use("test_m.check", "m.c", times=5)
    project.use("m.c", "os.getcwd")
    project.use("m.c", "numpy.dot", confidence=Confidence.INFERRED)
    project.use("m.c", "<builtin>.len")
    return project


def labelled_pairs(diagram):
    labels = {node.id: node.label for node in diagram.nodes}
    return {(labels[edge.source], labels[edge.target]) for edge in diagram.edges}


def test_calls_stand_in_columns_from_callers_to_callees():
    diagram = draw("calls", "m.c", chain().reader())
    order = [node.label for node in diagram.nodes]
    assert order.index("a") < order.index("b") < order.index("c") < order.index("d")
    assert {
        ("a", "b"),
        ("b", "c"),
        ("c", "d"),
        ("d", "e"),
        ("e", "c"),
        ("check", "c"),
        ("c", "os.getcwd"),
    } == labelled_pairs(diagram)
    assert [item.what for item in diagram.omitted] == ["more callees, built-ins included"]


def test_depth_bounds_the_walk():
    assert {node.label for node in calls(SourceMap(chain().reader()), "m.c", depth=1).nodes} == {
        "b",
        "c",
        "d",
        "e",
        "check",
        "os.getcwd",
    }


def test_calls_of_a_class_are_those_of_its_methods():
    project = Project().file("m.py", "run", classes=["Box"]).method("m.Box", "open")
    project.use("m.run", "m.Box.open").use("m.Box.open", "m.run")
    diagram = draw("calls", "Box", project.reader())
    assert labelled_pairs(diagram) == {("run", "Box"), ("Box", "run")}


def test_calls_need_a_symbol_that_is_there():
    with pytest.raises(UsageError, match="needs a symbol"):
        draw("calls", "", chain().reader())
    with pytest.raises(UnknownSymbolError):
        draw("calls", "nothing_of_this_name", chain().reader())


def test_import_cycle_is_framed_and_closed_by_an_arrow_upwards():
    project = Project().file("p/a.py").file("p/b.py").file("p/c.py").file("p/d.py")
    for source, target, times in (("a", "b", 3), ("b", "c", 3), ("c", "a", 1), ("d", "a", 1)):
        project.use(f"p.{source}", f"p.{target}", EdgeKind.IMPORTS, times=times)
    project.use("p.a.main", "p.d.main")  # a call is no import
    diagram = draw("imports", "", project.reader())
    homes = {node.label: node.cluster for node in diagram.nodes}
    assert homes == {"a.py": "cycle:1", "b.py": "cycle:1", "c.py": "cycle:1", "d.py": ""}
    position = {node.id: number for number, node in enumerate(diagram.nodes)}
    upwards = [(edge.source, edge.target) for edge in diagram.edges if position[edge.source] > position[edge.target]]
    assert upwards == [("file:p/c.py", "file:p/a.py")]
    assert "3 boxes in 1 import cycle" in diagram.subtitle


def test_imports_of_a_file_show_both_sides():
    project = Project().file("a.py").file("b.py").file("c.py")
    project.use("a", "b", EdgeKind.IMPORTS).use("b", "c", EdgeKind.IMPORTS).use("b", "json", EdgeKind.IMPORTS)
    diagram = draw("imports", "b.py", project.reader())
    assert labelled_pairs(diagram) == {("a.py", "b.py"), ("b.py", "c.py"), ("b.py", "json")}
    assert [node.label for node in diagram.nodes][:2] == ["a.py", "b.py"]


def test_no_import_upwards_without_a_cycle():
    diagram = draw("imports", "", shop().reader())
    assert "no import cycle" in diagram.subtitle


def zoo() -> Project:
    names = ["Animal", "Bird", "Fish", "Penguin", "Stone"]
    project = Project().file("zoo.py", classes=names)
    for derived, base in (("Bird", "Animal"), ("Fish", "Animal"), ("Penguin", "Bird")):
        project.use(f"zoo.{derived}", f"zoo.{base}", EdgeKind.INHERITS)
    project.use("zoo.Animal", "abc.ABC", EdgeKind.INHERITS)
    return project


def test_classes_put_bases_first_and_count_the_lonely():
    diagram = draw("classes", "", zoo().reader())
    order = [node.label for node in diagram.nodes]
    assert order.index("abc.ABC") < order.index("Animal") < order.index("Bird") < order.index("Penguin")
    assert ("Penguin", "Bird") in labelled_pairs(diagram)
    assert [(item.what, item.count) for item in diagram.omitted] == [("class that inherits nothing", 1)]


def test_classes_of_one_class_are_its_family():
    diagram = draw("classes", "zoo.Bird", zoo().reader())
    assert {node.label for node in diagram.nodes} == {"abc.ABC", "Animal", "Bird", "Penguin"}


def test_many_subclasses_are_bundled_below_their_base():
    names = [f"Leaf{number:02}" for number in range(90)]
    project = Project().file("tree.py", classes=["Tree", *names])
    for name in names:
        project.use(f"tree.{name}", "tree.Tree", EdgeKind.INHERITS)
    diagram = draw("classes", "", project.reader())
    (bundle,) = [node for node in diagram.nodes if node.kind == "bundle"]
    (arrow,) = [edge for edge in diagram.edges if edge.source == bundle.id]
    assert bundle.label == f"+{arrow.count} more classes"
    assert sum(edge.count for edge in diagram.edges) == 90


def test_treemap_weighs_every_line_of_code_once():
    project = shop()
    for number in range(400):
        project.file(f"shop/many/file{number}.py", lines=3)
    diagram = draw("treemap", "", project.reader())
    code = sum(file.lines for file in project.files.values() if file.path.startswith("shop/"))
    assert sum(node.weight for node in diagram.nodes) == code
    assert len(diagram.nodes) < 300
