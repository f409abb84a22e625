"""JCL: jobs and procedures with their steps, the programs and procedures that steps run, and what is included.

A step is a function within its job or procedure. `EXEC PGM=NAME` calls the program `program:name`, which COBOL sources
define; `EXEC NAME` the procedure `procedure:name`. Data within the stream (`DD *`) say nothing but for the programs
that the TSO terminal monitor is told to run there.
"""

from __future__ import annotations

import re

from core.model.symbol import ReferenceKind, SymbolKind
from indexing.languages.scanner import MODULE, ScannedLanguage, Scanner, mask, words

_KEYWORDS = words("job exec proc pend dd set include if then else endif jcllib output pgm cond")
_TOKEN = re.compile(rb"^//\*[^\n]*|^(?!//)(?P<string>[^\n]+)|(?P<quoted>'[^'\n]*')", re.MULTILINE)
_STATEMENT = re.compile(
    rb"^//(?P<name>[\w$#@]*)[ \t]+(?P<verb>job|exec|proc|pend|include|set)\b[ \t]*(?P<operands>[^\n]*)", re.MULTILINE
)
_PROGRAM = re.compile(rb"(?<![\w$#@])pgm=(?P<name>[\w$#@&.*]+)")
_PROCEDURE = re.compile(rb"(?:proc=)?(?P<name>[\w$#@&.]+)")
_SIGN = rb"\A(?://\*[^\n]*\n)*//[\w$#@]{1,8} +(?:job|proc|exec)\b"
_MEMBER = re.compile(rb"(?<![\w$#@])member=(?P<name>[\w$#@]+)")
_RUN = re.compile(rb"^(?!//)[^\n]*?\brun\s+prog(?:ram)?\s*\(\s*(?P<name>[\w$#@]+)\s*\)", re.MULTILINE | re.IGNORECASE)


class JclScanner(Scanner):
    """Reads one file."""

    keywords = _KEYWORDS
    comment_signs = "/*-=+ \t"

    def masked(self) -> bytes:
        code = mask(self, _TOKEN, self.text, keep=lambda found: found[0] if found["quoted"] else None)
        return code.lower()

    def find_definitions(self) -> None:
        outer = step = 0
        size = len(self.text)
        for found in _STATEMENT.finditer(self.code):
            verb, start = found["verb"], found.start()
            if verb in (b"job", b"proc"):
                self._end(step, start)
                step = 0
                if verb == b"job" or (outer and self.blocks[outer].parent == MODULE and not self._is_job(outer)):
                    self._end(outer, start)
                    outer = 0
                if found["name"]:
                    parent = outer if verb == b"proc" else MODULE
                    outer = self.add(SymbolKind.FUNCTION, found.span("name"), start, size, parent, head_end=found.end())
            elif verb == b"pend":
                self._end(step, start)
                self._end(outer, found.end())
                outer, step = (self.blocks[outer].parent if outer else 0), 0
            elif verb == b"exec":
                self._end(step, start)
                step = 0
                if found["name"]:
                    step = self.add(SymbolKind.FUNCTION, found.span("name"), start, size, outer, head_end=found.end())

    def _is_job(self, index: int) -> bool:
        return b" job" in self.code[self.blocks[index].start : self.blocks[index].head_end]

    def _end(self, index: int, byte: int) -> None:
        if index:
            self.blocks[index].end = len(self.text[:byte].rstrip()) if byte < len(self.text) else byte

    def find_uses(self) -> None:
        for found in _STATEMENT.finditer(self.code):
            operands, at = found["operands"], found.start("operands")
            if found["verb"] == b"include":
                if member := _MEMBER.search(operands):
                    self.bring(self.text[at + member.start("name") : at + member.end("name")].decode(), "*", ".", at)
            elif found["verb"] == b"exec":
                if program := _PROGRAM.search(operands):
                    prefix, name = "program:", program["name"]
                elif procedure := _PROCEDURE.match(operands):
                    prefix, name = "procedure:", procedure["name"]
                else:
                    continue
                if not name.strip(b"&.*") or b"&" in name or b"*" in name:
                    continue  # a symbol, told only when the job is submitted
                self.refer(ReferenceKind.CALL, prefix + name.decode().rstrip("."), at)
        for found in _RUN.finditer(self.text):
            self.refer(ReferenceKind.CALL, "program:" + found["name"].decode().lower(), found.start())


SCANNED = (
    ScannedLanguage(
        "jcl",
        scanner=lambda: JclScanner,
        signs=(("", _SIGN), (".prc", _SIGN), (".txt", _SIGN)),
    ),
)
