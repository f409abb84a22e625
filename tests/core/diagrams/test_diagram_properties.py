"""What holds for the diagrams of any index."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diagrams import KINDS, NEEDS_SYMBOL, draw
from core.diagrams.folders import folder_tree, open_dominating
from core.diagrams.layers import components, order_by_dependency
from core.diagrams.links import USES, add_up, regroup
from core.diagrams.partition import BOXES, partition
from core.diagrams.source_map import SourceMap
from core.diagrams.wording import DETAIL_LENGTH, first_sentence, names, readme_line, shorten
from core.model.diagram import Diagram
from core.model.graph import EdgeKind
from core.model.source import FileRole
from tests.core.diagrams.projects import projects
from tests.fakes import MemoryReader

WITHOUT_SYMBOL = [kind for kind in KINDS if kind not in NEEDS_SYMBOL]


def drawn(kind: str, scope: str, reader: MemoryReader) -> Diagram:
    """A diagram of a source whose files were changed as often as their paths are long."""
    return draw(
        kind, scope, reader, source=SourceMap(reader, history=lambda _: {f.path: len(f.path) for f in reader.files()})
    )


def assert_sound(diagram: Diagram, reader: MemoryReader) -> None:
    """Whole in itself, and nothing in it that the index does not hold."""
    ids = [node.id for node in diagram.nodes]
    clusters = {cluster.id: cluster.parent for cluster in diagram.clusters}
    assert len(set(ids)) == len(ids)
    assert len(clusters) == len(diagram.clusters)
    assert all(parent in clusters or not parent for parent in clusters.values())
    assert all(node.cluster in clusters or not node.cluster for node in diagram.nodes)
    assert all(len(node.detail) <= DETAIL_LENGTH for node in diagram.nodes)
    files = {file.path: file for file in reader.files()}
    stated = {(edge.path, edge.line) for edge in reader.edges()}
    for node in diagram.nodes:
        if node.place is not None and not node.external:
            assert 1 <= node.place.start_line <= node.place.end_line <= files[node.place.path].lines
    pairs = set()
    for edge in diagram.edges:
        assert edge.source in ids
        assert edge.target in ids
        assert edge.source != edge.target or diagram.kind == "sequence"
        assert edge.count >= 1
        assert 1 <= len(edge.places) <= edge.count
        assert all((place.path, place.start_line) in stated for place in edge.places)
        pairs.add((edge.source, edge.target))
    assert len(pairs) == len(diagram.edges) or diagram.kind == "sequence"
    assert all(item.count > 0 and item.what for item in diagram.omitted)


@given(projects())
@settings(max_examples=60, deadline=None)
def test_diagrams_are_sound(reader):
    for kind in WITHOUT_SYMBOL:
        assert_sound(drawn(kind, "", reader), reader)


@given(projects(), st.data())
@settings(max_examples=40, deadline=None)
def test_diagrams_of_any_scope_are_sound(reader, data):
    places = [symbol.id for symbol in reader.all_symbols() if symbol.path] + [file.path for file in reader.files()]
    if places:
        scope = data.draw(st.sampled_from(places))
        for kind in WITHOUT_SYMBOL:
            assert_sound(drawn(kind, scope, reader), reader)
        symbol = data.draw(st.sampled_from([symbol.id for symbol in reader.all_symbols()]))
        for kind in ("calls", "flow", "sequence"):
            assert_sound(draw(kind, symbol, reader), reader)


@given(projects(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_same_index_gives_the_same_diagram(reader, rnd: random.Random):
    edges = list(reader.edges())
    rnd.shuffle(edges)
    again = MemoryReader(reader.all_symbols(), edges, files=reader.files(), contents={f.path: b"" for f in reader.files()})
    for kind in WITHOUT_SYMBOL:
        assert drawn(kind, "", reader) == drawn(kind, "", again)


@given(projects())
@settings(max_examples=60, deadline=None)
def test_architecture_accounts_for_every_file_line_and_use(reader):
    diagram = draw("architecture", "", reader)
    source = SourceMap(reader)
    base = open_dominating(folder_tree(source.code("")))
    cut = partition(base, {pair: link.weight for pair, link in source.links.items()})
    boxed = [file for box in cut.boxes for file in box.files]
    left_out = sum(item.count for item in diagram.omitted if not item.what.startswith("uses"))
    assert len(boxed) + left_out == len(reader.files())
    assert sum(node.weight for node in diagram.nodes) == sum(file.lines for file in boxed)
    between = regroup(source.links, {file.path: box.id for box in cut.boxes for file in box.files})
    told = sum(edge.count for edge in diagram.edges) + sum(
        item.count for item in diagram.omitted if item.what.startswith("uses behind")
    )
    assert told == sum(link.count for link in between.values())


@given(projects())
@settings(max_examples=60, deadline=None)
def test_a_partition_holds_every_file_once(reader):
    base = folder_tree(reader.files())
    cut = partition(base, {})
    paths = sorted(file.path for box in cut.boxes for file in box.files)
    assert paths == [file.path for file in reader.files()]
    assert len({box.id for box in cut.boxes}) == len(cut.boxes)
    frames = {frame.id for frame in cut.frames}
    assert {box.cluster for box in cut.boxes} <= {"", *frames}
    assert len(cut.boxes) <= BOXES + 3 * len(cut.frames)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0.1, 50)), max_size=40), st.randoms())
def test_only_arrows_on_a_circle_point_upwards(triples, rnd):
    nodes = [str(number) for number in range(10)]
    weights = {(str(a), str(b)): weight for a, b, weight in triples if a != b}
    order = order_by_dependency(nodes, weights)
    assert sorted(order) == nodes
    shuffled = list(weights.items())
    rnd.shuffle(shuffled)
    assert order_by_dependency(nodes[::-1], dict(shuffled)) == order
    home = {node: number for number, group in enumerate(components(nodes, weights)) for node in group}
    for source, target in weights:
        if order.index(source) > order.index(target):
            assert home[source] == home[target]


def test_links_leave_out_what_is_no_use():
    assert {"contains", "overrides"}.isdisjoint(kind.value for kind in USES)


@given(st.text(max_size=3000), st.integers(8, 90))
def test_words_fit(text, length):
    assert len(shorten(text, length)) <= length
    assert len(first_sentence(text, length)) <= length
    assert len(readme_line(text, length)) <= length
    assert len(names(text.split(), length)) <= length
    assert "\n" not in first_sentence(text)


@pytest.mark.parametrize(
    ("doc", "line"),
    [
        ("Return the value. Then more.", "Return the value"),
        ("See `__init__.py`, i.e. the *package*.", "See __init__.py, i.e. the package"),
        ("Assists {@link Object#equals(Object)} here.\nMore.", "Assists Object.equals here"),
        ("[The docs](https://example.org/x) tell :class:`Foo`", "The docs tell Foo"),
        ("-----", ""),
        ("A calendar other than ISO. The main API follows.", "A calendar other than ISO"),
        ("As defined in JVMS 4.4. Such a one is more.", "As defined in JVMS 4.4"),
        ('"Common" middleware for some operations:\n\n- one', '"Common" middleware for some operations: - one'),
        ("Basic operations:", "Basic operations"),
        ("accumulate data in the 'incoming' region into 'add'", "accumulate data in the 'incoming' region into 'add'"),
        ("'All of it.'", "All of it"),
    ],
)
def test_first_sentence(doc, line):
    assert first_sentence(doc) == line


def test_roles_that_are_set_aside_have_a_word():
    from core.diagrams.architecture import _ROLE_WORDS

    assert set(_ROLE_WORDS) == set(FileRole) - {FileRole.SOURCE}


@given(projects())
@settings(max_examples=60, deadline=None)
def test_links_added_up_as_arrays_are_those_added_up_edge_by_edge(reader):
    source = SourceMap(reader)
    for kinds in (USES, (EdgeKind.IMPORTS,)):
        one_by_one = add_up(reader.edges(kinds), source.symbols, source.owner)
        together = source.links_of(kinds)
        assert together.keys() == one_by_one.keys()
        group = {path: path.partition("/")[0] for path in source.files}
        for links, others in ((together, one_by_one), (regroup(together, group), regroup(one_by_one, group))):
            assert links.keys() == others.keys()
            for pair, link in links.items():
                other = others[pair]
                assert (link.by_confidence, link.by_kind) == (other.by_confidence, other.by_kind)
                assert link.edge(*pair) == other.edge(*pair)
