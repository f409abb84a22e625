"""Text in a repository that speaks to a model instead of to a reader.

The prompt says that excerpts are data; this only counts and marks what tries to be more, so that a person and a model are
warned. What is found stays as it is.
"""

from __future__ import annotations

import re

_PATTERNS = (
    r"\b(?:ignore|disregard|forget|override)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|preceding|all)\b[^.\n]{0,30}"
    r"\b(?:instructions?|prompts?|messages?|directions|rules|context)\b",
    r"\byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:\w+\s+){0,2}(?:ai|llm|assistant|language\s+model|chat\s?bot)\b",
    r"\b(?:attention|note|message|instructions?)\s+(?:to|for)\s+(?:all\s+|any\s+|the\s+)?(?:ai|llms?|language\s+models?|ai\s+assistants?"
    r"|coding\s+assistants?|ai\s+agents?)\b",
    r"\b(?:reveal|print|repeat|output|leak|show)\b[^.\n]{0,20}\b(?:your|the)\s+(?:system\s+|hidden\s+|initial\s+)(?:prompt|instructions?|message)\b",
    r"\b(?:do\s+not|don't|never)\s+(?:tell|inform|mention\s+(?:this|it)\s+to|alert|warn)\s+the\s+(?:user|human|operator)\b",
    r"\bas\s+an\s+ai\s+(?:language\s+)?(?:model|assistant)\b",
    r"^\W{0,8}(?:new|updated|important)\s+(?:system\s+)?instructions?\s*:",
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>",
    r"\[/?INST\]|<</?SYS>>",
    r"[\U000E0020-\U000E007F]{4,}",
)
_INSTRUCTION = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE | re.MULTILINE)


def count_instructions(text: str) -> int:
    """How many times `text` addresses a model."""
    return sum(1 for _ in _INSTRUCTION.finditer(text))
