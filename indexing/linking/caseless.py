"""What the dialects of languages share that ignore case and know one space of names for the whole program.

Definitions keep their names as written; scopes keep them in lower case (`Dialect.folds_case`), as access paths have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from posixpath import basename, dirname, splitext

from indexing.linking.dialect import Dialect
from indexing.linking.program import Program

_MAX_NAMESAKES = 12


class CaselessDialect(Dialect):
    """Finds definitions of other files by name."""

    folds_case = True

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._stems: dict[str, list[int]] = {}
        for file in program.files:
            stem = splitext(basename(program.table.files[file].path))[0].lower()
            self._stems.setdefault(stem, []).append(program.table.first[file])
        self._chosen: dict[tuple[tuple[int, ...], bool], int] = {}
        self._folders: dict[int, list[str]] = {}

    def builtin(self, name: str) -> int:
        """The node of a name that the language itself gives a meaning."""
        return self._constant(self.program.values.external("<builtin>." + name))

    def library(self, name: str) -> int:
        """The node of a name that a library outside of the source must define, though no one says which."""
        node = self._constant(self.program.values.external(name))
        self.program.network.guessed.add(node)
        return node

    def files_called(self, stem: str, near: int) -> list[int]:
        """The modules whose file has that name (in lower case, without ending), those nearest to the scope `near`."""
        return self.nearest(self._stems.get(stem, ()), near)

    def nearest(self, keys: Sequence[int], near: int) -> list[int]:
        """Those of the definitions `keys` whose files share most folders with the file of `near`."""
        if len(keys) < 2:
            return list(keys)
        own = self._folder(near)
        shared = [_shared(own, self._folder(key)) for key in keys]
        return [key for key, count in zip(keys, shared, strict=True) if count == max(shared)]

    def _folder(self, key: int) -> list[str]:
        file = self.program.table.file_of[key]
        if file not in self._folders:
            self._folders[file] = dirname(self.program.table.files[file].path).split("/")
        return self._folders[file]

    def value_of(self, keys: Iterable[int], *, certain: bool) -> int | None:
        """The node of what the definitions `keys` stand for; where there are several, or not `certain`, it is a guess."""
        chosen = tuple(keys)[:_MAX_NAMESAKES]
        if not chosen:
            return None
        mark = (chosen, certain)
        if mark not in self._chosen:
            network = self.program.network
            node = self._chosen[mark] = network.node()
            for key in chosen:
                if (value := self.program.definition_value(key)) is not None:
                    network.add(node, value)
            if not certain or len(chosen) > 1:
                network.guessed.add(node)
        return self._chosen[mark]


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count
