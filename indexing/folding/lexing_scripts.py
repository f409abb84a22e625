"""Tokens of Bash and Perl, whose quotes and words follow rules of their own."""

from __future__ import annotations

from collections.abc import Callable

from indexing.folding.lexing import NEWLINE, Tokens, find_tokens, token_expression
from indexing.folding.lexing_lines import without_heredocs
from indexing.folding.lexing_parts import NUMBER, bracketed
from indexing.possessive import re

_QUOTED = rb"'[^']*+'"
_PLAIN_DOUBLE = rb'"(?:[^"\\$`]++|\\.|\$(?!\())*+"'


def _substitution(strings: bytes) -> bytes:
    """`$(…)`: one that holds a comment is not read."""
    plain = rb"[^()\"'`\\#]++|\\.|(?<=[^\s;&|(])#|" + _QUOTED + rb"|" + strings
    inner = rb"\((?:" + plain + rb")*+\)"
    for _ in range(3):
        inner = rb"\((?:" + plain + rb"|" + inner + rb")*+\)"
    return rb"\$" + inner


_DOUBLE = rb'"(?:[^"\\$`]++|\\.|\$(?!\()|' + _substitution(_PLAIN_DOUBLE) + rb')*+"'
_DOUBLE = rb'"(?:[^"\\$`]++|\\.|\$(?!\()|' + _substitution(_DOUBLE) + rb')*+"'
_PARAMETER = rb"\$\{(?:[^{}\"'`\\$]++|\\.|\$(?![({])|" + _QUOTED + rb"|" + _PLAIN_DOUBLE + rb"|\$\{[^{}\"'`\\]*+\})*+\}"
_BASH = token_expression(
    rb"[ \t\r]++(?:\\\n[ \t]*+)*+|(?:(?<=[\s;&|()])|\A)#[^\n]*+",
    rb"\n(?:\s++|#[^\n]*+)*+|\d++[<>][<>&|]*+|\{\w++\}[<>][<>&|]*+"
    # A parenthesis right behind a word, or a word right behind one, may be a pattern.
    + rb"|(?:[^\s;&|<>()\"'\\`$#]++|(?<![\s;&|()])#|\\.|\$'(?:[^'\\]++|\\.)*+'|" + _QUOTED + rb"|" + _DOUBLE
    + rb"|" + _substitution(_DOUBLE) + rb"|" + _PARAMETER + rb"|\$(?![({'\"])|\$(?=\")|`(?:[^`\\]++|\\.)*+`)++\(?"
    rb"|[\"'`$].*+|\)[ \t]?|;;&|;;|;&|&&|\|\||\|&|<<<|<<-?|>>|[<>]&|&>>?|>\||<>|[<>]\(",
)  # fmt: skip
_BASH_UNCLEAR = re.compile(
    rb"=~[ \t]++[^\n]*\(|[@!?*+]\((?!\()|\$\((?:[^)$]|\$(?!\())*\bcase\b|<<-?[ \t]*+\\|<<-?[ \t]++[\"'A-Za-z_]"
    rb"|<<-?[\"']?\w+[^\n<]*+<<-?[\"']?\w|<<-?[\"'](?!\w++[\"'])"
)
_GOES_ON = frozenset((b"&&", b"||", b"|", NEWLINE))


def _read_bash(text: bytes) -> Tokens | None:
    """Not with patterns of many parts; the text of a here-document is one token."""
    if _BASH_UNCLEAR.search(text):
        return None
    documents: Tokens = []
    if b"<<" in text:
        cut = without_heredocs(text)
        if cut is None:
            return None
        text, documents = cut
    found: Tokens = []
    for token in find_tokens(_BASH, text):
        if token[0] != 0x0A:
            found.append(token)
        elif found and found[-1] not in _GOES_ON:
            found.append(NEWLINE)
    while found and found[-1] is NEWLINE:
        found.pop()
    return found + documents


_PERL_NAME = rb"[A-Za-z_]\w*+(?:::\w++)*+"
_SAME = b"/!|#~'\"%,;:@^+"


def _perl_quotes() -> bytes:
    """`q{…}`, `m/…/`, `s{…}{…}` and their like."""
    pairs = [bracketed(*ends) for ends in ((b"{", b"}"), (b"(", b")"), (b"[", b"]"), (b"<", b">"))]
    one = [rb"\s*+" + pair for pair in pairs]
    two = [rb"\s*+" + first + rb"\s*+" + second for first in pairs for second in (*pairs, rb"/(?:[^/\\]++|\\.)*+/")]
    for mark in _SAME:
        part = rb"(?:[^\\\%c]++|\\.)*+\%c" % (mark, mark)
        one.append(rb"\%c" % mark + part)
        two.append(rb"\%c" % mark + part + part)
    word = rb"(?<![\w$@%&>{:-])"
    return (
        word + rb"(?:qw|qq|qr|q|m)(?!\s*+(?:=>|[,;)=]))(?:" + rb"|".join(one) + rb")\w*+|"
        + word + rb"(?:s|tr|y)(?!\s*+(?:=>|[,;)=]))(?:" + rb"|".join(two) + rb")\w*+|"
        + word + rb"(?:qw|qq|qr|q|m|s|tr|y)(?!\s*+(?:=>|[,;)=}]))\s*+[^\w\s$@].*+"
    )  # fmt: skip


_PERL = token_expression(
    rb"\s++|#[^\n]*+|(?:(?<=\n)|\A)=[a-z].*?(?:\n=cut\b[^\n]*+|\Z)",
    rb"\$#\{?\$?|[$@%&]" + _PERL_NAME + rb"|\$(?:\d++|::\w[\w:]*+|\^\w|[\"'/\\;,.!@&`+0-9|~=%-](?!\w))"
    # A comma is a quote where a pattern must follow.
    rb"|[=!]~\s*+(?:m,(?:[^,\\]++|\\.)*+,|(?:s|tr|y),(?:[^,\\]++|\\.)*+,(?:[^,\\]++|\\.)*+,)\w*+"
    rb"|(?:[=!]~|[(,!?:;{=]|&&|\|\||\b(?:if|unless|split|and|or|not|grep|return|while|until)\b)\s*+"
    rb"/(?![/=])(?:[^/\\\n]++|\\.)*+/[a-z]*+|" + _perl_quotes()
    + rb"|[A-Za-z_]\w*+'(?=[A-Za-z]).*+|" + _PERL_NAME + rb"|" + NUMBER
    + rb"|\"(?:[^\"\\]++|\\.)*+(?:\"|\Z)|'(?:[^'\\]++|\\.)*+(?:'|\Z)|`(?:[^`\\]++|\\.)*+(?:`|\Z)"
    rb"|-[A-Za-z](?!\w)|<\$?\w*+>|<=>|\*\*=|\|\|=|&&=|//=|//|\.\.\.|\.\.|->|=>|==|!=|<=|>=|=~|!~|&&|\|\||\+\+|--|::|\*\*|<<|>>"
    rb"|[-+*/.%&|^x]=(?![=~])",
)  # fmt: skip
_PERL_UNCLEAR = re.compile(
    rb"^__(?:END|DATA)__|^format\b|<<~?(?:[ \t]*+[\"'`](?!\w++[\"'`])|[ \t]+[\"'])|<<[~\"'\w]++[^\n<]*+<<[~\"'A-Za-z_]",
    re.MULTILINE,
)


def _read_perl(text: bytes) -> Tokens | None:
    """Not where a slash may begin a regular expression."""
    if _PERL_UNCLEAR.search(text):
        return None
    documents: Tokens = []
    if b"<<" in text:
        cut = without_heredocs(text)
        if cut is None:
            return None
        text, documents = cut
    tokens = find_tokens(_PERL, text)
    for position, token in enumerate(tokens):
        if token[0] == 0x2F:
            before = tokens[position - 1] if position else b""
            if not (before in (b")", b"]") or before[:1] in (b"$", b"@") or before.isdigit()):
                return None
    return tokens + documents


READERS: dict[str, Callable[[bytes], Tokens | None]] = {"bash": _read_bash, "perl": _read_perl}
