"""The work of a worker that links: the ids of a few files in, their edges out.

Everything else is read from the index, so that little crosses between processes. What goes wrong is a value, as with
parsing: a bug that one group of files brings out costs its edges and is told, not the run.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.cancellation import CancellationToken
from core.model.graph import Confidence, EdgeKind
from indexing.edge_columns import FileEdges, make_edges
from indexing.kinds import INFERRED
from indexing.link_parts import Edited, KeptPart, linked_together, parts_of
from indexing.linking.dialect import Dialect
from indexing.linking.dialects import DIALECTS, is_linked
from indexing.linking.directory import Directory
from indexing.linking.edited import said_by_part
from indexing.linking.linker import link_files
from indexing.linking.mentions import MentionLink, Places, deciding_names, link_mentions
from indexing.linking.namings import NAMED, link_namings, named_in
from indexing.linking.own_names import OwnNames
from indexing.linking.records import FileLinks
from indexing.linking.slices import DeclaredTypes
from indexing.linking.wirings import first_wiring, link_wirings, wired_in
from indexing.linking.world import MOST_WORLD, find_world, hashes_of
from indexing.measure import collector_paused
from indexing.packed import NameHashes
from indexing.stores.sqlite.facts import StoredFacts

_log = logging.getLogger(__name__)
DOCUMENTS = "documents"
_MAX_REASON = 200
_MOST_FOR_A_FEW, _MOST_FOR_EACH = 300, 40
"""Files that a few changed ones are linked with, until their whole group is: so many, or where there are more of them so
many for each. Measured on C, Java and Python: 95 to 99 % of the edges that linking the whole group gives."""
_MOST_FOR_A_PART, _MOST_FOR_EACH_PART = 100, 10
"""The same where only parts of files are linked: with what all others keep, 95 to 98 % of the edges of 55 and 56 edited
files of C, Java, JavaScript and Python; twice as many for each gave no more."""
_DOCUMENTS_ARE_LIGHTER = 20
"""10 MB of documents take half a second, of code ten."""
_LOOKED_INTO = 400_000
_WORTH_WORKERS = 3_000_000
_NO_NAMES: NameHashes = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class LinkTask:
    """Files of one family (`DOCUMENTS`: what no dialect links) to link together, in the index `folder` at `generation`.

    `name` is that of their group; `whole` where they are all of it. `size` is in bytes of source. Where it is told what was
    `edited`, what that does not concern keeps its edges.
    """

    folder: str
    generation: int
    family: str
    name: str
    members: tuple[int, ...]
    whole: bool
    size: int
    edited: Edited | None = None

    @property
    def weight(self) -> int:
        """What it costs, in bytes of code: of a document little is looked at, and a few files of code are little to read,
        but what they look into is much, too."""
        return self.size // _DOCUMENTS_ARE_LIGHTER if self.family == DOCUMENTS else self.size + _LOOKED_INTO

    @property
    def cost(self) -> int:
        """What it takes beside others: where no types are declared, more values have to be followed. Python takes 0.55 CPU
        seconds a megabyte, JavaScript 0.3, C 0.33, Java 0.23."""
        if self.family == DOCUMENTS or _dialect(self.family).declared_types is not DeclaredTypes.NEVER:
            return self.weight
        return 2 * self.weight


def weight_of(tasks: Sequence[LinkTask]) -> int:
    """What tasks weigh together, in bytes of code. Of little work the largest task does not count: workers would only share
    what is left beside it, and to start them takes as long."""
    weights = [task.weight for task in tasks]
    total = sum(weights)
    return total if total > _WORTH_WORKERS else total - max(weights, default=0)


@dataclass(frozen=True, slots=True, eq=False)
class LinkedFile:
    """The edges of one file; where `edges.files` is 0, `edges.slots` are places in `externals`, each a (language, name).
    Those that are `kept` as they were stored come on top."""

    file: int
    edges: FileEdges
    externals: tuple[tuple[str, str], ...]
    kept: FileEdges | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LinkResult:
    """What became of a task: the edges of its files, the ids of others that were looked into, the names that decided among
    these, and those that strings name, wherever it is. `problem` says why there are none."""

    task: LinkTask
    files: tuple[LinkedFile, ...]
    world: tuple[int, ...]
    mentions: NameHashes
    named: NameHashes
    seconds: float
    problem: str = ""


def link_batch(tasks: Sequence[LinkTask]) -> list[LinkResult]:
    """Link groups, one result a task, in their order."""
    results = []
    for task in tasks:
        with collector_paused():
            results.append(_link(task))
    return results


def give_up_linking(task: LinkTask, reason: str) -> LinkResult:
    """The result for a group that killed the process which linked it, or took it too long."""
    return LinkResult(task, (), (), _NO_NAMES, _NO_NAMES, 0.0, f"not linked: {reason}")


def _link(task: LinkTask) -> LinkResult:
    began = time.process_time()
    try:
        return _linked(task, began)
    except Exception as error:  # noqa: BLE001 - see above
        _log.debug("%s could not be linked", task.name, exc_info=True)
        problem = f"linker failed: {error!r}"[:_MAX_REASON]
        return LinkResult(task, (), (), _NO_NAMES, _NO_NAMES, time.process_time() - began, problem)


def _linked(task: LinkTask, began: float) -> LinkResult:
    session = _session(task.folder, task.generation)
    group = {key: session.facts.facts(key) for key in task.members}
    if task.family == DOCUMENTS:
        linked_documents = link_mentions(group, session.places, session.facts)
        files = tuple(session.packed_mentions(key, links) for key, links in linked_documents.items())
        deciding = hashes_of(deciding_names(group.values()))
        return LinkResult(task, files, (), deciding, _NO_NAMES, time.process_time() - began)
    dialect, directory = _dialect(task.family), session.directory(task.family)
    never = CancellationToken()
    # Told now: to read the facts of a large group once more would take a tenth of the time of linking it.
    first_wired = {key: first_wiring(file.facts.definitions) for key, file in group.items()}
    parts = parts_of(task.edited, group, session.facts) if task.edited is not None else {}
    naming = {key: said_by_part(file, parts[key].part) if key in parts else file for key, file in group.items()}
    if parts:
        group = linked_together(group, parts)
    most = MOST_WORLD if task.whole else _most_for(len(group) - len(parts), len(parts))
    world = find_world(group, directory, session.facts, dialect, never, most)
    linked = {links.path: links for links in link_files(group.values(), world.files, never, session.names)}
    ids = {file.path: key for key, file in group.items()}
    ids.update(zip((file.path for file in world.files), world.ids, strict=True))
    # Gathering the places of a whole index is for those alone whose strings name something.
    names_any = any(item.kind in NAMED for file in naming.values() for item in file.facts.namings)
    named = link_namings(naming, session.places, session.facts) if names_any else {}
    wired = link_wirings(naming, session.facts)
    files = tuple(
        session.packed(
            key, first_wired[key], linked[file.path], ids, (*named.get(key, ()), *wired.get(key, ())), parts.get(key)
        )
        for key, file in group.items()
    )
    names = hashes_of(named_in(naming.values()) | wired_in(naming.values()))
    return LinkResult(task, files, tuple(sorted(world.ids)), world.mentions, names, time.process_time() - began)


def _most_for(files: int, parts: int) -> int:
    """How many others so many files and parts of files are linked with."""
    most = max(_MOST_FOR_A_FEW if files else _MOST_FOR_A_PART, _MOST_FOR_EACH * files + _MOST_FOR_EACH_PART * parts)
    return min(MOST_WORLD, most)


class _Session:
    """The index as one generation shows it; kept by a worker for as long as that is the one asked for."""

    def __init__(self, folder: Path) -> None:
        self.facts = StoredFacts(folder)
        self._directories: dict[str, Directory] = {}

    def directory(self, family: str) -> Directory:
        known = self._directories.get(family)
        if known is None:
            members = self.facts.members()
            files = [(m.id, m.path) for language in _dialect(family).languages for m in members.get(language, ())]
            known = self._directories[family] = Directory(files, self.names)
        return known

    @functools.cached_property
    def names(self) -> OwnNames:
        """What the source calls its parts."""
        return self.facts.own_names()

    @functools.cached_property
    def places(self) -> Places:
        """Every file; documents are named by their paths alone."""
        files = self.facts.members()
        paths = {m.id: m.path for members in files.values() for m in members}
        code = {m.id for language, members in files.items() if is_linked(language) for m in members}
        return Places(paths, code, {m.id for m in files.get("sql", ())}, self.names)

    def packed_mentions(self, file: int, links: Sequence[MentionLink]) -> LinkedFile:
        return LinkedFile(file, make_edges(self._rows_of(file, links)), ())

    def _rows_of(self, file: int, links: Sequence[MentionLink]) -> list[tuple[int, int, int, EdgeKind, Confidence, int]]:
        slot, kind, confidence = self.facts.slot, EdgeKind.REFERENCES, Confidence.INFERRED
        return [
            (slot(file, link.source), link.file, slot(link.file, link.definition), kind, confidence, link.line)
            for link in links
        ]

    def packed(
        self,
        file: int,
        first_wired: int,
        links: FileLinks,
        ids: dict[str, int],
        named: Sequence[MentionLink],
        part: KeptPart | None,
    ) -> LinkedFile:
        """The edges of a file; what its definitions from `first_wired` on do is not seen."""
        externals: dict[tuple[str, str], int] = {}
        slot, rows = self.facts.slot, []
        chosen = None if part is None else frozenset(part.part.chosen)
        for source, (path, definition, external, language), kind, confidence, line in links.links:
            if chosen is not None and source not in chosen:
                continue
            if path:
                holder = ids[path]
                place = slot(holder, definition)
            else:
                holder, place = 0, externals.setdefault((language, external), len(externals))
            # What a framework does with what stands behind a path is not seen.
            sure = INFERRED if source >= first_wired else confidence
            rows.append((slot(file, source), holder, place, kind, sure, line))
        if named:
            known = {row[:4] for row in rows}
            rows += [row for row in self._rows_of(file, named) if row[:4] not in known]
        return LinkedFile(file, make_edges(rows), tuple(externals), None if part is None else part.edges)


_open: dict[tuple[str, int], _Session] = {}
"""The session of this process, if it has one."""


def _session(folder: str, generation: int) -> _Session:
    session = _open.get((folder, generation))
    if session is None:
        close_session()
        session = _open[folder, generation] = _Session(Path(folder))
    return session


def close_session() -> None:
    """Let go of the index; for a process that goes on to other work."""
    for session in _open.values():
        session.facts.close()
    _open.clear()


@functools.cache
def _dialect(family: str) -> type[Dialect]:
    return next(dialect for dialect in DIALECTS if dialect.languages[0] == family)
