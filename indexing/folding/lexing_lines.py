"""Tokens of Kotlin, Swift, Ruby and Elixir, where a line end may end a statement.

Every run of line ends is one token, but next to a comma or on the inner side of a bracket. In Swift, Ruby and Elixir the
blanks beside an operator may tell what it is (`f -1` and `f - 1`), so they are part of its token.
"""

from __future__ import annotations

from collections.abc import Callable

from indexing.folding.lexing import MARK, NEWLINE, Tokens, find_tokens, token_expression
from indexing.folding.lexing_parts import (
    CHARACTER,
    LINE_COMMENT,
    NAME,
    NEWLINE_SKIP,
    NUMBER,
    ONE_LINE_BLOCK,
    REST,
    bracketed,
    hole,
    nested_comment,
)
from indexing.possessive import re

_NESTED = nested_comment(b"/*", b"*/")
_MAX_DOCUMENTS = 50
_OPENING = frozenset((b"(", b"[", b"{", b",", b" (", b" ["))
_CLOSING = frozenset((b")", b"]", b"}"))

_OPERATOR_BYTES = b"-+*=<>!&|^~%?:/. "
_DIVISIONS = frozenset((b" / ", b" /= ", b"/="))
_BEFORE_OPERAND = frozenset(b"when if unless elsif and or not return while until in then else do puts case try".split())
_EVEN = {
    b" " + operator + b" ": operator
    for operator in b"+ - * / % = == != && || += -= *= /= <= >= ?? -> ... ..< === !==".split()
}
"""Swift reads an operator with blanks on both sides as one with none; `?`, `!`, `<` and `>` mean more than one thing."""

_KOTLIN_HOLE = hole(rb"\$\{", rb'"(?:[^"\\\n$]++|\\.|\$(?!\{))*+"|' + CHARACTER)
_KOTLIN_DEEP_HOLE = hole(rb"\$\{", rb'"(?:[^"\\\n$]++|\\.|\$(?!\{)|' + _KOTLIN_HOLE + rb')*+"|' + CHARACTER)
_KOTLIN = token_expression(
    rb"[ \t\r\f]++|" + LINE_COMMENT + rb"|" + ONE_LINE_BLOCK,
    rb"\n(?:\s++|" + LINE_COMMENT + rb"|" + _NESTED + rb")*+|" + _NESTED
    + rb"|" + NAME + rb"(?:@(?:\w++)?)?|`[^`\n]++`|" + NUMBER
    + rb'|"""(?:[^"$]++|"(?!"")|\$(?!\{)|' + _KOTLIN_DEEP_HOLE + rb')*+"""++'
    + rb'|""".*+|"(?:[^"\\\n$]++|\\.|\$(?!\{)|' + _KOTLIN_DEEP_HOLE + rb')*+"|' + CHARACTER + rb"|" + REST
    + rb"|===|!==|==|!=|<=|>=|->|&&|\|\||\+\+|--|\?:|\?\.|!!|::|\.\.<|\.\.|[-+*/%]=",
)  # fmt: skip

_SWIFT_HOLE = hole(rb"\\\(", rb'"(?:[^"\\\n]++|\\[^(\n])*+"', b"()")
_SWIFT_OPERATOR = rb"(?:[-+*=<>!&|^~%?.]|/(?![/*]))++"
_SWIFT = token_expression(
    rb"[ \t\r\f]++(?![-+*=<>!&|^~%?./])|[ \t\r\f]++(?=//)|" + LINE_COMMENT,
    rb"\n(?:\s++|" + LINE_COMMENT + rb"|" + _NESTED + rb")*+|[ \t]*+" + _NESTED
    + rb"|[@#$]?" + NAME + rb"|`[^`\n]++`|\$?" + NUMBER
    + rb'|"""(?:[^"\\]++|"(?!"")|\\[^(]|' + _SWIFT_HOLE + rb')*+"""'
    + rb'|""".*+|"(?:[^"\\\n]++|\\[^(\n]|' + _SWIFT_HOLE + rb')*+"|[\"`].*+|[ \t]*+/\*.*+'
    + rb"|[ \t]*+" + _SWIFT_OPERATOR + rb"[ \t]*+",
)  # fmt: skip

_RUBY_HOLE = hole(rb"#\{", rb'"(?:[^"\\#\n]++|\\.|#(?!\{))*+"|' + rb"'(?:[^'\\\n]++|\\.)*+'")
_RUBY_TEXT = rb"\\.|#(?!\{)|" + _RUBY_HOLE
_RUBY_OPERATOR = rb"(?:[-+*=<>!&|^~%?:/]++|\.\.\.?|&?\.)"
_RUBY = token_expression(
    NEWLINE_SKIP.replace(b"++", b"++(?![-+*=<>!&|^~%?:/.(\\[{])") + rb"|[ \t]*+#[^\n]*+",
    rb"\n(?:\s++|#[^\n]*+)*+"
    # Behind an operator or a word that wants an operand a slash begins a regular expression.
    rb"|(?:[ \t]*+(?:[=!]~|[(,\[{]|\|\||&&|=>?)|\b(?:when|if|unless|elsif|and|or|not|return|while|until)\b)[ \t]*+"
    rb"/(?:[^/\\\n#]++|\\[^\n]|#(?!\{))++/[a-z]*+"
    # `a?` and `a!` are names, `a:` is a key; what a `?` or `:` means otherwise hangs on the blanks beside it.
    + rb"|(?:@@?|\$)?" + NAME + rb"(?:[?!](?![=~]|\w))?(?::(?![:\w\"']))?|\$[^\w\s]|" + NUMBER
    + rb'|"(?:[^"\\#]++|' + _RUBY_TEXT + rb')*+":?' + rb"|'(?:[^'\\]++|\\.)*+':?|`(?:[^`\\#]++|" + _RUBY_TEXT + rb")*+`"
    + rb"|[ \t]*+%[qwiQWIrsx]?(?:" + bracketed(b"(", b")") + rb"|" + bracketed(b"[", b"]") + rb"|" + bracketed(b"{", b"}")
    + rb")\w*+|[ \t]*+%[qwiQWIrsx][^\w\s].*+|[\"'`].*+"
    + rb"|[ \t]*+" + _RUBY_OPERATOR + rb"[ \t]*+|[ \t]*+[(\[{]",
)  # fmt: skip
_RUBY_UNCLEAR = re.compile(
    rb"^=begin\b|^__END__\b|[\s(,]\?[^\s\w]|<<[~-][\"'`](?![A-Za-z_]\w*[\"'`])"
    rb"|<<[~-]?[\"'`]?[A-Za-z_]\w*+[^\n<]*+(?:<(?!<)[^\n<]*+)*+<<[~-]?[\"'`]?[A-Za-z_]",
    re.MULTILINE,
)
"""Comments of many lines, characters, and two here-documents that begin on one line."""
_HEREDOC = re.compile(rb"<<(~|-|)([\"'`]?)([A-Za-z_]\w*+)\2(?=[^\n]*\n)")

_ELIXIR_HOLE = hole(rb"#\{", rb'"(?:[^"\\#\n]++|\\.|#(?!\{))*+"|' + rb"'(?:[^'\\\n]++|\\.)*+'")
_ELIXIR_TEXT = rb"\\.|#(?!\{)|" + _ELIXIR_HOLE


def _elixir_sigils() -> bytes:
    found: list[bytes] = []
    for opening, closing in (b"//", b"||", b'""', b"''", b"()", b"[]", b"{}", b"<>"):
        begin, end = rb"\%c" % opening, rb"\%c" % closing
        found.append(rb"~[a-z]" + begin + rb"(?:[^\\#" + end + rb"]++|" + _ELIXIR_TEXT + rb")*+" + end + rb"\w*+")
        found.append(rb"~[A-Z]++" + begin + rb"(?:[^\\" + end + rb"]++|\\(?!\\).)*+" + end + rb"\w*+")
    for quotes in (rb'"', rb"'"):
        inside = rb"(?:[^\\" + quotes + rb"]++|\\.|" + quotes + rb"(?!" + quotes * 2 + rb"))*+"
        found.insert(0, rb"~[a-zA-Z]++" + quotes * 3 + inside + rb"(?:" + quotes * 3 + rb"|\Z)\w*+")
    return b"|".join(found)


_ELIXIR = token_expression(
    rb"[ \t\r\f]++(?![-+*=<>!&|^~/:.(\[{@\\?%])|[ \t]*+#[^\n]*+",
    rb"\n(?:\s++|#[^\n]*+)*+"
    rb"|" + NAME + rb"[?!]?(?::(?![:\w\"']))?|" + NUMBER
    + rb'|"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)' + rb"|'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)"
    + rb'|"(?:[^"\\#]++|' + _ELIXIR_TEXT + rb')*+":?' + rb"|'(?:[^'\\#]++|" + _ELIXIR_TEXT + rb")*+':?"
    + rb"|[ \t]*+(?:" + _elixir_sigils() + rb"|~[a-zA-Z].*+)"
    + rb"|[ \t]*+\?(?:\\.|[^\s\\])|[\"'`].*+|[ \t]*+:" + NAME + rb"[?!]?"
    + rb"|[ \t]*+(?:(?:[-+*=<>!&|^/:@\\%]|~(?![A-Za-z]))++|\.++)[ \t]*+|[ \t]*+[(\[{]",
)  # fmt: skip


def _with_lines(tokens: Tokens) -> Tokens:
    """Runs of line ends as NEWLINE, without those that mean nothing, and blanks beside operators as one each."""
    found: Tokens = []
    before = b"("
    for read in tokens:
        token, first = read, read[0]
        if first == 0x0A:
            if before in _OPENING or before is NEWLINE:
                continue
            token = NEWLINE
        elif token in _CLOSING:
            if before is NEWLINE:
                found.pop()
        elif first <= 0x20 or token[-1] <= 0x20:
            inside = token.strip()
            left = b" " if first <= 0x20 and before not in _OPENING and before is not NEWLINE else b""
            token = left + inside + (b" " if token[-1] <= 0x20 else b"")
        found.append(token)
        before = token
    while found and found[-1] is NEWLINE:
        found.pop()
    return found


def _read_kotlin(text: bytes) -> Tokens | None:
    """Not with a comment of many lines between code and code."""
    tokens = find_tokens(_KOTLIN, text)
    if b"/*" in text:
        cleared = _without_comments(tokens)
        if cleared is None:
            return None
        tokens = cleared
    return _with_lines(tokens)


def _without_comments(tokens: Tokens) -> Tokens | None:
    """Without comments of several lines; none may stand between code and code."""
    found: Tokens = []
    for position, token in enumerate(tokens):
        if token.lstrip(b" \t")[:2] != b"/*":
            found.append(token)
        elif found and found[-1][0] != 0x0A and tokens[position + 1 : position + 2] and tokens[position + 1][0] != 0x0A:
            return None
    return found


def _read_swift(text: bytes) -> Tokens | None:
    """Not with raw strings or what may be a regular expression."""
    if b'#"' in text or b"#/" in text or text.count(b'"""') % 2:
        return None
    tokens = find_tokens(_SWIFT, text)
    if b"/*" in text:
        cleared = _without_comments(tokens)
        if cleared is None:
            return None
        tokens = cleared
    tokens = [_EVEN.get(token, token) for token in _with_lines(tokens)]
    return tokens if b"/" not in text or _only_divides(tokens) else None


def _read_ruby(text: bytes) -> Tokens | None:
    """Not where a slash may begin a regular expression; the text of a here-document is one token."""
    if _RUBY_UNCLEAR.search(text):
        return None
    documents: Tokens = []
    if b"<<" in text:
        cut = without_heredocs(text)
        if cut is None:
            return None
        text, documents = cut
    tokens = _with_lines(find_tokens(_RUBY, text))
    return tokens + documents if b"/" not in text or _only_divides(tokens) else None


def _only_divides(tokens: Tokens) -> bool:
    """Whether no slash may begin a regular expression: each has blanks on both sides, or an operand right before it."""
    for position, token in enumerate(tokens):
        if b"/" in token and not token.strip(_OPERATOR_BYTES) and token not in _DIVISIONS:
            before = tokens[position - 1] if position else b""
            if token[0] == 0x20 or not (before[-1:].isalnum() or before in (b")", b"]")) or before in _BEFORE_OPERAND:
                return False
    return True


def without_heredocs(text: bytes) -> tuple[bytes, Tokens] | None:
    """`text` without the lines of its here-documents, and these; None where one has no end (or is none)."""
    kept: list[bytes] = []
    documents: Tokens = []
    position = 0
    while found := _HEREDOC.search(text, position):
        line_end = text.find(b"\n", found.end())
        indented = rb"[ \t]*+" if found[1] else b""
        end = re.compile(rb"^" + indented + found[3] + rb"\r?$", re.MULTILINE).search(text, line_end + 1)
        if end is None:
            return None
        kept.append(text[position:line_end])
        documents.append(MARK + b"h" + text[line_end + 1 : end.start()] + found[3])
        position = end.end()
        if len(documents) > _MAX_DOCUMENTS:
            return None
    kept.append(text[position:])
    return b"".join(kept), documents


def _read_elixir(text: bytes) -> Tokens | None:
    """Not a part of a documentation string."""
    return None if text.count(b'"""') % 2 else _with_lines(find_tokens(_ELIXIR, text))


READERS: dict[str, Callable[[bytes], Tokens | None]] = {
    "kotlin": _read_kotlin,
    "swift": _read_swift,
    "ruby": _read_ruby,
    "elixir": _read_elixir,
}
