"""The words of a question as code would write them.

Someone asks how things are *saved* and the code *stores* or *persists* them. So each verb brings its relatives, at a share
of its weight, and verbs that only hold a sentence together weigh little.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.retrieval.words import STOP_WORDS, spaced_terms, tokens

_LIGHT_SHARE = 0.35
_LIGHT_WITH_RELATIVES = 0.6
"""A light verb with relatives at least says what kind of thing happens."""
_RELATIVE_SHARE = 0.7

_LIGHT = frozenset(
    {
        "put",
        "get",
        "got",
        "set",
        "turn",
        "reach",
        "go",
        "come",
        "take",
        "make",
        "made",
        "keep",
        "become",
        "run",
        "start",
        "begin",
    }
    | {"call", "way", "thing", "kind", "decide", "know", "need", "want", "able"}
)
"""Verbs that a sentence needs and that seldom say what the code is about."""

_RELATIVES = (
    "reach call dispatch resolve route",
    "turn convert compile build transform generate",
    "order sort arrange plan sequence",
    "find found locate lookup search discover",
    "load read import fetch open",
    "save store write persist commit",
    "check verify validate",
    "hash encode digest",
    "create make build new construct",
    "delete remove destroy drop",
    "send sent deliver emit dispatch",
    "render draw format display",
    "parse read decode tokenize",
    "start launch run boot main",
    "stop cancel abort shutdown close",
    "change update modify edit",
    "connect open attach",
    "choose chosen select pick decide",
    "combine merge join",
    "split divide partition chunk",
    "compute calculate evaluate",
    "collect gather accumulate",
    "error fail exception raise",
    "log record trace",
    "configure setting option setup",
    "limit throttle bound cap",
    "retry again attempt",
    "schedule queue plan",
    "grow resize expand enlarge extend rehash",
    "shrink trim truncate compact",
    "allocate alloc reserve",
    "free release dispose deallocate",
    "serialise serialize marshal pickle dump",
    "deserialise deserialize unmarshal unpickle restore",
    "copy clone duplicate",
    "replay recover redo restore",
    "initialise initialize init setup",
    "authenticate auth login",
    "wait block await sleep park",
    "notify signal wake",
    "lock acquire mutex",
    "flush sync",
    "execute exec invoke",
    "directory dir folder",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term to look for: the word it spells, the word of the question it answers, and the share it answers it with.

    `weight` is that of the question's word, the same for all terms of a `group`.
    """

    word: str
    group: str
    weight: float
    share: float


def wanted_terms(question: str) -> dict[str, Wanted]:
    """The terms of a question and of the relatives of its verbs, by term; the question's own words win."""
    own: dict[str, Wanted] = {}
    relatives: dict[str, Wanted] = {}
    for token in tokens(question):
        word = token.lower()
        if word in STOP_WORDS:
            continue
        terms = spaced_terms(token).split()
        light = not _LIGHT.isdisjoint({word, word.removesuffix("s"), word.removesuffix("ed"), word.removesuffix("ing")})
        lines = [line for line in _RELATIVES if not set(terms).isdisjoint(spaced_terms(line).split())]
        weight = 1.0 if not light else _LIGHT_WITH_RELATIVES if lines else _LIGHT_SHARE
        for term in terms:
            own[term] = Wanted(singular(word), term, weight, 1.0)
        for other in " ".join(lines).split():
            for term in spaced_terms(other).split():
                relatives.setdefault(term, Wanted(other, terms[0], weight, _RELATIVE_SHARE))
    return {**relatives, **own}


def question_terms(question: str) -> frozenset[str]:
    """The terms of the question's own words."""
    words = (token for token in tokens(question) if token.lower() not in STOP_WORDS)
    return frozenset(term for word in words for term in spaced_terms(word).split())


def singular(word: str) -> str:
    """A word without the ending of its plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
