"""Names that occur nowhere in the tree."""

from __future__ import annotations

import random
from pathlib import Path

from core.cancellation import CancellationToken
from indexing.needles.naming import draw_names
from indexing.needles.templates import needles

CHESS = next(needle for needle in needles() if needle.id == "chess")


def drawn(files: list[Path], seed: int = 1) -> str:
    return draw_names([CHESS], files, random.Random(seed), CancellationToken())["chess"]


def test_a_name_that_occurs_in_any_spelling_is_not_drawn(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    spellings = [CHESS.names[0], "EloGain", "REVISED_ELO", "eloAfterBout"]
    assert len(CHESS.names) == len(spellings) + 1
    file.write_text("\n".join(spellings))
    assert {drawn([file], seed) for seed in range(10)} == {"elo_delta_points"}


def test_where_all_names_are_taken_they_are_numbered(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(" ".join(CHESS.names))
    assert drawn([file]) in {f"{name}_2" for name in CHESS.names}


def test_every_needle_gets_a_name_of_its_own_and_the_seed_decides() -> None:
    first, again = (draw_names(needles(), [], random.Random(3), CancellationToken()) for _ in range(2))
    assert first == again
    assert len(set(first.values())) == len(needles())
    assert len({drawn([], seed) for seed in range(30)}) > 1
