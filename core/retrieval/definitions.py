"""Every definition of an index as arrays: what each is, and the tokens of what it says.

A record for each of the definitions of a hundred megabytes takes seconds to make and half a gigabyte to hold. These arrays
take a second and some 50 MB, and a question is weighed against all of them in a few hundredths of a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.retrieval.vocabulary import JoinedTexts, TokenNumbers, Vocabulary

Rows = NDArray[np.int64]
"""Shape (n,): positions in a table of definitions."""
Masks = NDArray[np.uint64]
"""Shape (n,): a bit for each of at most 64 things."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenRuns:
    """The tokens of one part of what is said, in the order of what says it: parallel arrays of shape (n,), `owners` are rows
    (int32) and rise."""

    owners: NDArray[np.int32]
    tokens: TokenNumbers

    def masks(self, of_token: Masks, count: int) -> Masks:
        """For each of `count` owners the bits of all its tokens; `of_token` gives those of each token of the vocabulary."""
        # Most tokens have no bit: whether they have is looked up in a table that stays in the processor's cache.
        places = np.flatnonzero((of_token != 0)[self.tokens])
        owners, bits = self.owners[places], of_token[self.tokens[places]]
        found = np.zeros(count, np.uint64)
        if len(owners):
            firsts = np.flatnonzero(np.diff(owners, prepend=-1))
            found[owners[firsts]] = np.bitwise_or.reduceat(bits, firsts)
        return found


@dataclass(frozen=True, eq=False)
class DefinitionTable:
    """Definitions as parallel arrays of shape (n,), those of a file together.

    `files` are positions in `paths` (int32), `kinds` positions in `tuple(SymbolKind)` (uint8), `parents` rows of the
    definition around, -1 for none (int32), `start_lines` count from 1 (int32). `names`, `docs` and `signatures` hold the
    tokens of each definition, `outer` those of the names around a definition where these do not follow from `parents`
    (`is_apart`), and `path_tokens` those of the paths by file.
    """

    paths: Sequence[str]
    keys: NDArray[np.int64]
    files: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    parents: NDArray[np.int32]
    start_lines: NDArray[np.int32]
    name_of: Sequence[str]
    vocabulary: Vocabulary
    names: TokenRuns
    docs: TokenRuns
    signatures: TokenRuns
    outer: TokenRuns
    is_apart: NDArray[np.bool_]
    path_tokens: TokenRuns

    def __len__(self) -> int:
        return len(self.keys)

    def rows_of(self, keys: Sequence[int]) -> Rows:
        """The row of each key; -1 for one that is not in the table."""
        if not len(self.keys):
            return np.full(len(keys), -1, np.int64)
        wanted = np.array(keys, np.int64)
        places = np.minimum(np.searchsorted(self.keys, wanted, sorter=self._by_key), len(self.keys) - 1)
        rows = self._by_key[places]
        return np.where(self.keys[rows] == wanted, rows, -1)

    def outer_masks(self, of_token: Masks, names: Masks) -> Masks:
        """The bits of the names around each definition, where `names` are those of the definitions themselves."""
        found = self.outer.masks(of_token, len(self))
        names = np.where(self.parents < 0, np.uint64(0), names)  # what is in a module is not within its name
        for rows in self._by_depth:
            above = self.parents[rows]
            found[rows] = found[above] | names[above]
        return found

    @cached_property
    def _by_key(self) -> Rows:
        order: Rows = np.argsort(self.keys, kind="stable")
        return order

    @cached_property
    def _by_depth(self) -> Sequence[Rows]:
        """Rows whose outer names are those of their parents and the parents' own, the outermost first."""
        follows = np.flatnonzero((self.parents >= 0) & ~self.is_apart)
        found, is_done = [], np.ones(len(self), bool)
        is_done[follows] = False
        while len(follows):
            ready = is_done[self.parents[follows]]
            if not ready.any():  # a cycle, which no file has
                break
            found.append(follows[ready])
            is_done[follows[ready]] = True
            follows = follows[~ready]
        return found


@dataclass(frozen=True, slots=True)
class FileDefinitions:
    """What a table takes of the definitions of one file, each column in their order, at least one.

    `parents` are positions among them. `apart` holds, by position, the names around a definition (dots between them) where
    these are others than those of its parent and what is around that.
    """

    path: str
    keys: Sequence[int] | NDArray[np.int64]
    kinds: Sequence[int] | NDArray[np.int64]
    parents: Sequence[int] | NDArray[np.int64]
    start_lines: Sequence[int] | NDArray[np.int64]
    names: JoinedTexts
    signatures: JoinedTexts
    docs: JoinedTexts
    apart: Mapping[int, str]


class TableBuilder:
    """Makes a table, a file at a time."""

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()
        self._paths: list[str] = []
        self._counts: list[int] = []
        self._names: list[str] = []
        self._columns: dict[str, list[NDArray[np.int64]]] = {name: [] for name in ("keys", "kinds", "parents", "lines")}
        self._tokens: list[TokenNumbers] = []
        self._apart: dict[int, str] = {}

    def add(self, file: FileDefinitions) -> None:
        """Take the definitions of a file in."""
        before = len(self._names)
        self._paths.append(file.path)
        self._names += file.names.apart()
        self._counts.append(len(self._names) - before)
        for name, values in (("keys", file.keys), ("kinds", file.kinds), ("lines", file.start_lines)):
            self._columns[name].append(np.asarray(values, np.int64))
        parents = np.asarray(file.parents, np.int64)
        self._columns["parents"].append(np.where(parents < 0, -1, parents + before))
        path = JoinedTexts(file.path, "\0")
        self._tokens.append(self._vocabulary.read((file.names, file.docs, file.signatures, path)))
        if file.apart:
            self._apart |= {before + place: outer for place, outer in file.apart.items()}

    def table(self) -> DefinitionTable:
        """The table of all files that were added."""
        counts = np.array(self._counts, np.int64)
        apart = sorted(self._apart)
        outer = self._vocabulary.read([JoinedTexts(self._apart[row], "\0") for row in apart])
        is_apart = np.zeros(len(self._names), bool)
        is_apart[apart] = True
        names, docs, signatures, paths = self._said(counts)
        return DefinitionTable(
            paths=self._paths,
            keys=self._column("keys"),
            files=np.repeat(np.arange(len(counts)), counts).astype(np.int32),
            kinds=self._column("kinds").astype(np.uint8),
            parents=self._column("parents").astype(np.int32),
            start_lines=self._column("lines").astype(np.int32),
            name_of=self._names,
            vocabulary=self._vocabulary,
            names=names,
            docs=docs,
            signatures=signatures,
            outer=_owned(outer, np.array(apart, np.int32)),
            is_apart=is_apart,
            path_tokens=paths,
        )

    def _column(self, name: str) -> NDArray[np.int64]:
        return np.concatenate([np.zeros(0, np.int64), *self._columns[name]])

    def _said(self, counts: NDArray[np.int64]) -> list[TokenRuns]:
        """The names, docs, signatures and path of each file, whose tokens stand in this order."""
        files = len(counts)
        texts_of = np.column_stack([counts, counts, counts, np.ones(files, np.int64)])
        part = np.repeat(np.tile(np.arange(4), files), texts_of.ravel())
        tokens = np.concatenate([np.zeros(0, np.int32), *self._tokens])
        is_end = tokens == 0
        texts = (np.cumsum(is_end) - is_end)[~is_end]
        tokens = tokens[~is_end]
        owners = np.zeros(len(part), np.int32)
        for number in range(4):
            of_part = part == number
            owners[of_part] = np.arange(int(of_part.sum()))
        which, whose = part[texts], owners[texts]
        return [TokenRuns(whose[which == number], tokens[which == number]) for number in range(4)]


def _owned(tokens: TokenNumbers, owners: NDArray[np.int32]) -> TokenRuns:
    """Texts that were read one after the other, each said by one of `owners`."""
    is_end = tokens == 0
    return TokenRuns(owners[(np.cumsum(is_end) - is_end)[~is_end]], tokens[~is_end])
