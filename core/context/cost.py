"""What sending a pack costs a model, and how much the whole source would.

The figures are those of a dense transformer of common size: 32 layers, 32 attention heads and 8 key-value heads of 128
dimensions, values of 16 bits (the shape of the widespread models with 8 billion parameters). For n LLM tokens its cache
holds 2·L·H_kv·d·n values and its attention takes 4·L·H·d·n² operations.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from core.model.context import Cost
from core.ports import FileReader, TokenCounter

_SAMPLED_FILES = 24
_SAMPLED_CHARACTERS = 3_000
"""A file; 24 × 3,000 characters are counted in some 20 ms and estimate a source's tokens to a few per cent."""


@dataclass(frozen=True, slots=True)
class ModelDimensions:
    """The shape of a transformer, as far as its attention goes."""

    layers: int = 32
    heads: int = 32
    key_value_heads: int = 8
    head_dimension: int = 128
    bytes_per_value: int = 2


def cost_of(tokens: int, whole_source_tokens: int, dimensions: ModelDimensions) -> Cost:
    """The cost of a prompt of `tokens`; the ratio compares it with all of the source's tokens at once."""
    per_token = 2 * dimensions.layers * dimensions.key_value_heads * dimensions.head_dimension * dimensions.bytes_per_value
    attention = 4.0 * dimensions.layers * dimensions.heads * dimensions.head_dimension * float(tokens) ** 2
    ratio = (whole_source_tokens / tokens) ** 2 if tokens else 0.0
    return Cost(per_token * tokens, attention, ratio)


def whole_source_tokens(reader: FileReader, counter: TokenCounter, seed: int = 0) -> int:
    """The LLM tokens of every indexed file, estimated from a seeded sample.

    Files are drawn with a chance in proportion to their size, and from each a window at a random place; the sample's tokens
    per byte then hold for all bytes.
    """
    files = [file for file in reader.files() if file.size > 0]
    total = sum(file.size for file in files)
    if not total:
        return 0
    drawn = random.Random(seed)
    chosen = files
    if len(files) > _SAMPLED_FILES:
        chosen = drawn.choices(files, weights=[file.size for file in files], k=_SAMPLED_FILES)
    sampled_bytes = 0
    tokens = 0
    for file in chosen:
        text = reader.text(file.path)
        start = drawn.randrange(max(1, len(text) - _SAMPLED_CHARACTERS + 1))
        window = text[start : start + _SAMPLED_CHARACTERS]
        # A window of a longer file stands for that file's bytes when every file is taken.
        weight = len(text) / len(window) if chosen is files and window else 1.0
        sampled_bytes += int(weight * len(window.encode()))
        tokens += int(weight * counter.count(window))
    return round(tokens / sampled_bytes * total) if sampled_bytes else 0
