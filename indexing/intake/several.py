"""Several sources as one workspace: each is a top folder under a name of its own.

The workspace is the same whatever order they are named in, so its identity is theirs, sorted, one a line. No identity holds
a line feed (see `core.paths`), so it can be taken apart again, and is itself taken as a SOURCE.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from core.errors import SourceError
from indexing.intake.stamp import stamp_of_several
from indexing.intake.workspace import Workspace

SEPARATOR = "\n"
_MAX_SOURCES = 100
_NAMED = 3
_BETWEEN = re.compile(r"[/\\]")


def split(spec: str) -> list[str]:
    """The sources that a SOURCE names: itself, unless it is several and no file of that name is there."""
    if SEPARATOR not in spec or os.path.lexists(spec):
        return [spec]
    specs = [line for line in spec.split(SEPARATOR) if line.strip()]
    if len(specs) > _MAX_SOURCES:
        raise SourceError(f"{len(specs)} sources are too many", f"at most {_MAX_SOURCES} make one workspace", "name fewer")
    return specs


def combined_identity(identities: Sequence[str]) -> str:
    """The identity of several sources, of which some may be the same."""
    return SEPARATOR.join(sorted(set(identities)))


def described(identity: str) -> str:
    """An identity in one line."""
    return identity.replace(SEPARATOR, " + ")


def combine(opened: Sequence[Workspace]) -> Workspace:
    """One workspace of several. Raises SourceError where one lies within another."""
    sources = sorted(opened, key=lambda source: source.identity)
    for outer in sources:
        for inner in sources:
            if inner is not outer and outer.root in inner.root.parents:
                raise SourceError(
                    f"cannot index {inner.identity} beside {outer.identity}", "it lies within that", "leave it out"
                )
    parts = tuple(zip(_unique(_told_apart(sources)), sources, strict=True))
    names = [name for name, _ in parts]
    more = f" + {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return Workspace(
        sources[0].root,
        " + ".join(names[:_NAMED]) + more,
        combined_identity([source.identity for source in sources]),
        None,
        tuple(replace(entry, path=f"{name}/{entry.path}") for name, source in parts for entry in source.skipped),
        tuple(replace(entry, path=f"{name}/{entry.path}") for name, source in parts for entry in source.failed),
        stamp_of_several([(name, source.identity, source.stamp) for name, source in parts]),
        parts=parts,
    )


def _told_apart(sources: Sequence[Workspace]) -> list[str]:
    """Their names; where several are called alike, the nearest folder that tells them apart comes before: `redis-src`."""
    alike: dict[str, list[Workspace]] = {}
    for source in sources:
        alike.setdefault(source.name.lower(), []).append(source)
    found = {}
    for same in alike.values():
        ways = [[part for part in _BETWEEN.split(source.identity) if part][-2::-1] for source in same]
        levels = zip(*ways, strict=False) if len(same) > 1 else iter(())
        apart = next((level for level in levels if len({name.lower() for name in level}) == len(same)), None)
        for place, source in enumerate(same):
            found[source.identity] = f"{apart[place]}-{source.name}" if apart else source.name
    return [found[source.identity] for source in sources]


def _unique(names: Sequence[str]) -> list[str]:
    """The names as folders, `b-2` for a second `b`; names that differ in case alone are the same."""
    taken: set[str] = set()
    found: list[str] = []
    for given in names:
        name = given.replace("/", "") or "root"
        free = next(tried for n in count(1) if (tried := name if n == 1 else f"{name}-{n}").lower() not in taken)
        taken.add(free.lower())
        found.append(free)
    return found
