"""What answering works with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from core.context.builder import PackBuilder
from core.context.focus import Focus, focus
from core.context.question import wanted_weights
from core.model.ranking import Ranking
from core.ports import IndexReader, TokenCounter

_FILES = 80
"""Files whose definitions are looked through, beside those of the hits."""

Rank = Callable[[str], Ranking]
"""The ranking for a question."""
FilesSaying = Callable[[Mapping[str, float], int], Collection[str]]
"""So many files that say the most of weighed terms (`Retriever.files_saying`)."""
Holds = Callable[[str], bool]
"""Whether a term stands anywhere in the index (`Retriever.holds`)."""


@dataclass(frozen=True, slots=True)
class Tools:
    """An index, what finds places in it, and what packs them."""

    reader: IndexReader
    builder: PackBuilder
    counter: TokenCounter
    rank: Rank
    files_saying: FilesSaying
    holds: Holds

    def focus(self, question: str, ranking: Ranking, most: int) -> list[Focus]:
        """The places that a question is about, at most `most`: hits, and definitions of the files that say most of it; all
        definitions of a large index would take seconds to read."""
        paths = {hit.path for hit in ranking.hits}.union(self.files_saying(wanted_weights(question), _FILES))
        table, chunks = self.reader.definition_table(paths), len(self.reader.chunk_table().ids)
        return focus(question, self.builder.locate(ranking), table, self.reader, most, chunks)
