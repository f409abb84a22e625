"""How well an embedder finds code by its description: ``python -m indexing.embedding.measure FOLDER --embedder static``

Every docstring in FOLDER is a question, the function it was taken from (without it) the one right answer, and all the other
functions are wrong ones. That is harder and narrower than real questions, but needs no judge, and it orders embedders.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.ports import Embedder
from indexing.embedding.contrast import without_name
from indexing.embedding.pairs import Pair, read_pairs, without_repeats
from indexing.embedding.static import StaticEmbedder

_LEFT_OUT = ("site-packages", "test", "tests", "idle_test", "lib2to3", "distutils")
"""Folders of Python's standard library that are tests, or that live on in packages which may have been trained on."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares of the questions whose answer came first, and among the first ten; and the mean of 1 / rank."""

    at_1: float
    at_10: float
    mean_reciprocal_rank: float


def recall(embedder: Embedder, questions: Sequence[str], answers: Sequence[str]) -> Recall:
    """Rank all `answers` for each question; the right one has the question's place. Ties count against the embedder."""
    wanted = np.stack([embedder.embed_query(question) for question in questions])
    scores = wanted @ embedder.embed_documents(answers).T
    ranks = (scores >= np.diag(scores)[:, None]).sum(axis=1)
    return Recall(float((ranks <= 1).mean()), float((ranks <= 10).mean()), float((1 / ranks).mean()))


def sample_pairs(folder: Path, count: int, seed: int = 0) -> list[Pair]:
    """Return `count` distinct pairs of `folder`, the same ones every time."""
    pairs = [pair for pair in read_pairs(folder) if not set(pair.place.split("/")) & set(_LEFT_OUT)]
    pairs = without_repeats(pairs)
    random.Random(seed).shuffle(pairs)
    return pairs[:count]


def main() -> None:
    """Read the command line, measure, and print a line for the code as it is and one for the code without its name."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--embedder", default="static", help="static, or a folder or name of a model")
    parser.add_argument("--count", type=int, default=2000)
    arguments = parser.parse_args()
    pairs = sample_pairs(arguments.folder, arguments.count)
    embedder = _embedder(arguments.embedder)
    questions = [pair.description for pair in pairs]
    for label, answers in (("named", [pair.code for pair in pairs]), ("unnamed", [without_name(pair) for pair in pairs])):
        begin = time.perf_counter()
        found = recall(embedder, questions, answers)
        sys.stdout.write(
            f"{embedder.name} {label}: {len(pairs)} pairs, R@1 {found.at_1:.3f}, R@10 {found.at_10:.3f}, "
            f"MRR {found.mean_reciprocal_rank:.3f}, {time.perf_counter() - begin:.1f} s\n"
        )


def _embedder(name: str) -> Embedder:
    if name == "static":
        return StaticEmbedder()
    if (Path(name) / "codes.npy").exists():
        return StaticEmbedder(Path(name))
    from indexing.embedding.sentence_transformers import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(name)


if __name__ == "__main__":
    main()
