"""Notes and accepted answers as evidence: found by words and places, cited as notes, marked when what they cite changed."""

from __future__ import annotations

from core.answering.evidence import answer_without_model
from core.answering.inquiry import inquire
from core.context.passages import Texts
from core.fingerprint import digest_at
from core.model.answer import Answer
from core.model.context import ExcerptRole
from core.model.conversation import Background, KeptPlace, Note, NoteKind
from core.model.source import Place
from tests.core.answering import shop
from tests.fakes import MemoryReader


def kept(path: str, start: int, end: int, text: str) -> KeptPlace:
    return KeptPlace(Place(path, start, end), digest_at(text.split("\n"), start, end))


TAXED = Note(NoteKind.NOTE, "", "Taxes are due in spring. Ask the office [1].", (kept("shop/prices.py", 6, 8, shop.PRICES),))
ANSWERED = Note(
    NoteKind.ANSWER,
    "where does the money go",
    "It goes into `Till` (shop/till.py:1-6).",
    (kept("shop/till.py", 1, 6, shop.TILL),),
)


def ask(question: str, names: list[str], background: Background, reader: MemoryReader | None = None) -> Answer:
    reader = reader or shop.reader()
    tools = shop.tools(reader, lambda text: shop.ranked(text, names, reader))
    texts = tools.builder.texts
    asked = inquire(question, background, tools.rank, reader, texts)
    return answer_without_model(asked.question, asked.ranking, tools, 2_000, asked.wanted_sections(texts), asked.removed)


def noted(answer: Answer) -> list[str]:
    return [excerpt.text for excerpt in answer.pack.excerpts if excerpt.role is ExcerptRole.NOTE]


def test_a_note_that_speaks_of_the_question_is_cited_as_a_note() -> None:
    answer = ask("when are taxes due", ["shop.main.place_order"], Background(notes=(TAXED, ANSWERED)))
    (text,) = noted(answer)
    assert text.startswith("Note of a person, not code\n")
    (sentence,) = [sentence for sentence in answer.sentences if "A note on" in sentence.text]
    assert "`shop/prices.py`, lines 6–8" in sentence.text
    assert "Taxes are due in spring; Ask the office (1)" in sentence.text
    (n,) = sentence.citations
    assert answer.pack.excerpts[n - 1].role is ExcerptRole.NOTE
    assert (answer.pack.excerpts[n - 1].path, answer.pack.excerpts[n - 1].start_line) == ("shop/prices.py", 6)
    assert sentence.supported
    assert "stale" not in answer.text


def test_a_note_on_what_the_question_finds_is_shown_whatever_its_words() -> None:
    answer = ask("what does the state want", ["shop.prices.tax"], Background(notes=(TAXED,)))
    assert len(noted(answer)) == 1
    assert not noted(ask("how is an order paid", ["shop.till.Till"], Background(notes=(TAXED,))))


def test_no_statement_of_code_cites_a_note_of_the_same_lines() -> None:
    answer = ask("what does the state want", ["shop.prices.tax"], Background(notes=(TAXED,)))
    for sentence in answer.sentences:
        for n in sentence.citations:
            is_note = answer.pack.excerpts[n - 1].role is ExcerptRole.NOTE
            assert is_note == ("A note on" in sentence.text)


def test_an_accepted_answer_is_evidence_for_a_question_like_it() -> None:
    answer = ask("where does money go in the end", ["shop.main.main"], Background(notes=(ANSWERED,)))
    (text,) = noted(answer)
    assert "Question: where does the money go" in text
    assert "An answer accepted before" in answer.text


def test_a_note_whose_code_moved_goes_with_it() -> None:
    moved = shop.reader({"shop/prices.py": "# first\n\n" + shop.PRICES})
    answer = ask("when are taxes due", ["shop.main.main"], Background(notes=(TAXED,)), moved)
    assert "`shop/prices.py`, lines 8–10" in answer.text
    assert "stale" not in answer.text


def test_a_note_whose_code_changed_is_marked_stale_and_still_shown() -> None:
    changed = shop.reader({"shop/prices.py": shop.PRICES.replace("// 5", "// 4")})
    answer = ask("when are taxes due", ["shop.main.main"], Background(notes=(TAXED,)), changed)
    assert "(stale: what it is about has changed since)" in answer.text
    assert "stale, since this has changed: shop/prices.py" in noted(answer)[0]


def test_a_note_whose_file_is_gone_is_not_shown() -> None:
    gone = Note(NoteKind.NOTE, "", "Taxes are due.", (KeptPlace(Place("shop/gone.py", 1, 2), "x"),))
    assert not noted(ask("when are taxes due", ["shop.main.main"], Background(notes=(gone,))))


def test_a_note_may_be_all_that_is_found() -> None:
    answer = ask("when are taxes due", [], Background(notes=(TAXED,)))
    assert [excerpt.role for excerpt in answer.pack.excerpts] == [ExcerptRole.NOTE]
    assert answer.citations


def test_that_nothing_is_found_is_told_before_what_is_pinned() -> None:
    answer = ask("zebra", [], Background(pinned=(Place("shop/prices.py", 6, 8),)))
    assert answer.text.startswith("Not found: searched")
    assert "`shop/prices.py`, lines 6–8, is pinned" in answer.text
    assert [excerpt.path for excerpt in answer.pack.excerpts] == ["shop/prices.py"]
    assert answer.citations


def test_that_nothing_is_found_is_told_where_the_place_of_the_only_note_is_removed() -> None:
    answer = ask("when are taxes due", [], Background(notes=(TAXED,), removed=(Place("shop/prices.py", 1, 20),)))
    assert answer.text.startswith("Not found: searched")
    assert answer.pack.excerpts == ()


def test_a_pinned_place_is_in_the_pack_and_a_removed_one_is_not() -> None:
    pinned = ask("how is an order paid", ["shop.till.Till"], Background(pinned=(Place("shop/prices.py", 6, 8),)))
    assert "`shop/prices.py`, lines 6–8, is pinned" in pinned.text
    removed = ask(
        "how is an order paid",
        ["shop.till.Till", "shop.main.place_order"],
        Background(removed=(Place("shop/till.py", 1, 6),)),
    )
    assert removed.citations
    assert all(excerpt.path != "shop/till.py" for excerpt in removed.pack.excerpts)


def test_a_pack_for_a_model_holds_what_is_pinned_and_noted_within_its_budget() -> None:
    reader = shop.reader()
    builder = shop.builder(reader)
    background = Background(notes=(TAXED,), pinned=(Place("shop/till.py", 4, 6),), removed=(Place("shop/main.py", 1, 9),))

    def rank(text: str) -> object:
        return shop.ranked(text, ["shop.main.place_order", "shop.prices.tax"], reader)

    asked = inquire("when are taxes due", background, rank, reader, Texts(reader))  # type: ignore[arg-type]
    for budget in (150, 200, 400, 1_000):
        pack = builder.build(asked.question, asked.ranking, budget, asked.wanted, asked.removed)
        assert pack.tokens <= budget
        assert all(excerpt.path != "shop/main.py" for excerpt in pack.excerpts)
    assert any(excerpt.role is ExcerptRole.NOTE for excerpt in pack.excerpts)
    assert any((excerpt.path, excerpt.start_line) == ("shop/till.py", 4) for excerpt in pack.excerpts)
