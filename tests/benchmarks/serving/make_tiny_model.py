"""Makes a model of some thousand weights drawn at random, with a tokenizer learnt from a few texts: `TARGET TEXT…`.

Run by the interpreter that `transformers` is installed for, so nothing of ours is imported. The model writes nonsense, and
as much of it as it is asked for: it knows no end.
"""

from __future__ import annotations

import sys

import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TEMPLATE = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:"
WORDS = 4_096
MOST_TOKENS = 4_000


def main(target: str, *texts: str) -> None:
    """Write the model and its tokenizer into the folder `target`."""
    learnt = ByteLevelBPETokenizer()
    learnt.train(list(texts), vocab_size=WORDS, special_tokens=["<s>", "</s>"])
    learnt.save(f"{target}.json")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{target}.json", bos_token="<s>", eos_token="</s>", pad_token="</s>")
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=32_768,
    )
    model = LlamaForCausalLM(config)
    model.generation_config.max_new_tokens = MOST_TOKENS
    model.generation_config.eos_token_id = None
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
