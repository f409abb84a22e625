"""The words of a question as code would write them.

Someone asks how things are *saved* and the code *stores* or *persists* them. So each verb brings its relatives, at a share
of its weight, and verbs that only hold a sentence together weigh little. A *configuration* is a `config` in code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core.retrieval.forms import base_form, other_forms, short_forms
from core.retrieval.question import read_question
from core.retrieval.spoken import abbreviations, circumstances, content_words, deeds, destination, phrasal_verbs
from core.retrieval.words import spaced_terms, stem

LONGEST_ASKED = 120
"""Characters; what is longer is a report or a page, of which many words are in no source."""

_LIGHT_SHARE = 0.35
_LIGHT_WITH_RELATIVES = 0.6
"""A light verb with relatives at least says what kind of thing happens."""
_RELATIVE_SHARE = 0.7
_PART_SHARE = 0.6
"""Of a part of a compound that stands by itself."""
_DEED = 1.5
"""What is done says more than what it is done to, of which a source has much."""
_SHORT_SHARE = 0.9
"""Of an abbreviation of one or several words: it may stand for others."""
_ASIDE_SHARE = 0.5
"""Of a word that only tells under which circumstances something happens."""

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
    "turn convert compile build transform generate become",
    "order sort arrange plan sequence",
    "find found locate lookup search discover",
    "load read import fetch open",
    "save store write persist commit keep",
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

    `weight` is that of the question's word, the same for all terms of a `group`. A term that stands for several words of the
    question (`dentry` for "directory entry") answers those of `also` too. What is only the end of a way (`is_end`) is asked
    for where something is said of it, not where it is defined.
    """

    word: str
    group: str
    weight: float
    share: float
    also: tuple[str, ...] = ()
    is_end: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """The words of the question that the term answers, by their terms."""
        return (self.group, *self.also)


def wanted_terms(question: str) -> dict[str, Wanted]:
    """The terms of a question and of the relatives of its verbs, by term; the question's own words win.

    The parts of a compound (`HashMap`) are one word of the question, as it was written.
    """
    own: dict[str, Wanted] = {}
    relatives: dict[str, Wanted] = {}
    shortened: dict[str, Wanted] = {}
    phrases = phrasal_verbs(question)
    aside, done, ends = circumstances(question), deeds(question), destination(question)
    for token in content_words(question):
        word = token.lower()
        terms = spaced_terms(token).split()
        if not terms:
            continue
        light = _is_light(word)
        spelt = {*terms, *map(stem, other_forms(word))}
        lines = [line for line in _RELATIVES if not spelt.isdisjoint(spaced_terms(line).split())]
        weight = 1.0 if not light else _LIGHT_WITH_RELATIVES if lines else _LIGHT_SHARE
        if word in aside:
            weight *= _ASIDE_SHARE
        elif word in done:
            weight *= _DEED
        group = terms[0]
        wanted = partial(Wanted, group=group, weight=weight, is_end=word in ends)
        own[group] = wanted(word=singular(word), share=1.0)
        for term in terms[1:]:
            own.setdefault(term, wanted(word=term, share=_PART_SHARE))
        for other in other_forms(word):
            own.setdefault(stem(other), wanted(word=other, share=1.0))
        if word in phrases:
            own.setdefault(phrases[word], wanted(word=phrases[word], share=1.0))
        for short in short_forms(word):
            shortened.setdefault(stem(short), wanted(word=short, share=_SHORT_SHARE))
        for other in " ".join(lines).split():
            for term in spaced_terms(other).split():
                relatives.setdefault(term, wanted(word=other, share=_RELATIVE_SHARE))
    for short, words in abbreviations(question).items():
        entries = [own[term] for word in words for term in spaced_terms(word).split()[:1] if term in own]
        if not entries:
            continue
        first, *also = entries
        others = tuple(dict.fromkeys(entry.group for entry in also if entry.group != first.group))
        own.setdefault(stem(short), replace(first, word=short, share=_SHORT_SHARE, also=others))
    return {**relatives, **shortened, **own}


def wanted_weights(question: str) -> dict[str, float]:
    """The terms of a question and of the relatives of its verbs, each with what it is worth."""
    return {term: entry.weight * entry.share for term, entry in wanted_terms(question).items()}


def question_terms(question: str) -> frozenset[str]:
    """The terms of the question's own words."""
    return frozenset(
        term
        for word in content_words(question)
        for term in (*spaced_terms(word).split(), *map(stem, other_forms(word.lower())))
    )


def unheld_words(question: str, holds: Callable[[str], bool]) -> tuple[list[str], float]:
    """The words of a question that stand nowhere, neither do relatives of theirs, and the share of all that they weigh.

    `holds` tells whether a term stands anywhere. Of a name all parts have to, of words that are written without spaces one.
    Light verbs do not count.
    """
    asked = {token: terms for token in content_words(question) if (terms := spaced_terms(token).split())}
    asked = {token: terms for token, terms in asked.items() if not _is_light(token.lower())}
    doubtful = [token for token, terms in asked.items() if not _is_held(token, terms, holds)]
    if not doubtful:
        return [], 0.0  # as it is mostly: what the words have for relatives need not be known
    wanted = wanted_terms(question)
    unheld = []
    for token in doubtful:
        whole, *parts = asked[token]
        if not any(holds(term) for term, entry in wanted.items() if whole in entry.groups and term not in parts):
            unheld.append(token)
    total = sum(wanted[terms[0]].weight for terms in asked.values())
    return unheld, sum(wanted[asked[token][0]].weight for token in unheld) / total


def _is_held(token: str, terms: Sequence[str], holds: Callable[[str], bool]) -> bool:
    whole, *parts = terms
    return (all if token.isascii() else any)(map(holds, parts)) if parts else holds(whole)


def words_nowhere(question: str, holds: Callable[[str], bool]) -> tuple[str, ...]:
    """The words of a question that stand nowhere: who mistypes a name is told, since vectors find something for anything.

    None of a report, a page or a trace, which quote what other programs said.
    """
    unheld = unheld_words(question, holds)[0] if len(question) <= LONGEST_ASKED else []
    if not unheld or read_question(question).places:
        return ()
    return tuple({word.lower(): word for word in unheld}.values())


def _is_light(word: str) -> bool:
    forms = {word, base_form(word), word.removesuffix("s"), word.removesuffix("ed"), word.removesuffix("ing")}
    return not _LIGHT.isdisjoint(forms)


def singular(word: str) -> str:
    """A word without the ending of its plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
