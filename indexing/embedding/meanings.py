"""Tells a model which words are near in meaning: ``python -m indexing.embedding.meanings --teacher FOLDER``.

A maker's tool; the application never imports it. The vectors of the static model are trained on code, where `library` is
near to `dlopen` and `package` to `unzip`. A question in everyday words means the other thing, so the words nearest to each
are told by a larger transformer that was trained on what people say: by what it makes of each word alone.

Needs PyTorch and ``transformers``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from indexing.embedding import static_files
from indexing.embedding.distil import teach
from indexing.embedding.near_words import whole_words
from indexing.embedding.static import MODEL_FOLDER


def main() -> None:
    """Read the command line and rewrite the near words of a model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--teacher", type=Path, required=True, help="folder of a model with a WordPiece vocabulary")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    arguments = parser.parse_args()
    if not (arguments.teacher / "config.json").is_file():
        parser.error(f"{arguments.teacher} has no config.json: name the folder of a model")
    vocabulary = static_files.read(arguments.model).vocabulary
    taught = teach(arguments.teacher, [vocabulary[row] for row in whole_words(vocabulary).tolist()])
    origin = {"near words": f"{arguments.teacher.name}, of each word alone"}
    static_files.rewrite_near_words(arguments.model, taught - taught.mean(axis=0), origin)


if __name__ == "__main__":
    main()
