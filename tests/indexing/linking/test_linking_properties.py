"""What holds of every graph, whatever the source."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.model.graph import EdgeKind
from core.model.symbol import SymbolKind
from indexing.linking.hierarchy import Hierarchy
from indexing.linking.records import FileFacts, Linked
from indexing.linking.whole import link
from tests.indexing.linking.sources import facts_of

_NAMES = st.sampled_from(["a", "b", "c", "run", "self", "A", "B"])
_PATHS = st.sampled_from(
    ["a", "b", "A", "B", "self.a", "self.run", "a()", "A().run", "b.a", "a[0]", "super().run", "A.b", "x.y.z"]
)
_LINES = st.one_of(
    st.builds("import {}".format, _NAMES),
    st.builds("from {} import {}".format, _NAMES, _NAMES),
    st.builds("from . import {}".format, _NAMES),
    st.builds("from {} import *".format, _NAMES),
    st.builds("{} = {}".format, _PATHS.filter(lambda path: "(" not in path), _PATHS),
    st.builds("{}({}, k={})".format, _PATHS, _PATHS, _PATHS),
    st.builds("for {} in {}: pass".format, _NAMES, _PATHS),
    st.builds("{} = [{}, {}]".format, _NAMES, _PATHS, _PATHS),
    st.builds("{}.append({})".format, _PATHS, _PATHS),
    st.builds("def {}(self, a=None, *b): return {}".format, _NAMES, _PATHS),
    st.builds("@{}\ndef {}(a): {}".format, _PATHS, _NAMES, _PATHS),
    st.builds(
        "class {}({}):\n    def run(self, x):\n        self.a = {}\n        return {}".format, _NAMES, _PATHS, _PATHS, _PATHS
    ),
)
_PYTHON = st.lists(_LINES, max_size=8).map("\n".join)
_JAVASCRIPT = st.lists(
    st.one_of(
        st.builds("import {{ {} }} from './{}'".format, _NAMES, _NAMES),
        st.builds("const {} = require('./{}')".format, _NAMES, _NAMES),
        st.builds("exports.{} = {}".format, _NAMES, _NAMES),
        st.builds("export * from './{}'".format, _NAMES),
        st.builds("{}.run = function () {{ this.{}() }}".format, _NAMES, _NAMES),
        st.builds("class {} extends {} {{ run() {{ super.run({}) }} }}".format, _NAMES, _NAMES, _NAMES),
    ),
    max_size=6,
).map("\n".join)
_C = st.lists(st.builds("void {}(void) {{ {}(); }}".format, _NAMES, _NAMES), max_size=4).map("\n".join)
_SOURCES = st.dictionaries(
    st.sampled_from(["a", "b", "pkg/__init__", "pkg/a", "pkg/b", "c"]),
    st.tuples(_PYTHON, _JAVASCRIPT, _C),
    min_size=1,
    max_size=4,
)


def _files(sources: dict[str, tuple[str, str, str]]) -> list[FileFacts]:
    return [
        facts_of(f"{stem}.{ending}", text)
        for stem, texts in sources.items()
        for ending, text in zip(("py", "js", "c"), texts, strict=True)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_SOURCES, st.randoms(use_true_random=False))
def test_a_graph_holds_together(sources: dict[str, tuple[str, str, str]], order: random.Random) -> None:
    files = _files(sources)
    linked = link(files, CancellationToken())
    order.shuffle(files)
    assert link(files, CancellationToken()) == linked, "the order of files makes a difference"
    _check(linked)


def _check(linked: Linked) -> None:
    symbols, edges = linked.symbols, linked.edges
    assert [symbol.key for symbol in symbols] == list(range(len(symbols)))
    assert len({symbol.id for symbol in symbols}) == len(symbols)
    assert len({(edge.source, edge.target, edge.kind, edge.path, edge.line) for edge in edges}) == len(edges)
    for edge in edges:
        source, target = symbols[edge.source], symbols[edge.target]
        assert source.language == target.language, "an edge crosses languages"
        assert edge.path == source.path
        assert edge.line >= 1
    contained = [(edge.target, edge.source) for edge in edges if edge.kind is EdgeKind.CONTAINS]
    assert len(dict(contained)) == len(contained), "something lies in two places"
    for symbol in symbols:
        assert dict(contained).get(symbol.key, -1) == symbol.parent
        assert symbol.parent < symbol.key, "what contains comes first, so nothing contains itself"
        assert (symbol.kind is SymbolKind.EXTERNAL) == (not symbol.path)


@given(st.dictionaries(st.integers(0, 7), st.lists(st.one_of(st.integers(0, 7), st.just("ext")), max_size=3)))
def test_the_line_of_a_class_names_each_ancestor_once(bases: dict[int, list[int | str]]) -> None:
    hierarchy = Hierarchy()
    for cls, above in bases.items():
        hierarchy.set_bases(cls, above)
    for cls in range(8):
        line = hierarchy.line(cls)
        assert line[0] == cls
        assert len(set(line)) == len(line)
        assert {base for base in bases.get(cls, []) if base != cls} <= set(line) | set(range(8))


@given(st.permutations(range(6)), st.data())
def test_without_cycles_the_line_is_pythons(order: list[int], data: st.DataObject) -> None:
    hierarchy, classes = Hierarchy(), dict[int, type]()
    for position, cls in enumerate(order):
        above = data.draw(st.lists(st.sampled_from(order[:position]), unique=True, max_size=3)) if position else []
        try:
            classes[cls] = type(f"C{cls}", tuple(classes[base] for base in above), {"number": cls})
        except (TypeError, KeyError):  # no consistent order, or a base that has none
            continue
        hierarchy.set_bases(cls, above)
    for cls, real in classes.items():
        assert list(hierarchy.line(cls)) == [ancestor.number for ancestor in real.__mro__[:-1]]
