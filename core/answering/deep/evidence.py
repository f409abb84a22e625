"""A deep question without a model: the evidence for the whole and for each part, composed over one pack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.answering.deep.planning import MAX_PARTS, Part, parts_by_rules
from core.answering.evidence import answer_without_model, sections_for
from core.answering.inquiry import Inquiry
from core.answering.statements import Section, Statement, compose, judged
from core.answering.tools import Tools
from core.cancellation import CancellationToken
from core.model.answer import Answer, Step, StepKind

_MOST = 12
"""Statements of a part: the first say most."""


def deep_without_model(
    inquiry: Inquiry, tools: Tools, budget: int, wanted: Sequence[Section], cancellation: CancellationToken
) -> Iterator[Step | Answer]:
    """The steps as they are done, and the answer last."""
    cancellation.check("taking the question apart")
    parts = parts_by_rules(inquiry, tools, MAX_PARTS)
    steps = [Step(StepKind.PLAN, 1, 1, inquiry.question, _counted(len(parts), "question"))]
    yield steps[-1]
    sections = [*sections_for(inquiry.question, inquiry.ranking, tools)[:2], *wanted]
    told = {statement.text for section in sections for statement in section.statements}
    for number, part in enumerate(parts, 1):
        cancellation.check("answering the parts")
        fresh = _fresh(part, told)
        told.update(statement.text for statement in fresh)
        sections.append(Section(part.question.replace("*", ""), tuple(fresh)))
        steps.append(Step(StepKind.PART, number, len(parts), part.question, _counted(len(fresh), "statement")))
        yield steps[-1]
    if any(section.statements for section in sections):
        answer = judged(compose(inquiry.question, sections, tools.builder, budget), tools.reader)
    else:
        answer = answer_without_model(inquiry.question, inquiry.ranking, tools, budget)
    steps.append(Step(StepKind.WHOLE, 1, 1, inquiry.question, _counted(len(answer.sentences), "sentence")))
    yield steps[-1]
    yield replace(answer, question=inquiry.asked, understood=inquiry.understood, steps=tuple(steps))


def _fresh(part: Part, told: set[str]) -> list[Statement]:
    """The statements of a part that have not been made, each once."""
    said = {statement.text: statement for section in part.sections for statement in section.statements}
    return [statement for text, statement in said.items() if text not in told][:_MOST]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
