"""The code graph of a few files, all of them seen at once: what `Linked` says, without an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import splitext

from core.cancellation import CancellationToken
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.symbol import Symbol, SymbolKind
from indexing.linking.linker import link_files
from indexing.linking.naming import module_name, qualified_name, unique_ids
from indexing.linking.own_names import NO_NAMES, OwnNames
from indexing.linking.records import FileFacts, Linked


def link(files: Iterable[FileFacts], cancellation: CancellationToken, own_names: OwnNames = NO_NAMES) -> Linked:
    """Link files with each other. The result does not depend on their order.

    Raises `CancelledError` when cancelled, and ValueError when a path comes twice.
    """
    own = sorted(files, key=lambda file: file.path)
    linked = link_files(own, (), cancellation, own_names)
    first, keys = 0, {}
    for file in own:
        keys[file.path] = range(first, first + len(file.facts.definitions))
        first = keys[file.path].stop
    names = sorted(
        {(item.target.external, item.target.language) for file in linked for item in file.links if not item.target.path}
    )
    externals = {name: first + index for index, name in enumerate(names)}
    edges = list(_containing(own, keys))
    for links in linked:
        for item in links.links:
            target = item.target
            key = keys[target.path][target.definition] if target.path else externals[target.external, target.language]
            edges.append(Edge(keys[links.path][item.source], key, item.kind, item.confidence, links.path, item.line))
    edges.sort(key=lambda edge: (edge.source, edge.line, edge.target, edge.kind))
    unresolved = {links.path: links.unresolved for links in linked if links.unresolved}
    return Linked(list(_symbols(own, keys, names)), edges, keys, unresolved)


def _containing(files: Sequence[FileFacts], keys: Mapping[str, range]) -> Iterator[Edge]:
    for file in files:
        own = keys[file.path]
        for key, item in zip(own, file.facts.definitions, strict=True):
            if item.parent >= 0:
                yield Edge(own[item.parent], key, EdgeKind.CONTAINS, Confidence.EXACT, file.path, item.name_line)


def _symbols(
    files: Sequence[FileFacts], keys: Mapping[str, range], externals: Sequence[tuple[str, str]]
) -> Iterator[Symbol]:
    qualified = [[qualified_name(module_name(file.path), item.nesting) for item in file.facts.definitions] for file in files]
    endings = [splitext(file.path)[1] for file in files]
    ids = iter(unique_ids(list(zip(endings, qualified, strict=True)), [name for name, _ in externals]))
    for file, names in zip(files, qualified, strict=True):
        own = keys[file.path]
        for key, name, item in zip(own, names, file.facts.definitions, strict=True):
            parent = own[item.parent] if item.parent >= 0 else -1
            yield Symbol(
                key, next(ids), item.name or name.rpartition(".")[2], name, item.kind, file.language, file.path,
                item.span.start_line, item.span.end_line, item.signature, item.doc, parent,
            )  # fmt: skip
    first = keys[files[-1].path].stop if files else 0
    for key, (name, language) in enumerate(externals, first):
        last = name.rpartition(".")[2] or name
        yield Symbol(key, next(ids), last, name, SymbolKind.EXTERNAL, language, "", 0, 0, "", "", -1)
