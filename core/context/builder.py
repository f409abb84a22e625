"""The pack builder: a question and its ranking to the exact text that a model would be sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import zip_longest

from core.context.candidates import definitions, glimpsed, locate, neighbours, outlines, raised
from core.context.choosing import Choice
from core.context.cost import ModelDimensions, cost_of, whole_source_tokens
from core.context.focus import Located, focus
from core.context.passages import Passage, Texts, shows
from core.context.question import question_terms
from core.context.redact import REDACTED
from core.context.rendering import FENCE, HEADER, Body, block, body_with, fence_for, render
from core.errors import UsageError
from core.model.context import Cost, Excerpt, ExcerptRole, Pack
from core.model.ranking import Ranking
from core.model.source import Place
from core.ports import IndexReader, TokenCounter
from core.retrieval.question import read_question

_PLACES = 10
"""Definitions in the files of the hits that a pack is built around, beside the hits."""
_FILES = 12
"""Files they are looked for in."""
_SEAM = 2
"""LLM tokens between two blocks."""
_MARGIN = 12
"""LLM tokens kept back for what the numbers and the seams between blocks add to the sum of the blocks."""


class PackBuilder:
    """Builds packs from one snapshot of an index; keeps the files it has read and the size of the source."""

    def __init__(self, reader: IndexReader, counter: TokenCounter, dimensions: ModelDimensions | None = None) -> None:
        self._reader = reader
        self._counter = counter
        self._dimensions = dimensions or ModelDimensions()
        self._texts = Texts(reader)

    @cached_property
    def whole_source_tokens(self) -> int:
        """About how many LLM tokens all files together have."""
        return whole_source_tokens(self._reader, self._counter)

    def cost(self, tokens: int) -> Cost:
        """What a prompt of so many LLM tokens costs, but for its price."""
        return cost_of(tokens, self.whole_source_tokens, self._dimensions)

    def build(
        self,
        question: str,
        ranking: Ranking,
        budget: int,
        wanted: Sequence[Passage] = (),
        unwanted: Sequence[Place] = (),
    ) -> Pack:
        """The pack for a question; without hits and `wanted` passages, which go in first, it is empty. No line of an
        `unwanted` place goes in.

        Raises UsageError for a budget too small for one excerpt, naming one that is large enough.
        """
        located = locate(ranking, self._reader, self._texts)
        if not located:
            return self.build_from(question, wanted, budget)
        terms = question_terms(question)
        choice = self._choice(question, budget)
        paths = dict.fromkeys(entry.hit.path for entry in located)
        table = self._reader.definition_table(list(paths)[:_FILES])
        places = focus(question, located, table, self._reader, _PLACES)
        hits = raised([entry.passage for entry in located], places) + definitions(places, self._texts)
        hits.sort(key=lambda passage: -passage.value)
        if read_question(question).is_statement:
            hits = glimpsed(hits, self._texts)
        around = self._around(located, terms)
        if unwanted:
            hits, around = _without(hits, unwanted), _without(around, unwanted)
        for passage in wanted:
            choice.take(passage, choice.left // 2)
        choice.fill(hits, around)
        first = [*wanted, *hits]
        if not first:
            return self._pack(question, budget, [], [])
        return self._finish(question, budget, choice, first[0], by_importance=True)

    def build_from(self, question: str, passages: Sequence[Passage], budget: int) -> Pack:
        """A pack of just these passages, in this order, as many as fit; the same errors as `build`."""
        if not passages:
            return self._pack(question, budget, [], [])
        choice = self._choice(question, budget)
        for index, passage in enumerate(passages):
            limit = choice.left // 2 if index + 1 < len(passages) else choice.left
            choice.take(passage, max(limit, min(choice.left, 120)))
        return self._finish(question, budget, choice, passages[0], by_importance=False)

    def merged(
        self, question: str, parts: Sequence[tuple[Pack, Collection[int]]], budget: int
    ) -> tuple[Pack, list[dict[int, int]]]:
        """One pack of the excerpts of several: those whose numbers are named first, then the others, as many as fit.

        With it comes for each part which of its numbers have become which.
        """
        named = [[excerpt for excerpt in pack.excerpts if excerpt.n in numbers] for pack, numbers in parts]
        others = [[excerpt for excerpt in pack.excerpts if excerpt.n not in numbers] for pack, numbers in parts]
        left = budget - self._counter.count(HEADER + "\n\n") - _MARGIN
        chosen: dict[tuple[str, str], Excerpt] = {}
        for excerpt in [*_in_turn(named), *_in_turn(others)]:
            key = (excerpt.path, excerpt.text)
            if key not in chosen and excerpt.tokens + _SEAM <= left:
                chosen[key] = excerpt
                left -= excerpt.tokens + _SEAM
        passages = [_passage_of(excerpt) for excerpt in chosen.values()]
        bodies = [body_with(excerpt.text, excerpt.text.count(REDACTED)) for excerpt in chosen.values()]
        text = render(passages, bodies)
        while (tokens := self._counter.count(text)) > budget and passages:
            passages, bodies = passages[:-1], bodies[:-1]
            text = render(passages, bodies)
        kept = {key: n for n, key in enumerate(list(chosen)[: len(passages)], 1)}
        became = [
            {excerpt.n: kept[key] for excerpt in pack.excerpts if (key := (excerpt.path, excerpt.text)) in kept}
            for pack, _ in parts
        ]
        return self._pack(question, budget, passages, bodies, text=text, tokens=tokens), became

    @property
    def texts(self) -> Texts:
        """The files of the snapshot, read once for every pack."""
        return self._texts

    def locate(self, ranking: Ranking) -> list[Located]:
        """The hits of a ranking with their symbols and passages."""
        return locate(ranking, self._reader, self._texts)

    def _choice(self, question: str, budget: int) -> Choice:
        allowance = budget - self._counter.count(HEADER + "\n\n") - _MARGIN
        return Choice(self._texts, self._counter, question_terms(question), max(0, allowance))

    def _around(self, located: list[Located], terms: frozenset[str]) -> list[Passage]:
        return neighbours(located, self._reader, self._texts, terms) + outlines(located, self._texts)

    def _finish(self, question: str, budget: int, choice: Choice, first: Passage, by_importance: bool) -> Pack:
        if not choice.passages:
            choice.take_smallest(first)
        while True:
            order = _ends_first(choice.passages) if by_importance else range(len(choice.passages))
            passages = [choice.passages[index] for index in order]
            bodies = [choice.bodies[index] for index in order]
            text = render(passages, bodies)
            tokens = self._counter.count(text)
            if tokens <= budget:
                sizes = [choice.tokens[index] for index in order]
                return self._pack(question, budget, passages, bodies, text=text, tokens=tokens, sizes=sizes)
            if len(choice.passages) > 1:
                worst = min(range(len(choice.passages)), key=lambda index: choice.passages[index].value)
                choice.drop(worst)
                continue
            choice.drop(0)
            choice.take_smallest(first)
            text = render(choice.passages, choice.bodies)
            tokens = self._counter.count(text)
            if tokens > budget:
                raise UsageError(
                    f"a budget of {budget} LLM tokens is too small for one excerpt",
                    f"the best one needs {tokens}",
                    f"pass --budget {tokens} or more",
                )
            return self._pack(question, budget, choice.passages, choice.bodies, text=text, tokens=tokens)

    def _pack(
        self,
        question: str,
        budget: int,
        passages: Sequence[Passage],
        bodies: Sequence[Body],
        *,
        text: str = "",
        tokens: int = 0,
        sizes: Sequence[int] = (),
    ) -> Pack:
        """A pack of passages; `sizes` are the LLM tokens of each block, where these were counted with the usual fence."""
        if budget <= 0:
            raise UsageError(f"a budget of {budget} LLM tokens cannot hold anything", "", "pass a positive --budget")
        fence = fence_for(bodies)
        if fence != FENCE or not sizes:
            blocks = (block(n, *shown, fence) for n, shown in enumerate(zip(passages, bodies, strict=True), 1))
            sizes = [self._counter.count(text) for text in blocks]
        excerpts = tuple(
            Excerpt(
                n,
                passage.path,
                passage.start_line,
                passage.end_line,
                passage.symbol,
                passage.role,
                size,
                passage.why,
                body.text,
            )
            for n, (passage, body, size) in enumerate(zip(passages, bodies, sizes, strict=True), 1)
        )
        return Pack(
            question=question,
            budget=budget,
            tokens=tokens,
            tokenizer=self._counter.name,
            whole_source_tokens=self.whole_source_tokens,
            excerpts=excerpts,
            text=text,
            redactions=sum(body.redactions for body in bodies),
            flagged_instructions=sum(body.instructions for body in bodies),
            cost=self.cost(tokens),
        )


def _in_turn(rows: Sequence[Sequence[Excerpt]]) -> Iterator[Excerpt]:
    """The first of each row, then the second of each, and so on."""
    for column in zip_longest(*rows):
        yield from (excerpt for excerpt in column if excerpt is not None)


def _passage_of(excerpt: Excerpt) -> Passage:
    lines = (excerpt.start_line, excerpt.end_line)
    return Passage(excerpt.path, (lines,), lines, excerpt.symbol, excerpt.role, excerpt.why, 1.0)


def _without(passages: Sequence[Passage], places: Sequence[Place]) -> list[Passage]:
    """The passages that show no line of any of `places`."""
    return [passage for passage in passages if not any(shows(passage, place) for place in places)]


def _ends_first(passages: Sequence[Passage]) -> list[int]:
    """The order of a pack: the best at the start, the next best at the end, outlines and the rest between.

    Models attend least to the middle of a long prompt (Liu et al., "Lost in the Middle", 2023). Of the ranked passages the
    first three open, and from there on every other one goes to the end, so that the fourth stands last.
    """
    ranked = sorted(
        range(len(passages)), key=lambda index: (passages[index].role == ExcerptRole.OUTLINE, -passages[index].value, index)
    )
    front, back = ranked[:3], ranked[3:]
    return front + back[1::2] + back[0::2][::-1]
