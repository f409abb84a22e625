"""The ledger outlives rebuilds, and tells of what never ended."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from core.errors import BrokenIndexError
from core.model.ledger import Fate, LedgerEntry, Sending, SendingOutcome
from indexing.stores.choices import FoldChoice, choose, fold_choices
from indexing.stores.ledger import SqliteLedger
from indexing.stores.maintenance import discard
from indexing.stores.user_database import USER_DATABASE

SENT = Sending(1.5, "ollama", "tiny", "", "What — ✓?", 100, 20, "0" * 64)
DONE = SendingOutcome(Fate.DONE, "", 0.5, 21, 3, True, 0.25)


def test_a_request_is_there_before_it_ends_and_after(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path)
    assert ledger.entries() == []
    number = ledger.begin(SENT)
    assert SqliteLedger(tmp_path).entries() == [LedgerEntry(number, SENT, SendingOutcome(Fate.UNDER_WAY))]
    ledger.finish(number, DONE)
    assert ledger.entries() == [LedgerEntry(number, SENT, DONE)]


def test_the_latest_come_first_and_no_more_than_wanted(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path)
    numbers = [ledger.begin(SENT) for _ in range(3)]
    assert [entry.number for entry in ledger.entries(2)] == [numbers[2], numbers[1]]


def test_it_shares_its_file_with_what_a_person_chose_and_no_rebuild_touches_either(tmp_path: Path) -> None:
    choose(tmp_path, "a.py", "a.f", FoldChoice.PINNED)
    SqliteLedger(tmp_path).begin(SENT)
    discard(tmp_path)
    assert len(SqliteLedger(tmp_path).entries()) == 1
    assert fold_choices(tmp_path) == {("a.py", "a.f"): FoldChoice.PINNED}


def test_threads_may_write_at_once(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path)

    def send() -> None:
        for _ in range(5):
            ledger.finish(ledger.begin(SENT), DONE)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = ledger.entries()
    assert len(entries) == 20
    assert all(entry.outcome == DONE for entry in entries)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / USER_DATABASE).write_bytes(b"no database at all" * 100)
    with pytest.raises(BrokenIndexError, match="cannot be used"):
        SqliteLedger(tmp_path).begin(SENT)
