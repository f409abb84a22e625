"""The tools: what each is called, takes and answers.

All their definitions are read by a model before its first call, so schemas say what a check cannot: names, kinds and bounds.
Answers are compact JSON, places written `path:first-last`, which every tool that takes a symbol understands as well.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.cancellation import CancellationToken
from core.diagrams import KINDS
from core.errors import UsageError
from core.graph.impact import DEFAULT_DEPTH
from core.graph.impact import DEFAULT_LIMIT as IMPACT_LIMIT
from core.graph.walks import DEFAULT_LIMIT as WALK_LIMIT
from core.model.clone import CloneClass, CloneMember
from core.model.graph import CodeGraph, Edge
from core.model.ranking import Filter, Hit
from core.model.symbol import Symbol
from core.paths import glob_matcher
from core.ports import FileReader
from desktop.engine import wire
from desktop.engine.first_methods import status
from desktop.engine.params import flag, number, optional_text, text
from desktop.engine.run_wire import Json
from desktop.mcp import graph_tools
from desktop.mcp.desk import Arguments, Desk, Reply
from desktop.mcp.pages import PROPERTIES as PAGE
from desktop.mcp.pages import bounded, page_of
from desktop.mcp.places import at, brief
from desktop.mcp.safe_text import excerpt

_RANKED = 50
"""Places of a question that pages go to. Up to here a longer ranking begins as a shorter one; beyond, more candidates are
looked at, and the first would come in another order."""
_HIT_LINES, _MOST_HIT_LINES = 8, 60
_SYMBOL_LINES, _MOST_SYMBOL_LINES = 150, 2_000
_NEIGHBOURS = 10
"""Callers and callees shown beside a symbol; the walks list the others."""
_MEMBERS = 20
"""Copies shown of a class of clones."""
_TOLD = 200
"""Characters of the difference of a copy."""
_MOST_DEPTH = 100
_MOST_TOKENS = 200_000

_TEXT: Json = {"type": "string"}
_SYMBOL: Json = {"type": "string", "description": "id, qualified name, unique suffix or path:line"}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. `properties` is the schema of its arguments, of which it cannot do without those in `required`."""

    name: str
    description: str
    properties: Mapping[str, Json]
    required: tuple[str, ...]
    function: Callable[[Desk, Arguments, CancellationToken], Reply]

    @property
    def schema(self) -> Json:
        """The JSON Schema of its arguments."""
        required = {"required": list(self.required)} if self.required else {}
        return {"type": "object", "properties": dict(self.properties), **required}

    def answer(self, desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
        """Its answer; raises CodestrataError for arguments that are missing, wrong or unknown to it."""
        for name in self.required:
            if arguments.get(name) is None:
                raise UsageError(f"'{self.name}' needs the argument '{name}'", "", "send it")
        for name in arguments:
            if name not in self.properties:
                taken = ", ".join(self.properties) or "none"
                raise UsageError(f"'{self.name}' takes no argument '{name:.80}'", "", f"it takes {taken}")
        return self.function(desk, arguments, token)


def _search(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    page, regex = page_of(arguments), flag(arguments, "regex")
    lines = bounded(arguments, "lines", _HIT_LINES, 0, _MOST_HIT_LINES)
    chosen = Filter(*(optional_text(arguments, name) for name in ("path", "language", "kind")))
    wanted = page.end + 1 if regex else min(page.end + 1, _RANKED)
    found = desk.service.search(desk.index, text(arguments, "query"), wanted, chosen, token, regex=regex)
    reader = desk.reader
    results = [_hit(reader, hit, lines) for hit in page.of(found.hits)]
    nowhere = {"nowhere": list(found.nowhere)} if found.nowhere else {}
    return Reply({"results": results, **nowhere, **page.onward(len(found.hits)), **_stale(found.stale_files)})


def _hit(reader: FileReader, hit: Hit, lines: int) -> Json:
    row: Json = {"at": f"{hit.path}:{hit.start_line}-{hit.end_line}", "symbol": hit.symbol, "kind": hit.kind}
    row["score"] = round(hit.score, 3)
    if hit.copies:
        row["copies"] = hit.copies
    if lines:
        row["text"] = excerpt(reader, hit.path, hit.start_line, min(hit.end_line, hit.start_line + lines - 1))
    return row


def _stale(count: int) -> Json:
    return {"stale_files": count} if count else {}


def _symbol(desk: Desk, arguments: Arguments, _token: CancellationToken) -> Reply:
    lines = bounded(arguments, "lines", _SYMBOL_LINES, 1, _MOST_SYMBOL_LINES)
    view = desk.service.show(desk.index, text(arguments, "symbol"))
    symbol = view.symbol
    facts: Json = {
        **wire.symbol(symbol),
        "callers": _neighbours(view.callers),
        "callees": _neighbours(view.callees),
    }
    if not symbol.path:
        return Reply(facts)
    last = min(symbol.end_line, symbol.start_line + lines - 1)
    facts["text_lines"] = [symbol.start_line, last]
    return Reply(facts, (excerpt(desk.reader, symbol.path, symbol.start_line, last),))


def _neighbours(symbols: Sequence[Symbol]) -> Json:
    return {"total": len(symbols), "first": {symbol.id: brief(symbol) for symbol in symbols[:_NEIGHBOURS]}}


def _callers(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    depth = bounded(arguments, "depth", 1, 1, _MOST_DEPTH)
    return _walked(desk.service.callers(desk.index, text(arguments, "symbol"), depth, token), arguments)


def _callees(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    depth = bounded(arguments, "depth", 1, 1, _MOST_DEPTH)
    return _walked(desk.service.callees(desk.index, text(arguments, "symbol"), depth, token), arguments)


def _path(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    return _walked(desk.service.path(desk.index, text(arguments, "from"), text(arguments, "to"), token), arguments)


def _walked(part: CodeGraph, arguments: Arguments) -> Reply:
    """A page of the edges of a walk, nearest first, and the symbols at their ends."""
    page = page_of(arguments)
    symbols = {symbol.key: symbol for symbol in part.symbols}
    edges = page.of(part.edges)
    ends = dict.fromkeys(key for edge in edges for key in (edge.source, edge.target))
    return Reply(
        {
            "edges": [_edge(edge, symbols) for edge in edges],
            "symbols": {symbols[key].id: brief(symbols[key]) for key in ends},
            "total": len(part.edges),
            **page.onward(len(part.edges)),
            **_cut_off(len(part.symbols), WALK_LIMIT),
        }
    )


def _edge(edge: Edge, symbols: Mapping[int, Symbol]) -> Json:
    return {
        "from": symbols[edge.source].id,
        "to": symbols[edge.target].id,
        "at": f"{edge.path}:{edge.line}",
        "confidence": str(edge.confidence),
    }


def _cut_off(count: int, limit: int) -> Json:
    return {"cut_off": f"the walk ended at {limit:,} symbols"} if count >= limit else {}


def _impact(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    page, depth = page_of(arguments), bounded(arguments, "depth", DEFAULT_DEPTH, 1, _MOST_DEPTH)
    found = desk.service.impact(desk.index, text(arguments, "of"), depth, token)
    tests, reached = desk.service.tests(desk.index), found.reached
    return Reply(
        {
            "changed": {symbol.id: brief(symbol) for symbol in found.changed[: page.limit]},
            "changed_total": len(found.changed),
            "reached": {symbol.id: brief(symbol) for symbol in page.of(reached)},
            "tests": [symbol.id for symbol in page.of(reached) if symbol.path in tests],
            "total": len(reached),
            **page.onward(len(reached)),
            **_cut_off(len(reached), IMPACT_LIMIT),
        }
    )


def _clones(desk: Desk, arguments: Arguments, _token: CancellationToken) -> Reply:
    page, glob = page_of(arguments), optional_text(arguments, "path")
    found = desk.service.clones(desk.index, number(arguments, "min_similarity", 0.0))
    if glob:
        within = functools.cache(glob_matcher(glob))
        found = [
            clones
            for clones in found
            if within(clones.representative.place.path) or any(within(member.place.path) for member in clones.members)
        ]
    return Reply({"classes": [_class(each) for each in page.of(found)], "total": len(found), **page.onward(len(found))})


def _class(found: CloneClass) -> Json:
    kept, members = found.representative.place, found.members
    return {
        "at": at(kept),
        "symbol": kept.symbol,
        "type": int(found.type),
        "bytes_saved": found.bytes_saved,
        "copies": [_copy(member) for member in members[:_MEMBERS]],
        **({"more_copies": len(members) - _MEMBERS} if len(members) > _MEMBERS else {}),
    }


def _copy(member: CloneMember) -> Json:
    told = member.difference.told(_TOLD)
    return {
        "at": at(member.place),
        "symbol": member.place.symbol,
        "similarity": round(member.similarity, 3),
        "verdict": str(member.verdict),
        **({"difference": told} if told else {}),
    }


def _architecture(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    """The boxes of a diagram, which are few, and a page of its arrows."""
    page, kind = page_of(arguments), optional_text(arguments, "kind", KINDS[0])
    drawn = desk.service.diagram(desk.index, kind, optional_text(arguments, "scope"), token)
    told = wire.diagram(dataclasses.replace(drawn, edges=tuple(page.of(drawn.edges))))
    return Reply(
        {
            "title": drawn.title,
            "subtitle": drawn.subtitle,
            "nodes": [_without(node, "place", "weight") for node in told["nodes"]],
            "edges": [_without(edge, "places") for edge in told["edges"]],
            "clusters": [_without(cluster) for cluster in told["clusters"]],
            "omitted": told["omitted"],
            "total": len(drawn.edges),
            **page.onward(len(drawn.edges)),
        }
    )


def _without(row: Json, *names: str) -> Json:
    """A row without these fields and those that say nothing."""
    return {name: value for name, value in row.items() if value and name not in names}


def _pack(desk: Desk, arguments: Arguments, _token: CancellationToken) -> Reply:
    budget = bounded(arguments, "max_tokens", desk.budget, 1, _MOST_TOKENS)
    pack = desk.service.context(desk.index, text(arguments, "question"), budget)
    facts = wire.pack(pack)
    meta: Json = {name: facts[name] for name in ("tokens", "budget", "tokenizer", "redactions", "flagged_instructions")}
    meta["excerpts"] = [_without(excerpt, "text", "why") for excerpt in facts["excerpts"]]
    return Reply(texts=(pack.text,), meta=meta) if pack.excerpts else Reply({"excerpts": []}, meta=meta)


def _status(desk: Desk, _arguments: Arguments, _token: CancellationToken) -> Reply:
    facts = status(desk.service.session(desk.index))
    return Reply({name: value for name, value in facts.items() if name not in {"folding", "generation", "watchable"}})


def _integer(default: int, least: int, most: int) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


_DEPTH = _integer(1, 1, _MOST_DEPTH)
_PATH: Json = {"type": "string", "description": "folder, file or glob"}

TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "search_code",
            "Rank places in the code for a question, symbol or error text, or find a regular expression.",
            {
                "query": _TEXT,
                "regex": {"type": "boolean", "default": False},
                "path": _PATH,
                "language": _TEXT,
                "kind": {"type": "string", "description": "function, method, class, module, section or text"},
                "lines": {**_integer(_HIT_LINES, 0, _MOST_HIT_LINES), "description": "lines of text shown of each"},
                **PAGE,
            },
            ("query",),
            _search,
        ),
        Tool(
            "get_symbol",
            "Show a definition: its place, signature, source, and first callers and callees.",
            {"symbol": _SYMBOL, "lines": _integer(_SYMBOL_LINES, 1, _MOST_SYMBOL_LINES)},
            ("symbol",),
            _symbol,
        ),
        Tool(
            "callers",
            "Who calls a symbol. confidence: exact, inferred, or name (by name only).",
            {"symbol": _SYMBOL, "depth": _DEPTH, **PAGE},
            ("symbol",),
            _callers,
        ),
        Tool("callees", "What a symbol calls.", {"symbol": _SYMBOL, "depth": _DEPTH, **PAGE}, ("symbol",), _callees),
        Tool(
            "path",
            "The shortest chain of calls from one symbol to another.",
            {"from": _SYMBOL, "to": _SYMBOL, **PAGE},
            ("from", "to"),
            _path,
        ),
        Tool(
            "impact",
            "What a change touches, its tests marked.",
            {
                "of": {"type": "string", "description": "a symbol, or a range of commits such as main..topic"},
                "depth": _integer(DEFAULT_DEPTH, 1, _MOST_DEPTH),
                **PAGE,
            },
            ("of",),
            _impact,
        ),
        Tool(
            "cycles",
            "What depends on itself, and the links that would break it.",
            graph_tools.CYCLE_PROPERTIES,
            (),
            graph_tools.cycles,
        ),
        Tool(
            "dead_code",
            "What nothing seems to need, and what speaks against that.",
            {"path": _PATH, **graph_tools.DEAD_PROPERTIES},
            (),
            graph_tools.dead,
        ),
        Tool(
            "entry_points",
            "Where the program is entered.",
            {"path": _PATH, **graph_tools.ENTRY_PROPERTIES},
            (),
            graph_tools.entries,
        ),
        Tool(
            "hotspots",
            "Files that change often and are hard to follow.",
            PAGE,
            (),
            graph_tools.hotspots,
        ),
        Tool(
            "clones",
            "Repeated logic: code before documents and data, what saves most first.",
            {"path": _PATH, "min_similarity": {"type": "number", "minimum": 0, "maximum": 1}, **PAGE},
            (),
            _clones,
        ),
        Tool(
            "architecture",
            "The parts of the source and the arrows between them, as found in the code.",
            {
                "kind": {"enum": list(KINDS), "default": KINDS[0]},
                "scope": {"type": "string", "description": "folder, file or symbol (calls needs a symbol)"},
                **PAGE,
            },
            (),
            _architecture,
        ),
        Tool(
            "context_pack",
            "The excerpts that answer a question best within a budget of LLM tokens, with citations.",
            {"question": _TEXT, "max_tokens": {"type": "integer", "minimum": 1, "maximum": _MOST_TOKENS}},
            ("question",),
            _pack,
        ),
        Tool("index_status", "What the index holds and how many files have changed since.", {}, (), _status),
    )
}
