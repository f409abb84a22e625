"""Rules for an architecture: which part must not depend on which, as a file says, and where the code goes against it.

    layers = ["desktop", "indexing", "core"]        # each may use those after it, none before it

    [[forbid]]
    from = "core"
    to = ["resources", "library:PySide6"]
    except = ["core/legacy/**"]
    why = "the core knows no window"

A part is a folder, a file or a glob; `library:NAME` is something from outside. An entry of `layers` may be a list: parts of
one layer. What breaks a rule must be certain: an edge found by inference may be a call of what was handed in, which is no
dependency, and what a document mentions is none either.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.errors import UsageError
from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import Place
from core.model.symbol import Symbol
from core.paths import glob_matcher

RULES_FILE = "codestrata-rules.toml"
"""Where the rules of a source are, at its root."""
LIBRARY = "library:"
_GLOB = frozenset("*?[")
_LAYER_KEYS = {"layers", "forbid"}
_RULE_KEYS = {"from", "to", "except", "why"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Nothing of `sources` may depend on anything of `targets`, but for what lies in `exempt`."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    exempt: tuple[str, ...] = ()
    why: str = ""

    @property
    def told(self) -> str:
        """The rule in words."""
        words = f"{' and '.join(self.sources)} must not depend on {' or '.join(self.targets)}"
        return f"{words}: {self.why}" if self.why else words


@dataclass(frozen=True, slots=True)
class Violation:
    """A use that a rule forbids, where it is stated."""

    rule: Rule
    place: Place
    source: str
    target: str
    target_name: str
    kind: EdgeKind
    confidence: Confidence


@dataclass(frozen=True)
class Rules:
    """The rules of one file."""

    rules: tuple[Rule, ...] = ()

    def violations(
        self, edges: Iterable[Edge], symbols: Mapping[int, Symbol], owner: Callable[[Symbol], str]
    ) -> list[Violation]:
        """Every use that goes against a rule, by place. `owner` gives the file of a symbol, or `external:NAME`."""
        if not self.rules:
            return []
        found: dict[tuple[Rule, str, int, int], Violation] = {}
        for edge in edges:
            if edge.confidence is not Confidence.EXACT:
                continue
            source, target = symbols[edge.source], symbols[edge.target]
            home, other = owner(source), owner(target)
            if not home or not other or home == other:
                continue
            for rule in self._leaving(home) & self._arriving(other):
                place = Place(edge.path, edge.line, edge.line, source.qualified_name)
                violation = Violation(
                    self.rules[rule], place, home, other, target.qualified_name, edge.kind, edge.confidence
                )
                found.setdefault((self.rules[rule], edge.path, edge.line, edge.target), violation)
        return sorted(found.values(), key=lambda one: (one.place, one.target_name, one.rule.told))

    def unknown(self, paths: Sequence[str]) -> str:
        """The first part that names no file of `paths`; empty where all do."""
        for part in dict.fromkeys(part for rule in self.rules for part in (*rule.sources, *rule.targets)):
            if not part.startswith(LIBRARY) and not any(map(_matcher(part), paths)):
                return part
        return ""

    def _leaving(self, path: str) -> frozenset[int]:
        if path not in self._sources:
            matching = {
                number
                for number, (sources, exempt) in enumerate(self._source_tests)
                if any(test(path) for test in sources) and not any(test(path) for test in exempt)
            }
            self._sources[path] = frozenset(matching)
        return self._sources[path]

    def _arriving(self, path: str) -> frozenset[int]:
        if path not in self._targets:
            matching = {number for number, tests in enumerate(self._target_tests) if any(test(path) for test in tests)}
            self._targets[path] = frozenset(matching)
        return self._targets[path]

    @cached_property
    def _sources(self) -> dict[str, frozenset[int]]:
        return {}

    @cached_property
    def _targets(self) -> dict[str, frozenset[int]]:
        return {}

    @cached_property
    def _source_tests(self) -> list[tuple[list[Callable[[str], bool]], list[Callable[[str], bool]]]]:
        return [([*map(_matcher, rule.sources)], [*map(_matcher, rule.exempt)]) for rule in self.rules]

    @cached_property
    def _target_tests(self) -> list[list[Callable[[str], bool]]]:
        return [[*map(_matcher, rule.targets)] for rule in self.rules]


def _matcher(part: str) -> Callable[[str], bool]:
    if part.startswith(LIBRARY):
        name = "external:" + part.removeprefix(LIBRARY)
        return lambda path: path == name
    if _GLOB & set(part):
        return glob_matcher(part)
    folder = part.removeprefix("./").rstrip("/")
    return lambda path: path == folder or path.startswith(folder + "/")


def parse_rules(text: str, name: str) -> Rules:
    """The rules in the text of the file `name`; `UsageError` in one line for what is no such file."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(name, str(error), "correct it") from None
    if unknown := sorted(data.keys() - _LAYER_KEYS):
        raise _bad(name, f"'{unknown[0]}' is not known", "write `layers = […]` and `[[forbid]]`")
    layers, forbidden = data.get("layers", []), data.get("forbid", [])
    if not isinstance(layers, list) or not isinstance(forbidden, list):
        raise _bad(name, "`layers` is a list, and every rule begins with [[forbid]]", "correct it")
    levels = [_parts(level, name, f"layer {number}") for number, level in enumerate(layers, start=1)]
    rules = [
        Rule(lower, upper, (), f"layer {'/'.join(upper)} is above {'/'.join(lower)}")
        for number, upper in enumerate(levels)
        for lower in levels[number + 1 :]
    ]
    rules += [_rule(entry, name, number) for number, entry in enumerate(forbidden, start=1)]
    if not rules:
        raise _bad(name, "it holds no rule", 'write `layers = ["upper", "lower"]` or a [[forbid]] with `from` and `to`')
    for part in (part for rule in rules for part in (*rule.sources, *rule.targets, *rule.exempt)):
        _matcher(part)  # a glob that is none is told at once
    return Rules(tuple(rules))


def _rule(entry: object, name: str, number: int) -> Rule:
    where = f"rule {number}"
    if not isinstance(entry, dict):
        raise _bad(name, f"{where} is no table", "begin it with [[forbid]]")
    if unknown := sorted(entry.keys() - _RULE_KEYS):
        raise _bad(name, f"'{unknown[0]}' in {where} is not known", f"use {', '.join(sorted(_RULE_KEYS))}")
    if missing := [key for key in ("from", "to") if key not in entry]:
        raise _bad(name, f"{where} lacks '{missing[0]}'", "say from which part to which")
    why = entry.get("why", "")
    if not isinstance(why, str):
        raise _bad(name, f"'why' of {where} is no text", "put it between quotes")
    exempt = _parts(entry["except"], name, where) if "except" in entry else ()
    return Rule(_parts(entry["from"], name, where), _parts(entry["to"], name, where), exempt, " ".join(why.split()))


def _parts(value: object, name: str, where: str) -> tuple[str, ...]:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not parts or not all(isinstance(part, str) and part.strip("./ ") for part in parts):
        raise _bad(name, f"{where} names no part", "write a folder, a file or a glob between quotes, or a list of them")
    return tuple(parts)


def _bad(name: str, why: str, next_step: str) -> UsageError:
    return UsageError(f"{name} cannot be read as rules", why, next_step)
