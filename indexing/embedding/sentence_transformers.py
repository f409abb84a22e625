"""Any model of the library sentence-transformers as an `Embedder`, on the CPU or on CUDA.

The library and PyTorch are imported when an embedder is made, not before; both come with the extra ``transformers``.
A model's own code is never run (``trust_remote_code`` stays off), and nothing is downloaded unless asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from core.errors import MissingPartError
from core.ports import FloatMatrix, FloatVector

Device = Literal["auto", "cpu", "cuda"]

_BATCH = {"cpu": 16, "cuda": 256}
"""Texts sent through the model together: more does not help a CPU, and a batch of chunks fits 8 GB of a GPU."""

_HASHED = (".json", ".txt", ".model", ".safetensors", ".bin")
"""Endings of the files that decide a vector: configuration, vocabulary, weights. A README or another export does not."""


class SentenceTransformersEmbedder:
    """An `Embedder` over a model of sentence-transformers.

    The model's prompts for queries and documents are used, and each call's texts are batched by length (the library sorts
    them). On CUDA the weights are bfloat16, or float16 where the device has no bfloat16; such vectors differ from the
    CPU's in the third digit, which is no reason to embed again, so `version` does not tell them apart.
    """

    def __init__(
        self,
        model: str,
        device: Device = "auto",
        *,
        dimension: int | None = None,
        prompts: Mapping[str, str] | None = None,
        download: bool = False,
    ) -> None:
        """Load `model`, a folder or a name on the Hugging Face Hub.

        Args:
            model: what to load; a name is looked for among the downloaded ones unless `download` is set.
            device: where it runs; "auto" takes CUDA if there is one.
            dimension: keep so many leading dimensions, for models trained for that; None keeps the model's own choice.
            prompts: what to put before a "query" and a "document", instead of the model's own.
            download: fetch a model that is not on this machine.

        Raises:
            MissingPartError: the library, the model or the device is missing, or the model cannot be read.
        """
        try:
            import sentence_transformers
            import torch
            from transformers.utils import logging
        except ImportError as error:
            raise MissingPartError(
                "the embedder needs sentence-transformers", str(error), 'install it: pip install "codestrata[transformers]"'
            ) from error
        logging.disable_progress_bar()
        # Not a subclass of ValueError or OSError, and not worth a dependency of its own.
        damaged = import_module("safetensors").SafetensorError
        self._device = _choose_device(device, cuda=torch.cuda.is_available())
        try:
            loaded = sentence_transformers.SentenceTransformer(
                model,
                device=self._device,
                prompts=dict(prompts) if prompts else None,
                truncate_dim=dimension,
                local_files_only=not download,
                trust_remote_code=False,
            )
            folder = _folder_of(model)
        except (OSError, ValueError, KeyError, damaged) as error:
            raise MissingPartError(
                f"the embedding model {model} cannot be loaded",
                str(error).split("\n", maxsplit=1)[0],
                "check the folder" if Path(model).is_absolute() else f"check the name, or get it: hf download {model}",
            ) from error
        if self._device == "cuda":
            loaded = loaded.bfloat16() if torch.cuda.is_bf16_supported() else loaded.half()
        self._model: _Model = loaded
        self._name = f"sentence-transformers:{model}"
        self._dimension = int(self._model.encode_document(["a"], show_progress_bar=False).shape[1])
        self._version = _version(folder, self._dimension, loaded.prompts)

    @property
    def name(self) -> str:
        return self._name

    @property
    def version(self) -> str:
        return self._version

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed_documents(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (len(texts), dimension) float32 with rows of length 1; a blank text gives zeros."""
        return self._embed(self._model.encode_document, texts)

    def embed_query(self, text: str) -> FloatVector:
        """Return (dimension,) float32 of length 1, or zeros for a blank text."""
        return np.asarray(self._embed(self._model.encode_query, [text])[0])

    def _embed(self, encode: _Encode, texts: Sequence[str]) -> FloatMatrix:
        result = np.zeros((len(texts), self._dimension), dtype=np.float32)
        rows = [row for row, text in enumerate(texts) if text.strip()]
        if rows:
            said = encode([texts[row] for row in rows], batch_size=_BATCH[self._device], show_progress_bar=False)
            said = np.asarray(said, dtype=np.float32)
            lengths = np.linalg.norm(said, axis=1, keepdims=True)
            result[rows] = said / np.maximum(lengths, np.finfo(np.float32).tiny)
        return result


class _Encode(Protocol):
    def __call__(self, inputs: list[str], /, *, batch_size: int = ..., show_progress_bar: bool) -> FloatMatrix: ...


class _Model(Protocol):
    """What is used of a SentenceTransformer."""

    @property
    def encode_query(self) -> _Encode: ...
    @property
    def encode_document(self) -> _Encode: ...


def _choose_device(device: Device, *, cuda: bool) -> str:
    if device == "cuda" and not cuda:
        raise MissingPartError("there is no CUDA device", "PyTorch does not see one", "choose the device auto or cpu")
    if device == "auto":
        return "cuda" if cuda else "cpu"
    return device


def _folder_of(model: str) -> Path:
    """Return where the files of `model` lie, which has been loaded and so is on this machine."""
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download

    # Names without an owner mean the library's own models, here as in sentence-transformers.
    return Path(snapshot_download(model if "/" in model else f"sentence-transformers/{model}", local_files_only=True))


def _version(folder: Path, dimension: int, prompts: Mapping[str, str]) -> str:
    """Return 16 hexadecimal digits that change with the model's files, the dimension and the prompts."""
    digest = hashlib.sha256(json.dumps([dimension, sorted(prompts.items())]).encode())
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix in _HASHED and not {"onnx", "openvino"} & set(inside.parts):
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{inside.as_posix()}\n{content}\n".encode())
    return digest.hexdigest()[:16]
