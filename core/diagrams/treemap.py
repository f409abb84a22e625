"""Where the code is: every folder a frame, every file a tile as large as its lines."""

from __future__ import annotations

from core.diagrams.folders import Folder, collapse, folder_tree, open_dominating
from core.diagrams.scopes import ScopeKind, resolve_scope
from core.diagrams.source_map import SourceMap
from core.diagrams.wording import count, names, size
from core.model.diagram import Diagram, DiagramCluster, DiagramNode, Omitted
from core.model.source import IndexedFile

_TILES = 260
"""Smaller tiles could not be told apart."""
_DEPTH = 3
_SMALLEST = 0.0012
"""A file below this share of all lines is bundled with its like."""


def treemap(source: SourceMap, scope: str = "") -> Diagram:
    """Sizes in lines of the files of a scope; small ones and those deep down are told together."""
    found = resolve_scope(source, scope)
    folder = found.path if found.kind == ScopeKind.FOLDER else found.path.rpartition("/")[0]
    code = source.code(folder)
    base = folder_tree(code).find(folder) or Folder(folder)
    base = collapse(base) if folder else open_dominating(base)
    nodes, clusters = _tiles(source, base)
    hidden = len(code) - base.file_count
    return Diagram(
        "treemap",
        f"Sizes of {base.path or 'the source'}",
        f"{size(base.file_count, base.lines)}, each tile as large as its lines",
        tuple(nodes),
        (),
        tuple(clusters),
        (Omitted(f"file{'s' if hidden > 1 else ''} outside of {base.path}/", hidden),) if hidden else (),
    )


def _tiles(source: SourceMap, base: Folder) -> tuple[list[DiagramNode], list[DiagramCluster]]:
    nodes: list[DiagramNode] = []
    clusters: list[DiagramCluster] = []
    queue: list[tuple[Folder, str, int]] = [(base, "", 0)]
    smallest = max(1.0, _SMALLEST * base.lines)
    room = _TILES
    while queue:
        folder, cluster, depth = queue.pop(0)
        children = sorted(map(collapse, folder.folders.values()), key=lambda child: (-child.lines, child.path))
        small: list[IndexedFile] = []
        for child in children:
            label = child.path[len(folder.path) + 1 :] if folder.path else child.path
            if child.lines < smallest:
                small += child.walk()
            elif depth < _DEPTH and child.lines >= 12 * smallest and child.file_count > 1 and room > 0:
                id_ = f"folder:{child.path}"
                clusters.append(DiagramCluster(id_, label, cluster))
                queue.append((child, id_, depth + 1))
            else:
                main = source.place(source.main_file(list(child.walk()), child.path))
                detail = size(child.file_count, child.lines)
                kind = "package" if source.is_package(child.path) else "folder"
                scope = child.path + "/"
                nodes.append(DiagramNode(f"folder:{child.path}", label, detail, kind, main, cluster, child.lines, scope))
                room -= 1
        for file in sorted(folder.files, key=lambda file: (-file.lines, file.path)):
            if file.lines < smallest or room <= 0:
                small.append(file)
                continue
            name = file.path.rsplit("/", 1)[-1]
            detail = count(file.lines, "line")
            place = source.place(file)
            nodes.append(DiagramNode(f"file:{file.path}", name, detail, "file", place, cluster, file.lines, file.path))
            room -= 1
        if small:
            small.sort(key=lambda file: (-file.lines, file.path))
            lines = sum(file.lines for file in small)
            detail = names([file.path.rsplit("/", 1)[-1] for file in small])
            label = f"{len(small)} small files" if len(small) > 1 else small[0].path.rsplit("/", 1)[-1]
            place = source.place(small[0])
            nodes.append(DiagramNode(f"bundle:{folder.path}", label, detail, "bundle", place, cluster, lines))
    return nodes, clusters
