"""What each part of the ranking is for: every part taken out by itself, on questions with known answers.

A figure is the difference to the whole ranking, with the interval that 95 of 100 samples of the questions give it; where
that lies below 0, the part pays. A part pays where it gains on one set at least; small trees and few questions leave most
intervals wide.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from core.cancellation import CancellationToken
from core.model.ranking import Filter, Hit
from core.model.source import FileRole
from core.ports import LexicalField
from core.retrieval import (
    asked,
    background,
    balance,
    evidence,
    question,
    relations,
    retriever,
    second_look,
)
from desktop import assembly
from desktop.engine.service import Service
from tests.benchmarks import annotated, machine, planted, questions, test_evidence
from tests.benchmarks.command import index
from tests.benchmarks.corpus import MissingCorpusError
from tests.benchmarks.questions import Question
from tests.benchmarks.scoring import Place, interval, is_answered, share_found
from tests.benchmarks.test_evidence import folder_of  # noqa: F401 - a fixture
from tests.benchmarks.test_retrieval import share_in_pack

Change = tuple[object, str, object]
"""An attribute of a module or class, and what stands there instead."""


def _both(**changes: object) -> Sequence[Change]:
    """The same change of the balance for each kind of question."""
    return [
        (balance, name, dataclasses.replace(getattr(balance, name), **changes)) for name in ("TOPIC", "REPORT", "STATEMENT")
    ]


def _statement(**changes: object) -> Sequence[Change]:
    return [(balance, "STATEMENT", dataclasses.replace(balance.STATEMENT, **changes))]


CHANGES: Mapping[str, Sequence[Change]] = {
    "without the field path": _both(fields=dict.fromkeys((LexicalField.TEXT, LexicalField.NAMES), 1.0)),
    "without the field names": _both(fields=dict.fromkeys((LexicalField.TEXT, LexicalField.PATH), 1.0)),
    "without vectors": [*_both(dense=0.0), (second_look.SecondLook, "nearest", lambda *_: {})],
    "without words": _both(dense=1.0),
    "without definitions of names": [(evidence, "NAME_ALONE", 0.0), (evidence, "NAME_IN_SENTENCE", 0.0)],
    "without the code graph": [(relations, "RELATED", 0.0)],
    "without files' coherence": _both(file=0.0),
    "without priors of roles": [(evidence, "_ROLE_SHARES", dict.fromkeys(FileRole, 1.0))],
    "priors hold for what is said nowhere else": [(evidence, "ALONE", 0.0)],
    "lines that no grammar reads count in full": [(evidence, "UNREAD", 1.0)],
    "a report is a topic": [(balance, "REPORT", balance.TOPIC)],
    "a statement is a topic": [(balance, "STATEMENT", balance.TOPIC)],
    "statements are looked up as they are": [(question, "spelt", lambda _sentence: ())],
    "statements: no floor of cosines": _statement(floor=0.0),
    "statements: any kind of chunk": _statement(no_function=1.0),
    "statements: names and heads are not compared": _statement(likeness=0.0),
    "statements: names alone are compared": [(retriever, "HEAD", 0.0)],
    "statements: what heads and returns say": [(retriever, "heads_saying", lambda _terms, said: np.zeros(len(said)))],
    "without diversification": _both(same_file=1.0),
    "one chunk a file": _both(same_file=0.0),
    "names of files gain nothing": _both(file_names=False),
    "later lines weigh in full": [(asked, "LATER_LINES", 1.0)],
    "words of reports weigh in full": [(asked, "REPORTING", 1.0)],
    "the part at fault weighs no more": [(asked, "PART_AT_FAULT", 1.0)],
    "repeated words gain nothing": [(asked, "REPEATED", 0.0)],
    "no irregular forms and spellings": [(asked, "other_forms", lambda _word: ())],
    "no abbreviations": [(question, "abbreviations", lambda _text: ())],
    "no verbs with particles": [(question, "phrasal_verbs", lambda _text: {})],
    "without the second look": [(second_look.SecondLook, "nearest", lambda *_: {})],
    "the second look: no near words": [(second_look, "NEIGHBOURS", 0)],
    "the second look: the source is not taken out": [(background.Background, "against", lambda _self, vector: vector)],
    "the second look brings no places": [(retriever, "nearest_places", lambda _doubt: 0)],
    "without doubt": [(retriever, "doubt_of", lambda *_: 0.0)],
}
_SEARCHED = 30
_REPOSITORIES = 25

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to an index, and how its hits are scored, by the name of the figure; `packed` where its pack is looked into
    as well."""

    index: Path
    text: str
    scores: Mapping[str, Callable[[Sequence[Hit]], float]]
    packed: Question | None = None


def test_every_part_of_the_ranking_pays(
    tmp_path: Path,
    folder_of: Callable[[str], Path],  # noqa: F811 - a fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    try:
        sets = [*_made(tmp_path, folder_of)]
    except MissingCorpusError as error:
        pytest.skip(str(error))
    service = assembly.open_service(assembly.settings_for())
    whole = _scores(service, sets)
    rows = [("", *whole), ("all of it", *(f"{np.mean(values):.3f} of {len(values)}" for values in whole.values()))]
    pays = {}
    for name, changes in CHANGES.items():
        with monkeypatch.context() as patched:
            for owner, attribute, value in changes:
                patched.setattr(owner, attribute, value)
            without = _scores(service, sets)
        differences = [interval(list(_differences(without[column], whole[column]))) for column in whole]
        rows.append((name, *(_told(*difference) for difference in differences)))
        pays[name] = min(mean for mean, _, _ in differences)
    machine.show("ablation", "What is lost without each part of the ranking", rows)
    assert all(loss < 0.0 for loss in pays.values()), {name: loss for name, loss in pays.items() if loss >= 0.0}


def _made(home: Path, folder_of: Callable[[str], Path]) -> Iterator[Asked]:  # noqa: F811
    """Questions of all kinds; those to annotated repositories where the environment says where these are."""
    for one in questions.issues():
        yield Asked(one.index, one.text, {"issue @1": _within(one, 1), "issue @5": _within(one, 5)}, one)
    for one in questions.descriptions():
        yield Asked(one.index, one.text, {"description @1": _within(one, 1), "description @10": _within(one, 10)})
    yield from (Asked(one.index, one.text, {"structure @10": _share(one)}) for one in questions.structures())
    for one in planted.needles(home):
        yield Asked(one.index, one.text, {"needle @10": _within(one, 10), "needle, MRR": _reciprocal(one)})
    for base, text, accepted in chain.from_iterable(map(test_evidence.questions, test_evidence.QUESTIONS)):
        yield Asked(folder_of(base), text, {"asked @1": _leads_to(accepted, 1), "asked @3": _leads_to(accepted, 3)})
    try:
        repositories = annotated.repositories(machine.cache() / "annotated", _REPOSITORIES)
    except MissingCorpusError:
        return
    for repository in repositories:
        folder = home / f"{repository.name}.index"
        index(repository.tree, folder)
        for number, query in repository.queries.items():
            yield Asked(folder, query, {"annotated, NDCG@10": _gain(repository, number)})


def _within(one: Question, k: int) -> Callable[[Sequence[Place]], float]:
    return lambda places: is_answered(one, places, k)


def _share(one: Question) -> Callable[[Sequence[Place]], float]:
    return lambda places: share_found(one, places, 10)


def _reciprocal(one: Question) -> Callable[[Sequence[Place]], float]:
    return lambda places: next((1 / k for k in range(1, len(places) + 1) if is_answered(one, places, k)), 0.0)


def _leads_to(accepted: Sequence[str], k: int) -> Callable[[Sequence[Place]], float]:
    files = tuple(place.partition("#")[0] for place in accepted)
    return lambda places: float(any(place.path.endswith(files) for place in places[:k]))


def _gain(repository: annotated.Repository, number: str) -> Callable[[Sequence[Hit]], float]:
    return lambda hits: repository.gain(number, [dataclasses.asdict(hit) for hit in hits])


def _scores(service: Service, sets: Sequence[Asked]) -> dict[str, list[float]]:
    question.read_whole.cache_clear()  # what is taken out may be a part of reading
    found: dict[str, list[float]] = {}
    for one in sets:
        hits = service.search(one.index, one.text, _SEARCHED, Filter(), CancellationToken()).hits
        for name, score in one.scores.items():
            found.setdefault(name, []).append(score(hits))
        if one.packed:
            found.setdefault("issue in a pack", []).append(share_in_pack(service, one.packed))
    return found


def _differences(without: Sequence[float], whole: Sequence[float]) -> Iterator[float]:
    return (ours - theirs for ours, theirs in zip(without, whole, strict=True))


def _told(mean: float, low: float, high: float) -> str:
    return f"{mean:+.3f} ({low:+.3f}, {high:+.3f})" if mean or low or high else "0"
