# ruff: noqa: E501 - a pattern is read in one piece
"""Secrets that must not leave: found by their own unmistakable form, or by the name they are given to.

Precision comes first, since what is replaced cannot be read any more: a form with the right length, a private key's frame, a
drawn value behind a name that says what it is. Lines stay lines, so every number holds.

Each *rule* is a pattern with the group `secret` and what that must look like; a rule for a kind of file is tried in such
files alone, where values stand without quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from core.context.secret_forms import (
    KNOWN,
    KNOWN_SIGNS,
    is_basic,
    is_drawn,
    is_password,
    is_strong_password,
    stands_for_a_value,
)

REDACTED = "[redacted:"
"""How what stands in a secret's place begins."""
_KEY_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_KEY_REACH = 200
"""Lines a private key may be long: how far back an excerpt looks whether it starts inside of one."""
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=:, .\"'\\#*>|-]*")

_PASSWORD = r"(?:password|passwd|passphrase|passwort|pwd)"
_KEY = (
    r"(?:secret|token|credentials?|(?:api|access|account|auth|client|crypto|encryption|hmac|master|private|secret|service|session"
    r"|shared|signing|subscription)[_-]?key)(?:[_-]?(?:key|id|value|base|hash|salt|string|text))?"
)
_LOOSE_KEY = r"(?:auth|key|bearer|signature|sig)"
_ASSIGNS = r"[\"'`]?\]?\s{0,4}(?::=|=>|->|===?|!==?|[:=,]|\bto\b|\bis\b)\s{0,4}"
_IN_QUOTES = r"[bru@$]{0,2}(?P<quote>[\"'`])(?P<secret>(?:(?!(?P=quote))[^\s\\]|\\.){6,300})(?:(?P=quote)|$)"
_BARE = r"(?P<secret>[^\s\"'#,;<>&|][^\s\"'#<>|]{5,300})"


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where a secret may stand, what it must look like, and what is told in its place.

    Lines without any of the texts `signs`, in small letters, are passed over: most are, and the pattern is slow. No sign
    begins another, so that one look at a line finds them all.
    """

    signs: frozenset[str]
    pattern: re.Pattern[str]
    holds: Callable[[str], bool]
    told: str


def _rule(signs: str, pattern: str, holds: Callable[[str], bool], told: str = "secret") -> _Rule:
    return _Rule(frozenset(signs.split()), re.compile(pattern, re.IGNORECASE), holds, told)


def _is_url_password(text: str) -> bool:
    plain = {"password", "passwd", "pass", "pwd", "pw", "secret", "token", "xxx", "port", "passwort"}
    return text.lower() not in plain and not stands_for_a_value(text) and not text.isdigit()


def _is_loose(text: str) -> bool:
    cases = any(map(str.islower, text)) and any(map(str.isupper, text))
    return is_basic(text) or (cases and is_drawn(text, 24))


def _is_header(text: str) -> bool:
    return is_basic(text) or is_drawn(text, 20)


_PASSWORDS = "passw passphrase pwd"
_KEYS = "secret token credential key"
_RULES = (
    _rule(
        "://",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,80}:(?P<secret>[^\s/@\"'<>]{3,120})(?=@[\w.\[-])",
        _is_url_password,
        "password",
    ),
    _rule(_PASSWORDS, rf"{_PASSWORD}\w{{0,12}}{_ASSIGNS}{_IN_QUOTES}", is_password),
    _rule(_KEYS, rf"{_KEY}{_ASSIGNS}{_IN_QUOTES}", is_drawn),
    _rule("auth key bearer sig", rf"(?<![a-z]){_LOOSE_KEY}{_ASSIGNS}{_IN_QUOTES}", _is_loose),
    _rule(f"{_PASSWORDS} identified", rf"\b(?:{_PASSWORD}|identified\s+by)\s+{_IN_QUOTES}", is_password),
    _rule(
        f"{_PASSWORDS} credential log_in login sig basic auth",
        rf"(?:credential|{_PASSWORD}|log_?in|sign_?in|basic_?auth|authenticate)\w{{0,20}}\([^\"']{{0,80}}"
        rf"(?:[\"'][^\"']{{0,80}}[\"'],\s{{0,4}})?{_IN_QUOTES}",
        is_strong_password,
    ),
    _rule(_PASSWORDS, rf"[?&;\"'\s]{_PASSWORD}\s?=\s?(?P<secret>[^\s;&\"'<>]{{6,120}})(?=[;&\"'])", is_password),
    _rule("token secret key sig", r"[?&;][\w-]{0,30}(?:token|secret|key|sig|signature)=(?P<secret>[\w~+/%.-]{16,300})", is_drawn),
    _rule("bearer basic token", r"\b(?:bearer|basic|token)\s{1,4}(?P<secret>[\w~+/.-]{16,400}={0,2})", _is_header),
    _rule("auth", r"\bauthorization[\"']?\s{0,4}[:=,]\s{0,4}[\"']?(?P<secret>[\w~+/.-]{20,400}={0,2})", _is_header),
    _rule(_PASSWORDS, rf"<(?:\w+:)?[\w.-]{{0,40}}{_PASSWORD}>\s{{0,4}}(?P<secret>[^<>\s]{{6,200}})\s{{0,4}}</", is_password),
    _rule(_KEYS, rf"<(?:\w+:)?[\w.-]{{0,40}}{_KEY}>\s{{0,4}}(?P<secret>[^<>\s]{{16,300}})\s{{0,4}}</", is_drawn),
    _rule(
        "curl",
        r"\bcurl\b.{0,200}?\s(?:-u|--user)[\s=]\s{0,4}[\"']?[^\s:\"']{1,80}:(?P<secret>[^\s\"']{4,120})",
        _is_url_password,
        "password",
    ),
    _rule(
        "mysql mariadb mongo sshpass",
        r"\b(?:mysql\w*|mariadb\w*|mongo\w*|sshpass)\b.{0,200}?\s-p\s?[\"']?(?P<secret>[^\s\"'-][^\s\"']{5,120})",
        is_password,
        "password",
    ),
    _rule("--", rf"\s--[\w-]{{0,20}}{_PASSWORD}[\s=]\s{{0,4}}[\"']?(?P<secret>[^\s\"'-][^\s\"']{{5,120}})", is_password, "password"),
)  # fmt: skip
_ENTRY = r"^\s*(?:export\s+|set\s+|-\s+)?[\w./:-]*"
_IN_CONFIGURATION = (
    _rule(_PASSWORDS, rf"{_ENTRY}{_PASSWORD}[\w-]{{0,12}}\s{{0,8}}[:=]\s{{0,8}}{_BARE}\s*(?:#.*)?$", is_password),
    _rule(
        f"{_KEYS} auth",
        rf"{_ENTRY}(?:{_KEY}|_auth|(?<=_)key|\bkey)[\w-]{{0,12}}\s{{0,8}}[:=]\s{{0,8}}{_BARE}\s*(?:#.*)?$",
        is_drawn,
    ),
    _rule(_PASSWORDS, rf"^.*\b{_PASSWORD}\s+(?P<secret>[^\s\"'=:]{{6,120}})$", is_password),
)
_CONFIGURED_RULES = (*_RULES, *_IN_CONFIGURATION)
_SIGN = re.compile(
    "|".join(map(re.escape, sorted(KNOWN_SIGNS.union(*(rule.signs for rule in _CONFIGURED_RULES)), key=len, reverse=True)))
)
_CONFIGURATION = re.compile(
    r"(?i)(?:^|/)\.env[^/]*$|\.(?:env|ini|cfg|conf|config|properties|ya?ml|toml|tfvars|netrc|npmrc|pypirc|pgpass|sh|envrc)$"
    r"|(?:^|/)(?:_netrc|Dockerfile[^/]*|credentials)$"
)
_YAML = re.compile(r"(?i)\.ya?ml$")
_KIND_SECRET = re.compile(r"^kind:\s*[\"']?Secret\b")
_YAML_ENTRY = re.compile(r"^(?P<indent>\s+)[\w.-]+:\s*[\"']?(?P<secret>[^\s\"'#|>{][^\s\"']{5,})[\"']?\s*$")
_SECRET_DATA = re.compile(r"^(?:data|stringData):\s*$")
_DOCUMENT = re.compile(r"^---")


def redact(lines: Sequence[str], start_line: int, end_line: int, path: str = "") -> tuple[list[str], int]:
    """Return lines `start_line` to `end_line` (from 1, inclusive) with secrets replaced, and how many there were.

    The lines around are looked at too, since a range may begin inside of a private key or of a Secret of Kubernetes.
    """
    found: list[str] = []
    in_key = _starts_in_key(lines, start_line)
    count = int(in_key)
    configuration = bool(_CONFIGURATION.search(path))
    data = _secret_data(lines, path)
    some = lines[start_line - 1 : end_line]
    for number, (line, signs) in enumerate(zip(some, _signs_of(some), strict=True), start_line):
        if not (signs or in_key or data):
            found.append(line)
            continue
        begins = _KEY_BEGIN.search(line)
        if begins and not in_key:
            count += 1
        if begins or in_key:
            ends = _KEY_END.search(line, begins.end() if begins else 0)
            in_key = not ends
            head = line[: begins.start()] if begins else line[: len(line) - len(line.lstrip())]
            tail = line[ends.end() :] if ends else ""
            if begins or ends or _KEY_BODY.fullmatch(line.strip()):
                found.append(head + f"{REDACTED} private key]" + tail)
                continue
            in_key = False  # the frame was only spoken of: this line is no part of a key
        if number in data and (entry := _YAML_ENTRY.match(line)):
            found.append(line[: entry.start("secret")] + f"{REDACTED} secret]" + line[entry.end("secret") :])
            count += 1
        else:
            clean, replaced = _redact_line(line, signs, configuration)
            count += replaced
            found.append(clean)
    return found, count


def redact_text(text: str, path: str = "") -> tuple[str, int]:
    """`text` with its secrets replaced, and how many there were."""
    lines = text.split("\n")
    redacted, count = redact(lines, 1, len(lines), path)
    return "\n".join(redacted), count


def _starts_in_key(lines: Sequence[str], start_line: int) -> bool:
    for number in range(start_line - 1, max(0, start_line - 1 - _KEY_REACH), -1):
        line = lines[number - 1]
        if _KEY_END.search(line):
            return False
        if _KEY_BEGIN.search(line):
            return True
        if not _KEY_BODY.fullmatch(line.strip()):
            return False
    return False


def _secret_data(lines: Sequence[str], path: str) -> set[int]:
    """The lines (from 1) of a YAML file that are the data of a Secret of Kubernetes."""
    if not _YAML.search(path) or not any(_KIND_SECRET.match(line) for line in lines):
        return set()
    found: set[int] = set()
    document: set[int] = set()
    is_secret = in_data = False
    for number, line in enumerate([*lines, "---"], 1):
        if _DOCUMENT.match(line):
            found |= document if is_secret else set()
            document, is_secret, in_data = set(), False, False
        elif line and not line[0].isspace() and not line.startswith("#"):
            is_secret = is_secret or bool(_KIND_SECRET.match(line))
            in_data = bool(_SECRET_DATA.match(line))
        elif in_data:
            document.add(number)
    return found


def _signs_of(lines: Sequence[str]) -> list[set[str]]:
    """The signs in each of some lines. All lines are looked at together, since most have none."""
    found: list[set[str]] = [set() for _ in lines]
    small = "\n".join(lines).lower()
    number = at = 0
    for match in _SIGN.finditer(small):
        number += small.count("\n", at, match.start())
        at = match.start()
        found[number].add(match[0])
    return found


def _redact_line(line: str, signs: Set[str], configuration: bool) -> tuple[str, int]:
    count = 0
    if not KNOWN_SIGNS.isdisjoint(signs):
        line, count = KNOWN.subn(lambda match: f"{REDACTED} {(match.lastgroup or 'secret').replace('_', ' ')}]", line)
    for rule in _CONFIGURED_RULES if configuration else _RULES:
        if not rule.signs.isdisjoint(signs):
            line, replaced = _apply(rule, line)
            count += replaced
    return line, count


def _apply(rule: _Rule, line: str) -> tuple[str, int]:
    parts: list[str] = []
    count = at = 0
    for match in rule.pattern.finditer(line):
        if REDACTED in match["secret"] or not rule.holds(match["secret"]):
            continue
        parts += [line[at : match.start("secret")], f"{REDACTED} {rule.told}]"]
        at = match.end("secret")
        count += 1
    return ("".join(parts) + line[at:], count) if count else (line, 0)
