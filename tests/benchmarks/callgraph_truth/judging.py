"""One language: its projects indexed by the installed command, their calls compared with what the compiler tells."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import machine
from tests.benchmarks.callgraph_truth.projects import home
from tests.benchmarks.callgraph_truth.truth import Score, Truth, most_often, pairs_of, pooled, score
from tests.benchmarks.command import COMMAND, index

_WRITTEN = ("direct", "virtual")
LEAST_EXACT = 0.99
"""Of the edges called `exact`, the share that must be right."""


@dataclass(frozen=True, slots=True)
class Project:
    """`source` is indexed; `tell` writes its truth into a file (see `Truth.read`)."""

    name: str
    source: Path
    tell: Callable[[Path], None]


def tell_by(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    """Run an extractor."""
    subprocess.run(command, check=True, env=environment, timeout=900)


def judge(language: str, projects: Sequence[Project], folder: Path, least: float, *, macros: bool = False) -> None:
    """Shows how the graphs of all projects compare; asserts the F1 and the share of right `exact` edges of all together."""
    rows = [("", "calls", "precision", "recall", "F1", "exact that are right")]
    scores: list[Score] = []
    expanded: list[Score] = []
    for project in projects:
        told = home() / f"{project.name}.json"
        project.tell(told)
        truth = Truth.read(told)
        graph = _graph(project.source, folder / project.name)
        scores.append(score(truth, pairs_of(graph, truth), _WRITTEN))
        rows.append(_row(project.name, scores[-1]))
        if macros:
            expanded.append(score(truth, pairs_of(graph, truth, expand_macros=True), (*_WRITTEN, "macro")))
            rows.append(_row("  with calls in macros", expanded[-1]))
        print(f"{project.name}: falsely called most: {most_often(scores[-1].false)}")
        print(f"{project.name}: missed most: {most_often(scores[-1].missed)}")
    whole = pooled(scores)
    rows.append(_row("all", whole))
    if macros:
        rows.append(_row("  with calls in macros", pooled(expanded)))
    machine.show(f"callgraph_{language}", f"Calls of {language}, as its compiler resolves them", rows)
    assert whole.f1 >= least, f"F1 {whole.f1:.4f} < {least}"
    assert whole.exact_right >= LEAST_EXACT, f"{whole.exact_right:.4f} of exact edges are right"


def _graph(source: Path, folder: Path) -> dict[str, object]:
    index(source, folder)
    out = folder.with_suffix(".json")
    subprocess.run(
        [str(COMMAND), "graph", "--format", "json", "--index", str(folder), "-o", str(out)], check=True, timeout=300
    )
    graph: dict[str, object] = json.loads(out.read_text(encoding="utf-8"))
    return graph


def _row(name: str, one: Score) -> tuple[str, ...]:
    calls = one.right + len(one.missed)
    return (name, f"{calls}", f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}", f"{one.exact_right:.4f}")
