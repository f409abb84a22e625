"""The lexical index: the terms of chunks, posted with tantivy and ranked by BM25.

Terms are made by `core.retrieval.words` and handed over already split, so that what is posted and what is looked up cannot
drift apart; tantivy only cuts at white space. Fields keep apart what a chunk says (`text`), what it is called (`names`)
and where it stands (`path`), each with document lengths of its own. `folder` keeps apart the sources of a workspace, or the
top folders of one. Nothing but the chunk's id is stored.

A commit is atomic in tantivy (`meta.json` is replaced last). Its generation is kept in a *sentinel*, a document with the
id -1, because tantivy-py cannot attach a payload to a commit.
"""

from __future__ import annotations

import contextlib
import functools
import json
import math
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import BrokenIndexError, IndexBusyError
from core.kept import Kept
from core.paths import top_folder
from core.ports import FloatVector, IdVector, LexicalField
from core.retrieval.declarations import declared_names
from core.retrieval.words import posted_terms, spaced_terms

if TYPE_CHECKING:
    import tantivy

WRITER_MEMORY = 64_000_000
"""Bytes of postings a writer's thread holds before it spills a segment."""

OTHER_FIELDS = 0.5
"""One word that fills text, names and path at once must not outweigh two words of the question; nor is it as if it stood in
only one of them."""

_ALL_FIELDS: Mapping[LexicalField, float] = dict.fromkeys(LexicalField, 1.0)
"""Every field weighs the same: each has its own document frequencies and lengths, which is weight enough (measured)."""

_FOLDER = "folder"
_NEAR = "near"
_NEIGHBOURS = 64
"""Chunks with the same `near`, by which each is found to be taken out: a term for every id took a twentieth of the words."""
_KEPT_COUNTS = 4096
_SENTINEL = -1
"""The id of the sentinel, and its `near`."""
_REBUILD = "index again to rebuild it"
_FOOTER_MAGIC = 1337
_FAILURES = (ValueError, KeyError, TypeError, OSError, RuntimeError)
"""What tantivy-py and the check of its files raise for a damaged index."""


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    """What is posted for a chunk.

    `names` are the names of what the chunk defines, separated by spaces; where it is empty (no grammar reads the language)
    declarations are looked for in the text. `symbol` is the qualified name around the chunk, `text` its source, `outline`
    the lines that are not in the span but tell what it stands for.
    """

    chunk_id: int
    path: str
    symbol: str
    names: str
    text: str
    outline: str = ""


_TIES = 2
"""So many times what is asked for is looked up: tantivy orders documents of the same score by where commits happened to put
them, and would cut among them by that; here the smaller id goes first."""


class LexicalWriter:
    """Writes one lexical index; at most one at a time, `IndexBusyError` otherwise.

    What was added and removed becomes visible, all at once, with `commit`. Closing without it forgets the rest.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Open the index in `folder`, or begin it; `BrokenIndexError` where it cannot be read."""
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        with _reading(folder):
            index = tantivy.Index(_schema(), path=str(folder), reuse=True)
            self._schema = index.schema
            self._generation = _generation(index.searcher(), index.schema) or 0
            try:
                self._writer = index.writer(heap_size=WRITER_MEMORY * threads, num_threads=threads)
            except ValueError as error:
                if "lock" not in str(error).lower():
                    raise
                raise IndexBusyError(f"the words of {folder} are being written by another process") from error
        self._open = True

    @property
    def generation(self) -> int:
        """The generation last committed, 0 where there is none."""
        return self._generation

    def add(self, documents: Iterable[LexicalDocument]) -> None:
        """Post documents. An id that is posted already has to be removed first."""
        import tantivy

        for document in documents:
            posted = tantivy.Document()
            posted.add_integer("id", document.chunk_id)
            posted.add_integer(_NEAR, document.chunk_id // _NEIGHBOURS)
            posted.add_text("text", posted_terms(document.text))
            if document.outline:
                posted.add_text("text", posted_terms(document.outline))
            names = document.names or " ".join(declared_names(document.text))
            posted.add_text("names", spaced_terms(names))
            posted.add_text("path", _path_terms(document.path))
            posted.add_text(_FOLDER, top_folder(document.path))
            self._writer.add_document(posted)

    def remove(self, chunk_ids: Iterable[int]) -> None:
        """Take documents out; ids that are not posted are passed over."""
        import tantivy

        for first, last in _runs(chunk_ids):
            near = tantivy.Query.term_query(self._schema, _NEAR, first // _NEIGHBOURS)
            within = tantivy.Query.range_query(self._schema, "id", tantivy.FieldType.Integer, first, last)
            self._writer.delete_documents_by_query(_both(near, within))

    def clear(self) -> None:
        """Take every document out."""
        import tantivy

        # delete_all_documents leaves those that were added since the last commit.
        self._writer.delete_documents_by_query(tantivy.Query.all_query())
        self._generation = 0

    def commit(self, generation: int) -> None:
        """Make everything since the last commit visible and durable, as `generation`."""
        import tantivy

        self._writer.delete_documents_by_term(_NEAR, _SENTINEL)
        sentinel = tantivy.Document()
        sentinel.add_integer("id", _SENTINEL)
        sentinel.add_integer(_NEAR, _SENTINEL)
        sentinel.add_integer("generation", generation)
        self._writer.add_document(sentinel)
        self._writer.commit()
        self._generation = generation

    def close(self) -> None:
        """Let go of the index, after the merges under way."""
        if self._open:
            self._open = False
            self._writer.wait_merging_threads()

    def __enter__(self) -> LexicalWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class LexicalReader:
    """One snapshot of a lexical index (`core.ports.LexicalIndex`), undisturbed by later commits."""

    def __init__(self, folder: Path) -> None:
        """`BrokenIndexError` where `folder` holds no index that can be read."""
        import tantivy

        self._folder = folder
        with _reading(folder):
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")
            self._schema = index.schema
            self._searcher = index.searcher()
            check_files(folder)
            generation = _generation(self._searcher, self._schema)
        if generation is None:
            raise BrokenIndexError(f"there are no words in {folder}", "nothing was committed", "index the source first")
        self._generation = generation
        self._counts = Kept[tuple[frozenset[str], str, str], int](_KEPT_COUNTS)

    @property
    def generation(self) -> int:
        return self._generation

    def count(self) -> int:
        return int(self._searcher.num_docs) - 1

    def frequency(self, term: str) -> int:
        """See `core.ports.LexicalIndex`: those that were removed count until their segment is merged."""
        with _reading(self._folder):
            return int(self._searcher.doc_freq(LexicalField.TEXT, term))

    def search(
        self,
        query: Mapping[str, float],
        k: int,
        fields: Mapping[LexicalField, float] | None = None,
        folders: Collection[str] | None = None,
    ) -> tuple[IdVector, FloatVector]:
        """See `core.ports.LexicalIndex`. A term counts in its best field, and `OTHER_FIELDS` of that in the others."""
        import tantivy

        boosts = _ALL_FIELDS if fields is None else fields
        within = None if folders is None else frozenset(folders)
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        with _reading(self._folder):
            for term, weight in query.items():
                if weight <= 0.0:
                    continue
                in_fields = [
                    tantivy.Query.boost_query(self._term(field, term), weight * boost * self._rarity(field, term, within))
                    for field, boost in boosts.items()
                ]
                clauses.append((tantivy.Occur.Should, tantivy.Query.disjunction_max_query(in_fields, OTHER_FIELDS)))
            if not clauses or k < 1 or within == frozenset():
                return np.empty(0, np.int64), np.empty(0, np.float32)
            asked = tantivy.Query.boolean_query(clauses)
            if within is not None:
                asked = _both(asked, tantivy.Query.const_score_query(self._in_folders(within), 0.0))
            wanted = min(_TIES * k, max(1, self.count()))
            hits = self._searcher.search(asked, wanted, count=False).hits
            ids = np.array(self._searcher.fast_field_values("id", [address for _, address in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((ids, -scores))[:k]
        return ids[order], scores[order]

    def _rarity(self, field: str, term: str, within: frozenset[str] | None) -> float:
        """What the rarity of a term (BM25's inverse document frequency) among documents `within` is to that among all."""
        if not within:
            return 1.0
        here = _inverse_frequency(self._counted(within, "", ""), self._counted(within, field, term))
        return here / _inverse_frequency(int(self._searcher.num_docs), int(self._searcher.doc_freq(field, term)))

    def _counted(self, within: frozenset[str], field: str, term: str) -> int:
        """How many documents of these folders hold a term in a field, or there are where no field is named."""
        return self._counts.get((within, field, term), self._count)

    def _count(self, asked: tuple[frozenset[str], str, str]) -> int:
        within, field, term = asked
        query = self._in_folders(within)
        asked_of = _both(self._term(field, term), query) if field else query
        found: Any = self._searcher.search(asked_of, 1, count=True)  # its stub does not know `count`
        return int(found.count)

    def _term(self, field: str, term: str) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term, "freq")

    def _in_folders(self, folders: Collection[str]) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_set_query(self._schema, _FOLDER, sorted(folders))


def _both(one: tantivy.Query, other: tantivy.Query) -> tantivy.Query:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Must, one), (tantivy.Occur.Must, other)])


def _inverse_frequency(documents: int, holding: int) -> float:
    """As tantivy works it out; a removed document may still be counted as holding a term."""
    return math.log1p((max(documents, holding) - holding + 0.5) / (holding + 0.5))


def check_files(folder: Path) -> None:
    """Compare the files of the last commit with their checksums; ValueError for one that is damaged.

    tantivy ends every file with a footer of JSON that holds the CRC-32 of what comes before it, the footer's length and a
    magic number, but compares them only when asked, which its Python package cannot. A file that is gone belonged to a
    commit that another has replaced since; had it been needed, opening would have failed.
    """
    meta = json.loads((folder / "meta.json").read_bytes())
    for segment in meta["segments"]:
        for path in folder.glob(segment["segment_id"].replace("-", "") + ".*"):
            with contextlib.suppress(FileNotFoundError):
                _check_footer(path.name, path.read_bytes())


def _check_footer(name: str, content: bytes) -> None:
    length, magic = struct.unpack("<II", content[-8:]) if len(content) > 8 else (0, 0)
    body = memoryview(content)[: max(0, len(content) - 8 - length)]
    if magic != _FOOTER_MAGIC or zlib.crc32(body) != json.loads(content[len(body) : -8])["crc"]:
        raise ValueError(f"{name} is damaged")


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", fast=True)
    builder.add_integer_field(_NEAR, indexed=True)
    builder.add_integer_field("generation", fast=True)
    for field in LexicalField:
        builder.add_text_field(field.value, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(_FOLDER, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _runs(chunk_ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of ids that follow one another among neighbours."""
    ids = np.unique(np.fromiter(chunk_ids, np.int64))
    if len(ids):
        begins = np.flatnonzero((np.diff(ids, prepend=ids[0] - 2) != 1) | (ids % _NEIGHBOURS == 0))
        yield from zip(ids[begins].tolist(), ids[np.append(begins[1:], len(ids)) - 1].tolist(), strict=True)


@functools.lru_cache(maxsize=64)
def _path_terms(path: str) -> str:
    """The terms of a path, which come again for every chunk of the file."""
    return spaced_terms(_named_twice(path))


def _named_twice(path: str) -> str:
    """The path with the file's own name once more: it says more about the file than the folders around it do."""
    name = path.rpartition("/")[2]
    return f"{path} {name.rpartition('.')[0] or name}"


def _generation(searcher: tantivy.Searcher, schema: tantivy.Schema) -> int | None:
    """What the sentinel says, None where there is none."""
    import tantivy

    hits = searcher.search(tantivy.Query.term_query(schema, _NEAR, _SENTINEL), 1, count=False).hits
    values = searcher.fast_field_values("generation", [address for _, address in hits])
    return int(values[0]) if values and values[0] is not None else None


@contextlib.contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Turn tantivy's own failures into a broken index.

    A panic in Rust arrives as an exception that derives from BaseException and cannot be imported, only told by its name.
    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, _FAILURES) or type(error).__name__ == "PanicException":
            raise BrokenIndexError(f"the words of {folder} cannot be read", str(error), _REBUILD) from error
        raise
