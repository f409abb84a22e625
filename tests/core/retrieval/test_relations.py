"""Which questions are read as questions of the code graph, and what it says to them."""

from __future__ import annotations

import pytest

from core.model.chunk import Chunk, ChunkKind
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole, IndexedFile, Span
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.relations import RELATED, related_scores
from core.retrieval.snapshot import Snapshot
from core.retrieval.structural import Relation, StructuralQuestion, read_structural
from tests.fakes import MemoryReader

ROLES = {"pay.py": FileRole.SOURCE, "shop.py": FileRole.SOURCE, "t.py": FileRole.TEST}


@pytest.mark.parametrize(
    ("question", "relation", "name"),
    [
        ("who calls isRecord?", Relation.CALLERS, "isRecord"),
        ("where is `QuerySet.filter()` used?", Relation.CALLERS, "QuerySet.filter"),
        ("callers of the method std::vector", Relation.CALLERS, "std::vector"),
        ("what does Reader.endArray call?", Relation.CALLEES, "Reader.endArray"),
        ("which functions are called by main", Relation.CALLEES, "main"),
        ("which classes implement Embedder", Relation.SUBTYPES, "Embedder"),
        ("subclasses of 'Model'", Relation.SUBTYPES, "Model"),
        ("what overrides JsonElement.deepCopy?", Relation.OVERRIDES, "JsonElement.deepCopy"),
        ("Which tests cover save()?", Relation.TESTS, "save"),
        ("tests for the Foo#bar method", Relation.TESTS, "Foo#bar"),
        ("what breaks if I change save?", Relation.IMPACT, "save"),
        ("what depends on Session", Relation.IMPACT, "Session"),
    ],
)
def test_what_the_graph_knows_is_asked_of_it(question: str, relation: Relation, name: str) -> None:
    assert read_structural(question) == StructuralQuestion(relation, (name,))


@pytest.mark.parametrize(
    "question",
    [
        "",
        "isRecord",
        "how are calls made",
        "who uses sessions in the admin",
        "what happens when a thread pool is full",
        "tests for sending a message when the buffer is full",
        "who calls save " + "x" * 400,
    ],
)
def test_other_questions_are_left_to_words_and_vectors(question: str) -> None:
    assert read_structural(question) is None


def test_callers_go_before_what_says_the_same_words() -> None:
    reader = MemoryReader(
        [_symbol(0, "pay.charge", "pay.py", 1), _symbol(1, "shop.buy", "shop.py", 2), _symbol(2, "t.test_buy", "t.py", 1)],
        [
            Edge(1, 0, EdgeKind.CALLS, Confidence.EXACT, "shop.py", 3),
            Edge(2, 1, EdgeKind.CALLS, Confidence.INFERRED, "t.py", 2),
        ],
        files=[IndexedFile(path, "python", role, 9, 0, "", "utf-8", 4) for path, role in ROLES.items()],
        chunks=[
            Chunk(number, path, Span(0, 9, 1, 4), ChunkKind.FUNCTION, "", "python", role, 0, "", number)
            for number, (path, role) in enumerate(ROLES.items())
        ],
    )
    snapshot = Snapshot(reader)
    rows = {path: number for number, path in enumerate(ROLES)}
    assert related_scores(StructuralQuestion(Relation.CALLERS, ("charge",)), snapshot) == {rows["shop.py"]: RELATED}
    assert related_scores(StructuralQuestion(Relation.CALLEES, ("buy",)), snapshot) == {rows["pay.py"]: RELATED}
    [(row, gain)] = related_scores(StructuralQuestion(Relation.TESTS, ("charge",)), snapshot).items()
    assert row == rows["t.py"]
    assert 0 < gain < RELATED
    assert related_scores(StructuralQuestion(Relation.CALLERS, ("unknown",)), snapshot) == {}
    assert related_scores(None, snapshot) == {}


def _symbol(key: int, name: str, path: str, line: int) -> Symbol:
    short = name.rpartition(".")[2]
    return Symbol(key, name, short, name, SymbolKind.FUNCTION, "python", path, line, line + 2, "", "", -1)
