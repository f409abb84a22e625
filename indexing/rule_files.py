"""Where ignore rules and attributes are written, and which of them hold in a folder.

A repository within the source (a submodule, another checkout) begins anew: rules above are not about it. Its own git
directory is looked into only where that lies in the source.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from core.settings import ScanSettings
from indexing.attributes import FILE_NAME as ATTRIBUTES
from indexing.attributes import AttributeRules
from indexing.ignore import Rules, RuleSet, bytewise, read_rules
from indexing.intake.git import repository_around, repository_at
from indexing.roles import CACHES, VERSION_CONTROL

_MAX_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds in a folder. Paths count from the repository around the source, `outer` being the way down to it."""

    rules: Rules = field(default_factory=Rules)
    attributes: AttributeRules = field(default_factory=AttributeRules)


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Reads the rules of one source. `outer` is the source's place in the repository around it (empty, or ending in `/`),
    `bounds` what git directories may lie in."""

    root: str
    names: tuple[str, ...]
    outer: str
    bounds: Path
    above: InForce
    always: Rules = field(default_factory=Rules)
    """A person's own, which hold in every repository within the source."""

    @classmethod
    def of(cls, root: Path, settings: ScanSettings) -> RuleFiles:
        """Those of the source at `root`, with the rules that reach down to it from the repository around it."""
        repository = repository_around(root)
        own = RuleSet(map(bytewise, settings.ignore))
        if not repository or repository.folder == root:
            always = Rules().within("", own)
            return cls(str(root), settings.ignore_files, "", root, InForce(always), always)
        outer = root.relative_to(repository.folder).as_posix() + "/"
        around = cls(str(repository.folder), settings.ignore_files, "", repository.folder, InForce())
        above, inner = around.within(InForce(), "", {".git", ATTRIBUTES, *settings.ignore_files}), ""
        for part in outer.split("/")[:-1]:
            inner += part + "/"
            if above.rules.ignores(inner):
                # Who names an ignored folder wants it.
                always = Rules().within("", own)
                return cls(str(root), settings.ignore_files, "", root, InForce(always), always)
            if inner != outer:
                above = around.within(above, inner, {ATTRIBUTES, *settings.ignore_files})
        always = Rules().within(outer, own)
        above = InForce(Rules((*always.sets, *above.rules.sets)), above.attributes)
        return cls(str(root), settings.ignore_files, outer, repository.folder, above, always)

    def within(self, above: InForce, inner: str, names: Collection[str]) -> InForce:
        """What holds in the folder `inner` (empty, or ending in `/`), which has entries of these names."""
        has_repository, has_attributes = ".git" in names, ATTRIBUTES in names
        files = [name for name in self.names if name in names]
        if not (has_repository or has_attributes or files):
            return above
        folder = Path(f"{self.root}/{inner}")
        rules, attributes, place = above.rules, above.attributes, self.outer + inner
        repository = repository_at(folder, self.bounds if inner else None) if has_repository else None
        if repository:
            rules, attributes = self.always.within(place, read_rules([repository.exclude_file])), AttributeRules()
        rules = rules.within(place, read_rules(folder / name for name in files))
        if has_attributes:
            attributes = attributes.within(place, [folder / ATTRIBUTES])
        if repository:
            attributes = attributes.within(place, [repository.common / "info" / "attributes"])
        return InForce(rules, attributes)

    def ignores_folder(self, name: str, inner: str, rules: Rules) -> bool:
        """Whether the folder `name` in the folder `inner` is left out, with all below it."""
        return name in VERSION_CONTROL or name in CACHES or rules.ignores(f"{self.outer}{inner}{name}/")


class Sieve:
    """Whether a scan of the source at `root` would look at a path, asked about one path at a time.

    What holds in a folder is read once. `exclude` is where the index lies.
    """

    def __init__(self, root: Path, settings: ScanSettings, exclude: Path) -> None:
        self._root = os.path.join(root, "")  # noqa: PTH118 - with a `/` at its end
        self._settings = settings
        self._exclude = os.path.join(os.path.realpath(exclude), "")  # noqa: PTH118
        self._names = frozenset({".git", ATTRIBUTES, *settings.ignore_files})
        self._forget()

    def passes(self, path: str) -> bool:
        """Whether the file or folder `path`, as `os` spells it, is looked at; the source's own folder is."""
        if not path.startswith(self._root):
            return True
        if path.startswith(self._exclude) or path + os.sep == self._exclude:
            return False
        *folders, name = path[len(self._root) :].replace(os.sep, "/").split("/")
        if name in self._names:
            self._forget()
        inner, force = "", self._within("", self._files.above)
        for folder in folders:
            if self._files.ignores_folder(folder, inner, force.rules):
                return False
            inner += folder + "/"
            force = self._within(inner, force)
        # What is gone cannot be asked whether it was a folder.
        place = self._files.outer + inner + name
        return name not in VERSION_CONTROL and name not in CACHES and not force.rules.ignores(place)

    def _within(self, inner: str, above: InForce) -> InForce:
        known = self._known.get(inner)
        if known is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            known = self._known[inner] = self._files.within(above, inner, self._names)
        return known

    def _forget(self) -> None:
        self._files = RuleFiles.of(Path(self._root), self._settings)
        self._known: dict[str, InForce] = {}
