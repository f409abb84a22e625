"""Languages read by a scanner: what their regular expressions share.

Some languages have no grammar that reads what is really in the field: dialects by the dozen, columns with a meaning,
preprocessors, statements that end with their line. Their files are read in two steps. `masked` gives the *code*: the text
in lower case, of the same length, with blanks for comments, for what strings hold, and for the line ends that a
continuation undoes, so that one regular expression sees one statement and every offset holds in the text itself.
`find_definitions` and `find_uses` then run over the code.

Names are kept as written in definitions and in lower case in every access path: all of these languages ignore case, and
their dialects link by names in lower case (`Dialect.folds_case`).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from core.model.symbol import Binding, BindingKind, Definition, Facts, Import, Reference, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph
from indexing.languages.extractor import MAX_NESTING, SIGNATURE_CHARACTERS, Analysis
from indexing.languages.file_head import telling
from indexing.languages.lines import Lines
from indexing.languages.scopes import Scopes

MODULE = 0
"""The index of the file's own definition."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMMENT_LINES = 400
"""More lines than this above a definition are no longer its comment alone."""
_OPENING_LINES = 8
"""Blank lines that a file may begin with."""
_BLANKS = bytes(byte if byte in b"\r\n" else 0x20 for byte in range(256))
_LOCAL_KINDS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR})
_NUMBER = re.compile(rb"(?<![\w.])\d[\w.]*")
_WORD = re.compile(rb"[a-z_][\w-]*")
_PART_OF_NAME = re.compile(rb"[\w-]-\Z")
_PLAIN_WORD = re.compile(rb"[a-z_]\w*")


@dataclass(frozen=True, slots=True)
class ScannedLanguage:
    """A language whose files are read by a scanner; `scanner` imports only when it is called."""

    name: str
    scanner: Callable[[], type[Scanner]]
    signs: tuple[tuple[str, bytes], ...] = ()
    """Extensions that others use as well (the empty one: none), each with a regular expression that finds in the first
    bytes of a file what only this language says there."""


@dataclass(slots=True)
class Block:
    """A definition while the file is read: the bytes it spans, where its name stands, where its head ends."""

    name: str
    kind: SymbolKind
    start: int
    end: int
    parent: int
    name_at: int
    head_end: int
    body: bool
    prefix: str = ""
    signature: str = ""
    """Where it is not the head."""


class Scanner(ABC):
    """Reads one file; nothing of it outlives the file."""

    keywords: ClassVar[frozenset[str]]
    """In lower case; painted, and never the name of what is called."""
    comment_signs: ClassVar[str]
    """What a line of a comment may begin or end with besides its words."""
    hyphens: ClassVar[bool] = False
    """Whether a name may hold hyphens."""

    def __init__(self, text: bytes) -> None:
        self.text = text if not text.startswith(_BYTE_ORDER_MARK) else b"   " + text[3:]
        self.lines = Lines(text)
        self.blocks: list[Block] = [Block("", SymbolKind.MODULE, 0, len(text), -1, 0, 0, body=True)]
        self.comments: list[tuple[int, int]] = []
        """The bytes of each comment, and below of each string, as `masked` meets them."""
        self.strings: list[tuple[int, int]] = []
        self.module_signature = ""
        self.references: list[Reference] = []
        self.imports: list[Import] = []
        self.bindings: list[Binding] = []
        self._scopes = Scopes()
        self._locals: dict[int, set[str]] = {}
        self.code = self.masked()

    # -- for a language to fill ---------------------------------------------------------------------------------------

    @abstractmethod
    def masked(self) -> bytes:
        """The code: as long as the text, in lower case, blank where nothing is said to the machine."""

    @abstractmethod
    def find_definitions(self) -> None:
        """Adds the blocks of the file, outer ones before those within."""

    @abstractmethod
    def find_uses(self) -> None:
        """Adds references, imports and bindings; scopes and lines may be asked for."""

    def comment_words(self, line: bytes) -> str:
        """The words of one line of a comment."""
        return line.decode("utf-8", "replace").strip().strip(self.comment_signs).strip()

    # -- the way through the file -------------------------------------------------------------------------------------

    def analyse(self) -> Analysis:
        """The facts of the file."""
        self.find_definitions()
        self._close_blocks()
        definitions, leads = self._definitions()
        for index, block in enumerate(self.blocks[1:], 1):
            if block.body:
                self._scopes.open(block.start, block.end, index)
        self._scopes.close()
        self.find_uses()
        by_line = _by_line
        facts = Facts(
            tuple(definitions),
            tuple(sorted(self.references, key=by_line)),
            tuple(sorted(self.imports, key=by_line)),
            tuple(sorted(self.bindings, key=by_line)),
        )
        return Analysis(facts, tuple(leads), tuple(block.body for block in self.blocks))

    def _close_blocks(self) -> None:
        """Puts the blocks into the order of the text; none reaches beyond the one around it, whatever a file with errors
        says, and none ends with the comment of what follows."""
        order = sorted(range(len(self.blocks)), key=lambda index: (self.blocks[index].start, index))
        places = {index: place for place, index in enumerate(order)}
        self.blocks = [self.blocks[index] for index in order]
        for block in self.blocks[1:]:
            block.parent = places[block.parent]
            around = self.blocks[block.parent]
            inside = around.body and around.start <= block.start < around.end
            end = min(block.end, around.end) if inside else block.end
            block.head_end = max(block.head_end, block.start + 1)
            block.end = max(block.start + len(self.code[block.start : end].rstrip()), block.head_end)

    def _definitions(self) -> tuple[list[Definition], list[int]]:
        definitions = [
            Definition(
                "", "", SymbolKind.MODULE, self.lines.span(0, len(self.text)), 1, -1, self.module_signature, self._head()
            )
        ]
        leads = [0]
        for block in self.blocks[1:]:
            outer = definitions[block.parent].nesting
            first = self.lines.of(block.start)
            lead, doc = self._comment_above(first)
            definitions.append(
                Definition(
                    block.name,
                    ".".join(part for part in (outer, block.prefix, block.name) if part),
                    block.kind,
                    self.lines.span(block.start, block.end),
                    self.lines.of(block.name_at),
                    block.parent,
                    block.signature or self.one_line(block.start, block.head_end),
                    doc,
                )
            )
            leads.append(self.lines.start(lead) if lead < first else block.start)
        return definitions, leads

    def line_is_comment(self, line: int) -> bool:
        """Whether a line holds a comment and nothing else."""
        return not self._text_of(self.code, line).strip() and bool(self._text_of(self.text, line).strip())

    def _text_of(self, text: bytes, line: int) -> bytes:
        return text[self.lines.start(line) : self.lines.start(line + 1)]

    def _comment_above(self, line: int) -> tuple[int, str]:
        """The line on which the comment directly above `line` begins (`line` when there is none) and what it tells."""
        first = line
        while first > 1 and line - first < _COMMENT_LINES and self.line_is_comment(first - 1):
            first -= 1
        words = self._words(first, line)
        return first, first_paragraph(telling(words) if first == self._first_line() else words)

    def _head(self) -> str:
        """What the comments that stand before everything tell of the file."""
        first = end = self._first_line()
        while end - first < _COMMENT_LINES and end < len(self.lines.starts) and not self._text_of(self.code, end).strip():
            end += 1
        return first_paragraph(telling(self._words(first, end)))

    def _first_line(self) -> int:
        """The first line that is not blank."""
        first, last = 1, min(len(self.lines.starts), _OPENING_LINES)
        while first <= last and not self._text_of(self.text, first).strip():
            first += 1
        return first

    def _words(self, first: int, end: int) -> str:
        """The words of the comment from line `first` to before line `end`."""
        return "\n".join(self.comment_words(self._text_of(self.text, line)) for line in range(first, end))

    # -- definitions --------------------------------------------------------------------------------------------------

    def add(
        self,
        kind: SymbolKind,
        name_at: tuple[int, int],
        start: int,
        end: int,
        parent: int,
        *,
        head_end: int = -1,
        body: bool = True,
        prefix: str = "",
    ) -> int:
        """Adds a block whose name stands at `name_at`, and returns its index; `start` is moved to what stands there.

        Blocks nested too deeply belong to the one around: the index is that of `parent`.
        """
        depth, at = 0, parent
        while at > 0:
            depth, at = depth + 1, self.blocks[at].parent
        if depth >= MAX_NESTING:
            return parent
        name = self.text[slice(*name_at)].decode("utf-8", "replace")
        self.blocks.append(
            Block(name, kind, start, end, parent, name_at[0], head_end if head_end >= 0 else end, body, prefix)
        )
        return len(self.blocks) - 1

    def one_line(self, start: int, end: int) -> str:
        """The text in one line, cut to the length of a signature."""
        return self.one_line_of(self.text, start, end)

    @staticmethod
    def one_line_of(text: bytes, start: int, end: int) -> str:
        """The same of any text as long as the file."""
        raw = text[start : min(end, start + 4 * SIGNATURE_CHARACTERS)]
        return " ".join(raw.decode("utf-8", "replace").split()).rstrip(" ;:=")[:SIGNATURE_CHARACTERS]

    def end_of_line(self, byte: int) -> int:
        """The byte behind the last of the statement that `byte` is in: the end of its line in the code."""
        found = self.code.find(b"\n", byte)
        return len(self.code) if found < 0 else found

    # -- uses ---------------------------------------------------------------------------------------------------------

    def scope(self, byte: int) -> int:
        """The innermost definition with a body that holds `byte`."""
        return self._scopes.of(byte)

    def refer(self, kind: ReferenceKind, target: str, byte: int, scope: int = -1) -> None:
        """Adds a reference that stands at `byte`."""
        self.references.append(Reference(kind, target, scope if scope >= 0 else self.scope(byte), self.lines.of(byte)))

    def bring(self, module: str, name: str, local: str, byte: int) -> None:
        """Adds an import that stands at `byte`."""
        self.imports.append(Import(module, name, local, 0, self.scope(byte), self.lines.of(byte)))

    def bind(self, kind: BindingKind, name: str, value: str, byte: int, scope: int = -1) -> None:
        """Adds a binding that stands at `byte`."""
        self.bindings.append(Binding(kind, name, value, scope if scope >= 0 else self.scope(byte), self.lines.of(byte)))

    def make_local(self, name: str, scope: int) -> None:
        """`name` is a variable of `scope`."""
        self._locals.setdefault(scope, set()).add(name)

    def is_local(self, name: str, scope: int) -> bool:
        """Whether a definition from `scope` outwards has a variable `name`."""
        while scope >= 0:
            if name in self._locals.get(scope, ()):
                return True
            scope = self.blocks[scope].parent
        return False

    def written(self, start: int, end: int) -> str:
        """A path as it stands in the code: in lower case, without white space."""
        return b"".join(self.code[start:end].split()).decode("utf-8", "replace")

    # -- colours ------------------------------------------------------------------------------------------------------

    def paint(self) -> Iterator[tuple[str, int, int]]:
        """(style, start, end) of what has a colour; what comes later lies over what came before."""
        keywords = frozenset(word.encode() for word in self.keywords)
        for found in (_WORD if self.hyphens else _PLAIN_WORD).finditer(self.code):
            if found[0] in keywords:
                yield "keyword", *found.span()
        for found in _NUMBER.finditer(self.code):
            if not (self.hyphens and _PART_OF_NAME.search(self.code, max(0, found.start() - 2), found.start())):
                yield "number", *found.span()
        self.find_definitions()
        for block in self.blocks[1:]:
            style = "function" if block.kind in _LOCAL_KINDS else "type"
            if block.kind in (SymbolKind.FIELD, SymbolKind.VARIABLE, SymbolKind.CONSTANT):
                style = "property"
            yield style, block.name_at, block.name_at + len(block.name.encode())
        for start, end in self.strings:
            yield "string", start, end
        for start, end in self.comments:
            yield "comment", start, end


def _by_line(item: Reference | Import | Binding) -> int:
    return item.line


def blank(text: bytes) -> bytes:
    """As many blanks; line ends stay."""
    return text.translate(_BLANKS)


def mask(
    scanner: Scanner,
    pattern: re.Pattern[bytes],
    text: bytes,
    *,
    keep: Callable[[re.Match[bytes]], bytes | None] | None = None,
) -> bytes:
    """`text` with blanks for every match: a comment, or a string where the group `string` took part, whose quotes stay.

    `keep` may give what stands in the place of a match instead, as long as it, and gives None for the usual.
    """
    comments, strings = scanner.comments, scanner.strings

    def replaced(found: re.Match[bytes]) -> bytes:
        if keep is not None and (instead := keep(found)) is not None:
            return instead
        whole = found[0]
        if found["string"] is None:
            comments.append(found.span())
            return blank(whole)
        strings.append(found.span())
        return whole[:1] + blank(whole[1:-1]) + whole[-1:] if len(whole) > 1 else whole

    return pattern.sub(replaced, text)


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def listed(names: Iterable[str]) -> bytes:
    """An alternation of names for a regular expression."""
    return "|".join(sorted(names, key=len, reverse=True)).encode()
