"""Folding an index: from what is stored of its chunks to clone classes, with the workers reading what has to be compared.

Exact copies are found among stored hashes; functions that may be alike among stored sketches. What a unit becomes depends
on its component alone (`indexing.folding.components`), so classes are formed, explained and written where one has changed,
and stay as they are everywhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.graph.ranks import rank_links
from core.settings import FoldingSettings
from indexing.fold_classes import ClassFormer
from indexing.fold_compare import Alike, compare_functions, ends_of
from indexing.fold_differences import told_again
from indexing.fold_job import FoldJob
from indexing.fold_tasks import close_texts
from indexing.folding.beside import representing, telling
from indexing.folding.classes import ROLE_RANK
from indexing.folding.components import Components
from indexing.folding.funnel import redundant_files, summarise
from indexing.folding.policy import RULES
from indexing.folding.units import Rows, Units
from indexing.number_sets import are_among, distinct
from indexing.stores.choices import Chosen, FoldChoice, fold_choices
from indexing.stores.sqlite.clones import pack_summary
from indexing.stores.sqlite.compared import NOTHING_COMPARED, Compared
from indexing.stores.sqlite.schema import FEATURE_VERSION
from indexing.stores.sqlite.writer import IndexWriter

_FOLDED_BY = "folded_by"
"""Where the index keeps by which rules, settings and choices it was folded."""


def fold_index(writer: IndexWriter, job: FoldJob, cancellation: CancellationToken) -> float:
    """Form the clone classes of what is committed, those that an earlier run formed of the same excepted; returns the CPU
    seconds that workers took."""
    stored, clones = writer.stored_chunks(), writer.clones
    choices = fold_choices(job.folder)
    chosen = {choice: _chunks_of(writer, choices, choice) for choice in FoldChoice}
    units = Units(stored, _centrality(writer, stored.ids), chosen[FoldChoice.PINNED])
    known = clones.compared()
    policy = _policy(job.settings)
    if known.policy != policy:
        known = NOTHING_COMPARED
    files = dict(zip(stored.paths, stored.files, strict=True))
    unfolded = chosen[FoldChoice.UNFOLDED]
    redundant = redundant_files(files, ROLE_RANK)
    try:
        compared, seconds = compare_functions(units, known, job, cancellation)
        former = ClassFormer(units, compared, files, _marks(units, chosen), unfolded, job, cancellation)
        components = former.components
        changed = components.others(known.components)
        waiting = changed | former.told_with(changed) | components.of(_bereft(known, compared))
        representatives, touched, gone = clones.representatives(), np.zeros(len(waiting), bool), set[int]()
        told = told_again(clones.forgotten(), known, compared, units) if known is not NOTHING_COMPARED else {}
        while True:
            touched |= waiting
            going = _gone(representatives, units, components, known, touched) - gone
            told.update(clones.told(going) if known is not NOTHING_COMPARED else {})
            gone |= going
            former.form(waiting, told, representatives.keys() - gone)
            waiting = components.of(former.tell_beside()) & ~touched
            if not waiting.any():
                break
        classes, savings = former.finished(told, redundant)
    finally:
        close_texts()
    clones.drop(gone)
    clones.put(classes, savings)
    signatures = components.signatures
    firsts = units.chunks[compared.units]
    signed = distinct(signatures[signatures != 0])
    clones.put_compared(Compared(compared.contents, firsts, compared.pairs, signed, policy))
    writer.set_meta("folding", pack_summary(summarise(files, redundant, clones.saved())))
    writer.set_meta(_FOLDED_BY, _told(policy, choices))
    return seconds + former.seconds


def is_folded_as_now(writer: IndexWriter, folder: Path, settings: FoldingSettings) -> bool:
    """Whether the index would be folded by the same rules, settings and choices again."""
    return writer.meta(_FOLDED_BY, "") == _told(_policy(settings), fold_choices(folder))


def _policy(settings: FoldingSettings) -> str:
    return f"{FEATURE_VERSION} {RULES} {settings!r}"


def _told(policy: str, choices: Chosen) -> str:
    return f"{policy} {choices!r}"


def _chunks_of(writer: IndexWriter, choices: Chosen, wanted: FoldChoice) -> frozenset[int]:
    """The first chunk of each definition for which this was chosen."""
    found: dict[tuple[str, str], int] = {}
    for (path, symbol), choice in choices.items():
        if choice is wanted:
            for text in writer.chunk_texts(writer.chunk_ids([path])):
                if text.symbol == symbol:
                    found.setdefault((path, symbol), text.id)
    return frozenset(found.values())


def _centrality(writer: IndexWriter, ids: Sequence[int]) -> dict[int, float]:
    """The rank of each file among all, which are taken by their paths: sums of floats depend on their order, and ids on when
    a file was read."""
    order = np.argsort(ids)
    held, links = np.array(ids, np.int64)[order], writer.links.file_links()
    links = links[are_among(links[:, 0], held) & are_among(links[:, 1], held)]
    ends = order[np.searchsorted(held, links)]
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    ranks = rank_links(ends[:, 0], ends[:, 1], np.ones(len(ends)), len(ids))
    return dict(zip(ids, ranks.tolist(), strict=True))


def _marks(units: Units, chosen: dict[FoldChoice, frozenset[int]]) -> NDArray[np.uint64]:
    """What a person chose for each unit, as a number."""
    marks: NDArray[np.uint64] = np.zeros(len(units.chunks), np.uint64)
    for bit, choice in enumerate(FoldChoice):
        marks[np.isin(units.chunks, list(chosen[choice]))] += np.uint64(1 << bit)
    return marks


def _bereft(known: Compared, compared: Alike) -> Rows:
    """The functions beside which another was told that is not there any more."""
    told = known.pairs[telling(known.pairs["part"])]
    ends = compared.before[ends_of(told)]
    lost = (ends[:, 0] < 0) | (ends[:, 1] < 0)
    left = representing(ends[lost], told["part"][lost])
    return compared.units[left[left >= 0]]


def _gone(
    representatives: dict[int, int],
    units: Units,
    components: Components,
    known: Compared,
    touched: NDArray[np.bool_],
) -> set[int]:
    """The classes that stand no longer: those of components that are not `known` or of units that are `touched` (n,) or not
    there."""
    ids, chunks = list(representatives), np.array(list(representatives.values()), np.int64)
    rows = units.rows_of(chunks)
    kept = are_among(components.signatures, known.components) & (components.signatures != 0)
    stands = (rows >= 0) & kept[components.numbers[rows]] & ~touched[rows] if len(touched) else np.zeros(len(rows), bool)
    return {key for key, still in zip(ids, stands.tolist(), strict=True) if not still}
