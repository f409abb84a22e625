"""What is logged or told of a failure holds no secret, however the failure quotes what it failed on."""

from __future__ import annotations

import logging
import sys

import pytest

from desktop.engine.server import failed_inside
from desktop.redacted_log import RedactingFormatter, without_secrets
from tests.planted_secrets import Planted, planted

FILES, SECRETS = planted(3)


def quoted(secret: Planted) -> str:
    """The lines of its file that a secret stands on."""
    text = FILES[secret.path]
    first = text[: text.index(secret.secret)].count("\n")
    return "\n".join(text.split("\n")[first : first + secret.secret.count("\n") + 1])


def parts(secret: Planted) -> list[str]:
    return [part for part in secret.secret.replace("\\n", "\n").split("\n") if part]


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: f"{secret.kind} in {secret.path}")
@pytest.mark.parametrize(
    "form",
    ["cannot read {path}: {line!r}", "ValueError: {line}", "ValueError({line!r})", "bad {{'line': {line!r}}}", "{whole}"],
)
def test_a_failure_quotes_no_secret(form: str, secret: Planted) -> None:
    said = form.format(path=secret.path, line=quoted(secret), whole=FILES[secret.path])
    assert not [part for part in parts(secret) if part in without_secrets(said)]


def test_a_log_with_its_traces_holds_none(caplog: pytest.LogCaptureFixture) -> None:
    form = RedactingFormatter("%(name)s: %(message)s")
    for secret in SECRETS:
        try:
            raise ValueError(quoted(secret))
        except ValueError:
            record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "%s", (quoted(secret),), sys.exc_info())
        written = form.format(record)
        assert "Traceback" in written
        assert not [part for part in parts(secret) if part in written]


def test_what_an_engine_tells_of_a_bug_holds_none() -> None:
    for secret in SECRETS:
        told = str(failed_inside("search", ValueError(quoted(secret))))
        assert not [part for part in parts(secret) if part in told]


@pytest.mark.parametrize(
    "line",
    [
        "engine: 'search' failed: KeyError('AbstractQueuedSynchronizer')",
        "the index at /home/someone/projects/Codestrata/index is gone",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 differs",
        'File "core/answering/claims.py", line 120, in claims_in',
    ],
)
def test_what_helps_in_a_log_stays(line: str) -> None:
    assert without_secrets(line) == line
