"""What the strings of code name, as links: `"app.views.Orders"` leads to the class, `"SELECT … FROM orders"` to the table.

A dotted name means what a document would mean by it (`mentions.py`); the name of a table, a view, a procedure is looked for
in the files of SQL alone, whatever its case, with its schema where one is given and more than one has the name. Only what
leaves exactly one place becomes a link, and it is `inferred`: nothing says what is done with the string.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from core.model.symbol import NamingKind
from indexing.linking.mentions import MentionLink, NameSource, Places, meanings
from indexing.linking.records import FileFacts
from indexing.linking.slices import names_in

NAMED = (NamingKind.NAME, NamingKind.TABLE)
"""The namings that are linked here; the others are in `wirings.py`."""
_MOST_FILES = 16
"""Files of SQL that are opened for one name; a name that more define has more meanings than one."""
_QUOTES = str.maketrans("(", " ", '[]"`')
_Place = tuple[int, int]
"""A file, and the place of a definition in it."""


def link_namings(files: Mapping[int, FileFacts], places: Places, source: NameSource) -> dict[int, list[MentionLink]]:
    """The links of each of `files` (by id) that names anything, one for each definition and target."""
    namings = {key: [naming for naming in file.facts.namings if naming.kind in NAMED] for key, file in files.items()}
    namings = {key: held for key, held in namings.items() if held}
    dotted = {naming.target for held in namings.values() for naming in held if naming.kind is NamingKind.NAME}
    tables = {naming.target for held in namings.values() for naming in held if naming.kind is NamingKind.TABLE}
    meant = {NamingKind.NAME: meanings(dotted, places, source), NamingKind.TABLE: _tables(tables, places, source)}
    linked: dict[int, list[MentionLink]] = {}
    for key, held in namings.items():
        found: dict[tuple[int, _Place], MentionLink] = {}
        for naming in held:
            target = meant[naming.kind].get(naming.target)
            if target is not None and target != (key, naming.scope):
                found.setdefault((naming.scope, target), MentionLink(naming.scope, *target, naming.line))
        if found:
            linked[key] = list(found.values())
    return linked


def named_in(files: Iterable[FileFacts]) -> set[str]:
    """The names whose coming, going or changing anywhere may change what the strings of these files mean."""
    namings = (naming for file in files for naming in file.facts.namings if naming.kind in NAMED)
    return names_in({naming.target.rpartition(".")[2] for naming in namings})


def _tables(names: Collection[str], places: Places, source: NameSource) -> dict[str, _Place]:
    if not places.sql:
        return {}
    found = ((name, _table(name.lower(), places, source)) for name in sorted(names))
    return {name: place for name, place in found if place is not None}


def _table(name: str, places: Places, source: NameSource) -> _Place | None:
    last = name.rpartition(".")[2]
    files = [key for key in source.defining(last, _MOST_FILES + 1, visible=False) if key in places.sql]
    if len(files) > _MOST_FILES:
        return None
    candidates = {
        (file, index): item.signature.translate(_QUOTES).lower().split()
        for file in files
        for index, item in enumerate(source.outline(file))
        if index and item.name.lower() == last
    }
    if len(candidates) > 1:  # the signature has the schema: `CREATE TABLE shop.stock`
        candidates = {place: words for place, words in candidates.items() if name in words}
    return next(iter(candidates)) if len(candidates) == 1 else None
