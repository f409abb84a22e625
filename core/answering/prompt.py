"""The messages that a model is sent for a pack. Their words stand in `resources/prompts/`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template

from core.model.answer import Message
from core.model.context import Pack
from core.ports import TokenCounter


def messages_for(pack: Pack, asked: str = "", earlier: str = "") -> tuple[Message, ...]:
    """The system message, then the excerpts with the question after them, where a model reads best; between them what came
    `earlier`. The question is as it was `asked`, with the pack's in brackets where that says what was meant."""
    question = pack.question.strip()
    if asked and asked.strip() != question:
        question = f"{asked.strip()} (meaning: {question})"
    return messages_around(f"{pack.text}\n{earlier}\n" if earlier else pack.text, question)


def messages_around(excerpts: str, question: str) -> tuple[Message, ...]:
    """The messages for excerpts that are text already."""
    user = Template(_prompt("question.md")).substitute(excerpts=excerpts, question=question)
    return Message("system", _prompt("system.md").strip()), Message("user", user.strip())


def prompt_tokens(question: str, counter: TokenCounter) -> int:
    """The LLM tokens of a prompt beside its pack."""
    user = Template(_prompt("question.md")).substitute(excerpts="", question=question)
    return counter.count(_prompt("system.md")) + counter.count(user)


@cache
def _prompt(name: str) -> str:
    return files("resources").joinpath("prompts", name).read_text(encoding="utf-8")
