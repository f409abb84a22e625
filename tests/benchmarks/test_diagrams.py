"""Diagrams of real trees: everything in them is in the index, and layouts come in time.

CODESTRATA_DIAGRAM_INDEXES names indexes made before (several with `:` between them), to be asked instead of new ones of the
mixed corpus and of this repository.
"""

from __future__ import annotations

import os
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.diagrams import KINDS, NEEDS_SYMBOL, draw
from core.diagrams.layers import order_by_dependency
from core.errors import SourceError
from core.model.diagram import Diagram, DiagramCluster, DiagramEdge, DiagramNode, Drawing, Tie
from core.model.graph import Confidence, EdgeKind
from core.model.source import FileRole, Place
from core.model.symbol import SymbolKind
from desktop import assembly
from desktop.engine.service import Service
from desktop.engine.session import IndexSession
from tests.benchmarks import corpus, machine
from tests.benchmarks.command import index

INDEXES = "CODESTRATA_DIAGRAM_INDEXES"
QUESTIONS = ("Where does the program start?", "How is the configuration read?", "Where are errors handled?")
UNROUTED = ("treemap", "churn", "complexity", "sequence", "pack")
"""Kinds that Graphviz has nothing to do with, and one that must be searched for first."""
SCOPES, SYMBOLS, LAYOUTS = 25, 12, 50
BOXES, ARROWS, FRAMES, LARGE = 300, 700, 12, 10
MOST_SECONDS = 2.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
ROOT = Path(__file__).resolve().parents[2]


class Facts:
    """What an index says, read from its tables and not from what diagrams are made of."""

    def __init__(self, session: IndexSession) -> None:
        reader = session.reader
        self.files = {file.path for file in reader.files()}
        self.lines = {file.path: file.lines for file in reader.files()}
        self.folders = {"/".join(path.split("/")[:n]) for path in self.files for n in range(path.count("/") + 1)}
        self.symbols = {symbol.id for symbol in reader.all_symbols()}
        self.stated = {(edge.path, edge.line) for edge in reader.edges()}
        self.copies = {
            (member.place.path, member.place.start_line)
            for found in reader.clone_classes()
            for member in (found.representative, *found.members)
        }

    def untrue(self, diagram: Diagram) -> list[str]:
        """Boxes and arrows of which the index knows nothing."""
        bad = [f"box {node.id}" for node in diagram.nodes if not self._holds(node)]
        ids = {node.id for node in diagram.nodes}
        return bad + [f"arrow {edge.source} {edge.target}" for edge in diagram.edges if not self._states(edge, ids)]

    def _holds(self, node: DiagramNode) -> bool:
        kind, _, name = node.id.partition(":")
        if node.place is not None and node.place.path not in self.files:
            return False
        match kind:
            case "file":
                return name in self.files
            case "symbol":
                return name in self.symbols
            case "around":
                return name in self.files or name in self.folders or name in self.symbols
            case "folder":
                return name in self.folders
            case "bundle":
                return name in self.folders or name in self.files or name.removeprefix("symbol:") in self.symbols
            case "excerpt":
                return node.place is not None and node.place.end_line <= max(1, self.lines[node.place.path])
            case "external" | "outside":
                return node.external
        return node.id in self.files

    def _states(self, edge: DiagramEdge, ids: set[str]) -> bool:
        known = self.copies if edge.kind is Tie.SHARES else self.stated
        places = [(place.path, place.start_line) in known for place in edge.places]
        return {edge.source, edge.target} <= ids and bool(places) and all(places)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if made := os.environ.get(INDEXES):
        return [Path(folder) for folder in made.split(":")]
    target = tmp_path_factory.mktemp("indexes")
    for name, source in (("mixed", corpus.mixed()), ("own", ROOT)):
        index(source, target / name)
    return [target / "mixed", target / "own"]


def wishes(session: IndexSession) -> Iterator[tuple[str, str]]:
    """Kinds with scopes: the whole, folders spread over it, and the symbols most called."""
    source = session.source_map
    folders = sorted({node.scope for node in draw("architecture", "", session.reader, None, source).nodes if node.scope})
    inner = [node.scope for scope in folders for node in draw("architecture", scope, session.reader, None, source).nodes]
    scopes = list(dict.fromkeys(["", *folders, *filter(None, inner)]))
    chosen = scopes[:: max(1, len(scopes) // SCOPES)][:SCOPES]
    for kind in KINDS:
        if kind not in NEEDS_SYMBOL:
            for scope in chosen:
                yield kind, scope
    counts: dict[int, int] = {}
    for edge in session.reader.edges((EdgeKind.CALLS,)):
        counts[edge.source] = counts.get(edge.source, 0) + 1
    ranked = [source.symbols[key] for key in sorted(counts, key=lambda key: (-counts[key], key))]
    busy = [s for s in ranked if s.kind is not SymbolKind.MODULE and source.files[s.path].role is FileRole.SOURCE]
    for symbol in busy[: SYMBOLS * 40 : 40]:
        for kind in ("calls", "flow", "sequence"):
            yield kind, symbol.id
        ends = [source.symbols[edge.target] for edge in session.reader.edges_from([symbol.key], (EdgeKind.CALLS,))]
        for end in ends[:1]:
            yield "path", f"{symbol.id} -> {end.id}"
    for question in QUESTIONS:
        yield "pack", question


def test_everything_drawn_is_in_the_index(folders: list[Path]) -> None:
    service = assembly.open_service(assembly.settings_for())
    rows = []
    for folder in folders:
        session = service.session(folder)
        facts = Facts(session)
        boxes = arrows = diagrams = 0
        for kind, scope in wishes(session):
            try:
                diagram = service.diagram(folder, kind, scope)
            except SourceError:
                continue  # a source without a history has no churn
            assert facts.untrue(diagram) == [], (folder.name, kind, scope)
            boxes, arrows, diagrams = boxes + len(diagram.nodes), arrows + len(diagram.edges), diagrams + 1
        assert boxes > 1000
        rows.append([folder.name, f"{diagrams}", f"{boxes:,}", f"{arrows:,}", "100 %"])
    head = ["index", "diagrams", "boxes", "arrows", "true"]
    machine.show("diagrams", "Boxes and arrows that are in the index", [head, *rows])


def dense(session: IndexSession, scope: str, framed: bool) -> Diagram | None:
    """The files of a folder that have most to do with each other, as many as a picture may hold, with as many arrows: more
    than any diagram draws, and what the layout has to bear."""
    source = session.source_map
    inside = {file.path for file in source.code(scope)}
    links = {pair: weight for pair, weight in source.weights.items() if set(pair) <= inside and pair[0] != pair[1]}
    degree: Counter[str] = Counter()
    for pair, weight in links.items():
        degree.update({pair[0]: weight, pair[1]: weight})  # type: ignore[dict-item]
    kept = sorted(degree, key=lambda path: (-degree[path], path))[:BOXES]
    ranked = sorted((pair for pair in links if set(pair) <= set(kept)), key=lambda pair: (-links[pair], pair))[:ARROWS]
    if len(kept) < BOXES or len(ranked) < ARROWS:
        return None
    order = order_by_dependency(kept, {pair: links[pair] for pair in ranked})
    folders = Counter(path.rpartition("/")[0] for path in order)
    largest = {folder for folder, _ in folders.most_common(FRAMES)} if framed else set()
    homes = {path: home for path in order if (home := path.rpartition("/")[0]) in largest}
    frames = tuple(DiagramCluster(home, home) for home in sorted({*homes.values()}))
    nodes = (
        DiagramNode(path, path.rsplit("/", 1)[-1], path, "file", Place(path, 1, 1), homes.get(path, "")) for path in order
    )
    edges = (DiagramEdge(*pair, EdgeKind.CALLS, Confidence.EXACT, 1) for pair in ranked)
    return Diagram("imports", scope or "all", "", tuple(nodes), tuple(edges), frames, ())


def cpu_seconds() -> float:
    """What this process and those it has waited for have computed: Graphviz has one of its own for each diagram."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(service: Service, diagrams: Iterable[Diagram]) -> tuple[list[float], list[Drawing]]:
    seconds, drawings = [], []
    for diagram in diagrams:
        began = cpu_seconds()
        drawings.append(service.lay_out(diagram, CancellationToken()))
        seconds.append(cpu_seconds() - began)
    return sorted(seconds), drawings


def row_of(name: str, seconds: list[float], drawings: list[Drawing]) -> list[str]:
    boxes = max(len(drawing.nodes) for drawing in drawings)
    arrows = max(len(drawing.routes) for drawing in drawings)
    figures = (statistics.median(seconds), seconds[int(0.95 * len(seconds))], seconds[-1])
    return [name, f"{len(seconds)}", f"{boxes}", f"{arrows}", *(f"{figure:.2f} s" for figure in figures)]


def test_layouts_come_in_time(folders: list[Path]) -> None:
    service = assembly.open_service(assembly.settings_for())
    drawn, large = [], []
    for folder in folders:
        session = service.session(folder)
        wanted = [wish for wish in wishes(session) if wish[0] not in UNROUTED]
        for kind, scope in wanted[:: max(1, len(wanted) * len(folders) // LAYOUTS)]:
            drawn.append(draw(kind, scope, session.reader, None, session.source_map))
        scopes = sorted({scope for _, scope in wanted if scope.endswith("/") or not scope})
        found = (dense(session, scope, framed) for scope in scopes for framed in (False, True))
        large += [diagram for diagram in found if diagram is not None]
    head = ["diagrams", "number", "most boxes", "most arrows", "median", "p95", "longest"]
    rows = [head]
    seconds, drawings = measured(service, drawn)
    rows.append(row_of("of real scopes", seconds, drawings))
    figures = {"layout p95": (seconds[int(0.95 * len(seconds))], MOST_SECONDS)}
    if large:
        most, drawings = measured(service, large[:LARGE])
        rows.append(row_of(f"{BOXES} files of real scopes", most, drawings))
        figures["layout of many boxes p95"] = (most[int(0.95 * len(most))], MOST_SECONDS)
    machine.show("layouts", "Layouts, in seconds of computing", rows)
    machine.require(figures)
