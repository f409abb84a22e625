"""What the comment at the head of a file tells of the file, beside licences, credits and notes for tools."""

from __future__ import annotations

import re

HEAD_BYTES = 4_000
"""Of so much of a file's beginning the comments are read."""

_BETWEEN = re.compile(r"\n[ \t]*\n\s*")
_FEWEST_TOKENS = 3
_FEWEST_TOKENS_OF_SENTENCE = 2
_WORD = re.compile(r"(?<!\S)[^\w\s]*[^\W\d_][\w'-]*[^\w\s]*(?!\S)")
"""One of a language that people speak: no path, name with dots or address."""
_LEGAL = re.compile(
    r"redistribut|licen[sc]ed? (?:under|to|agreement)|warrant(?:y|ies)|permission is (?:hereby )?granted|free software"
    r"|public licen[sc]e|\bGPL|this file is part of|use of this source code",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:found|included|described) in the (?:\S+ )?(?:\S*/)?(?:licen[sc]e|copying)"
    r"|see (?:the )?(?:accompanying )?(?:file )?(?:licen[sc]e|copying)|this file is part of",
    re.IGNORECASE,
)
"""The terms stand in another file: with the paragraph that says so they end."""
_CREDIT = re.compile(
    r"copyright|licen[sc]e|\bcopying\b|\(c\)|all rights reserved|\S@\w+\.\w|\b(?:19|20)\d\d\b"
    r"|(?-i:\bby (?:[A-Z]\.|[A-Z]\w+) [A-Z])|^\W*(?:authors?|written|created|modified|maintain\w*)\b"
    r"|^\W*(?:changelog|history|from|adapted|ported|derived|taken|copied)\b",
    re.IGNORECASE,
)
"""Who wrote it and when; a year tells that."""
_FOR_TOOLS = re.compile(
    r"SPDX-|-\*-|\bvim?:|^\W*(?:frozen_string_literal|(?:file)?encoding|coding|typed)\s*[:=]"
    r"|^\W*(?:shellcheck|es-?lint|tslint|stylelint|jshint|jslint|prettier|rubocop|pylint|flake8|mypy|ruff|noqa|type:|phpcs|@ts-|@flow"
    r"|@format|@jest|global\b|globals\b|exported\b|sourceMappingURL|clang-format|go:build|\+build)",
    re.IGNORECASE,
)
"""A line that an editor, a checker or a compiler reads."""
_GOES_ON = re.compile(r"(?:[,&;-]|\b(?:and|by|of|the|with))\s*$", re.IGNORECASE)


def telling(words: str) -> str:
    """The words of the comments at the head of a file, their marks gone, from the first paragraph on that tells of the file;
    empty where none does. Behind the text of a licence nothing is looked for: how that goes on differs too much."""
    paragraphs = _BETWEEN.split("\n".join(line for line in words.split("\n") if not _FOR_TOOLS.search(line)))
    for number, paragraph in enumerate(paragraphs):
        if _LEGAL.search(paragraph):
            if _ELSEWHERE.search(paragraph):
                continue
            break
        if told := _without_credits(paragraph):
            return "\n\n".join((told, *paragraphs[number + 1 :]))
    return ""


def _without_credits(paragraph: str) -> str:
    """What a paragraph says beside credits in lines of their own, before it or behind; empty where that is nothing."""
    lines = paragraph.split("\n")
    is_credit = [_CREDIT.search(line) is not None for line in lines]
    begin = is_credit.index(False) if False in is_credit else len(lines)
    end = is_credit.index(True, begin) if True in is_credit[begin:] else len(lines)
    told = "\n".join(lines[begin:end]).strip()
    words = _WORD.findall(told)
    tokens = sum(any(map(str.isalnum, token)) for token in told.split())
    if not words or tokens < (_FEWEST_TOKENS_OF_SENTENCE if told.endswith(".") else _FEWEST_TOKENS):
        return ""
    names = sum(word.lstrip("\"'`*(-")[:1].isupper() for word in words)
    if begin and (_GOES_ON.search(lines[begin - 1]) or not told[0].isupper() or 2 * names > len(words)):
        return ""  # the credit goes on, with more names
    if end < len(lines) and (
        _GOES_ON.search(told) or not (told.endswith((".", ":")) or lines[end].lstrip(" -*@(")[:1].isupper())
    ):
        return ""  # the sentence goes on
    return told
