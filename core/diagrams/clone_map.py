"""Which parts of a source share logic: the parts of its architecture, joined by the bytes that say the same in both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from core.diagrams.folders import Folder, collapse, folder_tree, open_dominating
from core.diagrams.partition import Box, BoxKind, partition
from core.diagrams.scopes import ScopeKind, resolve_scope
from core.diagrams.source_map import SourceMap
from core.diagrams.wording import byte_size, count, names, shorten
from core.model.diagram import Diagram, DiagramCluster, DiagramEdge, DiagramNode, Omitted, Tie
from core.model.graph import Confidence
from core.model.source import Place

_EDGES_PER_BOX = 1.3
_PLACES = 5


def clone_map(source: SourceMap, scope: str = "") -> Diagram:
    """The parts of a scope (a folder) with what they repeat, in themselves and of each other. Every place of a class counts
    with its own bytes towards the part of the class's representative, which is kept."""
    found = resolve_scope(source, scope)
    folder = found.path if found.kind == ScopeKind.FOLDER else found.path.rpartition("/")[0]
    base = folder_tree(source.code(folder)).find(folder) or Folder(folder)
    base = collapse(base) if folder else open_dominating(base)
    cut = partition(base, source.weights)
    owner = {file.path: box.id for box in cut.boxes for file in box.files}
    shared = _Shared(source, owner)
    boxes = [box for box in cut.boxes if shared.touches(box.id)]
    ranked = sorted(shared.between, key=lambda pair: (-shared.between[pair], pair))
    drawn = ranked[: max(6, round(_EDGES_PER_BOX * len(boxes)))]
    rest = ranked[len(drawn) :]
    frames = {box.cluster for box in boxes}
    parents = {frame.id: frame.parent for frame in cut.frames}
    for frame in list(frames):
        while frame := parents.get(frame, ""):
            frames.add(frame)
    omitted = [
        Omitted(
            f"{'parts' if len(cut.boxes) - len(boxes) > 1 else 'part'} that repeat nothing", len(cut.boxes) - len(boxes)
        ),
        Omitted(f"bytes behind {count(len(rest), 'thinner line')}", sum(shared.between[pair] for pair in rest)),
    ]
    total = sum(shared.within.values()) + sum(shared.between.values())
    return Diagram(
        "clones",
        f"Shared logic of {base.path or 'the source'}",
        f"{byte_size(total)} say what stands elsewhere, {byte_size(sum(shared.between.values()))} of it in another part",
        tuple(_node(source, box, shared) for box in boxes),
        tuple(
            DiagramEdge(*pair, Tie.SHARES, Confidence.EXACT, shared.between[pair], shared.places[pair])
            for pair in sorted(drawn)
        ),
        tuple(DiagramCluster(frame.id, frame.label, frame.parent) for frame in cut.frames if frame.id in frames),
        tuple(item for item in omitted if item.count),
    )


class _Shared:
    """Bytes repeated within boxes and between two, with the places that weigh most."""

    def __init__(self, source: SourceMap, owner: Mapping[str, str]) -> None:
        self.within: Counter[str] = Counter()
        self.between: Counter[tuple[str, str]] = Counter()
        self.places: dict[tuple[str, str], tuple[Place, ...]] = {}
        weighed: dict[tuple[str, str], list[tuple[int, Place, Place]]] = {}
        for found in source.clone_classes:
            kept = owner.get(found.representative.place.path, "")
            for member in found.members:
                home, size = owner.get(member.place.path, ""), source.clone_bytes(member)
                if not home or not kept:
                    continue
                if home == kept:
                    self.within[home] += size
                    continue
                one, other = sorted((home, kept))
                self.between[one, other] += size
                weighed.setdefault((one, other), []).append((size, found.representative.place, member.place))
        for pair, places in weighed.items():
            places.sort(key=lambda row: (-row[0], row[1], row[2]))
            both = [place for _, kept_place, place in places[:_PLACES] for place in (kept_place, place)]
            self.places[pair] = tuple(dict.fromkeys(both))[:_PLACES]

    def touches(self, box: str) -> bool:
        return self.within[box] > 0 or any(box in pair for pair in self.between)


def _node(source: SourceMap, box: Box, shared: _Shared) -> DiagramNode:
    inside = shared.within[box.id]
    detail = f"{byte_size(inside)} repeated inside" if inside else "repeats nothing inside"
    if box.kind == BoxKind.BUNDLE:
        detail = shorten(f"{names(box.parts, 34)} · {byte_size(inside)}") if inside else names(box.parts)
        main = source.place(source.main_file(box.files, box.path))
        return DiagramNode(box.id, box.label, detail, "bundle", main, box.cluster, box.lines)
    if box.kind == BoxKind.FILE:
        place = source.place(box.files[0])
        return DiagramNode(box.id, box.label, detail, "file", place, box.cluster, box.lines)
    kind = "package" if source.is_package(box.path) else "folder"
    main = source.place(source.main_file(box.files, box.path))
    return DiagramNode(box.id, box.label, detail, kind, main, box.cluster, box.lines, scope=box.path + "/")
