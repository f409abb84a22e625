"""Tokens of C#, Rust, Zig, PHP and Lua, where a line end means what a blank does."""

from __future__ import annotations

from collections.abc import Callable

from indexing.folding.lexing import BLOCK_COMMENT, DOUBLE, Tokens, find_tokens, token_expression
from indexing.folding.lexing_parts import CHARACTER, LINE_COMMENT, NAME, NUMBER, REST, hole, nested_comment

_SHARED_OPERATORS = rb"<<=|==|!=|<=|>=|=>|->|&&|\|\||<<|\.\.\.|\.\.=|\.\.|::|\?\?=|\?\?|\?\.|\+\+|--|\*\*|[-+*/%&|^]="

_CSHARP_HOLE = hole(rb"\{(?!\{)", rb"@?" + DOUBLE + rb"|" + CHARACTER)
_CSHARP_DEEP_HOLE = hole(
    rb"\{(?!\{)", rb'\$"(?:[^"\\\n{}]++|\\.|\{\{|\}\}|' + _CSHARP_HOLE + rb')*+"|@?' + DOUBLE + rb"|" + CHARACTER
)
_CSHARP = token_expression(
    rb"\s++|" + LINE_COMMENT + rb"|" + BLOCK_COMMENT,
    # A line of the preprocessor means its line.
    rb"#[^\n]*+|@?" + NAME + rb"|" + NUMBER
    + rb'|@"(?:[^"]++|"")*+"|\$"(?:[^"\\\n{}]++|\\.|\{\{|\}\}|' + _CSHARP_DEEP_HOLE + rb')*+"'
    + rb'|(?:\$@|@\$)"(?:[^"{}]++|""|\{\{|\}\}|' + _CSHARP_DEEP_HOLE + rb')*+"'
    + rb'|[$@]++".*+|' + DOUBLE + rb"|" + CHARACTER + rb"|" + REST + rb"|" + _SHARED_OPERATORS,
)  # fmt: skip

_RUST = token_expression(
    rb"\s++|" + LINE_COMMENT + rb"|" + nested_comment(b"/*", b"*/"),
    rb'[bc]?r"[^"]*+(?:"|\Z)|[bc]?r#"(?:[^"]++|"(?!#))*+(?:"#|\Z)|[bc]?r##"(?:[^"]++|"(?!##))*+(?:"##|\Z)'
    rb'|[bc]?r###++".*+|[bc]?"(?:[^"\\]++|\\.)*+(?:"|\Z)|b?' + CHARACTER
    + rb"|'[A-Za-z_][\w\x80-\xff]*+|(?:r#)?" + NAME + rb"|" + NUMBER
    + rb"|" + REST + rb"|>>=|" + _SHARED_OPERATORS,
)  # fmt: skip

_ZIG = token_expression(
    rb"\s++|" + LINE_COMMENT,
    rb'@"(?:[^"\\\n]++|\\.)*+"|@?' + NAME + rb"|" + NUMBER + rb"|\\\\[^\r\n]*+|" + DOUBLE + rb"|" + CHARACTER + rb"|" + REST
    + rb"|\+%=|-%=|\*%=|\+\|=|-\|=|\*\|=|<<\|=|<<\||\+%|-%|\*%|\+\||-\||\*\||\.\*|\.\?|>>=|>>|" + _SHARED_OPERATORS,
)  # fmt: skip

_PHP_HOLE = hole(rb"(?:\{(?=\$)|\$\{)", rb"'(?:[^'\\]++|\\.)*+'|" + rb'"[^"\\$]*+"')
_PHP = token_expression(
    rb"\s++|(?://|#(?!\[))[^\n]*+|" + BLOCK_COMMENT,
    rb"\$?" + NAME + rb"|" + NUMBER + rb"|'(?:[^'\\]++|\\.)*+(?:'|\Z)"
    + rb'|"(?:[^"\\{$]++|\\.|\{(?!\$)|\$(?!\{)|' + _PHP_HOLE + rb')*+"|`[^`$\\]*+`|' + REST
    + rb"|#\[|\?->|<=>|===|!==|<>|\.=|\*\*=|>>=|>>|" + _SHARED_OPERATORS,
)  # fmt: skip

_LUA_LONG = rb"\[\[(?:[^\]]++|\](?!\]))*+(?:\]\]|\Z)|\[=\[(?:[^\]]++|\](?!=\]))*+(?:\]=\]|\Z)"
_LUA = token_expression(
    rb"\s++|--(?:" + _LUA_LONG + rb"|(?!\[=*+\[)[^\n]*+)",
    rb"--.*+|\[==++\[.*+|" + _LUA_LONG + rb"|" + NAME + rb"|" + NUMBER
    + rb"|\"(?:[^\"\\\n]++|\\z\s*+|\\.)*+\"|'(?:[^'\\\n]++|\\z\s*+|\\.)*+'|[\"'].*+|\.\.\.|\.\.|==|~=|<=|>=|//|::|<<|>>",
)  # fmt: skip


def _read_csharp(text: bytes) -> Tokens | None:
    return None if b'"""' in text else find_tokens(_CSHARP, text)


def _read_rust(text: bytes) -> Tokens | None:
    return find_tokens(_RUST, text)


def _read_zig(text: bytes) -> Tokens | None:
    return find_tokens(_ZIG, text)


def _read_php(text: bytes) -> Tokens | None:
    """Not where it leaves PHP for the text around, or holds a text up to a word that it names."""
    return None if b"?>" in text or b"<<<" in text else find_tokens(_PHP, text)


def _read_lua(text: bytes) -> Tokens | None:
    return find_tokens(_LUA, text)


READERS: dict[str, Callable[[bytes], Tokens | None]] = {
    "csharp": _read_csharp,
    "rust": _read_rust,
    "zig": _read_zig,
    "php": _read_php,
    "lua": _read_lua,
}
