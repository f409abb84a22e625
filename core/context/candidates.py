"""Candidates: every passage that could go into a pack for a ranking, with what it is worth.

A hit brings its own lines (the whole definition around them where that is of a readable size). The first hits also bring
their neighbours in the code graph, one edge away: what they call, who calls them, what they inherit; and an outline of the
class or file they stand in. A neighbour found from several hits is worth the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from core.context.focus import TYPES, Focus, Located
from core.context.outlines import outline_passage
from core.context.passages import LineRange, Passage, Texts, joined, nesting
from core.context.shortening import head_of
from core.model.context import ExcerptRole
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.ranking import Hit, Ranking
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader
from core.retrieval.question import read_question
from core.retrieval.words import spaced_terms

MAX_HITS = 100
"""Of a statement: of those places that answer and are no hit, few are met further down."""
_HITS = 24
"""Hits that a pack chooses from, but for a statement: more than a list shows."""
_WHOLE_HITS = 6
_GLIMPSE = 2
"""Lines after its head that are shown of a hit that is only glimpsed."""
_NAMED_COPIES = 3
_DIFFERENCE = 60
"""Characters of a copy's difference."""
_EXPANDED_HITS = 6
_MAX_NEIGHBOURS = 40
_MAX_EDGES = 400
_MAX_SCOPE_LINES = 250
"""A longer definition is no passage: the hit's own lines are."""
_TYPE_HEAD = 24
"""Lines of a type after its first that are shown where the question is about it."""
_FOCUS_VALUE = 0.9
_SMALL_DEFINITION = 14
"""Lines; a neighbour up to this long is shown whole, a longer one by its head."""

CONFIDENCE_WEIGHTS = {Confidence.EXACT: 1.0, Confidence.INFERRED: 0.7, Confidence.NAME: 0.2}
_NEIGHBOUR_VALUE = {ExcerptRole.CALLEE: 0.35, ExcerptRole.CALLER: 0.3, ExcerptRole.DEFINITION: 0.3}
_EDGE_KINDS = (EdgeKind.CALLS, EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)
_CALLABLES = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.MACRO)


def locate(ranking: Ranking, reader: IndexReader, texts: Texts) -> list[Located]:
    """The passages of the hits, best first, without folded copies of one another."""
    hits = ranking.hits[:MAX_HITS]
    stands_for = {chunk.id: chunk.representative for chunk in reader.chunks([hit.chunk for hit in hits])}
    best = max((hit.score for hit in hits), default=0.0)
    seen: set[int] = set()
    found: list[Located] = []
    for rank, hit in enumerate(hits):
        representative = stands_for.get(hit.chunk, hit.chunk)
        if representative in seen:
            continue
        seen.add(representative)
        symbol = symbol_at(texts.symbols_on(hit.path, hit.start_line, hit.end_line), hit)
        share = hit.score / best if best > 0.0 else 1.0
        value = (0.3 + 0.7 * max(0.0, share)) / (1.0 + 0.1 * rank)
        scope = _scope_of(hit, symbol, texts)
        why = f"hit {rank + 1} ({', '.join(hit.origins)})" if hit.origins else f"hit {rank + 1}"
        if hit.copies:
            why += f", +{hit.copies} {'copy' if hit.copies == 1 else 'copies'}"
        name = hit.symbol or (symbol.qualified_name if symbol else "")
        copies = _named(hit)
        passage = Passage(hit.path, (scope,), scope, name, ExcerptRole.HIT, why, value, copies=copies)
        found.append(Located(hit, symbol, passage))
    return found


def hits_wanted(question: str) -> int:
    """How many hits a pack for `question` chooses from."""
    return MAX_HITS if read_question(question).is_statement else _HITS


def glimpsed(hits: Sequence[Passage], texts: Texts) -> list[Passage]:
    """Hits for a statement, which one function answers: those after the first by their heads, so that more are seen."""
    return [*hits[:_WHOLE_HITS], *(_glimpse(hit, texts) for hit in hits[_WHOLE_HITS:])]


def _glimpse(hit: Passage, texts: Texts) -> Passage:
    start, end = hit.kept[0]
    if end - start < _SMALL_DEFINITION:
        return hit
    head = head_of(texts.lines(hit.path), (start, end))
    return replace(hit, kept=((start, min(end, head[1] + _GLIMPSE)),))


def _named(hit: Hit) -> str:
    """The copies of a hit with their differences, in a few words; the rest is counted."""
    told = [
        f"{member.place.path}:{member.place.start_line}-{member.place.end_line}"
        + (f" {member.similarity:.0%} {member.difference.told(_DIFFERENCE)}" if member.similarity < 1.0 else "")
        for member in hit.copied[:_NAMED_COPIES]
    ]
    more = hit.copies - len(told)
    return "; ".join([*told, f"{more} more"] if more > 0 and told else told)


def symbol_at(symbols: Iterable[Symbol], hit: Hit) -> Symbol | None:
    """The symbol a hit belongs to: by name and place, else the innermost around its first line."""
    named: Symbol | None = None
    innermost: Symbol | None = None
    for symbol in symbols:
        overlaps = symbol.start_line <= hit.end_line and hit.start_line <= symbol.end_line
        if symbol.qualified_name == hit.symbol and overlaps and (named is None or _size(symbol) < _size(named)):
            named = symbol
        around = symbol.start_line <= hit.start_line <= symbol.end_line
        if around and (innermost is None or _size(symbol) < _size(innermost)):
            innermost = symbol
    return named or innermost


def neighbours(located: Sequence[Located], reader: IndexReader, texts: Texts, terms: Set[str]) -> list[Passage]:
    """Passages one edge away from the first hits, and their outlines, best first."""
    sources = {entry.symbol.key: entry for entry in reversed(located[:_EXPANDED_HITS]) if entry.symbol}
    if not sources:
        return []
    roles = reader.roles()
    out = reader.edges_from(list(sources), _EDGE_KINDS)[:_MAX_EDGES]
    into = reader.edges_to(list(sources), _EDGE_KINDS)[:_MAX_EDGES]
    others = {edge.target for edge in out} | {edge.source for edge in into}
    symbols = {symbol.key: symbol for symbol in reader.symbols(sorted(others))}
    callers: dict[int, int] = {}
    for edge in into:
        callers[edge.target] = callers.get(edge.target, 0) + 1
    found: dict[tuple[int, int], Passage] = {}
    for edge, outward in [(edge, True) for edge in out] + [(edge, False) for edge in into]:
        symbol = symbols[edge.target if outward else edge.source]
        source = sources[edge.source if outward else edge.target]
        if symbol.kind == SymbolKind.EXTERNAL or symbol.key in sources or symbol.kind == SymbolKind.MODULE:
            continue
        crowd = 1.0 if outward else callers[edge.target] ** -0.5
        aside = 1.0 if roles.get(symbol.path) == FileRole.SOURCE else 0.3
        share = _neighbour_value(_role(edge, symbol, outward), edge.confidence, symbol, terms)
        value = source.passage.value * share * crowd * aside
        key = (symbol.key, 0 if outward else edge.line)
        if key in found:
            found[key] = replace(found[key], value=found[key].value + 0.5 * value)
        else:
            found[key] = replace(_neighbour(edge, symbol, source, outward, texts), value=value)
    best = sorted(found.values(), key=lambda passage: (-passage.value, passage.path, passage.start_line))
    return best[:_MAX_NEIGHBOURS]


def definitions(places: Sequence[Focus], texts: Texts) -> list[Passage]:
    """The definitions a question is about that are no hits themselves: a callable whole, a type by its head."""
    best = places[0].score if places else 1.0
    found: list[Passage] = []
    for rank, place in enumerate(places):
        symbol = place.symbol
        if symbol is None or place.located is not None:
            continue
        start, end = texts.clamp(symbol.path, symbol.start_line, symbol.end_line)
        if symbol.kind in TYPES:
            end = min(end, start + _TYPE_HEAD)
        elif end - start >= _MAX_SCOPE_LINES:
            end = start + _MAX_SCOPE_LINES
        value = _FOCUS_VALUE * place.score / best / (1.0 + 0.1 * rank)
        why = "what the question names"
        found.append(
            Passage(symbol.path, ((start, end),), (start, end), symbol.qualified_name, ExcerptRole.DEFINITION, why, value)
        )
    return found


def raised(hits: Sequence[Passage], places: Sequence[Focus]) -> list[Passage]:
    """The hits by their worth, those that are definitions the question is about worth more."""
    best = places[0].score if places else 1.0
    worth = {
        (place.located.passage.path, place.located.passage.kept): _FOCUS_VALUE * place.score / best / (1.0 + 0.1 * rank)
        for rank, place in enumerate(places)
        if place.located is not None
    }
    return [replace(hit, value=max(hit.value, worth.get((hit.path, hit.kept), 0.0))) for hit in hits]


def outlines(located: Sequence[Located], texts: Texts) -> list[Passage]:
    """Outlines of the classes and files that the first hits stand in."""
    found: dict[tuple[str, int], Passage] = {}
    for entry in located[:_EXPANDED_HITS]:
        symbols = texts.symbols(entry.hit.path)
        owner = _owner(entry.symbol, symbols)
        for symbol, share in ((owner, 0.22), (symbols[0] if symbols else None, 0.12)):
            if symbol is None or (symbol.path, symbol.key) in found:
                continue
            passage = outline_passage(symbol, symbols, share * entry.passage.value)
            if passage:
                found[symbol.path, symbol.key] = passage
    return list(found.values())


def _owner(symbol: Symbol | None, symbols: Sequence[Symbol]) -> Symbol | None:
    """The class a symbol is, or is a member of."""
    by_key = {other.key: other for other in symbols}
    for _ in range(8):
        if symbol is None or symbol.kind in TYPES:
            return symbol
        symbol = by_key.get(symbol.parent)
    return None


def _size(symbol: Symbol) -> int:
    return symbol.end_line - symbol.start_line


def _scope_of(hit: Hit, symbol: Symbol | None, texts: Texts) -> LineRange:
    """The lines that show a hit: the callable it lies in, with what stands right before it, or its own."""
    start, end = texts.clamp(hit.path, hit.start_line, hit.end_line)
    if symbol is None or symbol.kind not in _CALLABLES or _size(symbol) >= _MAX_SCOPE_LINES:
        return start, end
    if symbol.start_line <= end and start <= symbol.end_line:
        return texts.clamp(hit.path, min(start, symbol.start_line), max(end, symbol.end_line))
    return start, end


def _neighbour_value(role: ExcerptRole, confidence: Confidence, symbol: Symbol, terms: Set[str]) -> float:
    """The share of its hit's value that a neighbour has."""
    shared = len(terms & set(spaced_terms(f"{symbol.name} {symbol.doc}").split()))
    return _NEIGHBOUR_VALUE[role] * CONFIDENCE_WEIGHTS[confidence] * (1.0 + 0.5 * min(shared, 3))


def _role(edge: Edge, symbol: Symbol, outward: bool) -> ExcerptRole:
    if edge.kind != EdgeKind.CALLS or (outward and symbol.kind in TYPES):
        return ExcerptRole.DEFINITION
    return ExcerptRole.CALLEE if outward else ExcerptRole.CALLER


def _neighbour(edge: Edge, symbol: Symbol, source: Located, outward: bool, texts: Texts) -> Passage:
    """A callee by its head, a caller by its first line and the lines around the call."""
    scope = texts.clamp(symbol.path, symbol.start_line, symbol.end_line)
    other = nesting(source.hit.path, source.symbol.qualified_name if source.symbol else source.hit.symbol) or source.hit.path
    role = _role(edge, symbol, outward)
    if edge.kind != EdgeKind.CALLS:
        verb = "inherited by" if outward else "inherits"
    else:
        verb = "called by" if outward else "calls"
    head = head_of(texts.lines(symbol.path), scope)
    kept: tuple[LineRange, ...] = (scope,)
    if scope[1] - scope[0] >= _SMALL_DEFINITION:
        kept = (head,)
        if not outward and edge.path == symbol.path and scope[0] <= edge.line <= scope[1]:
            kept = joined([(scope[0], scope[0]), (max(scope[0], edge.line - 2), min(scope[1], edge.line + 2))])
        elif outward and symbol.kind in _CALLABLES:
            kept = ((head[0], min(scope[1], max(head[1], head[0] + 5))),)
    return Passage(symbol.path, kept, scope, symbol.qualified_name, role, f"{verb} {other}", 0.0)
