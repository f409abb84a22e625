"""Pictures of the architecture of six real systems beside what their own documentation says of it.

`documented_parts.toml` holds what the documentation names. A part is found where a box or a frame is called so, or where a
box of several names it; in the first picture, or in the one that a double click on what holds it opens. Of the uses that
the documentation states it is told how many the index knows, and how many the first picture draws; one that it rules out
must not be drawn. The pictures lie among the results, to be looked at.

CODESTRATA_SYSTEMS names indexes made before (`NAME=FOLDER`, several with `:` between them). The others are fetched, if they
can be, and indexed.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.diagrams import draw
from core.diagrams.links import USES
from core.model.diagram import Diagram, DiagramNode
from core.model.graph import Confidence
from core.model.source import FileRole
from desktop import assembly
from desktop.drawing.export import write_diagram
from desktop.engine.session import IndexSession
from tests.benchmarks import corpus, machine, projects
from tests.benchmarks.command import index

SYSTEMS = "CODESTRATA_SYSTEMS"
LEAST_FOUND = 0.8
ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = tomllib.loads(Path(__file__).with_name("documented_parts.toml").read_text(encoding="utf-8"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@dataclass(frozen=True, slots=True)
class Found:
    """Which documented parts and uses a system's pictures show."""

    first: list[str]
    inside: list[str]
    missing: list[str]
    known: list[tuple[str, str]]
    drawn: list[tuple[str, str]]
    unknown: list[tuple[str, str]]


def source_of(name: str) -> Path:
    if name == "own":
        return ROOT
    if name == "net":
        return corpus.kernel() / "drivers" / "net"
    return projects.get({"vue": "vue", "prometheus": "prometheus"}.get(name, f"{name}-whole"))


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    given = dict(pair.split("=", 1) for pair in os.environ.get(SYSTEMS, "").split(":") if pair)
    made = {name: Path(folder) for name, folder in given.items()}
    for name in DOCUMENTED:
        if name not in made:
            try:
                source = source_of(name)
            except corpus.MissingCorpusError as error:
                print(f"{name} is left out: {error}")
                continue
            made[name] = tmp_path_factory.mktemp("systems") / name
            index(source, made[name])
    return made


def shown(diagram: Diagram, path: str) -> bool:
    """Whether a picture shows a folder or file under its name: as a box, a frame, or named in a box of several."""
    name = path.rsplit("/", 1)[-1]
    for id_, label in [(node.id, node.label) for node in diagram.nodes] + [(c.id, c.label) for c in diagram.clusters]:
        kind, _, place = id_.partition(":")
        if kind in ("folder", "file") and (place == path or (place.startswith(f"{path}/") and name in label.split("/"))):
            return True
    return any(named(node, path) for node in diagram.nodes)


def around(diagram: Diagram, path: str) -> str:
    """The scope of the box, frame or box of several that holds a path and is not it; empty where none does."""
    scopes = [node.scope.rstrip("/") for node in diagram.nodes if node.scope and node.kind != "context"]
    frames = [cluster.id.partition(":")[2] for cluster in diagram.clusters if cluster.id.startswith("folder:")]
    holding = [scope for scope in (*scopes, *frames) if scope and path.startswith(f"{scope}/")]
    bundles = (node.scope for node in diagram.nodes if node.kind == "bundle" and lies_in(path, node.id.partition(":")[2]))
    return max(holding, key=len, default=next(bundles, ""))


def ends(diagram: Diagram, path: str) -> set[str]:
    """The boxes that are a part, or parts of it."""
    frames = {cluster.id: cluster.parent for cluster in diagram.clusters}
    found = set()
    for node in diagram.nodes:
        place, frame = node.id.partition(":")[2], node.cluster
        while frame in frames and frame.partition(":")[2] != path:
            frame = frames[frame]
        if place == path or place.startswith(f"{path}/") or frame.partition(":")[2] == path or named(node, path):
            found.add(node.id)
    return found


def named(node: DiagramNode, path: str) -> bool:
    parent, _, name = path.rpartition("/")
    return node.kind == "bundle" and node.id == f"bundle:{parent}" and name in node.detail.split(", ")


def holders(diagram: Diagram, path: str) -> set[str]:
    """The boxes that a part lies in, where it has none of its own."""
    return {
        node.id
        for node in diagram.nodes
        if node.id.startswith("folder:") and path.startswith(node.id.partition(":")[2] + "/")
    }


def uses_known(session: IndexSession) -> set[tuple[str, str]]:
    """Certain uses between hand-written files."""
    files = {path for path, file in session.source_map.files.items() if file.role is FileRole.SOURCE}
    links = session.source_map.links_of(USES)
    return {pair for pair, link in links.items() if set(pair) <= files and link.by_confidence.get(Confidence.EXACT)}


def lies_in(file: str, path: str) -> bool:
    return not path or file == path or file.startswith(f"{path}/")


def judge(name: str, session: IndexSession, diagram: Diagram) -> Found:
    told = DOCUMENTED[name]
    found = Found([], [], [], [], [], [])
    for part, path in told["parts"]:
        if shown(diagram, path):
            found.first.append(part)
            continue
        scope = around(diagram, path)
        inside = scope and draw("architecture", f"{scope}/", session.reader, None, session.source_map)
        (found.inside if inside and shown(inside, path) else found.missing).append(part)
    links = uses_known(session)
    edges = {(edge.source, edge.target) for edge in diagram.edges}
    for source, target in told["uses"]:
        is_known = any(lies_in(one, source) and lies_in(other, target) for one, other in links)
        (found.known if is_known else found.unknown).append((source, target))
        starts, stops = (ends(diagram, end) or holders(diagram, end) for end in (source, target))
        if any((one, other) in edges for one in starts for other in stops):
            found.drawn.append((source, target))
    for source, target in told.get("never", ()):
        against = [(one, other) for one in ends(diagram, source) for other in ends(diagram, target) if (one, other) in edges]
        assert not against, f"{name}: drawn against its documentation: {against}"
    return found


def test_documented_parts_are_found(indexes: dict[str, Path]) -> None:
    service = assembly.open_service(assembly.settings_for())
    rows, missed, folder = [], {}, machine.result("architectures")
    folder.mkdir(exist_ok=True)
    for name, index_folder in indexes.items():
        session = service.session(index_folder)
        diagram = draw("architecture", "", session.reader, None, session.source_map)
        write_diagram(service.lay_out(diagram, CancellationToken()), folder / f"{name}.svg")
        found = judge(name, session, diagram)
        total, uses = len(DOCUMENTED[name]["parts"]), len(DOCUMENTED[name]["uses"])
        share = (len(found.first) + len(found.inside)) / total
        figures = (total, len(found.first), len(found.inside), f"{share:.0%}", uses, len(found.known), len(found.drawn))
        rows.append([name, *map(str, figures)])
        print(f"{name}: not found {found.missing}; uses not known {found.unknown}")
        print(f"  known and not drawn {[pair for pair in found.known if pair not in found.drawn]}")
        missed[name] = share
    head = ["system", "documented", "first picture", "one inside", "found", "uses told", "known", "drawn"]
    machine.show("architectures", "Documented parts and uses in pictures of the architecture", [head, *rows])
    assert all(share >= LEAST_FOUND for share in missed.values()), missed
