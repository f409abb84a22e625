"""Logs and reports without secrets: what fails may quote the source it failed on.

A text is read as configuration, where values stand without quotes; and since a message says its own words before what it
quotes, the pieces of a line are read again, each as a line. What is lost by that matters little in a log.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re

_AS = "log.yaml"
"""The kind of file whose rules are the widest."""
_QUOTES = re.compile(r"(\\n|[\"'`()\[\]{}]|, )")
_SAYS = re.compile(r": ")
_ALONE = re.compile(r"(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+/]{20,}={0,2}")
"""What stands alone and may be a line of a key or an encoded secret; digests in hexadecimal are none."""


def without_secrets(text: str) -> str:
    """A text of a log with its secrets replaced."""
    # Only what fails needs this: a start need not wait for it.
    from core.context.redact import redact_text

    lines = redact_text(text, _AS)[0].split("\n")
    return "\n".join("".join(_piece(piece) for piece in _QUOTES.split(line)) for line in lines)


def _piece(piece: str) -> str:
    """What stands between two quotes or brackets: each of its ends is read as a line."""
    from core.context.redact import REDACTED, redact_text

    for start in [0, *(match.end() for match in _SAYS.finditer(piece))]:
        end = piece[start:]
        clean, count = redact_text(end, _AS)
        if not count:  # some are told by the quote that ends them
            closed, count = redact_text(f'{end}"', _AS)
            clean = closed[:-1]
        if not count and _ALONE.fullmatch(end.strip()) and _is_drawn_or_encoded(end.strip()):
            clean, count = f"{REDACTED} secret]", 1
        if count:
            return piece[:start] + clean
    return piece


def _is_drawn_or_encoded(text: str) -> bool:
    from core.context.secret_forms import is_drawn

    try:
        told = base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        told = ""
    return is_drawn(text) or (bool(told) and told.isprintable())


class RedactingFormatter(logging.Formatter):
    """A formatter whose records, with their traces, hold no secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


def log_to_stderr(form: str) -> None:
    """Have warnings and errors of this process written to its standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(form))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
