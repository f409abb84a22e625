"""The architecture of two states of a source in one picture: what came, what went, and what changed.

The cut is that of both together: every file of either state is in one box, so that a part which is only in one of them has
its box, too, and a small change makes a small difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.diagrams.architecture import KIND
from core.diagrams.arrows import choose_arrows
from core.diagrams.build_files import project_name
from core.diagrams.folders import Folder, collapse, folder_tree, open_dominating
from core.diagrams.layers import order_by_dependency
from core.diagrams.links import Link, Links, regroup
from core.diagrams.partition import Box, BoxKind, partition
from core.diagrams.scopes import ScopeKind, resolve_scope
from core.diagrams.source_map import SourceMap
from core.diagrams.wording import count, names, shorten
from core.errors import UsageError
from core.model.diagram import Diagram, DiagramCluster, DiagramEdge, DiagramNode, Mark
from core.model.graph import Confidence

_CHANGED_ARROWS = 40
"""Arrows that came or went and are drawn whatever they weigh, the heaviest."""


def compare_architecture(new: SourceMap, old: SourceMap, scope: str, told: str) -> Diagram:
    """What became of `old` in `new`, of a folder or the whole; `told` names the older state in the title."""
    folder = _folder(new, old, scope)
    files = {file.path: file for file in old.code(folder)} | {file.path: file for file in new.code(folder)}
    base = folder_tree(files[path] for path in sorted(files)).find(folder) or Folder(folder)
    base = collapse(base) if folder else open_dominating(base)
    together = _merged(new.links, old.links)
    cut = partition(base, {pair: link.weight for pair, link in together.items()})
    owner = {file.path: box.id for box in cut.boxes for file in box.files}
    after, before = regroup(new.links, owner), regroup(old.links, owner)
    links = _merged(after, before)
    order = order_by_dependency([box.id for box in cut.boxes], {pair: link.weight for pair, link in links.items()})
    moved = [pair for pair in links if (pair in after) != (pair in before) and links[pair].confidence != Confidence.NAME]
    moved.sort(key=lambda pair: (-links[pair].weight, pair))
    arrows = choose_arrows(links, order, {box.id: box.cluster for box in cut.boxes}, moved[:_CHANGED_ARROWS])
    states = {box.id: _State.of(box, new, old) for box in cut.boxes}
    nodes = {box.id: _node(new, box, states[box.id]) for box in cut.boxes}
    edges = tuple(_edge((edge.source, edge.target), after, before) for edge in arrows.edges)
    name = folder or project_name(new)
    return Diagram(
        KIND,
        f"Architecture of {name or 'the source'}, compared with {told}",
        _subtitle([node.mark for node in nodes.values()], [edge.mark for edge in edges]),
        tuple(nodes[id_] for id_ in order),
        edges,
        tuple(DiagramCluster(frame.id, frame.label, frame.parent) for frame in cut.frames),
        arrows.omitted,
    )


def _folder(new: SourceMap, old: SourceMap, scope: str) -> str:
    """The folder to compare, which may be in one of both alone."""
    try:
        found = resolve_scope(new, scope)
    except UsageError:
        found = resolve_scope(old, scope)
    if found.kind != ScopeKind.FOLDER:
        raise UsageError(f"{scope} cannot be compared", "it is no folder", "give a folder as SCOPE, or none")
    return found.path


def _merged(one: Links, other: Links) -> Links:
    merged: Links = {}
    for links in (one, other):
        for pair, link in links.items():
            merged.setdefault(pair, Link()).merge(link)
    return merged


@dataclass(frozen=True, slots=True)
class _State:
    """How many files of a box are new, gone, changed and the same."""

    added: int
    removed: int
    changed: int
    same: int

    @staticmethod
    def of(box: Box, new: SourceMap, old: SourceMap) -> _State:
        counts: Counter[str] = Counter()
        for file in box.files:
            now, then = new.files.get(file.path), old.files.get(file.path)
            if now is None or then is None:
                counts["removed" if now is None else "added"] += 1
            else:
                counts["same" if now.content_hash == then.content_hash else "changed"] += 1
        return _State(counts["added"], counts["removed"], counts["changed"], counts["same"])

    @property
    def mark(self) -> Mark:
        if self.added and not (self.removed or self.changed or self.same):
            return Mark.ADDED
        if self.removed and not (self.added or self.changed or self.same):
            return Mark.REMOVED
        return Mark.CHANGED if self.added or self.removed or self.changed else Mark.NONE

    def told(self) -> str:
        """`2 files new, 1 gone, 12 changed`."""
        parts = [(self.added, "new"), (self.removed, "gone"), (self.changed, "changed"), (self.same, "the same")]
        first, *rest = [(number, word) for number, word in parts if number]
        return ", ".join([f"{count(first[0], 'file')} {first[1]}", *(f"{number} {word}" for number, word in rest)])


def _node(new: SourceMap, box: Box, state: _State) -> DiagramNode:
    here = [file for file in box.files if file.path in new.files]
    place = new.place(new.main_file(here, box.path)) if here else None
    detail = state.told()
    if box.kind == BoxKind.BUNDLE:
        detail = shorten(f"{names(box.parts, 28)} · {detail}")
        return DiagramNode(box.id, box.label, detail, "bundle", place, box.cluster, box.lines, mark=state.mark)
    if box.kind == BoxKind.FILE:
        return DiagramNode(box.id, box.label, detail, "file", place, box.cluster, box.lines, mark=state.mark)
    kind = "package" if new.is_package(box.path) else "folder"
    scope = box.path + "/"
    return DiagramNode(box.id, box.label, detail, kind, place, box.cluster, box.lines, scope, mark=state.mark)


def _edge(pair: tuple[str, str], after: Links, before: Links) -> DiagramEdge:
    now, then = after.get(pair), before.get(pair)
    if now is None:
        # What it was stated by is gone; a place would lead to something else.
        assert then is not None
        return replace(then.edge(*pair), mark=Mark.REMOVED, places=())
    edge = now.edge(*pair)
    if then is None:
        return replace(edge, mark=Mark.ADDED)
    return edge if now.count == then.count else replace(edge, mark=Mark.CHANGED, label=f"{then.count} → {now.count}")


def _subtitle(boxes: list[Mark], arrows: list[Mark]) -> str:
    told = []
    for marks, one in ((boxes, "part"), (arrows, "arrow")):
        counts: Mapping[Mark, int] = Counter(marks)
        parts = [f"{counts[mark]} {mark}" for mark in (Mark.ADDED, Mark.REMOVED, Mark.CHANGED) if counts.get(mark)]
        told.append(f"{count(len(marks), one)}: {', '.join(parts) if parts else 'none differs'}")
    return " · ".join(told)
