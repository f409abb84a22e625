"""Who imports whom, cycles marked.

Boxes come in layers, importers first, such that an arrow to an earlier box always lies on a cycle; drawing marks those. A
cycle of few boxes also gets a frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.diagrams.arrows import choose_arrows
from core.diagrams.breaches import Breaches
from core.diagrams.folders import Folder, collapse, folder_tree, open_dominating
from core.diagrams.layers import components, order_by_dependency
from core.diagrams.libraries import OUTSIDE, library_boxes
from core.diagrams.links import Links, regroup
from core.diagrams.partition import Box, BoxKind, partition
from core.diagrams.scopes import ScopeKind, resolve_scope
from core.diagrams.source_map import EXTERNAL, SourceMap
from core.diagrams.wording import count, names, size
from core.model.diagram import Diagram, DiagramCluster, DiagramNode, Omitted
from core.model.graph import EdgeKind

_FILES = 36
"""Up to so many files each gets its box; more are drawn by folder."""
_NEIGHBOURS = 16
_FRAMED = 8
"""A cycle of more boxes needs no frame to be seen."""


def imports(source: SourceMap, scope: str = "") -> Diagram:
    """Imports between the files (or folders, where there are many) of a scope; of one file, those from and to it."""
    found = resolve_scope(source, scope)
    links = source.links_of((EdgeKind.IMPORTS,))
    if found.kind != ScopeKind.FOLDER:
        return _around_file(source, found.path, links)
    return _inside_folder(source, found.path, links)


def _inside_folder(source: SourceMap, scope: str, links: Links) -> Diagram:
    code = source.code(scope)
    base = folder_tree(code).find(scope) or Folder(scope)
    base = collapse(base) if scope else open_dominating(base)
    files = sorted(base.walk(), key=lambda file: file.path)
    if len(files) <= _FILES:
        boxes: Sequence[Box] = [Box(f"file:{file.path}", BoxKind.FILE, file.path, "", "", (file,)) for file in files]
    else:
        boxes = partition(base, {pair: link.weight for pair, link in links.items()}).boxes
    owner = {file.path: box.id for box in boxes for file in box.files}
    grouped = regroup(links, owner)
    ids = [box.id for box in boxes]
    cycles = [component for component in components(ids, grouped) if len(component) > 1]
    order = order_by_dependency(ids, {pair: link.weight for pair, link in grouped.items()})
    breaches = Breaches(source, owner, grouped)
    arrows = choose_arrows(grouped, order, always=breaches.pairs)
    clusters, home = _frames(cycles)
    nodes = {box.id: _node(source, box, base.path, home.get(box.id, "")) for box in boxes}
    libraries = library_boxes(links, owner)
    in_cycles = sum(len(cycle) for cycle in cycles)
    told = f"{count(in_cycles, 'box', 'boxes')} in {count(len(cycles), 'import cycle')}" if cycles else "no import cycle"
    return Diagram(
        "imports",
        f"Imports of {base.path or 'the source'}",
        f"{size(len(files), sum(file.lines for file in files))} · {told}{breaches.told()}",
        (*(nodes[id_] for id_ in order), *libraries),
        breaches.marked(arrows.edges),
        (*clusters, OUTSIDE) if libraries else clusters,
        arrows.omitted,
    )


def _frames(cycles: Sequence[Sequence[str]]) -> tuple[tuple[DiagramCluster, ...], Mapping[str, str]]:
    clusters: list[DiagramCluster] = []
    home: dict[str, str] = {}
    for cycle in cycles:
        if len(cycle) <= _FRAMED:
            cluster = DiagramCluster(f"cycle:{len(clusters) + 1}", f"import cycle of {len(cycle)}")
            clusters.append(cluster)
            home |= dict.fromkeys(cycle, cluster.id)
    return tuple(clusters), home


def _node(source: SourceMap, box: Box, base: str, cluster: str) -> DiagramNode:
    label = box.path[len(base) + 1 :] if base else box.path
    if box.kind == BoxKind.FILE:
        file = box.files[0]
        detail = source.description(file.path) or count(file.lines, "line")
        return DiagramNode(box.id, label, detail, "file", source.place(file), cluster, box.lines, scope=file.path)
    main = source.place(source.main_file(box.files, box.path))
    if box.kind == BoxKind.BUNDLE:
        prefix = f"{label}: " if label else ""
        return DiagramNode(box.id, prefix + box.label, names(box.parts), "bundle", main, cluster, box.lines)
    kind = "package" if source.is_package(box.path) else "folder"
    return DiagramNode(box.id, label, size(len(box.files), box.lines), kind, main, cluster, box.lines, scope=box.path + "/")


def _around_file(source: SourceMap, path: str, links: Links) -> Diagram:
    touching = {pair: link for pair, link in links.items() if path in pair}
    weight: dict[str, float] = {}
    for pair, link in touching.items():
        other = pair[0] if pair[1] == path else pair[1]
        weight[other] = weight.get(other, 0.0) + link.weight
    imported = {pair[1] for pair in touching if pair[0] == path}
    importers = {pair[0] for pair in touching if pair[1] == path}
    kept: set[str] = {path}
    omitted = []
    for group, what in (
        (importers, "importer"),
        ({other for other in weight if other not in importers}, "imported module"),
    ):
        ranked = sorted(group, key=lambda other: (-weight[other], other))
        kept.update(ranked[:_NEIGHBOURS])
        if ranked[_NEIGHBOURS:]:
            rest = len(ranked) - _NEIGHBOURS
            omitted.append(Omitted(f"more {what}" if rest == 1 else f"more {what}s", rest))
    shown = {pair: link for pair, link in touching.items() if pair[0] in kept and pair[1] in kept}
    order = order_by_dependency(sorted(kept), {pair: link.weight for pair, link in shown.items()})
    return Diagram(
        "imports",
        f"Imports of {path}",
        f"imported by {count(len(importers), 'file')}, imports {count(len(imported), 'module')}",
        tuple(_file_node(source, id_, path) for id_ in order),
        tuple(shown[pair].edge(*pair) for pair in sorted(shown)),
        (),
        tuple(omitted),
    )


def _file_node(source: SourceMap, id_: str, centre: str) -> DiagramNode:
    if id_.startswith(EXTERNAL):
        return DiagramNode(id_, id_.removeprefix(EXTERNAL), "outside of the source", "external", None, external=True)
    file = source.files.get(id_)
    lines = file.lines if file else 0
    detail = source.description(id_) or count(lines, "line")
    kind = "file" if id_ == centre else "context"
    return DiagramNode(id_, id_, detail, kind, source.place(file), weight=lines, scope=id_)
