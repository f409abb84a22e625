"""The architecture of a source, found in it: which parts it has, and what each needs of the others.

At the level of folders (`architecture`) the parts come from the tree of folders (`partition`), the arrows from the edges of
the code graph added up between them. Inside of a file, `members` goes on. Boxes come in the order of their layers: what
uses others stands before what it uses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.diagrams.arrows import Arrows, choose_arrows
from core.diagrams.breaches import Breaches
from core.diagrams.build_files import project_name
from core.diagrams.folders import Folder, collapse, folder_tree, open_dominating
from core.diagrams.layers import order_by_dependency
from core.diagrams.libraries import OUTSIDE, library_boxes
from core.diagrams.links import Links, regroup
from core.diagrams.members import members
from core.diagrams.partition import Box, BoxKind, Partition, partition
from core.diagrams.scopes import REST, Scope, ScopeKind, resolve_scope
from core.diagrams.source_map import EXTERNAL, SourceMap
from core.diagrams.wording import count, names, size
from core.errors import UsageError
from core.model.diagram import Diagram, DiagramCluster, DiagramEdge, DiagramNode, Omitted
from core.model.source import FileRole

KIND = "architecture"
AROUND = "around"
"""Prefix of the id of a neighbour of the scope."""

_NEIGHBOURS = 8
_ROLE_WORDS = {
    FileRole.TEST: "test file",
    FileRole.EXAMPLE: "example file",
    FileRole.DOCUMENT: "document",
    FileRole.DATA: "data file",
    FileRole.VENDORED: "vendored file",
    FileRole.GENERATED: "generated file",
}


def architecture(source: SourceMap, scope: str = "") -> Diagram:
    """What the source (or a folder, a file, a class of it) is made of; `UsageError` for a scope that is not there."""
    found = resolve_scope(source, scope)
    if found.kind != ScopeKind.FOLDER:
        return members(source, found)
    return _folder(source, found)


def _folder(source: SourceMap, scope: Scope) -> Diagram:
    code = source.code(scope.path)
    base = folder_tree(code).find(scope.path) or Folder(scope.path)
    base = collapse(base) if scope.path else open_dominating(base)
    for _ in range(scope.rest):
        base = _rest(source, base)
    file_links = source.links_at([file.path for file in base.walk()])
    cut = partition(base, {pair: source.weights[pair] for pair in file_links})
    owner = {file.path: box.id for box in cut.boxes for file in box.files}
    around = _neighbours(source, base, file_links, owner) if scope.path or scope.rest else {}
    group = {**owner, **around}
    links = regroup(file_links, group)
    kept_around, lost = _strongest_neighbours(links, {*around.values()})
    links = {pair: link for pair, link in links.items() if _drawn(pair, kept_around)}
    boxes = [box.id for box in cut.boxes]
    order = order_by_dependency([*boxes, *kept_around], {pair: link.weight for pair, link in links.items()})
    breaches = Breaches(source, group, links)
    arrows = choose_arrows(links, order, {box.id: box.cluster for box in cut.boxes}, breaches.pairs)

    nodes = {box.id: _node(source, scope, box, arrows) for box in cut.boxes}
    nodes |= {id_: _neighbour(source, id_) for id_ in kept_around}
    libraries = library_boxes(file_links, owner)
    clusters = [DiagramCluster(frame.id, frame.label, frame.parent) for frame in cut.frames]
    if libraries:
        clusters.append(OUTSIDE)
    name = (scope.path or project_name(source)) + (", its smaller parts" if scope.rest else "")
    return Diagram(
        KIND,
        f"Architecture of {name}" if name else "Architecture",
        _subtitle(scope, base, cut, arrows.edges) + breaches.told(),
        (*(nodes[id_] for id_ in order), *libraries),
        breaches.marked(arrows.edges),
        tuple(clusters),
        (*_files_left_out(source, scope, base), *lost, *arrows.omitted, *breaches.omitted()),
    )


def _rest(source: SourceMap, base: Folder) -> Folder:
    """What the picture of a folder tells in one box, as a folder of its own; `UsageError` where it has no such box."""
    cut = partition(base, {pair: source.weights[pair] for pair in source.links_at([file.path for file in base.walk()])})
    bundle = next((box for box in cut.boxes if box.kind == BoxKind.BUNDLE and not box.cluster), None)
    found = folder_tree(bundle.files).find(base.path) if bundle is not None else None
    if found is None:
        raise UsageError("there are no smaller parts", "each has a box of its own", f"leave {REST} out of the scope")
    return found


def _node(source: SourceMap, scope: Scope, box: Box, arrows: Arrows) -> DiagramNode:
    files = box.files
    measure = size(len(files), box.lines)
    if box.kind == BoxKind.FILE:
        detail = source.description(files[0].path) or count(box.lines, "line")
        return DiagramNode(
            box.id, box.label, detail, "file", source.place(files[0]), box.cluster, box.lines, scope=files[0].path
        )
    main = source.place(source.main_file(files, box.path))
    if box.kind == BoxKind.BUNDLE:
        inside = f"{box.path}/" if box.cluster else scope.of_rest
        return DiagramNode(box.id, box.label, names(box.parts), "bundle", main, box.cluster, box.lines, inside)
    detail = source.folder_description(box.path) or source.folder_description(box.outer) or measure
    if box.id in arrows.used_by and detail == measure:
        detail = f"{count(box.lines, 'line')} · used by {count(arrows.used_by[box.id], 'part')}"
    kind = "package" if source.is_package(box.path) or source.is_package(box.outer) else "folder"
    return DiagramNode(box.id, box.label, detail, kind, main, box.cluster, box.lines, scope=box.path + "/")


def _subtitle(scope: Scope, base: Folder, cut: Partition, edges: Sequence[DiagramEdge]) -> str:
    if not cut.boxes:
        return "nothing to draw: no file of this scope is indexed"
    inside = f"in {base.path}/ · " if base.path != scope.path else ""
    found = f"{count(len(cut.boxes), 'part')}, {count(len(edges), 'arrow')}"
    if not edges and len(cut.boxes) > 1:
        found = f"{count(len(cut.boxes), 'part')}, none of which is known to use another"
    return f"{inside}{size(base.file_count, base.lines)} · {found}"


def _drawn(pair: tuple[str, str], neighbours: Iterable[str]) -> bool:
    """Between two neighbours nothing is drawn: they are there for the sake of the scope."""
    known = set(neighbours)
    outside = [end for end in pair if end.startswith(AROUND)]
    return len(outside) == 0 or (len(outside) == 1 and outside[0] in known)


def _neighbours(source: SourceMap, base: Folder, links: Links, owner: Mapping[str, str]) -> dict[str, str]:
    """For each file outside of `base`, the box around the scope that it belongs to: a sibling of the scope or of a folder
    around it."""
    around: dict[str, str] = {}
    home = base.path.split("/")
    for pair in links:
        inside = [end for end in pair if end in owner]
        for end in pair:
            if len(inside) == 1 and end not in owner and not end.startswith(EXTERNAL) and end not in around:
                file = source.files.get(end)
                if file is None or file.role != FileRole.SOURCE:
                    continue
                parts = end.split("/")
                shared = 0
                while shared < min(len(home), len(parts) - 1) and home[shared] == parts[shared]:
                    shared += 1
                around[end] = f"{AROUND}:{'/'.join(parts[: shared + 1])}"
    return around


def _strongest_neighbours(links: Links, around: set[str]) -> tuple[list[str], tuple[Omitted, ...]]:
    weights: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    for (source, target), link in links.items():
        ends = [end for end in (source, target) if end in around]
        if len(ends) == 1:
            weights[ends[0]] += link.weight  # type: ignore[assignment]
            uses[ends[0]] += link.count
    ranked = sorted(weights, key=lambda id_: (-weights[id_], id_))
    kept, rest = sorted(ranked[:_NEIGHBOURS]), ranked[_NEIGHBOURS:]
    if not rest:
        return kept, ()
    return kept, (
        Omitted(f"uses from and of {count(len(rest), 'other part')} of the source", sum(uses[id_] for id_ in rest)),
    )


def _neighbour(source: SourceMap, id_: str) -> DiagramNode:
    path = id_[len(AROUND) + 1 :]
    if path in source.files:
        file = source.files[path]
        return DiagramNode(id_, path, count(file.lines, "line"), "context", source.place(file), "", 0, scope=path)
    files = [file for file in source.under(path) if file.role == FileRole.SOURCE]
    detail = source.folder_description(path) or size(len(files), sum(file.lines for file in files))
    return DiagramNode(id_, path, detail, "context", source.place(source.main_file(files, path)), "", 0, scope=path + "/")


def _files_left_out(source: SourceMap, scope: Scope, base: Folder) -> list[Omitted]:
    shown = {file.path for file in base.walk()}
    counts: Counter[str] = Counter()
    for file in source.under(scope.path):
        if file.path not in shown:
            if file.role in _ROLE_WORDS:
                counts[_ROLE_WORDS[file.role]] += 1
            elif scope.rest:
                counts["file of larger parts"] += 1
            elif base.path and not file.path.startswith(base.path + "/"):
                counts[f"file outside of {base.path}/"] += 1
            else:
                counts["file of other kinds"] += 1
    plurals = {what: what.replace("file", "files", 1).replace("document", "documents") for what in counts}
    return [Omitted(what if number == 1 else plurals[what], number) for what, number in counts.most_common()]
