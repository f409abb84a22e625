"""Questions that the code graph answers: who calls, what is called, what implements, which tests, what breaks.

Only a question that is nothing else is read so, and only where the name it asks about is a definition of the source; words
and vectors answer the rest. What is related goes before everything that merely uses the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader
from core.retrieval.snapshot import Snapshot

RELATED = 2.0
"""What a place gains that is related by a certain edge: as much as a line that the question points at."""

_FARTHER = 0.6
"""Share of a place one edge farther away."""

_CONFIDENCES = {Confidence.EXACT: 1.0, Confidence.INFERRED: 0.8, Confidence.NAME: 0.5}
_MAX_NAMED = 8
"""Definitions of one name; where there are more, nobody can tell which is meant."""
_MAX_RELATED = 200


class Relation(StrEnum):
    """What is asked about a definition."""

    CALLERS = "callers"
    CALLEES = "callees"
    HEIRS = "heirs"
    TESTS = "tests"
    IMPACT = "impact"


@dataclass(frozen=True, slots=True)
class Related:
    """A question for what is in `relation` to the definitions called `name`."""

    relation: Relation
    name: str


_SORT = r"(?:function|method|class|interface|type|struct|trait|macro|constructor)"
_NAME = (
    rf"(?:(?:the|an?)\s+)?(?:{_SORT}\s+)?"
    r"[`'\"]?(?P<name>[^\W\d][\w$]*(?:(?:::|->|[.#])[^\W\d][\w$]*)*)(?:\(\))?[`'\"]?"
    rf"(?:\s+{_SORT})?"
)
_WHAT = (
    r"(?:who|what|which)(?:\s+(?:else|all|other|code|functions?|methods?|classes|types?|structs?|places?|modules?|files?))*"
)
_LIST = r"(?:(?:show|find|list)\s+)?(?:all\s+)?(?:the\s+)?"
_USE = r"(?:calls?|uses?|invokes?|references?|instantiates?|constructs?)"
_USED = r"(?:called|used|invoked|referenced|instantiated)"
_INHERIT = r"(?:overrides?|implements?|extends?|subclass(?:es)?|inherits?\s+from|derives?\s+from)"
_TEST = r"(?:tests?|covers?|exercises?|checks?|calls?|uses?|verif(?:y|ies))"
_CHANGES = r"(?:\s+(?:changes|is\s+changed|breaks|is\s+removed))?"
_FORMS: Sequence[tuple[Relation, str]] = (
    (Relation.TESTS, rf"(?:which|what)\s+(?:unit\s+)?tests?(?:\s+(?:functions?|methods?))?\s+{_TEST}\s+{_NAME}"),
    (Relation.TESTS, rf"(?:(?:what|which|where)\s+are\s+)?(?:the\s+)?tests?\s+(?:of|for|that\s+{_TEST})\s+{_NAME}"),
    (Relation.TESTS, rf"(?:which|what)\s+tests\s+{_NAME}"),
    (Relation.TESTS, rf"where\s+is\s+{_NAME}\s+(?:tested|covered)"),
    (Relation.IMPACT, rf"what\s+(?:would\s+)?(?:breaks?|fails?)\s+(?:if|when)\s+(?:I\s+change\s+)?{_NAME}{_CHANGES}"),
    (Relation.IMPACT, rf"what\s+is\s+affected\s+(?:if|when)\s+(?:I\s+change\s+)?{_NAME}{_CHANGES}"),
    (Relation.IMPACT, rf"{_WHAT}\s+depends?\s+on\s+{_NAME}"),
    (Relation.CALLERS, rf"{_WHAT}\s+{_USE}\s+{_NAME}"),
    (Relation.CALLERS, rf"{_LIST}(?:callers?|usages?|uses|call\s+sites?|references)\s+(?:of|to)\s+{_NAME}"),
    (Relation.CALLERS, rf"where\s+is\s+{_NAME}\s+{_USED}(?:\s+from)?"),
    (Relation.CALLEES, rf"{_WHAT}\s+(?:does|do)\s+{_NAME}\s+(?:call|use|invoke)"),
    (Relation.CALLEES, rf"{_LIST}callees?\s+of\s+{_NAME}"),
    (Relation.CALLEES, rf"{_WHAT}\s+(?:is|are)\s+called\s+(?:by|from|in)\s+{_NAME}"),
    (Relation.HEIRS, rf"{_WHAT}\s+{_INHERIT}\s+{_NAME}"),
    (Relation.HEIRS, rf"{_LIST}(?:implementations?|implementers|overrides|subclasses|subtypes)\s+of\s+{_NAME}"),
)
_PATTERNS = tuple((relation, re.compile(rf"\s*{form}\s*[?.!]*\s*", re.IGNORECASE)) for relation, form in _FORMS)
_LONGEST = 300
"""Characters; a longer question is about more than one name."""

_USES = (EdgeKind.CALLS, EdgeKind.REFERENCES)
_INHERITING = (EdgeKind.OVERRIDES, EdgeKind.IMPLEMENTS, EdgeKind.INHERITS)


def read_relation(text: str) -> Related | None:
    """What the question asks of the code graph, None where it asks for something else."""
    if len(text) > _LONGEST:
        return None
    for relation, pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            return Related(relation, re.sub(r"::|->|#", ".", match["name"]))
    return None


def related_scores(related: Related | None, snapshot: Snapshot) -> dict[int, float]:
    """What each row gains that answers a question of the code graph; nothing where the name is no definition here."""
    if related is None:
        return {}
    reader = snapshot.reader
    named = [symbol for symbol in reader.find_symbols(related.name, _MAX_NAMED + 1) if _is_meant(symbol, related.name)]
    if not named or len(named) > _MAX_NAMED:
        return {}
    gains: dict[int, float] = {}
    for path, line, strength in _places(related.relation, named, reader):
        position = snapshot.positions.get(path, -1)
        row = snapshot.chunk_at(position, line) if position >= 0 else -1
        if row >= 0:
            gains[row] = max(gains.get(row, 0.0), RELATED * strength)
    return gains


def _is_meant(symbol: Symbol, name: str) -> bool:
    return symbol.kind not in (SymbolKind.EXTERNAL, SymbolKind.MODULE) and symbol.name == name.rpartition(".")[2]


def _places(relation: Relation, named: Sequence[Symbol], reader: IndexReader) -> Iterator[tuple[str, int, float]]:
    """Where the answers stand, with a share of `RELATED`: a call by the line of the call, a definition by its first."""
    keys = [symbol.key for symbol in named]
    if relation is Relation.CALLEES:
        edges = reader.edges_from(keys, (EdgeKind.CALLS,))[:_MAX_RELATED]
        yield from _definitions(edges, [edge.target for edge in edges], reader, 1.0)
    elif relation is Relation.CALLERS:
        yield from _sites(reader.edges_to(keys, _USES), 1.0)
    elif relation is Relation.HEIRS:
        yield from _inwards(keys, _INHERITING, reader)
    elif relation is Relation.IMPACT:
        yield from _inwards(keys, (*_USES, *_INHERITING), reader)
    else:
        tests = {file.path for file in reader.files() if file.role is FileRole.TEST}
        direct = reader.edges_to(keys, _USES)[:_MAX_RELATED]
        yield from _sites([edge for edge in direct if edge.path in tests], 1.0)
        between = sorted({edge.source for edge in direct})
        farther = reader.edges_to(between, _USES) if between else []
        yield from _sites([edge for edge in farther if edge.path in tests], _FARTHER)


def _sites(edges: Sequence[Edge], share: float) -> Iterator[tuple[str, int, float]]:
    for edge in edges[:_MAX_RELATED]:
        yield edge.path, edge.line, share * _CONFIDENCES[edge.confidence]


def _definitions(
    edges: Sequence[Edge], keys: Sequence[int], reader: IndexReader, share: float
) -> Iterator[tuple[str, int, float]]:
    symbols: Mapping[int, Symbol] = {symbol.key: symbol for symbol in reader.symbols(sorted(set(keys)))}
    for edge, key in zip(edges, keys, strict=True):
        if symbols[key].path and symbols[key].kind is not SymbolKind.MODULE:
            yield symbols[key].path, symbols[key].start_line, share * _CONFIDENCES[edge.confidence]


def _inwards(keys: Sequence[int], kinds: Sequence[EdgeKind], reader: IndexReader) -> Iterator[tuple[str, int, float]]:
    """What reaches `keys` over one edge, and over two."""
    edges = reader.edges_to(keys, kinds)[:_MAX_RELATED]
    sources = [edge.source for edge in edges]
    yield from _definitions(edges, sources, reader, 1.0)
    farther = reader.edges_to(sorted(set(sources) - set(keys)), kinds)[:_MAX_RELATED] if sources else []
    yield from _definitions(farther, [edge.source for edge in farther], reader, _FARTHER)
