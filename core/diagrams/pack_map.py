"""The evidence for an answer as a diagram: the excerpts of a pack by file, joined by what the code graph knows of them."""

from __future__ import annotations

from core.diagrams.layers import order_by_dependency
from core.diagrams.links import USES, add_up
from core.diagrams.source_map import SourceMap
from core.diagrams.symbol_boxes import node_kind
from core.diagrams.wording import count, shorten
from core.model.context import Excerpt, ExcerptRole, Pack
from core.model.diagram import Diagram, DiagramCluster, DiagramNode
from core.model.source import Place
from core.model.symbol import Symbol, SymbolKind

PACK = "pack"
"""The kind, which needs a pack and so is not among those `draw` knows."""
_ROLES = {
    ExcerptRole.HIT: "found",
    ExcerptRole.DEFINITION: "defines what is used",
    ExcerptRole.CALLER: "calls it",
    ExcerptRole.CALLEE: "is called",
    ExcerptRole.OUTLINE: "outline",
    ExcerptRole.SUMMARY: "summary",
}


def pack_map(source: SourceMap, pack: Pack) -> Diagram:
    """The excerpts of `pack`, numbered as they are cited, and the uses between them."""
    excerpts = {f"excerpt:{excerpt.n}": excerpt for excerpt in pack.excerpts}
    owners: dict[int, str] = {}
    # The narrower excerpt is the more definite one: a method stands for itself, not for the outline around it.
    for id_, excerpt in sorted(excerpts.items(), key=lambda item: item[1].end_line - item[1].start_line):
        for symbol in source.reader.symbols_of(excerpt.path):
            if _within(symbol, excerpt):
                owners.setdefault(symbol.key, id_)
    keys = sorted(owners)
    edges = [edge for edge in source.reader.edges_from(keys, USES) if edge.target in owners]
    links = add_up(edges, {item.key: item for item in source.reader.symbols(keys)}, lambda item: owners[item.key])
    order = order_by_dependency(sorted(excerpts), {pair: link.weight for pair, link in links.items()})
    files = list(dict.fromkeys(excerpts[id_].path for id_ in order))
    frames = {path: f"file:{path}" for path in files if sum(item.path == path for item in pack.excerpts) > 1}
    return Diagram(
        PACK,
        f"Evidence for: {shorten(pack.question, 90)}",
        f"{count(len(excerpts), 'excerpt')} of {count(len(files), 'file')} · {pack.tokens:,} of {pack.budget:,} LLM tokens, "
        f"the whole source has {pack.whole_source_tokens:,}",
        tuple(_node(source, id_, excerpts[id_], frames.get(excerpts[id_].path, "")) for id_ in order),
        tuple(links[pair].edge(*pair) for pair in sorted(links)),
        tuple(DiagramCluster(id_, shorten(path, 60)) for path, id_ in frames.items()),
        (),
    )


def _within(symbol: Symbol, excerpt: Excerpt) -> bool:
    """Whether an excerpt shows where a definition begins; what belongs to the module itself is not known."""
    if symbol.kind == SymbolKind.MODULE:
        return False
    return excerpt.start_line <= symbol.start_line <= excerpt.end_line


def _node(source: SourceMap, id_: str, excerpt: Excerpt, cluster: str) -> DiagramNode:
    lines = f"{excerpt.start_line}–{excerpt.end_line}"
    name = _name(excerpt)
    place = Place(excerpt.path, excerpt.start_line, excerpt.end_line, excerpt.symbol)
    where = lines if cluster else f"{excerpt.path.rsplit('/', 1)[-1]} {lines}"
    inside = source.reader.symbols_of(excerpt.path)
    kind = next((node_kind(symbol) for symbol in inside if symbol.qualified_name == excerpt.symbol), "file")
    detail = shorten(f"{_ROLES[excerpt.role]} · {where}")
    return DiagramNode(id_, f"[{excerpt.n}] {name}", detail, kind, place, cluster, excerpt.end_line - excerpt.start_line + 1)


def _name(excerpt: Excerpt) -> str:
    return shorten(excerpt.symbol.rpartition(".")[2] or excerpt.path.rsplit("/", 1)[-1], 40)
