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
from core.cancellation import CancellationToken
from core.model.answer import Answer
from desktop import assembly
from tests.benchmarks.command import index
from tests.benchmarks.test_evidence import INDEXES_VARIABLE

LEAST_RIGHT = 28

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def test_follow_ups_stand_alone(mixed: Path, tmp_path: Path) -> None:
    folder = Path(os.environ.get(INDEXES_VARIABLE, "") or tmp_path) / "django"
    if not folder.is_dir():
        shutil.copytree(mixed / "django", tmp_path / "source" / "django")
        index(tmp_path / "source", folder)
    service = assembly.open_service(assembly.settings_for())
    reader = service.session(folder).reader
    right = asked = 0
    with Path(__file__).with_name("follow_ups.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            *_, answer = service.ask(folder, row["first"], 8_000, None, CancellationToken())
            assert isinstance(answer, Answer)
            given = stand_alone(row["follow_up"], [turn_of(answer)], reader)
            is_right = given == row["follow_up"] if row["understood"] == "=" else bool(re.search(row["understood"], given))
            asked += 1
            right += is_right
            print(f"{'right' if is_right else 'WRONG'}: {row['first']} → {row['follow_up']} → {given}")
    print(f"{right} of {asked} follow-ups are put as they were meant")
    assert right >= LEAST_RIGHT
