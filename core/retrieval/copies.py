"""The copies of what is found, to be named beside it."""

from __future__ import annotations

from collections.abc import Sequence

from core.model.clone import CloneMember
from core.ports import IndexReader

MOST_COPIED = 5
"""Copies of a hit that are named."""


def copied_of(reader: IndexReader, ids: Sequence[int]) -> dict[int, tuple[CloneMember, ...]]:
    """The first places besides each chunk that fold together with it, the representative before its copies."""
    found: dict[int, tuple[CloneMember, ...]] = {}
    for id_, classes in reader.classes_of(ids).items():
        others: list[CloneMember] = []
        for clones in classes:
            folded = [member for member in clones.members if member.verdict.is_masked]
            together = [clones.representative, *folded]
            mine = [member for member in together if member.chunk <= id_ < member.chunk + member.parts]
            if folded and mine:
                others += [member for member in together if member not in mine]
        found[id_] = tuple(others[:MOST_COPIED])
    return found
