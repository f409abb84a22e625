"""What each part of the ranking is for: every part taken out by itself, on questions with known answers.

A figure is the difference to the whole ranking, with the interval that 95 of 100 samples of the questions give it; where
that lies below 0, the part pays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import ModuleType

import pytest

from core.cancellation import CancellationToken
from core.model.ranking import Filter
from core.model.source import FileRole
from core.ports import LexicalField
from core.retrieval import asked, balance, evidence, question, relations
from desktop import assembly
from desktop.engine.service import Service
from tests.benchmarks import machine, questions
from tests.benchmarks.corpus import MissingCorpusError
from tests.benchmarks.questions import Question
from tests.benchmarks.scoring import interval, is_answered, share_found

Change = tuple[ModuleType, str, object]


def _both(**changes: object) -> Sequence[Change]:
    """The same change of the balance for each kind of question."""
    return [(balance, name, replace(getattr(balance, name), **changes)) for name in ("TOPIC", "REPORT", "STATEMENT")]


CHANGES: Mapping[str, Sequence[Change]] = {
    "without the field path": _both(fields=dict.fromkeys((LexicalField.TEXT, LexicalField.NAMES), 1.0)),
    "without the field names": _both(fields=dict.fromkeys((LexicalField.TEXT, LexicalField.PATH), 1.0)),
    "without vectors": _both(dense=0.0),
    "without words": _both(dense=1.0),
    "without definitions of names": [(evidence, "NAME_ALONE", 0.0), (evidence, "NAME_IN_SENTENCE", 0.0)],
    "without the code graph": [(relations, "RELATED", 0.0)],
    "without files' coherence": _both(file=0.0),
    "without priors of roles": [(evidence, "_ROLE_SHARES", dict.fromkeys(FileRole, 1.0))],
    "priors hold for what is said nowhere else": [(evidence, "ALONE", 0.0)],
    "lines that no grammar reads count in full": [(evidence, "UNREAD", 1.0)],
    "a report is a topic": [(balance, "REPORT", balance.TOPIC)],
    "statements are looked up as they are": [(question, "spelt", lambda _sentence: ())],
    "without diversification": _both(same_file=1.0),
    "one chunk a file": _both(same_file=0.0),
    "a statement is a topic": [(balance, "STATEMENT", balance.TOPIC)],
    "names of files gain nothing": _both(file_names=False),
    "later lines weigh in full": [(asked, "LATER_LINES", 1.0)],
    "words of reports weigh in full": [(asked, "REPORTING", 1.0)],
    "the part at fault weighs no more": [(asked, "PART_AT_FAULT", 1.0)],
    "repeated words gain nothing": [(asked, "REPEATED", 0.0)],
}
_SETS = {
    "issue @1": (questions.issues, lambda question, places: is_answered(question, places, 1)),
    "issue @5": (questions.issues, lambda question, places: is_answered(question, places, 5)),
    "description @10": (questions.descriptions, lambda question, places: is_answered(question, places, 10)),
    "structure @10": (questions.structures, lambda question, places: share_found(question, places, 10)),
}
_SEARCHED = 30

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def test_every_part_of_the_ranking_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        asked = {make: make() for make, _ in _SETS.values()}
    except MissingCorpusError as error:
        pytest.skip(str(error))
    service = assembly.open_service(assembly.settings_for())
    whole = _scores(service, asked)
    rows = [("", *_SETS), ("all of it", *(f"{sum(values) / len(values):.3f}" for values in whole.values()))]
    pays = {}
    for name, changes in CHANGES.items():
        with monkeypatch.context() as patched:
            for module, attribute, value in changes:
                patched.setattr(module, attribute, value)
            without = _scores(service, asked)
        differences = [interval(list(_differences(without[column], whole[column]))) for column in _SETS]
        rows.append((name, *(f"{mean:+.3f} ({low:+.2f}, {high:+.2f})" for mean, low, high in differences)))
        pays[name] = min(mean for mean, _, _ in differences)
    machine.show("ablation", "What is lost without each part of the ranking", rows)
    assert all(loss <= 0.0 for loss in pays.values()), pays


def _scores(service: Service, asked: Mapping[object, Sequence[Question]]) -> dict[str, list[float]]:
    question.read_whole.cache_clear()  # what is taken out may be a part of reading
    found = {
        one: service.search(one.index, one.text, _SEARCHED, Filter(), CancellationToken()).hits
        for made in asked.values()
        for one in made
    }
    return {name: [score(question, found[question]) for question in asked[make]] for name, (make, score) in _SETS.items()}


def _differences(without: Sequence[float], whole: Sequence[float]) -> Iterator[float]:
    return (ours - theirs for ours, theirs in zip(without, whole, strict=True))
