"""Who may use a definition, as its language says it: told from its signature, its name and the text around it.

A signature holds the modifiers of most languages; what it does not (`export` before a function, `export { a }` at the end of
a module, annotations in the lines above the name) is read from the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.graph.conventions import SPECIAL
from core.model.symbol import Symbol, SymbolKind

_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_C_LIKE = frozenset({"c", "cpp", "objective-c"})
_DEFAULT_PUBLIC = frozenset({"kotlin", "scala", "php"})
"""Languages in which what says nothing is seen by all."""
_PUBLIC = re.compile(r"\b(?:public|protected|open)\b")
_PRIVATE = re.compile(r"\b(?:private|fileprivate|internal)\b")
_RUST_PUBLIC = re.compile(r"\bpub\b(?!\s*\()")
_EXPORTS = re.compile(r"export\s*(?:type\s*)?\{([^}]{0,20000})\}|(?:module\.)?exports\s*=\s*\{([^}]{0,20000})\}")
_EXPORTED_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_EXPORTS_ONE = re.compile(
    r"(?:module\.)?exports(?:\.[\w$]+)*\s*=\s*(?:async\s+)?(?:new\s+)?([A-Za-z_$][\w$]*)|export\s+default\s+([A-Za-z_$][\w$]*)"
)
_STATEMENT = re.compile(r"(?:.*[;{}])?\s*(?:export\s+(?:default\s+)?)?(?:async\s+)?")
_MARK = re.compile(r"@[\w.$]+(?:\([^\n]*)?|#!?\[[^\n]*|\[[A-Z][\w.]*(?:\([^\n]*)?\]?")
_MARK_NAME = re.compile(r"@[\w.$]+")
_ATTRIBUTE = re.compile(r"\[[A-Z]\w*")
_EXPORTED = re.compile(r"\s*(?:export\b|(?:module\.)?exports\b)")
_MOST_MARKS, _MOST_LINES = 20, 60


def is_special(symbol: Symbol) -> bool:
    """Whether the language or its library calls a method of that name by itself."""
    name = symbol.name
    if symbol.kind is SymbolKind.CONSTRUCTOR or name.startswith(("operator", "~")):
        return True
    if name.startswith("__") and (name.endswith("__") or symbol.language == "php"):
        return True
    return name in SPECIAL.get(symbol.language, ())


class FileText:
    """The text of a file, looked at around its definitions."""

    def __init__(self, text: str, language: str) -> None:
        self.lines = text.split("\n")
        self._language = language
        self._exported = _exported_names(text) if language in _SCRIPTS else frozenset()

    def marks(self, symbol: Symbol) -> tuple[str, ...]:
        """The decorators, annotations or attributes of a definition, one line of each as it is written."""
        found: list[str] = []
        first = symbol.start_line - 1
        above = first - 1
        while above >= 0 and first - above <= _MOST_MARKS and _is_mark(self.lines[above].strip()):
            found.insert(0, self.lines[above].strip())
            above -= 1
        for line in self.lines[first : min(symbol.end_line, first + _MOST_LINES)]:
            bare = line.strip()
            is_mark = _is_mark(bare)
            if is_mark:
                found.append(bare)
                if word_at(_MARK.sub("", bare), symbol.name) >= 0:
                    break
            elif bare.endswith(("{", ";", ":")) or word_at(bare, symbol.name) >= 0:
                break
        return tuple(found)

    def head(self, symbol: Symbol) -> str:
        """The lines of a definition as far as that of its name, without what follows the name there."""
        found: list[str] = []
        for line in self.lines[symbol.start_line - 1 : min(symbol.end_line, symbol.start_line + _MOST_MARKS)]:
            bare = line.strip()
            if _is_mark(bare):
                bare = _MARK.sub("", bare)
            at = word_at(bare, symbol.name)
            if at >= 0:
                return " ".join([*found, bare[:at]])
            found.append(bare)
        return ""

    def is_exported(self, symbol: Symbol) -> bool:
        """Whether a script hands the definition out."""
        line = self.lines[symbol.start_line - 1] if symbol.start_line <= len(self.lines) else ""
        return symbol.name in self._exported or _EXPORTED.match(line) is not None

    def is_expression(self, symbol: Symbol) -> bool:
        """Whether a function of a script is defined where it is handed on: `call(function done() {})`."""
        if self._language not in _SCRIPTS or symbol.start_line > len(self.lines):
            return False
        line = self.lines[symbol.start_line - 1]
        if "function" not in line:
            return False
        head = re.search(rf"\bfunction\s*\*?\s*{re.escape(symbol.name)}\b", line)
        return head is not None and not _STATEMENT.fullmatch(line[: head.start()])

    def trait_of(self, symbol: Symbol) -> str:
        """The head of the `impl … for …` that a method of Rust stands in; empty for any other."""
        for line in reversed(self.lines[max(0, symbol.start_line - 2_000) : symbol.start_line - 1]):
            if line.startswith(("impl", "unsafe impl")) or re.match(r"\s+(?:unsafe\s+)?impl\b", line):
                return line.strip().rstrip("{").strip() if re.search(r"\bfor\s+[^<]", line) else ""
        return ""


def word_at(text: str, word: str, start: int = 0) -> int:
    """Where `word` stands in `text` as such, -1 for nowhere: what `re` finds as `\\bword\\b`. It is asked for a hundred
    thousand words, each of which would be compiled."""
    at = text.find(word, start)
    while at >= 0:
        if _is_boundary(text, at) and _is_boundary(text, at + len(word)):
            return at
        at = text.find(word, at + 1)
    return -1


def _is_boundary(text: str, at: int) -> bool:
    return (at > 0 and is_of_word(text[at - 1])) != (at < len(text) and is_of_word(text[at]))


def is_of_word(char: str) -> bool:
    """What `re` finds as `\\w`."""
    return char.isalnum() or char == "_"


def _is_mark(bare: str) -> bool:
    return bare.startswith(("@", "#[")) or (bare.startswith("[") and _ATTRIBUTE.match(bare) is not None)


def _exported_names(text: str) -> frozenset[str]:
    names: set[str] = set()
    for match in _EXPORTS.finditer(text):
        names.update(_EXPORTED_NAME.findall(match[1] or match[2] or ""))
    for match in _EXPORTS_ONE.finditer(text):
        names.update(filter(None, match.groups()))
    return frozenset(names)


def is_public(symbol: Symbol, around: Sequence[Symbol], text: FileText | None) -> bool:
    """Whether code beyond the source may use it. `around` are the definitions it lies in, the innermost first and the module
    last; `text` is needed for scripts alone."""
    language, signature = symbol.language, symbol.signature
    if language == "python":
        names = symbol.qualified_name.split(".")
        return not any(name.startswith("_") and not name.endswith("__") for name in names)
    if language == "go":
        package = around[-1].signature if around else ""
        return symbol.name[:1].isupper() and "internal" not in symbol.path.split("/") and package != "package main"
    if language == "rust":
        inherited = around[0].signature if around and around[0].kind is SymbolKind.INTERFACE else ""
        return bool(_RUST_PUBLIC.search(signature) or _RUST_PUBLIC.search(inherited))
    if language in _C_LIKE:
        return "static" not in signature.split()
    if language in _SCRIPTS:
        outer = [one for one in around if one.kind is not SymbolKind.MODULE]
        if (outer and symbol.name.startswith(("#", "_"))) or _PRIVATE.search(signature):
            return False
        return text is not None and text.is_exported(outer[-1] if outer else symbol)
    if language in {"java", "csharp", "swift", "kotlin", "scala", "php"}:
        if text is not None:  # annotations may take all the room of a signature
            signature = f"{signature} {text.head(symbol)}"
        signature = _MARK_NAME.sub("", signature)
        if _PRIVATE.search(signature):
            return False
        if around and around[0].kind is SymbolKind.INTERFACE:
            return is_public(around[0], around[1:], text)
        return language in _DEFAULT_PUBLIC or bool(_PUBLIC.search(signature))
    return not symbol.name.startswith("_")
