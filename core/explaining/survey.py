"""What every chapter looks at, gathered once: the parts, how much other code leans on each definition, sure calls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.context.passages import nesting
from core.diagrams.architecture import architecture
from core.diagrams.source_map import SourceMap
from core.graph.ranks import rank_links
from core.kept import Kept
from core.model.diagram import Diagram, DiagramNode
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import IndexedFile, Place
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader

TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR})
_ASIDE = re.compile(
    r"(?:^|\.)(?:__(?!init__|call__|new__|main__)\w+__|toString|hashCode|equals)$|(?:Error|Exception|Throwable)(?:$|\.)"
    r"|(?:^|\.)(?:throw|fail|raise|panic|abort|warn|log|debug)\w*$"
)
"""What a language calls by itself everywhere, and what is done when something goes wrong: no way leads through it."""
_LEANS = (EdgeKind.CALLS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS, EdgeKind.REFERENCES)
_WEIGHTS = {Confidence.EXACT: 1.0, Confidence.INFERRED: 0.5, Confidence.NAME: 0.1}
_DEEP = 6
_KEPT_FILES = 64
_HELPER = 6
"""Other files that a file uses, at which half of what leans on it counts."""
_OF_ERRORS = re.compile(r"(?:Error|Exception|Throwable|Warning)$")
Use = tuple[int, str, Place]
"""How often, which part, and where it is said first."""
_PARTS = frozenset({"package", "folder", "file"})


@dataclass(frozen=True)
class Survey:
    """One snapshot of an index, looked over."""

    source: SourceMap

    @property
    def reader(self) -> IndexReader:
        return self.source.reader

    @cached_property
    def diagram(self) -> Diagram:
        """The architecture as it is drawn."""
        return architecture(self.source)

    @cached_property
    def parts(self) -> tuple[DiagramNode, ...]:
        """The boxes of the architecture that are one folder or file, the largest first."""
        boxes = [node for node in self.diagram.nodes if node.kind in _PARTS and node.scope and not node.external]
        return tuple(sorted(boxes, key=lambda node: (-node.weight, node.label)))

    def files_of(self, part: DiagramNode) -> list[IndexedFile]:
        """The hand-written files of a part, by path."""
        folder = part.scope.endswith("/")
        return [file for file in self.code if (file.path.startswith(part.scope) if folder else file.path == part.scope)]

    @cached_property
    def code(self) -> list[IndexedFile]:
        """The files that show what the program does."""
        return self.source.code("")

    @cached_property
    def code_paths(self) -> frozenset[str]:
        return frozenset(file.path for file in self.code)

    @cached_property
    def part_of(self) -> dict[str, str]:
        """The id of the part that each file belongs to."""
        return {file.path: part.id for part in self.parts for file in self.files_of(part)}

    @cached_property
    def uses(self) -> tuple[Mapping[str, list[Use]], Mapping[str, list[Use]]]:
        """What each part uses of the others, and by what it is used, the most used first; a file that is in no part stands
        with those of its folder. Only what is exact counts: a call that many overrides may answer would count for each."""
        names = {part.id: f"`{part.scope.rstrip('/')}`" for part in self.parts}
        counts: Counter[tuple[str, str]] = Counter()
        best: dict[tuple[str, str], tuple[int, str, str]] = {}
        for (user, used), link in self.source.links.items():
            if user not in self.code_paths or used not in self.code_paths:
                continue
            ends = [names.get(self.part_of.get(path, "")) or self._beside_parts(path) for path in (user, used)]
            sure = link.by_confidence.get(Confidence.EXACT, 0)
            if ends[0] == ends[1] or not sure:
                continue
            pair = (ends[0], ends[1])
            counts[pair] += sure
            best[pair] = min(best.get(pair, (1, "", "")), (-sure, user, used))
        uses: dict[str, list[Use]] = {}
        users: dict[str, list[Use]] = {}
        for (one, other), number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            places = self.source.links[best[one, other][1:]].places
            if places:
                uses.setdefault(one, []).append((number, other, places[0]))
                users.setdefault(other, []).append((number, one, places[0]))
        return uses, users

    def _beside_parts(self, path: str) -> str:
        """What a file that is in no part is told under: its folder, which is "itself" where parts are below it."""
        folder = path.rpartition("/")[0]
        around = any(part.scope.startswith(f"{folder}/") for part in self.parts)
        return f"`{folder}` itself" if folder and around else f"`{folder or path}`"

    @cached_property
    def ranks(self) -> Mapping[int, float]:
        """PageRank of every symbol by key, sure edges counting for more; they sum to 1."""
        edges = self._edges
        weights = np.fromiter((_WEIGHTS[edge.confidence] for edge in edges), np.float64, len(edges))
        scores = rank_links(*self._ends(edges), weights, len(self._positions))
        return dict(zip(self._positions, scores.tolist(), strict=True))

    @cached_property
    def ranked_files(self) -> list[str]:
        """The files of the hand-written code, those first whose definitions most other code leans on, errors aside. What
        uses little of the others is a helper of all, and tells little of how they work together."""
        totals = dict.fromkeys(self.code_paths, 0.0)
        for symbol in self.source.symbols.values():
            if symbol.path in totals and not _OF_ERRORS.search(self._outermost(symbol).name):
                totals[symbol.path] += self.ranks[symbol.key]
        used: Counter[str] = Counter(user for user, other in self.source.links if other in totals and user != other)
        worth = {path: total * used[path] / (used[path] + _HELPER) for path, total in totals.items()}
        return sorted(worth, key=lambda path: (-worth[path], path))

    @cached_property
    def _edges(self) -> list[Edge]:
        return [edge for edge in self.reader.edges(_LEANS) if edge.source != edge.target]

    @cached_property
    def _defined_in(self) -> Mapping[str, list[Symbol]]:
        """Types and functions of each hand-written file."""
        found: dict[str, list[Symbol]] = {}
        for symbol in self.defined:
            found.setdefault(symbol.path, []).append(symbol)
        return found

    @cached_property
    def _positions(self) -> Mapping[int, int]:
        """Where each symbol stands in arrays; keys have gaps."""
        return {key: position for position, key in enumerate(self.source.symbols)}

    def _ends(self, edges: Sequence[Edge]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The positions of the sources and of the targets of edges, shape (n,) each."""
        sources = np.fromiter((self._positions[edge.source] for edge in edges), np.int64, len(edges))
        targets = np.fromiter((self._positions[edge.target] for edge in edges), np.int64, len(edges))
        return sources, targets

    @cached_property
    def defined(self) -> list[Symbol]:
        """Types and functions of the hand-written code."""
        wanted = TYPES | CALLABLE
        return [
            symbol for symbol in self.source.symbols.values() if symbol.kind in wanted and symbol.path in self.code_paths
        ]

    @cached_property
    def calls(self) -> list[Edge]:
        """Calls between functions of the hand-written code that can be told as facts: the exact ones, and of the others
        those that are all their line may mean by the name it says. A call of what was handed over (`handler(request)`) says
        no such name: on another way it is another's. One for each pair, the first that is stated; errors are left out."""
        inner = {symbol.key for symbol in self.defined if symbol.kind in CALLABLE and not _ASIDE.search(self._named(symbol))}
        found: dict[tuple[int, int], Edge] = {}
        guesses: dict[tuple[int, int, str], list[Edge]] = {}
        known: set[tuple[int, int, str]] = set()
        for edge in self._edges:
            if edge.kind is not EdgeKind.CALLS or edge.source not in inner or edge.target not in inner:
                continue
            said = (edge.source, edge.line, self.source.symbols[edge.target].name)
            if edge.confidence is Confidence.EXACT:
                found.setdefault((edge.source, edge.target), edge)
                known.add(said)
            elif edge.confidence is Confidence.INFERRED:
                guesses.setdefault(said, []).append(edge)
        for said, edges in guesses.items():
            # Beside an exact one stand what overrides it, which only some objects mean.
            if len(edges) == 1 and said not in known and self._is_said(edges[0]):
                found.setdefault((edges[0].source, edges[0].target), edges[0])
        return list(found.values())

    def _is_said(self, edge: Edge) -> bool:
        """Whether the line of a call has the name of what it calls, of a constructor that of its type."""
        symbols = self.source.symbols
        target = symbols[edge.target]
        parts = target.qualified_name.split(".")
        names = parts[-2:] if target.name in ("__init__", "constructor", "new") else parts[-1:]
        line = self._lines_of(edge.path or symbols[edge.source].path)[edge.line - 1]
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) for name in names)

    def _lines_of(self, path: str) -> list[str]:
        return self._lines.get(path, lambda asked: self.reader.text(asked).split("\n"))

    @cached_property
    def _lines(self) -> Kept[str, list[str]]:
        return Kept(_KEPT_FILES)

    @cached_property
    def callers(self) -> Mapping[int, int]:
        """In how many files each function is called: what is called everywhere serves all and explains nothing."""
        paths: dict[int, set[str]] = {}
        for edge in self.calls:
            paths.setdefault(edge.target, set()).add(self.source.symbols[edge.source].path)
        return {key: len(found) for key, found in paths.items()}

    @cached_property
    def weights(self) -> Mapping[int, float]:
        """How much work is done below each function: itself, and half of what each callee does, six calls deep."""
        from scipy.sparse import csr_array

        count = len(self._positions)
        matrix = csr_array((np.full(len(self.calls), 0.5), self._ends(self.calls)), shape=(count, count))
        total = np.ones(count)
        for _ in range(_DEEP):
            total = 1.0 + matrix @ total
        return dict(zip(self._positions, total.tolist(), strict=True))

    def leaning(self, symbol: Symbol) -> float:
        """How much other code leans on what a definition is a member of, all its members together."""
        return self._owners[self._outermost(symbol).key]

    @cached_property
    def _owners(self) -> Mapping[int, float]:
        """What leans on each outermost definition and its members."""
        found: dict[int, float] = {}
        for symbol in self.defined:
            owner = self._outermost(symbol)
            found[owner.key] = found.get(owner.key, 0.0) + self.ranks[symbol.key]
        return found

    def central(self, files: frozenset[str], count: int) -> list[Symbol]:
        """The definitions of some files that most other code leans on, those with a doc comment before the others; a type
        stands for its members."""
        owners = {self._outermost(symbol).key for path in files for symbol in self._defined_in.get(path, ())}
        chosen = sorted(
            (self.source.symbols[key] for key in owners),
            key=lambda symbol: (-self._owners[symbol.key] * (2.0 if symbol.doc else 1.0), symbol.qualified_name),
        )
        public = [symbol for symbol in chosen if not symbol.name.startswith("_")]
        return ([symbol for symbol in public if not _OF_ERRORS.search(symbol.name)] or public)[:count]

    def _named(self, symbol: Symbol) -> str:
        return nesting(symbol.path, symbol.qualified_name)

    def _outermost(self, symbol: Symbol) -> Symbol:
        while symbol.parent >= 0 and self.source.symbols[symbol.parent].kind in TYPES | CALLABLE:
            symbol = self.source.symbols[symbol.parent]
        return symbol
