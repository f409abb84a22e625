"""The seams: what the program needs from outside, each a Protocol of one to four methods with a contract suite in
`tests/contracts/`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.cancellation import CancellationToken
    from core.model.answer import Delta, Message
    from core.model.chunk import Chunk, ChunkTable
    from core.model.clone import CloneClass, CloneMember, ClonePair, FoldingSummary
    from core.model.diagram import Diagram, Drawing
    from core.model.edge_rows import EdgeRows
    from core.model.graph import Edge, EdgeKind
    from core.model.ledger import Sending, SendingOutcome
    from core.model.source import FileRole, IndexedFile
    from core.model.symbol import Symbol
    from core.retrieval.definitions import DefinitionTable

FloatMatrix = NDArray[np.float32]
"""Shape (n, d)."""
FloatVector = NDArray[np.float32]
"""Shape (d,) or (n,)."""
IdVector = NDArray[np.int64]
"""Shape (n,): chunk ids."""


class Embedder(Protocol):
    """Text to vectors. `version` changes whenever a vector would."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """(n, dimension), rows of length 1; an empty text gives zeros."""
        ...

    def embed_query(self, text: str) -> FloatVector:
        """(dimension,), of length 1, or zeros where the text says nothing."""
        ...


@runtime_checkable
class WordEmbedder(Protocol):
    """What an embedder may know beside texts: single words. One in which a word means the same everywhere does."""

    def embed_each(self, words: Sequence[str]) -> FloatMatrix:
        """(n, dimension): what each word adds to the vector of a text, of any length; zeros for one that is not known."""
        ...

    def neighbours(self, words: Sequence[str], count: int) -> list[list[tuple[str, float]]]:
        """For each word the whole words nearest to it with their cosines, best first, at most `count`; none for one that is
        not known whole. A word is no neighbour of itself."""
        ...


class VectorStore(Protocol):
    """Vectors of chunks, searched by inner product.

    `search` returns ids and scores, best first, at most `k`; `among` restricts it to those ids.
    """

    def search(self, query: FloatVector, k: int, among: IdVector | None = None) -> tuple[IdVector, FloatVector]: ...
    def scores(self, query: FloatVector, ids: IdVector) -> FloatVector:
        """The inner product with each of `ids`, in their order; 0.0 for one that is not stored."""
        ...

    def vectors(self, ids: IdVector) -> FloatMatrix:
        """The vector of each of `ids` as it is kept, in their order; zeros for one that is not stored."""
        ...

    def count(self) -> int: ...


class LexicalField(StrEnum):
    """What a chunk is found by: its text and outline, the names it defines, the path of its file."""

    TEXT = "text"
    NAMES = "names"
    PATH = "path"


class LexicalIndex(Protocol):
    """Words of chunks, ranked by BM25."""

    def search(
        self,
        query: Mapping[str, float],
        k: int,
        fields: Mapping[LexicalField, float] | None = None,
        folders: Collection[str] | None = None,
    ) -> tuple[IdVector, FloatVector]:
        """Chunks for weighted terms (as `core.retrieval.words` splits them), best first, at most `k`.

        Terms are looked up in every field, or in `fields` alone, each with its boost. With `folders` only in the files of
        these (`core.paths.top_folder`), where each term is as rare as it is in them. Ids may be outside of a reader's
        snapshot, which drops them.
        """
        ...

    def frequency(self, term: str) -> int:
        """About how many chunks hold a term in their text."""
        ...

    def count(self) -> int: ...


class FileReader(Protocol):
    """The indexed files of one snapshot."""

    def source_name(self) -> str:
        """What the source is called: the name of its folder or archive; empty where it has none."""
        ...

    def files(self) -> Sequence[IndexedFile]:
        """All of them, in the order of their paths."""
        ...

    def roles(self) -> Mapping[str, FileRole]:
        """The role of each of them by its path, in their order."""
        ...

    def content(self, path: str) -> bytes:
        """The bytes that were indexed; `SourceError` for a path that is not in the index."""
        ...

    def text(self, path: str) -> str:
        """The text that spans count in (see `core.model.source`)."""
        ...


class ChunkReader(Protocol):
    """The chunks of one snapshot."""

    def chunks(self, ids: Sequence[int]) -> list[Chunk]:
        """In the order of `ids`, without those that are not in the snapshot."""
        ...

    def chunks_of(self, path: str) -> list[Chunk]: ...
    def chunk_table(self) -> ChunkTable:
        """Every chunk of the snapshot as arrays, made once a snapshot."""
        ...

    def masked(self) -> IdVector:
        """Sorted ids of chunks that another stands for."""
        ...


class SymbolReader(Protocol):
    """The symbols of one snapshot."""

    def symbols(self, keys: Sequence[int]) -> list[Symbol]:
        """In the order of `keys`; an unknown key is a bug and raises KeyError."""
        ...

    def symbols_of(self, path: str) -> list[Symbol]:
        """The module first, then the rest by line."""
        ...

    def symbols_on(self, path: str, start_line: int, end_line: int) -> list[Symbol]:
        """Those of `symbols_of` that have any of these lines."""
        ...

    def find_symbols(self, name: str, limit: int = 100) -> list[Symbol]:
        """Symbols whose id, qualified name, name or dotted suffix of the qualified name is `name` (case-sensitive first,
        then without regard to case); internal before external, shorter names first."""
        ...

    def all_symbols(self) -> Sequence[Symbol]:
        """By key, externals included."""
        ...


class DefinitionReader(Protocol):
    """What is defined in one snapshot, without a record for each symbol."""

    def definition_table(self, paths: Collection[str] | None = None) -> DefinitionTable:
        """The definitions of some files, or of all, as arrays; that of all is made once a snapshot."""
        ...

    def definition_counts(self) -> Mapping[str, int]:
        """How many definitions each file has, its module being one; files without any are left out."""
        ...

    def module_of(self, path: str) -> Symbol | None:
        """The module that a file is; None where nothing is defined in it."""
        ...

    def names(self, keys: Sequence[int]) -> list[str]:
        """The names of symbols alone, in the order of `keys`; an unknown key is a bug and raises KeyError."""
        ...


class HomeReader(Protocol):
    """Where the symbols of one snapshot stand."""

    def files_of(self, keys: IdVector) -> NDArray[np.int32]:
        """The position in `files()` of what each symbol stands in, -1 for a name from outside of the source; shape (n,)."""
        ...


class EdgeReader(Protocol):
    """The edges of one snapshot. An empty `kinds` admits every kind."""

    def edges_from(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]: ...
    def edges_to(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]: ...
    def edges(self, kinds: Sequence[EdgeKind] = ()) -> list[Edge]: ...


class EdgeRowReader(Protocol):
    """The same edges as arrays, but for those of the kind `contains`. An empty `kinds` admits every other kind."""

    def rows_from(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> EdgeRows: ...
    def rows_to(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> EdgeRows: ...
    def edge_rows(self, kinds: Sequence[EdgeKind] = ()) -> EdgeRows: ...
    def edges_at(self, rows: EdgeRows) -> list[Edge]:
        """Rows that this reader gave, as records."""
        ...


class CloneReader(Protocol):
    """The clone classes of one snapshot."""

    def clone_classes(self) -> list[CloneClass]:
        """All of them: those of own code, then those of documents, data and code of others; of each, those that save most
        first."""
        ...

    def classes_of(self, chunk_ids: Sequence[int]) -> dict[int, list[CloneClass]]:
        """The classes that chunks are in; chunks in no class are left out."""
        ...

    def clone_pairs(self) -> list[ClonePair]:
        """Every pair of functions that was found alike beyond local names, the most alike first."""
        ...

    def own_words(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        """For chunks that another stands for, the tokens that they have and it has not in their place; those that say the
        same are left out."""
        ...

    def copied(self, chunk_ids: Sequence[int], most: int) -> dict[int, tuple[CloneMember, ...]]:
        """The first `most` places besides each chunk that fold together with it: of each class the representative, then its
        copies by path and line; chunks that do not fold are left out."""
        ...

    def copies(self, chunk_ids: Sequence[int]) -> dict[int, int]:
        """How many others fold together with each chunk; chunks that do not fold are left out."""
        ...

    def folding(self) -> FoldingSummary: ...


class IndexReader(
    FileReader,
    ChunkReader,
    SymbolReader,
    DefinitionReader,
    HomeReader,
    EdgeReader,
    EdgeRowReader,
    CloneReader,
    Protocol,
):
    """One consistent snapshot of an index."""


class LanguageModel(Protocol):
    """A model that answers; `host` is where its text goes, None if it stays on this machine."""

    @property
    def provider(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def host(self) -> str | None: ...
    def stream(self, messages: Sequence[Message], cancellation: CancellationToken) -> Iterator[Delta]:
        """Pieces as they come; `ProviderError` when it cannot be reached; cancelling closes the connection."""
        ...


class Consents(Protocol):
    """What people have agreed to."""

    def check(self, host: str | None, provider: str, model: str) -> None:
        """Raise `ConsentNeededError` or `LocalOnlyError` where nothing may be sent to `host`; None, this machine, is always
        allowed."""
        ...


class Ledger(Protocol):
    """What was sent where, kept for good."""

    def begin(self, sending: Sending) -> int:
        """Note a request before it leaves; the number it is finished by."""
        ...

    def finish(self, number: int, outcome: SendingOutcome) -> None:
        """Note what became of it."""
        ...


class TokenCounter(Protocol):
    """Counts LLM tokens."""

    @property
    def name(self) -> str: ...
    def count(self, text: str) -> int: ...


class Layout(Protocol):
    """Finds places for the parts of a diagram."""

    def lay_out(self, diagram: Diagram, cancellation: CancellationToken) -> Drawing: ...
