"""Folding an index: from what is stored of its chunks to clone classes, with the workers reading what has to be compared.

Exact copies are found among stored hashes; functions that may be alike among stored sketches. What a unit becomes depends
on its component alone (`indexing.folding.components`), so classes are formed, explained and written where one has changed,
and stay as they are everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.cancellation import CancellationToken
from core.graph.ranks import rank_links
from core.model.clone import CloneClass, CloneType, Verdict
from core.settings import FoldingSettings
from indexing.fold_compare import compare_functions
from indexing.fold_differences import with_differences
from indexing.fold_job import FoldJob
from indexing.fold_tasks import close_texts
from indexing.folding.classes import ROLE_RANK, AlikePair, fold, settled
from indexing.folding.components import Components, find_components
from indexing.folding.funnel import Saving, redundant_files, summarise
from indexing.folding.units import Rows, Units
from indexing.stores.choices import Chosen, FoldChoice, fold_choices
from indexing.stores.sqlite.clones import NOTHING_COMPARED, Compared, StoredPairs, Told, pack_summary
from indexing.stores.sqlite.schema import FEATURE_VERSION
from indexing.stores.sqlite.writer import IndexWriter

_ROUNDS = 2
"""What turns out to change no statement looks for another representative once. What then does so again is kept apart where
it is."""
CHOICES = "fold_choices"
"""Where the index keeps by which choices it was folded."""


def fold_index(writer: IndexWriter, job: FoldJob, cancellation: CancellationToken) -> float:
    """Form the clone classes of what is committed, those that an earlier run formed of the same excepted; returns the CPU
    seconds that workers took."""
    stored, clones = writer.stored_chunks(), writer.clones
    choices = fold_choices(job.folder)
    chosen = {choice: _chunks_of(writer, choices, choice) for choice in FoldChoice}
    units = Units(stored, _centrality(writer, stored.ids), chosen[FoldChoice.PINNED])
    known = clones.compared()
    policy = f"{FEATURE_VERSION} {job.settings!r}"
    if known.policy != policy:
        known = NOTHING_COMPARED
    files = dict(zip(stored.paths, stored.files, strict=True))
    try:
        compared, seconds = compare_functions(units, known, job, cancellation)
        pairs, ends = compared.pairs, compared.ends
        components = find_components(units, ends, _likeness(pairs), _marks(units, chosen))
        changed = components.others(known.components)
        representatives = clones.representatives()
        gone = _gone(representatives, units, components, known)
        taken = representatives.keys() - gone
        told = clones.told(gone) if known is not NOTHING_COMPARED else {}
        redundant = redundant_files(files, ROLE_RANK)
        classes, savings, waiting = list[CloneClass](), dict[int, Saving](), changed
        for turn in range(_ROUNDS):
            near = np.unique(ends[waiting[ends[:, 0]]]).tolist()
            alike = _alike(pairs, ends, waiting, units, job.settings)
            folded = fold(units.candidates(near, waiting), files, alike, chosen[FoldChoice.UNFOLDED], taken)
            formed, more = with_differences(folded.classes, told, units, job, cancellation)
            seconds += more
            apart = _set_apart(pairs, ends, list(_told_apart(folded.classes, formed)), units)
            waiting = components.of(apart if turn < _ROUNDS - 1 else apart[:0])
            stays = ~waiting[units.rows_of(np.array([c.representative.chunk for c in formed], np.int64))]
            for found, final in zip(formed, stays.tolist(), strict=True):
                if final:
                    done, savings[found.id] = settled(found, folded.groups.get(found.id, ()), redundant)
                    classes.append(done)
            if not waiting.any():
                break
            told = dict(_told(formed))
    finally:
        close_texts()
    clones.drop(gone)
    clones.put(classes, savings)
    components = find_components(units, ends, _likeness(pairs), _marks(units, chosen))
    signatures = np.unique(components.signatures[components.signatures != 0])
    firsts = units.chunks[compared.units]
    clones.put_compared(Compared(compared.contents, firsts, pairs, signatures, policy))
    writer.set_meta("folding", pack_summary(summarise(files, redundant, clones.saved())))
    writer.set_meta(CHOICES, repr(choices))
    return seconds


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


def _centrality(writer: IndexWriter, ids: Sequence[int]) -> dict[int, float]:
    """The rank of each file among all, which are taken by their paths: sums of floats depend on their order, and ids on when
    a file was read."""
    places = {key: place for place, key in enumerate(ids)}
    links = sorted(
        (places[source], places[target])
        for source, target in writer.clones.file_links()
        if source in places and target in places
    )
    ends = np.array(links, np.int64).reshape(-1, 2)
    ranks = rank_links(ends[:, 0], ends[:, 1], np.ones(len(ends)), len(ids))
    return dict(zip(ids, ranks.tolist(), strict=True))


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
    tokens = units.tokens[ends[wanted]].max(axis=1).tolist()
    told = pairs[["similarity", "type", "apart"]][wanted].tolist()
    found = zip(units.chunks[ends[wanted]].tolist(), told, tokens, strict=True)
    return [_alike_pair(one, other, how, size, settings) for (one, other), how, size in found]


def _told_apart(before: Sequence[CloneClass], after: Sequence[CloneClass]) -> Iterator[tuple[int, int]]:
    """The members that cannot fold, now that it is told how they differ: representative and member."""
    for old, new in zip(before, after, strict=True):
        for was, member in zip(old.members, new.members, strict=True):
            if was.verdict.is_masked and not member.verdict.is_masked:
                yield new.representative.chunk, member.chunk


def _set_apart(pairs: StoredPairs, ends: Rows, apart: Sequence[tuple[int, int]], units: Units) -> Rows:
    """Mark the pairs of units (first chunks) that cannot fold; the rows of units that this concerns."""
    if not apart:
        return np.zeros(0, np.int64)
    # A unit says what all with its key say, one of which was compared.
    keys = np.where(units.keys, units.keys, units.chunks.astype(np.uint64))
    places = {_sorted(pair): place for place, pair in enumerate(keys[ends].tolist())}
    rows = units.rows_of(np.array(apart, np.int64).reshape(-1)).reshape(-1, 2)
    found = [places[key] for pair in keys[rows].tolist() if (key := _sorted(pair)) in places]
    pairs["apart"][found] = 1
    return rows.reshape(-1)


def _sorted(pair: Sequence[int]) -> tuple[int, int]:
    return (pair[0], pair[1]) if pair[0] < pair[1] else (pair[1], pair[0])


def _told(classes: Iterable[CloneClass]) -> Iterator[tuple[tuple[int, int], Told]]:
    for found in classes:
        for member in found.members:
            yield (found.representative.chunk, member.chunk), Told(member.type, member.verdict, member.difference)


def _alike_pair(one: int, other: int, how: tuple[float, int, int], tokens: int, settings: FoldingSettings) -> AlikePair:
    """What may be done with a pair the longer of which has so many tokens, by the policy."""
    similarity, kind, apart = how
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
