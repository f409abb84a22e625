"""Local names of PHP functions: every variable of a function is its own, but for those that it asks to share."""

from __future__ import annotations

import re

from indexing.folding.lexing import Tokens
from indexing.folding.numbering import Numbers
from indexing.folding.renaming import LocalNames

_VARIABLE = re.compile(rb"\$[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_BRACED = re.compile(rb"\$\{(\w+)")
_NAME = re.compile(rb"[A-Za-z]\w*")
_SHARED = frozenset(
    b"$this $GLOBALS $_SERVER $_GET $_POST $_FILES $_COOKIE $_SESSION $_REQUEST $_ENV $argc $argv"
    b" $php_errormsg $http_response_header".split()
)
_SEES_NAMES = frozenset(b"compact extract get_defined_vars eval include include_once require require_once parse_str".split())
_VISIBLE = frozenset(b"public private protected readonly var".split())
_STRING_ENDS = frozenset(b"\"'`")


def read_php(tokens: Tokens, numbers: Numbers, is_class: bool) -> LocalNames | None:
    """The variables of a function, or the name of a class; None where code may see names as text."""
    names = LocalNames()
    word = b"class" if is_class else b"function"
    for position, token in enumerate(tokens[:-2]):
        if token == word:
            own = position + 2 if tokens[position + 1] == b"&" else position + 1
            if _NAME.fullmatch(tokens[own]):
                names.bind_definition(tokens, own)
            break
    if is_class:
        return names
    if not _SEES_NAMES.isdisjoint(token.lower() for token in tokens) or _holds_class(tokens):
        return None
    sharing = visible = False
    for position, token in enumerate(tokens):
        if token[0] == 0x24 and len(token) > 1:
            before = tokens[position - 1] if position else b""
            if before == b"::":
                names.literal.add(position)
            elif before == b"$":
                return None  # a variable whose name is the value of another
            elif sharing or visible or token in _SHARED:
                names.kept.add(token)
            if token not in names.regions:
                names.bind(token, 0, len(tokens))
        elif token in (b"global", b";"):
            sharing = token == b"global"
        elif token in (b"$", b"${"):
            return None
        elif token[-1] in _STRING_ENDS or token[0] in _STRING_ENDS:
            names.kept.update(_VARIABLE.findall(token))
            names.kept.update(b"$" + name for name in _BRACED.findall(token))
        if token in _VISIBLE and position and tokens[position - 1] in (b"(", b","):
            visible = True  # a parameter that is a property as well
        elif token in (b",", b")"):
            visible = False
    return names


def _holds_class(tokens: Tokens) -> bool:
    return any(token == b"class" and tokens[position - 1] != b"::" for position, token in enumerate(tokens))
