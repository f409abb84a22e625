"""Runs in the environment of semble, not in ours: `export MODEL FOLDER`, `files SOURCE`, `index SOURCE FOLDER QUESTION`.

Prints one JSON object. The contents are those that semble can index: code, documents, configuration.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from semble import SembleIndex
from semble.types import ContentType

CONTENT = (ContentType.CODE, ContentType.DOCS, ContentType.CONFIG)
_UNKNOWN = "[UNK]"


def export(model: str, folder: str) -> dict[str, int]:
    """Write our static model as a model2vec folder: the same pieces and vectors, with WordPiece to find them."""
    import numpy as np
    from model2vec import StaticModel
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer

    source = Path(model)
    pieces = (source / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:-1]
    vectors = np.load(source / "codes.npy").astype(np.float32) * np.load(source / "scales.npy")[:, None]
    vectors = np.vstack([vectors, np.zeros((1, vectors.shape[1]), np.float32)])
    tokenizer = Tokenizer(WordPiece({piece: row for row, piece in enumerate([*pieces, _UNKNOWN])}, unk_token=_UNKNOWN))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    StaticModel(vectors, tokenizer, normalize=True).save_pretrained(folder)
    return {"pieces": len(pieces), "dimension": int(vectors.shape[1])}


def files(source: str) -> dict[str, list[str]]:
    """The files that semble would index, relative to the source."""
    from semble.index.file_walker import walk_files
    from semble.index.files import FileStatus, get_extensions, get_file_status

    root = Path(source).resolve()
    found = [
        path for path in walk_files(root, get_extensions(CONTENT)) if get_file_status(path, path.stat()) is FileStatus.VALID
    ]
    return {"files": [path.relative_to(root).as_posix() for path in found]}


def index(source: str, folder: str, question: str) -> dict[str, object]:
    """Index and save, as its own command does, then ask once."""
    began = time.perf_counter()
    made = SembleIndex.from_path(source, content=CONTENT)
    indexed = time.perf_counter() - began
    made.save(folder)
    results = made.search(question, top_k=5)
    return {
        "files": made.stats.indexed_files,
        "chunks": made.stats.total_chunks,
        "dimension": made.model.dim,
        "seconds": indexed,
        "results": [result.chunk.file_path for result in results],
    }


if __name__ == "__main__":
    command = {"export": export, "files": files, "index": index}[sys.argv[1]]
    print(json.dumps(command(*sys.argv[2:])))
