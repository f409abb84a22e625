"""Visual Basic: modules, classes and forms of VB6 and VBA, VBScript, and Visual Basic .NET.

A file that a `VB_Name` names is a class (`.cls`, `.frm`) or a module. Statements end with their line unless ` _` continues
it.
What stands at the beginning of a statement without brackets is a call; so is what stands before brackets, unless the file
declares an array of that name: the language writes both alike.
"""

from __future__ import annotations

import re

from core.model.symbol import BindingKind, ReferenceKind, SymbolKind
from indexing.languages.scanner import MODULE, ScannedLanguage, Scanner, mask, words

_KEYWORDS = words("""
    addhandler addressof alias and andalso any as async attribute await base begin boolean byref byte byval call case
    catch cbool cbyte cchar cdate cdbl cdec char cint class clng cobj const continue csbyte cshort csng cstr ctype cuint
    culng currency cushort custom date decimal declare default delegate dim directcast do double each else elseif empty
    end endif enum erase error event exit explicit false finally for friend function get gettype getxmlnamespace global
    gosub goto handles if implements imports in inherits integer interface is isfalse isnot istrue iterator let lib like
    long longlong longptr loop me mod module mustinherit mustoverride mybase myclass namespace narrowing new next not
    nothing notinheritable notoverridable null object of on operator option optional or orelse overloads overridable
    overrides paramarray partial preserve private property protected ptrsafe public raiseevent rdim readonly redim rem
    removehandler resume return sbyte select set shadows shared short single static step stop string structure sub
    synclock then throw to true try trycast type typeof uinteger ulong unlock until ushort using variant version wend
    when while widening with withevents writeonly xor yield
""")
_TYPES = words("""
    boolean byte char currency date decimal double integer long longlong longptr object sbyte short single string
    uinteger ulong ushort variant any
""")

_TOKEN = re.compile(rb"""(?P<string>"(?:[^"\n]|"")*"?)|'[^\n]*|(?:(?<=\n)|(?<=:))[ \t]*rem\b[^\n]*""", re.IGNORECASE)
_JOIN = re.compile(rb"(?<=[ \t])_[ \t\r]*\n")
_NAME = rb"\[?[a-z_\x80-\xff][\w\x80-\xff]*+\]?"
_PATH = rb"(?:" + _NAME + rb"|(?<![\w)\]\x80-\xff])(?=\.))(?:[.!]" + _NAME + rb"){0,12}"
_MODIFIERS = (
    rb"(?:(?:public|private|protected|friend|global|static|shared|shadows"
    rb"|overloads"
    rb"|overrides"
    rb"|overridable"
    rb"|notoverridable|mustoverride"
    rb"|mustinherit|notinheritable|partial|readonly|writeonly|default|async|iterator"
    rb"|widening"
    rb"|narrowing"
    rb"|withevents"
    rb"|custom|const|dim)[ \t]+)"
)
_ATTRIBUTES = rb"(?:<[^\n>]*>[ \t]*)?"
_START = re.compile(
    rb"^[ \t]*(?:end[ \t]+(?P<end>sub|function|property|class|module|structure|interface|enum|type|namespace|operator)\b"
    rb"|" + _ATTRIBUTES + rb"(?P<modifiers>" + _MODIFIERS + rb"*)(?:"
    rb"(?P<declare>declare[ \t]+(?:ptrsafe[ \t]+|unicode[ \t]+|ansi[ \t]+"
    rb"|auto[ \t]+)*)?"
    rb"(?P<routine>sub"
    rb"|function"
    rb"|operator)[ \t]+(?P<name>" + _NAME + rb"|[-+*/=<>&^\\]+)"
    rb"|property[ \t]+(?P<accessor>(?:get|let|set)[ \t]+)?(?P<property>" + _NAME + rb")"
    rb"|(?P<block>class|module|structure|interface|enum|type|namespace)[ \t]+(?P<block_name>[\w.\[\]]+)"
    rb"|(?:event|delegate[ \t]+(?:sub|function))[ \t]+(?P<event>" + _NAME + rb")"
    rb"))",
    re.MULTILINE,
)
_GETS = re.compile(
    rb"[^\n]*\n(?:[ \t\r]*\n)*[ \t]*(?:<[^\n>]*>[ \t]*)?(?:"
    rb"(?:public"
    rb"|private"
    rb"|protected"
    rb"|friend)[ \t]+){0,2}(?:get|set)\b"
)
_VB_NAME = re.compile(rb"^attribute[ \t]+vb_name[ \t]*=[ \t]*\"", re.MULTILINE)
_CLASS_HEAD = re.compile(
    rb"\Aversion[ \t]+[\d.]+(?:[ \t]+class)?\b" rb"|^attribute[ \t]+vb_" rb"(?:predeclaredid" rb"|creatable" rb"|exposed)\b",
    re.MULTILINE,
)
_FIELD = re.compile(
    rb"^[ \t]*"
    + _ATTRIBUTES
    + rb"(?P<modifiers>"
    + _MODIFIERS
    + rb"+)(?P<name>"
    + _NAME
    + rb")[ \t]*+(?P<array>\([^()\n]*\))?(?=[ \t]*+(?:as\b|=|,|\r?$))",
    re.MULTILINE,
)
_AS = re.compile(
    rb"(?<![\w.\x80-\xff])"
    rb"(?P<name>" + _NAME + rb")(?:[ \t]*(?P<array>\([^()\n]*\)))?[ \t]++as[ \t]++"
    rb"(?P<new>new[ \t]+)?"
    rb"(?P<type>[a-z_][\w.]*)(?P<of>[ \t]*\(of[ \t]+(?P<entries>[a-z_][\w.]*))?"
)
_ARRAY = re.compile(
    rb"\b(?:dim|redim(?:[ \t]+preserve)?|private"
    rb"|public"
    rb"|static"
    rb"|global)[ \t]+"
    rb"(?P<name>" + _NAME + rb")[ \t]*\("
)
_RESULT = re.compile(rb"\)[ \t]*as[ \t]+(?:new[ \t]+)?(?P<type>[a-z_][\w.]*+)[^()]*\Z")
_IMPORTS = re.compile(rb"^[ \t]*imports[ \t]+(?:(?P<alias>[a-z_]\w*)[ \t]*=[ \t]*)?(?P<module>[a-z_][\w.]*)", re.MULTILINE)
_BASES = re.compile(rb"^[ \t]*(?P<what>inherits|implements)[ \t]+(?P<names>[^\n']+)", re.MULTILINE)
_NEW = re.compile(rb"\bnew[ \t]+(?P<path>[a-z_][\w.]*)")
_SET = re.compile(
    rb"^[ \t]*(?:set[ \t]+" rb"|dim[ \t]+)?" rb"(?P<name>[a-z_][\w.]*)[ \t]*=[ \t]*new[ \t]+" rb"(?P<type>[a-z_][\w.]*)",
    re.MULTILINE,
)
_CALL = re.compile(rb"(?<![\w.!\])\x80-\xff])(?<!\bnew )(?P<path>" + _PATH + rb")[ \t]*(?=\((?!of\b))")
_STATEMENT = re.compile(
    rb"(?:^|:|\b(?:then|else))[ \t]*(?:call[ \t]+)?(?P<path>" + _PATH + rb")(?=[ \t]*(?:$|\r"
    rb"|else\b)"
    rb"|[ \t]+(?!"
    rb"(?:as"
    rb"|is|like|and|or|then)\b)[\w\"&#.\-\[{<(])(?![ \t]*[-+*/&^\\<>]?=)",
    re.MULTILINE,
)
_UNTYPED = re.compile(
    rb"\b(?:dim|static"
    rb"|each"
    rb"|catch"
    rb"|using)[ \t]+"
    rb"(?P<names>" + _NAME + rb"(?:[ \t]*,[ \t]*" + _NAME + rb"){0,20})[ \t]*(?=\r?$|=|in\b|:)",
    re.MULTILINE,
)
_TAG = re.compile(rb"</?[A-Za-z][^>\n]*>")
"""Of a documentation comment."""
_ADDRESS = re.compile(rb"\baddressof[ \t]+(?P<path>[a-z_][\w.]*)")
_ROUTINES = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR})
_CLASSES = frozenset({SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE})
_BLOCKS = {
    "class": SymbolKind.CLASS, "module": SymbolKind.MODULE, "structure": SymbolKind.STRUCT, "type": SymbolKind.STRUCT,
    "interface": SymbolKind.INTERFACE, "enum": SymbolKind.ENUM, "namespace": SymbolKind.MODULE,
}  # fmt: skip
_SIGN = rb"\A(?:\xef\xbb\xbf)?version +[\d.]+ +class|^attribute +vb_name"
_RECEIVERS = frozenset({"me", "mybase", "myclass"})


class VisualBasicScanner(Scanner):
    """Reads one file."""

    keywords = _KEYWORDS
    comment_signs = "'/*-=_<>! \t"

    def masked(self) -> bytes:
        code = mask(self, _TOKEN, self.text)
        return _JOIN.sub(lambda found: b" " * len(found[0]), code).lower()

    def comment_words(self, line: bytes) -> str:
        return super().comment_words(_TAG.sub(b"", line))

    # -- definitions --------------------------------------------------------------------------------------------------

    def find_definitions(self) -> None:
        size = len(self.text)
        outer = MODULE
        if (named := _VB_NAME.search(self.code)) and _CLASS_HEAD.search(self.code):
            name = (named.end(), self.code.find(b'"', named.end()))
            head = self.end_of_line(named.start())
            outer = self.add(SymbolKind.CLASS, name, 0, size, MODULE, head_end=0)
            self.blocks[outer].signature = self.one_line(named.start(), head)
        elif named:
            self.module_signature = self.one_line(named.start(), self.end_of_line(named.start()))
        open_blocks: list[tuple[str, int]] = [("file", outer)]
        for found in _START.finditer(self.code):
            if found["end"]:
                self._close(open_blocks, found["end"].decode(), found.end())
                continue
            what, around = open_blocks[-1]
            if what in ("sub", "function", "property", "operator"):
                continue
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            line = self.end_of_line(found.start())
            abstract = b"mustoverride" in found["modifiers"] or what == "interface" or found["declare"] is not None
            in_class = self.blocks[around].kind in _CLASSES
            kind = SymbolKind.METHOD if in_class else SymbolKind.FUNCTION
            if found["routine"]:
                if found["name"] == b"new":
                    kind = SymbolKind.CONSTRUCTOR
                index = self.add(kind, found.span("name"), start, line, around, head_end=line, body=not abstract)
                if not abstract:
                    open_blocks.append((found["routine"].decode(), index))
            elif found["property"]:
                body = not abstract and (found["accessor"] is not None or _GETS.match(self.code, found.start()) is not None)
                index = self.add(
                    kind if body else SymbolKind.FIELD, found.span("property"), start, line, around, head_end=line, body=body
                )
                if body:
                    open_blocks.append(("property", index))
            elif found["block"]:
                block = found["block"].decode()
                if block == "namespace":
                    open_blocks.append((block, around))
                    continue
                index = self.add(_BLOCKS[block], found.span("block_name"), start, line, around, head_end=line)
                open_blocks.append((block, index))
            elif found["event"]:
                self.add(
                    SymbolKind.FIELD if in_class else SymbolKind.VARIABLE,
                    found.span("event"),
                    start,
                    line,
                    around,
                    body=False,
                )
        for _, index in open_blocks[1:]:
            self.blocks[index].end = size
        self._find_fields()

    def _close(self, open_blocks: list[tuple[str, int]], what: str, end: int) -> None:
        for at in range(len(open_blocks) - 1, 0, -1):
            if open_blocks[at][0] == what:
                if what != "namespace":
                    self.blocks[open_blocks[at][1]].end = end
                del open_blocks[at:]
                return

    def _find_fields(self) -> None:
        """Variables and constants outside of routines, members of types and enumerations."""
        holders = sorted((block.start, -block.end, index) for index, block in enumerate(self.blocks) if block.body)
        path: list[tuple[int, int, int]] = []
        position = 0
        seen: set[tuple[int, bytes]] = set()
        for found in _FIELD.finditer(self.code):
            while position < len(holders) and holders[position][0] <= found.start():
                path = [one for one in path if -one[1] > holders[position][0]] + [holders[position]]
                position += 1
            path = [one for one in path if -one[1] > found.start()]
            index = path[-1][2] if path else MODULE
            if (
                self.blocks[index].kind in _ROUTINES
                or found["name"] in (b"sub", b"function", b"property")
                or (index, found["name"]) in seen
            ):
                continue
            if found["name"].decode("utf-8", "replace") in _KEYWORDS:
                continue
            seen.add((index, found["name"]))
            start = found.start() + len(found[0]) - len(found[0].lstrip())
            constant = b"const" in found["modifiers"]
            in_class = self.blocks[index].kind in _CLASSES
            kind = SymbolKind.CONSTANT if constant else SymbolKind.FIELD if in_class else SymbolKind.VARIABLE
            self.add(kind, found.span("name"), start, self.end_of_line(start), index, body=False)

    # -- uses ---------------------------------------------------------------------------------------------------------

    def find_uses(self) -> None:
        for found in _IMPORTS.finditer(self.code):
            module = self.text[slice(*found.span("module"))].decode("utf-8", "replace")
            alias = found["alias"].decode() if found["alias"] else ""
            self.bring(module, "" if alias else "*", alias or ".", found.start("module"))
        for found in _BASES.finditer(self.code):
            kind = ReferenceKind.INHERITS if found["what"] == b"inherits" else ReferenceKind.IMPLEMENTS
            scope = self.scope(found.start("what"))
            for name in re.sub(rb"\(.*?\)", b"", found["names"]).split(b","):
                base = name.strip().decode("utf-8", "replace")
                if base.replace(".", "").isidentifier() and self.blocks[scope].kind in _CLASSES:
                    self.refer(kind, base, found.start("what"), scope)
        for index, block in enumerate(self.blocks):
            if block.kind in _ROUTINES and block.body:
                self._find_parameters(index)
        self._find_declarations()
        self._find_calls()

    def _find_parameters(self, index: int) -> None:
        block = self.blocks[index]
        head = self.code[block.name_at : block.head_end]
        opened, closed = head.find(b"("), head.rfind(b")")
        if 0 <= opened < closed:
            for part in head[opened + 1 : closed].split(b","):
                named = re.search(rb"(?:(?:optional|byval|byref|paramarray)[ \t]+)*(" + _NAME + rb")", part)
                if named and named[1].strip(b"[]").decode("utf-8", "replace").isidentifier():
                    self.bind(
                        BindingKind.PARAMETER, named[1].strip(b"[]").decode("utf-8", "replace"), "", block.name_at, index
                    )
        if (result := _RESULT.search(head)) and result["type"].decode() not in _TYPES:
            self.bind(BindingKind.ANNOTATED, "()", result["type"].decode(), block.name_at, index)

    def _find_declarations(self) -> None:
        for found in _AS.finditer(self.code):
            name, type_name = found["name"].decode("utf-8", "replace").strip("[]"), found["type"].decode("utf-8", "replace")
            scope = self.scope(found.start("name"))
            if name in _KEYWORDS or not name.isidentifier():
                continue
            if self.blocks[scope].kind in _ROUTINES:
                if found.start("name") != self.blocks[scope].name_at:
                    self.make_local(name, scope)  # brackets behind a variable hold an index
            elif found["array"] is not None:
                self.make_local(name, scope)
            if type_name in _TYPES or type_name in ("new", "any"):
                continue
            at = found.start("type")
            self.refer(ReferenceKind.TYPE, type_name, at, scope)
            if found["array"] is None:
                self.bind(BindingKind.ANNOTATED, name, type_name, at, scope)
            if found["entries"] and found["entries"].decode() not in _TYPES:
                self.refer(ReferenceKind.TYPE, found["entries"].decode(), at, scope)
        self._untyped: set[tuple[int, str]] = set()
        for found in _UNTYPED.finditer(self.code):
            scope = self.scope(found.start("names"))
            for one in found["names"].split(b","):
                self._untyped.add((scope, one.strip(b" \t[]").decode("utf-8", "replace")))
        for found in _ARRAY.finditer(self.code):
            self.make_local(found["name"].decode("utf-8", "replace"), self.scope(found.start("name")))
        for found in _SET.finditer(self.code):
            if found["type"].decode() not in _TYPES:
                self.bind(BindingKind.ANNOTATED, found["name"].decode(), found["type"].decode(), found.start("name"))

    def _find_calls(self) -> None:
        names = {block.name_at for block in self.blocks}
        for pattern in (_CALL, _STATEMENT, _NEW):
            for found in pattern.finditer(self.code):
                at = found.start("path")
                path = self.written(at, found.end("path")).replace("!", ".").replace("[", "").replace("]", "")
                base, dot, _ = path.partition(".")
                if not base or at in names or path.endswith("."):
                    continue  # a member of what WITH names
                scope = self.scope(at)
                if pattern is _NEW:
                    if base not in _TYPES:
                        self.refer(ReferenceKind.CALL, path, at, scope)
                    continue
                if base in _KEYWORDS and not (dot and base in _RECEIVERS):
                    continue
                if (
                    self.blocks[scope].kind not in _ROUTINES
                    or (not dot and self.is_local(base, scope))
                    or (scope, base) in self._untyped
                ):
                    continue
                self.refer(ReferenceKind.CALL, path, at, scope)
        for found in _ADDRESS.finditer(self.code):
            self.refer(ReferenceKind.READ, found["path"].decode(), found.start("path"))


SCANNED = (
    ScannedLanguage(
        "vb",
        scanner=lambda: VisualBasicScanner,
        signs=((".cls", _SIGN),),
    ),
)
