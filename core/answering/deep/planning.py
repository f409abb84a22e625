"""Taking a question apart: by a model that is shown what there is, or by rules from the code graph.

The rules take a question with several clauses at its clauses, and ask of what it is about what the graph can tell: who
calls it, what it calls, how the first places reach each other, where they are tested. A sub-question to which the graph has
nothing to say is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from core.answering.evidence import sections_for
from core.answering.follow_ups import stand_alone
from core.answering.inquiry import Inquiry
from core.answering.naming import unique_name
from core.answering.statements import Section
from core.answering.tools import Tools
from core.answering.wording import short_name
from core.context.focus import TYPES
from core.context.redact import redact_text
from core.context.rendering import printable
from core.model.answer import Message
from core.model.conversation import Turn
from core.model.ranking import Ranking
from core.model.source import Place
from core.model.symbol import Symbol
from core.ports import IndexReader

MAX_PARTS = 6
_MAX_CLAUSES = 4
_PLACES = 3
_NAMED = 12
"""Definitions that a model is shown to plan with."""
_LEAST_WORDS = 3
"""Of a sub-question."""
_LONGEST = 300
_ASKING = r"(?:how|what|where|who|which|why|when|is|are|does|do|can)"
_CLAUSE_END = re.compile(
    rf"\?\s+|;\s+|\.\s+(?=[A-Z])|,?\s+(?:and|but|or)\s+(?:then\s+)?(?={_ASKING}\b)|,\s+(?={_ASKING}\b)", re.IGNORECASE
)
_ITEM = re.compile(r"^\s*(?:[-*+•]\s+|\(?\d{1,2}[.):]\s*)")
_FORMATTING = re.compile(r"\*\*|__")


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-question with its ranking, and what the index says to it."""

    question: str
    ranking: Ranking
    sections: tuple[Section, ...]


def parts_by_rules(inquiry: Inquiry, tools: Tools, most: int) -> list[Part]:
    """The sub-questions of a question, at most `most`, each with something to say; none for one that stays whole."""
    symbols = _about(inquiry, tools)
    clauses = _clauses(inquiry.question, symbols, tools.reader)
    asked = [*(clauses if len(clauses) > 1 else []), *_aspects(symbols, tools.reader)]
    found: list[Part] = []
    for question in dict.fromkeys(asked):
        if len(found) == most:
            break
        ranking = tools.rank(question)
        sections = sections_for(question, ranking, tools)
        # A relation that the graph knows nothing of is told in the first section alone.
        if sum(len(section.statements) for section in sections) > 1:
            found.append(Part(question, ranking, tuple(sections)))
    return found


def plan_messages(inquiry: Inquiry, tools: Tools, most: int) -> tuple[Message, ...]:
    """What a model is asked for a plan: the question, and the names of the definitions that seem to matter."""
    places = tools.focus(inquiry.question, inquiry.ranking, _NAMED)
    names = [f"{short_name(place.symbol)} ({place.symbol.path})" for place in places if place.symbol]
    listed = "\n".join(printable(redact_text(name)[0]).replace("```", "'''") for name in names)
    user = Template(_prompt("plan.md")).substitute(names=listed, most=most, question=inquiry.question.strip())
    return Message("system", _prompt("plan_system.md").strip()), Message("user", user.strip())


def read_plan(text: str, most: int) -> list[str]:
    """The questions of a model's plan: its lines that ask something, each once; none where it is no plan."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        question = _FORMATTING.sub("", _ITEM.sub("", line)).strip()
        if question.endswith("?") and len(question) <= _LONGEST and len(question.split()) >= _LEAST_WORDS:
            found[question] = None
    return list(found)[:most]


def _about(inquiry: Inquiry, tools: Tools) -> list[Symbol]:
    places = tools.focus(inquiry.question, inquiry.ranking, _PLACES)
    return [place.symbol for place in places if place.symbol]


def _clauses(question: str, symbols: Sequence[Symbol], reader: IndexReader) -> list[str]:
    """The clauses of a question, each put so that it stands alone."""
    places = tuple(Place(symbol.path, symbol.start_line, symbol.end_line, symbol.qualified_name) for symbol in symbols)
    clauses: list[str] = []
    for clause in _CLAUSE_END.split(question)[:_MAX_CLAUSES]:
        text = clause.strip(" ,.?")
        if len(text.split()) < _LEAST_WORDS:
            continue
        before = [Turn(clauses[-1], clauses[-1], "", places)] if clauses else []
        clauses.append(stand_alone(f"{text}?", before, reader))
    return clauses


def _aspects(symbols: Sequence[Symbol], reader: IndexReader) -> list[str]:
    """What the graph can tell of the first places."""
    names = [f"`{unique_name(symbol, reader)}`" for symbol in symbols]
    asked: list[str] = []
    for place, (symbol, name) in enumerate(zip(symbols, names, strict=True)):
        asked.append(f"who calls {name}?")
        asked.append(f"what inherits from {name}?" if symbol.kind in TYPES else f"what does {name} call?")
        if place == 0:
            asked += [f"which tests test {name}?", *(f"path from {name} to {other}?" for other in names[1:])]
    return asked


@cache
def _prompt(name: str) -> str:
    return files("resources").joinpath("prompts", name).read_text(encoding="utf-8")
