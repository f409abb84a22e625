"""What may fold, as arrays over all files at once: a function is one unit, however many chunks it is; of everything else a
chunk is. Only units that share what they fold by, or are alike, become records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xxhash
from numpy.typing import NDArray

from core.model.chunk import ChunkKind
from core.model.source import Place
from indexing.chunk_columns import CONTINUES, MOST_TOKENS, SKETCHED, Prints, Spans
from indexing.folding.classes import ROLE_RANK, FoldCandidate, FoldFile
from indexing.folding.likely import Functions
from indexing.folding.mixing import mixed
from indexing.folding.normalise import MIN_RENAMED_TOKENS, MIN_TOKENS
from indexing.folding.sketch import BINS, Sketches
from indexing.folding.streams import Extent
from indexing.number_sets import counted

_KINDS = tuple(ChunkKind)

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class StoredChunks:
    """Every chunk of an index, file by file: `paths[i]` has the chunks from id `firsts[i]` on, `counts[i]` of them."""

    ids: Sequence[int]
    paths: Sequence[str]
    files: Sequence[FoldFile]
    firsts: Sequence[int]
    counts: Sequence[int]
    spans: Spans
    prints: Prints
    sketches: Sketches


class Units:
    """The units of an index. Arrays have a row for each unit, in the order of paths and places."""

    def __init__(self, stored: StoredChunks, centrality: Mapping[int, float], pinned: Collection[int]) -> None:
        """`centrality` is by the ids of files; `pinned` are ids of chunks that shall represent their class."""
        self._stored = stored
        counts = np.array(stored.counts, np.int64)
        chunk_owners = np.repeat(np.arange(len(counts)), counts)
        self._positions = counted(counts)
        flags = stored.prints["tokens"]
        self.tokens_of_chunks = (flags & MOST_TOKENS).astype(np.int64)
        self.firsts: Rows = np.flatnonzero(flags & CONTINUES == 0)
        """The place of its first chunk among all chunks."""
        self.parts: Rows = np.diff(np.r_[self.firsts, len(flags)])
        self.owners: Rows = chunk_owners[self.firsts]
        self.chunks: Rows = np.array(stored.firsts, np.int64)[self.owners] + self._positions[self.firsts]
        self.sizes: Rows = _sums(stored.spans["size"], self.firsts)
        self.tokens: Rows = _sums(self.tokens_of_chunks, self.firsts)
        languages = {name: xxhash.xxh32_intdigest(name.encode()) for name in {file.language for file in stored.files}}
        self._languages = np.array([languages[file.language] for file in stored.files], np.uint32)[self.owners]
        self._sketch_rows = np.full(len(flags), -1)
        sketched = np.flatnonzero(flags & SKETCHED)
        self._sketch_rows[sketched] = np.arange(len(sketched))
        self.roles: Rows = np.array([ROLE_RANK[file.role] for file in stored.files], np.int64)[self.owners]
        self._centrality_of_files = [centrality.get(key, 0.0) for key in stored.ids]
        self._centrality = np.array(self._centrality_of_files, np.float64)[self.owners]
        self._pinned = np.isin(self.chunks, list(pinned))

    @cached_property
    def layouts(self) -> NDArray[np.uint64]:
        """What a unit is recognised by up to layout: the second chunk of a longer one has it for the whole."""
        prints = self._stored.prints
        second = np.minimum(self.firsts + 1, len(prints) - 1)
        return np.where(self.parts > 1, prints["renamed"][second], prints["layout"][self.firsts])

    @cached_property
    def renamed(self) -> NDArray[np.uint64]:
        """What a unit is recognised by up to local names, or 0."""
        return self._stored.prints["renamed"][self.firsts]

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """The same number for units that fold whole; 0 for one that cannot."""
        files = self._stored.files
        copies = Counter((file.language, file.content_hash) for file in files)
        whole = np.array([_whole(file, copies) for file in files], np.uint64)[self.owners]
        loosest = np.where(self.renamed, self.renamed, self.layouts)
        small = self.tokens < MIN_TOKENS
        in_file = np.where(whole, mixed(whole, self._positions[self.firsts].astype(np.uint64)), np.uint64(0))
        of_itself = np.where(loosest, mixed(loosest, self._languages.astype(np.uint64)), np.uint64(0))
        found: NDArray[np.uint64] = np.where(small, in_file, of_itself)
        return found

    @cached_property
    def contents(self) -> NDArray[np.uint64]:
        """What a unit says token for token, as a number that stays the same wherever and whenever it is said."""
        return mixed(self.layouts, self.renamed, self._languages.astype(np.uint64))

    @cached_property
    def sharing(self) -> Rows:
        """Shape (n, 2): units that have the same key, each beside the next one."""
        return _neighbours(np.arange(len(self.firsts)), self.keys)

    @cached_property
    def part_ties(self) -> Rows:
        """Shape (n, 2): units of several chunks one of which has the layout of a chunk of another, each beside the next."""
        rows = self._parts
        return self._units_of_chunks[_neighbours(rows, self._part_keys(rows))]

    @cached_property
    def order(self) -> Rows:
        """All units, those first that would rather represent others (`FoldCandidate.preference`)."""
        rows = np.arange(len(self.firsts))
        return np.lexsort((rows, -self.sizes, -self._centrality, self.roles, ~self._pinned))

    @cached_property
    def leaders(self) -> Rows:
        """Of the functions with the same key one, in the order of preference: these are compared."""
        sketched = self.order[self._sketch_rows[self.firsts[self.order]] >= 0]
        _, first = np.unique(self.keys[sketched], return_index=True)
        return sketched[np.sort(first)]

    @cached_property
    def ranks(self) -> Rows:
        """The place of each unit in `order`."""
        found = np.empty(len(self.order), np.int64)
        found[self.order] = np.arange(len(self.order))
        return found

    def leaders_of(self, rows: Rows) -> Rows:
        """Of each of `rows` the function of the same key that was compared, -1 where none was."""
        if not len(self.leaders):
            return np.full(len(rows), -1)
        order, keys = self._leader_keys
        places = np.minimum(np.searchsorted(keys, self.keys[rows]), len(keys) - 1)
        return np.where(keys[places] == self.keys[rows], self.leaders[order[places]], -1)

    @cached_property
    def _leader_keys(self) -> tuple[Rows, NDArray[np.uint64]]:
        keys = self.keys[self.leaders]
        order = np.argsort(keys)
        return order, keys[order]

    @cached_property
    def frames(self) -> NDArray[np.uint32]:
        """The hash of each function's frame; 0 for what has none."""
        rows = self._sketch_rows[self.firsts]
        found = np.zeros(len(rows), np.uint32)
        held = np.ascontiguousarray(self._stored.sketches[:, BINS:]).view("<u4").reshape(-1)
        found[rows >= 0] = held[rows[rows >= 0]]
        return found

    def functions(self, rows: Rows) -> Functions:
        """What is compared first of functions that have sketches."""
        return Functions(
            self._stored.sketches[self._sketch_rows[self.firsts[rows]]], self._languages[rows], self.tokens[rows]
        )

    def rows_of(self, chunks: Rows) -> Rows:
        """The unit that each chunk is of, -1 for one that is not there."""
        if not len(self.chunks):
            return np.full(len(chunks), -1)
        order, ordered = self._by_chunk
        places = np.searchsorted(ordered, chunks, side="right") - 1
        rows = order[np.maximum(places, 0)]
        held = (places >= 0) & (chunks < self.chunks[rows] + self.parts[rows])
        return np.where(held, rows, -1)

    @cached_property
    def _by_chunk(self) -> tuple[Rows, Rows]:
        """The units in the order of their chunks, and these."""
        order = np.argsort(self.chunks)
        return order, self.chunks[order]

    def file_of(self, row: int) -> tuple[int, str]:
        """The id of a unit's file, and its language."""
        owner = int(self.owners[row])
        return self._stored.ids[owner], self._stored.files[owner].language

    def extent(self, row: int) -> Extent:
        """Where a unit stands in the text of its file."""
        first, last = int(self.firsts[row]), int(self.firsts[row] + self.parts[row] - 1)
        spans = self._stored.spans
        kind = _KINDS[int(spans["kind"][first])]
        return Extent(
            int(spans["start"][first]),
            int(spans["start"][last]) + int(spans["size"][last]),
            bool(self.renamed[row]) or int(self.tokens[row]) < MIN_RENAMED_TOKENS,
            kind is ChunkKind.CLASS,
        )

    def candidates(self, alike: Collection[int], among: NDArray[np.bool_]) -> list[FoldCandidate]:
        """The units that share what they fold by, those of `alike`, and chunks of longer functions that may fold alone; of
        all these those of the units that are `among` (n,)."""
        chosen = np.union1d(self.sharing.reshape(-1), np.fromiter(alike, np.int64, len(alike)))
        return [self.candidate(int(row)) for row in chosen[among[chosen]]] + self._part_candidates(among)

    def candidate(self, row: int) -> FoldCandidate:
        """A unit as a record."""
        first, parts = int(self.firsts[row]), int(self.parts[row])
        last = first + parts - 1
        return self._record(
            int(self.owners[row]), first, last, int(self.layouts[row]), int(self.renamed[row]), int(self.tokens[row]),
            bool(self._pinned[row]), 0,
        )  # fmt: skip

    @cached_property
    def _units_of_chunks(self) -> Rows:
        return np.repeat(np.arange(len(self.firsts)), self.parts)

    @cached_property
    def _parts(self) -> Rows:
        """Chunks of units that are several, large enough to fold alone."""
        return np.flatnonzero((self.parts > 1)[self._units_of_chunks] & (self.tokens_of_chunks >= MIN_TOKENS))

    def _part_keys(self, rows: Rows) -> NDArray[np.uint64]:
        languages = self._languages[self._units_of_chunks[rows]].astype(np.uint64)
        layouts = self._stored.prints["layout"][rows]
        keys: NDArray[np.uint64] = np.where(layouts, mixed(layouts, languages), np.uint64(0))
        return keys

    def _part_candidates(self, among: NDArray[np.bool_]) -> list[FoldCandidate]:
        """Chunks of functions that are several, where another such chunk has the same layout."""
        prints, units = self._stored.prints, self._units_of_chunks
        rows = np.unique(_neighbours(self._parts, self._part_keys(self._parts)))
        return [
            self._record(
                int(self.owners[units[row]]), int(row), int(row), int(prints["layout"][row]), 0,
                int(self.tokens_of_chunks[row]), False, int(self.chunks[units[row]]),
            )
            for row in rows[among[units[rows]]].tolist()
        ]  # fmt: skip

    def _record(
        self, owner: int, first: int, last: int, layout: int, renamed: int, tokens: int, pinned: bool, within: int
    ) -> FoldCandidate:
        stored = self._stored
        file, bottom = stored.files[owner], stored.spans[last]
        _, _, line, _, kind = stored.spans[first].item()
        sizes, plain = self._bytes_before
        position = int(self._positions[first])
        return FoldCandidate(
            id=stored.firsts[owner] + position,
            place=Place(stored.paths[owner], line, int(bottom["line"]) + int(bottom["height"])),
            position=position,
            kind=_KINDS[kind],
            role=file.role,
            language=file.language,
            content_hash=file.content_hash,
            size=int(sizes[last + 1] - sizes[first]),
            exact=_bytes(layout),
            layout=_bytes(layout),
            renamed=_bytes(renamed),
            tokens=tokens,
            centrality=self._centrality_of_files[owner],
            plain=int(plain[last + 1] - plain[first]) // 255,
            parts=last - first + 1,
            within=within,
            pinned=pinned,
        )

    @cached_property
    def _bytes_before(self) -> tuple[Rows, Rows]:
        """Shape (chunks + 1,) each: the bytes of all chunks before one, and 255 times those that are neither comment nor
        layout."""
        sizes = self._stored.spans["size"].astype(np.int64)
        return np.r_[0, np.cumsum(sizes)], np.r_[0, np.cumsum(sizes * self._stored.prints["plain"])]


def plain_bytes(counts: Sequence[int], spans: Spans, prints: Prints) -> NDArray[np.int64]:
    """Of each file, which has `counts` of the chunks, the bytes that are neither comment nor layout."""
    owners = np.repeat(np.arange(len(counts)), np.array(counts, np.int64))
    weights = spans["size"].astype(np.float64) * prints["plain"] / 255.0
    return np.bincount(owners, weights, minlength=len(counts)).astype(np.int64)


def _whole(file: FoldFile, copies: Counter[tuple[str, bytes]]) -> int:
    """A number for the content of a file that has a copy, else 0."""
    return int.from_bytes(file.content_hash[:8], "little") if copies[file.language, file.content_hash] > 1 else 0


def _neighbours(rows: Rows, keys: NDArray[np.uint64]) -> Rows:
    """Shape (n, 2): `rows` that have the same key other than 0, each beside the next one."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    same = (ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)
    return np.stack([rows[order[:-1][same]], rows[order[1:][same]]], axis=1)


def _sums(values: NDArray[np.generic], firsts: Rows) -> Rows:
    return np.add.reduceat(values.astype(np.int64), firsts) if len(firsts) else np.zeros(0, np.int64)


def _bytes(number: int) -> bytes:
    return number.to_bytes(8, "little") if number else b""
