"""The messages that a model is sent for a pack. Their words stand in `resources/prompts/`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template

from core.model.answer import Message
from core.model.context import Pack


def messages_for(pack: Pack) -> tuple[Message, ...]:
    """The system message, then the excerpts with the question after them, where a model reads best."""
    user = Template(_prompt("question.md")).substitute(excerpts=pack.text, question=pack.question.strip())
    return Message("system", _prompt("system.md").strip()), Message("user", user.strip())


@cache
def _prompt(name: str) -> str:
    return files("resources").joinpath("prompts", name).read_text(encoding="utf-8")
