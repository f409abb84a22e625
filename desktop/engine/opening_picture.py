"""The picture that a project opens with, kept beside the index: of 100 MB it takes two seconds to draw, and somebody who
comes back to a project looks at it first.

It is kept by the commit that it shows, so that it is drawn anew once the index has changed; while an index is being built,
each of its states would be drawn once and never seen again, so of those nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import cast

from core.diagrams.architecture import KIND as ARCHITECTURE
from desktop.engine.kept_documents import kept_document
from desktop.engine.run_wire import Json
from desktop.engine.session import IndexSession

_VERSION = 1
"""Of how it is drawn and written; to be raised with either."""


def is_opening_picture(kind: str, scope: str) -> bool:
    """Whether a project opens with it."""
    return kind == ARCHITECTURE and not scope


def opening_picture(session: IndexSession, draw: Callable[[], Json]) -> Json:
    """What `draw` makes of this state of an index, or made of it before."""
    reader = session.reader
    if reader.meta("complete") != "yes":
        return draw()
    # A rebuilt index counts its commits from 1 again, so the time of the commit belongs to it.
    state = f"{_VERSION} {reader.generation} {reader.meta('updated')}"
    name = f"architecture-{hashlib.blake2b(state.encode(), digest_size=12).hexdigest()}.json"
    document = kept_document(session.folder, name, lambda: json.dumps(draw(), ensure_ascii=False))
    try:
        return cast(Json, json.loads(document))
    except ValueError:  # another program has been at the file
        return draw()
