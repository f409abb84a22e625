"""Tokens of the languages that a scanner reads (`indexing.languages.scanner`), as written, upper and lower case apart.

A comment is what the scanner takes for one. What it blanks besides and what may yet mean something (directives, optimiser
pragmas, quoted names, columns that hold more than numbers) makes a text unclear, which then gives no tokens.
"""

from __future__ import annotations

import re

import numpy as np

from indexing.languages.registry import scanned_languages

_NEWLINE_ENDS = frozenset({"fortran", "vb", "jcl"})
"""Languages whose statements end with their line."""
_TOKEN = re.compile(rb"'(?:[^'\n]|'')*'?|\"(?:[^\"\n]|\"\")*\"?|[\w$#@\x80-\xff]+|\n|[^\s\w]")
_UNCLEAR = {
    "cobol": re.compile(rb"^.{6}[dD$]|^(?=.{0,5}[^\s\d]).{6}[^\n]|>>|\t", re.MULTILINE),
    "fortran": re.compile(rb"^[ \t]*#|^[cC*!][$dD]|![$dD]|^ {5}[A-Za-z]|^[cCdD][A-Za-z]|\$\{", re.MULTILINE),
    "pascal": re.compile(rb"\{\$|\(\*\$"),
    "sql": re.compile(rb"\"|`|/\*!|[qQ]'|\\"),
}


def read_scanned(text: bytes, language: str) -> list[bytes] | None:
    """The tokens of `text`, or None where the language is none of these or the text is unclear."""
    scanned = scanned_languages().get(language)
    unclear = _UNCLEAR.get(language)
    if scanned is None or (unclear is not None and unclear.search(text)):
        return None
    scanner = scanned.scanner()(text)
    shown = np.frombuffer(text, np.uint8).copy()
    code = np.frombuffer(scanner.code, np.uint8)
    shown[code == 0x20] = 0x20
    for start, end in scanner.strings:
        shown[start:end] = np.frombuffer(text[start:end], np.uint8)
    tokens = _TOKEN.findall(shown.tobytes())
    if language not in _NEWLINE_ENDS:
        return [token for token in tokens if token != b"\n"]
    return [token for token, before in zip(tokens, [b"\n", *tokens], strict=False) if token != b"\n" or before != b"\n"]
