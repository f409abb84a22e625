"""Statements: sentences that carry the lines they rest on, so that no sentence can be written without a citation.

An answer without a model is a list of sections of statements. The pack is built from the lines they rest on, in the order
they are mentioned; what did not fit takes its statements with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.answering.grounding import citations_of, ground
from core.context.builder import PackBuilder
from core.context.passages import Passage
from core.context.redact import redact_text
from core.model.answer import Answer, Sentence, Usage
from core.model.context import ExcerptRole, Pack
from core.ports import IndexReader


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence without its full stop, and the passages it cites."""

    text: str
    rests_on: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under a heading (none for the first), as a paragraph, a list or a numbered list of steps."""

    heading: str
    statements: tuple[Statement, ...]
    style: str = "list"
    """`prose`, `list` or `steps`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that can be shown: sentences that need not be held against the index, then text that has not been yet."""

    question: str
    known: tuple[Sentence, ...]
    said: str
    pack: Pack

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(filter(None, (" ".join(sentence.text for sentence in self.known), self.said)))


def compose(question: str, sections: Sequence[Section], builder: PackBuilder, budget: int) -> Draft:
    """What these sections say, over the pack of what they rest on."""
    passages = [passage for section in sections for statement in section.statements for passage in statement.rests_on]
    pack = builder.build_from(question, passages, budget)
    parts: list[str] = []
    for section in sections:
        lines = [line for statement in section.statements if (line := _line(statement, pack))]
        if lines:
            parts.append(_section_text(section, lines))
    return Draft(question, (), "\n\n".join(parts), pack)


def judged(draft: Draft, reader: IndexReader) -> Answer:
    """The record of an answer that no model had a part in, each sentence held against the index."""
    sentences = (*draft.known, *ground(draft.said, draft.pack, reader))
    citations = citations_of(sentences, draft.pack)
    return Answer(draft.question, "", "", draft.text, citations, sentences, draft.pack, Usage(0, 0, None), None)


def _line(statement: Statement, pack: Pack) -> str:
    """A statement with its numbers and full stop, without secrets; empty if something it rests on is not in the pack."""
    numbers: dict[int, None] = {}
    for passage in statement.rests_on:
        n = _number_of(passage, pack)
        if n is None:
            return ""
        numbers[n] = None
    cited = "".join(f"[{n}]" for n in numbers)
    return f"{redact_text(statement.text, statement.rests_on[0].path)[0]} {cited}."


def _number_of(passage: Passage, pack: Pack) -> int | None:
    """The excerpt that shows the last range a passage keeps, which is the one it is about."""
    if passage.role is ExcerptRole.NOTE:
        text = redact_text(passage.outline, passage.path)[0]
        return next((excerpt.n for excerpt in pack.excerpts if excerpt.role is passage.role and excerpt.text == text), None)
    start, end = passage.kept[-1]
    code = [excerpt for excerpt in pack.excerpts if excerpt.role is not ExcerptRole.NOTE]
    for excerpt in code:
        if excerpt.path == passage.path and excerpt.start_line <= start and end <= excerpt.end_line:
            return excerpt.n
    for excerpt in code:
        if excerpt.path == passage.path and excerpt.start_line <= start <= excerpt.end_line:
            return excerpt.n
    return None


def _section_text(section: Section, lines: Sequence[str]) -> str:
    heading = f"**{section.heading}**\n\n" if section.heading else ""
    if section.style == "prose":
        return heading + " ".join(lines)
    if section.style == "steps":
        return heading + "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return heading + "\n".join(f"- {line}" for line in lines)
