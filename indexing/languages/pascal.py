"""Pascal: units of Delphi and Free Pascal, their classes, records and routines.

A unit is its file. A method is defined where its body stands and belongs to its class; one that has no body in the file
(abstract, external) where it is declared. What `{$IFDEF}` leaves out counts as well. A name at the beginning of a
statement is a call, with or without brackets, as is `Type.Create`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.model.symbol import BindingKind, ReferenceKind, SymbolKind
from indexing.languages.scanner import MODULE, ScannedLanguage, Scanner, blank, mask, words

_KEYWORDS = words("""
    absolute abstract and array as asm assembler automated begin case cdecl class const constructor contains default
    deprecated destructor dispid dispinterface div do downto dynamic else end except export exports external far file
    final finalization finally for forward function generic goto helper if implementation implements in index inherited
    initialization inline interface is label library message mod near nil nodefault not object of on operator or out
    overload override package packed pascal platform private procedure program property protected public published raise
    read readonly record reference register reintroduce repeat requires resourcestring result safecall sealed self set
    shl shr specialize static stdcall stored strict string then threadvar to true false try type unit unsafe until uses
    var varargs virtual while with write writeonly xor
""")

_TOKEN = re.compile(rb"(?P<string>'(?:[^'\n]|'')*'?)|//[^\n]*|\{[^}]*\}?|\(\*(?:[^*]|\*(?!\)))*(?:\*\))?", re.DOTALL)
_INCLUDE = re.compile(rb"\{\$i(?:nclude)?[ \t]+'?([^'}\n+-][^'}\n]*?)'?[ \t]*\}", re.IGNORECASE)
_NAME = rb"[a-z_\x80-\xff][\w\x80-\xff]*+"
_SIGN = (
    rb"^(?:unit|program|library|interface|implementation|uses|type|procedure"
    rb"|function)\b[^\n{]*"
    rb"(?:;|$)"
    rb"|\{\$\w"
    rb"|\A\s*(?:\{|\(\*)"
)
_GENERIC = rb"(?:[ \t]*<[^<>;=()]*(?:<[^<>;=()]*>[^<>;=()]*)*>)"
_PATH = _NAME + rb"(?:[ \t]*+(?:\^[ \t]*+)?\.[ \t\r\n]*+" + _NAME + rb"){0,12}"

_STRUCTURE = re.compile(
    rb"(?<![\w\x80-\xff])(?P<type>" + _NAME + rb")" + _GENERIC + rb"?\s*=\s*(?:packed\s+)?"
    rb"(?P<what>class|record|object|interface|dispinterface|objcclass|objcprotocol)\b"
    rb"(?!\s+of\b)"
    rb"(?P<bases>"
    rb"(?:\s*\b"
    rb"(?:abstract|sealed|helper\s+for\s+[\w.]+))?\s*\([^)]{0,2000}\))?(?P<short>\s*;)?"
    rb"|(?P<enum>^[ \t]*" + _NAME + rb")[ \t]*=[ \t]*\((?=\s*" + _NAME + rb"\s*[,)=])"
    rb"|^[ \t]*(?:generic[ \t]+)?(?P<class>class[ \t]+)?(?P<routine>procedure"
    rb"|function"
    rb"|constructor"
    rb"|destructor"
    rb"|operator)[ \t]+"
    rb"(?P<owner>(?:" + _NAME + _GENERIC + rb"?[ \t]*\.[ \t]*){0,4})(?P<name>" + _NAME + rb")"
    rb"|\b(?P<word>begin|case|try|asm|end|record|implementation|initialization|finalization)\b"
    rb"|^[ \t]*(?P<unit>unit|program|library|package)[ \t]+(?P<unit_name>[\w.]+)[ \t]*;",
    re.MULTILINE,
)
_DIRECTIVES = re.compile(
    rb"(?:\s*(?:overload|override|virtual|dynamic|abstract|final|static|inline|stdcall|cdecl"
    rb"|safecall"
    rb"|register"
    rb"|pascal"
    rb"|varargs|assembler"
    rb"|reintroduce|platform|deprecated(?:\s*'[^']*')?|experimental|unsafe|far"
    rb"|near"
    rb"|export"
    rb"|message\s+[\w.]+"
    rb"|dispid\s+\w+)\s*;)*"
    rb"\s*(?P<bodiless>forward|external)\b"
)
_HEAD_END = re.compile(rb"[^;()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^;()]*)?;?")
_USES = re.compile(rb"^[ \t]*(?:uses|contains|requires)\b([^;]*);", re.MULTILINE)
_USED = re.compile(rb"(?:^|,)\s*([\w.]+)")
_DECLARED = re.compile(
    rb"(?:^|[;(]|\b"
    rb"(?:var"
    rb"|const|out"
    rb"|threadvar))[ \t]*+"
    rb"(?P<names>" + _NAME + rb"(?:\s*,\s*" + _NAME + rb"){0,40})[ \t]*:[ \t]*"
    rb"(?:array"
    rb"(?:\s*\[[^\]\n]*\])?\s+of\s+)?"
    rb"(?:\^[ \t]*)?"
    rb"(?P<type>" + _NAME + rb"(?:\." + _NAME + rb"){0,6})(?=[ \t]*(?:;|\)|=|<|$|,|\r))",
    re.MULTILINE,
)
_PROPERTY = re.compile(
    rb"^[ \t]*(?:class[ \t]+)?property[ \t]+"
    rb"(?P<name>" + _NAME + rb")(?:[ \t]*\[[^\]]{0,2000}\])?[ \t]*"
    rb"(?::[ \t]*"
    rb"(?P<type>[\w.]+))?(?P<rest>[^;]*)",
    re.MULTILINE,
)
_ACCESSOR = re.compile(rb"\b(?:read|write)\s+(" + _NAME + rb")")
_RESULT = re.compile(rb":\s*([\w.]+)")
_CALL = re.compile(rb"(?<![\w.&^$#\x80-\xff])(?P<path>" + _PATH + rb")(?:[ \t]*<[\w., \t]{1,80}>)?[ \t]*(?=\()")
_STATEMENT = re.compile(
    rb"(?:;|\b(?:begin|then|else|do|try|repeat|except|finally"
    rb"|inherited"
    rb"|initialization"
    rb"|finalization))\s*"
    rb"(?P<path>" + _PATH + rb")\s*(?=;|\b(?:else|end|until|except|finally)\b)"
)
_CREATE = re.compile(rb"(?<![\w.\x80-\xff])(?P<path>" + _NAME + rb"(?:\." + _NAME + rb"){0,4}\.create)\b(?!\s*[(;])")
_ALONE = re.compile(rb"(?<![\w.&^$#\x80-\xff])(?P<path>" + _PATH + rb")(?![\w.]|\s*(?:\(|:|=|<\w|;\s*(?:else|end|until)\b))")
_NO_CALL_BEHIND = re.compile(rb"\b(?:procedure|function|constructor|destructor|operator|property)\s+[\w.<>]*\Z")
_CREATED = re.compile(
    rb"(?<![\w.\x80-\xff])(?P<name>" + _PATH + rb")[ \t]*:=[ \t]*(?P<type>t[\w]*(?:\.[\w]+){0,4})\.create\w*"
)
_ROUTINES = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR})
_BASIC = words("""
    ansichar ansistring boolean byte bytebool cardinal char comp currency double dword extended file int64 integer
    longbool longint longword nativeint nativeuint olevariant pansichar pbyte pchar pointer pwidechar qword
    rawbytestring real shortint shortstring single smallint string text tdatetime uint64 unicodestring utf8string
    variant widechar widestring word wordbool
""")


def _directive(found: re.Match[bytes]) -> bytes | None:
    """A directive of the compiler is no comment of what follows; its brace stays."""
    return b"{" + blank(found[0][1:]) if found[0].startswith(b"{$") else None


@dataclass(slots=True)
class _Open:
    """What an `end` may close: a type, a routine before (`begun` is false) or in its body, a block within."""

    kind: str
    index: int
    begun: bool = False


class PascalScanner(Scanner):
    """Reads one file."""

    keywords = _KEYWORDS
    comment_signs = "/*{}()$-=_ \t"

    def masked(self) -> bytes:
        return mask(self, _TOKEN, self.text, keep=_directive).lower()

    # -- definitions --------------------------------------------------------------------------------------------------

    def find_definitions(self) -> None:
        self._types: dict[str, int] = {}
        self._declared: list[tuple[int, str, re.Match[bytes]]] = []
        self._bodies: set[tuple[str, str]] = set()
        open_blocks: list[_Open] = []
        is_unit = declares = False
        for found in _STRUCTURE.finditer(self.code):
            if found["word"]:
                word = found["word"]
                if word == b"implementation":
                    declares = False
                    open_blocks.clear()
                elif word in (b"initialization", b"finalization"):
                    if not any(one.kind == "block" for one in open_blocks):
                        open_blocks.clear()
                elif word == b"end":
                    self._end(open_blocks, found.end())
                else:
                    self._begin(open_blocks, word)
            elif found["type"]:
                self._begin_type(open_blocks, found)
            elif found["enum"]:
                if not (open_blocks and open_blocks[-1].begun):
                    end = self.code.find(b")", found.end()) + 1 or found.end()
                    begin = found.end("enum") - len(found["enum"].lstrip())
                    self.add(
                        SymbolKind.ENUM,
                        (begin, found.end("enum")),
                        begin,
                        end,
                        self._around(open_blocks),
                        head_end=found.end(),
                    )
            elif found["routine"]:
                self._begin_routine(open_blocks, found, declares=declares)
            elif found["unit"]:
                is_unit = found["unit"] == b"unit"
                declares = is_unit
                self.module_signature = self.one_line(found.start(), found.end())
        self._add_declared()

    def _around(self, open_blocks: list[_Open]) -> int:
        return next((one.index for one in reversed(open_blocks) if one.index), MODULE)

    def _begin_type(self, open_blocks: list[_Open], found: re.Match[bytes]) -> None:
        if open_blocks and open_blocks[-1].begun:
            return
        what = found["what"]
        if found["short"] is not None and not found["bases"]:
            return  # `TNode = class;`, said again in full further on
        kind = SymbolKind.INTERFACE if what in (b"interface", b"dispinterface", b"objcprotocol") else SymbolKind.CLASS
        kind = SymbolKind.STRUCT if what == b"record" else kind
        start = found.start("type")
        index = self.add(
            kind,
            found.span("type"),
            start,
            found.end(),
            self._around(open_blocks),
            head_end=found.end("bases" if found["bases"] else "what"),
        )
        self._types.setdefault(found["type"].decode("utf-8", "replace"), index)
        if found["short"] is None:
            self.blocks[index].end = len(self.text)
            open_blocks.append(_Open("type", index))

    def _begin(self, open_blocks: list[_Open], word: bytes) -> None:
        top = open_blocks[-1] if open_blocks else None
        if word == b"record":
            if top is None or not top.begun:
                open_blocks.append(_Open("record", 0))
        elif top is not None and top.kind in ("type", "record"):
            pass  # the variants of a record
        elif top is not None and top.kind == "routine" and not top.begun:
            top.begun = word in (b"begin", b"asm")
        else:
            open_blocks.append(_Open("block", 0, begun=True))

    def _end(self, open_blocks: list[_Open], end: int) -> None:
        if open_blocks:
            top = open_blocks.pop()
            if top.index:
                self.blocks[top.index].end = end + (self.code[end : end + 1] == b";")

    def _begin_routine(self, open_blocks: list[_Open], found: re.Match[bytes], *, declares: bool) -> None:
        top = open_blocks[-1] if open_blocks else None
        if top is not None and (top.begun or top.kind == "record"):
            return
        name = found["name"].decode("utf-8", "replace")
        if top is not None and top.kind == "type":
            self._declared.append((top.index, name, found))
            return
        head = _HEAD_END.match(self.code, found.end())
        head_end = head.end() if head else found.end()
        if declares or _DIRECTIVES.match(self.code, head_end):
            self._declared.append((MODULE, name, found))
            return
        parts = [part.partition("<")[0].strip() for part in self.written(*found.span("owner")).split(".")[:-1]]
        owner = self._types.get(parts[-1], 0) if parts else 0
        kind = SymbolKind.METHOD if parts else SymbolKind.FUNCTION
        if found["routine"] in (b"constructor", b"destructor"):
            kind = SymbolKind.CONSTRUCTOR if found["routine"] == b"constructor" else SymbolKind.METHOD
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        index = self.add(
            kind, found.span("name"), start, len(self.text), owner or self._around(open_blocks), head_end=head_end,
            prefix="" if owner else self.text[slice(*found.span("owner"))].decode("utf-8", "replace").strip(". \t"),
        )  # fmt: skip
        self._bodies.add((parts[-1] if parts else "", name))
        open_blocks.append(_Open("routine", index))

    def _add_declared(self) -> None:
        """What has no body in this file is defined where it is declared."""
        for owner, name, found in self._declared:
            if (self.blocks[owner].name.lower(), name) in self._bodies:
                continue
            head = _HEAD_END.match(self.code, found.end())
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            kind = SymbolKind.METHOD if owner else SymbolKind.FUNCTION
            kind = SymbolKind.CONSTRUCTOR if found["routine"] == b"constructor" else kind
            self.add(kind, found.span("name"), start, head.end() if head else found.end(), owner, body=False)
        for found in _PROPERTY.finditer(self.code):
            owner = next(
                (index for index in sorted(self._types.values(), reverse=True) if self._holds(index, found.start())), 0
            )
            if owner:
                start = found.start() + len(found[0]) - len(found[0].lstrip())
                self.add(SymbolKind.FIELD, found.span("name"), start, found.end(), owner, body=False)

    def _holds(self, index: int, byte: int) -> bool:
        return self.blocks[index].start < byte < self.blocks[index].end

    # -- uses ---------------------------------------------------------------------------------------------------------

    def find_uses(self) -> None:
        for found in _USES.finditer(self.code, 0, self.code.rfind(b";") + 1):  # behind it none ends
            for used in _USED.finditer(found[1]):
                at = found.start(1) + used.start(1)
                module = self.text[at : at + len(used[1])].decode("utf-8", "replace")
                self.bring(module, "*", ".", at)
                self.bring(module, "", module.lower(), at)
        for found in _INCLUDE.finditer(self.text):
            self.bring(found[1].decode("utf-8", "replace").strip(), "*", ".", found.start(1))
        for index, block in enumerate(self.blocks):
            if block.kind in (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT) and index:
                self._find_bases(index)
            elif block.body and index and block.kind in _ROUTINES:
                self._find_parameters(index)
        self._find_declarations()
        self._find_calls()

    def _find_bases(self, index: int) -> None:
        block = self.blocks[index]
        head = self.code[block.start : block.head_end]
        opened = head.rfind(b"(")
        if opened < 0:
            return
        for position, part in enumerate(head[opened + 1 :].rstrip(b") ").split(b",")):
            base = "".join(part.decode("utf-8", "replace").partition("<")[0].split())
            first = position == 0 and block.kind is not SymbolKind.INTERFACE
            if base.replace(".", "").isidentifier():
                kind = ReferenceKind.INHERITS if first or block.kind is SymbolKind.INTERFACE else ReferenceKind.IMPLEMENTS
                self.refer(kind, base, block.start, index)

    def _find_parameters(self, index: int) -> None:
        block = self.blocks[index]
        head = self.code[block.name_at : block.head_end]
        opened, closed = head.find(b"("), head.rfind(b")")
        if opened >= 0:
            for part in head[opened + 1 : closed].split(b";"):
                names, _, _ = part.partition(b":")
                for name in names.split(b","):
                    if last := name.split():
                        self.bind(BindingKind.PARAMETER, last[-1].decode("utf-8", "replace"), "", block.name_at, index)
                        self.make_local(last[-1].decode("utf-8", "replace"), index)
        result = _RESULT.search(head, max(closed, 0))
        own = self.blocks[block.parent].name.lower() if block.kind is SymbolKind.CONSTRUCTOR and block.parent else ""
        if own or (result and result[1].decode("utf-8", "replace") not in _BASIC):
            self.bind(
                BindingKind.ANNOTATED,
                "()",
                own or result[1].decode("utf-8", "replace") if result else own,
                block.name_at,
                index,
            )

    def _find_declarations(self) -> None:
        for found in _DECLARED.finditer(self.code):
            at = found.start("names")
            scope, type_name = self.scope(at), found["type"].decode("utf-8", "replace")
            if type_name in _KEYWORDS and type_name != "string":
                continue
            names = [name.decode("utf-8", "replace").strip() for name in found["names"].split(b",")]
            if not _KEYWORDS.isdisjoint(names):
                continue
            if type_name not in _BASIC:
                self.refer(ReferenceKind.TYPE, type_name, at, scope)
                for name in names:
                    self.bind(BindingKind.ANNOTATED, name, type_name, at, scope)
            if self.blocks[scope].kind in _ROUTINES:
                for name in names:
                    self.make_local(name, scope)
        for found in _PROPERTY.finditer(self.code):
            scope = self.scope(found.start("name"))
            if found["type"] and found["type"].decode() not in _BASIC:
                self.bind(
                    BindingKind.ANNOTATED,
                    found["name"].decode("utf-8", "replace"),
                    found["type"].decode(),
                    found.start("name"),
                    scope,
                )
            for accessor in _ACCESSOR.finditer(found["rest"]):
                self.refer(ReferenceKind.READ, accessor[1].decode("utf-8", "replace"), found.start("rest"), scope)
        for found in _CREATED.finditer(self.code):
            name = self.written(*found.span("name")).replace("^", "")
            self.bind(BindingKind.ANNOTATED, name, found["type"].decode("utf-8", "replace"), found.start())

    def _find_calls(self) -> None:
        names = {block.name_at for block in self.blocks}
        routines = {block.name.lower().encode() for block in self.blocks if block.kind in _ROUTINES}
        seen: set[int] = set()
        for pattern in (_CALL, _STATEMENT, _CREATE, _ALONE):
            for found in pattern.finditer(self.code):
                at = found.start("path")
                if at in seen or (pattern is _ALONE and found["path"].rpartition(b".")[2].strip() not in routines):
                    continue  # a name alone in an expression is a call only of what is known to be a routine
                path = self.written(at, found.end("path")).replace("^", "")
                base, dot, _ = path.partition(".")
                last = path.rpartition(".")[2]
                if found.end("path") - len(last.encode()) in names or (
                    base in _KEYWORDS and not (dot and base in ("self", "result"))
                ):
                    continue
                scope = self.scope(at)
                if scope == MODULE:
                    if _NO_CALL_BEHIND.search(self.code, max(0, at - 80), at):
                        continue
                elif self.blocks[scope].kind not in _ROUTINES:
                    continue
                if dot or not (base in _BASIC or self.is_local(base, scope)):
                    seen.add(at)
                    if not dot and self.code[max(0, at - 24) : at].split()[-1:] == [b"inherited"]:
                        path = f"inherited.{path}"
                    self.refer(ReferenceKind.CALL, path, at, scope)


SCANNED = (
    ScannedLanguage(
        "pascal",
        scanner=lambda: PascalScanner,
        signs=((".pp", _SIGN), (".inc", _SIGN)),
    ),
)
