"""Ignore rules with git's meaning.

A rule file governs its folder and what lies below. Of all rules that match an entry the last one decides: rules of deeper
folders come after those above, and within a file lower lines after upper ones. A folder that is ignored is not entered, so
nothing in it can be taken back; a rule therefore matches an entry itself, never what lies below it (which is where it parts
from the libraries that judge a path without walking to it). Like git, patterns are matched byte by byte.

Sources: gitignore(5), and git's `wildmatch.c` for what it leaves open.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_MAX_RULE_FILE_BYTES = 1_000_000
_MAX_RULES = 10_000

_POSIX_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t-\\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_NOTHING = "(?!)"


@dataclass(frozen=True, slots=True)
class _Rule:
    ignores: bool
    folders_only: bool
    expression: re.Pattern[str]


class RuleSet:
    """The rules of one folder, each line's bytes as Latin-1."""

    __slots__ = ("_any", "_rules")

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules = [rule for line in lines if (rule := _rule(line))]
        self._rules.reverse()
        # Most entries match nothing, which one expression tells at once.
        self._any = re.compile("|".join(f"(?:{rule.expression.pattern})" for rule in self._rules), re.DOTALL)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def decide(self, path: str) -> bool | None:
        """Whether to ignore `path` (relative to the rules' folder, a folder ending in `/`); None where no rule matches."""
        name = path.removesuffix("/")
        if not self._any.fullmatch(name):
            return None
        for rule in self._rules:
            if (len(name) < len(path) or not rule.folders_only) and rule.expression.fullmatch(name):
                return rule.ignores
        return None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule sets that hold in a folder, outermost first, each with the length of its own folder's path in bytes."""

    sets: tuple[tuple[int, RuleSet], ...] = ()

    def ignores(self, path: str) -> bool:
        """Whether the entry `path`, as `os` spells it, is ignored; a folder's path ends in `/`. Paths count from where the
        first set lies."""
        if not self.sets:
            return False
        path = bytewise(path)
        for length, rules in reversed(self.sets):
            decision = rules.decide(path[length:])
            if decision is not None:
                return decision
        return False

    def within(self, folder: str, rules: RuleSet) -> Rules:
        """These rules and those that `folder` (empty, or ending in `/`) adds."""
        return Rules((*self.sets, (len(bytewise(folder)), rules))) if rules else self


def read_rules(files: Iterable[Path]) -> RuleSet:
    """The rules of one folder's rule files, later files after earlier ones; a file that cannot be read has none."""
    return RuleSet(read_lines(files))


def read_lines(files: Iterable[Path]) -> list[str]:
    """The lines of files of patterns, each byte as Latin-1, within bounds; a file that cannot be read has none."""
    lines: list[str] = []
    for path in files:
        try:
            if path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as file:
                content = file.read(_MAX_RULE_FILE_BYTES)
        except OSError:
            continue
        lines += content.removeprefix(b"\xef\xbb\xbf").decode("latin-1").split("\n")
    return lines[:_MAX_RULES]


def bytewise(path: str) -> str:
    """A path as `os` spells it, each of its bytes as Latin-1."""
    return path if path.isascii() else os.fsencode(path).decode("latin-1")


def _rule(line: str) -> _Rule | None:
    pattern = _without_trailing_spaces(line.removesuffix("\r"))
    if not pattern or pattern.startswith("#"):
        return None
    ignores = not pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    folders_only = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    if not pattern:
        return None
    return _Rule(ignores, folders_only, compile_pattern(pattern))


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The expression of a pattern whose `!` and last `/` are gone, for paths relative to its file's folder."""
    # Without a slash the name alone is matched, at any depth.
    anywhere = "/" not in pattern
    return re.compile(("(?:.*/)?" if anywhere else "") + _translate(pattern.removeprefix("/")), re.DOTALL)


def _without_trailing_spaces(line: str) -> str:
    """Spaces at the end do not count, unless the first of them is escaped."""
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return line[: len(stripped) + 1] if backslashes % 2 else stripped


def _translate(pattern: str) -> str:
    """The regular expression of a pattern: no wildcard crosses a `/` but `**` that is a whole part of the path."""
    expression = ""
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "*":
            piece, position = _stars(pattern, position)
            expression += piece
            continue
        position += 1
        if char == "?":
            expression += "[^/]"
        elif char == "[":
            piece, position = _set(pattern, position)
            expression += piece
        elif char == "\\":
            # A backslash at the very end escapes nothing, and the pattern matches nothing.
            expression += re.escape(pattern[position]) if position < len(pattern) else _NOTHING
            position += 1
        else:
            expression += re.escape(char)
    return expression


def _stars(pattern: str, start: int) -> tuple[str, int]:
    """The expression of a run of stars and the position after what it covers."""
    end = start
    while pattern[end : end + 1] == "*":
        end += 1
    begins_part = start == 0 or pattern[start - 1] == "/"
    if end - start == 1 or not begins_part or pattern[end : end + 1] not in ("", "/"):
        return "[^/]*", end
    return ("(?:.*/)?", end + 1) if end < len(pattern) else (".*", end)


def _set(pattern: str, start: int) -> tuple[str, int]:
    """The expression of a `[…]` whose inside begins at `start`, and the position after it; one left open matches nothing."""
    position = start
    negated = pattern[position : position + 1] in ("!", "^")
    position += negated
    members = ""
    first = True
    previous = ""  # what a range may begin with
    while True:
        char = pattern[position : position + 1]
        if not char:
            return _NOTHING, len(pattern)
        if char == "]" and not first:
            break
        first = False
        position += 1
        if char == "-" and previous and pattern[position : position + 1] not in ("", "]"):
            last = pattern[position]
            position += 1
            if last == "\\":
                last = pattern[position : position + 1]
                position += 1
            if last and previous <= last:
                members += f"{_escaped(previous)}-{_escaped(last)}"
            previous = ""
        elif char == "[" and pattern[position : position + 1] == ":" and (end := pattern.find(":]", position + 1)) != -1:
            name = pattern[position + 1 : end]
            if name not in _POSIX_CLASSES:
                return _NOTHING, len(pattern)
            members += _POSIX_CLASSES[name]
            position = end + 2
            previous = ""
        else:
            if char == "\\":
                char = pattern[position : position + 1]
                position += 1
            members += _escaped(char)
            previous = char
    if negated:
        return f"[^/{members}]", position + 1
    return (f"(?!/)[{members}]" if members else _NOTHING), position + 1


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if char else ""
