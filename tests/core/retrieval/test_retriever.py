"""Ranking over a small source, with the real words, vectors and embedder."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from core.cancellation import CancellationToken
from core.errors import CancelledError, UsageError
from core.model.chunk import Chunk, ChunkKind
from core.model.clone import CloneClass, CloneMember, CloneType
from core.model.ranking import Filter, Origin
from core.model.source import FileRole, IndexedFile, Place, Span
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.regex import regex_search, required_literal
from core.retrieval.retriever import Retriever
from indexing.embedding.static import StaticEmbedder
from indexing.stores.faiss import VectorReader
from indexing.stores.tantivy import LexicalDocument, LexicalReader, LexicalWriter
from indexing.stores.vectors import VectorWriter
from tests.fakes import MemoryReader

SOURCE: Mapping[str, str] = {
    "shop/basket.py": """class Basket:
    def add(self, item):
        self.items.append(item)

def total(basket):
    return sum(basket)
""",
    "shop/payment.py": "def charge_card(card, amount):\n    return gateway.authorise(card, amount)\n",
    "shop/session.py": "class SessionStore:\n    def load(self, key):\n        return self.backend.get(key)\n",
    "tests/test_payment.py": """def test_charge_card_payment():
    card = payment_card()
    assert charge_card(card, 5)  # payment card charge
""",
    "docs/payment.md": "# Payment\n\nHow to charge a card: the payment gateway.\n",
    "web/session.js": "export class SessionStore {\n  load(key) { return fetch(key) }\n}\n",
    "old/payment.py": "def charge_card(card, amount):\n    return gateway.authorise(card, amount)\n",
}
ROLES = {"tests": FileRole.TEST, "docs": FileRole.DOCUMENT}
LANGUAGES = {"py": "python", "js": "javascript", "md": "markdown"}


def pieces(text: str) -> list[tuple[int, int, str]]:
    """Two lines a chunk."""
    lines = text.splitlines(keepends=True)
    return [(i + 1, min(i + 2, len(lines)), "".join(lines[i : i + 2])) for i in range(0, len(lines), 2)]


class Shop:
    def __init__(self, folder: Path) -> None:
        chunks, documents, files, symbols = [], [], [], []
        for path, text in sorted(SOURCE.items()):
            language = LANGUAGES[path.rpartition(".")[2]]
            role = ROLES.get(path.split("/")[0], FileRole.SOURCE)
            files.append(IndexedFile(path, language, role, len(text), 0, "", "utf-8", text.count("\n")))
            offset = 0
            for first, last, piece in pieces(text):
                id_ = 100 + len(chunks)
                chunks.append(
                    Chunk(
                        id_,
                        path,
                        Span(offset, offset + len(piece), first, last),
                        ChunkKind.FUNCTION,
                        path[:-3],
                        language,
                        role,
                        0,
                        "",
                        id_,
                    )
                )
                offset += len(piece)
                documents.append(LexicalDocument(id_, path, "", "", piece))
            for number, line in enumerate(text.splitlines(), 1):
                if line.lstrip().startswith(("def ", "class ")):
                    name = line.replace("(", " ").replace(":", " ").split()[1]
                    kind = SymbolKind.CLASS if "class" in line else SymbolKind.FUNCTION
                    key = len(symbols)
                    full = f"{path[:-3].replace('/', '.')}.{name}"
                    symbols.append(Symbol(key, full, name, full, kind, language, path, number, number, line.strip(), "", -1))
        self.ids = {(chunk.path, chunk.span.start_line): chunk.id for chunk in chunks}
        kept, copy = self.ids["shop/payment.py", 1], self.ids["old/payment.py", 1]
        chunks = [chunk if chunk.id != copy else Chunk(**{**_fields(chunk), "representative": kept}) for chunk in chunks]
        members = [CloneMember(i, Place("", 1, 2), CloneType.LAYOUT, 1.0) for i in (kept, copy)]
        self.reader = MemoryReader(
            symbols,
            files=files,
            chunks=chunks,
            contents={path: text.encode() for path, text in SOURCE.items()},
            clone_classes=[CloneClass(1, CloneType.LAYOUT, 1.0, 0, members[0], (members[1],))],
        )
        with LexicalWriter(folder / "words") as writer:
            writer.add(documents)
            writer.commit(1)
        self.embedder = StaticEmbedder()
        with VectorWriter(folder / "vectors", self.embedder.dimension, "static", "1") as vectors:
            vectors.add(
                np.array([d.chunk_id for d in documents]), self.embedder.embed_documents([d.text for d in documents])
            )
            vectors.mask(np.array([copy]))
            vectors.commit(1)
        self.lexical = LexicalReader(folder / "words")
        self.vectors = VectorReader(folder / "vectors")
        self.retriever = Retriever(self.reader, self.lexical, self.vectors, self.embedder)

    def paths(self, query: str, k: int = 10, chosen: Filter | None = None) -> list[str]:
        return [hit.path for hit in self.retriever.rank(query, k, chosen).hits]


def _fields(chunk: Chunk) -> dict[str, object]:
    return {name: getattr(chunk, name) for name in Chunk.__slots__}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop"))


def test_the_code_comes_before_its_tests_and_documents(shop: Shop) -> None:
    paths = shop.paths("how is a card charged for a payment")
    assert paths[0] == "shop/payment.py"
    assert {"tests/test_payment.py", "docs/payment.md"} <= set(paths)


def test_files_that_say_the_most_of_some_terms_are_those_of_the_code(shop: Shop) -> None:
    assert "shop/payment.py" in shop.retriever.files_saying({"charg": 1.0, "card": 1.0}, 2)
    assert not {"tests/test_payment.py", "docs/payment.md"} & set(shop.retriever.files_saying({"charg": 1.0}, 50))
    assert shop.retriever.files_saying({}, 5) == []


def test_a_copy_gives_way_to_its_representative_and_is_counted(shop: Shop) -> None:
    ranking = shop.retriever.rank("charge_card")
    assert "old/payment.py" not in [hit.path for hit in ranking.hits]
    hit = next(hit for hit in ranking.hits if hit.path == "shop/payment.py")
    assert hit.copies == 1
    assert {Origin.LEXICAL, Origin.SYMBOL} <= set(hit.origins)


def test_a_copy_stands_for_itself_where_a_filter_leaves_only_it(shop: Shop) -> None:
    assert shop.paths("charge_card", chosen=Filter(path="old")) == ["old/payment.py"]


def test_a_statement_is_compared_with_the_name_of_what_it_finds_and_of_what_is_around_it(shop: Shop) -> None:
    statement = "Takes the price of the goods from the card that the customer has shown"
    charging = shop.ids["shop/payment.py", 1]

    def score(named: str, question: str = statement) -> float:
        reader = copy.copy(shop.reader)
        chunks = shop.reader.chunks
        reader.chunks = lambda ids: [  # type: ignore[method-assign]
            dataclasses.replace(chunk, symbol=named) if chunk.id == charging else chunk for chunk in chunks(ids)
        ]
        ranking = Retriever(reader, shop.lexical, shop.vectors, shop.embedder).rank(question)
        return next(hit.score for hit in ranking.hits if hit.chunk == charging)

    assert score("shop.payment.Customer.take_price") > score("shop.payment.Lion.roar") + 0.05
    asked = "how is a card charged for a payment"
    assert score("shop.payment.Customer.take_price", asked) == score("shop.payment.Lion.roar", asked)


def test_a_term_is_held_that_stands_anywhere(shop: Shop) -> None:
    assert shop.retriever.holds("gatewai")
    assert not shop.retriever.holds("wombat")


def test_a_named_place_comes_first(shop: Shop) -> None:
    hit = shop.retriever.rank("what goes wrong in /home/me/shop/basket.py:5?").hits[0]
    assert (hit.path, hit.start_line, hit.end_line) == ("shop/basket.py", 5, 6)
    assert Origin.PATH in hit.origins


def test_a_definition_comes_before_what_uses_it(shop: Shop) -> None:
    hit = shop.retriever.rank("SessionStore").hits[0]
    assert hit.start_line == 1
    assert Origin.SYMBOL in hit.origins


def test_filters_hold(shop: Shop) -> None:
    assert set(shop.paths("session load key", chosen=Filter(language="javascript"))) == {"web/session.js"}
    assert set(shop.paths("payment", chosen=Filter(path="docs/**"))) == {"docs/payment.md"}
    assert set(shop.paths("session", chosen=Filter(kind="class"))) == {"shop/session.py", "shop/basket.py"}
    assert shop.paths("session", chosen=Filter(path="nowhere")) == []
    assert shop.paths("session", chosen=Filter(kind="section")) == []
    with pytest.raises(UsageError, match="no kind"):
        shop.paths("session", chosen=Filter(kind="gadget"))


def test_a_filter_is_applied_before_the_best_are_counted(tmp_path: Path) -> None:
    """The one file admitted stands behind thousands that match better."""
    n = 3000
    files = [IndexedFile(f"a/{i}.py", "python", FileRole.SOURCE, 1, 0, "", "utf-8", 1) for i in range(n)]
    files.append(IndexedFile("b/only.py", "python", FileRole.SOURCE, 1, 0, "", "utf-8", 1))
    chunks = [
        Chunk(i, file.path, Span(0, 1, 1, 1), ChunkKind.TEXT, "", "python", FileRole.SOURCE, 0, "", i)
        for i, file in enumerate(sorted(files, key=lambda file: file.path))
    ]
    with LexicalWriter(tmp_path) as writer:
        writer.add(
            LexicalDocument(c.id, c.path, "", "-", "word" if c.path.startswith("a") else "word and many others around it")
            for c in chunks
        )
        writer.commit(1)
    retriever = Retriever(MemoryReader(files=files, chunks=chunks), LexicalReader(tmp_path))
    assert [hit.path for hit in retriever.rank("word", 5, Filter(path="b")).hits] == ["b/only.py"]


def test_words_weigh_in_a_filter_what_they_weigh_in_what_it_admits(tmp_path: Path) -> None:
    """`walrus` is rare in the zoo and stands everywhere in the sea; asked of the zoo it decides."""
    texts = {f"zoo/{i}.py": "feed the animals" for i in range(6)} | {
        "zoo/walrus.py": "the walrus",
        "zoo/feed.py": "animals feed",
    }
    texts |= {f"sea/{i}.py": "walrus" for i in range(40)}
    files = [IndexedFile(path, "python", FileRole.SOURCE, 1, 0, "", "utf-8", 1) for path in sorted(texts)]
    chunks = [
        Chunk(i, file.path, Span(0, 1, 1, 1), ChunkKind.TEXT, "", "python", FileRole.SOURCE, 0, "", i)
        for i, file in enumerate(files)
    ]

    def ranked(top: str, name: str) -> list[str]:
        chosen = [chunk for chunk in chunks if chunk.path.startswith(top)]
        with LexicalWriter(tmp_path / name) as writer:
            writer.add(LexicalDocument(c.id, c.path, "", "-", texts[c.path]) for c in chosen)
            writer.commit(1)
        kept = [file for file in files if file.path.startswith(top)]
        retriever = Retriever(MemoryReader(files=kept, chunks=chosen), LexicalReader(tmp_path / name))
        return [hit.path for hit in retriever.rank("feed walrus", 9, Filter(path="zoo/**")).hits]

    assert ranked("", "all") == ranked("zoo/", "alone")
    assert ranked("", "again")[0] == "zoo/walrus.py"


def test_a_thousand_copies_do_not_crowd_out_the_rest(tmp_path: Path) -> None:
    n = 1000
    paths = [f"a/{i:04}.py" for i in range(n)] + ["b/one.py", "b/two.py"]
    files = [IndexedFile(path, "python", FileRole.SOURCE, 1, 0, "", "utf-8", 1) for path in paths]
    chunks = [
        Chunk(i, path, Span(0, 1, 1, 1), ChunkKind.TEXT, "", "python", FileRole.SOURCE, 0, "", 0 if i < n else i)
        for i, path in enumerate(paths)
    ]
    with LexicalWriter(tmp_path) as writer:
        writer.add(LexicalDocument(c.id, "x", "", "-", "word" if c.id < n else "word and many others") for c in chunks)
        writer.commit(1)
    retriever = Retriever(MemoryReader(files=files, chunks=chunks), LexicalReader(tmp_path))
    assert [hit.path for hit in retriever.rank("word", 5).hits] == ["a/0000.py", "b/one.py", "b/two.py"]


@pytest.mark.parametrize("query", ["", "   ", "?!", "zzqqxx", "\0", "the", "a" * 100_000, "(((((", "ZZ::QQ->"])
def test_any_query_is_answered(shop: Shop, query: str) -> None:
    ranking = shop.retriever.rank(query)
    assert ranking.query == query
    assert ranking.milliseconds > 0.0


def test_hits_are_ordered_disjoint_and_no_more_than_asked_for(shop: Shop) -> None:
    for k in (0, 1, 3, 100):
        hits = shop.retriever.rank("session payment basket card load", k).hits
        assert len(hits) <= k
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        places = [(hit.path, line) for hit in hits for line in range(hit.start_line, hit.end_line + 1)]
        assert len(places) == len(set(places))


def test_words_alone_answer_too(shop: Shop) -> None:
    hits = Retriever(shop.reader, shop.lexical).rank("charge card").hits
    assert hits[0].path == "shop/payment.py"
    assert all(Origin.DENSE not in hit.origins for hit in hits)


def test_an_empty_index_has_no_hits(tmp_path: Path) -> None:
    with LexicalWriter(tmp_path) as writer:
        writer.commit(1)
    assert Retriever(MemoryReader(), LexicalReader(tmp_path)).rank("anything").hits == ()


def test_stale_ids_of_a_younger_store_are_dropped(shop: Shop) -> None:
    reader = MemoryReader(files=list(shop.reader.files()), chunks=shop.reader.chunks_of("shop/session.py"))
    hits = Retriever(reader, shop.lexical, shop.vectors, shop.embedder).rank("charge card session").hits
    assert {hit.path for hit in hits} == {"shop/session.py"}


def test_a_regular_expression_finds_lines(shop: Shop) -> None:
    hits = regex_search(shop.reader, r"def (total|load)\(", 10).hits
    assert [(hit.path, hit.start_line, hit.end_line) for hit in hits] == [
        ("shop/basket.py", 5, 5),
        ("shop/session.py", 2, 2),
    ]
    assert all(hit.origins == (Origin.REGEX,) for hit in hits)
    assert [hit.path for hit in regex_search(shop.reader, "charge", 10).hits][-1] == "docs/payment.md"
    assert [hit.path for hit in regex_search(shop.reader, "load", 10, Filter(language="javascript")).hits] == [
        "web/session.js"
    ]
    across = regex_search(shop.reader, r"Basket:\n.*add", 10).hits
    assert [(hit.start_line, hit.end_line) for hit in across] == [(1, 2)]
    assert len(regex_search(shop.reader, ".", 3).hits) == 3
    assert regex_search(shop.reader, "q*", 10).hits == ()


def test_a_regular_expression_that_is_none_is_told(shop: Shop) -> None:
    with pytest.raises(UsageError, match="not a regular expression"):
        regex_search(shop.reader, "(", 10)


def test_an_expression_without_end_is_stopped() -> None:
    reader = MemoryReader(
        contents={"a.py": ("a" * 5000 + "b\n").encode()},
        chunks=[Chunk(1, "a.py", Span(0, 5002, 1, 1), ChunkKind.TEXT, "", "python", FileRole.SOURCE, 0, "", 1)],
    )
    with pytest.raises(UsageError, match="longer than"):
        regex_search(reader, r"(a|a?)+(a|aa)+$", 10)


def test_a_regular_expression_can_be_cancelled(shop: Shop) -> None:
    token = CancellationToken()
    token.cancel()
    with pytest.raises(CancelledError):
        regex_search(shop.reader, "x", 10, None, token)


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        ("hello", "hello"),
        (r"def \w+_view\(", "_view("),
        ("colou?r", "colo"),
        ("ab*c", "a"),
        ("ab+cd", "ab"),
        ("a{2}bcd", "bcd"),
        ("foo|bar", ""),
        ("(?i)foo", ""),
        (r"\x41bc", ""),
        ("(abc)?x", "x"),
        ("[abc]def", "def"),
        ("[]abc]de", "de"),
        (r"[\]a]xyz", "xyz"),
        (r"\.py$", ".py"),
        ("^import os", "import os"),
    ],
)
def test_the_literal_that_every_match_holds(pattern: str, literal: str) -> None:
    assert required_literal(pattern) == literal
