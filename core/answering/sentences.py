"""Sentences and citations in Markdown: where one ends and which excerpts it names.

Code blocks and headings (a bold line is one) hold no sentences; a list item, a paragraph and a row of a table end theirs.
What stands in backticks is never split or taken for a citation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s|^\s{0,3}\*\*[^*]+\*\*:?\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$|^[\s|:-]+$")
_CODE = re.compile(r"(`+)(?:(?!\1).)+?\1(?!`)")
_CITED = re.compile(r"\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20})\](?!\()")
_END = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][)\"'*_]))(?P<cited>(?:\s*\[\d[\d,;–\s-]*\])*)(?:\s+(?!\[\d)(?=[\"'(*_`\[]*[A-Z0-9`\[*_\"'(])|$)"
)
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|vs|etc|approx|resp|no|fig|sec)\.$", re.IGNORECASE)
_MASK = "\x00"


def split_sentences(text: str) -> list[str]:
    """The sentences of a Markdown text in their order, each with its citations, on one line."""
    found: list[str] = []
    for paragraph in _blocks(text):
        found.extend(_split(paragraph))
    return found


def citations_in(text: str) -> tuple[int, ...]:
    """The numbers cited in `text`, each once, in order of appearance; `[1, 3]` and `[2-4]` count as each of theirs."""
    found: dict[int, None] = {}
    for match in _CITED.finditer(masked(text)):
        for part in re.split(r"[,;]", match[1]):
            first, *rest = (int(number) for number in re.split(r"[–-]", part) if number.strip())
            last = rest[0] if rest else first
            if last - first <= 50:
                found.update(dict.fromkeys(range(first, last + 1)))
    return tuple(found)


def with_citations(text: str, put: Callable[[tuple[int, ...]], str | None]) -> str:
    """`text` with what `put` makes of the numbers of each citation; None leaves one as it is."""
    parts: list[str] = []
    at = 0
    for match in _CITED.finditer(masked(text)):
        instead = put(citations_in(match[0]))
        if instead is not None:
            parts += [text[at : match.start()], instead]
            at = match.end()
    return "".join([*parts, text[at:]])


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """`text` with other numbers in its citations; those that have none are taken out."""
    return with_citations(text, lambda cited: "".join(f"[{numbers[n]}]" for n in cited if n in numbers))


def code_spans(text: str) -> list[str]:
    """What stands in backticks, without them."""
    return [match[0].strip("`").strip() for match in _CODE.finditer(text)]


def masked(text: str) -> str:
    """`text` with every code span replaced by as many marks, so that places stay."""
    return _CODE.sub(lambda match: _MASK * len(match[0]), text)


def _blocks(text: str) -> list[str]:
    """Paragraphs, list items and table rows, each joined to one line, without code blocks and headings."""
    blocks: list[str] = []
    current: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if fence:
            if opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        starts_item = bool(_ITEM.match(line))
        apart = bool(opening or _HEADING.match(line) or _RULE.match(line) or not line.strip())
        if (apart or starts_item or line.lstrip().startswith("|")) and current:
            blocks.append(" ".join(current))
            current = []
        if opening:
            fence = opening[1]
        elif not apart:
            current.append(_ITEM.sub("", line).strip().lstrip("> "))
    if current:
        blocks.append(" ".join(current))
    return [block for block in blocks if block]


def _split(paragraph: str) -> list[str]:
    hidden = masked(paragraph).replace(_MASK, "`")
    found: list[str] = []
    start = 0
    for match in _END.finditer(hidden):
        if _ABBREVIATION.search(hidden[start : match.start()]):
            continue
        sentence = paragraph[start : match.end("cited")].strip()
        if sentence:
            found.append(sentence)
        start = match.end()
    rest = paragraph[start:].strip()
    if rest:
        found.append(rest)
    return found
