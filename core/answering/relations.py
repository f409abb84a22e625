"""Structural questions answered from the code graph: who calls, what is called, a path, who inherits, overrides, imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.answering.statements import Section, Statement
from core.answering.wording import (
    definition_passage,
    edge_passage,
    enumerated,
    introduced,
    quoted,
    short_name,
    stated_at,
    verb,
)
from core.context.passages import Texts
from core.graph.constructors import constructors_of
from core.graph.impact import DEFAULT_LIMIT as IMPACT_LIMIT
from core.graph.impact import impact, with_members
from core.graph.walks import path_between
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.ranking import Ranking
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader
from core.retrieval.structural import Relation, StructuralQuestion

_MAX_LISTED = 20
_MAX_EDGES = 5_000
_MAX_ENDS = 3
"""Definitions of one name that a path is sought from and to."""
_KINDS: dict[Relation, tuple[EdgeKind, ...]] = {
    Relation.CALLERS: (EdgeKind.CALLS, EdgeKind.REFERENCES),
    Relation.CALLEES: (EdgeKind.CALLS,),
    Relation.SUBTYPES: (EdgeKind.INHERITS, EdgeKind.IMPLEMENTS),
    Relation.SUPERTYPES: (EdgeKind.INHERITS, EdgeKind.IMPLEMENTS),
    Relation.OVERRIDES: (EdgeKind.OVERRIDES,),
    Relation.IMPORTERS: (EdgeKind.IMPORTS,),
    Relation.TESTS: (EdgeKind.CALLS, EdgeKind.REFERENCES),
}
_OUTWARD = (Relation.CALLEES, Relation.SUPERTYPES)
_OF_CONSTRUCTORS = (Relation.CALLERS, Relation.TESTS)
_SUMMARY = {
    Relation.CALLERS: "is called from",
    Relation.CALLEES: "calls",
    Relation.SUBTYPES: "is the base of",
    Relation.SUPERTYPES: "inherits from",
    Relation.OVERRIDES: "is overridden by",
    Relation.IMPORTERS: "is imported by",
    Relation.TESTS: "is tested from",
}
_HEADINGS = {
    Relation.CALLERS: "Callers",
    Relation.CALLEES: "Callees",
    Relation.SUBTYPES: "Subtypes",
    Relation.SUPERTYPES: "Supertypes",
    Relation.OVERRIDES: "Overrides",
    Relation.IMPORTERS: "Importers",
    Relation.TESTS: "Tests",
}
_CONFIDENCE_ORDER = {Confidence.EXACT: 0, Confidence.INFERRED: 1, Confidence.NAME: 2}


def answer_relation(question: StructuralQuestion, ranking: Ranking, reader: IndexReader, texts: Texts) -> list[Section]:
    """The sections of an answer; empty where a name is no symbol of the index, so that the ranking may answer instead."""
    found = [_internal(name, reader, question.relation) for name in question.names]
    if not all(found):
        return []
    if question.relation == Relation.PATH:
        return _path(found[0], found[1], reader, texts)
    if question.relation == Relation.DEFINITION:
        definitions = _by_ranking(found[0], ranking)
        return [Section("", tuple(_defined(symbol, texts) for symbol in definitions[:_MAX_LISTED]))]
    if question.relation == Relation.IMPACT:
        return _impact(min(_by_ranking(found[0], ranking), key=lambda symbol: short_name(symbol).count(".")), reader, texts)
    return _related(question.relation, found[0], ranking, reader, texts)


def _internal(name: str, reader: IndexReader, relation: Relation) -> list[Symbol]:
    """The symbols of the source that a name may mean: those of that very spelling, else without regard to case. Modules are
    what is imported, and what is called only at last."""
    symbols = [symbol for symbol in reader.find_symbols(name) if symbol.kind != SymbolKind.EXTERNAL]
    last = name.replace("::", ".").rsplit(".", 1)[-1]
    spelt = [symbol for symbol in symbols if symbol.name == last] or symbols
    return sorted(spelt, key=lambda symbol: (symbol.kind == SymbolKind.MODULE) != (relation == Relation.IMPORTERS))


def _by_ranking(symbols: Sequence[Symbol], ranking: Ranking) -> list[Symbol]:
    ranked = {hit.symbol: place for place, hit in reversed(list(enumerate(ranking.hits)))}
    return sorted(symbols, key=lambda symbol: ranked.get(symbol.qualified_name, len(ranked)))


def _defined(symbol: Symbol, texts: Texts) -> Statement:
    return Statement(introduced(symbol), (definition_passage(symbol, texts, "the definition asked for"),))


def _related(
    relation: Relation, symbols: Sequence[Symbol], ranking: Ranking, reader: IndexReader, texts: Texts
) -> list[Section]:
    outward = relation in _OUTWARD
    keys = [symbol.key for symbol in symbols]
    made_by = constructors_of(reader, symbols) if relation in _OF_CONSTRUCTORS else {}
    edges = (reader.edges_from if outward else reader.edges_to)([*keys, *made_by], _KINDS[relation])[:_MAX_EDGES]
    if relation == Relation.TESTS:
        tests = {path for path, role in reader.roles().items() if role == FileRole.TEST}
        edges = [edge for edge in edges if edge.path in tests]
    counts = dict.fromkeys(keys, 0)
    for edge in edges:
        counts[_own(edge, outward, made_by)] += 1
    # Of those alike, the least nested: what is defined within a function is seldom meant.
    chosen = max(_by_ranking(symbols, ranking), key=lambda symbol: (counts[symbol.key], -short_name(symbol).count(".")))
    mine = [edge for edge in edges if _own(edge, outward, made_by) == chosen.key]
    others = {symbol.key: symbol for symbol in reader.symbols(sorted({_other(edge, outward) for edge in mine}))}
    mine = _ordered(mine, others, outward, reader)
    definition = definition_passage(chosen, texts, "the symbol asked for")
    head = [_defined(chosen, texts)]
    if mine:
        names = len({_other(edge, outward) for edge in mine})
        unsure = sum(1 for edge in mine if edge.confidence == Confidence.NAME)
        doubt = f", {unsure} of them by name only" if unsure else ""
        places = f" ({len(mine)} places)" if len(mine) != names else ""
        head.append(
            Statement(f"{quoted(chosen)} {_SUMMARY[relation]} {_counted(names, relation)}{places}{doubt}", (definition,))
        )
    else:
        nothing = _HEADINGS[relation].lower()
        head.append(Statement(f"The index knows no {nothing} of {quoted(chosen)}", (definition,)))
    if len(symbols) > 1:
        rest = [f"`{symbol.qualified_name}`" for symbol in symbols if symbol.key != chosen.key]
        also = [
            definition_passage(symbol, texts, "of the same name", 0.2) for symbol in symbols if symbol.key != chosen.key
        ][:3]
        head.append(Statement(f"Of the same name are also {enumerated(rest[:3], len(rest))}", tuple(also)))
    grouped: dict[tuple[int, Confidence], list[Edge]] = {}
    for edge in mine:
        grouped.setdefault((_other(edge, outward), edge.confidence), []).append(edge)
    listed = [_stated(edges, chosen, others[key], outward, texts) for (key, _), edges in list(grouped.items())[:_MAX_LISTED]]
    heading = _HEADINGS[relation] + (f" (the first {_MAX_LISTED} of {len(grouped)})" if len(grouped) > _MAX_LISTED else "")
    return [Section("", tuple(head), "prose"), Section(heading, tuple(listed))]


def _counted(number: int, relation: Relation) -> str:
    nouns = {
        Relation.CALLERS: "definition",
        Relation.CALLEES: "definition",
        Relation.SUBTYPES: "type",
        Relation.SUPERTYPES: "type",
        Relation.OVERRIDES: "method",
        Relation.IMPORTERS: "module",
        Relation.TESTS: "definition",
    }
    return f"{number} {nouns[relation]}{'' if number == 1 else 's'}"


def _own(edge: Edge, outward: bool, made_by: Mapping[int, int]) -> int:
    """The symbol asked for at this edge; a constructor stands for its type."""
    return edge.source if outward else made_by.get(edge.target, edge.target)


def _other(edge: Edge, outward: bool) -> int:
    return edge.target if outward else edge.source


def _ordered(edges: Sequence[Edge], others: dict[int, Symbol], outward: bool, reader: IndexReader) -> list[Edge]:
    """Sure edges before doubtful ones, hand-written code before tests, what is defined here before what is not."""
    roles = reader.roles()

    def rank(edge: Edge) -> tuple[bool, int, bool, str, int]:
        other = others[_other(edge, outward)]
        aside = roles.get(other.path, FileRole.SOURCE) != FileRole.SOURCE
        return aside, _CONFIDENCE_ORDER[edge.confidence], other.kind == SymbolKind.EXTERNAL, edge.path, edge.line

    return sorted(edges, key=rank)


def _stated(edges: Sequence[Edge], chosen: Symbol, other: Symbol, outward: bool, texts: Texts) -> Statement:
    """All that one other symbol has to do with the chosen one, in a sentence."""
    source, target = (chosen, other) if outward else (other, chosen)
    passage = edge_passage(edges, source, texts, f"{verb(edges[0])} {short_name(target)}")
    subject, object_ = ("It", quoted(target)) if outward else (quoted(source), "it")
    return Statement(f"{subject} {verb(edges[0])} {object_} at {stated_at(edges, source)}", (passage,))


def _step(edge: Edge, source: Symbol, target: Symbol, texts: Texts) -> Statement:
    passage = edge_passage([edge], source, texts, f"{verb(edge)} {short_name(target)}")
    return Statement(f"{quoted(source)} {verb(edge)} {quoted(target)} at {stated_at([edge], source)}", (passage,))


def _path(starts: Sequence[Symbol], ends: Sequence[Symbol], reader: IndexReader, texts: Texts) -> list[Section]:
    ways = [path_between(reader, start, end) for start in starts[:_MAX_ENDS] for end in ends[:_MAX_ENDS]]
    found = [way for way in ways if way.edges]
    if found:
        way = min(found, key=lambda way: len(way.edges))
        known = {symbol.key: symbol for symbol in way.symbols}
        steps = [_step(edge, known[edge.source], known[edge.target], texts) for edge in way.edges]
        return [
            Section("", (_defined(way.symbols[0], texts), _defined(way.symbols[-1], texts)), "prose"),
            Section(f"The way takes {len(steps)} {'call' if len(steps) == 1 else 'calls'}", tuple(steps), "steps"),
        ]
    first, last = starts[0], ends[0]
    shown = (
        definition_passage(first, texts, "where the path begins"),
        definition_passage(last, texts, "where it would end"),
    )
    statement = Statement(f"The index holds no way along calls from {quoted(first)} to {quoted(last)}", shown)
    return [Section("", (statement,), "prose")]


def _impact(symbol: Symbol, reader: IndexReader, texts: Texts) -> list[Section]:
    """What a change of a symbol touches, nearest first, its tests apart."""
    found = impact(reader, with_members(reader, symbol))
    roles = reader.roles()
    definition = definition_passage(symbol, texts, "what would change")
    head = [_defined(symbol, texts)]
    near = [edge for edge in found.graph.edges if edge.target in {changed.key for changed in found.changed}]
    by_source: dict[int, list[Edge]] = {}
    for edge in near:
        by_source.setdefault(edge.source, []).append(edge)
    others = {each.key: each for each in found.reached}
    tests = {key for key, each in others.items() if roles.get(each.path) == FileRole.TEST}
    if not others:
        head.append(Statement(f"The index knows nothing that a change of {quoted(symbol)} touches", (definition,)))
        return [Section("", tuple(head), "prose")]
    files = len({each.path for each in others.values()})
    definitions = "definition" if len(others) == 1 else "definitions"
    in_files = "file" if files == 1 else "files"
    most = " or more" if len(others) >= IMPACT_LIMIT else ""
    tested = f", {len(tests)} of them tests" if tests else ""
    text = f"A change of {quoted(symbol)} touches {len(others):,}{most} {definitions} in {files:,} {in_files}{tested}"
    head.append(Statement(text, (definition,)))
    ordered = [(key, edges) for key, edges in by_source.items() if key in others]
    sections = [Section("", tuple(head), "prose")]
    for heading, wanted in (("At once", False), ("Tests among them", True)):
        listed = [(key, edges) for key, edges in ordered if (key in tests) is wanted]
        shown = tuple(_touched(edges, others[key], symbol, texts) for key, edges in listed[:_MAX_LISTED])
        more = f" (the first {_MAX_LISTED} of {len(listed)})" if len(listed) > _MAX_LISTED else ""
        sections.append(Section(heading + more, shown))
    return sections


def _touched(edges: Sequence[Edge], other: Symbol, symbol: Symbol, texts: Texts) -> Statement:
    passage = edge_passage(edges, other, texts, f"{verb(edges[0])} {short_name(symbol)}")
    return Statement(f"{quoted(other)} {verb(edges[0])} it at {stated_at(edges, other)}", (passage,))
