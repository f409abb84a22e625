"""Follow-ups: a question that leans on what was asked before, put so that it stands alone.

    who calls `pack`?                         →  unchanged
    and where is it tested?                   →  where is `pack` tested?
    what does the second one call?            →  what does `Depot.load` call?
    and `seal`?                               →  who calls `seal`?

No model has a part in this, so that it can be foretold and is the same with one and without. What "it" is, is looked for
in the last turn: the names its question was about, then what its answer cited. A question with an antecedent of its own
("when a parcel is lost, how is it replaced?") is left as it is; the price is that some follow-ups are taken for questions
of their own, which a person can mend by naming what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set

from core.answering.naming import unique_name
from core.answering.sentences import masked
from core.answering.wording import short_name
from core.context.focus import TYPES
from core.model.conversation import Turn
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader
from core.retrieval.question import read_question
from core.retrieval.structural import read_structural
from core.retrieval.words import STOP_WORDS

MAX_QUESTION = 2_000
"""Characters; what is longer is a pasted page, and no follow-up."""
MAX_TOPIC = 300
"""Characters of an earlier question that are carried along."""
_MAX_SPELLINGS = 20
_MAX_PLACES = 40

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.MACRO})
_FILES = frozenset({SymbolKind.MODULE})
_ANY: frozenset[SymbolKind] = frozenset()
_NOUNS: dict[str, Set[SymbolKind]] = {
    "function": _CALLABLE,
    "method": _CALLABLE,
    "procedure": _CALLABLE,
    "constructor": _CALLABLE,
    "macro": _CALLABLE,
    "caller": _CALLABLE,
    "class": TYPES,
    "interface": TYPES,
    "struct": TYPES,
    "type": TYPES,
    "enum": TYPES,
    "file": _FILES,
    "module": _FILES,
    "one": _ANY,
    "place": _ANY,
    "code": _ANY,
    "definition": _ANY,
    "symbol": _ANY,
}
"""What a person may call a place, with the kinds that are meant; none admits all."""
_NOUN = rf"(?P<noun>{'|'.join(_NOUNS)})s?"
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_OPENING = re.compile(r"^\s*(?:and|but|so|then|also|ok(?:ay)?|now|or)\b[\s,]*(?:then\b[\s,]*)?", re.IGNORECASE)
_NTH = re.compile(rf"\bthe\s+(?P<nth>{'|'.join(_ORDINALS)})\s+(?:{_NOUN}\b)", re.IGNORECASE)
_THAT_NOUN = re.compile(rf"\b(?:this|that|these|those|said|the\s+same|the\s+latter)\s+{_NOUN}\b", re.IGNORECASE)
_THE_NOUN = re.compile(
    rf"\bthe\s+{_NOUN}\b(?!\s+(?:of|that|which|who|for|to|in|on|with|where|named|called|from|by|and)\b|\s*`)", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?:its|their)\s+(?P<what>[a-z]+(?:\s+(?:class|classes|sites?))?)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:[Ii]t|[Tt]hem|[Tt]hey)\b")
_LAST_THAT = re.compile(
    r"(?<!\bdo)(?<!\bdoes)(?<!\blike)(?<!\bafter)(?<!\bbefore)\s+(?:this|that|these|those)\s*$", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:a|an|the|each|every|some|any|my|our)\s+(?!first|second|third|last|same|latter)[a-z]+", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^(?:(?:what|how)\s+about\s+|the\s+same\s+(?:for|of)\s+|(?:for|from|of|to|by|in)\s+)?(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_IS_ABOUT = re.compile(r"^(?:what|how)\s+about\b|^the\s+same\s+(?:for|of)\b", re.IGNORECASE)
_BARE = re.compile(r"^(?:why|how|where|when|since when|what else|what for|by whom|tests?|callers?|callees?)$", re.IGNORECASE)
_BARE_RELATIONS = {
    "tests": "which tests test {name}",
    "test": "which tests test {name}",
    "callers": "who calls {name}",
    "caller": "who calls {name}",
    "callees": "what does {name} call",
    "by whom": "who calls {name}",
    "where": "where is {name} defined",
}
_QUOTED = re.compile(r"`([^`\n]+)`")
_AUXILIARY = re.compile(r"\b(?:do|does|did|can|could|will|would|should|must|may)\s*$", re.IGNORECASE)
"""After which what follows a noun is a verb."""
_VERBS = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|calls?|uses?|breaks?|tests?|handles?|happens?|"
    r"inherits?|implements?|overrides?|imports?|depends?|explain|show|list|find|tell|describe)\b",
    re.IGNORECASE,
)


def stand_alone(question: str, turns: Sequence[Turn], reader: IndexReader) -> str:
    """The question as it would be asked without what came before: itself where it leans on nothing, or nothing fits."""
    if not turns or len(question) > MAX_QUESTION:
        return question
    last = turns[-1]
    asked = _OPENING.sub("", " ".join(question.split())).rstrip("?!. ")
    if not asked:
        return question
    meant = _Meant(last, reader)
    goes_on = bool(_OPENING.match(question))
    leans = goes_on or bool(_IS_ABOUT.match(asked))
    for reading in (_bare, *([_elliptic] if leans else []), _nth, _pointing):
        found = reading(asked, last, meant)
        if found and found != asked:
            return _asked(_elliptic(found, last, meant) or found)
    if (leans and not goes_on) or (goes_on and not _names_in(asked) and not _VERBS.search(asked)):
        return _asked(_with_topic(asked, last))
    return _asked(asked) if goes_on and read_structural(asked) else question


class _Meant:
    """What the last turn was about: the symbols its question named, then those of the places its answer cited, in the order
    in which its text names them."""

    def __init__(self, last: Turn, reader: IndexReader) -> None:
        self._reader = reader
        self._last = last
        self.named = list(_named(last.understood or last.question, reader))
        self.cited = list({symbol.key: symbol for symbol in (*self._mentioned(), *self._cited())}.values())

    def defines(self, name: str) -> bool:
        """Whether something in the source is called so, or a dotted name ends so."""
        return any(symbol.kind != SymbolKind.EXTERNAL for symbol in self._reader.find_symbols(name, _MAX_SPELLINGS))

    def defines_exactly(self, name: str) -> bool:
        """Whether a definition has just this name."""
        found = self._reader.find_symbols(name, _MAX_SPELLINGS)
        return any(symbol.kind not in (SymbolKind.EXTERNAL, SymbolKind.MODULE) and symbol.name == name for symbol in found)

    def first(self, kinds: Set[SymbolKind], noun: str = "") -> str:
        """The name of the first of these kinds, before all of the very kind that `noun` is called; a file only where it is
        asked for or nothing else is there."""
        found = [*self.named, *self.cited]
        if kinds:
            exact = [symbol for symbol in found if symbol.kind in kinds and symbol.kind == noun]
            fitting = exact or [symbol for symbol in found if symbol.kind in kinds]
            if not fitting and kinds is _FILES:
                return f"`{found[0].path}`" if found else ""
            if not fitting and kinds is TYPES:
                fitting = self._around(found)
        else:
            fitting = [symbol for symbol in found if symbol.kind != SymbolKind.MODULE] or found
        return self._name(fitting[0]) if fitting else ""

    def _around(self, found: Sequence[Symbol]) -> list[Symbol]:
        """The types that hold what was found, the first of them first."""
        parents = dict.fromkeys(symbol.parent for symbol in found if symbol.parent >= 0)
        return [symbol for symbol in self._reader.symbols(list(parents)) if symbol.kind in TYPES]

    def nth(self, number: int, kinds: Set[SymbolKind]) -> str:
        """The name of what was cited at that place, what the question itself named not counted."""
        named = {symbol.key for symbol in self.named}
        found = [symbol for symbol in self.cited if symbol.key not in named and (not kinds or symbol.kind in kinds)]
        return self._name(found[number]) if -len(found) <= number < len(found) else ""

    def _name(self, symbol: Symbol) -> str:
        return f"`{unique_name(symbol, self._reader)}`"

    def _mentioned(self) -> Iterator[Symbol]:
        """What the answer calls by name, of what stands in the places it cites: an excerpt may show several."""
        shown: dict[str, Symbol] = {}
        for place in self._last.places[:_MAX_PLACES]:
            for symbol in self._reader.symbols_of(place.path):
                if symbol.start_line <= place.end_line and place.start_line <= symbol.end_line:
                    shown.setdefault(short_name(symbol), symbol)
        for name in _QUOTED.findall(self._last.text):
            if (found := shown.get(name)) and found.kind is not SymbolKind.MODULE:
                yield found

    def _cited(self) -> Iterator[Symbol]:
        for place in self._last.places[:_MAX_PLACES]:
            symbols = self._reader.symbols_of(place.path)
            of_name = [symbol for symbol in symbols if symbol.qualified_name == place.symbol]
            around = [symbol for symbol in symbols if symbol.start_line <= place.start_line <= symbol.end_line]
            yield from (of_name or around[-1:])[:1]


def _named(question: str, reader: IndexReader) -> Iterator[Symbol]:
    """The definitions of the source that a question names, each name's first."""
    structural = read_structural(question)
    for name in structural.names if structural else read_question(question).names:
        found = reader.find_symbols(name, _MAX_SPELLINGS)
        yield from [symbol for symbol in found if symbol.kind != SymbolKind.EXTERNAL][:1]


def _bare(asked: str, last: Turn, meant: _Meant) -> str:
    """One word that asks on: "where?", "tests?", "why?"."""
    if not _BARE.match(asked):
        return ""
    form, name = _BARE_RELATIONS.get(asked.lower(), ""), meant.first(_ANY)
    return form.format(name=name) if form and name else _with_topic(asked, last)


def _elliptic(asked: str, last: Turn, meant: _Meant) -> str:
    """A name alone after a question about another: the same question about this one."""
    rest = _ABOUT.match(asked)
    structural = read_structural(last.understood or last.question)
    if rest is None or structural is None or len(structural.names) != 1:
        return ""
    name = rest["rest"].strip("`'\" ").removesuffix("()")
    if not re.fullmatch(r"[^\W\d][\w.:$#/-]*", name) or _PRONOUN.fullmatch(name) or name.lower() in {"this", "that"}:
        return ""
    if not meant.defines(name):
        return ""
    before = last.understood or last.question
    return re.sub(rf"`?{re.escape(structural.names[0])}(?:\(\))?`?", lambda _match: f"`{name}`", before, count=1)


def _nth(asked: str, _last: Turn, meant: _Meant) -> str:
    def name(match: re.Match[str]) -> str:
        return meant.nth(_ORDINALS[match["nth"].lower()], _NOUNS[match["noun"].lower()])

    return _replaced(_NTH, asked, name)


def _pointing(asked: str, _last: Turn, meant: _Meant) -> str:
    """Pronouns and what points back, put by name; every pronoun of a question stands for the same."""

    def of_noun(match: re.Match[str]) -> str:
        return meant.first(_NOUNS[match["noun"].lower()], match["noun"].lower())

    def named(_match: re.Match[str]) -> str:
        return meant.first(_ANY)

    def possessive(match: re.Match[str]) -> str:
        name = meant.first(_ANY)
        return f"the {match['what']} of {name}" if name else ""

    text = _replaced(_THAT_NOUN, asked, of_noun) or asked
    if text == asked and not _names_in(asked):
        text = _replaced(_THE_NOUN, asked, lambda match: "" if _names_next(match, meant) else of_noun(match)) or asked
    for pattern, put in ((_POSSESSIVE, possessive), (_PRONOUN, named)):
        first = pattern.search(text)
        if first and text == asked and _has_antecedent(text[: first.start()], meant):
            continue
        text = _replaced(pattern, text, put) or text
    text = _replaced(_LAST_THAT, text, lambda _match: f" {meant.first(_ANY)}".rstrip()) or text
    return "" if text == asked else text


def _names_next(match: re.Match[str], meant: _Meant) -> bool:
    """Whether the word after a noun is a definition: "the function parse" names its own, "does the function parse" not."""
    if _AUXILIARY.search(match.string[: match.start()]):
        return False
    following = re.match(r"\s+([^\W\d]\w*)", match.string[match.end() :])
    return following is not None and meant.defines(following[1])


def _has_antecedent(before: str, meant: _Meant) -> bool:
    """Whether something before a pronoun can be what it stands for: a noun with its article, or a name."""
    if _OWN.search(before) or _names_in(before):
        return True
    words = [word for word in re.findall(r"[^\W\d]\w+", before)[1:] if word.lower() not in STOP_WORDS]
    return any(not _VERBS.fullmatch(word) and meant.defines_exactly(word) for word in words)


def _names_in(text: str) -> tuple[str, ...]:
    """The names in a text that look like code; a text that is one word is no name here."""
    return read_question(f"what {text}").names


def _replaced(pattern: re.Pattern[str], text: str, put: Callable[[re.Match[str]], str]) -> str:
    """`text` with each match replaced by what `put` says; one it says nothing for stays, and what stands in backticks."""
    prose = masked(text)

    def instead(match: re.Match[str]) -> str:
        return (put(match) or match[0]) if prose[match.start() : match.end()] == match[0] else match[0]

    return pattern.sub(instead, text) if pattern.search(prose) else ""


def _with_topic(asked: str, last: Turn) -> str:
    topic = (last.understood or last.question)[:MAX_TOPIC].rstrip("?!. ")
    rest = re.sub(r"^(?:what|how)\s+about\s+", "", asked, flags=re.IGNORECASE)
    return f"{topic}: {rest}"


def _asked(text: str) -> str:
    return f"{text.rstrip('?!. ')}?"
