"""What English does to verbs that names in code do not: particles, circumstances, and verbs that also ask.

A question says that something is "written back" or "found"; code calls it `writeback` and `find`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from core.retrieval.forms import INFINITIVES, base_form
from core.retrieval.words import STOP_WORDS, stem, tokens

MAX_PHRASES = 12

_PHRASAL_VERB = re.compile(r"\b([A-Za-z]{2,12})\s+(?=(in|out|up|down|off|on|back|over)\b)", re.IGNORECASE)
_LOOKS_FOR = frozenset(("find", "locate"))
_ASKS_TO_FIND = re.compile(
    r"^\W*(?:please\s+)?(?:find|locate)\b|\b(?:i|we|you|me|one|to|can|help)\s+(?:find|locate)\b", re.IGNORECASE
)
"""Where the asker is who finds, the word says nothing of the code."""


def content_words(text: str) -> Iterator[str]:
    """The tokens of a question that speak of the code, in their order; all but stop words.

    Of "how does a class loader find a class" `find` is one, of "where do I find the class loader" it is none.
    """
    asks = _ASKS_TO_FIND.search(text) is not None
    for token in tokens(_PASSIVE.sub(" ", text)):
        word = token.lower()
        if word not in STOP_WORDS or (word in _LOOKS_FOR and not asks):
            yield token


_PASSIVE = re.compile(rf"\bg(?:ets?|ot)\s+(?=(?:\w{{2,}}ed|{'|'.join(sorted(INFINITIVES))})\b)", re.IGNORECASE)
"""An auxiliary verb ("gets compiled")."""
_ASKS = re.compile(r"\s*(?:how|where|what|when|which|why)\b", re.IGNORECASE)
_OF_CIRCUMSTANCES = frozenset(
    [
        "after",
        "before",
        "when",
        "while",
        "during",
        "until",
        "if",
        "once",
        "into",
        "onto",
        "to",
        "for",
        "with",
        "without",
        "in",
        "on",
        "by",
        "from",
        "at",
        "through",
        "across",
    ]
)


def circumstances(text: str) -> frozenset[str]:
    """The words of a question, in lower case, that tell only under which circumstances: of "how is the journal replayed
    after a crash" `crash`. What is asked about stands before; where nothing stands there, all of it is asked about."""
    if not _ASKS.match(text):
        return frozenset()
    asked: set[str] = set()
    rest: set[str] = set()
    is_aside = False
    for token in tokens(text):
        word = token.lower()
        is_aside = is_aside or (len(asked) > 1 and word in _OF_CIRCUMSTANCES)
        if word not in STOP_WORDS:
            (rest if is_aside else asked).add(word)
    return frozenset(rest - asked)


_ASKS_FOR_A_DEED = re.compile(r"\s*(?:how|where|when)\s+(?:is|are|was|were|gets?)\b", re.IGNORECASE)
_UNCHANGED = frozenset(["cut", "hit", "put", "quit", "read", "reset", "run", "set", "shut", "split"])
"""Participles that look as their verbs do; elsewhere than at the end they may be nouns."""


def deeds(text: str) -> frozenset[str]:
    """The verbs, in lower case, of a question that asks how or where something is done: of "how is a failed job retried"
    `retried`, for a participle before the noun only describes it; of "how are timers kept and expired" both."""
    if not _ASKS_FOR_A_DEED.match(text):
        return frozenset()
    aside = circumstances(text)
    words = [word for word in map(str.lower, tokens(text)) if word == "and" or word not in STOP_WORDS | aside]
    is_verb = [word.endswith("ed") or word in INFINITIVES for word in words]
    is_verb[-1:] = [is_verb[-1] or words[-1] in _UNCHANGED] if words else []
    if True not in is_verb:
        return frozenset()
    last = len(words) - 1 - is_verb[::-1].index(True)
    found = {words[last]}
    while last >= 2 and words[last - 1] == "and" and is_verb[last - 2]:
        last -= 2
        found.add(words[last])
    return frozenset(found)


_REACHES = re.compile(
    r"\b(?:do|does|did|can|will)\b.{0,80}?\b(?:reach|(?:get|go|come|travel|flow|pass)\s+(?:to|into|through\s+to)"
    r"|arrive\s+(?:at|in)|end\s+up\s+in|(?:find|make)\s+(?:its|their)\s+way\s+(?:to|into))\b(?P<end>.*)",
    re.IGNORECASE,
)


def destination(text: str) -> frozenset[str]:
    """The words of a question, in lower case, that name the end of a way it asks for: of "how does a request reach a view"
    `view`. The way is what leads there, and not the view."""
    found = _REACHES.search(text) if _ASKS.match(text) else None
    return (
        frozenset(word for word in map(str.lower, tokens(found["end"])) if word not in STOP_WORDS) if found else frozenset()
    )


_LEAST_OF_INITIALS = 3
_LEAST_SHORTENED = 4


def abbreviations(text: str) -> dict[str, tuple[str, ...]]:
    """How code may shorten words that stand together, each with these words: "directory entry" is `dentry`, "write-ahead
    log" `wal`. What is only a chance of letters stands nowhere in the source."""
    found: dict[str, tuple[str, ...]] = {}
    run: list[str] = []
    for word in [*map(str.lower, tokens(text)), ""]:
        if word.isalpha() and not (word in STOP_WORDS or word.endswith("ed") or word in INFINITIVES):
            run.append(word)
            continue
        if len(run) >= _LEAST_OF_INITIALS:
            found["".join(part[0] for part in run)] = tuple(run)
        found.update({first[0] + last: (first, last) for first, last in pairwise(run) if len(last) >= _LEAST_SHORTENED})
        run = []
    return found


def phrasal_verbs(text: str) -> dict[str, str]:
    """What code writes as one word where English writes two, by the verb: "logs in" is `login`, "written back"
    `writeback`."""
    found: dict[str, str] = {}
    for verb, particle in _PHRASAL_VERB.findall(text)[:MAX_PHRASES]:
        found[verb.lower()] = stem(base_form(verb.lower())) + particle.lower()
    return found


_SAID_OF_TESTS = re.compile(
    r"(?:case|class|code|coverage|data|file|folder|function|method|module|plan|suite|cover|check|verif|fail|call|use|exercise"
    r"|assert|prove|run)(?:e?s|ies|ed)?"
)
"""What follows a test that is asked for."""
_QUALIFIER = re.compile(r"\btest(?:ing)?\s+(?=(?P<head>[A-Za-z]{3,})\b)", re.IGNORECASE)


def without_qualifiers(text: str) -> str:
    """A question without what seems to ask for tests and only tells which thing is meant: the first word of "test client";
    nothing of "which test is it" and "is there a test file"."""

    def kept(found: re.Match[str]) -> str:
        head = found["head"].lower()
        return found[0] if head in STOP_WORDS or _SAID_OF_TESTS.fullmatch(head) else ""

    return _QUALIFIER.sub(kept, text)
