"""Where names are written in the text of a source, and what of that the code graph does not explain.

A name that is written only where it is defined, and where an edge leads to something of that name, is used nowhere else: no
call that could not be resolved, no string, no setting can mean it. Comments count for nothing; documents are told apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from core.cancellation import CancellationToken
from core.graph.visibility import is_of_word, word_at
from core.model.source import FileRole, IndexedFile
from core.model.symbol import Symbol, SymbolKind
from core.ports import FileReader

_WORD = re.compile(r"[^\W\d]\w*")
_RUN = re.compile(r"\w+")
_BEGINS_WORD = re.compile(r"[^\W\d]")
_LINE_END = re.compile("\n")
_CUTS = {code: " " for code in range(128) if not is_of_word(chr(code))}
_QUOTES = "\"'`"
_LITERAL = re.compile(r"""["'`](\w{3,40})(?:["'`]|%|\{|\$\{)""")
_LEAST_CAMEL = 6
"""Characters of a beginning without an underscore at its end; a shorter one is any word."""
_COMMENT = ("#", "//", "/*", "*", "--", "<!--", ";", "%", "'''", '"""')
_MOST_PLACES = 200
"""Places looked at for one name; one that is written more often is used somewhere."""
_C_LIKE = frozenset({"c", "cpp", "objective-c"})
_BEFORE_NAME = re.compile(r"[A-Za-z_][\w\s*&:<>,]*[\s*&]")
_PARENTHESES = re.compile(r"\s*\([^{]*(?:$|;)")
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
    explained: Collection[tuple[str, int, str]],
    cancellation: CancellationToken,
) -> dict[int, Written]:
    """For those of `symbols` (by key) whose name is written at a place that neither they nor any edge explain, the
    weightiest such place, the first of its kind. `explained` holds places, (path, line, name), at which an edge leads to
    something of that name."""
    wanted = list(symbols)
    by_name: defaultdict[str, list[Symbol]] = defaultdict(list)
    for symbol in wanted:
        if symbol.name:
            by_name[symbol.name].append(symbol)
    beginnings: dict[str, Written] = {}
    wanted_beginnings = {beginning for symbol in wanted for beginning in _beginnings(symbol)}
    odd = frozenset(name for name in by_name if _WORD.fullmatch(name) is None)  # of files: `main-window`
    left = set(by_name)
    """Names of which another place could still tell more: not those that were met too often, or in code outside of each of
    their symbols, which is the weightiest."""
    unsettled = {name: len(held) for name, held in by_name.items()}
    found: dict[int, Written] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for path, file in files.items():
        cancellation.check("looking for names")
        text = reader.text(path)
        runs = _runs(text)
        is_document = file.role is FileRole.DOCUMENT
        if not is_document and not wanted_beginnings.isdisjoint(runs):
            for literal in wanted_beginnings.intersection(_LITERAL.findall(text)) - beginnings.keys():
                at = next(n for n, row in enumerate(text.split("\n"), 1) if literal in _LITERAL.findall(row))
                beginnings[literal] = Written(path, at, Writing.STRING)
        here = left & runs
        numbered = (run for run in runs if run[0].isdigit() and not run.isdecimal())
        here.update(left.intersection(word for run in numbered for word in _WORD.findall(run)))
        here.update(name for name in odd & left if name in text)
        if not here:
            continue
        lines = _Lines(text)
        for name in here:
            for number, line in lines.with_name(name, is_word=name not in odd):
                if (path, number, name) in explained:
                    continue
                bare = line.lstrip()
                if bare.startswith(_COMMENT) and not is_document and not bare.startswith("#["):
                    continue
                counts[name] += 1
                place = Written(path, number, Writing.DOCUMENT if is_document else _how(line, name, file.language))
                for symbol in by_name[name]:
                    if symbol.path == path and symbol.start_line <= number <= symbol.end_line:
                        continue
                    before = found.get(symbol.key)
                    if before is None or place.how > before.how:
                        found[symbol.key] = place
                        unsettled[name] -= place.how is Writing.CODE
                if counts[name] > _MOST_PLACES or not unsettled[name]:
                    left.discard(name)
                    break
    for symbol in wanted:
        begun = next((beginnings[part] for part in _beginnings(symbol) if part in beginnings), None)
        if symbol.key not in found and begun is not None:
            found[symbol.key] = begun
    return found


def _runs(text: str) -> set[str]:
    """The longest runs of letters, digits and underscores."""
    # Cutting at the rest of ASCII takes a third of the time of a regular expression.
    return set(text.translate(_CUTS).split()) if text.isascii() else set(_RUN.findall(text))


class _Lines:
    """The lines of a text, found by what they hold."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] | None = None

    def with_name(self, name: str, *, is_word: bool) -> Iterator[tuple[int, str]]:
        """Numbers, from 1 on, and texts of the lines that hold a name, as a word or anyhow."""
        text, at = self._text, self._text.find(name)
        if self._ends is None:
            self._ends = [found.start() for found in _LINE_END.finditer(text)]
        ends = self._ends
        while at >= 0:
            if is_word and not _is_word(text, at, name):
                at = text.find(name, at + 1)
                continue
            number = bisect_left(ends, at)
            first = ends[number - 1] + 1 if number else 0
            last = ends[number] if number < len(ends) else len(text)
            yield number + 1, text[first:last]
            at = text.find(name, last)


def _is_word(text: str, at: int, name: str) -> bool:
    """Whether a name stands at a place as a word: nothing of a word follows, and at most digits of it come before."""
    end = at + len(name)
    if end < len(text) and is_of_word(text[end]):
        return False
    while at and is_of_word(text[at - 1]):
        if _BEGINS_WORD.match(text[at - 1]):
            return False
        at -= 1
    return True


def _beginnings(symbol: Symbol) -> Iterator[str]:
    """What a string may hold of a name, to be completed when the program runs: `"visit_" + kind`, `"setElement" + type`."""
    name = symbol.name
    if symbol.kind not in (SymbolKind.METHOD, SymbolKind.FUNCTION, SymbolKind.CLASS):
        return
    for end in range(3, len(name)):
        camel = name[end].isupper() and name[end - 1].islower() and end >= _LEAST_CAMEL
        if name[end - 1] == "_" or camel:
            yield name[:end]


def _how(line: str, name: str, language: str) -> Writing:
    if any(quote in line for quote in _QUOTES) and _is_quoted(line, name):
        return Writing.STRING
    may_declare = language in _C_LIKE and not line.lstrip().startswith(_NO_TYPE)
    return Writing.DECLARED if may_declare and _is_prototype(line, name) else Writing.CODE


def _is_quoted(line: str, name: str) -> bool:
    """Whether a name stands within quotes, among nothing but words and what joins them in paths."""
    at = word_at(line, name)
    while at >= 0:
        first, last = at, at + len(name)
        while first and (is_of_word(line[first - 1]) or line[first - 1] in ".:/\\ $-"):
            first -= 1
        while last < len(line) and (is_of_word(line[last]) or line[last] in ".:/\\ $()-"):
            last += 1
        if first and line[first - 1] in _QUOTES and last < len(line) and line[last] in _QUOTES:
            return True
        at = word_at(line, name, at + 1)
    return False


def _is_prototype(line: str, name: str) -> bool:
    """Whether a line begins with a type, which the name and parentheses follow, and opens no body."""
    at = line.find(name, 2)
    while at >= 0:
        if _BEFORE_NAME.fullmatch(line, 0, at) and _PARENTHESES.match(line, at + len(name)):
            return True
        at = line.find(name, at + 1)
    return False
