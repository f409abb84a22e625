"""The facts of an index, as linking asks for them; for the process that writes the index and for its workers."""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from core.kept import Kept
from core.model.source import FileRole
from core.model.symbol import Definition
from indexing.edge_columns import FileEdges, unpack_edges
from indexing.encodings import decode
from indexing.fact_columns import unpack_outline
from indexing.linking.groups import Member
from indexing.linking.include_folders import NO_FOLDERS, load_include_folders
from indexing.linking.own_names import MOST_MANIFESTS, OwnNames, is_manifest, own_names
from indexing.linking.records import FileFacts
from indexing.linking.slices import SEEN_REFERENCES, interface_of_seen
from indexing.linking.world import FileInterface
from indexing.packed import name_hash
from indexing.stores.sqlite.drawers import EDGES, LINKED
from indexing.stores.sqlite.keys import unpack_ids, unpack_slots
from indexing.stores.sqlite.names import NameTable
from indexing.stores.sqlite.rows import Rows
from indexing.use_columns import BlockUses

_KEPT_INTERFACES = 4_000
_KEPT_FACTS = 50
_MOST_HOLDERS = 64
"""A name that more files define is no evidence of any of them."""


class StoredFacts:
    """Implements `indexing.linking.world.FactSource` and `indexing.linking.mentions.NameSource` over the last commit at the
    time of opening."""

    def __init__(self, folder: Path) -> None:
        self._rows = Rows(folder)
        self._names = NameTable(self._rows)
        self._kept_facts = Kept[int, FileFacts](_KEPT_FACTS)
        self._kept_interfaces = Kept[int, FileInterface](_KEPT_INTERFACES)
        self._slots: dict[int, list[int]] = {}

    def close(self) -> None:
        self._rows.close()

    def members(self) -> Mapping[str, Sequence[Member]]:
        """Every file by its language, in the order of paths."""
        return self._members

    @functools.cached_property
    def _members(self) -> dict[str, list[Member]]:
        found: defaultdict[str, list[Member]] = defaultdict(list)
        rows = self._rows.all(
            "SELECT files.id, path, files.language, size FROM files JOIN contents ON contents.id = files.content"
            " ORDER BY path"
        )
        for key, path, language, size in rows:
            found[language].append(Member(key, path, size))
        return found

    def own_names(self) -> OwnNames:
        """What the source calls its parts, as its manifests and the folders it came from say."""
        told = dict(self._rows.all("SELECT key, value FROM meta WHERE key IN ('packages', 'includes')"))
        packages: dict[str, str] = json.loads(told.get("packages", "{}"))
        includes = load_include_folders(told["includes"]) if "includes" in told else NO_FOLDERS
        return own_names(packages, islice(self._manifests(), MOST_MANIFESTS), includes)

    def _manifests(self) -> Iterator[tuple[str, bytes]]:
        rows = self._rows.all(
            "SELECT path, block, start, size FROM files JOIN contents ON contents.id = files.content"
            " WHERE path GLOB '*go.mod' OR path GLOB '*package.json' OR path GLOB '*Cargo.toml' ORDER BY path"
        )
        for path, block, start, size in rows:
            if is_manifest(path):
                yield path, self._rows.block(block).content(start, size)

    def facts(self, file: int) -> FileFacts:
        """Implements `indexing.linking.world.FactSource`."""
        return self._kept_facts.get(file, self._facts)

    def interface(self, file: int) -> FileInterface:
        """Implements `indexing.linking.world.FactSource`."""
        return self._kept_interfaces.get(file, self._interface)

    def _facts(self, file: int) -> FileFacts:
        path, language, uses, member, definitions = self._held(file)
        return FileFacts(path, language, uses.file(member).facts(definitions))

    def _interface(self, file: int) -> FileInterface:
        path, language, uses, member, definitions = self._held(file)
        seen = uses.seen(member, SEEN_REFERENCES).facts(definitions)
        return FileInterface(path, language, interface_of_seen(seen))

    def _held(self, file: int) -> tuple[str, str, BlockUses, int, tuple[Definition, ...]]:
        """The path and language of a file, the uses of its block and its number there, and its definitions."""
        [(path, language, block, member, slots)] = self._rows.all(
            "SELECT path, files.language, block, member, slots FROM files JOIN contents ON contents.id = files.content"
            " WHERE files.id = ?",
            file,
        )
        held = self._rows.block(block)
        uses = held.uses  # before the outline: together they take less
        definitions = unpack_outline(held.outline(member))
        if slots is not None:
            self._slots[file] = unpack_slots(slots, len(definitions))
        return path, language, uses, member, definitions

    def text(self, file: int) -> str:
        """The text of a file of code."""
        [(block, start, size, encoding)] = self._rows.all(
            "SELECT block, start, size, encoding FROM files JOIN contents ON contents.id = files.content WHERE files.id = ?",
            file,
        )
        return decode(self._rows.block(block).content(start, size), encoding)

    def outline(self, file: int) -> tuple[Definition, ...]:
        """The definitions of a file."""
        [(block, member, slots)] = self._rows.all(
            "SELECT block, member, slots FROM files JOIN contents ON contents.id = files.content WHERE files.id = ?", file
        )
        definitions = unpack_outline(self._rows.block(block).outline(member))
        if slots is not None:
            self._slots[file] = unpack_slots(slots, len(definitions))
        return definitions

    def defining(self, name: str, most: int, *, visible: bool) -> list[int]:
        """Implements `indexing.linking.mentions.NameSource`."""
        return self._names.files(name_hash(name), visible=visible)[:most]

    def holds(self, file: int) -> bool:
        """Whether the file is still there."""
        return bool(self._rows.all("SELECT 1 FROM files WHERE id = ?", file))

    def languages(self, file: int, content: int | None) -> frozenset[str]:
        """The language of a file, unless it is gone, and that of a content that it held."""
        rows = self._rows.all("SELECT language FROM files WHERE id = ?", file)
        rows += self._rows.all("SELECT language FROM contents WHERE id = ?", content)
        return frozenset(row[0] for row in rows)

    def content_facts(self, content: int, path: str) -> FileFacts:
        """The facts of a content that `path` held."""
        [(language, block, member)] = self._rows.all("SELECT language, block, member FROM contents WHERE id = ?", content)
        held = self._rows.block(block)
        uses = held.uses
        return FileFacts(path, language, uses.file(member).facts(unpack_outline(held.outline(member))))

    def slot(self, file: int, definition: int) -> int:
        """The slot of a definition of a file whose facts were asked for."""
        slots = self._slots.get(file)
        return definition if slots is None else slots[definition]

    def slots_named(self, file: int, is_wanted: Callable[[str], bool]) -> list[int]:
        """Slots of the definitions of a file whose names are wanted; none for a file that is gone."""
        if not self.holds(file):
            return []
        definitions = self.facts(file).facts.definitions
        return [self.slot(file, index) for index, item in enumerate(definitions) if is_wanted(item.name)]

    def edges_into(self, file: int) -> Iterator[tuple[int, FileEdges]]:
        """Files with edges to a file, each with all its edges; not the file itself."""
        for sources in LINKED.of(self._rows, [file]).values():
            for source in unpack_ids(sources).tolist():
                edges = self.edges_from(source) if source != file else None
                if edges is not None:
                    yield source, edges

    def edges_from(self, file: int) -> FileEdges | None:
        """All edges that start in a file; None where there are none."""
        held = EDGES.of(self._rows, [file]).get(file)
        return None if held is None else unpack_edges(held)

    def places(self, file: int) -> dict[int, int]:
        """The place of each definition of a file by its slot; of a file that is gone, none."""
        if not self.holds(file):
            return {}
        return {self.slot(file, place): place for place in range(len(self.outline(file)))}

    def holding(self, names: Collection[str]) -> Mapping[str, Sequence[int]]:
        """Implements `indexing.linking.wirings.WiringSource`."""
        found = {name: self._names.files(name_hash(name), visible=False) for name in names}
        return {name: files for name, files in found.items() if 0 < len(files) <= _MOST_HOLDERS}

    @functools.cached_property
    def _tests(self) -> frozenset[int]:
        return frozenset(row[0] for row in self._rows.all("SELECT id FROM files WHERE role = ?", str(FileRole.TEST)))

    def tests(self) -> frozenset[int]:
        """Implements `indexing.linking.wirings.WiringSource`."""
        return self._tests

    def holders(self, names: Collection[str]) -> Mapping[str, Sequence[int]]:
        by_hash = {name_hash(name): name for name in sorted(names)}
        found = {name: self._names.files(key, visible=True) for key, name in by_hash.items()}
        return {name: files for name, files in found.items() if 0 < len(files) <= _MOST_HOLDERS}
