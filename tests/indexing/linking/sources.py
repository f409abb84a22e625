"""Linking small sources through the real parser."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from core.cancellation import CancellationToken
from core.graph.formats import callgraph
from core.model.graph import CodeGraph, Confidence, EdgeKind
from indexing.languages.grammar import parse_text
from indexing.languages.registry import language_of, languages, scanned_languages
from indexing.linking.records import FileFacts, Linked
from indexing.linking.whole import link


def facts_of(path: str, text: str) -> FileFacts:
    """The facts of one file, its language told by its path."""
    content = dedent(text).encode()
    language = language_of(path, content)
    if (scanned := scanned_languages().get(language)) is not None:
        return FileFacts(path, language, scanned.scanner()(content).analyse().facts)
    extractor = languages()[language].extractor()(content, parse_text(language, content))
    return FileFacts(path, language, extractor.analyse().facts)


def link_sources(sources: Mapping[str, str]) -> Linked:
    return link([facts_of(path, text) for path, text in sources.items()], CancellationToken())


def calls(linked: Linked) -> dict[str, list[str]]:
    """Callers that call anything, with their callees, by qualified name."""
    graph = callgraph(CodeGraph(tuple(linked.symbols), tuple(linked.edges)))
    return {caller: callees for caller, callees in graph.items() if callees}


def edges(linked: Linked, kind: EdgeKind) -> set[tuple[str, str]]:
    """(source, target) of each edge of a kind, by qualified name."""
    names = [symbol.qualified_name for symbol in linked.symbols]
    return {(names[edge.source], names[edge.target]) for edge in linked.edges if edge.kind is kind}


def confidence(linked: Linked, source: str, target: str) -> Confidence:
    """How sure the (only) call from `source` to `target` is."""
    names = [symbol.qualified_name for symbol in linked.symbols]
    (found,) = {
        edge.confidence
        for edge in linked.edges
        if edge.kind is EdgeKind.CALLS and (names[edge.source], names[edge.target]) == (source, target)
    }
    return found
