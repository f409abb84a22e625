"""What tools and resources answer from, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.engine.run_wire import Json
from desktop.engine.service import Service
from indexing.stores.sqlite.reader import SnapshotReader

Arguments = Mapping[str, Any]
"""What a client sent, not yet checked."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One index and what answers from it; `budget` is how many LLM tokens a pack may have where nothing is said."""

    service: Service
    index: Path
    budget: int

    @property
    def reader(self) -> SnapshotReader:
        """The index at its last commit. Raises BrokenIndexError where it cannot be read any more."""
        return self.service.session(self.index).reader


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool answers: facts, then texts as they are. `meta` is for programs; models do not see it."""

    facts: Json | None = None
    texts: tuple[str, ...] = ()
    meta: Json = field(default_factory=dict)
