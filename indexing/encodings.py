"""The encoding of a file, always one that gives its bytes back.

Evidence in order: a byte order mark; valid UTF-8; what the file declares of itself (PEP 263, XML, an editor's mode line);
statistics over a bounded sample; Latin-1, which decodes everything. Each answer but the last is proved on the whole
content: decoded and encoded again it must give the same bytes, so a file can always be kept as text and restored.
"""

from __future__ import annotations

import codecs
import re

_MARKS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    # UTF-32 before UTF-16, whose little-endian mark it begins with. `utf-16` and `utf-32` drop the mark and write the one
    # of this machine, so the other byte order keeps its mark in the text, as does a file the short name cannot restore.
    (codecs.BOM_UTF32_LE, ("utf-32", "utf-32-le")),
    (codecs.BOM_UTF32_BE, ("utf-32", "utf-32-be")),
    (codecs.BOM_UTF16_LE, ("utf-16", "utf-16-le")),
    (codecs.BOM_UTF16_BE, ("utf-16", "utf-16-be")),
    (codecs.BOM_UTF8, ("utf-8-sig",)),
)

_DECLARED = re.compile(rb"""(?:coding|charset|encoding)[ \t]*[:=][ \t]*["']?([A-Za-z0-9][A-Za-z0-9_.-]{1,30})""")
_DECLARATION_BYTES = 1_024

_TEXT_CODECS = (
    "cp",
    "iso8859",
    "koi8",
    "mac",
    "big5",
    "gb",
    "euc",
    "shift_jis",
    "johab",
    "hp-roman8",
    "tis-620",
    "ptcp",
    "kz",
)
"""Families of codecs that extend ASCII; `unicode_escape`, UTF-7 and the like would reinterpret plain code."""

_CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "cp866", "iso8859_2", "mac_roman",
    "cp932", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
"""What legacy source is written in, in practice; more choices only make short samples worse."""

_SAMPLE_BYTES = 16_384
_FEW = 12
"""With fewer bytes above ASCII statistics say nothing; Western text is by far the most common."""
_WESTERN_SHARE = 0.35
"""Western languages write fewer of their letters than this above ASCII; Cyrillic, Greek and the rest nearly all."""
_WESTERN_SIGNS = frozenset("°«»‘’‚“”„–—…·´©®™§€£ºª¿¡×•\xa0")


EXTRACTED = frozenset({"docx", "pdf"})
"""Languages of files that are no text but hold some; each stands in the place of an encoding (`documents/extracted.py`)."""


def detect_encoding(content: bytes) -> str:
    """The name of a Python codec for which `content.decode(name).encode(name) == content`."""
    for mark, names in _MARKS:
        if content.startswith(mark):
            for name in names:
                if _restores(content, name):
                    return name
    if content.isascii():
        return "utf-8"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    declared = _declared(content)
    if declared and _restores(content, declared):
        return declared
    for name in _likely(content):
        if _restores(content, name):
            return name
    return "latin-1"


def decode(content: bytes, encoding: str) -> str:
    """The text of `content`; `encoding` is what `detect_encoding` named."""
    return content.decode(encoding)


def _restores(content: bytes, name: str) -> bool:
    try:
        text = content.decode(name)
        return text.encode("utf-8").decode("utf-8").encode(name) == content
    except (UnicodeError, LookupError):
        return False


def _declared(content: bytes) -> str:
    """The canonical name of the codec that the head of the file names, or nothing."""
    found = _DECLARED.search(content[:_DECLARATION_BYTES])
    if not found:
        return ""
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return ""
    return name if name.startswith(_TEXT_CODECS) else ""


def _likely(content: bytes) -> list[str]:
    """Codecs worth trying, most likely first, from the lines that hold bytes above ASCII."""
    sample = b"\n".join(_lines_above_ascii(content))
    foreign = sum(byte > 0x7F for byte in sample)
    if foreign < _FEW or _reads_as_western(sample, foreign):
        return ["cp1252"]
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, steps=4, chunk_size=1_024, cp_isolation=_CANDIDATES, preemptive_behaviour=False)
    return [match.encoding for match in matches]


def _reads_as_western(sample: bytes, foreign: int) -> bool:
    """Whether the bytes above ASCII are, in Windows-1252, a minority of letters and the usual signs."""
    plain = sum(byte < 0x80 and chr(byte).isalpha() for byte in sample)
    if foreign > _WESTERN_SHARE * (plain + foreign):
        return False
    above = {char for char in sample.decode("cp1252", "replace") if char > "\x7f"}
    return all((char.isalpha() and char not in "ªº") or char in _WESTERN_SIGNS for char in above)


def _lines_above_ascii(content: bytes) -> list[bytes]:
    """Whole lines (cut where one is very long) up to the size of the sample, so that multi-byte text is not torn."""
    lines: list[bytes] = []
    size = 0
    for line in content.split(b"\n"):
        if line.isascii():
            continue
        lines.append(line[: _SAMPLE_BYTES - size])
        size += len(line) + 1
        if size >= _SAMPLE_BYTES:
            break
    return lines
