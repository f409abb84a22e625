"""Models made on the spot, too small to mean anything and large enough to run."""

from __future__ import annotations

from pathlib import Path

_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_VOCABULARY = [*_SPECIAL, "open", "close", "file", "socket", "read", "the", "##s", "a", "b", "c"]


def make_sentence_transformer(folder: Path, seed: int = 0, prompts: dict[str, str] | None = None) -> Path:
    """Save a BERT of one layer and 16 dimensions with random weights in `folder`, which is returned."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(seed)
    plain = folder.with_name(folder.name + "-plain")
    plain.mkdir(parents=True)
    (plain / "vocab.txt").write_text("\n".join(_VOCABULARY) + "\n")
    BertTokenizerFast(vocab=str(plain / "vocab.txt"), model_max_length=64).save_pretrained(plain)
    shape = BertConfig(
        vocab_size=len(_VOCABULARY),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(shape).save_pretrained(plain)
    SentenceTransformer(str(plain), device="cpu", prompts=prompts).save_pretrained(str(folder))
    return folder
