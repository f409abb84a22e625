"""What every `LexicalIndex` promises."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ports import LexicalField
from core.retrieval.words import terms
from indexing.stores.tantivy import LexicalDocument, LexicalReader, LexicalWriter


def document(chunk_id: int, text: str = "", path: str = "a.py", names: str = "-", outline: str = "") -> LexicalDocument:
    return LexicalDocument(chunk_id, path, "", names, text, outline)


def posted(folder: Path, *documents: LexicalDocument) -> LexicalReader:
    with LexicalWriter(folder) as writer:
        writer.add(documents)
        writer.commit(1)
    return LexicalReader(folder)


def found(reader: LexicalReader, *words: str, k: int = 10, field: LexicalField | None = None) -> list[int]:
    query = {term: 1.0 for word in words for term in terms(word)}
    ids, scores = reader.search(query, k, None if field is None else {field: 1.0})
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    assert ids.dtype == np.int64
    assert scores.dtype == np.float32
    return ids.tolist()


def test_a_rare_word_weighs_more_than_a_common_one(tmp_path: Path) -> None:
    reader = posted(
        tmp_path, *(document(i, "common words everywhere") for i in range(20)), document(20, "common rarity words here")
    )
    assert found(reader, "common", "rarity")[0] == 20


def test_spellings_of_a_name_meet(tmp_path: Path) -> None:
    reader = posted(tmp_path, document(1, "def get_user_name(): ..."), document(2, "class Other: pass"))
    for spelling in ("getUserName", "GetUserName", "get_user_name", "userName", "users"):
        assert found(reader, spelling) == [1], spelling


@pytest.mark.parametrize(
    ("field", "expected"), [(LexicalField.TEXT, [1, 4]), (LexicalField.NAMES, [2]), (LexicalField.PATH, [3])]
)
def test_a_search_may_be_kept_to_a_field(tmp_path: Path, field: LexicalField, expected: list[int]) -> None:
    reader = posted(
        tmp_path,
        document(1, text="the walrus"),
        document(2, names="walrus"),
        document(3, path="zoo/walrus.py"),
        document(4, outline="walrus.feed()"),
    )
    assert sorted(found(reader, "walrus", field=field)) == expected
    assert sorted(found(reader, "walrus")) == [1, 2, 3, 4]


def test_weights_and_boosts_count(tmp_path: Path) -> None:
    reader = posted(tmp_path, document(1, "apple"), document(2, "pear"), document(3, names="appl"))
    assert reader.search({"appl": 1.0, "pear": 5.0}, 1)[0].tolist() == [2]
    assert reader.search({"appl": 5.0, "pear": 1.0}, 3)[0].tolist()[-1] == 2
    fields = {LexicalField.TEXT: 0.1, LexicalField.NAMES: 10.0}
    assert reader.search({"appl": 1.0}, 1, fields)[0].tolist() == [3]


def test_folders_keep_a_search_to_themselves_and_weigh_words_by_what_they_hold(tmp_path: Path) -> None:
    """What is asked of some folders ranks as it would in an index of them alone."""
    own = [
        document(1, "session walrus", "zoo/one.py"),
        *(document(i, "session handling", f"zoo/n{i}.py") for i in range(2, 12)),
        document(12, "handling here", "zoo/rare.py"),
    ]
    others = [document(100 + i, "walrus walrus", f"sea/n{i}.py") for i in range(40)]
    both, alone = posted(tmp_path / "both", *own, *others), posted(tmp_path / "alone", *own)
    asked = {"session": 1.0, "walru": 1.0, "handl": 0.7}
    ids, scores = both.search(asked, 20, None, ["zoo"])
    expected_ids, expected = alone.search(asked, 20, None, ["zoo"])
    assert ids.tolist() == expected_ids.tolist()
    assert len(ids) == len(own)
    np.testing.assert_allclose(scores, expected, rtol=0.1)  # the lengths of texts stay those of the whole index
    assert both.search({"walru": 1.0}, 50, None, ["zoo", "sea"])[0].tolist() == both.search({"walru": 1.0}, 50)[0].tolist()
    assert both.search(asked, 20, None, [])[0].tolist() == both.search(asked, 20, None, ["land"])[0].tolist() == []


def test_a_file_in_no_folder_is_in_the_folder_called_dot(tmp_path: Path) -> None:
    reader = posted(tmp_path, document(1, "walrus", "a.py"), document(2, "walrus", "a b/ünï.py"))
    assert reader.search({"walru": 1.0}, 5, None, ["."])[0].tolist() == [1]
    assert reader.search({"walru": 1.0}, 5, None, ["a b"])[0].tolist() == [2]


def test_at_most_k_and_nothing_for_nothing(tmp_path: Path) -> None:
    reader = posted(tmp_path, *(document(i, "word") for i in range(30)))
    assert len(found(reader, "word", k=7)) == 7
    assert len(found(reader, "word", k=1000)) == 30
    assert found(reader, "word", k=0) == []
    assert found(reader, "missing") == []
    assert reader.search({}, 5)[0].tolist() == []
    assert reader.search({"word": 0.0}, 5)[0].tolist() == []
    assert reader.count() == 30


def test_odd_text_is_posted_and_found(tmp_path: Path) -> None:
    reader = posted(
        tmp_path,
        document(1, "größe Ünïcode"),
        document(2, "検索エンジン"),
        document(3, "x" * 70_000 + " needle"),
        document(4, "tab\tnul\0 \ud800 lonely surrogate".encode("utf-8", "replace").decode()),
        document(5, ""),
    )
    assert found(reader, "größe") == [1]
    assert found(reader, "検索") == [2]
    assert found(reader, "needle") == [3]
    assert found(reader, "lonely") == [4]
    assert reader.count() == 5


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.just("add"),
                st.lists(
                    st.tuples(st.integers(0, 15), st.sampled_from(["red", "green", "blue"])),
                    max_size=6,
                    unique_by=lambda x: x[0],
                ),
            ),
            st.tuples(st.just("remove"), st.lists(st.tuples(st.integers(0, 15), st.just("")), max_size=6)),
            st.tuples(st.just("commit"), st.just([])),
            st.tuples(st.just("reopen"), st.just([])),
            st.tuples(st.just("clear"), st.just([])),
        ),
        max_size=9,
    )
)
def test_any_history_answers_like_a_dictionary(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, list[tuple[int, str]]]]
) -> None:
    folder = tmp_path_factory.mktemp("words")
    writer = LexicalWriter(folder)
    working: dict[int, str] = {}
    committed: dict[int, str] | None = None
    generation = 0
    for action, entries in history:
        if action in ("add", "remove"):
            writer.remove(id_ for id_, _ in entries)
            for id_, _ in entries:
                working.pop(id_, None)
        if action == "add":
            writer.add(document(id_, word) for id_, word in entries)
            working.update(entries)
        elif action == "clear":
            writer.clear()
            working = {}
        elif action == "commit":
            generation += 1
            writer.commit(generation)
            committed = dict(working)
        elif action == "reopen":
            writer.close()
            writer = LexicalWriter(folder)
            assert writer.generation == generation
            working = dict(committed or {})
    writer.close()
    if committed is None:
        return
    reader = LexicalReader(folder)
    assert reader.generation == generation
    assert reader.count() == len(committed)
    for word in ("red", "green", "blue"):
        assert sorted(found(reader, word, k=100)) == sorted(id_ for id_, kept in committed.items() if kept == word)


def test_tells_how_many_chunks_hold_a_term(tmp_path: Path) -> None:
    with LexicalWriter(tmp_path) as writer:
        writer.add([document(1, "red"), document(2, "red"), document(3, "green")])
        writer.commit(1)
    reader = LexicalReader(tmp_path)
    assert [reader.frequency(term) for term in ("red", "green", "blue")] == [2, 1, 0]
