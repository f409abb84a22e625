"""The answer without a model: structural questions from the code graph, all others from what the ranking and the graph say
together. Every sentence is put together from the index and cites the lines it was read from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from core.answering.relations import answer_relation
from core.answering.statements import compose, without_model
from core.answering.story import Story
from core.context.builder import PackBuilder
from core.context.focus import focus
from core.context.question import wanted_weights
from core.model.answer import Answer, Sentence
from core.model.ranking import Origin, Ranking
from core.ports import IndexReader
from core.retrieval.structural import read_structural

_PLACES = 5
"""Places an answer is about."""
_FILES = 80
"""Files whose definitions are looked through, beside those of the hits."""
_LIKENESS = frozenset({Origin.DENSE})
"""Evidence that never fails: something is always nearest. Where there is no other, nothing was found."""


FilesSaying = Callable[[Mapping[str, float], int], Collection[str]]
"""So many files that say the most of weighed terms (`Retriever.files_saying`)."""


def answer_without_model(
    question: str, ranking: Ranking, reader: IndexReader, builder: PackBuilder, budget: int, files_saying: FilesSaying
) -> Answer:
    """The evidence for a question as an Answer whose provider and model are empty.

    A structural question about a symbol of the index is answered from the graph, any other from the ranking and from the
    definitions of the files that say most of it; all definitions of a large index would take seconds to read. Raises
    UsageError for a budget too small for one excerpt.
    """
    structural = read_structural(question)
    sections = answer_relation(structural, ranking, reader, builder.texts) if structural else []
    if not sections and any(set(hit.origins) - _LIKENESS for hit in ranking.hits):
        paths = {hit.path for hit in ranking.hits}.union(files_saying(wanted_weights(question), _FILES))
        places = focus(
            question, builder.locate(ranking), reader.definition_table(paths), reader, _PLACES, len(reader.chunk_table().ids)
        )
        sections = Story(question, places, reader, builder.texts).sections() if places else []
    if not sections:
        return _nothing_found(question, reader, builder, budget)
    return compose(question, sections, builder, reader, budget)


def _nothing_found(question: str, reader: IndexReader, builder: PackBuilder, budget: int) -> Answer:
    files = reader.files()
    unparsed = sum(1 for file in files if file.language == "text")
    text = f"Not found: searched {len(files):,} files, {unparsed:,} of them as plain text without a parser."
    pack = builder.build_from(question, (), budget)
    return without_model(question, text, (Sentence(text, (), True),), pack)
