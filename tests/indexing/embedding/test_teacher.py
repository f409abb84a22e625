"""The teacher in numpy, on a tiny model of random weights."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from indexing.embedding.teacher import Teacher

WIDTH, HEADS, INNER = 8, 2, 16


class Letters:
    """Stands for a tokenizer: a piece a letter."""

    def no_padding(self) -> None: ...

    def encode_batch(self, texts: list[str]) -> list[SimpleNamespace]:
        return [SimpleNamespace(ids=[ord(letter) - 97 for letter in text]) for text in texts]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rng = np.random.default_rng(5)
    layer = "encoder.layer.0."
    shapes = {
        "embeddings.word_embeddings.weight": (26, WIDTH),
        "embeddings.position_embeddings.weight": (12, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for name, shape in {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "attention.output.LayerNorm": (WIDTH,),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
        "output.LayerNorm": (WIDTH,),
    }.items():
        shapes |= {f"{layer}{name}.weight": shape, f"{layer}{name}.bias": shape[:1]}
    told: dict[str, object] = {"__metadata__": {"format": "pt"}}
    content = b""
    for name, shape in shapes.items():
        tensor = rng.normal(size=shape).astype("<f4").tobytes()
        told[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(content), len(content) + len(tensor)]}
        content += tensor
    head = json.dumps(told).encode()
    head += b" " * (-len(head) % 8)
    (tmp_path / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + content)
    (tmp_path / "config.json").write_text(json.dumps({"num_hidden_layers": 1, "num_attention_heads": HEADS}))
    (tmp_path / "tokenizer.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "tokenizers", SimpleNamespace(Tokenizer=SimpleNamespace(from_file=lambda _: Letters())))
    return tmp_path


def test_a_text_is_embedded_alike_beside_longer_ones(folder: Path) -> None:
    teacher = Teacher(folder)
    alone = teacher.embed(["cab"])
    assert alone.shape == (1, WIDTH)
    assert np.linalg.norm(alone[0]) == pytest.approx(1.0, abs=1e-5)
    together = teacher.embed(["bdfhkmo", "cab", "x"])
    assert together[1] == pytest.approx(alone[0], abs=1e-5)


def test_the_order_of_the_pieces_counts(folder: Path) -> None:
    first, second = Teacher(folder).embed(["ab", "ba"])
    assert np.abs(first - second).max() > 1e-3
