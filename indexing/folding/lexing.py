"""Text to tokens, without comments and without the white space that means nothing.

One regular expression a family of languages: what may be skipped, then one token in the only group, so that `findall`
does the work. Two texts give the same tokens only if they say the same; a layout that carries meaning therefore becomes
tokens of its own (Python's logical lines and relative indentation, Go's line ends, JavaScript's restricted productions),
and whatever a regular expression cannot read for certain (JSX, C++ raw strings, nested f-strings) gives no tokens at all.

Bytes 0xFE and 0xFF never occur in UTF-8; the first marks tokens that the text does not hold, the second parts tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from indexing.folding.lexing_scanned import read_scanned
from indexing.possessive import re

MARK = b"\xfe"
INDENT = MARK + b"+"
DEDENT = MARK + b"-"
NEWLINE = MARK + b"n"
BETWEEN = MARK
"""No token of a text: stands between those of two functions."""
STRUCTURE = (INDENT, DEDENT, NEWLINE)

Tokens = list[bytes]

FLAGS = re.DOTALL
_NAME = rb"[A-Za-z_$\x80-\xff][\w$\x80-\xff]*+"
_NUMBER = rb"\.?\d(?:[eEpP][+-]\d|'(?=\w)|[\w.])*+"
DOUBLE = rb'"(?:[^"\\\n]++|\\.)*+"'
SINGLE = rb"'(?:[^'\\\n]++|\\.)*+'"
BLOCK_COMMENT = rb"/\*(?:[^*]++|\*(?!/))*+\*/"
_ASSIGNING = rb"[-+*/%&|^]="
_SHARED_OPERATORS = rb">>=|<<=|==|!=|<=|>=|<<|>>|" + _ASSIGNING
_PYTHON_OPERATORS = rb"\*\*=|//=|\*\*|//|@=|:=|->|\.\.\.|" + _SHARED_OPERATORS
_C_OPERATORS = rb"->|&&|\|\||\+\+|--|::|\.\.\.|" + _SHARED_OPERATORS
_JAVA_OPERATORS = rb">>>=|>>>|" + _C_OPERATORS
_GO_OPERATORS = rb"&\^=|&\^|:=|<-|&&|\|\||\+\+|--|\.\.\.|" + _SHARED_OPERATORS
_SCRIPT_OPERATORS = (
    rb">>>=|===|!==|\*\*=|>>>|&&=|\|\|=|\?\?=|\.\.\.|=>|&&|\|\||\+\+|--|\?\?|\?\.(?!\d)|\*\*|" + _SHARED_OPERATORS
)
"""Of each language its own: what is one operator in another (`x[::2]`, `x <-1`, `char **p`) are two in this."""

_PYTHON = re.compile(
    rb"(?:[ \t\f]++|\\\r?\n)*+"
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*+(?![\"'])"
    rb"|(?:(?:#[^\n]*+)?\r?\n[ \t\f]*+)++(?:#[^\n]*+\Z)?|#[^\n]*+"
    rb'|[A-Za-z]{0,2}(?:"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    rb"|'''(?:[^'\\]++|\\.|'(?!''))*+'''|" + DOUBLE + rb"|" + SINGLE + rb")"
    rb"|" + _NUMBER + rb"|" + _PYTHON_OPERATORS + rb"|[^ \t\f]|\Z)",
    FLAGS,
)  # fmt: skip

_IN_FIELD = rb"""[^{}"'\\()\[\]]|'[^'{}\\\n]*+'|"[^"{}\\\n]*+\""""
_BRACKETS = rb"\((?:" + _IN_FIELD + rb")*+\)|\[(?:" + _IN_FIELD + rb")*+\]"
for _ in range(3):
    _BRACKETS = rb"\((?:" + _IN_FIELD + rb"|" + _BRACKETS + rb")*+\)|\[(?:" + _IN_FIELD + rb"|" + _BRACKETS + rb")*+\]"
_FIELD = re.compile(rb"\{\{|\}\}|\{((?:(?![:!])(?:" + _IN_FIELD + rb")|" + _BRACKETS + rb")*+)(?:![rsa])?(?::[^{}]*)?\}|\{")
"""A field of a format string with its code in the group, where that has no braces and brackets to some depth alone."""

_C = re.compile(
    rb"(?:\s++|\\\r?\n|//(?:[^\n\\]++|\\\r?\n|\\)*+|" + BLOCK_COMMENT + rb")*+"
    rb"(" + _NAME + rb"|" + _NUMBER + rb"|" + DOUBLE + rb"|" + SINGLE
    # A preprocessor line means its line: it stays whole, continuation lines included.
    + rb"|#(?:[^\n\\]++|\\\r?\n|\\)*+|" + _C_OPERATORS + rb"|\S|\Z)",
    FLAGS,
)  # fmt: skip

_JAVA = re.compile(
    rb"(?:\s++|//[^\n]*+|" + BLOCK_COMMENT + rb")*+"
    rb"(" + _NAME + rb"|" + _NUMBER + rb'|"""(?:[^"\\]++|\\.|"(?!""))*+"""|' + DOUBLE + rb"|" + SINGLE
    + rb"|" + _JAVA_OPERATORS + rb"|\S|\Z)",
    FLAGS,
)  # fmt: skip

_GO = re.compile(
    rb"(?:[ \t\r]++|/\*(?:[^*\n]++|\*(?!/))*+\*/)*+"
    rb"((?:(?://[^\n]*+|" + BLOCK_COMMENT + rb"|[ \t\r])*+\n)++|//[^\n]*+|" + BLOCK_COMMENT
    + rb"|" + _NAME + rb"|" + _NUMBER + rb"|" + DOUBLE + rb"|" + SINGLE + rb"|`[^`]*+`|" + _GO_OPERATORS + rb"|\S|\Z)",
    FLAGS,
)  # fmt: skip

_SCRIPT_SKIP = rb"(?:\s++|//[^\n]*+|" + BLOCK_COMMENT + rb")*+"
_SCRIPT_TOKEN = (
    # A line end after these ends the statement (ECMAScript's restricted productions), so it is part of the token.
    rb"(?:(?:return|break|continue|throw|yield)(?![\w$\x80-\xff])|\+\+|--)"
    rb"(?:[ \t]|" + BLOCK_COMMENT + rb")*+(?://[^\n]*+)?\r?\n"
    rb"|#?" + _NAME + rb"|" + _NUMBER + rb"|" + DOUBLE + rb"|" + SINGLE
    + rb"|`(?:[^`\\$]++|\\.|\$(?!\{))*+`|" + _SCRIPT_OPERATORS + rb"|\S"
)  # fmt: skip
_SCRIPT = re.compile(_SCRIPT_SKIP + rb"(" + _SCRIPT_TOKEN + rb"|\Z)", FLAGS)
_SCRIPT_REGEX = re.compile(rb"/(?:[^/\\\[\n]++|\\[^\n]|\[(?:[^\]\\\n]++|\\[^\n])*+\])++/\w*+", FLAGS)
_SCRIPT_TEMPLATE = re.compile(rb"(?:[^`\\$]++|\\.|\$(?!\{))*+(`|\$\{)", FLAGS)
_BEFORE_REGEX = frozenset(
    b"( , = : [ ! & | ? { ; + - * % < > ~ ^ == === != !== <= >= && || ?? => ... += -= *= /= %= &= |= ^= ++ --".split()
    + b"return typeof case in of delete void throw new do else instanceof yield await".split()
)
_UNCLEAR_BEFORE_REGEX = frozenset((b")", b"}"))
_BEFORE_CONDITION = frozenset((b"if", b"while", b"for", b"with"))
_MOST_IN_PARENTHESES = 500
"""Tokens that are looked at for an opening parenthesis: each slash after a closing one does so."""
_BEFORE_MARKUP = _BEFORE_REGEX | {b"}", b"default", b"return\n", b"yield\n"}
_QUOTE_MARKS = frozenset((b"'", b'"', b"`"))
"""Tokens only where no string can be read."""
_SCRIPT_SPECIAL = frozenset((b"", b"/", b"/=", b"`", b"{", b"}"))
_RESTRICTED = re.compile(rb"[a-z]+|\+\+|--")

_HASH = ord("#")
_CONDITION = re.compile(rb"#\s?(?:el)?if\b")
_BLANK_BESIDE_SIGN = re.compile(rb" (?!\w)|(?<!\w) ")
_LINE_COMMENT = re.compile(rb"\\\r?\n|//(?:[^\n\\]++|\\\r?\n|\\)*+|" + BLOCK_COMMENT, FLAGS)
"""What is a blank in a preprocessor line: its comments, and where it goes on in the next line."""

_MAX_OPEN_COMMENTS = 50
"""Each `/*` that is never closed is looked for to the end of the text, so many of them would take quadratic time."""

_QUOTES = frozenset(b"\"'")
_LINE_ENDS = frozenset(b"#\r\n")
_FORMATTED = frozenset(b"fFrRtT")
"""What the prefix of a format string may begin with."""
_PYTHON_SPECIAL = _LINE_ENDS | _FORMATTED | frozenset(b"()[]{}")
"""First bytes of the tokens that need a second look."""
_OPENING = frozenset((b"(", b"[", b"{"))
_CLOSING = frozenset((b")", b"]", b"}"))
_GO_ENDS_STATEMENT = frozenset(b"break continue fallthrough return ++ -- ) ] }".split())
_GO_NEVER_ENDS = frozenset(
    b"case chan const default defer else for func go goto if import interface map package range select struct switch type"
    b" var".split()
)
_WORD_OR_LITERAL = (
    frozenset(b"\"'`_$.0123456789") | frozenset(range(ord("A"), ord("Z") + 1)) | frozenset(range(ord("a"), ord("z") + 1))
)


def tokenise(text: bytes, language: str) -> Tokens | None:
    """The tokens of `text`, or None where the language is unknown or the text cannot be read for certain.

    `text` is UTF-8; a definition may begin anywhere in its line. A token never holds the byte 0xFF.
    """
    read = _READERS.get(language)
    if b"\r\n" in text:
        text = text.replace(b"\r\n", b"\n")
    if text[text.rfind(b"*/") + 1 :].count(b"/*") > _MAX_OPEN_COMMENTS:
        return None
    read = read or _later_reader(language)
    return read(text) if read is not None else read_scanned(text, language)


@cache
def _later_reader(language: str) -> Callable[[bytes], Tokens | None] | None:
    """The reader of a language that a module of its own has: to compile its expressions takes a twentieth of a second."""
    match language:
        case "csharp" | "rust" | "zig" | "php" | "lua":
            from indexing.folding.lexing_braces import READERS
        case "kotlin" | "swift" | "ruby" | "elixir":
            from indexing.folding.lexing_lines import READERS
        case "haskell" | "scala":
            from indexing.folding.lexing_layout import READERS
        case "bash" | "perl":
            from indexing.folding.lexing_scripts import READERS
        case _:
            return None
    return READERS[language]


def token_expression(skip: bytes, token: bytes) -> re.Pattern[bytes]:
    """An expression for `find_tokens`: `skip`, any number of times, then `token`, else one byte that is no white space."""
    return re.compile(rb"(?:" + skip + rb")*+(" + token + rb"|\S|\Z)", FLAGS)


def find_tokens(expression: re.Pattern[bytes], text: bytes) -> Tokens:
    """The matches; each expression matches the end of the text as well, so that what is skipped there is skipped at once."""
    found = expression.findall(text)
    while found and not found[-1]:
        found.pop()
    return found


def _read_python(text: bytes) -> Tokens | None:
    """Logical lines, each ended by NEWLINE, with INDENT and DEDENT between them; documentation strings are comments."""
    tokens: Tokens = []
    line: Tokens = []
    levels: list[int | None] = [None]  # the first line's own indentation need not be part of the text
    width: int | None = None
    depth = 0
    for token in find_tokens(_PYTHON, text):
        first = token[0]
        if first not in _PYTHON_SPECIAL:
            line.append(token)
            continue
        if first in _LINE_ENDS:
            if depth == 0:
                if line:
                    _put_line(tokens, line, width, levels)
                    line = []
                width = len(token[token.rfind(b"\n") + 1 :].expandtabs(8))
            continue
        if token in _OPENING:
            depth += 1
        elif token in _CLOSING:
            depth -= 1
            if depth < 0:
                return None  # the end of something that began elsewhere: which lines are logical cannot be told
        elif token[-1] in _QUOTES and b"{" in token and is_format_string(token):
            if token.count(b"{") != token.count(b"}"):
                return None  # an f-string with the same quotes inside (PEP 701)
            line += _split_format_string(token) or [token]
            continue
        line.append(token)
    if depth:
        return None
    if line:
        _put_line(tokens, line, width, levels)
    return tokens


def is_format_string(token: bytes) -> bool:
    """Whether a string literal has the prefix `f` or `t`, whose braces hold code."""
    return token[0] in _FORMATTED and (token[0] in b"fFtT" or token[1] in b"fFtT")


def _split_format_string(token: bytes) -> Tokens | None:
    """`f"a {b!r} c"` as `f"a {`, `b`, `}!r} c"`, or None where it holds more than plain fields."""
    pieces: Tokens = []
    start, closing = 0, b""
    for field in _FIELD.finditer(token):
        code = field[1]
        if field[0] in (b"{{", b"}}"):
            continue
        if code is None or not code.strip() or code.rstrip().endswith(b"="):
            return None  # a field within a field, or one that prints its own code
        pieces.append(closing + token[start : field.start(1)])
        pieces += find_tokens(_PYTHON, code)
        start = field.end(1)
        closing = b"" if token[start : start + 1] == b"}" else b"}"
    if not pieces or b"\\N{" in token or any(piece[0] in _LINE_ENDS for piece in pieces):
        return None
    return [*pieces, closing + token[start:]]


def _put_line(tokens: Tokens, line: Tokens, width: int | None, levels: list[int | None]) -> None:
    """Append one logical line after the change of indentation that leads to it."""
    if width is not None:
        opens = len(tokens) > 1 and tokens[-1] is NEWLINE and tokens[-2] == b":"
        while not opens and len(levels) > 1 and (top := levels[-1]) is not None and width < top:
            levels.pop()
            tokens.append(DEDENT)
        top = levels[-1]
        if opens or (top is not None and width > top):
            levels.append(width)
            tokens.append(INDENT)
        elif top is None:
            levels[-1] = width
    if len(line) == 1 and line[0][-1] in _QUOTES and not is_format_string(line[0]):
        return
    tokens += line
    tokens.append(NEWLINE)


def _read_c(text: bytes) -> Tokens | None:
    if b'R"' in text:
        return None  # perhaps a raw string of C++, whose end no simple expression finds
    tokens = find_tokens(_C, text)
    return [_directive(token) if token[0] == _HASH else token for token in tokens] if b"#" in text else tokens


def _directive(token: bytes) -> bytes:
    """A preprocessor line without its comments, every run of blanks one: whether there are any may matter, in a condition
    between words alone. One with a quote stays as it is, but for its end."""
    if b'"' in token or b"'" in token:
        return token.rstrip()
    line = b" ".join(_LINE_COMMENT.sub(b" ", token).split())
    return _BLANK_BESIDE_SIGN.sub(b"", line) if _CONDITION.match(line) else line


def _read_java(text: bytes) -> Tokens | None:
    return find_tokens(_JAVA, text)


def _read_go(text: bytes) -> Tokens | None:
    """With the semicolons that the language specification inserts at line ends, without those it lets one leave out."""
    tokens: Tokens = []
    for token in find_tokens(_GO, text):
        if token[-1] == 0x0A or token.startswith((b"//", b"/*")):
            if tokens and b"\n" in token and _ends_go_statement(tokens[-1]):
                tokens.append(b";")
            continue
        if token in (b")", b"}") and tokens and tokens[-1] == b";":
            tokens.pop()
        tokens.append(token)
    if tokens and tokens[-1] == b";":
        tokens.pop()
    return tokens


def _ends_go_statement(token: bytes) -> bool:
    if token in _GO_ENDS_STATEMENT:
        return True
    return (token[0] in _WORD_OR_LITERAL or token[0] >= 0x80) and token not in _GO_NEVER_ENDS and token != b"..."


def _read_script(text: bytes) -> Tokens | None:
    tokens: Tokens | None = find_tokens(_SCRIPT, text)
    if tokens and not _is_plain_script(tokens):
        tokens = _scan_script(text)
    if tokens is None:
        return None
    return [token if token[-1] != 0x0A else _restricted(token) for token in tokens]


def _is_plain_script(tokens: Tokens) -> bool:
    """Whether there are no templates, and every slash can only be a division."""
    if b"`" in tokens:
        return False
    if b"/" not in tokens and b"/=" not in tokens:
        return True
    places = [position for position, token in enumerate(tokens) if token in (b"/", b"/=")]
    before = {tokens[position - 1] for position in places}
    return places[0] > 0 and before.isdisjoint(_BEFORE_REGEX) and before.isdisjoint(_UNCLEAR_BEFORE_REGEX)


def _restricted(token: bytes) -> bytes:
    found = _RESTRICTED.match(token)
    return (found[0] if found else token.rstrip()) + b"\n"


def _read_script_with_markup(text: bytes) -> Tokens | None:
    tokens = _read_script(text)
    if tokens is None or (b"</" not in text and b"/>" not in text):
        return tokens
    # Perhaps JSX, whose text is neither code nor comment. It begins with `<` where an expression may begin, and up to there
    # all tokens are right.
    previous = b"("
    for token in tokens:
        if token == b"<" and previous in _BEFORE_MARKUP:
            return None
        previous = token
    return None if _QUOTE_MARKS.intersection(tokens) else tokens


def _scan_script(text: bytes) -> Tokens | None:
    """JavaScript with regular expressions or templates in it: what a slash or a brace means depends on what came before."""
    tokens: Tokens = []
    templates: list[int] = []  # for each template around here, the braces open inside of its `${`
    previous = b""
    position = 0
    while position >= 0:
        begin, position = position, -1
        for found in _SCRIPT.finditer(text, begin):
            token: bytes = found[1]
            if token not in _SCRIPT_SPECIAL:
                tokens.append(token)
                previous = token
                continue
            if not token:
                break
            start = found.start(1)
            piece: re.Match[bytes] | None = None
            if token in (b"/", b"/="):
                if not previous or previous in _BEFORE_REGEX:
                    piece = _SCRIPT_REGEX.match(text, start)
                    if not piece:
                        return None
                elif previous in _UNCLEAR_BEFORE_REGEX and (read := _SCRIPT_REGEX.match(text, start)):
                    ends = _ends_condition(tokens) if previous == b")" else None
                    if ends is None:
                        return None
                    piece = read if ends else None
            elif token == b"`" or (token == b"}" and templates and templates[-1] == 0):
                piece = _SCRIPT_TEMPLATE.match(text, start + 1)
                if not piece:
                    return None
                if token == b"}":
                    templates.pop()
                if piece[1] == b"${":
                    templates.append(0)
            elif templates and token in (b"{", b"}"):
                templates[-1] += 1 if token == b"{" else -1
            if piece:
                position = piece.end()
                token = text[start:position]
            tokens.append(token)
            previous = b"{" if token.endswith(b"${") else token
            if piece:
                break  # what follows begins behind the piece
    return tokens


def _ends_condition(tokens: Tokens) -> bool | None:
    """Whether the parenthesis at the end closes the condition of a statement, after which an expression may begin, or an
    operand; None where that cannot be told, or not within MOST_IN_PARENTHESES tokens."""
    depth = 0
    for position in range(len(tokens) - 1, max(-1, len(tokens) - 1 - _MOST_IN_PARENTHESES), -1):
        token = tokens[position]
        depth += (token == b")") - (token == b"(")
        if not depth:
            before, around = ([b"", b"", *tokens[max(0, position - 2) : position]])[-1:-3:-1]
            if before == b"await":
                return None
            return before in _BEFORE_CONDITION and around not in (b".", b"?.")
    return None


_READERS: dict[str, Callable[[bytes], Tokens | None]] = {
    "python": _read_python,
    "c": _read_c,
    "cpp": _read_c,
    "objective-c": _read_c,
    "java": _read_java,
    "go": _read_go,
    "javascript": _read_script_with_markup,
    "jsx": _read_script_with_markup,
    "tsx": _read_script_with_markup,
    "typescript": _read_script,
}
