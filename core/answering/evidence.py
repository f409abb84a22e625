"""The answer without a model: structural questions from the code graph, all others from what the ranking and the graph say
together. Every sentence is put together from the index and cites the lines it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.answering.relations import answer_relation
from core.answering.statements import Section, compose, without_model
from core.answering.story import Story
from core.answering.tools import Tools
from core.context.passages import shows
from core.model.answer import Answer, Sentence
from core.model.ranking import Origin, Ranking
from core.model.source import Place
from core.retrieval.structural import read_structural

_PLACES = 5
"""Places an answer is about."""
_LIKENESS = frozenset({Origin.DENSE})
"""Evidence that never fails: something is always nearest. Where there is no other, nothing was found."""


def answer_without_model(
    question: str,
    ranking: Ranking,
    tools: Tools,
    budget: int,
    wanted: Sequence[Section] = (),
    unwanted: Sequence[Place] = (),
) -> Answer:
    """The evidence for a question as an Answer whose provider and model are empty.

    What people want to be in it (their notes, what they pinned) comes after what the answer begins with; a statement that
    rests on an `unwanted` place is left out. Raises UsageError for a budget too small for one excerpt.
    """
    found = sections_for(question, ranking, tools)
    sections = [_without(section, unwanted) for section in [*found[:1], *wanted, *found[1:]]]
    if not any(section.statements for section in sections):
        return _nothing_found(question, tools, budget)
    return compose(question, sections, tools.builder, tools.reader, budget)


def sections_for(question: str, ranking: Ranking, tools: Tools) -> list[Section]:
    """What is to be said about a question: about a symbol of the index by the graph, where that is what it asks, else by the
    ranking; nothing where nothing was found."""
    reader, texts = tools.reader, tools.builder.texts
    structural = read_structural(question)
    sections = answer_relation(structural, ranking, reader, texts) if structural else []
    if not sections and any(set(hit.origins) - _LIKENESS for hit in ranking.hits):
        places = tools.focus(question, ranking, _PLACES)
        sections = Story(question, places, reader, texts).sections() if places else []
    return sections


def _without(section: Section, places: Sequence[Place]) -> Section:
    kept = [
        statement
        for statement in section.statements
        if not any(shows(passage, place) for passage in statement.rests_on for place in places)
    ]
    return replace(section, statements=tuple(kept))


def _nothing_found(question: str, tools: Tools, budget: int) -> Answer:
    files = tools.reader.files()
    unparsed = sum(1 for file in files if file.language == "text")
    text = f"Not found: searched {len(files):,} files, {unparsed:,} of them as plain text without a parser."
    pack = tools.builder.build_from(question, (), budget)
    return without_model(question, text, (Sentence(text, (), True),), pack)
