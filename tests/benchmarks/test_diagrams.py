"""Diagrams of real trees: everything in them is in the index, and layouts come in time.

CODESTRATA_DIAGRAM_INDEXES names indexes made before (several with `:` between them), to be asked instead of new ones of the
mixed corpus and of this repository.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.diagrams import KINDS, NEEDS_SYMBOL, draw
from core.diagrams.scopes import resolve_scope
from core.errors import SourceError
from core.model.diagram import Diagram, DiagramEdge, DiagramNode, Tie
from core.model.graph import EdgeKind
from core.model.source import FileRole
from core.model.symbol import SymbolKind
from desktop import assembly
from desktop.engine.session import IndexSession
from tests.benchmarks import corpus, machine
from tests.benchmarks.command import index

INDEXES = "CODESTRATA_DIAGRAM_INDEXES"
SCOPES, SYMBOLS, LAYOUTS = 25, 12, 50
MOST_SECONDS = 2.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
ROOT = Path(__file__).resolve().parents[2]


class Facts:
    """What an index says, read from its tables and not from what diagrams are made of."""

    def __init__(self, session: IndexSession) -> None:
        reader = session.reader
        self.files = {file.path for file in reader.files()}
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


def test_everything_drawn_is_in_the_index(folders: list[Path]) -> None:
    service = assembly.open_service(assembly.settings_for())
    rows = []
    for folder in folders:
        session = service.session(folder)
        facts = Facts(session)
        boxes = arrows = diagrams = 0
        for kind, scope in wishes(session):
            try:
                resolve_scope(session.source_map, scope)
                diagram = draw(kind, scope, session.reader, None, session.source_map)
            except SourceError:
                continue  # a source without a history has no churn
            assert facts.untrue(diagram) == [], (folder.name, kind, scope)
            boxes, arrows, diagrams = boxes + len(diagram.nodes), arrows + len(diagram.edges), diagrams + 1
        assert boxes > 1000
        rows.append([folder.name, f"{diagrams}", f"{boxes:,}", f"{arrows:,}", "100 %"])
    head = ["index", "diagrams", "boxes", "arrows", "true"]
    machine.show("diagrams", "Boxes and arrows that are in the index", [head, *rows])


def test_layouts_come_in_time(folders: list[Path]) -> None:
    service = assembly.open_service(assembly.settings_for())
    seconds, sizes = [], []
    for folder in folders:
        session = service.session(folder)
        wanted = [wish for wish in wishes(session) if wish[0] not in ("treemap", "churn", "complexity", "sequence")]
        for kind, scope in wanted[:: max(1, len(wanted) * len(folders) // LAYOUTS)]:
            diagram = draw(kind, scope, session.reader, None, session.source_map)
            began = time.perf_counter()
            drawing = service.lay_out(diagram, CancellationToken())
            seconds.append(time.perf_counter() - began)
            sizes.append(len(drawing.nodes))
    seconds.sort()
    p95 = seconds[int(0.95 * len(seconds))]
    median = statistics.median(seconds)
    row = [f"{len(seconds)}", f"{max(sizes)}", f"{median:.2f} s", f"{p95:.2f} s", f"{seconds[-1]:.2f} s"]
    machine.show("layouts", "Layouts of real scopes", [["scopes", "most boxes", "median", "p95", "longest"], row])
    machine.require({"layout p95": (p95, MOST_SECONDS)})
