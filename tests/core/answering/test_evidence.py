"""Answers without a model, over a small shop whose graph is known line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from core.answering.evidence import answer_without_model
from core.answering.story import Story
from core.context.candidates import locate
from core.context.focus import Focus
from core.context.passages import Texts
from core.errors import UsageError
from core.model.answer import Answer
from core.model.graph import Confidence, EdgeKind
from core.model.ranking import Hit, Origin, Ranking
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.structural import Relation, StructuralQuestion, read_structural
from tests.core.answering.shop import MAIN, defined, tools
from tests.fakes import MemoryReader, edge, indexed_file

PRICES = '''def total_price(item):
    """The price of an order with taxes."""
    return 10 + tax(10)


def tax(amount):
    return amount // 5
'''
TILL = '''class Drawer:
    """Holds money."""


class Till(Drawer):
    """Charges customers and keeps what they pay."""

    def charge(self, amount):
        """Take money from a customer."""
        self.held = amount
'''
TESTS = """def test_total_price():
    assert total_price("book") == 12
"""


@pytest.fixture
def shop() -> MemoryReader:
    function, method, class_ = SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS
    symbols = [
        defined(0, "shop.main.main", function, "shop/main.py", (1, 3), "Starts the shop."),
        defined(1, "shop.main.place_order", function, "shop/main.py", (6, 9), "Take an order and charge the customer."),
        defined(2, "shop.prices.total_price", function, "shop/prices.py", (1, 3), "The price of an order with taxes."),
        defined(3, "shop.prices.tax", function, "shop/prices.py", (6, 7)),
        defined(4, "shop.till.Drawer", class_, "shop/till.py", (1, 2), "Holds money."),
        defined(5, "shop.till.Till", class_, "shop/till.py", (5, 10), "Charges customers and keeps what they pay."),
        defined(6, "shop.till.Till.charge", method, "shop/till.py", (8, 10), "Take money from a customer.", 5),
        defined(7, "tests.test_prices.test_total_price", function, "tests/test_prices.py", (1, 2)),
        defined(8, "shop.main", SymbolKind.MODULE, "shop/main.py", (1, 9)),
        defined(9, "shop.prices", SymbolKind.MODULE, "shop/prices.py", (1, 7)),
        Symbol(10, "decimal.Decimal", "Decimal", "decimal.Decimal", SymbolKind.EXTERNAL, "python", "", 0, 0, "", "", -1),
    ]
    edges = [
        edge(0, 1, path="shop/main.py", line=3),
        edge(1, 2, path="shop/main.py", line=8),
        edge(1, 5, path="shop/main.py", line=9),
        edge(1, 6, confidence=Confidence.INFERRED, path="shop/main.py", line=9),
        edge(2, 3, path="shop/prices.py", line=3),
        edge(2, 10, path="shop/prices.py", line=3),
        edge(7, 2, path="tests/test_prices.py", line=2),
        edge(5, 4, EdgeKind.INHERITS, path="shop/till.py", line=5),
        edge(8, 9, EdgeKind.IMPORTS, path="shop/main.py", line=1),
    ]
    contents = {
        "shop/main.py": MAIN.encode(),
        "shop/prices.py": PRICES.encode(),
        "shop/till.py": TILL.encode(),
        "tests/test_prices.py": TESTS.encode(),
        "notes.txt": b"An order is priced with taxes, always.\n",
    }
    files = [
        indexed_file("tests/test_prices.py", role=FileRole.TEST, content=TESTS.encode()),
        indexed_file("notes.txt", "text", FileRole.DOCUMENT, content=contents["notes.txt"]),
    ]
    return MemoryReader(symbols, edges, files=files, contents=contents)


def hit(place: int, path: str, lines: tuple[int, int], symbol: str = "", origin: Origin = Origin.LEXICAL) -> Hit:
    return Hit(place, path, *lines, symbol, "function", 1.0 / place, (origin,), 0)


HITS = (
    hit(1, "notes.txt", (1, 1)),
    hit(2, "tests/test_prices.py", (1, 2), "tests.test_prices.test_total_price"),
    hit(3, "shop/prices.py", (1, 3), "shop.prices.total_price"),
    hit(4, "shop/main.py", (6, 9), "shop.main.place_order"),
)


def ask(shop: MemoryReader, question: str, hits: Sequence[Hit] = HITS, budget: int = 4_000) -> Answer:
    ranking = Ranking(question, 1.0, tuple(hits))
    return answer_without_model(question, ranking, tools(shop, lambda _question: ranking), budget)


QUESTIONS = [
    "how is the price of an order made",
    "who calls total_price",
    "what does `place_order` call?",
    "path from main to tax",
    "what inherits from Drawer",
    "what does Till inherit from",
    "who imports shop.prices",
    "where is Till defined",
    "how is a customer charged",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_is_cited_and_held_by_what_it_cites(shop: MemoryReader, question: str) -> None:
    answer = ask(shop, question)
    assert answer.sentences
    assert [sentence.text for sentence in answer.sentences if not sentence.supported] == []
    assert {c.n for c in answer.citations} <= {excerpt.n for excerpt in answer.pack.excerpts}
    assert (answer.provider, answer.model, answer.sent_to) == ("", "", None)
    assert answer.pack.tokens <= answer.pack.budget


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_line_that_is_told_lies_in_what_is_cited(shop: MemoryReader, question: str) -> None:
    answer = ask(shop, question)
    places = {citation.n: citation for citation in answer.citations}
    for sentence in answer.sentences:
        for path, line in re.findall(r"at `([^`]+)`, line (\d+)", sentence.text):
            cited = [places[n] for n in sentence.citations]
            assert any(c.path == path and c.start_line <= int(line) <= c.end_line for c in cited), sentence


def test_code_comes_before_tests_and_notes(shop: MemoryReader) -> None:
    answer = ask(shop, "how is the price of an order made")
    assert answer.citations[0].path == "shop/prices.py"
    assert (
        "`total_price` is a function in `shop/prices.py`, lines 1–3: “The price of an order with taxes” [1]." in answer.text
    )
    assert "`main` calls `place_order` at `shop/main.py`, line 3" in answer.text
    assert "`total_price` calls `tax` and `decimal.Decimal`" in answer.text
    assert "`test_total_price` calls `total_price` at `tests/test_prices.py`, line 2" in answer.text


def test_a_question_for_tests_gets_tests(shop: MemoryReader) -> None:
    assert ask(shop, "which tests cover total price").citations[0].path == "tests/test_prices.py"


def test_callers_are_exact_and_code_comes_first(shop: MemoryReader) -> None:
    answer = ask(shop, "who calls total_price?", ())
    steps = [line for line in answer.text.split("\n") if line.startswith("- ")]
    assert [re.sub(r" \[\d+\]", "", step) for step in steps] == [
        "- `place_order` calls it at `shop/main.py`, line 8.",
        "- `test_total_price` calls it at `tests/test_prices.py`, line 2.",
    ]
    assert "is called from 2 definitions" in answer.text


def test_a_guess_is_told_as_one(shop: MemoryReader) -> None:
    assert "`place_order` probably calls it at `shop/main.py`, line 9" in ask(shop, "who calls Till.charge", ()).text


def test_a_path_is_told_step_by_step(shop: MemoryReader) -> None:
    text = ask(shop, "path from main to tax", ()).text
    assert "**The way takes 3 calls**" in text
    order = [text.index(step) for step in ("1. `main` calls", "2. `place_order` calls", "3. `total_price` calls")]
    assert order == sorted(order)
    assert "no way along calls from `tax` to `main`" in ask(shop, "path from tax to main", ()).text


def test_subtypes_and_supertypes(shop: MemoryReader) -> None:
    assert "`Till` inherits from it at `shop/till.py`, line 5" in ask(shop, "what inherits from Drawer", ()).text
    assert "It inherits from `Drawer` at `shop/till.py`, line 5" in ask(shop, "what does Till inherit from", ()).text
    assert "The index knows no subtypes of `Till`" in ask(shop, "subclasses of Till", ()).text


def test_what_is_no_symbol_is_asked_of_the_ranking(shop: MemoryReader) -> None:
    assert ask(shop, "who calls the customer").citations


def test_nothing_found(shop: MemoryReader) -> None:
    for hits in ((), (hit(1, "shop/main.py", (1, 3), "shop.main.main", Origin.DENSE),)):
        answer = ask(shop, "zebra", hits)
        assert answer.text.startswith("Not found: searched 5 files, 1 of them as plain text without a parser.")
        assert answer.citations == ()
        assert answer.pack.excerpts == ()


def test_a_question_of_which_the_source_says_too_little_is_not_answered_by_the_rest(shop: MemoryReader) -> None:
    answer = ask(shop, "how is the price of a sourdough bread baked")
    assert answer.text.endswith("Nowhere in them stands `sourdough`, `bread` and `baked`.")
    assert answer.citations == ()
    assert ask(shop, "who calls nothing_like_it").text.endswith("Nowhere in them stands `nothing_like_it`.")
    assert ask(shop, "where is WombatTill defined").text.endswith("Nowhere in them stands `WombatTill`.")
    assert ask(shop, "how is the price of a bread made").citations


def test_what_a_file_imports_is_told_to_nobody() -> None:
    reader = MemoryReader([], contents={"a.py": b"import os\nfrom re import I\n", "b.py": b"import os\n# Keeps taxes.\n"})
    texts = Texts(reader)
    ranking = Ranking("taxes", 1.0, (hit(1, "a.py", (1, 2)), hit(2, "b.py", (1, 2))))
    places = [Focus(None, located, FileRole.SOURCE, 1.0) for located in locate(ranking, reader, texts)]

    def told(shown: Sequence[Focus]) -> list[str]:
        sections = Story("taxes", shown, reader, texts).sections()
        return [statement.text for section in sections for statement in section.statements]

    assert told(places) == ["`b.py`, lines 1–2: “Keeps taxes.”"]
    assert told(places[:1]) == ["`a.py`, lines 1–2"]


def test_what_speaks_of_the_question_is_told_first_of_what_is_called() -> None:
    names = ["price_all", "log_line", "load", "<lambda1>", "price_of"]
    symbols = [defined(key, f"m.{name}", SymbolKind.FUNCTION, "m.py", (key + 1, key + 1)) for key, name in enumerate(names)]
    calls = [edge(0, key, path="m.py", line=1) for key in (1, 2, 3, 4)]
    reader = MemoryReader(symbols, calls, contents={"m.py": b"price all\n" * 5})
    answer = ask(reader, "how is the price of all made", [hit(1, "m.py", (1, 1), "m.price_all")])
    assert "`price_all` calls `price_of`, `log_line` and `load` [1]" in answer.text


def test_callers_whose_names_stand_on_a_line_of_their_own_are_held_by_one_excerpt() -> None:
    lines = [
        line
        for name in ("open", "lock", "read")
        for line in ("static int", f"{name}_it(void)", "{", "", "", "  work();", "}")
    ]
    symbols = [
        defined(0, "src.m.work", SymbolKind.FUNCTION, "src/m.c", (30, 31)),
        *(
            defined(1 + n, f"src.m.{name}_it", SymbolKind.FUNCTION, "src/m.c", (1 + 7 * n, 7 + 7 * n))
            for n, name in enumerate(("open", "lock", "read"))
        ),
    ]
    calls = [edge(1 + n, 0, path="src/m.c", line=6 + 7 * n) for n in range(3)]
    text = "\n".join([*lines, *[""] * 8, "static int", "work(void) {}"])
    answer = ask(MemoryReader(symbols, calls, contents={"src/m.c": text.encode()}), "who calls work", ())
    assert answer.text.count("calls it at `src/m.c`") == 3
    assert all(sentence.supported for sentence in answer.sentences)


def test_a_small_budget_drops_statements_not_citations(shop: MemoryReader) -> None:
    whole = ask(shop, QUESTIONS[0])
    short = ask(shop, QUESTIONS[0], budget=160)
    assert len(short.sentences) < len(whole.sentences)
    assert all(sentence.supported for sentence in short.sentences)
    assert short.pack.tokens <= 160
    with pytest.raises(UsageError):
        ask(shop, QUESTIONS[0], budget=5)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who calls `save()`?", StructuralQuestion(Relation.CALLERS, ("save",))),
        ("which functions call Model.save", StructuralQuestion(Relation.CALLERS, ("Model.save",))),
        ("callers of the function pkg.mod.f", StructuralQuestion(Relation.CALLERS, ("pkg.mod.f",))),
        ("where is parse called from?", StructuralQuestion(Relation.CALLERS, ("parse",))),
        ("what does main call", StructuralQuestion(Relation.CALLEES, ("main",))),
        ("show me the path from a.b to c", StructuralQuestion(Relation.PATH, ("a.b", "c"))),
        ("how does main reach Parser.parse?", StructuralQuestion(Relation.PATH, ("main", "Parser.parse"))),
        ("what implements Store", StructuralQuestion(Relation.SUBTYPES, ("Store",))),
        ("which classes inherit from Base", StructuralQuestion(Relation.SUBTYPES, ("Base",))),
        ("base classes of Till", StructuralQuestion(Relation.SUPERTYPES, ("Till",))),
        ("who overrides Channel.send", StructuralQuestion(Relation.OVERRIDES, ("Channel.send",))),
        ("which files import json", StructuralQuestion(Relation.IMPORTERS, ("json",))),
        ("where is Paginator defined", StructuralQuestion(Relation.DEFINITION, ("Paginator",))),
        ("how does a request reach a view", None),
        ("how are passwords hashed", None),
        ("what calls for a new design here", None),
        ("where is the check digit of a code computed", None),
    ],
)
def test_reading_structural_questions(question: str, expected: StructuralQuestion | None) -> None:
    assert read_structural(question) == expected
