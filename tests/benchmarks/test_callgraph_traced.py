"""The call graph beside what runs: pairs of caller and callee that the test suites of five projects run through.

The figure is of pairs within the projects' own packages; those that begin in their tests are told beside it. A generator,
a coroutine, generated code, a module and a class body are no callees here (`call_tracer.py` says why). Everything else
counts, also what no reader would call a call: `__eq__` in a set, a method chosen by a string.

`python -m tests.benchmarks.test_callgraph_traced N` prints N call edges between their own functions, drawn at random,
with the lines they stand in: to be read, for how many are right.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import machine
from tests.benchmarks.command import COMMAND, index
from tests.benchmarks.corpus import MissingCorpusError
from tests.benchmarks.traced_projects import PROJECTS, Pair, Place, Project, sources, traced

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

_SAMPLED = frozenset({"exact", "inferred"})


class Graph:
    """The graph of one project: its call edges by the qualified names of both ends, with the confidence of each."""

    def __init__(self, exported: Mapping[str, Any]) -> None:
        self.nodes = {node["id"]: node for node in exported["nodes"]}
        self.edges = [edge for edge in exported["edges"] if edge["kind"] == "calls"]
        self._names: dict[Place, list[str]] = {}
        for node in self.nodes.values():
            self._names.setdefault(_place_of(node), []).append(node["qualified_name"])
        self._calls: dict[tuple[str, str], str] = {}
        for edge in self.edges:
            ends = self.nodes[edge["source"]]["qualified_name"], self.nodes[edge["target"]]["qualified_name"]
            if self._calls.get(ends) != "exact":
                self._calls[ends] = edge["confidence"]

    def found(self, pair: Pair) -> str | None:
        """The confidence of the edge, "missing" where there is none, None where the code is no definition of the index."""
        callers, callees = (self._names.get(place, []) for place in pair)
        if not callers or not callees:
            return None
        held = {self._calls.get((caller, callee)) for caller in callers for callee in callees}
        return "exact" if "exact" in held else next((item for item in held if item), "missing")


def _place_of(node: Mapping[str, Any]) -> Place:
    if node["kind"] == "module":
        return Place(node["path"], 0, "")
    return Place(node["path"], node["start_line"], "<lambda>" if node["kind"] == "lambda" else node["name"])


def graph_of(project: Project, folder: Path) -> Graph:
    index(sources(project), folder)
    command = [str(COMMAND), "graph", "--format", "json", "--index", str(folder), "--quiet"]
    return Graph(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def test_calls_that_run_are_in_the_graph(tmp_path: Path) -> None:
    rows = [("", "pairs", "exact", "inferred", "missing", "recall", "from their tests")]
    whole: Counter[str] = Counter()
    for project in PROJECTS:
        try:
            pairs = traced(project)
        except MissingCorpusError as error:
            pytest.skip(str(error))
        graph = graph_of(project, tmp_path / project.name)
        own: Counter[str] = Counter()
        tests: Counter[str] = Counter()
        for pair in pairs:
            within = all(place.path.startswith(project.package + "/") for place in pair)
            if (held := graph.found(pair)) is not None:
                (own if within else tests)[held] += 1
        rows.append(_row(project.folder, own, f"{_recall(tests):.3f} of {tests.total()}"))
        whole += own
    rows.append(_row("all", whole, ""))
    machine.show("callgraph_traced", "calls traced at run time", rows)
    assert whole.total() > 3_000
    assert _recall(whole) >= 0.70


def _recall(counts: Counter[str]) -> float:
    return 1 - counts["missing"] / max(1, counts.total())


def _row(name: str, counts: Counter[str], tests: str) -> tuple[str, ...]:
    numbers = (counts.total(), counts["exact"], counts["inferred"], counts["missing"])
    return (name, *map(str, numbers), f"{_recall(counts):.3f}", tests)


def sample(count: int, seed: int = 5) -> None:
    """Print edges between functions of the projects' own packages, drawn at random."""
    drawn = []
    for project in PROJECTS:
        with tempfile.TemporaryDirectory() as folder:
            graph = graph_of(project, Path(folder))
        for edge in graph.edges:
            target = graph.nodes[edge["target"]]
            if edge["confidence"] in _SAMPLED and edge["path"].startswith(project.package + "/") and target["path"]:
                drawn.append((project, edge, graph.nodes[edge["source"]], target))
    for number, (project, edge, source, target) in enumerate(random.Random(seed).sample(drawn, count), 1):
        lines = (sources(project) / edge["path"]).read_text(encoding="utf-8").splitlines()
        print(f"{number} {edge['confidence']} {source['qualified_name']} -> {target['qualified_name']}")
        print(f"    {edge['path']}:{edge['line']}  {lines[edge['line'] - 1].strip()}")


if __name__ == "__main__":
    sample(int(sys.argv[1]))
