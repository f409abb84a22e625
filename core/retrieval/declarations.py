"""Names that a text declares, found without a grammar.

For languages that no grammar of ours reads, this is all that is known of definitions: lines that look like one in some
language. It takes keywords and shapes shared by many languages, so it errs now and then; what it finds weighs in ranking
and is never shown as a symbol.
"""

from __future__ import annotations

import re

MAX_NAMES = 200
"""Names taken from one text: far more than a chunk declares, unless it is a table."""

_NAME = r"[A-Za-z_]\w*[!?]?"
_MODIFIERS = r"(?:(?:[a-z]+(?:\([\w ]+\))?|@\w+)[ \t]+){0,5}?"
"""public static, pub(crate), @inline, export default"""

_DECLARATIONS = re.compile(
    rf"^[ \t]*{_MODIFIERS}"
    r"(?:class|struct|enum|union|trait|interface|protocol|object|record|module|defmodule|mixin|extension|actor|type|typealias|newtype"
    r"|data|impl|def|defp|defmacro|func|function|fn|fun|sub|proc|procedure|macro|macro_rules!|message|service|rpc)[ \t]+"
    rf"(?:\([^()\n]{{0,80}}\)[ \t]*)?((?:{_NAME}(?:\.|::|:|\\))*{_NAME})"  # a Go receiver, then a name that may be qualified
    rf"|^{_MODIFIERS}(?:const|val|let|var)[ \t]+({_NAME})"  # at the margin; elsewhere these are local
    rf"|^[ \t]*#[ \t]*define[ \t]+({_NAME})"
    rf"|^(?:[A-Za-z_][\w:<>,*&\[\] \t]{{0,120}}[ \t*&])?({_NAME})[ \t]*\([^;{{}}\n]{{0,300}}\)?[ \t]*\{{?[ \t]*$"  # C, shell
    r"|^[ \t]+(?:public|private|protected|internal|static|override|virtual|async|final|abstract)\b"
    rf"[\w<>,.?\[\] \t]{{0,120}}[ \t]({_NAME})[ \t]*[({{=]"  # C#, Java
    rf"|^({_NAME})[ \t]*::"  # Haskell
    rf"|^[ \t]*(?:local[ \t]+)?((?:{_NAME}[.:])*{_NAME})[ \t]*=[ \t]*(?:async[ \t]+)?"
    r"(?:function\b|\([^()\n]{0,120}\)[ \t]*=>)"  # Lua, JavaScript
    rf"|^[ \t]*(?i:create)[ \t]+(?i:or[ \t]+replace[ \t]+)?(?i:table|view|procedure|function|trigger)[ \t]+({_NAME})",
    re.MULTILINE,
)
_KEYWORDS = """
if ifeq ifneq else for while switch return case catch do new and or not in is of the a an to with this self class struct enum
union interface object record function func def type const static void int char bool readonly
"""
_NEVER_NAMES = frozenset(_KEYWORDS.split())


def declared_names(text: str) -> list[str]:
    """Return the names that lines of `text` seem to declare, in their order, at most `MAX_NAMES`."""
    found: list[str] = []
    for match in _DECLARATIONS.finditer(text):
        name = match[match.lastindex or 0]
        if name not in _NEVER_NAMES:
            found.append(name)
            if len(found) == MAX_NAMES:
                break
    return found
