"""SQL: tables, views, types, triggers and the procedural languages inside of databases (PL/SQL, T-SQL, PL/pgSQL, MySQL).

What CREATE makes lasts to the line that ends it (`/`, `GO`, the MySQL delimiter), to the semicolon behind a dollar-quoted
body or to the next CREATE. Packages, procedures and blocks within are matched by their `BEGIN … END`. Names are read without
quotes and by their last part (`sales.orders` defines `orders`). Tables and views that a statement works on are READ.
"""

from __future__ import annotations

import re

from core.model.symbol import ReferenceKind, SymbolKind
from indexing.languages.scanner import MODULE, ScannedLanguage, Scanner, blank, mask
from indexing.languages.sql_words import KEYWORDS, TYPES

_QUOTED = re.compile(
    rb"--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?"
    rb"|\bn?q(?P<q>'(?:\[(?:[^\]]|\](?!'))*\]?|\{(?:[^}]|\}(?!'))*\}?|\((?:[^)]|\)(?!'))*\)?|<(?:[^>]|>(?!'))*>?"
    rb"|(?P<sign>[^\s\w'\[{(<])(?:(?!(?P=sign)').)*(?P=sign)?)(?:'|\Z))"
    rb"|(?P<string>'(?:[^']|'')*'?)"
    rb"|\"(?P<quoted>[^\"\n]*)\"|`(?P<ticked>[^`\n]*)`|\[(?P<boxed>[A-Za-z_][^\]\n]{0,127})\]",
    re.DOTALL | re.IGNORECASE,
)
_DOLLAR = re.compile(rb"\b(?:as|do(?:\s+language\s+\w+)?)\s*(?P<quote>\$(?:[a-z_]\w*)?\$)", re.IGNORECASE)
_DELIMITER = re.compile(rb"^[ \t]*delimiter[ \t]+(\S+)", re.IGNORECASE | re.MULTILINE)

_PART = rb"[a-z_@#\x80-\xff][\w$#@\x80-\xff]*+"
_PATH = _PART + rb"(?:\s*\.\s*" + _PART + rb"){0,3}"
_CREATE = re.compile(
    rb"^[ \t]*(?:create(?:\s+or\s+(?:replace|alter))?|alter(?=\s+(?:procedure|proc"
    rb"|function"
    rb"|view"
    rb"|trigger)\b"
    rb"(?!\s+[\w.$\"]+\s+(?:compile|enable|disable|owner|rename|set)\b)))"
    rb"(?:\s+(?:global|local|private|temp|temporary|unlogged|external|foreign"
    rb"|force"
    rb"|no\s+force"
    rb"|editionable"
    rb"|noneditionable|materialized"
    rb"|recursive|constraint|definer\s*=\s*\S+|sql\s+security\s+\w+|algorithm\s*=\s*\w+"
    rb"|unique"
    rb"|aggregate"
    rb"|immutable"
    rb"|sharded))*"
    rb"\s+(?P<what>package\s+body|package|procedure|proc|function|trigger|type\s+body|type"
    rb"|table"
    rb"|view"
    rb"|synonym"
    rb"|sequence|domain)\s+"
    rb"(?:if\s+not\s+exists\s+)?(?P<name>" + _PATH + rb")",
    re.MULTILINE,
)
_STATEMENT = re.compile(
    rb"^[ \t]*(?:create|alter|drop|grant|revoke|comment\s+on|insert\s+into|set|commit|show"
    rb"|prompt"
    rb"|spool"
    rb"|exec|use"
    rb"|select|delimiter|print|if)\b|^[ \t]*(?:/|go)[ \t\r]*$|^@",
    re.MULTILINE,
)
_TERMINATOR = re.compile(rb"^[ \t]*(?:/|go)[ \t\r]*$", re.MULTILINE)
_NEXT_CREATE = re.compile(rb"^(?:create|alter|drop|grant|delimiter)\b", re.MULTILINE)
_BLOCK = re.compile(
    rb"(?<![\w$#@.:\x80-\xff])(?:end\s+(?:if|loop|while|repeat|for)\b"
    rb"|(?P<end>end)(?:[ \t]+(?P<ended>case|try|catch)\b)?(?=[^\w$#]|$)"
    rb"|begin\s+(?:dialog|conversation|distributed\s+)?tran(?:saction)?\b|(?P<begin>begin\b)|(?P<case>case\b)"
    rb"|(?P<routine>procedure|function)\s+(?P<name>" + _PART + rb"))"
)
_BODY = re.compile(rb"\b(?:is|as)\b|;")
_HEAD = re.compile(rb"\b(?:is|as|begin|declare|language|return[ \t]+query)\b|;")
_ARGUMENTS = re.compile(rb"\s*\((?:[^()]|\([^()]*\))*\)")

_TABLE = re.compile(
    rb"\b(?:from|join|into|update|merge\s+into|delete(?:\s+from)?|references"
    rb"|truncate\s+table"
    rb"|insert"
    rb"(?:\s+into)?"
    rb"|using|lock\s+table)\s+(?:only\s+)?"
    rb"(?P<path>" + _PATH + rb")(?P<rest>(?:\s+(?:as\s+)?(?!" + rb"(?:where|set|on|join|left|right"
    rb"|inner"
    rb"|full"
    rb"|cross"
    rb"|order|group|when|select|values|union|using|having|loop|limit|for|connect|start|returning|bulk|with|partition|and|minus|intersect|then)\b"
    + rb")\w+)?\s*,\s*"
    + _PATH
    + rb"){0,12}"
)
_MORE = re.compile(rb",\s*(" + _PATH + rb")")
_ANCHORED = re.compile(rb"(?<![\w.$#@\x80-\xff])(" + _PATH + rb")\s*%\s*(?:row)?type\b")
_ON = re.compile(rb"\bon\s+(?P<path>" + _PATH + rb")")
_CALL = re.compile(rb"(?<![\w.$#@:\x80-\xff])(?P<path>" + _PATH + rb")\s*(?=\()")
_CALL_STATEMENT = re.compile(rb"(?:;|\b(?:begin|then|else|loop|do|exception|declare))\s*(?P<path>" + _PATH + rb")\s*(?=;)")
_EXECUTE = re.compile(
    rb"\b(?:exec|execute|call|perform)\s+"
    rb"(?:@\w+\s*=\s*)?(?:"
    rb"(?:procedure"
    rb"|function)\s+)?"
    rb"(?P<path>" + _PATH + rb")(?!\s*\()"
)
_DEFINED_BEHIND = re.compile(
    rb"\b(?:procedure|proc|function|table|view|type|into|index|key|constraint|as|with"
    rb"|references|on"
    rb"|trigger"
    rb"|unique"
    rb"|cursor|exists|synonym|values|update|join|body|from)\s+(?:\w+\s*\.\s*)?\Z"
)
_VARIABLE = re.compile(
    rb"(?:^[ \t]*+|[;,(]\s*+|\b(?:is|as|declare)\s++)(?P<name>[a-z_]\w*+)\s++"
    rb"(?:constant\s+"
    rb"|in\s+out\s+"
    rb"|in\s+"
    rb"|out\s+)?(?:nocopy\s+)?(?P<type>[a-z_][\w.$#%]*)",
    re.MULTILINE,
)
_KINDS = {
    "table": SymbolKind.STRUCT, "view": SymbolKind.STRUCT, "procedure": SymbolKind.FUNCTION, "proc": SymbolKind.FUNCTION,
    "function": SymbolKind.FUNCTION, "trigger": SymbolKind.FUNCTION, "package": SymbolKind.MODULE,
    "package body": SymbolKind.MODULE, "type": SymbolKind.CLASS, "type body": SymbolKind.CLASS,
    "synonym": SymbolKind.VARIABLE, "sequence": SymbolKind.VARIABLE, "domain": SymbolKind.TYPE,
}  # fmt: skip
_CONTAINERS = frozenset({"package", "package body", "type body"})
_SIGN = rb"^\s*(?:create|alter)\b"
_MAX_STEPS = 200_000
_MAX_HEAD = 4_000
"""Bytes between the name of a routine and its body."""


class SqlScanner(Scanner):
    """Reads one file."""

    keywords = KEYWORDS | TYPES
    comment_signs = "-/*=+#_ \t"

    def masked(self) -> bytes:
        delimiter = _DELIMITER.search(self.text)
        self._delimiter = delimiter[1].lower() if delimiter and delimiter[1] not in (b";", b"$$") else b""
        self._dollars: list[tuple[int, int]] = []
        text = self.text
        if not delimiter and b"$" in text:
            text = self._without_dollars(text)
        return mask(self, _QUOTED, text, keep=_identifier).lower()

    def _without_dollars(self, text: bytes) -> bytes:
        """Bodies in dollar quotes are code; the quotes go, where they stand is kept."""
        parts, position = bytearray(text), 0
        for _ in range(_MAX_STEPS):
            opened = _DOLLAR.search(text, position)
            closed = text.find(opened["quote"], opened.end()) if opened else -1
            if opened is None or closed < 0:
                break
            size = len(opened["quote"])
            position = closed + size
            self._dollars.append((opened.start("quote"), position))
            for start in (opened.start("quote"), closed):
                parts[start : start + size] = b" " * size
        return bytes(parts)

    # -- definitions --------------------------------------------------------------------------------------------------

    def find_definitions(self) -> None:
        self._anchors: list[tuple[int, int]] = []
        found = list(_CREATE.finditer(self.code))
        limit = 0
        for position, one in enumerate(found):
            if one.start() < limit:
                continue
            what = " ".join(one["what"].decode().split())
            following = next((at.start() for at in found[position + 1 :] if self._follows(what, at)), len(self.code))
            end = self._end_of(what, one, following)
            start = one.start() + len(one[0]) - len(one[0].lstrip())
            name_start, name_end = self._last_part(*one.span("name"))
            kind = _KINDS[what]
            has_body = kind is not SymbolKind.VARIABLE
            head_end = self._head_end(what, one.end(), end)
            index = self.add(kind, (name_start, name_end), start, end, MODULE, head_end=head_end, body=has_body)
            if what in _CONTAINERS or (kind is SymbolKind.FUNCTION):
                self._find_routines(index, what, head_end, end)
                limit = self.blocks[index].end

    def _follows(self, what: str, found: re.Match[bytes]) -> bool:
        """Whether a CREATE stands beside the one before it; a routine may make tables for its own use."""
        if _KINDS[what] not in (SymbolKind.FUNCTION, SymbolKind.MODULE):
            return True
        behind = " ".join(found["what"].decode().split())
        return _KINDS[behind] in (SymbolKind.FUNCTION, SymbolKind.MODULE) or found[0][:1] in b"cCaA"

    def _last_part(self, start: int, end: int) -> tuple[int, int]:
        """Where the last part of a name stands, without its quotes."""
        at = self.code.rfind(b".", start, end) + 1 or start
        while at < end and self.code[at : at + 1].isspace():
            at += 1
        return at, end

    def _head_end(self, what: str, start: int, end: int) -> int:
        if what in ("table", "type", "view", "sequence", "synonym", "domain"):
            stop = min(
                position for position in (self.code.find(b"(", start, end), self.end_of_line(start), end) if position >= 0
            )
            return max(start, stop)
        arguments = _ARGUMENTS.match(self.code, start, min(end, start + 8_000))
        behind = arguments.end() if arguments else start
        found = _HEAD.search(self.code, behind, end)
        return max(start, found.start() if found else behind)

    def _end_of(self, what: str, found: re.Match[bytes], following: int) -> int:
        start = found.end()
        if self._delimiter:
            at = self.code.find(self._delimiter, start)
            return min(following, at) if at >= 0 else following
        for opened, closed in self._dollars:
            if start <= opened < following:
                at = self.code.find(b";", closed)
                return at + 1 if at >= 0 else following
        if terminator := _TERMINATOR.search(self.code, start, following):
            limit = terminator.start()
        elif _KINDS[what] in (SymbolKind.FUNCTION, SymbolKind.MODULE) and what != "type":
            stop = _NEXT_CREATE.search(self.code, start, following)
            return stop.start() if stop else following
        else:
            limit = following
        if _KINDS[what] in (SymbolKind.FUNCTION, SymbolKind.MODULE) or what == "type body":
            return limit
        at = self.code.find(b";", start, limit)
        if at >= 0:
            return at + 1
        stop = _STATEMENT.search(self.code, self.end_of_line(start), limit) if what != "view" else None
        return stop.start() if stop else limit

    def _find_routines(self, outer: int, what: str, start: int, end: int) -> None:
        """Follows BEGIN … END within `[start, end)`: procedures of a package, blocks of a procedure."""
        frames: list[tuple[int, bool]] = [(outer, what not in _CONTAINERS)]
        """The definition that a frame ends, or 0 for a block, and whether its BEGIN is still to come."""
        at = start
        for _ in range(_MAX_STEPS):
            found = _BLOCK.search(self.code, at, end)
            if found is None or not frames:
                return
            at = found.end()
            if found["routine"]:
                at = self._begin_routine(frames, outer, found, end)
            elif found["begin"]:
                index, waits = frames[-1]
                if waits:
                    frames[-1] = (index, False)
                elif index != outer or what not in _CONTAINERS or len(frames) > 1:
                    frames.append((0, False))
            elif found["case"]:
                frames.append((0, False))
            elif found["end"]:
                index, _ = frames.pop()
                if index:
                    stop = self.code.find(b";", at, min(end, at + 200))
                    self.blocks[index].end = stop + 1 if stop >= 0 and index != outer else self.blocks[index].end
                    if index == outer and 0 <= stop < end and what in (*_CONTAINERS, "procedure", "function", "trigger"):
                        if not self._dollars and not self._delimiter and not self._is_transact(outer):
                            self.blocks[outer].end = stop + 1
                        return

    def _is_transact(self, index: int) -> bool:
        """T-SQL: a procedure is all that comes up to GO, and its variables begin with `@`."""
        block = self.blocks[index]
        return b"@" in self.code[block.name_at : min(block.end, block.name_at + 4_000)] or block.end - block.head_end < 1

    def _begin_routine(self, frames: list[tuple[int, bool]], outer: int, found: re.Match[bytes], end: int) -> int:
        """A procedure within a package or another: with a body, or only declared."""
        arguments = _ARGUMENTS.match(self.code, found.end(), end)
        behind = arguments.end() if arguments else found.end()
        body = _BODY.search(self.code, behind, min(end, behind + _MAX_HEAD))
        if body is None:
            return found.end()
        around = next((index for index, _ in reversed(frames) if index), outer)
        declared = body[0] == b";"
        kind = SymbolKind.METHOD if self.blocks[around].kind is SymbolKind.CLASS else SymbolKind.FUNCTION
        index = self.add(
            kind,
            found.span("name"),
            found.start(),
            body.end() if declared else end,
            around,
            head_end=body.start(),
            body=not declared,
        )
        if not declared and not re.match(rb"\s*(?:external\b|language\b)", self.code[body.end() : body.end() + 40]):
            frames.append((index, True))
        return body.end()

    # -- uses ---------------------------------------------------------------------------------------------------------

    def find_uses(self) -> None:
        routines = [
            index for index, block in enumerate(self.blocks) if block.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)
        ]
        for index in routines:
            block = self.blocks[index]
            on = (
                _ON.search(self.code, block.name_at, min(block.end, block.name_at + _MAX_HEAD))
                if b" trigger" in self.code[block.start : block.name_at]
                else None
            )
            if on is not None:
                self.refer(ReferenceKind.READ, self.written(*on.span("path")), on.start("path"), index)
        self._find_variables()
        self._find_tables()
        self._find_calls()

    def _find_variables(self) -> None:
        for found in _VARIABLE.finditer(self.code):
            name, scope = found["name"].decode("utf-8", "replace"), self.scope(found.start("name"))
            if name not in self.keywords and found["type"].decode("utf-8", "replace") not in KEYWORDS and scope:
                self.make_local(name, scope)

    def _find_tables(self) -> None:
        seen: set[tuple[str, int]] = set()
        for found in _TABLE.finditer(self.code):
            paths = (
                [
                    found.span("path"),
                    *(
                        (found.start("rest") + more.start(1), found.start("rest") + more.end(1))
                        for more in _MORE.finditer(self.code[found.start("rest") : found.end("rest")])
                    ),
                ]
                if found["rest"]
                else [found.span("path")]
            )
            for start, end in paths:
                self._read(start, end, seen)
        for found in _ANCHORED.finditer(self.code):
            start, end = found.span(1)
            path = self.written(start, end)
            if "." in path and b"row" not in found[0][end - start :]:
                end = start + found[1].rfind(b".")
            self._read(start, end, seen)

    def _read(self, start: int, end: int, seen: set[tuple[str, int]]) -> None:
        path, scope = self.written(start, end), self.scope(start)
        base = path.partition(".")[0]
        if base in self.keywords or base.startswith("@") or (path, scope) in seen or self.code[end : end + 1] == b"%":
            return
        seen.add((path, scope))
        self.refer(ReferenceKind.READ, path, start, scope)

    def _find_calls(self) -> None:
        names = {block.name_at for block in self.blocks}
        for pattern in (_CALL, _CALL_STATEMENT, _EXECUTE):
            for found in pattern.finditer(self.code):
                start, end = found.span("path")
                path = self.written(start, end)
                base, dot, _ = path.partition(".")
                last = path.rpartition(".")[2]
                if base in self.keywords or last in TYPES or self._last_part(start, end)[0] in names or base.startswith("@"):
                    continue
                scope = self.scope(start)
                if pattern is _CALL and (
                    self._is_local_path(base, dot, scope) or _DEFINED_BEHIND.search(self.code, max(0, start - 60), start)
                ):
                    continue
                if self.blocks[scope].kind is SymbolKind.STRUCT and self.code.startswith(
                    b"create table", self.blocks[scope].start
                ):
                    continue
                self.refer(ReferenceKind.CALL, path, start, scope)

    def _is_local_path(self, base: str, dot: str, scope: int) -> bool:
        return not dot and self.is_local(base, scope)


def _identifier(found: re.Match[bytes]) -> bytes | None:
    """A quoted name is a name: its quotes become blanks, and what no name may hold `_`."""
    whole = found[0]
    if found["string"] is None and (found["quoted"] or found["ticked"] or found["boxed"]):
        inner = re.sub(rb"[^\w$#@\x80-\xff]", b"_", whole[1:-1])
        return b" " + inner + b" "
    if found["q"] is not None:
        return b"'" + blank(whole[1:-1]) + b"'"
    return None


SCANNED = (
    ScannedLanguage(
        "sql",
        scanner=lambda: SqlScanner,
        signs=((".prc", _SIGN), (".typ", _SIGN), (".tab", _SIGN), (".trg", _SIGN)),
    ),
)  # fmt: skip
