"""A source cut into some two dozen boxes: large folders become frames around their parts, small siblings one box.

The cut is that of the folders, which are the names the authors think in. Each step opens the largest folder, until what
is left is of one magnitude; then the most important parts keep a box of their own. Importance grows with size, with how
much a part has to do with others and with how many, each damped, so that a small part at the heart stands beside a large
one at the rim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import log1p

from core.diagrams.folders import DOMINATING, Folder, collapse
from core.model.source import IndexedFile

BOXES = 30
"""Parts of one picture, bundles included: what a reader can take in, and a layout can untangle."""
_SHARE_TO_OPEN = 0.09
_SHARE_AMONG_MANY = 0.5
"""Where the folder alone has more parts than boxes, those come before the parts of one of them."""
_FEW_BOXES = 9
"""With fewer boxes than this, smaller folders are opened too."""
_FEW_TO_GO_DEEPER = 14
"""With fewer, frames within frames are made."""
_FILES_TO_OPEN = 6
_DEPTH = 2
"""Frames within frames; more is harder to read than to click through."""
_TOP_BONUS = 4.0
"""The parts of the source itself come before the parts of its parts."""
_FILE_MALUS = 0.6
"""A folder is a part somebody set up as one; a file beside folders often is a left-over."""
_FRAME_LIMIT = 9
"""Boxes of one frame, so that none fills the picture."""
_HEADERS = (".h", ".hh", ".hpp", ".hxx", ".pyi")
_BODIES = (".c", ".cc", ".cpp", ".cxx", ".m", ".mm", ".py")


_SOURCE_ROOTS = ("src", "source", "sources", "lib")


class BoxKind(StrEnum):
    FOLDER = "folder"
    FILE = "file"
    BUNDLE = "bundle"


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the source: a folder, a file (with its header), or a bundle of small siblings; `path` is that of its folder.

    `parts` names what a bundle holds. `outer` is the folder among its siblings, where all that counts lies deeper in it, in
    `path`: `server` for `server/src/main/java`.
    """

    id: str
    kind: BoxKind
    path: str
    label: str
    cluster: str
    files: tuple[IndexedFile, ...]
    parts: tuple[str, ...] = ()
    outer: str = ""

    @property
    def lines(self) -> int:
        return sum(file.lines for file in self.files)


@dataclass(frozen=True, slots=True)
class Frame:
    """A folder that was opened; `parent` is the frame around it, or empty."""

    id: str
    path: str
    label: str
    parent: str


@dataclass(frozen=True, slots=True)
class Partition:
    boxes: tuple[Box, ...]
    frames: tuple[Frame, ...]


@dataclass(slots=True)
class _Group:
    """A folder whose parts may get boxes."""

    folder: Folder
    frame: str
    label: str
    parent: str
    depth: int
    items: list[Box]


def partition(base: Folder, weights: Mapping[tuple[str, str], float], budget: int = BOXES) -> Partition:
    """Cut `base` into at most about `budget` boxes. `weights` tells how much each file uses each other.

    Every file of `base` is in exactly one box.
    """
    groups = _open(base, budget)
    kept = _keep(groups, weights, budget)
    boxes: list[Box] = []
    frames: list[Frame] = []
    for group in groups:
        own = [item for item in group.items if item.id in kept]
        rest = [item for item in group.items if item.id not in kept]
        rest = [item for item in rest if not any(other.frame == item.id for other in groups)]
        if len(rest) == 1:
            own, rest = own + rest, []
        boxes += own
        if rest:
            boxes.append(_bundle(group, rest, alone=not own))
        if group.frame:
            frames.append(Frame(group.frame, group.folder.path, group.label, group.parent))
    return Partition(tuple(boxes), tuple(frames))


def _open(base: Folder, budget: int) -> list[_Group]:
    groups = [_Group(base, "", "", "", 0, _items(base, ""))]
    share = _SHARE_TO_OPEN if len(groups[0].items) <= budget else _SHARE_AMONG_MANY
    threshold = share * base.lines
    while True:
        closed = [
            (item, group)
            for group in groups
            if group.depth < _DEPTH
            for item in group.items
            if item.kind == BoxKind.FOLDER and not any(other.frame == item.id for other in groups)
        ]
        count = sum(len(group.items) for group in groups) - (len(groups) - 1)
        shown = sum(min(len(group.items), _FRAME_LIMIT) if group.depth else len(group.items) for group in groups)
        candidates = []
        for item, group in closed:
            folder = collapse(base.find(_below(base, item.path)) or base)
            large = item.lines >= threshold and (group.depth == 0 or count < _FEW_TO_GO_DEEPER)
            large = large or (count < _FEW_BOXES and item.lines * 40 >= base.lines)
            if large and folder.file_count >= _FILES_TO_OPEN and folder.folders and _branches(folder):
                candidates.append((item.lines, item, group, folder))
        if not candidates or shown >= 3 * budget:
            return groups
        _, item, group, folder = max(candidates, key=lambda candidate: (candidate[0], candidate[1].id))
        groups.append(_Group(folder, item.id, item.label, group.frame, group.depth + 1, _items(folder, item.id)))


def _below(base: Folder, path: str) -> str:
    return path[len(base.path) + 1 :] if base.path else path


def _items(folder: Folder, frame: str) -> list[Box]:
    """A box for every folder and file of `folder`, a header and its body together."""
    items = []
    folders, loose = _spread(folder)
    inners = [collapse(child) for child in folders]
    names = [_label(inner.path[child.path.rfind("/") + 1 :]) for child, inner in zip(folders, inners, strict=True)]
    for child, inner, name in zip(folders, inners, names, strict=True):
        full = inner.path[len(folder.path) + 1 :] if folder.path else inner.path
        label = name if names.count(name) == 1 else _label(full)
        files = tuple(inner.walk())
        items.append(Box(f"folder:{inner.path}", BoxKind.FOLDER, inner.path, label, frame, files, outer=child.path))
    bodies = {file.path.rpartition(".")[0]: file for file in reversed(loose) if file.path.endswith(_BODIES)}
    headers: dict[str, list[IndexedFile]] = {}
    for file in loose:
        stem = file.path.rpartition(".")[0]
        if file.path.endswith(_HEADERS) and stem in bodies:
            headers.setdefault(bodies[stem].path, []).append(file)
    paired = {header.path for group in headers.values() for header in group}
    for file in loose:
        if file.path not in paired:
            files = (file, *headers.get(file.path, ()))
            items.append(Box(f"file:{file.path}", BoxKind.FILE, file.path, file.path.rsplit("/", 1)[-1], frame, files))
    return items


def _branches(folder: Folder) -> bool:
    """Whether a folder has parts of which none is nearly all of it."""
    folders, files = _spread(folder)
    sizes = [*(inner.lines for inner in folders), *(file.lines for file in files)]
    return len(sizes) > 1 and max(sizes) < DOMINATING * folder.lines


def _spread(folder: Folder) -> tuple[list[Folder], list[IndexedFile]]:
    """The folders and files that make a folder up: in place of one that outweighs all beside it, what is in that."""
    folders, files = list(folder.folders.values()), list(folder.files)
    while folders:
        largest = max(folders, key=lambda child: (child.lines, child.path))
        if largest.lines < DOMINATING * folder.lines or not largest.folders:
            break
        folders = [*(child for child in folders if child is not largest), *largest.folders.values()]
        files += largest.files
    return folders, files


def _label(path: str) -> str:
    """A path without the folder that by custom holds the sources of what is called before it, and what is in that; where
    the path begins with it, without that alone."""
    parts = path.split("/")
    if len(parts) > 1 and parts[0].lower() in _SOURCE_ROOTS:
        parts = parts[1:]
    root = next((at for at, part in enumerate(parts) if at and part.lower() in _SOURCE_ROOTS), len(parts))
    return "/".join(parts[:root])


def _keep(groups: list[_Group], weights: Mapping[tuple[str, str], float], budget: int) -> set[str]:
    """The ids of items that get a box of their own: the most important, no frame left with fewer than two."""
    frames = {group.frame for group in groups}
    items = {item.id: (item, group) for group in groups for item in group.items if item.id not in frames}
    if len(items) <= budget:
        return set(items)
    owner = {file.path: item.id for item, _ in items.values() for file in item.files}
    crossing = dict.fromkeys(items, 0.0)
    partners: dict[str, set[str]] = {id_: set() for id_ in items}
    for (source, target), weight in weights.items():
        one, other = owner.get(source, ""), owner.get(target, "")
        if one and other and one != other:
            for end, opposite in ((one, other), (other, one)):
                crossing[end] += weight
                partners[end].add(opposite)

    def score(id_: str) -> float:
        item, group = items[id_]
        bonus = (_FILE_MALUS if item.kind == BoxKind.FILE else 1.0) * (_TOP_BONUS if group.depth == 0 else 1.0)
        return float(bonus * (item.lines + 1) ** 0.35) * (1 + log1p(len(partners[id_]))) * (1 + log1p(crossing[id_]))

    ranked = sorted(items, key=lambda id_: (-score(id_), id_))
    kept: set[str] = set()
    taken: dict[str, int] = {}
    for id_ in ranked:
        group = items[id_][1]
        if len(kept) < max(budget - len(groups), 1) and (group.depth == 0 or taken.get(group.frame, 0) < _FRAME_LIMIT):
            taken[group.frame] = taken.get(group.frame, 0) + 1
            kept.add(id_)
    for group in groups:
        if group.depth:
            kept.update([id_ for id_ in ranked if items[id_][1] is group][:2])
    return kept


def _bundle(group: _Group, rest: list[Box], alone: bool) -> Box:
    rest = sorted(rest, key=lambda item: (-item.lines, item.path))
    kinds = {item.kind for item in rest}
    noun = "files" if kinds == {BoxKind.FILE} else "folders" if kinds == {BoxKind.FOLDER} else "parts"
    label = f"{len(rest)} {noun}" if alone else f"+{len(rest)} more {noun}"
    files = tuple(file for item in rest for file in item.files)
    parts = tuple(item.label for item in rest)
    return Box(f"bundle:{group.folder.path}", BoxKind.BUNDLE, group.folder.path, label, group.frame, files, parts)
