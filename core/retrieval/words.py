"""From text to terms: what the lexical index posts and what a question is looked up by.

* a *token* is a run of letters, digits and underscores, as it stands in the text: ``getHTTPServer``, ``max_size``;
* a *word* is a part of a token, cut at underscores, at camelCase humps and before and after digits;
* a *term* is what is posted: the stem of each word, and for a token of several words also the whole token in lower case
  without underscores, so that ``userName``, ``UserName`` and ``user_name`` meet in ``username``.

Python code that runs per occurrence is what would cost, and a codebase repeats its tokens some twenty times each. So
tokens are cut out by the string methods of C, and terms are made once for every distinct token.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from core.retrieval.stemming import porter_stem

MAX_TOKEN_LENGTH = 100
"""Longer tokens are no names: base64, hashes, minified code. They are not posted."""

MAX_NUMBER_LENGTH = 6
"""Longer numbers are data; shorter ones are ports, error codes, years."""

_KNOWN_WORDS = 200_000
"""Distinct words kept with their stems: tokens are made of few, and a stem costs ten times a look."""

_KNOWN_TOKENS = 500_000
"""Distinct tokens kept with their terms, about 100 MB at most; beyond it the table starts anew."""

_TOKEN = re.compile(r"\w+")
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F_]+[uUlL]*")
_HUMP = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_PART = re.compile(r"[^\W\d_]+|[0-9]+")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]{2,}")
_SPACES_FOR_ASCII = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}

_FUNCTION_WORDS = """
a an the this that these those it its is are was were be been being am do does did done doing have has had having will would
shall should can could may might must i you he she we they me my your our their his her them us and or not no nor but if then
else than so as at by for from in into of off on onto out over to up via with within without about after all also any before
between both during each every how in like more most much only other same some such there through too under until very what
when where whether which while who whom whose why
"""
_QUESTION_WORDS = """
code codebase find give happen happens implement implementation implemented implements locate please show tell used
uses using work works explain place responsible
"""
_UNPOSTED = frozenset(_FUNCTION_WORDS.split())
"""Words that are not posted where they stand alone: a seventh of all postings. Those of questions (`find`, `call`) are."""

STOP_WORDS = _UNPOSTED | frozenset(_QUESTION_WORDS.split())
"""Words of a question that say nothing about the place it asks for."""


def tokens(text: str) -> list[str]:
    """Return the tokens of `text` in their order."""
    if text.isascii():
        return text.translate(_SPACES_FOR_ASCII).split()
    return _TOKEN.findall(text)


def words(token: str) -> list[str]:
    """Return the lower-case words of a token: ``getHTTPServer2`` → get, http, server, 2."""
    if token.isascii():
        if (token.islower() or token.isupper()) and token.replace("_", "").isalpha():  # most are, and need no expression
            return [word for word in token.lower().split("_") if word]
        return [word.lower() for word in _HUMP.findall(token)]
    return [word.lower() for word in _PART.findall(token)]


class _Stems(dict[str, str]):
    """The stem of every word met so far."""

    def __missing__(self, word: str) -> str:
        found = porter_stem(word) if word.isascii() and word.isalpha() else word
        if len(self) >= _KNOWN_WORDS:
            self.clear()
        self[word] = found
        return found


_stems = _Stems()


def stem(word: str) -> str:
    """Return the Porter stem of a word; what is no English (digits, other scripts) stays as it is."""
    return _stems[word]


def terms(token: str) -> list[str]:
    """Return the terms a token is posted and looked up by, the whole first; empty for what is no name."""
    whole, parts = _split(token)
    return [whole, *parts] if whole else parts


def _split(token: str) -> tuple[str, list[str]]:
    """Return the term of a token of several words as a whole, empty for any other, and the terms of its words."""
    if len(token) > MAX_TOKEN_LENGTH:
        return "", []
    if token.startswith(("0x", "0X")) and _HEXADECIMAL.fullmatch(token):
        return token.replace("_", "").lower(), []  # its parts (`xef`, `53`) say nothing
    parts = words(token)
    found: list[str] = []
    ascii_only = token.isascii()
    for part in parts:
        if len(part) > 1 and (len(part) <= MAX_NUMBER_LENGTH or not part.isdigit()):
            found.append(_stems[part])
        if not ascii_only:
            found.extend(_pairs(part))
    return token.replace("_", "").lower() if len(parts) > 1 else "", found


def _pairs(word: str) -> Iterator[str]:
    """Yield the overlapping pairs of a run of ideographs or syllables, which are written without spaces."""
    if word.isascii():
        return
    for run in _IDEOGRAPHS.findall(word):
        yield from (run[i : i + 2] for i in range(len(run) - 1))


class _Terms(dict[str, str]):
    """The terms of every token met so far, joined by spaces."""

    def __missing__(self, token: str) -> str:
        joined = " ".join(terms(token))
        if len(self) >= _KNOWN_TOKENS:
            self.clear()
        self[token] = joined
        return joined


_known = _Terms()


def spaced_terms(text: str) -> str:
    """Return the terms of `text` in their order, joined by spaces (more than one may stand between two)."""
    return " ".join(map(_known.__getitem__, tokens(text)))


class TermFinder:
    """Finds which of some terms a text says, and makes no terms of lines and tokens that cannot say any.

    A stem is its word up to the last letter at least, so what is without that beginning of any term is passed over: what is
    shown of a ranking is read line by line, and most of its words nobody has asked for.
    """

    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = frozenset(wanted)
        self._may_say = re.compile("|".join(sorted({re.escape(term[:-1] or term) for term in wanted})))

    def said_in(self, text: str) -> frozenset[str]:
        """Those of the terms that `text` says: its `spaced_terms` among them."""
        if not self._wanted:
            return frozenset()
        found: set[str] = set()
        for line in text.split("\n"):
            if self._may_be_said(line):
                for token in tokens(line):
                    if self._may_be_said(token):
                        found.update(_known[token].split())
        return self._wanted.intersection(found)

    def _may_be_said(self, text: str) -> bool:
        return self._may_say.search(text.lower().replace("_", "")) is not None


class _Posted(dict[str, str]):
    """What is posted of the tokens of a chunk's text, for every token met so far."""

    def __missing__(self, token: str) -> str:
        if token.lower() in _UNPOSTED:
            joined = ""
        else:
            whole, parts = _split(token)
            joined = " ".join(parts) or whole
        if len(self) >= _KNOWN_TOKENS:
            self.clear()
        self[token] = joined
        return joined


_posted = _Posted()


def posted_terms(text: str) -> str:
    """Return what is posted of the text of a chunk: less than of names, of which there are few.

    A compound is posted in its parts alone, which stand together in a chunk that holds it: with the wholes, the words of an
    index would take a third more. Function words that stand alone are left out, since no question looks them up; within a
    name they stay (`is` of `is_open`, `not` of `notFound`).
    """
    return " ".join(map(_posted.__getitem__, tokens(text)))
