"""Repositories with questions whose answers people marked: `CODESTRATA_RETRIEVAL` names a folder with `repos.json` (name,
github, commit, root_mb, benchmark_root) and `annotations/NAME.json` (queries and the places that answer them),
`CODESTRATA_CLONES` one with bare clones as `OWNER+NAME/repo`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import corpus
from tests.benchmarks.corpus import MissingCorpusError
from tests.benchmarks.ndcg import ndcg, targets_of

WHOLE_BELOW = 6_000_000
"""Bytes; of larger repositories the folder alone is looked at that the annotations are about."""


@dataclass(frozen=True)
class Repository:
    """A checked-out tree with its annotated questions, by their numbers."""

    name: str
    tree: Path
    asked: dict[str, dict[str, Any]]

    @property
    def queries(self) -> dict[str, str]:
        """What is asked, by number."""
        return {number: item["query"] for number, item in self.asked.items()}

    def gain(self, number: str, places: Sequence[Mapping[str, Any]]) -> float:
        """NDCG@10 of what is found for one question."""
        return ndcg(targets_of(self.asked[number]), places)

    def score(self, found: Mapping[str, Sequence[Mapping[str, Any]]], top: str = "") -> list[float]:
        """NDCG@10 of each question; results lie below the folder `top`, and those of other repositories are wrong."""
        return [
            self.gain(
                number,
                [
                    {**place, "path": place["path"].removeprefix(top) if place["path"].startswith(top) else ":other"}
                    for place in found.get(number, [])
                ],
            )
            for number in self.asked
        ]


def repositories(home: Path, most: int) -> list[Repository]:
    """At most so many of the annotated repositories, those with least to read left out, checked out below `home` where they
    are not there; `MissingCorpusError` where nothing says where they are."""
    told, clones = os.environ.get("CODESTRATA_RETRIEVAL"), os.environ.get("CODESTRATA_CLONES")
    if not told or not clones:
        raise MissingCorpusError("CODESTRATA_RETRIEVAL and CODESTRATA_CLONES do not say where annotations and clones are")
    known = sorted(json.loads(Path(told, "repos.json").read_text("utf-8")), key=lambda spec: -spec["root_mb"])
    return [_checked_out(home, Path(told), Path(clones), spec) for spec in known[:most]]


def _checked_out(home: Path, told: Path, clones: Path, spec: dict[str, Any]) -> Repository:
    root = spec.get("benchmark_root") or ""
    whole = home / "whole" / spec["name"]
    if not whole.exists():
        whole.mkdir(parents=True)
        bare = clones / spec["github"].replace("/", "+") / "repo"
        # A clone may lack its largest files, which are data: all else is checked out.
        command = ["git", f"--git-dir={bare}", f"--work-tree={whole}", "checkout", "-qf", spec["commit"], "--", "."]
        environment = {**os.environ, "GIT_INDEX_FILE": str(home / f"{spec['name']}.gitindex")}
        subprocess.run(command, check=False, env=environment, stderr=subprocess.DEVNULL)
        if root and corpus.bytes_of(whole) > WHOLE_BELOW:
            (whole / root).rename(home / spec["name"])  # the folder's name is what the workspace calls it
    tree = home / spec["name"] if (home / spec["name"]).exists() else whole
    items = json.loads((told / "annotations" / f"{spec['name']}.json").read_text("utf-8"))
    held = [f"/{path.relative_to(tree).as_posix()}" for path in tree.rglob("*")]
    for path in {target.path for item in items for target in targets_of(item)}:
        assert any(one.endswith(path.removeprefix(root)) for one in held), (spec["name"], path)
    return Repository(spec["name"], tree, {str(number): item for number, item in enumerate(items)})
