"""Choosing: the passages worth most within a budget of LLM tokens.

A knapsack whose items overlap and whose worth falls the more of one file is in it. It is filled greedily: first the leading
hits, each up to its share of the budget and cut to the lines that matter where it is longer, then whatever is worth most for
its tokens. Greedy by density is within a factor of two of the best for such sums, and takes a few milliseconds.
Every passage is counted once, when it is considered; the pack as a whole is counted at the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence, Set
from dataclasses import replace

from core.context.passages import LineRange, Passage, Texts, count_lines, covers, joined
from core.context.rendering import FENCE, Body, block, body_of
from core.context.shortening import estimated_tokens, shortened
from core.ports import TokenCounter

_SHARES = (0.30, 0.22, 0.16, 0.12)
"""Of the budget, for the first hits; each further one may take the last."""
_LEADING = 0.75
"""Of the budget, for all leading hits together."""
_MAX_LEADING = 14
_MAX_REFUSED = 25
"""Candidates that did not fit before the search for a smaller one ends."""
_MIN_SHORTENED = 40
"""LLM tokens; a passage cut to less says nothing."""
_ANY_NUMBER = 88
"""Two digits, as most excerpts have."""


class Choice:
    """The passages chosen so far, with the LLM tokens of each."""

    def __init__(self, texts: Texts, counter: TokenCounter, terms: Set[str], allowance: int) -> None:
        self._texts = texts
        self._counter = counter
        self._terms = terms
        self.left = allowance
        self.passages: list[Passage] = []
        self.bodies: list[Body] = []
        self.tokens: list[int] = []
        self._digests: set[bytes] = set()

    def fill(self, hits: Sequence[Passage], others: Sequence[Passage]) -> None:
        """Take the leading hits, then the rest by worth for each LLM token."""
        allowance = self.left
        reserve = allowance - int(allowance * _LEADING)
        taken = 0
        for passage in hits[:_MAX_LEADING]:
            if self.passages and self.left <= reserve:
                break
            share = int(allowance * _SHARES[min(taken, len(_SHARES) - 1)])
            limit = max(share, _MIN_SHORTENED) if self.passages else max(share, min(self.left, 2 * _MIN_SHORTENED))
            if self.take(passage, min(self.left, limit)):
                taken += 1
        self._fill_by_density([*hits[taken:], *others])

    def _fill_by_density(self, candidates: Sequence[Passage]) -> None:
        refused = 0
        remaining = sorted(candidates, key=self._density, reverse=True)
        for passage in remaining:
            if self.left < _MIN_SHORTENED or refused >= _MAX_REFUSED:
                return
            crowd = sum(1 for chosen in self.passages if chosen.path == passage.path)
            limit = self.left if crowd < 4 else self.left // 2
            if not self.take(passage, limit):
                refused += 1

    def _density(self, passage: Passage) -> float:
        if passage.outline:
            size = len(passage.outline) / 3.4
        else:
            lines = self._texts.lines(passage.path)
            size = sum(estimated_tokens(line) for start, end in passage.kept for line in lines[start - 1 : end])
        return passage.value / (size + 60.0)

    def take(self, passage: Passage, limit: int) -> bool:
        """Add a passage in at most `limit` further LLM tokens, cut if need be; False if it adds nothing or does not fit."""
        index = self._partner(passage)
        whole = passage if index is None else self._merged(self.passages[index], passage)
        if index is not None and whole.kept == self.passages[index].kept:
            return False
        before = 0 if index is None else self.tokens[index]
        body, tokens = self._count(whole)
        if tokens - before > limit:
            cut = self._cut(passage, limit)
            if cut is None:
                return False
            whole = cut if index is None else self._merged(self.passages[index], cut)
            body, tokens = self._count(whole)
            if tokens - before > limit or (index is not None and whole.kept == self.passages[index].kept):
                return False
        digest = hashlib.blake2b("\n".join(line.strip() for line in body.text.split("\n")).encode(), digest_size=16).digest()
        if index is None and digest in self._digests:
            return False
        self._digests.add(digest)
        self.left -= tokens - before
        if index is None:
            self.passages.append(whole)
            self.bodies.append(body)
            self.tokens.append(tokens)
        else:
            self.passages[index], self.bodies[index], self.tokens[index] = whole, body, tokens
        return True

    def take_smallest(self, passage: Passage) -> None:
        """Add the first line of a passage, whatever it costs."""
        line = passage.kept[0][0]
        smallest = replace(passage, kept=((line, line),), scope=(line, line), outline="")
        body, tokens = self._count(smallest)
        self.left -= tokens
        self.passages.append(smallest)
        self.bodies.append(body)
        self.tokens.append(tokens)

    def drop(self, index: int) -> None:
        """Take a passage out again."""
        self.left += self.tokens[index]
        for column in (self.passages, self.bodies, self.tokens):
            del column[index]

    def _partner(self, passage: Passage) -> int | None:
        """The chosen passage of the same file that touches this one or shows the same definition."""
        if passage.outline:
            return None
        for index, chosen in enumerate(self.passages):
            if chosen.path != passage.path or chosen.outline:
                continue
            same_scope = chosen.scope[0] <= passage.scope[0] and passage.scope[1] <= chosen.scope[1]
            holds_scope = passage.scope[0] <= chosen.scope[0] and chosen.scope[1] <= passage.scope[1]
            if (
                same_scope
                or holds_scope
                or len(joined([*chosen.kept, *passage.kept])) < len(chosen.kept) + len(passage.kept)
            ):
                return index
        return None

    @staticmethod
    def _merged(first: Passage, second: Passage) -> Passage:
        if covers(first.kept, second.kept):
            return first
        kept = joined([*first.kept, *second.kept])
        scope: LineRange = (min(first.scope[0], second.scope[0]), max(first.scope[1], second.scope[1]))
        best, other = (first, second) if first.value >= second.value else (second, first)
        why = best.why if other.why in best.why else f"{best.why}; {other.why}"
        return replace(best, kept=kept, scope=scope, why=why if len(why) <= 120 else best.why)

    def _cut(self, passage: Passage, limit: int) -> Passage | None:
        """The passage shortened to `limit` LLM tokens, or None."""
        if passage.outline or count_lines(passage.kept) < 2:
            return None
        allowance = limit - 30
        lines = self._texts.lines(passage.path)
        for _ in range(4):
            if allowance < _MIN_SHORTENED // 2:
                return None
            kept = shortened(lines, passage.scope, self._terms, allowance)
            cut = replace(passage, kept=kept)
            tokens = self._count(cut)[1]
            if tokens <= limit:
                return cut
            allowance = int(allowance * limit / tokens * 0.92)
        return None

    def _count(self, passage: Passage) -> tuple[Body, int]:
        body = body_of(passage, self._texts)
        return body, self._counter.count(block(_ANY_NUMBER, passage, body, FENCE))
