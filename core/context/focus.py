"""Focus: the places an answer is about.

A ranking finds pieces of text; a person who asks how something works wants the definitions to read first. Four signs are
added for each definition in hand-written code: how well its name, the names around it and the first paragraph of its doc
comment cover the question; how high its file stands in the ranking; whether it is a hit itself; and how much other code
rests on it, since what others call or inherit explains more than one use of it. Where no grammar knows definitions, the hits
themselves stand in.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.context.passages import Passage, nesting
from core.context.question import Wanted, wanted_terms
from core.model.graph import Confidence, EdgeKind
from core.model.ranking import Hit
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader
from core.retrieval.words import spaced_terms

TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
_KINDS = TYPES | {SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO}
_FIELDS = (("name", 1.0), ("around", 0.7), ("doc", 0.8), ("path", 0.45), ("signature", 0.35))
"""What a term is worth by where it stands."""
_OTHER_FORM = 0.65
"""Of a term that has the stem of a word of the question and is another word: `setting` and `set`, `load` and `loading`."""
_BY_CALLS = 0.4
"""Of a term that only the names of what a definition calls hold."""
_POOL = 300
"""Definitions whose standing in the graph is looked up."""
_SURE = (Confidence.EXACT, Confidence.INFERRED)
_CALLS = (EdgeKind.CALLS,)
_RESTS_ON = (EdgeKind.CALLS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS, EdgeKind.OVERRIDES)
_MUCH_USED = 40.0
_A_CLASS, _A_FILE, _A_FILE_FIRST = 2, 3, 2
"""Places of one class and of one file that an answer is about, and of one file among the first three."""

COVER, FILE, HIT, USE = 1.0, 0.55, 0.3, 0.4
"""Weights of the four signs, each between 0 and 1."""
_NO_DEFINITION = 0.7
"""What a hit that belongs to no definition is taken to cover, for as much as its rank is worth."""
_BESIDE = 0.75
"""Of a hit beside the definitions of a file that has some: its head, its imports, its constants."""
_ROLE_SHARES = {
    FileRole.SOURCE: 1.0,
    FileRole.EXAMPLE: 0.5,
    FileRole.DOCUMENT: 0.5,
    FileRole.DATA: 0.5,
    FileRole.TEST: 0.4,
    FileRole.VENDORED: 0.4,
    FileRole.GENERATED: 0.3,
}
"""A newcomer's answer is in the code itself, unless the question asks for something else."""
_ASKS_FOR = {
    FileRole.TEST: re.compile(r"\btest(?:s|ed|ing)?\b", re.IGNORECASE),
    FileRole.DOCUMENT: re.compile(r"\b(?:docs?|documentation|documented|readme|changelog)\b", re.IGNORECASE),
    FileRole.EXAMPLE: re.compile(r"\b(?:examples?|demos?|samples?|tutorials?)\b", re.IGNORECASE),
}
_ASIDE = re.compile(r"(?:^|/)tests?(?:ing)?/|(?:^|/)(?:exceptions?|errors?)\.\w+$|(?:Error|Exception|Warning)$")
"""Help for tests, and errors: they name a matter and seldom explain it."""
_ASIDE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Located:
    """A hit with the symbol it belongs to, if the index knows one, and the passage that shows it."""

    hit: Hit
    symbol: Symbol | None
    passage: Passage


@dataclass(frozen=True, slots=True)
class Focus:
    """A place with what speaks for it. A definition has a `symbol`, any place that is a hit is `located`."""

    symbol: Symbol | None
    located: Located | None
    role: FileRole
    score: float

    @property
    def path(self) -> str:
        """Where it stands."""
        return self.symbol.path if self.symbol else self.located.hit.path if self.located else ""


def focus(
    question: str, located: Sequence[Located], symbols: Iterable[Symbol], reader: IndexReader, count: int
) -> list[Focus]:
    """The `count` places that the question is about, best first; fewer where fewer have anything to say.

    `symbols` are those to choose from: all of the index, or, which takes less time, those of the hits' files.
    """
    roles = {file.path: file.role for file in reader.files()}
    shares = {role: 1.0 if form.search(question) else _ROLE_SHARES[role] for role, form in _ASKS_FOR.items()}
    shares = {**_ROLE_SHARES, **shares}
    weights = wanted_terms(question)
    files, hits = _standing(located)
    wanted = [
        symbol
        for symbol in symbols
        if symbol.kind in _KINDS and symbol.path and (roles.get(symbol.path) == FileRole.SOURCE or symbol.path in files)
    ]
    chosen = [*_definitions(wanted, weights, (files, hits), reader, roles), *_without_definition(located, roles)]
    weighed = [
        Focus(entry.symbol, entry.located, entry.role, entry.score * shares[entry.role] * _aside_share(entry))
        for entry in chosen
    ]
    weighed.sort(key=lambda entry: (-entry.score, entry.path, entry.symbol.start_line if entry.symbol else 0))
    return _varied(weighed, count)


def _definitions(
    wanted: Sequence[Symbol],
    weights: Mapping[str, Wanted],
    ranked: tuple[Mapping[str, float], Mapping[int, Located]],
    reader: IndexReader,
    roles: Mapping[str, FileRole],
) -> list[Focus]:
    files, hits = ranked
    covers = _Covers(wanted, weights)

    def standing(symbol: Symbol) -> float:
        hit = hits[symbol.key].passage.value if symbol.key in hits else 0.0
        return FILE * files.get(symbol.path, 0.0) + HIT * min(1.0, hit)

    pool = sorted(wanted, key=lambda symbol: (-COVER * covers.of(symbol) - standing(symbol), symbol.key))[:_POOL]
    uses = _uses(pool, reader)
    calls = _called_names(pool, reader)
    return [
        Focus(
            symbol,
            hits.get(symbol.key),
            roles.get(symbol.path, FileRole.SOURCE),
            COVER * covers.of(symbol, calls.get(symbol.key, ())) + standing(symbol) + USE * uses.get(symbol.key, 0.0),
        )
        for symbol in pool
    ]


def _called_names(symbols: Sequence[Symbol], reader: IndexReader) -> dict[int, list[str]]:
    """The names of what each definition calls: what its body is about."""
    edges = [edge for edge in reader.edges_from([symbol.key for symbol in symbols], _CALLS) if edge.confidence in _SURE]
    names = {symbol.key: symbol.name for symbol in reader.symbols(sorted({edge.target for edge in edges}))}
    found: dict[int, list[str]] = {}
    for edge in edges:
        found.setdefault(edge.source, []).append(names[edge.target])
    return found


def _without_definition(located: Sequence[Located], roles: Mapping[str, FileRole]) -> list[Focus]:
    return [
        Focus(
            None,
            entry,
            roles.get(entry.hit.path, FileRole.SOURCE),
            entry.passage.value * (FILE + HIT + _NO_DEFINITION) * (_BESIDE if entry.symbol else 1.0),
        )
        for entry in located
        if entry.symbol is None or entry.symbol.kind not in _KINDS | {SymbolKind.CONSTRUCTOR}
    ]


def _aside_share(entry: Focus) -> float:
    aside = _ASIDE.search(entry.path) or (entry.symbol and _ASIDE.search(entry.symbol.name))
    return _ASIDE_SHARE if aside and entry.role == FileRole.SOURCE else 1.0


def _varied(weighed: Sequence[Focus], count: int) -> list[Focus]:
    """The first `count`, no more than a few of one class and file, and none that says the same as one before."""
    found: list[Focus] = []
    owners: Counter[str] = Counter()
    files: Counter[str] = Counter()
    said: set[tuple[str, str]] = set()
    for entry in weighed:
        symbol = entry.symbol
        owner = ""
        if symbol:
            owner = symbol.qualified_name if symbol.kind in TYPES else symbol.qualified_name.rpartition(".")[0]
            key = (symbol.path, symbol.doc or symbol.qualified_name)
            if key in said:
                continue
            said.add(key)
        few = _A_FILE_FIRST if len(found) < 3 else _A_FILE
        if files[entry.path] >= few or (owner and owners[owner] >= _A_CLASS):
            continue
        files[entry.path] += 1
        owners[owner] += 1
        found.append(entry)
        if len(found) == count:
            break
    return found


def _standing(located: Iterable[Located]) -> tuple[dict[str, float], dict[int, Located]]:
    """How high each file stands in the ranking, between 0 and 1, and the first hit of each definition."""
    files: dict[str, float] = {}
    hits: dict[int, Located] = {}
    for entry in located:
        files[entry.hit.path] = max(files.get(entry.hit.path, 0.0), min(1.0, entry.passage.value))
        if entry.symbol:
            hits.setdefault(entry.symbol.key, entry)
            if entry.symbol.kind == SymbolKind.CONSTRUCTOR and entry.symbol.parent >= 0:
                hits.setdefault(entry.symbol.parent, entry)
    return files, hits


class _Covers:
    """How much of a question a definition's words hold, rare terms counting more; between 0 and 1."""

    def __init__(self, candidates: Sequence[Symbol], wanted: Mapping[str, Wanted]) -> None:
        self._wanted = wanted
        self._places = {symbol.key: found for symbol in candidates if (found := _places_of(symbol, wanted))}
        self._frequency = Counter(group for found in self._places.values() for group in found)
        self._total = len(candidates)
        groups = {entry.group: entry.weight for entry in wanted.values()}
        self._rarity = {group: weight * self._rareness(group) for group, weight in groups.items() if self._frequency[group]}
        self._whole = sum(self._rarity.values()) or 1.0

    def _rareness(self, group: str) -> float:
        return math.log(1.0 + self._total / (1.0 + self._frequency[group]))

    def of(self, symbol: Symbol, called: Iterable[str] = ()) -> float:
        """The cover of one candidate; `called` are the names of what it calls."""
        found = self._places.get(symbol.key, {})
        terms = set(spaced_terms(" ".join(called)).split()) if called else set()
        if terms:
            found = dict(found)
            for term in self._wanted.keys() & terms:
                entry = self._wanted[term]
                found[entry.group] = max(found.get(entry.group, 0.0), _BY_CALLS * entry.share)
        return sum(self._rarity.get(group, 0.0) * share for group, share in found.items()) / self._whole


def _places_of(symbol: Symbol, wanted: Mapping[str, Wanted]) -> dict[str, float]:
    """The words of the question that a definition's words hold, each with the worth of its best place."""
    around = nesting(symbol.path, symbol.qualified_name).rpartition(".")[0]
    texts = {"name": symbol.name, "around": around, "doc": symbol.doc, "path": symbol.path, "signature": symbol.signature}
    found: dict[str, float] = {}
    if wanted.keys().isdisjoint(spaced_terms(" ".join(texts.values())).split()):
        return found
    for field, worth in _FIELDS:
        shared = wanted.keys() & set(spaced_terms(texts[field]).split())
        if shared:
            written = texts[field].lower()
            for term in shared:
                entry = wanted[term]
                exact = 1.0 if entry.word in written else _OTHER_FORM
                found[entry.group] = max(found.get(entry.group, 0.0), worth * entry.share * exact)
    return found


def _uses(symbols: Sequence[Symbol], reader: IndexReader) -> dict[int, float]:
    """How much other code rests on each definition, on a logarithmic scale from 0 to 1. What makes an object of a class
    rests on the class."""
    owners = {symbol.key: symbol.key for symbol in symbols}
    for path in {symbol.path for symbol in symbols if symbol.kind in TYPES}:
        made = (symbol for symbol in reader.symbols_of(path) if symbol.kind == SymbolKind.CONSTRUCTOR)
        owners.update((symbol.key, symbol.parent) for symbol in made if symbol.parent in owners)
    users: dict[int, set[int]] = {}
    for edge in reader.edges_to(list(owners), _RESTS_ON):
        if edge.confidence in _SURE and edge.source != edge.target:
            users.setdefault(owners[edge.target], set()).add(edge.source)
    return {key: min(1.0, math.log1p(len(found)) / math.log1p(_MUCH_USED)) for key, found in users.items()}
