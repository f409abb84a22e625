"""Where names are written in the text of a source, and what of that the code graph does not explain.

A name that is written only where it is defined, and where an edge leads to something of that name, is used nowhere else: no
call that could not be resolved, no string, no setting can mean it. Comments count for nothing; documents are told apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from core.cancellation import CancellationToken
from core.graph.conventions import NOT_CODE
from core.model.graph import Edge
from core.model.source import FileRole, IndexedFile
from core.model.symbol import Symbol, SymbolKind
from core.ports import FileReader

_WORD = re.compile(r"[^\W\d]\w*")
_LITERAL = re.compile(r"""["'`](\w{3,40})(?:["'`]|%|\{|\$\{)""")
_LEAST_CAMEL = 6
"""Characters of a beginning without an underscore at its end; a shorter one is any word."""
_COMMENT = ("#", "//", "/*", "*", "--", "<!--", ";", "%", "'''", '"""')
_MOST_PLACES = 200
"""Places looked at for one name; one that is written more often is used somewhere."""
_C_LIKE = frozenset({"c", "cpp", "objective-c"})
_PROTOTYPE = r"^[A-Za-z_][\w\s*&:<>,]*[\s*&]{name}\s*\([^{{]*(?:$|;)"
_NO_TYPE = ("return", "else", "goto", "case", "throw", "delete", "new", "await", "yield")


class Writing(IntEnum):
    """What a place makes of a name, the weightiest last."""

    DECLARED = 0
    """A prototype: it says that others may use it, and uses nothing."""
    DOCUMENT = 1
    STRING = 2
    CODE = 3


@dataclass(frozen=True, slots=True)
class Written:
    """A place where a name is written."""

    path: str
    line: int
    how: Writing


def written_elsewhere(
    reader: FileReader,
    files: Mapping[str, IndexedFile],
    symbols: Iterable[Symbol],
    edges: Iterable[Edge],
    named: Mapping[int, Symbol],
    cancellation: CancellationToken,
) -> dict[int, Written]:
    """For those of `symbols` (by key) whose name is written at a place that neither they nor any edge explain, the
    weightiest such place, the first of its kind. `named` holds every symbol by its key."""
    wanted = list(symbols)
    by_name: defaultdict[str, list[Symbol]] = defaultdict(list)
    for symbol in wanted:
        by_name[symbol.name].append(symbol)
    beginnings: dict[str, Written] = {}
    wanted_beginnings = {beginning for symbol in wanted for beginning in _beginnings(symbol)}
    odd = frozenset(name for name in by_name if _WORD.fullmatch(name) is None)  # of files: `main-window`
    owners = {name: {named[one.parent].name for one in held if one.parent in named} for name, held in by_name.items()}
    explained = _explained(owners, edges, named)
    found: dict[int, Written] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for path, file in files.items():
        cancellation.check("looking for names")
        text = reader.text(path)
        if file.role is not FileRole.DOCUMENT:
            for literal in wanted_beginnings.intersection(_LITERAL.findall(text)) - beginnings.keys():
                at = next(n for n, row in enumerate(text.split("\n"), 1) if literal in _LITERAL.findall(row))
                beginnings[literal] = Written(path, at, Writing.STRING)
        here = by_name.keys() & set(_WORD.findall(text))
        here |= {name for name in odd if name in text}
        if not here:
            continue
        is_document = file.role is FileRole.DOCUMENT
        for number, line in enumerate(text.split("\n"), 1):
            words = here.intersection(_WORD.findall(line))
            if not odd.isdisjoint(here):
                words |= {name for name in odd if name in line}
            if not words or (line.lstrip().startswith(_COMMENT) and not is_document and not line.lstrip().startswith("#[")):
                continue
            for name in words:
                if (path, number, name) in explained or counts[name] > _MOST_PLACES:
                    continue
                counts[name] += 1
                place = Written(path, number, Writing.DOCUMENT if is_document else _how(line, name, file.language))
                for symbol in by_name[name]:
                    if symbol.path == path and symbol.start_line <= number <= symbol.end_line:
                        continue
                    before = found.get(symbol.key)
                    if before is None or place.how > before.how:
                        found[symbol.key] = place
    for symbol in wanted:
        begun = next((beginnings[part] for part in _beginnings(symbol) if part in beginnings), None)
        if symbol.key not in found and begun is not None:
            found[symbol.key] = begun
    return found


def _beginnings(symbol: Symbol) -> Iterator[str]:
    """What a string may hold of a name, to be completed when the program runs: `"visit_" + kind`, `"setElement" + type`."""
    name = symbol.name
    if symbol.kind not in (SymbolKind.METHOD, SymbolKind.FUNCTION, SymbolKind.CLASS):
        return
    for end in range(3, len(name)):
        camel = name[end].isupper() and name[end - 1].islower() and end >= _LEAST_CAMEL
        if name[end - 1] == "_" or camel:
            yield name[:end]


def _explained(
    owners: Mapping[str, Collection[str]], edges: Iterable[Edge], named: Mapping[int, Symbol]
) -> set[tuple[str, int, str]]:
    """Places at which an edge leads to something of a name: its definition (`contains`), a use, or an import. A name from
    outside explains nothing where it is written as that of a definition with one of these owners (`Character.forDigit`)."""
    found = set()
    for edge in edges:
        target = named[edge.target]
        name = target.name
        if name not in owners or edge.source == edge.target or named[edge.source].language in NOT_CODE:
            continue
        is_outside = target.kind is SymbolKind.EXTERNAL
        if not is_outside or target.qualified_name.rpartition(".")[0].rpartition(".")[2] not in owners[name]:
            found.add((edge.path, edge.line, name))
    return found


def _how(line: str, name: str, language: str) -> Writing:
    quoted = re.search(rf"""["'`][\w.:/\\ $-]*\b{re.escape(name)}\b[\w.:/\\ $()-]*["'`]""", line)
    if quoted is not None:
        return Writing.STRING
    may_declare = language in _C_LIKE and not line.lstrip().startswith(_NO_TYPE)
    if may_declare and re.match(_PROTOTYPE.format(name=re.escape(name)), line):
        return Writing.DECLARED
    return Writing.CODE
