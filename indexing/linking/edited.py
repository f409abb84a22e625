"""Which part of a file has to be linked again after an edit, here or in another file, and what that part says.

A definition is linked again when its own statements differ, when it says a name that means something else since, or when
the function around it is linked again. All else keeps its edges: nothing that they rest on has changed, and they were found
with the whole group in view. The price is that of any update of a large group (`indexing.link_plan`): what only an argument
carries from one definition into another is not followed until the group is settled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.model.symbol import Binding, Definition, Facts, Import, ReferenceKind
from indexing.kinds import DECORATES, RETURNED
from indexing.linking.program import CLASS_KINDS, FUNCTION_KINDS
from indexing.linking.records import FileFacts
from indexing.linking.slices import SEEN_REFERENCES, DeclaredTypes, cut, interface_of, names_in, told_names
from indexing.packed import name_hash

_NUMBERED = re.compile(r"<value\d+>")
"""Anonymous values are numbered through the file, so that an edit moves the numbers of all that follow."""
_BEGINNING = re.compile(r"\.\w*\*")
"""An attribute of which only the beginning is known: it may be any."""
_GENERIC = frozenset(map(name_hash, ("self", "this", "cls", "super", "exports", "module", "prototype")))
"""Names that tell nothing from anything else."""
_WILDCARD = "*"
_STEPS = 2
"""How often a part looks into what the rest of its file returns, inherits and holds, and how often a file hands on under
another name what has changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a file is linked again: the places of definitions, ascending; and of each other definition the line at which
    it says now what it said at another before, `kept[place] = {line before: line now}`."""

    chosen: tuple[int, ...]
    kept: Mapping[int, Mapping[int, int]]


def part_to_link(
    after: Facts, before: Facts, same: Mapping[int, int], changed: Collection[int], types: DeclaredTypes
) -> Part | None:
    """What has to be linked of a file that says `after` and was last linked when it said `before`.

    `same` are the places of definitions with those that they had then, `changed` the `name_hash`es of names that mean
    something else since; `types` is how far the language declares them. None where all of it has to be linked.
    """
    definitions = after.definitions
    if definitions[0].signature != before.definitions[0].signature or _wildcards(after) != _wildcards(before):
        return None
    new = _statements(after)
    old = new if before is after else _statements(before)
    names = _said_of(_handed_on(after, set(changed) - _GENERIC, types), new, definitions)
    chosen: set[int] = set()
    kept: dict[int, Mapping[int, int]] = {}
    for place, definition in enumerate(definitions):
        was = same.get(place)
        lines = _moved(new[place], old[was], definition, before.definitions[was]) if was is not None else None
        if lines is None or (names is not None and _says_any(new[place], definition, names)):
            chosen.add(place)
            if definition.kind in CLASS_KINDS and (was is None or _bases(new[place]) != _bases(old[was])):
                chosen.update(child for child, item in enumerate(definitions) if item.parent == place)
        else:
            kept[place] = lines
    _close(definitions, chosen)
    return Part(tuple(sorted(chosen)), {place: lines for place, lines in kept.items() if place not in chosen})


def names_of_part(file: FileFacts, part: Part) -> set[str]:
    """Every name that the chosen definitions say."""
    return names_in(_texts(file.facts, frozenset(part.chosen)))


def facts_of_part(file: FileFacts, part: Part, said: Collection[str], types: DeclaredTypes) -> FileFacts:
    """What the chosen definitions say, with what of the rest of their file they look into and who is linked with them: all
    that they say together is `said`."""
    facts, chosen = file.facts, frozenset(part.chosen)
    names = set(said)
    interface = interface_of(facts, types)
    for _ in range(_STEPS):
        names |= told_names(interface, names.__contains__)
    seen, ordinals = cut(interface, names.__contains__)
    # A chosen definition is kept because its name is said.
    places = {ordinal: place for place, ordinal in enumerate(ordinals)}
    held = {(binding.line, binding.kind, binding.name, binding.value, binding.scope) for binding in seen.bindings}
    bindings = []
    for binding in facts.bindings:
        place = places.get(binding.scope, -1)
        if place >= 0:
            moved = Binding(binding.kind, binding.name, binding.value, place, binding.line)
            if binding.scope in chosen or (binding.line, binding.kind, binding.name, binding.value, place) in held:
                bindings.append(moved)
    references = tuple(
        type(item)(item.kind, item.target, places[item.scope], item.line)
        for item in facts.references
        if item.scope in places and (item.scope in chosen or item.kind in SEEN_REFERENCES)
    )
    imports = tuple(
        Import(item.module, item.name, item.local, item.level, places[item.scope], item.line)
        for item in facts.imports
        if item.scope in places
        and (0 in chosen or item.scope in chosen or _is_wildcard(item) or not names.isdisjoint(names_in((item.local,))))
    )
    return FileFacts(file.path, file.language, Facts(seen.definitions, references, imports, tuple(bindings)), ordinals)


def said_by_part(file: FileFacts, part: Part) -> FileFacts:
    """The file with the strings of the chosen definitions alone."""
    namings = tuple(item for item in file.facts.namings if item.scope in part.chosen)
    return replace(file, facts=replace(file.facts, namings=namings))


_Statement = tuple[object, ...]
_Said = list[tuple[_Statement, int]]
"""What a definition itself says, in the order of the source, each with its line."""


def _statements(facts: Facts) -> list[_Said]:
    found: list[_Said] = [[] for _ in facts.definitions]

    def say(scope: int, line: int, *statement: object) -> None:
        found[scope].append((statement, line))

    for item in facts.references:
        target = _unnumbered(item.target)
        say(item.scope, item.line, item.kind, target)
        if item.kind is DECORATES:  # the decorator is called where the definition stands
            say(max(0, facts.definitions[item.scope].parent), item.line, item.kind, target)
    for imported in facts.imports:
        for scope in {imported.scope, 0}:  # wherever it stands, it is the file that imports
            say(scope, imported.line, Import, imported.module, imported.name, imported.local, imported.level)
    for binding in facts.bindings:
        say(binding.scope, binding.line, binding.kind, _unnumbered(binding.name), _unnumbered(binding.value))
    for naming in facts.namings:
        say(naming.scope, naming.line, naming.kind, naming.target)
    return found


def _unnumbered(text: str) -> str:
    return _NUMBERED.sub("<value>", text) if "<value" in text else text


def _moved(new: _Said, old: _Said, now: Definition, then: Definition) -> dict[int, int] | None:
    """Where each line of a definition has gone to; None where it says something else, or a line was divided."""
    if new is old:
        return {now.name_line: now.name_line, **{line: line for _, line in new}}
    if len(new) != len(old) or (now.kind, now.signature) != (then.kind, then.signature):
        return None
    lines: dict[int, int] = {then.name_line: now.name_line}
    for (statement, line), (before, line_before) in zip(new, old, strict=True):
        if statement != before or lines.setdefault(line_before, line) != line:
            return None
    return lines


def _wildcards(facts: Facts) -> list[tuple[str, int]]:
    """Whose names a file sees without saying them."""
    return [(item.module, item.level) for item in facts.imports if _is_wildcard(item)]


def _is_wildcard(item: Import) -> bool:
    return item.name == _WILDCARD or not item.local


def _bases(said: _Said) -> list[_Statement]:
    return [
        statement for statement, _ in said if isinstance(statement[0], ReferenceKind) and statement[0] in SEEN_REFERENCES
    ]


def _said_of(hashes: Collection[int], said: Sequence[_Said], definitions: Sequence[Definition]) -> frozenset[str] | None:
    """Those names of a file whose `name_hash` is among others; None where there are no others."""
    if not hashes:
        return None
    texts = {text for one, definition in zip(said, definitions, strict=True) for text in _texts_of(one, definition)}
    return frozenset(name for name in names_in(texts) if name_hash(name) in hashes)


def _says_any(said: _Said, definition: Definition, names: Collection[str]) -> bool:
    """Whether a definition says one of these names, or something of which only the beginning is known."""
    text = "\n".join(_texts_of(said, definition))
    # To look for a few names first is a tenth of the work of taking all apart.
    return _BEGINNING.search(text) is not None or (
        any(name in text for name in names) and not names_in(text.split("\n")).isdisjoint(names)
    )


def _texts_of(said: _Said, definition: Definition) -> list[str]:
    return [definition.name, *(text for statement, _ in said for text in statement[1:] if isinstance(text, str))]


def _handed_on(facts: Facts, changed: set[int], types: DeclaredTypes) -> set[int]:
    """The hashes of the names under which a file knows, or hands on, what has changed."""
    found = set(changed)
    if not found:
        return found
    for item in facts.imports:
        if name_hash(item.name) in found:
            found.update(map(name_hash, names_in((item.local,))))
    interface = interface_of(facts, types)
    for _ in range(_STEPS):
        for binding, name in zip(interface.facts.bindings, interface.names, strict=True):
            told = facts.definitions[binding.scope].name if binding.kind is RETURNED else name
            if told and any(name_hash(said) in found for said in names_in((binding.value,))):
                found.add(name_hash(told))
        found -= _GENERIC
    return found


def _close(definitions: Sequence[Definition], chosen: set[int]) -> None:
    """A function goes with those within it, and with the ones around it: they share variables."""
    for place, item in enumerate(definitions):
        if item.parent in chosen and definitions[item.parent].kind in FUNCTION_KINDS:
            chosen.add(place)
    for place in sorted(chosen, reverse=True):
        outer = definitions[place].parent
        while outer >= 0 and definitions[outer].kind in FUNCTION_KINDS:
            chosen.add(outer)
            outer = definitions[outer].parent


def _texts(facts: Facts, chosen: Collection[int]) -> Iterator[str]:
    """All that the chosen definitions say, their names and those around them included."""
    for place in chosen:
        yield from _names_around(facts.definitions, place)
    for item in facts.references:
        if item.scope in chosen:
            yield item.target
        elif item.kind is DECORATES and facts.definitions[item.scope].parent in chosen:
            yield from (item.target, facts.definitions[item.scope].name)
    for binding in facts.bindings:
        if binding.scope in chosen:
            yield binding.name
            yield binding.value
    for imported in facts.imports:
        if imported.scope and imported.scope in chosen:
            yield from (imported.module, imported.name, imported.local)
        if imported.scope and 0 in chosen:
            yield from _names_around(facts.definitions, imported.scope)


def _names_around(definitions: Sequence[Definition], place: int) -> Iterator[str]:
    """The name of a definition, and of those around it."""
    while place >= 0:
        yield definitions[place].name
        place = definitions[place].parent
