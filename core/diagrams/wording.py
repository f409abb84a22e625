"""The words in boxes: a line about each, and counts where there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

DETAIL_LENGTH = 60
"""Characters; a box shows a line, not a paragraph."""
_MARKUP = re.compile(
    r"""[`*]{1,3}(?=\S) | (?<=\S)[`*]{1,3}                      # emphasis and code
    | <[^<>]{1,200}> | :[a-z:]{1,20}:(?=`)                  # tags; roles of reStructuredText
    | !?\[(?P<words>[^\]]{0,200})\]\([^)]{0,500}\)          # a link gives its words
    | \{@\w+\s+\#?(?P<name>[\w.\#]{1,200})[^{}]{0,200}\}       # a tag of Javadoc its name""",
    re.VERBOSE,
)
_FENCED = re.compile(r"^(```|~~~).*?(^\1[`~]*\s*$|\Z)", re.MULTILINE | re.DOTALL)
"""A block of code in Markdown."""
_NO_PROSE = re.compile(r"#|=|-{3}|\.\. |!\[|\[!|<|>|\||[*+-] |:\w+:|\*{0,2}(?i:note|warning)\b")
"""How lines of titles, badges, quotations, lists, tables and asides begin."""
_TRIPLE = re.compile(r"\"{3}|'{3}")
_SENTENCE = re.compile(
    # Not behind "J." and "e.g.", but behind "it.", "ISO.", "PnYnMnD." and "4.4.".
    r"(?:(?<=[^A-Z\s.]{2}[.!?])|(?<=[A-Z]{3}[.!?])|(?<=[a-z][A-Z][.!?])|(?<=\.\d[.!?]))\s+(?=[A-Z`\"'(])"
)


def count(number: int, one: str, many: str = "") -> str:
    """`1 file`, `12,430 lines`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(files: int, lines: int) -> str:
    """How large a part is: `34 files · 12,430 lines`."""
    return f"{count(files, 'file')} · {count(lines, 'line')}"


def byte_size(number: int) -> str:
    """`812 B`, `12.4 kB`, `3.1 MB`."""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.1f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def shorten(text: str, length: int = DETAIL_LENGTH) -> str:
    """One line of at most `length` characters, cut between words where that leaves enough."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > length // 2 else cut).rstrip(" ,;:-–(") + "…"


def first_sentence(text: str, length: int = DETAIL_LENGTH) -> str:
    """What a doc comment opens with, without its markup; empty where it says nothing in words."""
    plain = " ".join(_MARKUP.sub(_words, _TRIPLE.sub("", text[:1000])).split()).strip("-=~#/ ")
    if plain[:1] in ('"', "'") and plain[1:].find(plain[0]) == len(plain) - 2:
        plain = plain[1:-1].strip()
    sentence = _SENTENCE.split(plain, maxsplit=1)[0]
    if sentence.endswith(".") and not sentence.endswith(".."):
        sentence = sentence[:-1]
    sentence = sentence.rstrip(" :")
    return shorten(sentence, length) if sum(character.isalpha() for character in sentence) >= 6 else ""


def _words(markup: re.Match[str]) -> str:
    return markup["words"] or (markup["name"] or "").replace("#", ".")


def readme_line(text: str, length: int = DETAIL_LENGTH) -> str:
    """The first sentence of a README's prose, past its title, badges and rules."""
    told = _FENCED.sub("", text[:8000].replace("\r\n", "\n"))
    for paragraph in re.split(r"\n\s*\n", told)[:40]:
        lines = [line.strip() for line in paragraph.strip().split("\n")]
        prose = [line for line in lines if line and not _NO_PROSE.match(line)]
        underlined = len(lines) > 1 and re.fullmatch(r"([=~\-*#^\"])\1{2,}", lines[1] or "") is not None
        if prose and not underlined and len(prose) == len([line for line in lines if line]):
            sentence = first_sentence(" ".join(prose), length)
            if sentence and len(sentence.split()) >= 3:
                return sentence
    return ""


def names(items: Sequence[str], length: int = DETAIL_LENGTH) -> str:
    """As many of `items` as fit, in their order: `sites, flatpages, redirects, …`."""
    shown = ""
    for number, item in enumerate(items):
        longer = f"{shown}, {item}" if shown else item
        if len(longer) + (3 if number + 1 < len(items) else 0) > length:
            return f"{shown}, …" if shown else shorten(item, length)
        shown = longer
    return shown
