"""Fortran, in fixed and in free form, from FORTRAN 77 to the objects of 2003 and the submodules of 2008.

A file is in fixed form unless one of its statements begins in columns 1 to 5 or ends with `&`. The parts of an object are
written `a%b`; an access path writes them `a.b`. What stands before brackets is a call unless its scope declares an array of
that name: Fortran writes both alike.
"""

from __future__ import annotations

import re

from core.model.symbol import BindingKind, ReferenceKind, SymbolKind
from indexing.languages.scanner import MODULE, ScannedLanguage, Scanner, blank, mask, words

_KEYWORDS = words("""
    abstract allocatable allocate assign associate asynchronous backspace bind block call case character class close
    common complex concurrent contains continue cycle data deallocate default deferred dimension do double elemental
    else elseif elsewhere end enddo endif endfile endwhere entry enum enumerator equivalence error exit extends external
    final forall format function generic go goto if implicit import impure in include inout inquire integer intent
    interface intrinsic is kind len logical module namelist non_overridable none nopass nullify only open operator
    optional out parameter pass pause pointer precision print private procedure program protected public pure read real
    recursive result return rewind rewrite save select sequence stop submodule subroutine target then to type use value
    volatile wait where while write
""")
_OPERATORS = words("and or not eq ne lt le gt ge eqv neqv true false")

_STRING = rb"""(?P<string>'(?:[^'\n]|'')*'?|"(?:[^"\n]|"")*"?)"""
_FREE_STRING = rb"""(?P<string>'(?:[^'\n&]|''|&(?:[ \t\r]*\n[ \t]*&?)?)*'?|"(?:[^"\n&]|""|&(?:[ \t\r]*\n[ \t]*&?)?)*"?)"""
_FREE = re.compile(_FREE_STRING + rb"|![^\n]*|^[ \t]*+#[^\n]*", re.MULTILINE)
_FIXED = re.compile(rb"^[cCdD*!][^\n]*|^[ \t]*+#[^\n]*|" + _STRING + rb"|(?<!\n     )![^\n]*", re.MULTILINE)
_TEMPLATE = re.compile(rb"\$\{[^}\n]{0,80}\}\$")
_FREE_JOIN = re.compile(rb"&[ \t\r]*+(?:\n[ \t\r]*+)+&?")
_FIXED_JOIN = re.compile(rb"\n(?: {5}[^ 0\n\t]|\t[1-9])")
_INCLUDE = re.compile(rb"""^[ \t]*(?:#[ \t]*)?include[ \t]*(["'<])([^"'>\n]+)["'>]""", re.IGNORECASE | re.MULTILINE)
_FREE_WORD = re.compile(
    rb"(?:call|case|character|class|close|common|complex|contains|continue|cycle|data"
    rb"|deallocate"
    rb"|dimension|do"
    rb"|double)"
    rb"(?![\w'])",
    re.IGNORECASE,
)
"""Statements that look like a comment of fixed form when they begin in the first column."""
_MAX_STYLE_LINES = 400
_MAX_COMMENTS_BETWEEN = 20
"""Lines of comment within a statement of fixed form."""

_NAME = rb"[a-z]\w*+"
_TYPE = (
    rb"(?:integer|real|complex|logical|character|byte|double[ \t]*precision"
    rb"|double[ \t]*complex"
    rb"|type"
    rb"(?=[ \t]*\()"
    rb"|class(?=[ \t]*\())"
    rb"(?:[ \t]*\*[ \t]*(?:\d+|\([^()\n]*\))|[ \t]*\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\))?"
)
_PREFIX = (
    rb"(?:(?:pure|impure|elemental"
    rb"|recursive"
    rb"|non_recursive"
    rb"|module"
    rb"|attributes[ \t]*\([^()\n]*\)|" + _TYPE + rb")[ \t]*){0,9}"
)
_START = re.compile(
    rb"^[ \t]*+(?:\d+[ \t]++)?(?:"
    rb"(?P<end>end)(?:[ \t]*+(?P<ended>(?:sub)?module|program|subroutine|function|procedure|interface|type|block[ \t]*data)"
    rb"(?:[ \t]+(?:[a-z]\w*+|operator[^\n]*|assignment[^\n]*|read[^\n]*|write[^\n]*))?)?[ \t\r]*+(?:;|$)"
    rb"|" + _PREFIX + rb"(?P<routine>subroutine|function)[ \t]+"
    rb"(?P<routine_name>" + _NAME + rb")(?P<parameters>[ \t]*\([^()\n]*\))?"
    rb"|module[ \t]+procedure[ \t]+(?P<separate>" + _NAME + rb")[ \t\r]*$"
    rb"|(?P<unit>program|module(?![ \t]+procedure\b)|block[ \t]*data|submodule[ \t]*\((?P<ancestor>[^)\n]*)\))[ \t]+"
    rb"(?P<unit_name>" + _NAME + rb")[ \t\r]*(?:;|$)"
    rb"|(?:abstract[ \t]+)?(?P<interface>interface)(?:[ \t]+(?P<generic>" + _NAME + rb"|operator[^\n]*|assignment[^\n]*"
    rb"|read[^\n]*|write[^\n]*))?[ \t\r]*$"
    rb"|type(?P<attributes>(?:[ \t]*,[^:\n]*)?)(?:[ \t]*::[ \t]*|[ \t]+)(?!is\b[ \t]*\()"
    rb"(?P<type_name>" + _NAME + rb")[ \t\r]*(?:\([^()\n]*\))?"
    rb"[ \t\r]*(?:;|$)"
    rb"|entry[ \t]+(?P<entry>" + _NAME + rb"))",
    re.MULTILINE,
)  # fmt: skip
_ENDED_BY = {"routine": "subroutine function procedure", "unit": "module submodule program blockdata"}

_USE = re.compile(
    rb"^[ \t]*+use(?:[ \t]*,[ \t]*(?:non_)?intrinsic)?(?:[ \t]*::[ \t]*|[ \t]+)(" + _NAME + rb")[ \t]*"
    rb"(?:,[ \t]*(only[ \t]*:)?([^\n]*))?",
    re.MULTILINE,
)
_RENAMED = re.compile(rb"(?:(" + _NAME + rb")[ \t]*=>[ \t]*)?(" + _NAME + rb")")
_DECLARED = re.compile(
    rb"^[ \t]*+(?:(?P<type>" + _TYPE + rb")|(?P<other>dimension|allocatable|parameter|pointer|target|common|external"
    rb"|procedure[ \t]*\((?P<bound>[^()\n]*)\)))(?P<rest>[^\n]*)",
    re.MULTILINE,
)
_DERIVED = re.compile(rb"(?:type|class)[ \t]*\([ \t]*(" + _NAME + rb")")
_BRACKETS = re.compile(rb"\([^()]*\)")
_ENTITY = re.compile(rb"(?:^|,|/)[ \t]*+(" + _NAME + rb")[ \t]*+(@?)")
_FUNCTION = re.compile(rb"\bfunction\b")
_MAX_BRACKETS = 6
_BINDS = re.compile(
    rb"^[ \t]*+(?P<what>procedure|generic"
    rb"|final)"
    rb"(?:[ \t]*\([^()\n]*\))?"
    rb"(?P<attributes>[^:\n]*)::"
    rb"(?P<rest>[^\n]*)",
    re.MULTILINE,
)
_IN_INTERFACE = re.compile(
    rb"^[ \t]*+" rb"(?:module[ \t]+)?procedure[ \t]*" rb"(?:::)?[ \t]*(" + _NAME + rb"[\w, \t]*)[ \t\r]*$", re.MULTILINE
)
_EXTENDS = re.compile(rb"extends[ \t]*\([ \t]*(" + _NAME + rb")")
_PATH = _NAME + rb"(?:[ \t]*(?:\([^()\n]*\)[ \t]*)?%[ \t]*" + _NAME + rb"){0,9}"
_CALL = re.compile(rb"(?:\b(?P<call>call)[ \t]+(?P<called>" + _PATH + rb"))|(?<![\w%.])(?P<path>" + _PATH + rb")[ \t]*\(")
_NO_CALL_BEHIND = re.compile(rb"(?:%|\b(?:subroutine|function|entry)[ \t])[ \t]*\Z")
"""A prototype in an interface block, or the rest of a path that is too involved to follow."""


class FortranScanner(Scanner):
    """Reads one file."""

    keywords = _KEYWORDS | _OPERATORS
    comment_signs = "*!><-=_~ \t"

    def masked(self) -> bytes:
        if self._is_free():
            text = _TEMPLATE.sub(_as_name, self.text) if b"${" in self.text else self.text
            return _FREE_JOIN.sub(lambda found: b" " * len(found[0]), mask(self, _FREE, text, keep=_directive)).lower()
        return _joined(mask(self, _FIXED, self.text, keep=_directive)).lower()

    def _is_free(self) -> bool:
        """Whether a statement begins before column 6 or a line ends with `&`."""
        seen = 0
        for line in self.text.split(b"\n"):
            if _FREE_WORD.match(line):
                return True
            if not line.strip() or line[0] in b"cC*!#dD\t" or line.lstrip()[:1] in (b"!", b"#"):
                continue
            seen += 1
            label = line[:5].strip()
            if (label and not label.isdigit()) or line.partition(b"!")[0].rstrip().endswith(b"&"):
                return True
            if seen >= _MAX_STYLE_LINES:
                break
        return False

    def comment_words(self, line: bytes) -> str:
        return super().comment_words(line[1:] if line[:1] in b"cC" else line)

    # -- definitions --------------------------------------------------------------------------------------------------

    def find_definitions(self) -> None:
        prototypes = self._find_blocks()
        if prototypes:  # what is only expected of others is neither defined nor used here
            code = bytearray(self.code)
            for start, end in prototypes:
                code[start:end] = blank(self.code[start:end])
            self.code = bytes(code)
        for block in self.blocks:
            block.name = _TEMPLATE.sub(_as_name, block.name.encode()).decode() if "${" in block.name else block.name

    def _find_blocks(self) -> list[tuple[int, int]]:
        """Adds the blocks; the bytes of the prototypes in interface blocks."""
        prototypes: list[tuple[int, int]] = []
        open_blocks: list[tuple[int, str]] = [(MODULE, "file")]
        begun = 0
        for found in _START.finditer(self.code):
            end = self.end_of_line(found.start())
            around, place = open_blocks[-1]
            if found["end"]:
                was = open_blocks[-2:]
                self._close(open_blocks, b"".join((found["ended"] or b"").split()).decode(), end)
                if len(was) == 2 and [kind for _, kind in was] == ["interface", "routine"] and open_blocks[-1] == was[0]:
                    prototypes.append((begun, end))
            elif found["interface"]:
                generic = found["generic"] is not None and _RENAMED.fullmatch(found["generic"]) is not None
                index = around
                if generic:
                    index = self._begin(SymbolKind.INTERFACE, found, "generic", end, around)
                open_blocks.append((index, "interface"))
            elif found["routine"]:
                if place == "interface":  # what a routine elsewhere expects
                    open_blocks.append((around, "routine"))
                    begun = found.start()
                    continue
                open_blocks.append((self._begin(SymbolKind.FUNCTION, found, "routine_name", end, around), "routine"))
            elif found["separate"]:
                if place not in ("interface", "type"):
                    open_blocks.append((self._begin(SymbolKind.FUNCTION, found, "separate", end, around), "routine"))
            elif found["unit"]:
                kind = SymbolKind.FUNCTION if found["unit"] == b"program" else SymbolKind.MODULE
                open_blocks.append((self._begin(kind, found, "unit_name", end, MODULE), "unit"))
            elif found["type_name"]:
                open_blocks.append((self._begin(SymbolKind.STRUCT, found, "type_name", end, around), "type"))
            elif found["entry"] and place == "routine":
                self.add(
                    SymbolKind.FUNCTION, found.span("entry"), self._begins(found.start()), end, self.blocks[around].parent,
                    body=False,
                )  # fmt: skip

        return prototypes

    def _begins(self, byte: int) -> int:
        while self.code[byte : byte + 1] in b" \t" and byte < len(self.code):
            byte += 1
        return byte

    def _begin(self, kind: SymbolKind, found: re.Match[bytes], group: str, end: int, parent: int) -> int:
        """A block that lasts to the end of the one around until its own end is met."""
        around = self.blocks[parent]
        return self.add(kind, found.span(group), self._begins(found.start()), around.end, parent, head_end=end)

    def _close(self, open_blocks: list[tuple[int, str]], ended: str, end: int) -> None:
        """Ends the innermost block that `end …` may mean; a bare `end` means a routine or program unit."""
        place = "interface" if ended == "interface" else "type" if ended == "type" else ""
        for at in range(len(open_blocks) - 1, 0, -1):
            index, kind = open_blocks[at]
            if place and kind != place:
                continue
            if not place and (kind in ("interface", "type") or (ended and ended not in _ENDED_BY[kind].split())):
                continue
            before = open_blocks[at - 1][0]
            if index != before:
                self.blocks[index].end = end
            del open_blocks[at:]
            return

    # -- uses ---------------------------------------------------------------------------------------------------------

    def find_uses(self) -> None:
        self._components: set[str] = set()
        for found in _INCLUDE.finditer(self.text):
            if not found[0].lstrip().startswith(b"#") or found[1] != b"<":
                self.bring(found[2].decode("utf-8", "replace"), "*", ".", found.start(2))
        self._find_uses_of_modules()
        self._find_declarations()
        self._find_types()
        self._find_calls()

    def _find_uses_of_modules(self) -> None:
        for found in _USE.finditer(self.code):
            at, module = found.start(1), self.text[slice(*found.span(1))].decode()
            renamed = [(one[1], one[2].decode()) for one in _RENAMED.finditer(found[3] or b"")] if found[3] else []
            if not found[2]:
                self.bring(module, "*", ".", at)
                renamed = [one for one in renamed if one[0]]
            for local, name in renamed:
                if name not in ("operator", "assignment"):
                    self.bring(module, name, local.decode() if local else name, at)
            if found[2] and not renamed:
                self.bring(module, "", module.lower(), at)
        for index, block in enumerate(self.blocks):
            if block.kind is SymbolKind.MODULE and index:
                head = self.code[block.start : block.head_end]
                if head.startswith(b"submodule") and (ancestor := _RENAMED.search(head, head.find(b"(") + 1)):
                    self.bring(ancestor[2].decode(), "*", ".", block.start + 12)

    def _find_declarations(self) -> None:
        for found in _DECLARED.finditer(self.code):
            scope = self.scope(found.start())
            rest, kind = found["rest"], found["type"]
            attributes, colons, entities = rest.partition(b"::")
            if not colons:
                attributes, entities = b"", rest
                if _FUNCTION.search(rest):
                    continue
            derived = _DERIVED.match(kind) if kind else None
            # Only an array (or a part of a string) stands before brackets without being called.
            indexed = found["other"] in (b"dimension", b"common") or b"dimension" in attributes or kind == b"character"
            for name, dimensions in self._entities(entities):
                if derived:
                    self.bind(BindingKind.ANNOTATED, name, derived[1].decode(), found.start(), scope)
                if indexed or dimensions or (kind or b"").startswith(b"character"):
                    if self.blocks[scope].kind is SymbolKind.STRUCT:
                        self._components.add(name)
                    elif found["other"] not in (b"external", b"parameter"):
                        self.make_local(name, scope)
            if derived:
                self.refer(ReferenceKind.TYPE, derived[1].decode(), found.start(), scope)

    def _entities(self, text: bytes) -> list[tuple[str, bool]]:
        """The names that a declaration lists, each with whether it has bounds."""
        for _ in range(_MAX_BRACKETS):
            shorter = _BRACKETS.sub(b" @ ", text)
            if shorter == text:
                break
            text = shorter
        return [(found[1].decode(), bool(found[2])) for found in _ENTITY.finditer(text)]

    def _find_types(self) -> None:
        for index, block in enumerate(self.blocks):
            head = self.code[block.start : block.head_end]
            if block.kind is SymbolKind.STRUCT:
                if base := _EXTENDS.search(head):
                    self.refer(ReferenceKind.INHERITS, base[1].decode(), block.start, index)
                for found in _BINDS.finditer(self.code, block.head_end, block.end):
                    self._bind_procedures(found, index)
            elif block.kind is SymbolKind.INTERFACE:
                for found in _IN_INTERFACE.finditer(self.code, block.head_end, block.end):
                    for one in re.finditer(_NAME, found[1]):
                        self.refer(ReferenceKind.READ, one[0].decode(), found.start(1) + one.start(), index)
            elif block.kind is SymbolKind.FUNCTION and block.body:
                self._bind_parameters(block.start, head, index)

    def _bind_parameters(self, start: int, head: bytes, index: int) -> None:
        opened = head.find(b"(", self.blocks[index].name_at - start)
        if opened < 0:
            return
        for one in re.finditer(rb"[a-z]\w*", head[opened : head.find(b")", opened)]):
            self.bind(BindingKind.PARAMETER, one[0].decode(), "", start + opened, index)
        if derived := _DERIVED.match(head):
            self.bind(BindingKind.ANNOTATED, "()", derived[1].decode(), start, index)

    def _bind_procedures(self, found: re.Match[bytes], index: int) -> None:
        """`procedure :: run => run_job` and `generic :: go => run, walk` within a type."""
        if found["what"] == b"final" or b"deferred" in found["attributes"]:
            return
        at = found.start("rest")
        name, arrow, values = found["rest"].partition(b"=>")
        for one in re.finditer(_NAME, values if arrow else name):
            value = one[0].decode()
            bound = name.strip().decode() if arrow else value
            if bound.isidentifier() or found["what"] == b"procedure":
                target = f"self.{value}" if found["what"] == b"generic" else value
                if found["what"] == b"procedure":
                    self.bind(BindingKind.ASSIGNED, bound, value, at, index)
                    self.refer(ReferenceKind.READ, value, at, self.blocks[index].parent)
                elif bound.isidentifier():
                    self.bind(BindingKind.ASSIGNED, bound, target.removeprefix("self."), at, index)

    def _find_calls(self) -> None:
        keywords = self.keywords
        names = {block.name_at for block in self.blocks}
        for found in _CALL.finditer(self.code):
            group = "called" if found["call"] else "path"
            at = found.start(group)
            path = _BRACKETS.sub(b"", found[group]).decode()
            path = "".join(path.split()).replace("%", ".")
            base = path.partition(".")[0]
            if group == "path":
                if self.blocks[self.scope(at)].kind is SymbolKind.STRUCT:
                    continue
                if at in names or base in keywords or _NO_CALL_BEHIND.search(self.code, max(0, at - 40), at):
                    continue
                if path.rpartition(".")[2] in self._components if "." in path else self.is_local(base, self.scope(at)):
                    continue
            self.refer(ReferenceKind.CALL, path, at)


def _directive(found: re.Match[bytes]) -> bytes | None:
    """A line for the preprocessor is no comment of what follows; its sign stays."""
    bare = found[0].lstrip()
    return b"#" * (len(found[0]) - len(bare) + 1) + blank(bare[1:]) if bare.startswith(b"#") else None


def _as_name(found: re.Match[bytes]) -> bytes:
    """What a preprocessor (fypp) will fill in, as a part of a name."""
    return b"_" * len(found[0])


def _joined(code: bytes) -> bytes:
    """Fixed form with its continuation lines joined, over the comments between them."""
    joined = bytearray(code)
    for found in _FIXED_JOIN.finditer(code):
        joined[found.start() : found.end()] = b" " * len(found[0])
        end = found.start()
        for _ in range(_MAX_COMMENTS_BETWEEN):
            start = code.rfind(b"\n", 0, end)
            if start < 0 or code[start:end].strip():
                break
            joined[start], end = 0x20, start
    return bytes(joined)


SCANNED = (
    ScannedLanguage(
        "fortran",
        scanner=lambda: FortranScanner,
    ),
)
