"""Who asks for a route, and who sends to a topic: links across files and languages, all of them `inferred`.

A request is compared with the names of routes: the whole path first, then without its first parts, which another file may
have given to the route (`include`, `app.use`) or a proxy takes away; a part that varies in the request varies in the
route, any other is the same or varies. Of the routes that fit best all are meant, unless there are many: then nothing is
known. Those of the file itself go before all others, and among these those of the function around the request; a route that
a test declares is for that test alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Protocol

from core.model.symbol import Definition, NamingKind, SymbolKind
from indexing.linking.mentions import MentionLink
from indexing.linking.records import FileFacts

_MOST_TARGETS = 6
"""Routes of one path, mostly one for each method; topics that are listened to at more places are told to all of them."""
_MOST_LEFT_OUT = 3
"""Parts at the front of a request that a route may lack."""
_MOST_OPEN = 4
"""Parts of a request that may vary in a route though they do not here."""
_OPEN = "{}"
_WIRINGS = frozenset({SymbolKind.ROUTE, SymbolKind.TOPIC})
_Place = tuple[int, int]


class WiringSource(Protocol):
    """Who defines what, in all languages."""

    def holding(self, names: Collection[str]) -> Mapping[str, Sequence[int]]:
        """The files that define each of these names, whatever its case; names that none or very many define are left out."""
        ...

    def outline(self, file: int) -> Sequence[Definition]:
        """The definitions of a file."""
        ...

    def tests(self) -> Collection[int]:
        """The files that test others."""
        ...


def link_wirings(files: Mapping[int, FileFacts], source: WiringSource) -> dict[int, list[MentionLink]]:
    """The links of each of `files` (by id) that declares a route or topic, asks for one or sends to one."""
    known = _places(files, source)
    tests = source.tests() if known else ()
    linked: dict[int, list[MentionLink]] = {}
    for key, file in files.items():
        found: dict[tuple[int, _Place], MentionLink] = {}
        for naming in file.facts.namings:
            places: Iterable[_Place] = ()
            if naming.kind is NamingKind.HANDLER:
                places = [(key, int(naming.target))]
            elif naming.kind is NamingKind.REQUEST:
                near = partial(_near, own=key, file=file, scope=naming.scope, tests=tests)
                places = _meant(naming.target, known, near)
            elif naming.kind is NamingKind.MESSAGE:
                places = known.get((SymbolKind.TOPIC, naming.target), ())
            for place in places:
                found.setdefault((naming.scope, place), MentionLink(naming.scope, *place, naming.line))
        if found:
            linked[key] = list(found.values())
    return linked


def first_wiring(definitions: Sequence[Definition]) -> int:
    """The place of the first route or topic, which stand behind all other definitions; their number where there is none."""
    first = len(definitions)
    while first and definitions[first - 1].kind in _WIRINGS:
        first -= 1
    return first


def wired_in(files: Iterable[FileFacts]) -> set[str]:
    """The names of routes and topics whose coming, going or changing anywhere may change what these files lead to."""
    return {name for file in files for _, name in _wanted(file)}


def _wanted(file: FileFacts) -> Iterator[tuple[SymbolKind, str]]:
    for naming in file.facts.namings:
        if naming.kind is NamingKind.REQUEST:
            yield from ((SymbolKind.ROUTE, name) for level in _levels(naming.target) for name in level)
        elif naming.kind is NamingKind.MESSAGE:
            yield SymbolKind.TOPIC, naming.target


def _places(files: Mapping[int, FileFacts], source: WiringSource) -> dict[tuple[SymbolKind, str], list[_Place]]:
    """Where the routes and topics are that these files may mean, by kind and name."""
    wanted = {entry for file in files.values() for entry in _wanted(file)}
    holders = source.holding({name for _, name in wanted}) if wanted else {}
    found: defaultdict[tuple[SymbolKind, str], list[_Place]] = defaultdict(list)
    for file in sorted({file for held in holders.values() for file in held}):
        for index, item in enumerate(source.outline(file)):
            if (item.kind, item.name) in wanted:
                found[item.kind, item.name].append((file, index))
    return found


def _meant(
    path: str,
    known: Mapping[tuple[SymbolKind, str], Sequence[_Place]],
    near: Callable[[Sequence[_Place]], Sequence[_Place]],
) -> Sequence[_Place]:
    for level in _levels(path):
        for name in level:
            places = near(known.get((SymbolKind.ROUTE, name), ()))
            if places:
                return places if len(places) <= _MOST_TARGETS else ()
    return ()


def _near(places: Sequence[_Place], own: int, file: FileFacts, scope: int, tests: Collection[int]) -> Sequence[_Place]:
    """Of places of one name those that a request in a scope of the file `own` may mean."""
    here = [place for place in places if place[0] == own]
    if not here:
        return [place for place in places if place[0] not in tests]
    definitions, around = file.facts.definitions, set[int]()
    while scope > 0:
        around.add(scope)
        scope = definitions[scope].parent
    return [place for place in here if definitions[place[1]].parent in around] or here


def _levels(path: str) -> Iterator[list[str]]:
    """The names a route may have that answers to `path`, the likeliest first: by how much of the front is left out, then by
    how many of its parts vary."""
    parts = path.strip("/").split("/")
    for left_out in range(min(_MOST_LEFT_OUT, len(parts) - 1) + 1):
        rest = parts[left_out:]
        fixed = [part for part in rest if not _varies(part)]
        if not fixed or (left_out and len(rest) < 2 and len(parts) > 2):
            return
        choices = [[_OPEN] if _varies(part) else [part, _OPEN] if len(fixed) <= _MOST_OPEN else [part] for part in rest]
        names = ["/" + "/".join(chosen) for chosen in product(*choices) if any(part != _OPEN for part in chosen)]
        yield sorted(names, key=lambda name: (name.count(_OPEN), name))


def _varies(part: str) -> bool:
    return (
        part == _OPEN
        or part.isdigit()
        or (len(part) >= 32 and part.replace("-", "").isalnum() and any(map(str.isdigit, part)))
    )
