"""Parts that stand in for a store in tests; `MemoryReader` implements the whole of `core.ports.IndexReader`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.context.passages import nesting
from core.errors import SourceError
from core.model.chunk import Chunk, ChunkKind, ChunkTable
from core.model.clone import CloneClass, CloneMember, ClonePair, FoldingSummary
from core.model.edge_rows import EdgeRows
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole, IndexedFile
from core.model.symbol import Symbol, SymbolKind
from core.ports import IdVector
from core.retrieval.definitions import DefinitionTable, FileDefinitions, TableBuilder
from core.retrieval.vocabulary import JoinedTexts


class MemoryReader:
    """An `IndexReader` over records in memory.

    Symbol keys must count from 0 in the order given. A path in `contents` that has no record in `files` gets one.
    """

    def __init__(
        self,
        symbols: Iterable[Symbol] = (),
        edges: Iterable[Edge] = (),
        *,
        files: Iterable[IndexedFile] = (),
        chunks: Iterable[Chunk] = (),
        contents: Mapping[str, bytes] | None = None,
        clone_classes: Iterable[CloneClass] = (),
        folding: FoldingSummary | None = None,
    ) -> None:
        self._symbols = list(symbols)
        if [symbol.key for symbol in self._symbols] != list(range(len(self._symbols))):
            raise ValueError("symbol keys must count from 0")
        self._edges = list(edges)
        self._chunks = {chunk.id: chunk for chunk in chunks}
        self._contents = dict(contents or {})
        known = {file.path: file for file in files}
        for path, content in self._contents.items():
            known.setdefault(path, indexed_file(path, content=content))
        self._files = sorted(known.values(), key=lambda file: file.path)
        self._clone_classes = list(clone_classes)
        self._folding = folding or FoldingSummary(0, 0, 0, 0, 0, 0, 0, 0, len(self._files), len(self._files))

    def source_name(self) -> str:
        return ""

    def files(self) -> Sequence[IndexedFile]:
        return self._files

    def roles(self) -> dict[str, FileRole]:
        return {file.path: file.role for file in self._files}

    def content(self, path: str) -> bytes:
        if path not in self._contents:
            raise SourceError(f"{path} is not in the index")
        return self._contents[path]

    def text(self, path: str) -> str:
        return self.content(path).decode()

    def chunks(self, ids: Sequence[int]) -> list[Chunk]:
        return [self._chunks[id_] for id_ in map(int, ids) if id_ in self._chunks]

    def chunks_of(self, path: str) -> list[Chunk]:
        return sorted((chunk for chunk in self._chunks.values() if chunk.path == path), key=lambda chunk: chunk.span.start)

    def chunk_table(self) -> ChunkTable:
        chunks = sorted(self._chunks.values(), key=lambda chunk: chunk.id)
        places = {file.path: position for position, file in enumerate(self._files)}
        kinds = {kind: position for position, kind in enumerate(ChunkKind)}
        return ChunkTable(
            ids=np.array([chunk.id for chunk in chunks], np.int64),
            files=np.array([places[chunk.path] for chunk in chunks], np.int32),
            kinds=np.array([kinds[chunk.kind] for chunk in chunks], np.uint8),
            start_lines=np.array([chunk.span.start_line for chunk in chunks], np.int32),
            end_lines=np.array([chunk.span.end_line for chunk in chunks], np.int32),
            sizes=np.array([chunk.span.end - chunk.span.start for chunk in chunks], np.int32),
            representatives=np.array([chunk.representative for chunk in chunks], np.int64),
        )

    def masked(self) -> IdVector:
        return np.array(
            sorted(chunk.id for chunk in self._chunks.values() if chunk.representative != chunk.id), dtype=np.int64
        )

    def symbols(self, keys: Sequence[int]) -> list[Symbol]:
        for key in keys:
            if not 0 <= key < len(self._symbols):
                raise KeyError(key)
        return [self._symbols[key] for key in keys]

    def symbols_of(self, path: str) -> list[Symbol]:
        found = (symbol for symbol in self._symbols if symbol.path == path and symbol.kind != SymbolKind.EXTERNAL)
        return sorted(found, key=lambda symbol: (symbol.kind != SymbolKind.MODULE, symbol.start_line, symbol.key))

    def symbols_on(self, path: str, start_line: int, end_line: int) -> list[Symbol]:
        return [one for one in self.symbols_of(path) if one.start_line <= end_line and start_line <= one.end_line]

    def module_of(self, path: str) -> Symbol | None:
        held = self.symbols_of(path)
        return held[0] if held and held[0].kind == SymbolKind.MODULE else None

    def find_symbols(self, name: str, limit: int = 100) -> list[Symbol]:
        found: list[tuple[tuple[bool, bool, int, str], Symbol]] = []
        for symbol in self._symbols:
            for folded, wanted in ((False, name), (True, name.lower())):
                spellings = [text.lower() if folded else text for text in (symbol.id, symbol.qualified_name, symbol.name)]
                if wanted in spellings or spellings[1].endswith("." + wanted):
                    external = symbol.kind == SymbolKind.EXTERNAL
                    found.append(((folded, external, len(symbol.qualified_name), symbol.id), symbol))
                    break
        found.sort(key=lambda item: item[0])
        return [symbol for _, symbol in found[:limit]]

    def all_symbols(self) -> Sequence[Symbol]:
        return self._symbols

    def definition_table(self, paths: Collection[str] | None = None) -> DefinitionTable:
        return table_of([symbol for symbol in self._symbols if symbol.path and (paths is None or symbol.path in paths)])

    def definition_counts(self) -> Mapping[str, int]:
        return Counter(symbol.path for symbol in self._symbols if symbol.path)

    def files_of(self, keys: IdVector) -> NDArray[np.int32]:
        places = {file.path: place for place, file in enumerate(self._files)}
        return np.array([places.get(self._symbols[key].path, -1) for key in keys.tolist()], np.int32)

    def names(self, keys: Sequence[int]) -> list[str]:
        return [symbol.name for symbol in self.symbols(keys)]

    def edges_from(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        wanted = set(keys)
        return [edge for edge in self.edges(kinds) if edge.source in wanted]

    def edges_to(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        wanted = set(keys)
        return [edge for edge in self.edges(kinds) if edge.target in wanted]

    def edges(self, kinds: Sequence[EdgeKind] = ()) -> list[Edge]:
        return [edge for edge in self._edges if not kinds or edge.kind in kinds]

    def rows_from(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> EdgeRows:
        return self._rows(self.edges_from(keys, kinds))

    def rows_to(self, keys: Sequence[int], kinds: Sequence[EdgeKind] = ()) -> EdgeRows:
        return self._rows(self.edges_to(keys, kinds))

    def edge_rows(self, kinds: Sequence[EdgeKind] = ()) -> EdgeRows:
        return self._rows(self.edges(kinds))

    def edges_at(self, rows: EdgeRows) -> list[Edge]:
        return rows.edges(self._stating)

    @property
    def _stating(self) -> list[str]:
        return sorted({edge.path for edge in self._edges})

    def _rows(self, edges: Iterable[Edge]) -> EdgeRows:
        held = [edge for edge in edges if edge.kind is not EdgeKind.CONTAINS]
        places = {path: place for place, path in enumerate(self._stating)}
        return EdgeRows(
            np.array([edge.source for edge in held], np.int64),
            np.array([edge.target for edge in held], np.int64),
            np.array([list(EdgeKind).index(edge.kind) for edge in held], np.uint8),
            np.array([list(Confidence).index(edge.confidence) for edge in held], np.uint8),
            np.array([places[edge.path] for edge in held], np.int32),
            np.array([edge.line for edge in held], np.int32),
        )

    def clone_classes(self) -> list[CloneClass]:
        return self._clone_classes

    def classes_of(self, chunk_ids: Sequence[int]) -> dict[int, list[CloneClass]]:
        found: dict[int, list[CloneClass]] = {}
        for id_ in map(int, chunk_ids):
            for clone_class in self._clone_classes:
                if id_ in {member.chunk for member in (clone_class.representative, *clone_class.members)}:
                    found.setdefault(id_, []).append(clone_class)
        return found

    def clone_pairs(self) -> list[ClonePair]:
        return []

    def own_words(self, chunk_ids: Sequence[int]) -> dict[int, str]:
        return {
            member.chunk: " ".join(change.added for change in member.difference.changes)
            for clone_class in self._clone_classes
            for member in clone_class.members
            if member.chunk in set(map(int, chunk_ids)) and member.verdict.is_masked and member.difference.changes
        }

    def copied(self, chunk_ids: Sequence[int], most: int) -> dict[int, tuple[CloneMember, ...]]:
        found: dict[int, tuple[CloneMember, ...]] = {}
        for id_, classes in self.classes_of(chunk_ids).items():
            folded = [
                (clones.representative, *(member for member in clones.members if member.verdict.is_masked))
                for clones in classes
            ]
            together = [member for members in folded if id_ in {member.chunk for member in members} for member in members]
            if others := [member for member in together if member.chunk != id_][:most]:
                found[id_] = tuple(others)
        return found

    def copies(self, chunk_ids: Sequence[int]) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for clone_class in self._clone_classes:
            for member in (clone_class.representative, *clone_class.members):
                sizes[member.chunk] = sizes.get(member.chunk, 0) + len(clone_class.members)
        return {id_: sizes[id_] for id_ in map(int, chunk_ids) if id_ in sizes}

    def folding(self) -> FoldingSummary:
        return self._folding


def indexed_file(
    path: str, language: str = "python", role: FileRole = FileRole.SOURCE, *, content: bytes = b"", lines: int | None = None
) -> IndexedFile:
    """A file record with what a test rarely cares about filled in."""
    count = content.count(b"\n") + (not content.endswith(b"\n")) if content else 0
    return IndexedFile(path, language, role, len(content), 0, "0" * 32, "utf-8", count if lines is None else lines)


def symbol(
    key: int,
    qualified_name: str,
    kind: SymbolKind = SymbolKind.FUNCTION,
    path: str = "",
    *,
    start_line: int = 1,
    end_line: int = 1,
    language: str = "python",
    parent: int = -1,
) -> Symbol:
    """A symbol whose id is its qualified name; an external one loses its path and lines."""
    if kind == SymbolKind.EXTERNAL:
        path, start_line, end_line = "", 0, 0
    name = qualified_name.rsplit(".", 1)[-1]
    return Symbol(key, qualified_name, name, qualified_name, kind, language, path, start_line, end_line, "", "", parent)


def edge(
    source: int,
    target: int,
    kind: EdgeKind = EdgeKind.CALLS,
    *,
    confidence: Confidence = Confidence.EXACT,
    path: str = "",
    line: int = 1,
) -> Edge:
    """An edge, a certain call unless told otherwise."""
    return Edge(source, target, kind, confidence, path, line)


def table_of(symbols: Sequence[Symbol]) -> DefinitionTable:
    """The table of records that all are in some file; what is around each is told by its qualified name."""
    builder, kinds = TableBuilder(), list(SymbolKind)
    by_path: dict[str, list[Symbol]] = {}
    for found in symbols:
        by_path.setdefault(found.path, []).append(found)
    for path, held in by_path.items():
        places = {found.key: place for place, found in enumerate(held)}
        builder.add(
            FileDefinitions(
                path,
                [found.key for found in held],
                [kinds.index(found.kind) for found in held],
                [places.get(found.parent, -1) for found in held],
                [found.start_line for found in held],
                JoinedTexts.of([found.name for found in held]),
                JoinedTexts.of([found.signature for found in held]),
                JoinedTexts.of([found.doc for found in held]),
                {place: nesting(path, found.qualified_name).rpartition(".")[0] for place, found in enumerate(held)},
            )
        )
    return builder.table()
