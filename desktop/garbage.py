"""How often Python looks for garbage in a process that holds an index open."""

from __future__ import annotations

import gc

_COLLECTIONS = (50_000, 20, 100)
"""Young, middle-aged and old objects: see `gc.set_threshold`."""


def collect_seldom() -> None:
    """Records of an index live as long as it is open: looking through all of them as often as Python would by itself takes a
    twentieth to a quarter of the time of a call over 100 MB, and up to 130 ms at once."""
    gc.set_threshold(*_COLLECTIONS)
