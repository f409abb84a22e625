"""Folding an index: from what is stored of its chunks to clone classes, with the workers reading what has to be compared.

Exact copies are found among stored hashes; functions that may be alike among stored sketches. What a unit becomes depends
on its component alone (`indexing.folding.components`), so classes are formed, explained and written where one has changed,
and stay as they are everywhere else.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.graph.ranks import rank_links
from core.model.clone import CloneType, Verdict
from core.settings import FoldingSettings
from indexing.fold_compare import compare_functions
from indexing.fold_differences import with_differences
from indexing.fold_job import FoldJob
from indexing.fold_tasks import close_texts
from indexing.folding.classes import ROLE_RANK, AlikePair, fold
from indexing.folding.components import Components, find_components
from indexing.folding.funnel import redundant_files, summarise
from indexing.folding.units import Rows, Units
from indexing.stores.choices import Chosen, FoldChoice, fold_choices
from indexing.stores.sqlite.clones import NOTHING_COMPARED, Compared, StoredPairs, pack_summary
from indexing.stores.sqlite.writer import IndexWriter

CHOICES = "fold_choices"
"""Where the index keeps by which choices it was folded."""


def fold_index(writer: IndexWriter, job: FoldJob, cancellation: CancellationToken) -> float:
    """Form the clone classes of what is committed, those that an earlier run formed of the same excepted; returns the CPU
    seconds that workers took."""
    stored, clones = writer.stored_chunks(), writer.clones
    choices = fold_choices(job.folder)
    chosen = {choice: _chunks_of(writer, choices, choice) for choice in FoldChoice}
    units = Units(stored, _centrality(writer), chosen[FoldChoice.PINNED])
    known = clones.compared()
    if known.policy != repr(job.settings):
        known = NOTHING_COMPARED
    files = dict(zip(stored.paths, stored.files, strict=True))
    try:
        functions, pairs, seconds = compare_functions(units, known, job, cancellation)
        ends = units.rows_of(np.stack([pairs["one"], pairs["other"]], axis=1).astype(np.int64).reshape(-1)).reshape(-1, 2)
        components = find_components(units, ends, _likeness(pairs), _marks(units, chosen))
        changed = components.others(known.components)
        gone = _gone(clones.representatives(), units, components, known)
        alike = _alike(pairs, ends, changed, units, job.settings)
        near = np.unique(ends[changed[ends[:, 0]]]).tolist()
        taken = clones.representatives().keys() - gone
        folded = fold(units.candidates(near, changed), files, alike, chosen[FoldChoice.UNFOLDED], taken)
        told = clones.told(gone) if known is not NOTHING_COMPARED else {}
        classes, more = with_differences(folded.classes, told, units, job, cancellation)
    finally:
        close_texts()
    clones.drop(gone)
    clones.put(classes, folded.savings)
    signatures = np.unique(components.signatures[components.signatures != 0])
    clones.put_compared(Compared(functions, pairs, signatures, repr(job.settings)))
    writer.set_meta("folding", pack_summary(summarise(files, redundant_files(files, ROLE_RANK), clones.saved())))
    writer.set_meta(CHOICES, repr(choices))
    return seconds + more


def is_folded_as_chosen(writer: IndexWriter, folder: Path) -> bool:
    """Whether nothing was chosen otherwise since the index was folded."""
    return writer.meta(CHOICES, repr({})) == repr(fold_choices(folder))


def _chunks_of(writer: IndexWriter, choices: Chosen, wanted: FoldChoice) -> frozenset[int]:
    """The first chunk of each definition for which this was chosen."""
    found: dict[tuple[str, str], int] = {}
    for (path, symbol), choice in choices.items():
        if choice is wanted:
            for text in writer.chunk_texts(writer.chunk_ids([path])):
                if text.symbol == symbol:
                    found.setdefault((path, symbol), text.id)
    return frozenset(found.values())


def _centrality(writer: IndexWriter) -> dict[int, float]:
    """The rank of each file among those that use others."""
    sources, targets = writer.clones.file_links()
    ids, places = np.unique(np.concatenate([sources, targets]), return_inverse=True)
    ranks = rank_links(places[: len(sources)], places[len(sources) :], np.ones(len(sources)), len(ids))
    return dict(zip(ids.tolist(), ranks.tolist(), strict=True))


def _marks(units: Units, chosen: dict[FoldChoice, frozenset[int]]) -> NDArray[np.uint64]:
    """What a person chose for each unit, as a number."""
    marks: NDArray[np.uint64] = np.zeros(len(units.chunks), np.uint64)
    for bit, choice in enumerate(FoldChoice):
        marks[np.isin(units.chunks, list(chosen[choice]))] += np.uint64(1 << bit)
    return marks


def _likeness(pairs: StoredPairs) -> NDArray[np.uint64]:
    """How each pair is alike, as a number."""
    found: NDArray[np.uint64] = np.ascontiguousarray(pairs["similarity"]).view(np.uint32).astype(np.uint64)
    for column in ("type", "apart"):
        found = found << np.uint64(8) | pairs[column].astype(np.uint64)
    return found


def _gone(representatives: dict[int, int], units: Units, components: Components, known: Compared) -> set[int]:
    """The classes that stand no longer: those of components that have changed, or of units that are not there."""
    ids, chunks = list(representatives), np.array(list(representatives.values()), np.int64)
    rows = units.rows_of(chunks)
    kept = np.isin(components.signatures, known.components) & (components.signatures != 0)
    stands = (rows >= 0) & kept[components.numbers[rows]] if len(components.numbers) else np.zeros(len(rows), bool)
    return {key for key, still in zip(ids, stands.tolist(), strict=True) if not still}


def _alike(
    pairs: StoredPairs, ends: Rows, changed: NDArray[np.bool_], units: Units, settings: FoldingSettings
) -> list[AlikePair]:
    """What may be done with each pair of the components that have changed."""
    wanted = changed[ends[:, 0]]
    tokens = units.tokens[ends[wanted, 0]].tolist()
    return [_alike_pair(pair, size, settings) for pair, size in zip(pairs[wanted].tolist(), tokens, strict=True)]


def _alike_pair(pair: tuple[int, int, float, int, int], tokens: int, settings: FoldingSettings) -> AlikePair:
    """What may be done with a pair whose first function has so many tokens, by the policy."""
    one, other, similarity, kind, apart = pair
    similarity = round(similarity, 4)
    if apart:
        verdict, threshold = Verdict.APART, settings.suggested
    elif tokens < settings.least_tokens:
        verdict, threshold = Verdict.SUGGESTED, settings.suggested
    elif similarity >= settings.folded:
        verdict, threshold = Verdict.FOLDED, settings.folded
    elif similarity >= settings.indexed:
        verdict, threshold = Verdict.INDEXED, settings.indexed
    else:
        verdict, threshold = Verdict.SUGGESTED, settings.suggested
    return AlikePair(one, other, CloneType(kind), similarity, verdict, threshold)
