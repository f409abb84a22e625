"""The answer without a model: structural questions from the code graph, all others from what the ranking and the graph say
together. Every sentence is put together from the index and cites the lines it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.answering.relations import answer_relation
from core.answering.statements import Draft, Section, compose, judged
from core.answering.story import Story
from core.answering.tools import Tools
from core.answering.wording import enumerated
from core.context.passages import shows
from core.context.question import LONGEST_ASKED, unheld_words
from core.model.answer import Answer, Sentence
from core.model.context import ExcerptRole
from core.model.ranking import Origin, Ranking
from core.model.source import Place
from core.retrieval.structural import read_structural

_PLACES = 5
"""Places an answer is about."""
_LIKENESS = frozenset({Origin.DENSE})
"""Evidence that never fails: something is always nearest. Where there is no other, nothing was found."""
_MOST_UNHELD = 0.5
"""The share of a question that may stand nowhere in the source. What is found by less answers another question."""
_NAMED_WORDS = 4


def answer_without_model(
    question: str,
    ranking: Ranking,
    tools: Tools,
    budget: int,
    wanted: Sequence[Section] = (),
    unwanted: Sequence[Place] = (),
) -> Answer:
    """The evidence for a question as an Answer whose provider and model are empty; see `draft_without_model`."""
    return judged(draft_without_model(question, ranking, tools, budget, wanted, unwanted), tools.reader)


def draft_without_model(
    question: str,
    ranking: Ranking,
    tools: Tools,
    budget: int,
    wanted: Sequence[Section] = (),
    unwanted: Sequence[Place] = (),
) -> Draft:
    """What is said of a question, and its pack: what a person waits for.

    What people want to be in it (their notes, what they pinned) comes after what the answer begins with; a statement that
    rests on an `unwanted` place is left out. Where neither code nor a note was found, that is told before what is pinned.
    Raises UsageError for a budget too small for one excerpt.
    """
    found = [_without(section, unwanted) for section in sections_for(question, ranking, tools)]
    added = [_without(section, unwanted) for section in wanted]
    draft = compose(question, [*found[:1], *added, *found[1:]], tools.builder, budget)
    noted = (passage.role is ExcerptRole.NOTE for section in added for one in section.statements for passage in one.rests_on)
    was_found = any(section.statements for section in found) or any(noted)
    return draft if was_found else replace(draft, known=_not_found(question, tools))


def sections_for(question: str, ranking: Ranking, tools: Tools) -> list[Section]:
    """What is to be said about a question: about a symbol of the index by the graph, where that is what it asks, else by the
    ranking; nothing where nothing was found."""
    reader, texts = tools.reader, tools.builder.texts
    structural = read_structural(question)
    sections = answer_relation(structural, ranking, reader, texts) if structural else []
    if not sections and _is_spoken_of(question, ranking, tools):
        places = tools.focus(question, ranking, _PLACES)
        sections = Story(question, places, reader, texts).sections() if places else []
    return sections


def _is_spoken_of(question: str, ranking: Ranking, tools: Tools) -> bool:
    """Whether the source says what is asked about, or enough of it."""
    origins = {origin for hit in ranking.hits for origin in hit.origins}
    if not origins - _LIKENESS:
        return False
    if Origin.PATH in origins or len(question) > LONGEST_ASKED:
        return True
    return _unheld(question, tools)[1] <= _MOST_UNHELD


def _unheld(question: str, tools: Tools) -> tuple[list[str], float]:
    """What of a question stands nowhere, and its share; of a question about named symbols their names are what counts."""
    structural = read_structural(question)
    return unheld_words(" ".join(structural.names) if structural else question, tools.holds)


def _without(section: Section, places: Sequence[Place]) -> Section:
    kept = [
        statement
        for statement in section.statements
        if not any(shows(passage, place) for passage in statement.rests_on for place in places)
    ]
    return replace(section, statements=tuple(kept))


def _not_found(question: str, tools: Tools) -> tuple[Sentence, ...]:
    files = tools.reader.files()
    unparsed = sum(1 for file in files if file.language == "text")
    sentences = [f"Not found: searched {len(files):,} files, {unparsed:,} of them as plain text without a parser."]
    unheld = [f"`{word}`" for word in _unheld(question, tools)[0]] if len(question) <= LONGEST_ASKED else []
    if unheld:
        sentences.append(f"Nowhere in them stands {enumerated(unheld[:_NAMED_WORDS], len(unheld))}.")
    return tuple(Sentence(text, (), True) for text in sentences)
