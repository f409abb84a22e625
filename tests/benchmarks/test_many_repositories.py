"""Search over twenty repositories in one index, against each in an index of its own.

`CODESTRATA_RETRIEVAL` names a folder with `repos.json` (name, github, commit, root_mb) and `annotations/NAME.json` (queries
and the places that answer them), `CODESTRATA_CLONES` one with bare clones as `OWNER+NAME/repo`. The questions do not say
which repository they are about, and several of them could be about any web framework ("how are routes registered"), so what
is asked of all at once is shown, and what is asked of one of them among the others is held to what it says alone.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import corpus, machine
from tests.benchmarks.command import COMMAND, rankings
from tests.benchmarks.ndcg import ndcg, targets_of

REPOSITORIES = 20
LEAST_BYTES = 40_000_000
WHOLE_BELOW = 6_000_000
ALLOWED_LOSS = 0.05
pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


@dataclass(frozen=True)
class Repository:
    """A checked-out tree with its annotated questions, by their numbers."""

    name: str
    tree: Path
    asked: dict[str, dict[str, Any]]

    @property
    def queries(self) -> dict[str, str]:
        return {number: item["query"] for number, item in self.asked.items()}

    def score(self, found: dict[str, list[dict[str, Any]]], top: str = "") -> list[float]:
        """NDCG@10 of each question; results lie below the folder `top`, and those of other repositories are wrong."""
        return [
            ndcg(
                targets_of(item),
                [
                    {**place, "path": place["path"].removeprefix(top) if place["path"].startswith(top) else ":other"}
                    for place in found.get(number, [])
                ],
            )
            for number, item in self.asked.items()
        ]


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> list[Repository]:
    """Twenty of the annotated repositories, those with least to read left out: small ones whole, of others the folder that
    the annotations are about."""
    told, clones = os.environ.get("CODESTRATA_RETRIEVAL"), os.environ.get("CODESTRATA_CLONES")
    if not told or not clones:
        pytest.skip("CODESTRATA_RETRIEVAL and CODESTRATA_CLONES do not say where annotations and clones are")
    home = tmp_path_factory.mktemp("trees")
    known = sorted(json.loads(Path(told, "repos.json").read_text("utf-8")), key=lambda spec: -spec["root_mb"])
    found = []
    for spec in known[:REPOSITORIES]:
        tree = home / "whole" / spec["name"]
        tree.mkdir(parents=True)
        bare = Path(clones, spec["github"].replace("/", "+"), "repo")
        # A clone may lack its largest files, which are data: all else is checked out.
        command = ["git", f"--git-dir={bare}", f"--work-tree={tree}", "checkout", "-qf", spec["commit"], "--", "."]
        environment = {**os.environ, "GIT_INDEX_FILE": str(home / f"{spec['name']}.gitindex")}
        subprocess.run(command, check=False, env=environment, stderr=subprocess.DEVNULL)
        items = json.loads(Path(told, "annotations", f"{spec['name']}.json").read_text("utf-8"))
        root = spec.get("benchmark_root") or ""
        if root and corpus.bytes_of(tree) > WHOLE_BELOW:
            tree = (tree / root).rename(home / spec["name"])  # the folder's name is what the workspace calls it
        held = [f"/{path.relative_to(tree).as_posix()}" for path in tree.rglob("*")]
        for path in {target.path for item in items for target in targets_of(item)}:
            assert any(one.endswith(path.removeprefix(root)) for one in held), (spec["name"], path)
        found.append(Repository(spec["name"], tree, {str(number): item for number, item in enumerate(items)}))
    assert sum(corpus.bytes_of(repository.tree) for repository in found) >= LEAST_BYTES
    return found


def built(folder: Path, *trees: Path) -> Path:
    done = subprocess.run(
        [str(COMMAND), "index", *map(str, trees), "--index", str(folder), "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_twenty_at_once(repositories: list[Repository], tmp_path: Path) -> None:
    together = built(tmp_path / "together", *(repository.tree for repository in repositories))
    rows, losses, alone_means, all_means, filtered_means = [], {}, [], [], []
    alone_named: list[float] = []
    all_named: list[float] = []
    for repository in repositories:
        own = repository.score(rankings(built(tmp_path / repository.name, repository.tree), repository.queries, 10))
        top = f"{repository.name}/"
        among_all = repository.score(rankings(together, repository.queries, 10), top)
        chosen = repository.score(rankings(together, repository.queries, 10, f"{top}**"), top)
        means = [statistics.mean(scores) for scores in (own, among_all, chosen)]
        for kept, mean in zip((alone_means, all_means, filtered_means), means, strict=True):
            kept.append(mean)
        names_it = [repository.name.lower() in query.lower() for query in repository.queries.values()]
        alone_named += itertools.compress(own, names_it)
        all_named += itertools.compress(among_all, names_it)
        rows.append((repository.name, *(f"{mean:.3f}" for mean in means)))
        losses[repository.name] = (means[0] - means[2], ALLOWED_LOSS)
    overall = [statistics.mean(means) for means in (alone_means, all_means, filtered_means)]
    rows.append(("all", *(f"{mean:.3f}" for mean in overall)))
    named = (statistics.mean(alone_named), statistics.mean(all_named))
    rows.append((f"the {len(all_named)} that say a name", *(f"{mean:.3f}" for mean in named), ""))
    megabytes = sum(corpus.bytes_of(repository.tree) for repository in repositories) / 1e6
    header = ("NDCG@10", "alone", "among all", "chosen by path")
    machine.show("many_repositories", f"{len(repositories)} repositories, {megabytes:.0f} MB in one index", [header, *rows])
    losses["all"] = (overall[0] - overall[2], ALLOWED_LOSS)
    losses["all at once, of those that say a name"] = (named[0] - named[1], ALLOWED_LOSS)
    machine.require(losses)
