"""Grounding: whether what a sentence says is held by what it cites, and by the index.

A sentence is *supported* when it cites something, everything it cites is in the pack, and

- every identifier and path it names occurs in the cited excerpts (their text, symbol or path), is next to them in the code
  graph, or is part of a claim that holds;
- the index contradicts no claim that it makes about two names near to each other (`core.answering.claims`: who calls,
  inherits, takes what).

It finds invented functions, wrong callers, classes, files and directions, not wrong conclusions drawn from the right lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set

from core.answering.claims import DOTTED, IDENTIFIER, PATH, claims_in, mentions_in
from core.answering.holding import Claims
from core.answering.sentences import citations_in, code_spans, masked, split_sentences
from core.model.answer import Citation, Sentence
from core.model.context import Excerpt, Pack
from core.model.symbol import SymbolKind
from core.ports import IndexReader

_WORD = re.compile(r"[^\W\d]\w*")
_EVERYDAY = frozenset(
    {"None", "True", "False", "null", "true", "false", "self", "this", "super", "int", "str", "bool", "list", "dict", "set"}
    | {"float", "void", "string", "return", "if", "else", "for", "while"}
    | {"GitHub", "JavaScript", "TypeScript", "PostgreSQL", "MySQL", "OAuth", "WebSocket"}
)
"""Names that need no evidence: words of languages, and products."""


def ground(text: str, pack: Pack, reader: IndexReader | None = None) -> tuple[Sentence, ...]:
    """The sentences of `text`, each with its citations and whether they hold what it names."""
    known = {excerpt.n: _names_of(excerpt) for excerpt in pack.excerpts}
    if reader is not None:
        for n, names in _graph_names(pack.excerpts, reader).items():
            known[n] |= names
    claims = Claims(reader) if reader is not None else None
    sentences: list[Sentence] = []
    for sentence in split_sentences(text):
        cited = citations_in(sentence)
        sentences.append(Sentence(sentence, cited, _supported(sentence, cited, known, claims)))
    return tuple(sentences)


def citations_of(sentences: Iterable[Sentence], pack: Pack) -> tuple[Citation, ...]:
    """The excerpts that are cited, in order of first mention; numbers that are not in the pack are left out."""
    excerpts = {excerpt.n: excerpt for excerpt in pack.excerpts}
    mentioned = dict.fromkeys(n for sentence in sentences for n in sentence.citations if n in excerpts)
    return tuple(Citation(n, excerpts[n].path, excerpts[n].start_line, excerpts[n].end_line) for n in mentioned)


def named_in(sentence: str) -> set[str]:
    """The identifiers and paths a sentence names; a dotted name or a path counts as each of its parts."""
    found: set[str] = set()
    for span in code_spans(sentence):
        found.update(_WORD.findall(span))
    prose = masked(sentence)
    for pattern in (PATH, DOTTED, IDENTIFIER):
        for match in pattern.findall(prose):
            found.update(_WORD.findall(match))
    return {name for name in found if len(name) > 1 and name not in _EVERYDAY}


def _supported(sentence: str, cited: tuple[int, ...], known: Mapping[int, Set[str]], claims: Claims | None) -> bool:
    if not cited or any(n not in known for n in cited):
        return False
    held = set().union(*(known[n] for n in cited))
    if claims is not None:
        if any(claims.is_misplaced(mention) for mention in mentions_in(sentence)):
            return False
        for claim in claims_in(sentence):
            verdict = claims.holds(claim)
            if verdict is False and not claim.is_far:
                return False
            if verdict:
                held.update(_WORD.findall(f"{claim.subject.name} {claim.object.name}"))
    return all(name in held for name in named_in(sentence))


def _names_of(excerpt: Excerpt) -> set[str]:
    return set(_WORD.findall(f"{excerpt.text}\n{excerpt.symbol}\n{excerpt.path}"))


def _graph_names(excerpts: Iterable[Excerpt], reader: IndexReader) -> dict[int, set[str]]:
    """The names of what is next to the symbols that excerpts show."""
    keys: dict[int, list[int]] = {}
    for excerpt in excerpts:
        for symbol in reader.symbols_of(excerpt.path):
            inside = symbol.kind != SymbolKind.MODULE and excerpt.start_line <= symbol.start_line <= excerpt.end_line
            if inside or symbol.qualified_name == excerpt.symbol:
                keys.setdefault(symbol.key, []).append(excerpt.n)
    found: dict[int, set[str]] = {}
    edges = [(edge.source, edge.target) for edge in reader.edges_from(sorted(keys))]
    edges += [(edge.target, edge.source) for edge in reader.edges_to(sorted(keys))]
    names = {symbol.key: symbol.qualified_name for symbol in reader.symbols(sorted({other for _, other in edges}))}
    for key, other in edges:
        for n in keys.get(key, ()):
            found.setdefault(n, set()).update(_WORD.findall(names[other]))
    return found
