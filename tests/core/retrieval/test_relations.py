"""Which questions are read as questions of the code graph."""

from __future__ import annotations

import pytest

from core.retrieval.relations import Related, Relation, read_relation


@pytest.mark.parametrize(
    ("question", "relation", "name"),
    [
        ("who calls isRecord?", Relation.CALLERS, "isRecord"),
        ("where is `QuerySet.filter()` used?", Relation.CALLERS, "QuerySet.filter"),
        ("callers of the method std::vector", Relation.CALLERS, "std.vector"),
        ("what does Reader.endArray call?", Relation.CALLEES, "Reader.endArray"),
        ("which functions are called by main", Relation.CALLEES, "main"),
        ("which classes implement Embedder", Relation.HEIRS, "Embedder"),
        ("subclasses of 'Model'", Relation.HEIRS, "Model"),
        ("what overrides JsonElement.deepCopy?", Relation.HEIRS, "JsonElement.deepCopy"),
        ("Which tests cover save()?", Relation.TESTS, "save"),
        ("tests for the Foo#bar method", Relation.TESTS, "Foo.bar"),
        ("what breaks if I change save?", Relation.IMPACT, "save"),
        ("what depends on Session", Relation.IMPACT, "Session"),
    ],
)
def test_what_the_graph_knows_is_asked_of_it(question: str, relation: Relation, name: str) -> None:
    assert read_relation(question) == Related(relation, name)


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
    assert read_relation(question) is None
