"""COBOL: programs, their sections and paragraphs, records, copybooks; with what EXEC SQL and EXEC CICS call.

In fixed form columns 1 to 6 and, unless the lines are longer than 80, those from 73 on say nothing, and column 7 tells a
comment. A program is a function that holds its sections and paragraphs; a paragraph within a section is found from
anywhere in its file. Programs have names of their own, which only CALL and its like use: an access path writes them
`program:name`, and `constant:name` where the name stood in a variable that is given this value somewhere in the file.
"""

from __future__ import annotations

import re

from core.model.symbol import ReferenceKind, SymbolKind
from indexing.languages.scanner import MODULE, ScannedLanguage, Scanner, mask, words

PROGRAM, CONSTANT, COPYBOOK = "program:", "constant:", "copybook:"
"""What stands before the names of programs in access paths."""

_KEYWORDS = words("""
    accept access add after all alphabetic alphanumeric also alter and any are area ascending assign at author before
    binary blank block by call cancel cd character characters class close cobol comma comp comp-1 comp-2 comp-3 comp-4
    comp-5 compute computational computational-3 configuration contains content continue control converting copy corr
    corresponding count currency data date date-compiled date-written day debugging decimal-point declaratives delete
    delimited delimiter depending descending display divide division down duplicates dynamic else end end-add end-call
    end-compute end-delete end-divide end-evaluate end-exec end-if end-multiply end-perform end-read end-return
    end-rewrite end-search end-start end-string end-subtract end-unstring end-write entry environment equal error
    evaluate every exception exec exit extend external false fd file file-control filler final first for from function
    generate giving global go goback greater high-value high-values i-o i-o-control id identification if in index
    indexed initial initialize input input-output inspect installation into invalid is just justified key label leading
    left length less limit line linkage local-storage lock low-value low-values merge mode move multiply national native
    negative next no not null nulls number numeric object-computer occurs of off omitted on open optional or order
    organization other output overflow packed-decimal padding page perform pic picture pointer position positive
    procedure procedures proceed program program-id quote quotes random read record recording records redefines reel
    reference relative release remainder renames replace replacing return returning reverse rewind rewrite right rounded
    run same sd search section security select sentence separate sequence sequential set sign size sort source-computer
    space spaces special-names standard start status stop string subtract sum suppress symbolic sync synchronized table
    tally tallying tape test than then through thru time times to trailing true type unit unstring until up upon usage
    use using value values varying when with working-storage write zero zeroes zeros
""")
_NO_PARAGRAPHS = words("exit goback continue else eject skip1 skip2 skip3 stop declaratives suppress end-exec") | {
    word for word in _KEYWORDS if word.startswith("end-")
}
_NO_PROCEDURES = words("until varying test with forever")

_TOKEN = re.compile(rb"""(?P<string>'(?:[^'\n]|'')*'?|"(?:[^"\n]|"")*"?)|\*>[^\n]*""")
_FIXED_LINE = re.compile(rb"^([^\t\n]{6})([^\n])([^\n]*)", re.MULTILINE)
_SIGN = rb"^.{0,6} *(?:identification|id) +division *\."
_FREE_SIGN = re.compile(rb"""^.{0,20}(?:>>[ \t]*source[^\n]*free|\$[ \t]*set[^\n]*sourceformat[^\n]*free)""", re.I | re.M)
_ANCHOR = re.compile(
    rb"^([^\n*]*?)\b(?:identification|id"
    rb"|procedure"
    rb"|data"
    rb"|environment)[ \t]+division\b|^"
    rb"([^\n*]*?)program-id[ \t]*\.",
    re.I | re.M,
)
_MARGIN, _RIGHT_MARGIN, _LINE_BYTES = 6, 72, 80

_NAME = rb"[a-z0-9][\w-]*"
_DIVISION = re.compile(
    rb"\b(?P<end>end[ \t]+(?:program|function)\b)|\b"
    rb"(?P<id>"
    rb"(?:program"
    rb"|function)-id)[ \t]*\.?\s*['\"]?[ \t]*"
    rb"(?P<name>[\w$#@-]+)?"
    rb"|\b(?P<division>identification|id|environment|data|procedure)\s+division\b"
)
_END = re.compile(rb"\bend[ \t]+(?:program|function)[ \t]+['\"]?(?P<name>[\w$#@-]+)")
_IDENTIFICATION = re.compile(rb"\b(?:identification|id)\s+division\b")
_HEADING = re.compile(
    rb"^[ \t]*(?P<name>" + _NAME + rb")(?:[ \t]+" rb"(?P<section>section)" rb"(?:[ \t]+\d+)?)?[ \t]*\.", re.MULTILINE
)
_RECORD = re.compile(rb"^[ \t]*(?P<level>0?1|77|78)[ \t]+(?P<name>[a-z0-9][\w-]*)(?P<rest>[^\n]*)", re.MULTILINE)
_LEVEL = re.compile(rb"^[ \t]*(\d\d?)[ \t]+[a-z]", re.MULTILINE)
_FILE = re.compile(rb"^[ \t]*(?:fd|sd)[ \t]+(?P<name>[a-z0-9][\w-]*)", re.MULTILINE)
_AFTER_DATA = re.compile(rb"^[ \t]*(?:[\w-]+[ \t]+(?:section|division)\b|(?:fd|sd)[ \t]|copy\b|exec[ \t])", re.MULTILINE)

_QUOTED = rb"['\"](?P<literal>[^\n'\"]*)['\"]"
_CALL = re.compile(
    rb"\bcall\s+(?:" + _QUOTED + rb"|(?P<name>" + _NAME + rb"))"
    rb"|\bprogram\s*\(\s*(?:['\"](?P<cics>[^\n'\"]*)['\"]|(?P<cics_name>" + _NAME + rb"))\s*\)"
)
_PERFORM = re.compile(
    rb"\b(?P<verb>perform|go\s+to|go|(?:input|output)\s+procedure(?:\s+is)?)\s+(?P<name>" + _NAME + rb")"
    rb"(?:\s+(?:of|in)\s+" + _NAME + rb")?(?:\s+(?:thru|through)\s+(?P<last>" + _NAME + rb"))?(?P<times>\s+times\b)?"
)
_USER_FUNCTION = re.compile(rb"\bfunction\s+(?P<name>" + _NAME + rb")")
_COPY = re.compile(rb"(?:\bcopy|\+\+include|^[ \t]*-inc)\s+['\"]?(?P<name>[\w$#@./-]+)", re.MULTILINE)
_INCLUDE = re.compile(rb"\bexec\s+sql\s+include\s+['\"]?(?P<name>[\w$#@./-]+)")
_VALUE = re.compile(
    rb"^[ \t]*\d\d?[ \t]+" rb"(?P<name>[a-z0-9][\w-]*)" rb"(?P<rest>[^.]{0,300}?)\bvalues?" rb"(?:\s+is)?\s+" + _QUOTED,
    re.MULTILINE,
)
_MOVE = re.compile(rb"\bmove\s+" + _QUOTED + rb"\s+to\s+(?P<name>" + _NAME + rb")")
_ENTRY = re.compile(rb"\bentry\s+" + _QUOTED)


class CobolScanner(Scanner):
    """Reads one file."""

    keywords = _KEYWORDS
    comment_signs = "*>/-=_#| \t"
    hyphens = True

    # -- columns ------------------------------------------------------------------------------------------------------

    def masked(self) -> bytes:
        self._fixed = self._is_fixed()
        text = self.text
        if self._fixed:
            self._has_margin = not any(line[_LINE_BYTES:].strip() for line in text.split(b"\n"))
            text = _FIXED_LINE.sub(self._line, text)
        self._shown = text
        """Without what the columns hide."""
        return mask(self, _TOKEN, text).lower()

    def one_line(self, start: int, end: int) -> str:
        return super().one_line_of(self._shown, start, end)

    def _is_fixed(self) -> bool:
        """By what the file says itself, by the column of its first division, or by most of its lines."""
        if _FREE_SIGN.search(self.text[:4_000]):
            return False
        for found in _ANCHOR.finditer(self.text):
            before = found[1] if found[1] is not None else found[2]
            if len(before) >= _MARGIN or not before.strip():
                return len(before.expandtabs(8)) > _MARGIN
        lines = [line for line in self.text.split(b"\n") if len(line.rstrip()) > _MARGIN][:400]
        agree = sum(
            line[_MARGIN : _MARGIN + 1] in b" *-/dD$\t" and line[_MARGIN - 1 : _MARGIN] in b" 0123456789\t" for line in lines
        )
        return agree * 10 >= len(lines) * 9

    def _line(self, found: re.Match[bytes]) -> bytes:
        sign, rest = found[2], found[3]
        if sign in b"*/dD$":
            self.comments.append((found.start(2), found.end()))
            return b" " * len(found[0])
        right = _RIGHT_MARGIN - _MARGIN - 1
        if self._has_margin and len(rest) > right:
            if not rest.isascii():
                right = len(rest.decode("utf-8", "replace")[:right].encode())
            rest = rest[:right] + b" " * (len(rest) - right - rest.endswith(b"\r")) + b"\r" * rest.endswith(b"\r")
            rest = rest[: len(found[3])]
        return b" " * (_MARGIN + 1) + rest

    def comment_words(self, line: bytes) -> str:
        if self._fixed and not line[:_MARGIN].strip(b" 0123456789"):
            line = line[_MARGIN:]
        return super().comment_words(line)

    # -- definitions --------------------------------------------------------------------------------------------------

    def find_definitions(self) -> None:
        programs: list[int] = []
        self._ends = {found["name"]: found.start() for found in _END.finditer(self.code)}
        size = len(self.text)
        division, begun = "", 0
        for found in _DIVISION.finditer(self.code):
            if found["end"]:
                if programs:
                    self._read_division(division, begun, found.start(), programs[-1])
                    self.blocks[programs.pop()].end = self.end_of_line(found.start())
                    division, begun = "", found.end()
                continue
            if found["id"]:
                if found["name"] is None:
                    continue
                # Without END PROGRAM the next program is one beside, not within.
                start = self._header_start(found.start())
                if programs and not self._is_nested(programs, found.start()):
                    self._read_division(division, begun, start, programs[-1])
                    self.blocks[programs.pop()].end = start
                parent = programs[-1] if programs else MODULE
                if programs:
                    self._read_division(division, begun, start, parent)
                end = self.end_of_line(found.start("name"))
                programs.append(self.add(SymbolKind.FUNCTION, found.span("name"), start, size, parent, head_end=end))
                self.blocks[programs[-1]].signature = f"{found['id'].decode().upper()}. {self.blocks[programs[-1]].name}"
                division, begun = "", end
                continue
            if found["division"] in (b"identification", b"id"):
                continue
            self._read_division(division, begun, found.start(), programs[-1] if programs else MODULE)
            division, begun = found["division"].decode(), found.end()
        self._read_division(division or "copybook", begun, size, programs[-1] if programs else MODULE)
        self._place_entries()

    def _is_nested(self, programs: list[int], byte: int) -> bool:
        """Whether the innermost open program ends behind `byte`: it is met with an end of its own."""
        return self._ends.get(self.blocks[programs[-1]].name.lower().encode(), -1) > byte

    def _header_start(self, byte: int) -> int:
        """The line of IDENTIFICATION DIVISION above PROGRAM-ID, or its own."""
        start = self.code.rfind(b"\n", 0, byte) + 1
        begin = max(0, start - 2_000)
        heads = list(_IDENTIFICATION.finditer(self.code, begin, start))
        if not heads or b"program-id" in self.code[heads[-1].end() : start]:
            return start
        return self.code.rfind(b"\n", 0, heads[-1].start()) + 1

    def _read_division(self, division: str, start: int, end: int, program: int) -> None:
        if division in ("data", "copybook"):
            self._find_records(start, end, program)
        if division in ("procedure", "copybook"):
            self._find_paragraphs(start, end, program, in_copybook=division == "copybook")

    def _find_records(self, start: int, end: int, program: int) -> None:
        found = list(_RECORD.finditer(self.code, start, end))
        starts = [*(one.start() for one in found), end]
        for one, following in zip(found, starts[1:], strict=True):
            if one["name"] == b"filler":
                continue
            begin = one.end()
            stop = _AFTER_DATA.search(self.code, begin, following)
            last = self.code.rfind(b".", begin - len(one["rest"]), stop.start() if stop else following)
            limit = last + 1 if last > 0 else begin
            group = one["level"] not in (b"77", b"78") and _LEVEL.search(self.code, begin, limit) is not None
            kind = SymbolKind.STRUCT if group else SymbolKind.CONSTANT if one["level"] == b"78" else SymbolKind.VARIABLE
            self.add(kind, one.span("name"), one.start(), limit, program, head_end=begin, body=group)
        for one in _FILE.finditer(self.code, start, end):
            self.add(SymbolKind.VARIABLE, one.span("name"), one.start(), self.end_of_line(one.start()), program, body=False)

    def _find_paragraphs(self, start: int, end: int, program: int, *, in_copybook: bool) -> None:
        section = paragraph = 0
        for one in _HEADING.finditer(self.code, start, end):
            name = one["name"].decode()
            indent = one.start("name") - one.start()
            if (name in _NO_PARAGRAPHS or name.isdigit()) and not one["section"]:
                continue
            if self._fixed and not _MARGIN < indent < _MARGIN + 5:
                continue
            if not one["section"] and not self._ends_sentence(one.start(), start if not in_copybook else 0):
                continue
            for index in (paragraph, section) if one["section"] else (paragraph,):
                if index:
                    self.blocks[index].end = one.start()
            paragraph = 0
            index = self.add(
                SymbolKind.FUNCTION, one.span("name"), one.start(), end,
                program if one["section"] else section or program, head_end=one.end(),
            )  # fmt: skip
            if one["section"]:
                section = index
            else:
                paragraph = index

    def _ends_sentence(self, byte: int, start: int) -> bool:
        """Whether what stands before `byte` is a whole sentence, or nothing."""
        before = self.code[max(start, byte - 4_000) : byte].rstrip()
        return not before or before.endswith((b".", b"end-exec", b"division"))

    def _place_entries(self) -> None:
        for found in _ENTRY.finditer(self.code):
            start = self.code.rfind(b"\n", 0, found.start()) + 1
            self.add(SymbolKind.FUNCTION, found.span("literal"), start, self.end_of_line(start), MODULE, body=False)

    # -- uses ---------------------------------------------------------------------------------------------------------

    def find_uses(self) -> None:
        values: dict[str, list[str]] = {}
        for pattern in (_VALUE, _MOVE):
            for found in pattern.finditer(self.code):
                if value := self._literal(found, "literal"):
                    values.setdefault(found["name"].decode(), []).append(value)
        for found in _CALL.finditer(self.code):
            name = found["name"] or found["cics_name"]
            if name is None:
                target = self._literal(found, "literal" if found["literal"] is not None else "cics")
                if target:
                    self.refer(ReferenceKind.CALL, PROGRAM + target, found.start())
            else:
                for value in dict.fromkeys(values.get(name.decode(), ["?"])):
                    target = UNKNOWN_PROGRAM if value == "?" else CONSTANT + value
                    self.refer(ReferenceKind.CALL, target, found.start())
        for found in _PERFORM.finditer(self.code):
            self._perform(found)
        for found in _USER_FUNCTION.finditer(self.code):
            self.refer(ReferenceKind.CALL, f"function:{found['name'].decode()}", found.start())
        for pattern in (_COPY, _INCLUDE):
            for found in pattern.finditer(self.code):
                member = self.text[slice(*found.span("name"))].decode("utf-8", "replace").rstrip(".")
                self.bring(member, "*", ".", found.start("name"))

    def _literal(self, found: re.Match[bytes], group: str) -> str:
        """What a string holds, which the code does not show; nothing where it can be no name of a program."""
        name = self.text[slice(*found.span(group))].decode("utf-8", "replace").strip().lower()
        return name if name and not set(name) & set(" .()[]") else ""

    def _perform(self, found: re.Match[bytes]) -> None:
        name = found["name"].decode()
        if name in _NO_PROCEDURES or name in _KEYWORDS or found["times"] or name == "to":
            return
        if name.isdigit() and self.code[found.end() :].lstrip()[:5] == b"times":
            return
        kind = ReferenceKind.READ if found["verb"].startswith(b"go") else ReferenceKind.CALL
        self.refer(kind, name, found.start("name"))
        if found["last"] is not None:
            self.refer(ReferenceKind.READ, found["last"].decode(), found.start("last"))


UNKNOWN_PROGRAM = PROGRAM + "?"
"""A program that only a variable names which gets no value here."""

SCANNED = (
    ScannedLanguage(
        "cobol",
        scanner=lambda: CobolScanner,
        signs=(("", _SIGN), (".txt", _SIGN), (".src", _SIGN)),
    ),
)
