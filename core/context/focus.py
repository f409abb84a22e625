"""Focus: the places an answer is about.

A ranking finds pieces of text; a person who asks how something works wants the definitions to read first. Five signs are
added for each definition in hand-written code: how well its name, the names around it and the first paragraph of its doc
comment cover the question; how high its file stands in the ranking; whether it is a hit itself; how much other code rests
on it, since what others call or inherit explains more than one use of it; and how much its neighbours in the code graph say
themselves, since what does a thing works together with what is also about it. Where no grammar knows definitions, the hits
themselves stand in.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.context.alike import stands_in, unasked_alike
from core.context.covers import Covers
from core.context.passages import Passage
from core.context.question import Wanted, wanted_terms
from core.model.edge_rows import EdgeRows
from core.model.graph import Confidence, EdgeKind
from core.model.ranking import Hit
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader
from core.retrieval.definitions import DefinitionTable, Rows
from core.retrieval.question import roles_asked_for
from core.retrieval.words import spaced_terms

TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
_KINDS = TYPES | {SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO}
_KIND_NUMBERS = [number for number, kind in enumerate(SymbolKind) if kind in _KINDS]
_TYPE_NUMBERS = [number for number, kind in enumerate(SymbolKind) if kind in TYPES]
_CONSTRUCTOR = list(SymbolKind).index(SymbolKind.CONSTRUCTOR)
_POOL = 300
"""Definitions whose standing in the graph is looked up."""
_GUESSED = list(Confidence).index(Confidence.NAME)
_CALLS = (EdgeKind.CALLS,)
_RESTS_ON = (EdgeKind.CALLS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS, EdgeKind.OVERRIDES)
_MUCH_USED = 40.0
_A_CLASS, _A_FILE, _A_FILE_FIRST = 2, 3, 2
"""Places of one class and of one file that an answer is about, and of one file among the first three."""

COVER, FILE, HIT, USE = 1.0, 0.55, 0.1, 0.4
"""Weights of the first four signs, each between 0 and 1."""
COMPANY = 0.2
"""What a neighbour lends of what it scores above the `_ORDINARY`th definition; each further one lends `_FURTHER` of that."""
_ORDINARY = 60
_FURTHER = 0.6
_LENDING = 3
"""Neighbours that lend."""
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
_ASIDE = re.compile(
    r"(?:^|/)tests?(?:ing)?/|(?:^|/)(?:exceptions?|errors?)\.\w+$|(?:Error|Exception|Warning|_(?:error|exception|warning)s?)$"
)
"""Help for tests, and errors: they name a matter and seldom explain it."""
_ASIDE_SHARE = 0.8
_ALIKE_SHARE = 0.85
"""Of what one of several does that are alike, where the question names none."""
_ASKS_HOW = re.compile(r"\s*(?:how\s+(?:do|does|did|is|are|was|were|can)|what\s+happens)\b", re.IGNORECASE)
_BEFORE = 1e-6
"""What sets a member before its class."""
_SMALL, _SMALL_SHARE = 4, 0.9
"""Lines of a callable that tells little of how anything is done, and what is left of its score; ..."""
_TOLD = 60
"""... where it calls what does it, a comment of so many characters makes up for that: of overloads the shortest is the one
that is explained."""
_LEFT_TO_OTHERS = frozenset({"NotImplementedError", "NotImplementedException", "UnsupportedOperationException"})
_LEFT_SHARE = 0.8
"""Of a definition that calls nothing else: it says what others have to do."""
_AT_ONCE = 40
"""Definitions read from the index together."""


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
    question: str, located: Sequence[Located], table: DefinitionTable, reader: IndexReader, count: int, population: int = 0
) -> list[Focus]:
    """The `count` places that the question is about, best first; fewer where fewer have anything to say.

    `table` holds the definitions to choose from: those of files that may answer, out of `population` in all.
    """
    roles = reader.roles()
    shares = {**_ROLE_SHARES, **dict.fromkeys(roles_asked_for(question), 1.0)}
    files, hits = _standing(located)
    weighed = [
        *_definitions(question, table, reader, roles, (files, hits), population),
        *(_Weighed(entry.score, entry.path, 0, "", entry) for entry in _without_definition(located, roles)),
    ]
    alike = unasked_alike(question, [(entry.path, entry.name) for entry in weighed if entry.name])
    weighed = [replace(entry, score=entry.score * _share(entry, roles, shares, alike)) for entry in weighed]
    weighed.sort(key=_order)
    return _varied(_told(weighed, reader, roles, hits), count)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A place before it is known whether it is among the best: that of a definition has its key, and tells if it `calls`."""

    score: float
    path: str
    line: int
    name: str
    place: int | Focus
    calls: bool = False


def _definitions(
    question: str,
    table: DefinitionTable,
    reader: IndexReader,
    roles: Mapping[str, FileRole],
    ranked: tuple[Mapping[str, float], Mapping[int, Located]],
    population: int,
) -> list[_Weighed]:
    """The definitions that answer the question best by their words and by the ranking, weighed with what they call and with
    what rests on them."""
    files, hits = ranked
    of_file = np.array([FILE * files.get(path, 0.0) for path in table.paths])
    is_chosen = np.array([roles.get(path) == FileRole.SOURCE or path in files for path in table.paths], bool)
    of_hit = np.zeros(len(table))
    rows = table.rows_of(list(hits))
    is_candidate = np.isin(table.kinds, _KIND_NUMBERS)
    is_candidate[
        [row for row, entry in zip(rows.tolist(), hits.values(), strict=True) if row >= 0 and _tells(entry.symbol)]
    ] = True
    candidates = np.flatnonzero(is_candidate & is_chosen[table.files])
    values = np.array([HIT * min(1.0, entry.passage.value) for entry in hits.values()])
    of_hit[rows[rows >= 0]] = values[rows >= 0]
    standing = of_file[table.files[candidates]] + of_hit[candidates]
    wanted = wanted_terms(question)
    covers = Covers(table, candidates, wanted, population)
    pool = _best(COVER * covers.all(len(candidates)) + standing, table.keys[candidates])
    chosen = candidates[pool]
    uses, called = _uses(chosen, table, reader), _called_names(chosen, table, reader)
    keys = table.keys[chosen].tolist()
    scores = [
        COVER * covers.of(place, called.get(key, ())) + float(standing[place]) + USE * uses.get(key, 0.0)
        for place, key in zip(pool.tolist(), keys, strict=True)
    ]
    scores = _in_company(scores, chosen, table, reader)
    left = [key in called and _LEFT_TO_OTHERS.issuperset(called[key]) for key in keys]
    scores = [score * _LEFT_SHARE if is_left else score for score, is_left in zip(scores, left, strict=True)]
    if _ASKS_HOW.match(question):
        scores = _acting_first(scores, chosen, table, wanted)
    return [
        _Weighed(
            score,
            table.paths[table.files[row]],
            int(table.start_lines[row]),
            table.name_of[row],
            key,
            calls=key in called,
        )
        for score, row, key in zip(scores, chosen.tolist(), keys, strict=True)
    ]


def _in_company(scores: Sequence[float], rows: Rows, table: DefinitionTable, reader: IndexReader) -> list[float]:
    """The scores of definitions with what their neighbours lend them: what they call or inherit, and what does so."""
    keys = table.keys[rows].tolist()
    place_of = {key: place for place, key in enumerate(keys)}
    edges = _sure(reader.rows_from(keys, _RESTS_ON))
    beside: list[set[int]] = [set() for _ in keys]
    for source, target in zip(edges.sources.tolist(), edges.targets.tolist(), strict=True):
        if source != target and target in place_of:
            beside[place_of[source]].add(place_of[target])
            beside[place_of[target]].add(place_of[source])
    ordinary = sorted(scores, reverse=True)[:_ORDINARY][-1] if scores else 0.0
    found = []
    for score, others in zip(scores, beside, strict=True):
        above = sorted((max(0.0, scores[place] - ordinary) for place in others), reverse=True)[:_LENDING]
        found.append(score + COMPANY * sum(value * _FURTHER**number for number, value in enumerate(above)))
    return found


def _acting_first(scores: Sequence[float], rows: Rows, table: DefinitionTable, wanted: Mapping[str, Wanted]) -> list[float]:
    """The scores of definitions where it is asked how something happens: of a class the member that does it goes before it.

    The comment of a class speaks of all that it does, so that it covers most of any question; what does the one thing asked
    for is the member whose name says of the question what the name of the class does not.
    """
    said = [_groups_of(table.name_of[row], wanted) for row in rows]
    place_of = {row: place for place, row in enumerate(rows.tolist())}
    best: dict[int, int] = {}
    for place, row in enumerate(rows.tolist()):
        owner = place_of.get(int(table.parents[row]))
        if owner is None or table.kinds[rows[owner]] not in _TYPE_NUMBERS or not said[place] - said[owner]:
            continue
        if owner not in best or scores[place] > scores[best[owner]]:
            best[owner] = place
    found = list(scores)
    for owner, place in best.items():
        found[place] = max(found[place], scores[owner] + _BEFORE)
    return found


def _groups_of(name: str, wanted: Mapping[str, Wanted]) -> frozenset[str]:
    """The words of the question that a name says."""
    return frozenset(wanted[term].group for term in spaced_terms(name).split() if term in wanted)


def _best(scores: NDArray[np.float64], keys: NDArray[np.int64]) -> Rows:
    """The places of the highest `_POOL` scores, best first; where scores are equal, those of the lower keys."""
    places = np.arange(len(scores))
    if len(scores) > _POOL:
        places = np.flatnonzero(scores >= np.partition(scores, -_POOL)[-_POOL])
    return places[np.lexsort((keys[places], -scores[places]))][:_POOL]


def _called_names(rows: Rows, table: DefinitionTable, reader: IndexReader) -> dict[int, list[str]]:
    """The names of what each definition calls: what its body is about."""
    edges = _sure(reader.rows_from(table.keys[rows].tolist(), _CALLS))
    names = reader.names(edges.targets.tolist())
    found: dict[int, list[str]] = {}
    for source, name in zip(edges.sources.tolist(), names, strict=True):
        found.setdefault(source, []).append(name)
    return found


def _uses(rows: Rows, table: DefinitionTable, reader: IndexReader) -> dict[int, float]:
    """How much other code rests on each definition, on a logarithmic scale from 0 to 1. What makes an object of a class
    rests on the class."""
    keys = table.keys[rows].tolist()
    owners = dict(zip(keys, keys, strict=True))
    types = rows[np.isin(table.kinds[rows], _TYPE_NUMBERS)]
    made = np.flatnonzero((table.kinds == _CONSTRUCTOR) & np.isin(table.parents, types))
    owners.update(zip(table.keys[made].tolist(), table.keys[table.parents[made]].tolist(), strict=True))
    users: dict[int, set[int]] = {}
    edges = _sure(reader.rows_to(list(owners), _RESTS_ON))
    for source, target in zip(edges.sources.tolist(), edges.targets.tolist(), strict=True):
        if source != target:
            users.setdefault(owners[target], set()).add(source)
    return {key: min(1.0, math.log1p(len(found)) / math.log1p(_MUCH_USED)) for key, found in users.items()}


def _sure(edges: EdgeRows) -> EdgeRows:
    return edges.taken(edges.confidences != _GUESSED)


def _without_definition(located: Sequence[Located], roles: Mapping[str, FileRole]) -> list[Focus]:
    return [
        Focus(
            None,
            entry,
            roles.get(entry.hit.path, FileRole.SOURCE),
            entry.passage.value * (FILE + HIT + _NO_DEFINITION) * (_BESIDE if entry.symbol else 1.0),
        )
        for entry in located
        if entry.symbol is None or (entry.symbol.kind not in _KINDS | {SymbolKind.CONSTRUCTOR} and not _tells(entry.symbol))
    ]


def _tells(symbol: Symbol | None) -> bool:
    """Whether it is a file whose head tells what it is about."""
    return symbol is not None and symbol.kind == SymbolKind.MODULE and bool(symbol.doc)


def _share(entry: _Weighed, roles: Mapping[str, FileRole], shares: Mapping[FileRole, float], alike: frozenset[str]) -> float:
    """What of its score the role of its file leaves, whether it is help for something else, and whether it stands in one of
    several folders that are `alike`."""
    role = roles.get(entry.path, FileRole.SOURCE)
    is_aside = role == FileRole.SOURCE and (_ASIDE.search(entry.path) or _ASIDE.search(entry.name))
    share = shares[role] * (_ASIDE_SHARE if is_aside else 1.0)
    return share * _ALIKE_SHARE if entry.name and stands_in(entry.path, alike) else share


def _order(entry: _Weighed) -> tuple[float, str, int]:
    return -entry.score, entry.path, entry.line


def _told(
    weighed: Sequence[_Weighed], reader: IndexReader, roles: Mapping[str, FileRole], hits: Mapping[int, Located]
) -> Iterator[Focus]:
    """The places one by one; definitions are read from the index some at a time, the best first.

    Only then is known how long they are: one of a few lines hands on what another does.
    """
    for first in range(0, len(weighed), _AT_ONCE):
        some = weighed[first : first + _AT_ONCE]
        keys = [entry.place for entry in some if isinstance(entry.place, int)]
        symbols = {symbol.key: symbol for symbol in reader.symbols(keys)}
        for entry in sorted((_sized(entry, symbols) for entry in some), key=_order):
            if isinstance(entry.place, Focus):
                yield replace(entry.place, score=entry.score)
            else:
                role = roles.get(entry.path, FileRole.SOURCE)
                yield Focus(symbols[entry.place], hits.get(entry.place), role, entry.score)


def _sized(entry: _Weighed, symbols: Mapping[int, Symbol]) -> _Weighed:
    symbol = symbols.get(entry.place) if isinstance(entry.place, int) else None
    if symbol is None or symbol.kind in TYPES or (entry.calls and len(symbol.doc) >= _TOLD):
        return entry
    return replace(entry, score=entry.score * _SMALL_SHARE) if symbol.end_line - symbol.start_line < _SMALL else entry


def _varied(weighed: Iterable[Focus], count: int) -> list[Focus]:
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
