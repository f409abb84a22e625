"""How much a question says the name of a file: "how are sessions stored" says `session.py`, and half of `session_cookie.py`.

Code is kept where its name says, so a file whose whole name a question says is more likely the matter than one that mentions
the same words. A file that stands for its folder (`mod.rs`, `__init__.py`, `index.ts`) has the folder's name.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from core.ports import FloatVector
from core.retrieval.words import stem, tokens, words

NAMED_WHOLE = 0.4
"""What a file gains whose name is all that the question says; one whose name is a quarter of it gains a quarter of that."""

_HALF_SAID = 3.0
"""The power of the share of a name that is said: half a name is said by chance."""

_FOR_FOLDERS = frozenset(("mod", "init", "index", "main", "lib"))
_KEPT_NAMES = 100_000


def named_shares(terms: Mapping[str, float], paths: Sequence[str]) -> FloatVector:
    """What the score of a chunk in each file of `paths` is multiplied with, (len(paths),), from 1 to 1 + `NAMED_WHOLE`.

    `terms` are those of the question with their weights.
    """
    whole = sum(terms.values()) or 1.0
    gains = [_said(terms, words_of_name(path)) / whole for path in paths]
    return np.array([1.0 + NAMED_WHOLE * min(1.0, gain) for gain in gains], np.float32)


def _said(terms: Mapping[str, float], name: Sequence[str]) -> float:
    said = [terms[word] for word in name if word in terms]
    return sum(said) * (len(said) / len(name)) ** _HALF_SAID if said else 0.0


@functools.lru_cache(maxsize=_KEPT_NAMES)
def words_of_name(path: str) -> tuple[str, ...]:
    """The stems of the words of a file's name without its ending, each once; of its folder's where it stands for that."""
    folder, _, name = path.rpartition("/")
    found = _words(name.lstrip(".").partition(".")[0])
    if folder and _FOR_FOLDERS.issuperset(found):
        found = _words(folder.rpartition("/")[2])
    return tuple(dict.fromkeys(stem(word) for word in found))


def _words(name: str) -> list[str]:
    return [word for token in tokens(name) for word in words(token) if len(word) > 1]
