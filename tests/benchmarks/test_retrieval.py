"""Finding the right code: issues, descriptions and structural questions, by search and in packs of 8,000 LLM tokens."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

import pytest

from core.cancellation import CancellationToken
from core.model.ranking import Filter
from desktop import assembly
from desktop.engine.service import Service
from tests.benchmarks import machine, questions
from tests.benchmarks.corpus import MissingCorpusError
from tests.benchmarks.questions import STRUCTURE, Question
from tests.benchmarks.scoring import Place, interval, is_answered, share_found

BUDGET = 8_000
SEARCHED = 30
"""Places looked at: five different files are hardly ever spread over more."""
_LEAST_QUESTIONS = 100
_TELLING = 12
"""Characters; a shorter line (`@Override`) may be of anything."""

Score = Callable[[Question, Sequence[Place]], float]

_ISSUE_SCORES: Mapping[str, Score] = {
    "accuracy @1": lambda question, places: is_answered(question, places, 1),
    "accuracy @5": lambda question, places: is_answered(question, places, 5),
}
_DESCRIPTION_SCORES: Mapping[str, Score] = {
    "recall @1": lambda question, places: is_answered(question, places, 1),
    "recall @10": lambda question, places: is_answered(question, places, 10),
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(scope="module")
def service() -> Service:
    return assembly.open_service(assembly.settings_for())


def _made(make: Callable[[], list[Question]]) -> list[Question]:
    try:
        return make()
    except MissingCorpusError as error:
        pytest.skip(str(error))


def test_issues_lead_to_the_files_that_were_fixed(service: Service) -> None:
    asked = _made(questions.issues)
    assert len(asked) >= _LEAST_QUESTIONS
    assert len({question.language for question in asked}) >= 3
    _measure("issues", service, asked, _ISSUE_SCORES, {"accuracy @1": 0.60, "accuracy @5": 0.85})


def test_descriptions_lead_to_the_function(service: Service) -> None:
    asked = _made(questions.descriptions)
    assert len(asked) >= _LEAST_QUESTIONS
    _measure("descriptions", service, asked, _DESCRIPTION_SCORES, {"recall @1": 0.45, "recall @10": 0.75})


def test_repositories_that_no_weight_was_chosen_on(service: Service) -> None:
    asked = _made(functools.partial(questions.issues, unseen=True))
    _measure("unseen_issues", service, asked, _ISSUE_SCORES, {"accuracy @1": 0.40, "accuracy @5": 0.80}, in_pack=0.0)
    asked = _made(functools.partial(questions.descriptions, unseen=True))
    _measure(
        "unseen_descriptions", service, asked, _DESCRIPTION_SCORES, {"recall @1": 0.19, "recall @10": 0.45}, in_pack=0.0
    )


def test_structural_questions_are_answered_by_the_graph(service: Service) -> None:
    asked = _made(questions.structures)
    assert {question.kind for question in asked} == set(STRUCTURE)
    scores: dict[str, Score] = {"recall @10": lambda question, places: share_found(question, places, 10)}
    _measure("structure", service, asked, scores, {"recall @10": 0.95})


def _measure(
    name: str,
    service: Service,
    asked: Sequence[Question],
    scores: Mapping[str, Score],
    must: Mapping[str, float],
    in_pack: float = 0.90,
) -> None:
    """Show each score, and how much of the answers a pack holds, by language or kind and of all; hold them to `must`."""
    in_packs = f"in {BUDGET:,} tokens"
    values: dict[str, list[float]] = {column: [] for column in (*scores, in_packs)}
    for question in asked:
        places = service.search(question.index, question.text, SEARCHED, Filter(), CancellationToken()).hits
        for column, score in scores.items():
            values[column].append(score(question, places))
        values[in_packs].append(share_in_pack(service, question))
    groups = [question.kind if question.kind in STRUCTURE else question.language for question in asked]
    rows = [("", "questions", *values)]
    for group in (*dict.fromkeys(groups), "all"):
        places_of = [number for number, own in enumerate(groups) if group in (own, "all")]
        told = [_told([column[number] for number in places_of]) for column in values.values()]
        rows.append((str(group), str(len(places_of)), *told))
    limits = {**must, in_packs: in_pack}
    rows.append(("must", "", *(f"{limits[column]:.2f}" for column in values)))
    machine.show(f"retrieval_{name}", f"Retrieval: {name}", rows)
    means = {column: sum(found) / len(found) for column, found in values.items()}
    missed = {column: f"{means[column]:.3f} < {least:.2f}" for column, least in limits.items() if means[column] < least}
    assert not missed, missed


def share_in_pack(service: Service, question: Question) -> float:
    """The share of the answers that a pack shows something of: of a file anything, of a definition one of its first lines.

    An excerpt may leave out lines between its first and its last, so that their numbers alone prove nothing.
    """
    excerpts = service.context(question.index, question.text, BUDGET).excerpts
    reader = service.session(question.index).reader
    shown = 0
    for gold in question.answers:
        texts = [excerpt.text for excerpt in excerpts if gold.holds(excerpt.path, excerpt.start_line, excerpt.end_line)]
        if gold.start_line:
            lines = reader.text(gold.path).split("\n")[gold.start_line - 1 : min(gold.end_line, gold.start_line + 2)]
            told = [line.strip() for line in lines if len(line.strip()) >= _TELLING]
            shown += any(line in text for line in told for text in texts)
        else:
            shown += bool(texts)
    return shown / len(question.answers)


def _told(values: Sequence[float]) -> str:
    mean, low, high = interval(values)
    return f"{mean:.3f} ({low:.2f}–{high:.2f})"
