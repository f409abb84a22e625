"""Secrets that must not leave: found by their own unmistakable form, or by the name they are assigned to.

Precision comes first, since what is replaced cannot be read any more: a known prefix with the right length, a private key's
frame, a password with letters and digits in quotes behind a name that says so. Lines stay lines, so every number holds.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_KEY_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(r"-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")
_KEY_REACH = 200
"""Lines a private key may be long: how far back an excerpt looks whether it starts inside of one."""
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=:, .\"'\\-]*")

_KNOWN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("aws_key_id", r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{16}\b"),
            ("github_token", r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_[A-Za-z0-9_]{22,255}\b"),
            ("gitlab_token", r"\bglpat-[A-Za-z0-9_-]{20,64}\b"),
            ("slack_token", r"\bxox[abeoprs]-(?=[A-Za-z-]*\d)[A-Za-z0-9-]{10,250}\b"),
            ("slack_webhook", r"https://hooks\.slack\.com/services/T[A-Za-z0-9]+/B[A-Za-z0-9]+/[A-Za-z0-9]{16,}"),
            (
                "api_key",
                r"\bsk-(?:proj|ant|svcacct|or|admin)-[A-Za-z0-9_-]{20,250}"
                r"|\bsk-(?=[A-Za-z]{0,60}\d)(?=[a-z0-9]{0,60}[A-Z])[A-Za-z0-9]{20,64}\b",
            ),
            ("google_key", r"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
            ("stripe_key", r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,250}\b"),
            ("npm_token", r"\bnpm_[A-Za-z0-9]{36}\b"),
            ("pypi_token", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
            ("sendgrid_key", r"\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{40,46}"),
            ("hugging_face_token", r"\bhf_(?=[A-Za-z]*[A-Z])[A-Za-z0-9]{34}\b"),
            ("json_web_token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
        )
    )
)
_URL_PASSWORD = re.compile(
    r"(?P<head>\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,80}:)(?P<secret>[^\s/@\"'<>]{3,120})(?=@[\w.\[-])", re.I
)
_ASSIGNED = re.compile(
    r"(?P<name>(?:[\w-]{0,60}(?:password|passwd|passphrase|pwd)|[\w-]{0,60}(?:secret|token|api[_-]?key|access[_-]?key|auth[_-]?key"
    r"|private[_-]?key|credentials?)(?:[_-]?(?:key|id|value))?))[\"']?\]?\s{0,4}(?::=|=>|[:=])\s{0,4}"
    r"(?P<quote>[\"'])(?P<secret>[^\"'\s]{6,200})(?P=quote)",
    re.I,
)
_CONFIGURED = re.compile(
    r"^(?P<head>\s*(?:export\s+|set\s+|-\s+)?(?P<name>[\w.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key"
    r"|access[_-]?key|secret[_-]?key|private[_-]?key)[\w-]{0,12})\s{0,8}[:=]\s{0,8})(?P<secret>[^\s\"'#]{6,200})\s*(?:#.*)?$",
    re.I,
)
_CONFIGURATION_ENDINGS = (
    ".env",
    ".ini",
    ".cfg",
    ".conf",
    ".properties",
    ".yml",
    ".yaml",
    ".toml",
    ".tfvars",
    ".netrc",
    ".npmrc",
)
_HINTS = re.compile(
    r"(?i)passw|pwd|secret|token|key|credential|://|eyJ|AKIA|ASIA|AGPA|AIDA|ARO|ANPA|ANVA|gh[pousr]_|github_pat|glpat|xox|sk-|AIza|[sr]k_|npm_|pypi-|SG\.|hf_|passphrase"
)
_PLACEHOLDER = re.compile(
    r"(?i)example|change[_-]?me|your|placeholder|dummy|redacted|\.\.\.|x{4,}|\*{3,}|^<.*>$|[{}$%()]|^test|^fake|^none$|^null$|^todo"
)
_SEPARATOR = re.compile(r"[._/:-]")
_WORD = re.compile(r"(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)?\d{0,2}")


def redact(lines: Sequence[str], start_line: int, end_line: int, path: str = "") -> tuple[list[str], int]:
    """Return lines `start_line` to `end_line` (from 1, inclusive) with secrets replaced, and how many there were.

    The lines before are looked at too, since a range may begin inside of a private key.
    """
    found: list[str] = []
    count = 0
    in_key = _starts_in_key(lines, start_line)
    configuration = path.endswith(_CONFIGURATION_ENDINGS) or path.rsplit("/", 1)[-1].startswith(".env")
    count += in_key
    for line in lines[start_line - 1 : end_line]:
        begins = _KEY_BEGIN.search(line)
        if begins and not in_key:
            count += 1
        if begins or in_key:
            ends = _KEY_END.search(line, begins.end() if begins else 0)
            in_key = not ends
            head = line[: begins.start()] if begins else line[: len(line) - len(line.lstrip())]
            tail = line[ends.end() :] if ends else ""
            if begins or ends or _KEY_BODY.fullmatch(line.strip()):
                found.append(head + "[redacted: private key]" + tail)
                continue
            in_key = False  # the frame was only spoken of: this line is no part of a key
        if _HINTS.search(line):
            clean, replaced = _redact_line(line, configuration)
            count += replaced
            found.append(clean)
        else:
            found.append(line)
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


def _redact_line(line: str, configuration: bool) -> tuple[str, int]:
    count = 0

    def known(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"[redacted: {(match.lastgroup or 'secret').replace('_', ' ')}]"

    def url(match: re.Match[str]) -> str:
        nonlocal count
        if not _url_secret(match["secret"]):
            return match[0]
        count += 1
        return match["head"] + "[redacted: password]"

    def assigned(match: re.Match[str]) -> str:
        nonlocal count
        if not _secret_value(match["name"], match["secret"]):
            return match[0]
        count += 1
        at = match.start("secret") - match.start()
        return match[0][:at] + "[redacted: secret]" + match["quote"]

    def configured(match: re.Match[str]) -> str:
        nonlocal count
        if not _secret_value(match["name"], match["secret"]):
            return match[0]
        count += 1
        return match["head"] + "[redacted: secret]"

    line = _KNOWN.sub(known, line)
    line = _URL_PASSWORD.sub(url, line)
    line = _ASSIGNED.sub(assigned, line)
    if configuration:
        line = _CONFIGURED.sub(configured, line)
    return line, count


def _url_secret(value: str) -> bool:
    plain = {"password", "passwd", "pass", "pwd", "pw", "secret", "token", "xxx", "port", "passwort"}
    return value.lower() not in plain and not _PLACEHOLDER.search(value) and not value.isdigit()


def _secret_value(name: str, value: str) -> bool:
    """Whether a value looks drawn rather than named: letters and digits mixed, and for keys long and without order."""
    if "[redacted" in value or _PLACEHOLDER.search(value):
        return False
    has_letter, has_digit = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    if not (has_letter and has_digit):
        return False
    if re.search(r"(?i)passw|pwd|passphrase", name):
        return not re.fullmatch(r"(?i)pass\w*\d{0,3}|[a-z_.-]+\d", value)
    named = all(_WORD.fullmatch(part) for part in _SEPARATOR.split(value))
    return len(value) >= 16 and not named and _entropy(value) >= 3.2


def _entropy(value: str) -> float:
    """Bits a character, by the frequencies within `value`."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())
