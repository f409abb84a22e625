"""Trains the shipped static model further, on many languages: ``python -m indexing.embedding.refine --tree NAME=FOLDER ...``

A maker's tool like `distil`, run where PyTorch is installed. It starts from a static model, so no teacher is needed:

1. `documented` reads pairs out of each tree: doc comments and their functions;
2. words frequent in them that the model has no row for get one, which begins as the sum of their pieces;
3. `contrast` trains all rows, many batches being of pairs that the model itself finds hard to tell apart;
4. rows that were there before are moved but half the way: what they knew of other texts stays (Wortsman et al., 2022).

``model.json`` then tells both origins. The trees and their licences are told in ``resources/models/README.md``.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexing.embedding import contrast, static_files
from indexing.embedding.distil import word_frequencies
from indexing.embedding.documented import read_documented
from indexing.embedding.pairs import Pair, without_repeats
from indexing.embedding.pieces import PieceCounter, split_word
from indexing.embedding.static import MODEL_FOLDER

_log = logging.getLogger(__name__)

MAX_PAIRS = 6_000
"""Pairs taken from one tree: none is to outweigh the others."""

MAX_PIECES = 56_000
"""Rows of 256 bytes and their words: 15 MB, below the 16 that a model may have."""

_MIN_OCCURRENCES = 12
"""A word seen less often in the trees gets no row of its own."""

_SIF = 1e-3
"""As in `distil`: words more frequent than this begin with less weight."""

RECIPE = contrast.Recipe(steps=300, batch=1024, learning_rate=0.003, near=0.3, hard=0.4)
_WAY = 0.5
"""How far rows go from what they were to what they would be: all the way lost on Python what other languages won."""


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--tree", action="append", required=True, metavar="NAME=FOLDER", help="sources to learn from")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER, help="the static model to start from")
    parser.add_argument("--output", type=Path, default=MODEL_FOLDER)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    trees = dict(given.split("=", maxsplit=1) for given in arguments.tree)
    refine(arguments.model, pairs_of_trees({name: Path(folder) for name, folder in trees.items()}), arguments.output)


def pairs_of_trees(trees: Mapping[str, Path]) -> list[Pair]:
    """Return the distinct pairs of the trees, each place beginning with the name of its tree."""
    found: list[Pair] = []
    for name, tree in sorted(trees.items()):
        before = len(found)
        for pair in read_documented(tree, MAX_PAIRS):
            found.append(Pair(pair.description, pair.code, pair.name, f"{name}/{pair.place}"))
        _log.info("%s: %d pairs", name, len(found) - before)
    return without_repeats(found)


def refine(model: Path, pairs: Sequence[Pair], output: Path, recipe: contrast.Recipe = RECIPE) -> None:
    """Train the model in the folder `model` on `pairs`, and write it to `output`."""
    before = static_files.read(model)
    vocabulary, vectors = with_new_words(before, pairs)
    _log.info(
        "%d pairs, %d pieces of which %d are new", len(pairs), len(vocabulary), len(vocabulary) - len(before.vocabulary)
    )
    trained = contrast.train(vectors, PieceCounter(vocabulary), pairs, recipe)
    old = len(before.vocabulary)
    vectors = np.concatenate([(1.0 - _WAY) * vectors[:old] + _WAY * trained[:old], trained[old:]])
    origin = json.loads((model / "model.json").read_text(encoding="utf-8"))["origin"]
    trees = sorted({pair.place.split("/", maxsplit=1)[0] for pair in pairs})
    refined = {"from": before.digest, "trees": trees, "pairs": len(pairs), "steps": recipe.steps}
    static_files.write(output, vocabulary, vectors, {**origin, "refined": refined})


def with_new_words(model: static_files.StaticModel, pairs: Sequence[Pair]) -> tuple[list[str], NDArray[np.float32]]:
    """Return the model's vocabulary and vectors, (pieces, dimension), and after them those of the words that `pairs` add.

    A new word begins as the sum of its pieces, which is what it meant to the model before, made smaller the more often it
    comes.
    """
    rows = {piece: row for row, piece in enumerate(model.vocabulary)}
    vectors = model.codes.astype(np.float32) * model.scales[:, None]
    counts = word_frequencies(pairs)
    total = sum(counts.values())
    room = max(0, MAX_PIECES - len(rows))
    added: list[str] = []
    begun: list[NDArray[np.float32]] = []
    for word, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        if count < _MIN_OCCURRENCES or len(added) >= room:
            break
        pieces = split_word(word, rows)
        if word not in rows and word.isascii() and word.isalpha() and len(pieces) > 1:
            added.append(word)
            begun.append(vectors[list(pieces)].sum(axis=0) * (_SIF / (_SIF + count / total)))
    new = np.stack(begun) if begun else np.zeros((0, vectors.shape[1]), np.float32)
    return [*model.vocabulary, *added], np.concatenate([vectors, new])


if __name__ == "__main__":
    main()
