# ruff: noqa: E501 - a pattern is read in one piece
"""Text in a repository that speaks to a model instead of to a reader.

The prompt says that excerpts are data; this only counts and marks what tries to be more, so that a person and a model are
warned. What is found stays as it is.

Before it is looked at, text is taken as a model would read it: without invisible characters, in plain letters, and with the
lines of a comment joined, since an order may run over several.
"""

from __future__ import annotations

import re
import unicodedata

_MODEL = r"(?:ais?|llms?|(?:large\s+)?language\s+models?|chat\s?bots?|(?:ai|coding|code)\s+(?:assistants?|agents?|models?|tools?|systems?|reviewers?))"
_PEOPLE = r"(?:users?|humans?|operators?|developers?|reviewers?|person)"
_PATTERNS = (
    # Orders to drop other orders, in the languages most written.
    (
        "ignor disregard forget overrid bypass",
        r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|preceding|all|your|any)\b[^.\n]{0,30}"
        r"\b(?:instructions?|prompts?|messages?|directions|guidelines|context)\b",
    ),
    ("ignor disregard", r"\b(?:ignore|disregard)\s+(?:all\s+)?(?:the\s+|your\s+)(?:previous|prior|above|earlier)\s+rules\b"),
    ("forget", r"\bforget\s+(?:everything|all|anything)\s+(?:that\s+)?(?:you|i|we|was|has|above|before)\b"),
    ("ignorier vergiss missacht", r"\b(?:ignorier|vergiss|missacht)\w*\b[^.\n]{0,40}\b(?:anweisung|anleitung|vorgabe|regel|befehl)\w*"),
    ("ignor oubli", r"\b(?:ignore[rz]?|oublie[rz]?)\b[^.\n]{0,30}\b(?:instructions|consignes)\b[^.\n]{0,20}\b(?:précédentes|ci-dessus)"),
    ("ignor olvid", r"\b(?:ignora|olvida|ignore)\b[^.\n]{0,30}\binstrucciones\b"),
    ("忽略 无视 無視 忘れ", r"(?:忽略|无视)[^。\n]{0,12}(?:指令|指示|提示)|(?:以前|上記)の(?:指示|命令)を(?:無視|忘れ)"),
    # What a model is to be from now on.
    ("you", rf"\byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:\w+\s+){{0,2}}(?:{_MODEL}|assistant)\b"),
    ("you", r"\byou\s+are\s+now\s+(?:in|a|an|the|my)\s+(?:\w+\s+){0,2}(?:mode|assistant|persona|role)\b"),
    (
        "your",
        r"\byour\s+(?:new|real|only|true)\s+(?:task|instructions?|rules|goal|role)\s+(?:is|are)\b|\bas\s+your\s+new\s+(?:rules|instructions)\b",
    ),
    ("as", r"\bas\s+an\s+ai\s+(?:language\s+)?(?:model|assistant)\b"),
    # Who is spoken to.
    (
        "attention note message instruction reminder hint",
        rf"\b(?:attention|note|message|instructions?|reminder|hint)\s+(?:to|for)\s+(?:all\s+|any\s+|the\s+)?{_MODEL}\b",
    ),
    (
        "dear attention hey hello",
        rf"\b(?:dear|attention|hey|hello)[\s,:]+(?:{_MODEL}|assistant|claude|chatgpt|gpt|gemini|copilot|cursor)\b",
    ),
    ("you", rf"\bif\s+you(?:\s+are|'re)\s+(?:an?\s+)?(?:\w+\s+)?{_MODEL}\b"),
    (
        "ai llm language chat coding code",
        rf"\b{_MODEL}\s+(?:that|which|who|when|reading|processing|reviewing|summari[sz]ing|analy[sz]ing)\b[^.\n]{{0,60}}\b(?:must|should|shall|are\s+(?:to|required|asked))\b",
    ),
    # What it shall say, show or keep from whom.
    (
        "prompt instruction message",
        r"\b(?:reveal|print|repeat|output|leak|show)\b[^.\n]{0,20}\b(?:your|the)\s+(?:system\s+|hidden\s+|initial\s+)(?:prompt|instructions?|message)\b",
    ),
    (
        "not don't never",
        rf"\b(?:do\s+not|don't|never)\s+(?:tell|inform|alert|warn|mention\s+\w+(?:\s+\w+){{0,2}}\s+to)\s+the\s+{_PEOPLE}\b",
    ),
    ("question", r"\b(?:answer|respond\s+to)\s+(?:every|any|all|each)\s+questions?\b[^.\n]{0,60}\bwith\b"),
    ("instruction", r"^\W{0,8}(?:new|updated|important)\s+(?:system\s+)?instructions?\s*:"),
    ("system", r"^\W{0,8}system\s*:\s+(?:you|from\s+(?:now|here)|ignore|always|never|answer|respond|disregard)\b"),
    # Marks of the forms that conversations are given to models in.
    ("<|", r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>"),
    ("inst] sys>> ###", r"\[/?inst\]|<</?sys>>|^\W{0,8}###\s*(?:instruction|response)s?\s*:\s*$"),
    ("assistant ai", r"^\W{0,8}(?:human|user)\s*:\s[^\n]*\n(?:\W{0,8}\n)?\W{0,8}(?:assistant|ai)\s*:\s"),
)  # fmt: skip
"""Patterns over small letters, each with the texts of which one must be there for it to be worth trying."""
_INSTRUCTIONS = tuple((tuple(signs.split()), re.compile(pattern, re.MULTILINE)) for signs, pattern in _PATTERNS)
_HIDDEN = re.compile(r"[\U000E0020-\U000E007F]{4,}")
"""Letters that are not shown (the tags of Unicode): a text of them can only be meant for a machine."""
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\U000E0000-\U000E007F]")
_NEXT_LINE = re.compile(r"(?<=[^\s.:;!?{}()<>=,])\n[ \t]*(?:#+|//+[/!]?|\*(?!/)|--|;+|%+|>+)?[ \t]*(?=[a-z])")
"""A line that goes on in small letters, with what a comment begins its lines with."""


def count_instructions(text: str) -> int:
    """How many times `text` addresses a model."""
    hidden = 0
    plain = text
    if not text.isascii():
        hidden = len(_HIDDEN.findall(text))
        plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    plain = _NEXT_LINE.sub(" ", plain).lower()
    patterns = (pattern for signs, pattern in _INSTRUCTIONS if any(sign in plain for sign in signs))
    return hidden + sum(1 for pattern in patterns for _ in pattern.finditer(plain))
