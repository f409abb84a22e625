"""Deep questions, with a model that says what it was given to say, and without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from core.answering.deep.asking import DeepAsking
from core.answering.deep.budget import DeepBudget
from core.answering.deep.evidence import deep_without_model
from core.answering.deep.planning import read_plan
from core.answering.inquiry import inquire
from core.cancellation import CancellationToken
from core.errors import CancelledError, ProviderError, UsageError
from core.model.answer import Answer, Delta, Message, Reported, Step, StepKind
from core.model.context import Pack
from core.model.conversation import Background
from core.model.ranking import Ranking
from tests.core.answering import shop

QUESTION = "how is an order paid and who computes the price?"
PLAN = "1. How does `place_order` take money?\n- Who calls `total_price`?\nHere you are."
NAMES = ["shop.main.place_order", "shop.prices.total_price", "shop.till.Till.charge"]
READER = shop.reader()


class Model:
    """Answers each request with the next text; an error among them is raised."""

    provider, model, host = "scripted", "parrot", None

    def __init__(self, *answers: str | ProviderError) -> None:
        self._answers = list(answers)
        self.heard: list[Sequence[Message]] = []

    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        cancellation.check("speaking")
        self.heard.append(messages)
        answer = self._answers[min(len(self.heard), len(self._answers)) - 1]
        if isinstance(answer, ProviderError):
            if answer.why:  # what came before it broke off
                yield Delta(answer.why)
            raise answer
        yield Delta(answer)
        yield Delta("", Reported(300, 20))


def rank(question: str) -> Ranking:
    return shop.ranked(question, NAMES, READER)


TOOLS = shop.tools(READER, rank)


def run(model: Model, budget: DeepBudget | None = None, token: CancellationToken | None = None) -> list[object]:
    asked = inquire(QUESTION, Background(), rank, READER, TOOLS.builder.texts)
    return list(DeepAsking(model, asked, TOOLS, budget or DeepBudget(), 2_000).run(token or CancellationToken()))


def steps(pieces: Sequence[object]) -> list[tuple[StepKind, int, str]]:
    return [(piece.kind, piece.number, piece.question) for piece in pieces if isinstance(piece, Step) and piece.told]


def test_a_plan_its_parts_and_one_answer() -> None:
    model = Model(
        PLAN, "`place_order` calls `charge` [1].", "`place_order` calls `total_price` [1].", "Both in `place_order` [1]."
    )
    pieces = run(model)
    answer = pieces[-1]
    assert isinstance(answer, Answer)
    assert [kind for kind, *_ in steps(pieces)] == [StepKind.PLAN, StepKind.PART, StepKind.PART, StepKind.WHOLE]
    assert [question for *_, question in steps(pieces)[1:3]] == [
        "How does `place_order` take money?",
        "Who calls `total_price`?",
    ]
    assert len(model.heard) == 4
    assert answer.text == "Both in `place_order` [1]."
    assert answer.text == "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (1_200, 80)
    assert [step.kind for step in answer.steps] == [kind for kind, *_ in steps(pieces)]
    assert sum(step.calls for step in answer.steps) == 4
    assert sum(step.tokens for step in answer.steps) == 1_280
    first, pack = [piece for piece in pieces if isinstance(piece, Pack)]
    assert pieces[0] is first
    assert first.excerpts
    assert answer.pack == pack
    assert all(citation.path for citation in answer.citations)


def test_findings_reach_the_whole_with_the_numbers_of_its_pack_and_only_those_that_hold() -> None:
    model = Model(PLAN, "`place_order` calls `charge` [1]. `invented` does it [1]. No citation.", "It is fine.", "Done [1].")
    pieces = run(model)
    answer = pieces[-1]
    assert isinstance(answer, Answer)
    last = model.heard[-1][-1].content
    (found,) = re.findall(r"A: `place_order` calls `charge` \[(\d+)\]\.", last)
    assert answer.pack.excerpts[int(found) - 1].path == "shop/main.py"
    assert "invented" not in last
    assert last.index("What was found") < last.index("Question: ")


def test_without_a_readable_plan_the_rules_plan() -> None:
    pieces = run(Model("I will not", "It is [1]."))
    plan = next(piece for piece in pieces if isinstance(piece, Step) and piece.told)
    assert "planned from the index" in plan.told
    assert len([1 for kind, *_ in steps(pieces) if kind is StepKind.PART]) >= 2


@pytest.mark.parametrize("calls", range(3, 9))
def test_no_more_is_called_than_the_budget_allows(calls: int) -> None:
    plan = "\n".join(f"What does number {n} do?" for n in range(20))
    model = Model(plan, "It is `place_order` [1].")
    answer = run(model, DeepBudget(calls=calls))[-1]
    assert isinstance(answer, Answer)
    assert len(model.heard) <= calls
    assert answer.steps[-1].kind is StepKind.WHOLE


@pytest.mark.parametrize("tokens", [4_000, 6_000, 10_000, 20_000])
def test_no_more_is_sent_than_the_budget_allows_and_what_is_left_out_is_told(tokens: int) -> None:
    plan = "\n".join(f"What does number {n} do?" for n in range(6))
    model = Model(plan, "It is `place_order` [1].")
    pieces = run(model, DeepBudget(calls=20, tokens=tokens))
    answer = pieces[-1]
    assert isinstance(answer, Answer)
    counter = shop.WordCounter()
    assert sum(counter.count(message.content) for messages in model.heard for message in messages) <= tokens
    parts = [kind for kind, *_ in steps(pieces) if kind in (StepKind.PART, StepKind.LEFT_OUT)]
    assert len(parts) == 6


def test_a_model_that_goes_away_leaves_the_answer_of_the_parts() -> None:
    gone = ProviderError("the server went away")
    answer = run(Model(PLAN, "`place_order` calls `charge` [1].", gone))[-1]
    assert isinstance(answer, Answer)
    assert "went away" in answer.interrupted
    assert "`place_order` calls `charge`" in answer.text
    assert answer.citations
    assert StepKind.LEFT_OUT in {step.kind for step in answer.steps}


def test_a_plan_that_breaks_off_keeps_the_questions_that_came() -> None:
    broken = ProviderError("gone", "Who calls `total_price`?\nAnd who")
    answer = run(Model(broken, "`place_order` calls `total_price` [1]."))[-1]
    assert isinstance(answer, Answer)
    assert [step.question for step in answer.steps if step.kind is StepKind.PART] == ["Who calls `total_price`?"]


def test_a_model_that_never_answers_is_told() -> None:
    with pytest.raises(ProviderError, match="no server"):
        run(Model(ProviderError("no server")))


def test_stopping_ends_it_between_two_pieces() -> None:
    token = CancellationToken()
    asked = inquire(QUESTION, Background(), rank, READER, TOOLS.builder.texts)
    model = Model(PLAN, "It is [1].")
    pieces = DeepAsking(model, asked, TOOLS, DeepBudget(), 2_000).run(token)
    began = (piece for piece in pieces if isinstance(piece, Step) and piece.kind is StepKind.PART)
    assert next(began).told == ""
    token.cancel()
    with pytest.raises(CancelledError):
        next(pieces)
    assert len(model.heard) == 1


@pytest.mark.parametrize(("calls", "tokens"), [(2, 60_000), (0, 60_000), (8, 100)])
def test_a_budget_that_holds_nothing_is_refused(calls: int, tokens: int) -> None:
    with pytest.raises(UsageError):
        DeepBudget(calls, tokens)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        (PLAN, ["How does `place_order` take money?", "Who calls `total_price`?"]),
        ("**Where is it kept?**\n\n(2) Who reads it now?\nwhy?", ["Where is it kept?", "Who reads it now?"]),
        ("Where is it kept?\n" * 9, ["Where is it kept?"]),
        ("no plan", []),
        ("x " * 400 + "?", []),
        ("", []),
    ],
)
def test_a_plan_is_read_however_it_is_listed(text: str, questions: list[str]) -> None:
    assert read_plan(text, 6) == questions


def test_without_a_model_the_evidence_for_every_part_is_composed() -> None:
    asked = inquire(QUESTION, Background(), rank, READER, TOOLS.builder.texts)
    pieces = list(deep_without_model(asked, TOOLS, 4_000, (), CancellationToken()))
    answer = pieces[-1]
    assert isinstance(answer, Answer)
    assert steps(pieces)[0][0] is StepKind.PLAN
    asked_parts = [question for kind, _, question in steps(pieces) if kind is StepKind.PART]
    assert asked_parts[:2] == ["how is an order paid?", "who computes the price?"]
    assert any(question.startswith("who calls ") for question in asked_parts)
    assert all(sentence.citations and sentence.supported for sentence in answer.sentences)
    texts = [re.sub(r" ?\[\d+\]", "", sentence.text) for sentence in answer.sentences]
    assert len(texts) == len(set(texts))
