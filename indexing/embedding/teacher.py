"""The teacher without PyTorch: a BERT-like model of sentence-transformers, computed by numpy. A maker's tool.

The computation is that of Devlin et al., "BERT", NAACL 2019, without dropout; the mean over the last layer is the text's
vector.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.ports import FloatMatrix

_EPSILON = 1e-12
_AT_ONCE = 256
_NEVER = np.float32(-1e9)


class Teacher:
    """Embeds texts of a few words."""

    def __init__(self, folder: Path) -> None:
        """Open ``model.safetensors``, ``tokenizer.json`` and ``config.json`` in `folder`."""
        from tokenizers import Tokenizer

        self._weights = _weights(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._layers, self._heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])

    def embed(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (len(texts), dimension) float32 with rows of length 1."""
        sequences = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(sequences)), key=lambda place: len(sequences[place]))
        result = np.empty((len(texts), self._weights["embeddings.word_embeddings.weight"].shape[1]), np.float32)
        for begin in range(0, len(order), _AT_ONCE):
            places = order[begin : begin + _AT_ONCE]
            result[places] = self._embedded([sequences[place] for place in places])
        return result

    def _embedded(self, sequences: Sequence[Sequence[int]]) -> FloatMatrix:
        length = max(map(len, sequences))
        ids = np.zeros((len(sequences), length), np.int64)
        mask = np.zeros((len(sequences), length), np.float32)
        for place, sequence in enumerate(sequences):
            ids[place, : len(sequence)] = sequence
            mask[place, : len(sequence)] = 1.0
        weights = self._weights
        hidden = (
            weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][:length]
        )
        hidden = self._even(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(self._layers):
            hidden = self._layer(hidden, (1.0 - mask)[:, None, None, :] * _NEVER, f"encoder.layer.{layer}")
        mean = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True))

    def _layer(self, hidden: NDArray[np.float32], unseen: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        """One layer: (texts, length, dimension) to the same; `unseen` is far below 0 where a text has ended."""
        from scipy.special import erf

        texts, length, dimension = hidden.shape
        width = dimension // self._heads

        def heads(part: str) -> NDArray[np.float32]:
            turned = self._linear(hidden, f"{name}.attention.self.{part}")
            return turned.reshape(texts, length, self._heads, width).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(width**0.5) + unseen
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        seen = (shares @ heads("value")).transpose(0, 2, 1, 3).reshape(hidden.shape)
        attended = self._linear(seen, f"{name}.attention.output.dense")
        hidden = self._even(hidden + attended, f"{name}.attention.output.LayerNorm")
        inner = self._linear(hidden, f"{name}.intermediate.dense")
        passed = np.asarray(inner * np.float32(0.5) * (1.0 + erf(inner / np.float32(2**0.5))), np.float32)
        return self._even(hidden + self._linear(passed, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return np.asarray(values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], np.float32)

    def _even(self, values: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        centred = values - values.mean(axis=-1, keepdims=True)
        centred = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + _EPSILON)
        return np.asarray(centred * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"], np.float32)


def _weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """The tensors of a safetensors file that are float32, by name, mapped into memory."""
    content = np.memmap(path, np.uint8, "r")
    start = 8 + int.from_bytes(content[:8].tobytes(), "little")
    told = json.loads(content[8:start].tobytes())
    found = {}
    for name, tensor in told.items():
        if name != "__metadata__" and tensor["dtype"] == "F32":
            begin, end = tensor["data_offsets"]
            found[name] = content[start + begin : start + end].view(np.float32).reshape(tensor["shape"])
    return found
