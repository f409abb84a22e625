"""Thirty follow-ups about Django, put so that they stand alone: written before they were tried.

CODESTRATA_EVIDENCE_INDEXES names a folder with an index made before (`django`), as for the questions of `test_evidence.py`.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
from pathlib import Path

import pytest

from core.answering.earlier import turn_of
from core.answering.follow_ups import stand_alone
from core.retrieval.structural import read_structural
from desktop import assembly
from tests.benchmarks.command import index
from tests.benchmarks.test_evidence import INDEXES_VARIABLE, ask, questions

LEAST_RIGHT = 30

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def index_folder(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("follow_ups")
    folder = Path(os.environ.get(INDEXES_VARIABLE, "") or made) / "django"
    if not folder.is_dir():
        shutil.copytree(mixed / "django", made / "source" / "django")
        index(made / "source", folder)
    return folder


def test_it_is_what_a_composed_answer_names_first(index_folder: Path) -> None:
    service = assembly.open_service(assembly.settings_for())
    reader = service.session(index_folder).reader
    asked = wrong = 0
    for base, question, _ in questions("evidence_questions.tsv"):
        if base != "django" or read_structural(question):
            continue
        answer = ask(service, index_folder, question)
        first = re.match(r"`([\w.]+)` is an? ", answer.text)
        if first is None:
            continue
        given = stand_alone("and who calls it?", [turn_of(answer)], reader)
        # The shortest name that means nothing else is an ending of the other, or the other of it.
        named = re.fullmatch(r"who calls `([\w.]+)`\?", given)
        is_it = named is not None and (f".{named[1]}".endswith(f".{first[1]}") or f".{first[1]}".endswith(f".{named[1]}"))
        asked += 1
        wrong += not is_it
        print(f"{'right' if is_it else 'WRONG'}: {question} → {first[1]} → {given}")
    assert asked >= 6
    assert not wrong


def test_follow_ups_stand_alone(index_folder: Path) -> None:
    service = assembly.open_service(assembly.settings_for())
    reader = service.session(index_folder).reader
    right = asked = 0
    with Path(__file__).with_name("follow_ups.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            answer = ask(service, index_folder, row["first"])
            given = stand_alone(row["follow_up"], [turn_of(answer)], reader)
            is_right = given == row["follow_up"] if row["understood"] == "=" else bool(re.search(row["understood"], given))
            asked += 1
            right += is_right
            print(f"{'right' if is_right else 'WRONG'}: {row['first']} → {row['follow_up']} → {given}")
    print(f"{right} of {asked} follow-ups are put as they were meant")
    assert right >= LEAST_RIGHT
