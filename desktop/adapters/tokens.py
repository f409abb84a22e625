"""Counts LLM tokens as OpenAI's cl100k_base cuts them, from the file that is shipped: nothing is ever downloaded.

Other models cut differently, most of them within a tenth on code; the count decides what fits a budget, not what is billed.
"""

from __future__ import annotations

import binascii
import hashlib
import re
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.errors import MissingPartError
from resources import resource_path

if TYPE_CHECKING:
    from tiktoken import Encoding

_SHA256 = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"

_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
"""Where cl100k_base cuts before it merges bytes; part of the encoding's definition, as in tiktoken (MIT)."""

_LONGEST_RUN = 10_000
"""Characters without a change between space and no space. tiktoken's regular expression engine gives up on runs of about a
million and its older versions took quadratic time, so longer runs (data, never code) are counted in slices, each cut adding
a token at the most."""

_LONG_RUN = re.compile(rf"(?<!\s)\s{{{_LONGEST_RUN},}}|(?<!\S)\S{{{_LONGEST_RUN},}}")
"""The look-behinds let only the first character of a run be tried, which keeps the search linear."""


class TiktokenCounter:
    """A `TokenCounter`; the encoding is read when something is first counted. Safe in threads."""

    def __init__(self) -> None:
        self._encoding: Encoding | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return "cl100k_base"

    def count(self, text: str) -> int:
        """Return how many tokens `text` has; what looks like a special token (``<|endoftext|>``) is text like any other."""
        encoding = self._encoding or self._load()
        return sum(len(encoding.encode_ordinary(part)) for part in _slices(text))

    def _load(self) -> Encoding:
        from tiktoken import Encoding

        with self._lock:
            if self._encoding is None:
                ranks = _read_ranks()
                self._encoding = Encoding(self.name, pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})
            return self._encoding


def _slices(text: str) -> Iterator[str]:
    """Yield `text` in slices: whole, but for its runs that are too long."""
    end = 0
    for run in _LONG_RUN.finditer(text):
        for cut in range(run.start(), run.end(), _LONGEST_RUN):
            yield text[end:cut]
            end = cut
    yield text[end:]


def _read_ranks() -> dict[bytes, int]:
    """Return the byte sequences of the tokens with their ranks."""
    path = resource_path("tokenizer", "cl100k_base.tiktoken")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MissingPartError("the tokenizer cannot be read", str(error), "install Codestrata again") from error
    if hashlib.sha256(content).hexdigest() != _SHA256:
        raise MissingPartError("the tokenizer cannot be used", f"{path.name} is damaged", "install Codestrata again")
    fields = content.split()  # a token and its rank by turns
    return dict(zip(map(binascii.a2b_base64, fields[::2]), map(int, fields[1::2]), strict=True))
