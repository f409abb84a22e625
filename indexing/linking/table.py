"""All definitions of the source in one flat numbering, the keys of their symbols."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from core.model.symbol import Definition
from indexing.linking.records import FileFacts


class DefinitionTable:
    """Definitions by key, file by file in the order of paths.

    `first[i]` is the key of file i's module and `first[-1]` the number of all; `parent` holds keys, -1 for modules.
    """

    __slots__ = ("definitions", "file_of", "files", "first", "parent")

    def __init__(self, files: Iterable[FileFacts]) -> None:
        self.files: list[FileFacts] = sorted(files, key=lambda file: file.path)
        for before, after in pairwise(self.files):
            if before.path == after.path:
                raise ValueError(f"{after.path} was handed to the linker twice")
        self.first: list[int] = []
        self.definitions: list[Definition] = []
        self.parent: list[int] = []
        self.file_of: list[int] = []
        for index, file in enumerate(self.files):
            first = len(self.definitions)
            self.first.append(first)
            for definition in file.facts.definitions:
                self.definitions.append(definition)
                self.parent.append(first + definition.parent if definition.parent >= 0 else -1)
                self.file_of.append(index)
        self.first.append(len(self.definitions))

    def keys_of(self, file: int) -> range:
        return range(self.first[file], self.first[file + 1])

    def definitions_of(self, file: int) -> tuple[Definition, ...]:
        return self.files[file].facts.definitions
