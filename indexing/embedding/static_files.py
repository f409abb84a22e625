"""The files of a static model: a folder that is checked when it is opened, mapped into memory, and never unpickled.

* ``vocabulary.txt``: a piece a line, in UTF-8; the line is the row;
* ``codes.npy``: (pieces, dimension) int8, C order;
* ``scales.npy``: (pieces,) float32; ``codes[i] * scales[i]`` is the vector of piece i, its length being its weight;
* ``neighbours.npy``: (whole words, at most 48) unsigned, the rows that `near_words` found nearest to each;
* ``nearness.npy``: (whole words, at most 48) uint8, how near these are;
* ``model.json``: the format, the name, where it comes from, and the SHA-256 of each of the above.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import MissingPartError
from core.ports import FloatMatrix
from indexing.embedding.near_words import nearest, whole_words

FORMAT = 3
"""Raised when the files change their meaning."""

_VOCABULARY, _CODES, _SCALES = _VECTOR_FILES = ("vocabulary.txt", "codes.npy", "scales.npy")
_NEIGHBOURS, _NEARNESS = _WORD_FILES = ("neighbours.npy", "nearness.npy")
_FILES = (*_VECTOR_FILES, *_WORD_FILES)
_NEXT_STEP = "install Codestrata again"


@dataclass(frozen=True, slots=True)
class StaticModel:
    """An opened model.

    Attributes:
        vocabulary: the piece of every row.
        codes: (pieces, dimension) int8, mapped from the file: processes that open the model share it.
        scales: (pieces,) float32.
        digest: 64 hexadecimal digits that change with any of the above.
        neighbours: (whole words, at most 48) unsigned, mapped.
        nearness: (whole words, at most 48) uint8, mapped.
    """

    vocabulary: tuple[str, ...]
    codes: NDArray[np.int8]
    scales: NDArray[np.float32]
    digest: str
    neighbours: NDArray[np.integer]
    nearness: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Description:
    """What a model says of itself: the SHA-256 of each of its files, by name, and the dimension of its vectors."""

    checksums: Mapping[str, str]
    dimension: int

    @property
    def digest(self) -> str:
        """See `StaticModel.digest`."""
        return hashlib.sha256("".join(self.checksums[name] for name in _VECTOR_FILES).encode()).hexdigest()


def describe(folder: Path) -> Description:
    """What the model in `folder` says of itself; `MissingPartError` if that is damaged, of another format, or a file is not
    there. What the files hold is not looked at."""
    try:
        told = _told(folder)
        if told["format"] != FORMAT:
            raise MissingPartError("the static model cannot be used", f"its format is {told['format']}", _NEXT_STEP)
        for name in _FILES:
            (folder / name).stat()
        return Description({name: str(told["sha256"][name]) for name in _FILES}, int(told["dimension"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(error) from error


def read(folder: Path) -> StaticModel:
    """Open the model in `folder`; `MissingPartError` if it is not there, damaged, or of another format."""
    description = describe(folder)
    try:
        for name, expected in description.checksums.items():
            if _sha256(folder / name) != expected:
                raise MissingPartError("the static model cannot be used", f"{name} is damaged", _NEXT_STEP)
        vocabulary = tuple((folder / _VOCABULARY).read_text(encoding="utf-8").split("\n")[:-1])
        codes = _mapped(folder / _CODES)
        scales = np.load(folder / _SCALES, allow_pickle=False)
        neighbours, nearness = _mapped(folder / _NEIGHBOURS), _mapped(folder / _NEARNESS)
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error
    fitting = codes.shape == (len(vocabulary), description.dimension) and scales.shape == (len(vocabulary),)
    fitting &= neighbours.ndim == 2 and neighbours.shape == nearness.shape
    fitting &= codes.dtype == np.int8 and scales.dtype == np.float32 and nearness.dtype == np.uint8
    if not fitting:
        raise MissingPartError("the static model cannot be used", "its files do not belong together", _NEXT_STEP)
    return StaticModel(vocabulary, codes, scales, description.digest, neighbours, nearness)


def write(folder: Path, vocabulary: Sequence[str], vectors: NDArray[np.float32], origin: Mapping[str, object]) -> None:
    """Quantise `vectors`, (pieces, dimension), and write the model; `origin` is kept in ``model.json`` for readers.

    Which words are near to each other is told by `vectors`, until `rewrite_near_words` lets others tell it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_vectors(folder, vocabulary, *_quantised(vectors))
    _write_near_words(folder, vocabulary, vectors[whole_words(vocabulary)])
    _describe(folder, len(vocabulary), int(vectors.shape[1]), origin)


def add_words(folder: Path, words: Sequence[str], vectors: FloatMatrix, origin: Mapping[str, object]) -> None:
    """Append `words`, which the model in `folder` lacks, with `vectors`, (words, dimension); its own stay bit for bit.

    Which words are near to each other is told anew by the vectors of all; `origin` is added.
    """
    told, model = _told(folder), read(folder)
    codes, scales = _quantised(vectors)
    codes, scales = np.concatenate([model.codes, codes]), np.concatenate([model.scales, scales])
    vocabulary = [*model.vocabulary, *words]
    _write_vectors(folder, vocabulary, codes, scales)
    rows = whole_words(vocabulary)
    _write_near_words(folder, vocabulary, codes[rows] * scales[rows, None])
    _describe(folder, len(vocabulary), told["dimension"], {**told["origin"], **origin})


def rewrite_near_words(folder: Path, meanings: FloatMatrix, origin: Mapping[str, object]) -> None:
    """Let `meanings` tell which words of the model in `folder` are near; what else it holds stays. `origin` is added."""
    told = _told(folder)
    vocabulary = (folder / _VOCABULARY).read_text(encoding="utf-8").split("\n")[:-1]
    _write_near_words(folder, vocabulary, meanings)
    _describe(folder, told["pieces"], told["dimension"], {**told["origin"], **origin})


def _mapped(path: Path) -> NDArray[Any]:
    """The array of a file, mapped; as a plain view, for of a `numpy.memmap` each result asks whether it shares the file."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _quantised(vectors: FloatMatrix) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Codes, (n, dimension), and scales, (n,): their product is `vectors`, all but."""
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    return np.rint(vectors / np.maximum(scales, np.finfo(np.float32).tiny)[:, None]).astype(np.int8), scales


def _write_vectors(folder: Path, vocabulary: Sequence[str], codes: NDArray[np.int8], scales: NDArray[np.float32]) -> None:
    (folder / _VOCABULARY).write_text("".join(f"{piece}\n" for piece in vocabulary), encoding="utf-8", newline="\n")
    np.save(folder / _CODES, codes, allow_pickle=False)
    np.save(folder / _SCALES, scales, allow_pickle=False)


def _write_near_words(folder: Path, vocabulary: Sequence[str], meanings: FloatMatrix) -> None:
    """Write which words are near, and how near."""
    for name, table in zip(_WORD_FILES, nearest(vocabulary, meanings), strict=True):
        np.save(folder / name, table, allow_pickle=False)


def _told(folder: Path) -> dict[str, Any]:
    """What the model says of itself, as it is written."""
    told: dict[str, Any] = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return told


def _describe(folder: Path, pieces: int, dimension: int, origin: Mapping[str, object]) -> None:
    description = {
        "format": FORMAT,
        "pieces": pieces,
        "dimension": dimension,
        "origin": dict(origin),
        "sha256": {name: _sha256(folder / name) for name in _FILES},
    }
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(error: Exception) -> MissingPartError:
    return MissingPartError("the static model cannot be read", str(error), _NEXT_STEP)
