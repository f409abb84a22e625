"""Tokens of Haskell and Scala, where the indentation of a line, or of what opens a block, has a meaning.

The rules of both only compare columns. So each line begins with the rank of its column among all columns that count in the
text, and in Haskell so does a block that is opened within a line. Column 0 has a rank of its own, since a chunk does not
tell where its first line began.
"""

from __future__ import annotations

from collections.abc import Callable

from indexing.folding.lexing import MARK, Tokens, find_tokens, token_expression
from indexing.folding.lexing_parts import CHARACTER, LINE_COMMENT, NAME, NUMBER, REST, hole, nested_comment
from indexing.possessive import re

_DASHES = rb"--++(?![!#$%&*+./<=>?@\\^|~:])[^\n]*+"
_SYMBOL = rb"[-!#$%&*+./<=>?@\\^|~:]"
_HASKELL_STRING = rb'"(?:[^"\\\n]++|\\\s++\\|\\[^\s])*+"'
_HASKELL_NAME = rb"(?:[A-Z][\w']*+\.(?=[A-Za-z_]))*+[A-Za-z_\x80-\xff][\w'\x80-\xff]*+"
_HASKELL = token_expression(
    # Blanks beside an operator may tell what it is: `f !x`, `f . g`, `-1`.
    rb"[ \t\r\f]++(?!" + _SYMBOL + rb")|[ \t]*+" + _DASHES,
    rb"\n(?:\s++|" + _DASHES + rb")*+"
    rb"|\{-#(?:[^#]++|#(?!-\}))*+#-\}|\{-.*+"
    rb"|\[[A-Za-z_][\w'.]*+\|(?:[^|]++|\|(?!\]))*+\|\]"
    rb"|" + _HASKELL_NAME + rb"|" + NUMBER + rb"|" + _HASKELL_STRING + rb"|" + CHARACTER + rb"|''?|[\"].*+"
    rb"|[ \t]*+" + _SYMBOL + rb"++[ \t]*+",
)  # fmt: skip
_OPENERS = re.compile(rb"(?<![\w'.])(?:where|let|do|of|mdo|rec|if(?=[ \t]*+\|)|\\[ \t]*+cases?)(?![\w'])[ \t]*+")
_COMMENT_BEGINS = re.compile(rb"(?<![-!#$%&*+./<=>?@\\^|~:])--++(?![!#$%&*+./<=>?@\\^|~:])")
_HASKELL_UNCLEAR = re.compile(rb"^#|\{-(?!#)|\t", re.MULTILINE)

_SCALA_HOLE = hole(rb"\$\{", rb'"(?:[^"\\\n$]++|\\.|\$(?!\{))*+"|' + CHARACTER)
_SCALA_OPERATOR = rb"(?:[-+*<>=!&|^~%?:#@\\]|/(?![/*]))++"
_SCALA_COMMENT = nested_comment(b"/*", b"*/")
_SCALA = token_expression(
    rb"[ \t\r\f]++|" + LINE_COMMENT,
    rb"\n(?:\s++|" + LINE_COMMENT + rb"|" + _SCALA_COMMENT + rb"(?=[ \t\r]*+\n))*+"
    rb"|/\*.*+"
    rb"|[A-Za-z_]\w*+\"\"\"(?:[^\"$]++|\"(?!\"\")|\$(?!\{)|" + _SCALA_HOLE + rb")*+\"\"\"++"
    rb'|"""(?:[^"]++|"(?!""))*+"""++|(?:[A-Za-z]\w*+)?""".*+'
    rb'|[A-Za-z_]\w*+"(?:[^"\\\n$]++|\\.|\$(?!\{)|' + _SCALA_HOLE + rb')*+"|[A-Za-z]\w*+".*+'
    rb'|"(?:[^"\\\n]++|\\.)*+"|' + NAME + rb"(?:(?<=_)" + _SCALA_OPERATOR + rb")?|`[^`\n]++`|" + NUMBER
    + rb"|" + CHARACTER + rb"|'[A-Za-z_]\w*+|" + REST
    # Whether a blank follows tells in Scala 3 if an operator at the beginning of a line goes on with the one before.
    + rb"|" + _SCALA_OPERATOR + rb"[ ]?",
)  # fmt: skip
_SCALA_UNCLEAR = re.compile(rb"</|/>|\braw\"|'[{\[]")


def _ranked(tokens: list[tuple[bytes, int]]) -> Tokens:
    """The tokens with a mark before each that has a column (others have -1)."""
    columns = sorted({column for _, column in tokens if column > 0})
    ranks = {column: MARK + b"%d" % rank for rank, column in enumerate(columns, 1)}
    ranks[0] = MARK + b"0"
    found: Tokens = []
    for token, column in tokens:
        if column >= 0:
            found.append(ranks[column])
        if token:
            found.append(token)
    return found


def _with_columns(tokens: Tokens) -> list[tuple[bytes, int]]:
    """Line ends as nothing but the column of what follows."""
    found: list[tuple[bytes, int]] = []
    for token in tokens:
        if token[0] == 0x0A:
            column = len(token[token.rfind(b"\n") + 1 :].expandtabs(8))
            if found:
                found.append((b"", column))
        elif token[0] <= 0x20 or token[-1] <= 0x20:
            after_line = bool(found) and not found[-1][0]
            left = b" " if token[0] <= 0x20 and not after_line else b""
            found.append((left + token.strip() + (b" " if token[-1] <= 0x20 else b""), -1))
        else:
            found.append((token, -1))
    while found and not found[-1][0]:
        found.pop()
    return found


def _read_haskell(text: bytes) -> Tokens | None:
    """Not with macros of the preprocessor, comments within brackets, or a block opened within the first line."""
    if _HASKELL_UNCLEAR.search(text):
        return None
    opened = _opened_within_lines(text)
    if opened is None:
        return None
    return _ranked(_with_columns(find_tokens(_HASKELL, text)) + opened)


def _opened_within_lines(text: bytes) -> list[tuple[bytes, int]] | None:
    """The columns of blocks that begin on the line of their keyword, in the order of the text; None for the first line.

    A word in a string may be taken for such a keyword; texts with the same tokens have it in the same place.
    """
    found: list[tuple[bytes, int]] = []
    for opener in _OPENERS.finditer(text):
        end = opener.end()
        if text[end : end + 1] in (b"\n", b"\r", b"") or text.startswith(b"--", end):
            continue
        start = text.rfind(b"\n", 0, end) + 1
        if comment := _COMMENT_BEGINS.search(text, start, end):
            if b'"' in text[start : comment.start()]:
                return None
            continue
        if start == 0:
            return None
        found.append((b"", end - start))
    return found


def _read_scala(text: bytes) -> Tokens | None:
    """Not with markup; from a comment between code and code on one line on, the text stays as it is."""
    if _SCALA_UNCLEAR.search(text) or text.count(b'"""') % 2:
        return None
    tokens = find_tokens(_SCALA, b"\n" + text)
    return _ranked(_with_columns(tokens))


READERS: dict[str, Callable[[bytes], Tokens | None]] = {"haskell": _read_haskell, "scala": _read_scala}
