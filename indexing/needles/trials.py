"""A model asked for planted facts: once from the pack of the index, and from stuffed prompts of several lengths."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence

from core.answering.prices import cost_in_usd
from core.answering.prompt import messages_around, prompt_tokens
from core.answering.sentences import with_citations
from core.cancellation import CancellationToken
from core.errors import ProviderError
from core.model.answer import Reported
from core.model.context import Pack
from core.model.needle import Trial, Way
from core.ports import LanguageModel, TokenCounter
from indexing.needles.planting import Planted
from indexing.needles.templates import Needle

KEPT_BACK = 0.1
"""Of a length, for what a model's own tokenizer counts otherwise than ours."""
_MAX_FAILURES = 3
"""Requests that fail one after the other before it ends."""
_LONGEST_ANSWER = 400
"""Characters of an answer that are kept."""

OpenModel = Callable[[str], LanguageModel]
"""The model, for one question."""


class Trials:
    """Asks one model, and keeps what came of it."""

    def __init__(self, open_model: OpenModel, counter: TokenCounter, depths: Sequence[float]) -> None:
        self._open_model = open_model
        self._counter = counter
        self._depths = depths
        self._failures = 0
        self.found: list[Trial] = []

    def from_pack(self, place: Planted, size_mb: float, pack: Pack, cancellation: CancellationToken) -> Trial:
        """Ask for a fact with the pack for its question."""
        lines = [excerpt for excerpt in pack.excerpts if excerpt.path == place.path]
        holds = any(each.start_line <= place.end_line and place.start_line <= each.end_line for each in lines)
        return self._ask(place, Way.PACK, size_mb, 0, pack.text, holds, cancellation)

    def from_source(self, place: Planted, size_mb: float, length: int, text: str, cancellation: CancellationToken) -> Trial:
        """Ask for a fact with a stuffed prompt of so many LLM tokens."""
        return self._ask(place, Way.STUFFED, size_mb, length, text, True, cancellation)

    def allowance(self, question: str, length: int, answer_tokens: int) -> int:
        """The LLM tokens of source that a prompt of a length has room for, beside the question and the answer."""
        return int(length * (1.0 - KEPT_BACK)) - answer_tokens - prompt_tokens(question, self._counter)

    def _ask(
        self, place: Planted, way: Way, size_mb: float, length: int, text: str, holds: bool, cancellation: CancellationToken
    ) -> Trial:
        """Raises ProviderError for the first request that fails, and for the last of several in a row."""
        model = self._open_model(place.needle.ask)
        messages = messages_around(text, place.needle.ask)
        pieces: list[str] = []
        reported: Reported | None = None
        error = ""
        began = time.perf_counter()
        try:
            for delta in model.stream(messages, cancellation):
                pieces.append(delta.text)
                reported = delta.reported or reported
        except ProviderError as failure:
            if not any(pieces):  # what was cut off is judged by what came
                self._failures += 1
                if not self.found or self._failures >= _MAX_FAILURES:
                    raise
                error = str(failure)
        seconds = time.perf_counter() - began
        self._failures = self._failures if error else 0
        answer = "".join(pieces)
        counted = sum(self._counter.count(message.content) for message in messages)
        used = reported or Reported(counted, self._counter.count(answer))
        trial = Trial(
            needle=place.needle.id,
            way=way,
            depth=self._depths[place.depth],
            size_mb=size_mb,
            length=length,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            seconds=round(seconds, 3),
            usd=cost_in_usd(model.host, model.model, used.input_tokens, used.output_tokens),
            holds_fact=holds,
            right=not error and is_right(place.needle, answer),
            answer=" ".join(answer.split())[:_LONGEST_ANSWER],
            error=error,
        )
        self.found.append(trial)
        return trial


def is_right(needle: Needle, answer: str) -> bool:
    """Whether an answer holds one of the words a fact is known by, as a whole word; citations and line numbers are none."""
    said = _LINES.sub(" ", with_citations(answer, lambda _numbers: " ")).lower()
    return any(re.search(rf"(?<![\w.,]){re.escape(word.lower())}(?!\w|[.,]\d)", said) for word in needle.answer)


_LINES = re.compile(r"\blines?\s+\d+(?:\s*[–-]\s*\d+)?|:\d+(?:-\d+)?\b", re.IGNORECASE)


def facts_of(planted: Sequence[Planted]) -> Iterator[Planted]:
    """The planted facts that can be asked for, by depth."""
    yield from sorted((place for place in planted if place.needle.answer), key=lambda place: place.depth)
