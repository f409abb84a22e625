"""One opened index: a snapshot and everything that answers from it, renewed when a writer has committed.

What ranks, packs and draws is imported when it is first used: a window can be used once the files are listed, which needs
none of it, and importing it takes longer than reading them.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.cancellation import CancellationToken
from core.errors import BrokenIndexError
from core.kept import Kept
from core.model.clone import CloneClass
from core.model.diagram import Diagram
from core.model.ranking import Ranking
from core.ports import Embedder, TokenCounter
from desktop.engine.staleness import count_stale
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from indexing.stores.sqlite.schema import write_back

if TYPE_CHECKING:
    from core.context.builder import PackBuilder
    from core.diagrams import SourceMap
    from core.diagrams.rules import Rules
    from core.model.explanation import Explanation
    from core.retrieval.retriever import Retriever
    from desktop.engine.graph_findings import GraphFindings
    from indexing.stores.tantivy import LexicalReader
    from indexing.stores.vector_choice import StoreReader

_STALE_SECONDS = 5.0
_KEPT_DIAGRAMS = 64
_OPENING_TRIES = 3
_log = logging.getLogger(__name__)

OpenEmbedder = Callable[[str], Embedder]
"""Opens the embedder of a name that an index was made with."""


class IndexSession:
    """Everything that answers from one snapshot of an index."""

    def __init__(self, folder: Path, open_embedder: OpenEmbedder, counter: TokenCounter) -> None:
        self.folder = folder
        self._open_embedder = open_embedder
        self._counter = counter
        self.reader: SnapshotReader = open_snapshot(folder)
        self._staleness = (0, -_STALE_SECONDS)
        self._kept_retriever: Retriever | None = None
        self._diagrams = Kept[tuple[str, str], Diagram](_KEPT_DIAGRAMS)

    def close(self) -> None:
        """Give the snapshot up."""
        self.reader.close()

    @property
    def retriever(self) -> Retriever:
        """Ranks places for a question. A commit may replace words or vectors while they are opened: then once more."""
        if self._kept_retriever is not None:
            return self._kept_retriever
        for attempt in range(_OPENING_TRIES):
            try:
                return self._open_retriever()
            except BrokenIndexError:
                if attempt == _OPENING_TRIES - 1:
                    raise
                time.sleep(0.1)
        raise AssertionError("unreachable")

    def rank_for_pack(self, question: str) -> Ranking:
        """The places a pack for a question is chosen from."""
        from core.context.candidates import hits_wanted

        return self.retriever.rank(question, hits_wanted(question))

    def _open_retriever(self) -> Retriever:
        lexical, vectors = self._derived()
        embedder = self._open_embedder(self.reader.meta("embedder"))
        retriever = self._retriever(lexical, vectors, embedder)
        # Between the commit of the truth and theirs they show what was before: good for this question, not to be kept.
        if min(lexical.generation, vectors.generation) >= self.reader.generation:
            self._kept_retriever = retriever
        return retriever

    def _derived(self) -> tuple[LexicalReader, StoreReader]:
        """The words and the vectors, opened anew."""
        from indexing.derived import VECTORS_FOLDER, WORDS_FOLDER
        from indexing.stores.tantivy import LexicalReader
        from indexing.stores.vector_choice import open_vector_reader

        return LexicalReader(self.folder / WORDS_FOLDER), open_vector_reader(self.folder / VECTORS_FOLDER)

    def _retriever(self, lexical: LexicalReader, vectors: StoreReader, embedder: Embedder) -> Retriever:
        from core.retrieval.retriever import Retriever

        if (embedder.name, embedder.version) != (vectors.embedder_name, vectors.embedder_version):
            _log.warning("the vectors were made by another version of %s: run 'codestrata index' again", embedder.name)
            return Retriever(self.reader, lexical, None, None)
        return Retriever(self.reader, lexical, vectors, embedder)

    @functools.cached_property
    def packs(self) -> PackBuilder:
        """Builds packs from rankings."""
        from core.context.builder import PackBuilder

        return PackBuilder(self.reader, self._counter)

    @property
    def clone_classes(self) -> Sequence[CloneClass]:
        """All of them; 18,000 of a hundred megabytes take five seconds to read."""
        return self.source_map.clone_classes

    @functools.cached_property
    def source_map(self) -> SourceMap:
        """What diagrams are drawn from."""
        from core.diagrams import SourceMap
        from desktop.engine.source_history import commits

        # Without a token: what one request gathers is for all of them, and is not to be given up with it.
        return SourceMap(self.reader, history=functools.partial(commits, self.reader))

    @functools.cached_property
    def graph_findings(self) -> GraphFindings:
        """Cycles, dead code and entry points."""
        from desktop.engine.graph_findings import GraphFindings

        return GraphFindings(self.source_map)

    def diagram(self, kind: str, scope: str, cancellation: CancellationToken | None) -> Diagram:
        """One diagram; those drawn lately are kept, and what they were gathered from."""
        from core.diagrams import draw

        return self._diagrams.get((kind, scope), lambda _key: draw(kind, scope, self.reader, cancellation, self.source_map))

    def ruled(self, rules: Rules) -> Ruled:
        """What draws with other rules than those in the source; nothing of it is kept."""
        return Ruled(self.reader, dataclasses.replace(self.source_map, given_rules=rules))

    @functools.cached_property
    def explanation(self) -> Explanation:
        """What a new colleague reads first."""
        from core.explaining.explanation import explain

        return explain(self.source_map)

    @property
    def content_key(self) -> str:
        """A hash of every file's path and content: the same for the same source, whenever and wherever it was indexed."""
        import hashlib

        rows = "\n".join(f"{file.path}\0{file.role}\0{file.content_hash}" for file in self.reader.files())
        return hashlib.blake2b(rows.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    def derived_mismatches(self) -> list[str]:
        """What the derived stores hold otherwise than the index, in words."""
        words, vectors = (store.count() for store in self._derived())
        chunks = self.reader.count_chunks()
        searched = chunks - len(self.reader.masked())
        return [
            f"{name} hold {held} chunks where the index has {due}"
            for name, held, due in (("the words", words, chunks), ("the vectors", vectors, searched))
            if held != due
        ]

    def stale_files(self) -> int:
        """How many indexed files have since changed or gone, by size and time; looked up anew every few seconds."""
        count, when = self._staleness
        if time.monotonic() - when > _STALE_SECONDS:
            count = count_stale(self.reader.files(), self.reader)
            self._staleness = (count, time.monotonic())
        return count


@dataclasses.dataclass(frozen=True, slots=True)
class Ruled:
    """What diagrams of an index are drawn from under rules of one's own."""

    reader: SnapshotReader
    source: SourceMap

    def draw(self, kind: str, scope: str, cancellation: CancellationToken | None) -> Diagram:
        """One diagram."""
        from core.diagrams import draw

        return draw(kind, scope, self.reader, cancellation, self.source)


class Sessions:
    """The opened indexes by folder; threads may share it."""

    def __init__(self, open_embedder: OpenEmbedder, counter: TokenCounter) -> None:
        self._open_embedder = open_embedder
        self._counter = counter
        self._lock = threading.Lock()
        self._sessions: dict[Path, IndexSession] = {}

    def get(self, folder: Path) -> IndexSession:
        """The session of an index at its last commit.

        A session that has been overtaken is dropped, not closed: a request may still be answering from it.
        """
        folder = folder.resolve()
        with self._lock:
            session = self._sessions.get(folder)
            if session is not None and not session.reader.is_latest():
                # Given up before the next is opened: between the two the log can be written back.
                del self._sessions[folder], session
                write_back(folder)
                session = None
            if session is None:
                session = self._sessions[folder] = IndexSession(folder, self._open_embedder, self._counter)
            return session
