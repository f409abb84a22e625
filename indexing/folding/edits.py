"""What kind of change a copy makes: whole statements, or something within a statement that both have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from indexing.folding.lexing import MARK, Tokens
from indexing.folding.skeleton import CONTROLS, conditions_of, head_of, is_name, own_name_of

_BEFORE_VALUES = frozenset((b"]", b"=", b"(", b","))
"""What comes before a brace that holds values, no statements: `new int[] {8}`."""
_LINE_ENDS = frozenset((MARK + b"n",))
"""Where lines end statements, braces hold values."""
_OPENING, _CLOSING = frozenset((b"{", MARK + b"+")), frozenset((b"}", MARK + b"-"))
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True)
class Side:
    """One of two definitions: its tokens, the path of its file."""

    tokens: Tokens
    path: str

    @cached_property
    def conditions(self) -> list[int]:
        """See `conditions_of`."""
        return conditions_of(self.tokens)

    @cached_property
    def bounds(self) -> frozenset[int]:
        """The positions of what parts its statements."""
        ends = frozenset(position for position, token in enumerate(self.tokens) if token in _LINE_ENDS)
        return ends or frozenset(_bounds_of(self.tokens))

    @cached_property
    def head(self) -> int:
        """How many tokens come before the body."""
        return head_of(self.tokens)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the path, which the names of a module often begin with."""
        parts = re.split(r"[^0-9A-Za-z]+", self.path.lower())
        return frozenset([*parts, *_words(self.path)])

    @cached_property
    def own_name(self) -> bytes:
        """The name before the parameters, or nothing."""
        position = own_name_of(self.tokens)
        return self.tokens[position] if position >= 0 else b""

    def is_parted(self, run: range) -> bool:
        """Whether a run goes over the bounds of a statement."""
        return not self.bounds.isdisjoint(run)

    def cut(self, run: range) -> Tokens:
        return self.tokens[run.start : run.stop]


class EditKind(IntEnum):
    """What a copy changes."""

    STATEMENTS = 0
    """It has the same name, and adds, removes and rewrites whole statements: what both have is the same."""
    VARIANT = 1
    """The same under a name that only says more."""
    MIXED = 2
    """Whole statements, and something within others."""
    WITHIN = 3
    """Every statement has its counterpart, and some say something else: the one copy with the fix, or another function."""


def edit_kind(kept: Side, copy: Side, runs: Iterable[tuple[range, range]]) -> EditKind:
    """What a copy changes; `runs` are the positions in both of what differs.

    What else differs in the heads does not count, nor a name that differs by words of the paths alone (`igb_reset`,
    `igc_reset`). Under another name (`get_register`, `set_register`) statements that differ are what the function is for:
    where they do so within what both have, a statement more does not make it a copy. Where each name has a word of its own
    (`contains`, `remove`), nor does one that comes or goes.
    """
    has_statements = has_within = False
    for mine, theirs in runs:
        if mine.stop <= kept.head and theirs.stop <= copy.head:
            continue
        if _is_whole(kept, copy, mine, theirs):
            has_statements = True
            has_within = (
                has_within or _changes_another(kept, copy, mine, theirs) or _wraps(kept, mine) or _wraps(copy, theirs)
            )
        elif len(mine) != len(theirs) or not _same_names(kept, copy, mine, theirs):
            has_within = True
    same = _are_the_same(kept.own_name, copy.own_name, kept, copy)
    if has_within:
        for_the_same = same or _purpose(kept.own_name) == _purpose(copy.own_name)
        return EditKind.MIXED if has_statements and for_the_same else EditKind.WITHIN
    if same:
        return EditKind.STATEMENTS
    return EditKind.VARIANT if _is_a_variant(kept, copy) else EditKind.WITHIN


def _bounds_of(tokens: Tokens) -> Iterator[int]:
    """The positions of semicolons and of the braces around statements."""
    holds_values: list[bool] = []
    for position, token in enumerate(tokens):
        if token == b"{":
            holds_values.append(position > 0 and tokens[position - 1] in _BEFORE_VALUES)
        if token == b";" or (token in (b"{", b"}") and not (holds_values and holds_values[-1])):
            yield position
        if token == b"}" and holds_values:
            holds_values.pop()


def _is_whole(kept: Side, copy: Side, mine: range, theirs: range) -> bool:
    """Whether a run goes over the bounds of a statement, and through no condition."""
    torn = _tears_condition(kept, mine) or _tears_condition(copy, theirs)
    return not torn and (kept.is_parted(mine) or copy.is_parted(theirs))


def _changes_another(kept: Side, copy: Side, mine: range, theirs: range) -> bool:
    """Whether a run over the bounds of statements stands for a part of one that says otherwise: `inc` for `check; dec`."""
    if len(mine) > len(theirs):
        kept, copy, mine, theirs = copy, kept, theirs, mine
    if not mine or kept.is_parted(mine):
        return False
    return not any(_same_names(kept, copy, mine, end) for end in (theirs[: len(mine)], theirs[-len(mine) :]))


def _wraps(side: Side, run: range) -> bool:
    """Whether a run begins what goes on behind it: `if (ready) {` before what both have, which then runs at times."""
    tokens = side.cut(run)
    if not tokens:
        return False
    if tokens[-1] == b"else" or side.conditions[run.stop - 1] != -1:
        return True
    left_open = sum(token in _OPENING for token in tokens) != sum(token in _CLOSING for token in tokens)
    return left_open and not CONTROLS.isdisjoint(tokens)


def _tears_condition(side: Side, run: range) -> bool:
    """Whether a run holds a part of a condition without its beginning."""
    return any(side.conditions[position] != -1 and side.conditions[position] not in run for position in run)


def _same_names(kept: Side, copy: Side, mine: range, theirs: range) -> bool:
    """Whether tokens that stand for each other are names that differ at most by words of the paths."""
    pairs = zip(kept.cut(mine), copy.cut(theirs), strict=True)
    return all(is_name(one) and is_name(other) and _are_the_same(one, other, kept, copy) for one, other in pairs)


def _are_the_same(one: bytes, other: bytes, kept: Side, copy: Side) -> bool:
    """Whether two names differ at most by words of the paths. What both paths have tells neither from the other: in a file
    `read_write.c` the name `read` says something else than `write`."""
    mine, theirs = _words(one.decode("utf-8", "replace")), _words(other.decode("utf-8", "replace"))
    while mine and theirs and mine[0] == theirs[0]:
        mine, theirs = mine[1:], theirs[1:]
    while mine and theirs and mine[-1] == theirs[-1]:
        mine, theirs = mine[:-1], theirs[:-1]
    left, right = _joined(mine), _joined(theirs)
    are_of_paths = kept.words.issuperset(left) and copy.words.issuperset(right)
    return are_of_paths and (left == right or not (kept.words & copy.words).issuperset((*left, *right)))


def _is_a_variant(kept: Side, copy: Side) -> bool:
    """Whether one name only adds words to what both have in common, words of its path aside (`open`, `open_noattr`). What
    has no name that can be told may be one."""
    if not kept.own_name or not copy.own_name or _purpose(kept.own_name) == _purpose(copy.own_name):
        return True
    mine, theirs = (frozenset(_words(side.own_name.decode("utf-8", "replace"))) for side in (kept, copy))
    both = kept.words & copy.words
    has_own = [bool(words - common - (side.words - both)) for words, common, side in
               ((mine, theirs, kept), (theirs, mine, copy))]  # fmt: skip
    return bool(mine & theirs) and not all(has_own)


def _purpose(name: bytes) -> str:
    """A name without the device that it begins with (`rtl92c_set_key`, `rtl8723be_set_key`), and however it is parted."""
    first, *others = name.decode("utf-8", "replace").lower().strip("_").split("_")
    parts = others if others and _DIGIT.search(first) else [first, *others]
    return "".join(parts)


def _joined(words: Sequence[str]) -> list[str]:
    return ["".join(words)] if words else []


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(name)]
