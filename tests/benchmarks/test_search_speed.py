"""Questions nobody has asked before, and packs for them, in an index of a hundred megabytes that is open and warm.

CODESTRATA_BENCH_INDEX names an index of the 100 MB made before, to be asked instead of a new one.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.model.ranking import Filter
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.words import words
from core.settings import Settings
from desktop import assembly
from desktop.engine.service import Service
from indexing.stores.sqlite.reader import open_snapshot
from tests.benchmarks import machine
from tests.benchmarks.test_window_speed import indexed

BEFORE = 60
"""Questions that are asked first, so that what is read once is read."""
ASKED = 200
PACKS = 60
BUDGET = 8_000
MOST = {"search, p50": 12.0, "search, p95": 30.0, "pack, p95": 150.0}
"""Milliseconds."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture
def folder(mixed: Path, tmp_path: Path) -> Path:
    """The index that is asked."""
    return indexed(mixed, tmp_path)


def test_a_new_question_is_answered_in_milliseconds(folder: Path) -> None:
    service = assembly.open_service(Settings())
    questions = drawn(folder, BEFORE + ASKED + PACKS)
    before, asked, packed = questions[:BEFORE], questions[BEFORE : BEFORE + ASKED], questions[BEFORE + ASKED :]

    def search(question: str) -> None:
        assert service.search(folder, question, 10, Filter(), CancellationToken()).query == question

    def pack(question: str) -> None:
        assert service.context(folder, question, BUDGET).tokens <= BUDGET

    _timed(before, search)
    _timed(before[:10], pack)
    measured = {"search": _timed(asked, search), "search again": _timed(asked, search), "pack": _timed(packed, pack)}
    rows = [("", "questions", "p50", "p95", "slowest", "CPU p50", "CPU p95")]
    figures = {}
    for name, times in measured.items():
        clock, cpu = ([1000 * pair[n] for pair in times] for n in (0, 1))
        told = (statistics.median(clock), _p95(clock), max(clock), statistics.median(cpu), _p95(cpu))
        rows.append((name, str(len(times)), *(f"{value:.1f} ms" for value in told)))
        figures |= {f"{name}, p50": told[0], f"{name}, p95": told[1]}
    machine.show("search_speed", f"Questions to 100 MB, {_chunks(service, folder):,} chunks", rows)
    machine.require({name: (figures[name], most) for name, most in MOST.items()})


def drawn(folder: Path, count: int) -> list[str]:
    """Questions of all kinds, made of what functions drawn at random are called and say of themselves: topics, statements
    where there is a sentence, and names as they are written; by turns."""
    chance = random.Random(12)
    kinds = (SymbolKind.FUNCTION, SymbolKind.METHOD)
    with open_snapshot(folder) as reader:
        functions = [symbol for symbol in reader.all_symbols() if symbol.kind in kinds]
        documented = [symbol for symbol in functions if 30 < len(symbol.doc) < 200]
        return [
            _QUESTIONS[number % len(_QUESTIONS)](chance.choice(documented if number % 3 == 1 else functions))
            for number in range(count)
        ]


def _topic(symbol: Symbol) -> str:
    return " ".join(dict.fromkeys(words(" ".join(symbol.qualified_name.split(".")[-3:]))))


def _statement(symbol: Symbol) -> str:
    return " ".join(symbol.doc.split(". ")[0].split())


def _asked(symbol: Symbol) -> str:
    return f"where is {' '.join(words(symbol.name))} decided" if symbol.key % 2 else f"how does {symbol.name} work"


_QUESTIONS: Sequence[Callable[[Symbol], str]] = (_topic, _statement, _asked)


def _timed(questions: Sequence[str], ask: Callable[[str], None]) -> list[tuple[float, float]]:
    """Seconds on the clock and of the CPU of each."""
    found = []
    for question in questions:
        clock, cpu = time.perf_counter(), time.process_time()
        ask(question)
        found.append((time.perf_counter() - clock, time.process_time() - cpu))
    return found


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def _chunks(service: Service, folder: Path) -> int:
    return len(service.session(folder).reader.chunk_table().ids)
