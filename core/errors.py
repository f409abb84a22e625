"""What can go wrong for a user: what happened, why, and what to do next, with the exit code that tells it.

A bug is not among these; it raises whatever it raises.
"""

from __future__ import annotations


class CodestrataError(Exception):
    """An error a user can meet and act on; `str()` of it is one line."""

    exit_code = 2

    def __init__(self, what: str, why: str = "", next_step: str = "") -> None:
        super().__init__(what, why, next_step)
        self.what = what
        self.why = why
        self.next_step = next_step

    def __str__(self) -> str:
        reason = f": {self.why}" if self.why else ""
        remedy = f"; {self.next_step}" if self.next_step else ""
        return " ".join(f"{self.what}{reason}{remedy}".split())


class SourceError(CodestrataError):
    """The source cannot be read: missing, not a folder, empty."""


class BrokenIndexError(CodestrataError):
    """The index cannot be used: missing, damaged, of another format."""


class IndexBusyError(BrokenIndexError):
    """Another process is writing the index."""


class UsageError(CodestrataError):
    """An option or argument cannot be carried out as given."""


class UnknownSymbolError(CodestrataError):
    """No symbol, or more than one, answers to the name; `candidates` are ids to choose from."""

    def __init__(self, what: str, why: str = "", next_step: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(what, why, next_step)
        self.candidates = candidates


class MissingPartError(CodestrataError):
    """An optional package, model or device is needed and missing."""


class ProviderError(CodestrataError):
    """A language model cannot be reached or refused; the evidence is still there."""


class ConsentNeededError(CodestrataError):
    """Nothing has been sent to `host`, since nobody has said that anything may be."""

    def __init__(self, host: str, provider: str, model: str) -> None:
        super().__init__(
            f"nobody has agreed to anything being sent to {host}",
            f"{provider} answers there",
            f"agree with 'codestrata consent {host}', or for this once with --yes",
        )
        self.host = host
        self.provider = provider
        self.model = model


class LocalOnlyError(CodestrataError):
    """Every host but this machine is switched off."""


class CancelledError(CodestrataError):
    """The user cancelled; what was committed is kept."""

    exit_code = 130
