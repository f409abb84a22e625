"""Where the code is: every folder a frame, every file a tile as large as its lines.

`churn` and `complexity` are the same map with tiles as warm as their files are busy or nested, so that one can be laid over
the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log1p

from core.diagrams.folders import Folder, collapse, folder_tree, open_dominating
from core.diagrams.scopes import ScopeKind, resolve_scope
from core.diagrams.source_map import SourceMap
from core.diagrams.wording import count, names, size
from core.model.diagram import Diagram, DiagramCluster, DiagramNode, Omitted
from core.model.source import IndexedFile

_TILES = 260
"""Smaller tiles could not be told apart."""
_DEPTH = 3
_DEEPEST = 2.0
"""Levels of nesting on average from which a file is as hot as can be told."""
_SMALLEST = 0.0012
"""A file below this share of all lines is bundled with its like."""


def treemap(source: SourceMap, scope: str = "") -> Diagram:
    """Sizes in lines of the files of a scope; small ones and those deep down are told together."""
    return _scoped(source, scope, "treemap", "Sizes", "", None)


def churn(source: SourceMap, scope: str = "") -> Diagram:
    """Where changes happen: the map of sizes, as warm as the commits that touched each file. `SourceError` without git."""
    commits = source.commits()
    hottest = max([1, *commits.values()])
    heats = {path: log1p(commits.get(path, 0)) / log1p(hottest) for path in source.files}
    told = {path: count(commits.get(path, 0), "commit") for path in source.files}
    return _scoped(source, scope, "churn", "Churn", "as warm as the commits that touched it", _Heat(heats, told))


def complexity(source: SourceMap, scope: str = "") -> Diagram:
    """Where code is hard to follow: the map of sizes, as warm as the functions of each file are nested on average."""
    found = {file.path: source.nesting(file.path) for file in source.code(_folder_of(source, scope))}
    known = {path: depth for path, depth in found.items() if depth is not None}
    heats = {path: min(1.0, depth / _DEEPEST) for path, depth in known.items()}
    told = {path: f"{depth:.1f} levels deep" for path, depth in known.items()}
    what = f"as warm as its functions are nested, up to {_DEEPEST:g} levels on average"
    return _scoped(source, scope, "complexity", "Complexity", what, _Heat(heats, told))


@dataclass(frozen=True, slots=True)
class _Heat:
    """How warm each file is (0 to 1) and what that is in words, by path; files of which nothing is known are left out."""

    of: Mapping[str, float]
    told: Mapping[str, str]

    def mean(self, files: Iterable[IndexedFile]) -> float | None:
        """The heat of several files, each counted by its lines."""
        known = [(self.of[file.path], file.lines) for file in files if file.path in self.of]
        lines = sum(number for _, number in known)
        return sum(heat * number for heat, number in known) / lines if lines else None


def _folder_of(source: SourceMap, scope: str) -> str:
    found = resolve_scope(source, scope)
    return found.path if found.kind == ScopeKind.FOLDER else found.path.rpartition("/")[0]


def _scoped(source: SourceMap, scope: str, kind: str, name: str, what: str, heat: _Heat | None) -> Diagram:
    folder = _folder_of(source, scope)
    code = source.code(folder)
    base = folder_tree(code).find(folder) or Folder(folder)
    base = collapse(base) if folder else open_dominating(base)
    nodes, clusters = _tiles(source, base, heat)
    hidden = len(code) - base.file_count
    return Diagram(
        kind,
        f"{name} of {base.path or 'the source'}",
        f"{size(base.file_count, base.lines)}, each tile as large as its lines" + (f" and {what}" if what else ""),
        tuple(nodes),
        (),
        tuple(clusters),
        (Omitted(f"file{'s' if hidden > 1 else ''} outside of {base.path}/", hidden),) if hidden else (),
    )


def _tiles(source: SourceMap, base: Folder, heat: _Heat | None) -> tuple[list[DiagramNode], list[DiagramCluster]]:
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
                warm = heat.mean(child.walk()) if heat else None
                nodes.append(
                    DiagramNode(f"folder:{child.path}", label, detail, kind, main, cluster, child.lines, scope, heat=warm)
                )
                room -= 1
        for file in sorted(folder.files, key=lambda file: (-file.lines, file.path)):
            if file.lines < smallest or room <= 0:
                small.append(file)
                continue
            name = file.path.rsplit("/", 1)[-1]
            told = heat.told.get(file.path, "") if heat else ""
            detail = f"{told} · {count(file.lines, 'line')}" if told else count(file.lines, "line")
            place = source.place(file)
            warm = heat.of.get(file.path) if heat else None
            nodes.append(
                DiagramNode(f"file:{file.path}", name, detail, "file", place, cluster, file.lines, file.path, heat=warm)
            )
            room -= 1
        if small:
            small.sort(key=lambda file: (-file.lines, file.path))
            lines = sum(file.lines for file in small)
            detail = names([file.path.rsplit("/", 1)[-1] for file in small])
            label = f"{len(small)} small files" if len(small) > 1 else small[0].path.rsplit("/", 1)[-1]
            place = source.place(small[0])
            warm = heat.mean(small) if heat else None
            nodes.append(DiagramNode(f"bundle:{folder.path}", label, detail, "bundle", place, cluster, lines, heat=warm))
    return nodes, clusters
