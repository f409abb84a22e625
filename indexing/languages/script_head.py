"""What a script with `#` comments says of itself at its top."""

from __future__ import annotations

import re

from indexing.languages.comments import first_paragraph

_HEAD_BYTES = 4_000
_NO_WORDS = re.compile(
    r"copyright|licen[sc]e|SPDX-|-\*-|\bvim:|shellcheck|rights reserved|redistribut|\bGPL|^\s*\(c\)|^\s*author|<\S+@\S+>",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"^#+[ \t]?|[ \t]*#+[ \t]*$")
_RULE = re.compile(r"[-=*_~#\s]*")


def head_of_script(text: bytes) -> str:
    """The first paragraph of the comments before the first statement that is neither a licence nor for a tool."""
    lines = text[:_HEAD_BYTES].decode("utf-8", "replace").split("\n")
    paragraph: list[str] = []
    for line in map(str.strip, lines[1:] if lines[0].startswith("#!") else lines):
        if line and not line.startswith("#"):
            break
        words = _SIGNS.sub("", line)
        if not _RULE.fullmatch(words):
            paragraph.append(words)
        elif paragraph:
            if not _NO_WORDS.search("\n".join(paragraph)):
                return first_paragraph("\n".join(paragraph))
            paragraph = []
    return "" if _NO_WORDS.search("\n".join(paragraph)) else first_paragraph("\n".join(paragraph))
