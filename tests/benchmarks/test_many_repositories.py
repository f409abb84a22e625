"""Search over twenty repositories in one index, against each in an index of its own.

The questions (`annotated.py`) do not say which repository they are about, and several of them could be about any web
framework ("how are routes registered"), so what is asked of all at once is shown, and what is asked of one of them among the
others is held to what it says alone.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
from pathlib import Path

import pytest

from tests.benchmarks import annotated, corpus, machine
from tests.benchmarks.annotated import Repository
from tests.benchmarks.command import COMMAND, rankings
from tests.benchmarks.corpus import MissingCorpusError

REPOSITORIES = 20
LEAST_BYTES = 40_000_000
ALLOWED_LOSS = 0.05
pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> list[Repository]:
    """Twenty of the annotated repositories, those with least to read left out: small ones whole, of others the folder that
    the annotations are about."""
    try:
        found = annotated.repositories(tmp_path_factory.mktemp("trees"), REPOSITORIES)
    except MissingCorpusError as error:
        pytest.skip(str(error))
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
