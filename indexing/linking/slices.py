"""The part of a file's facts that other files can notice, cut down to the names they mention.

Whoever links a file needs little of those it refers to: what they define under the names it mentions, what that inherits,
returns and holds. Calls, and what a function does with its own variables, concern no one else. The price: a value that
only an argument carries from one group of files into another is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from core.model.symbol import Binding, Definition, Facts
from indexing.kinds import (
    ANNOTATED,
    ARGUMENT,
    ASSIGNED,
    CONSTRUCTOR,
    DECORATES,
    GLOBAL,
    IMPLEMENTS,
    INHERITS,
    LAMBDA,
    MODULE,
    PARAMETER,
    RETURNED,
)
from indexing.languages.records import new_binding, new_definition, new_reference
from indexing.linking.program import CLASS_KINDS, FUNCTION_KINDS

_NAME = re.compile(r"[^\W\d]\w*")
_WORD = re.compile(r"[^\s.,:;/\\()\[\]<>\"\w]*\w[^\s.,:;/\\()\[\]<>\"]*")
"""What stands between the separators of paths: `save!`, `CUST-UPDATE`, `foldl'` are names, too."""
_ALWAYS_KEPT = frozenset({PARAMETER, RETURNED, GLOBAL})
_RESULT = "()"
"""The name under which a function's own declared result stands; what it holds, and the second of several, begin with it."""
_ANONYMOUS = "<value"
_EXPORTS = frozenset({"exports", "module"})
_MOST_NESTED = 20
_BACKWARDS = 3
"""How often the variables that a returned value is made of are looked for."""


class DeclaredTypes(Enum):
    """Whether the values of a language have types that the source tells."""

    NEVER = "never"
    MOSTLY = "mostly"
    ALWAYS = "always"


Mentions = Callable[[str], bool]
"""Whether a name is mentioned."""


def names_in(paths: Iterable[str]) -> set[str]:
    """All names of access paths, and the identifiers within those that are none themselves."""
    texts = set(paths)
    plain = set(filter(str.isidentifier, texts))
    words = set(_WORD.findall("\n".join(texts - plain)))
    return plain.union(words, *(_NAME.findall(word) for word in words if not word.isidentifier()))


def mentioned(facts: Facts) -> set[str]:
    """Every name that a file says, as the name of something it defines or as part of a path."""
    texts = {item.name for item in facts.definitions}
    texts |= {item.target for item in facts.references}
    texts |= {item.name for item in facts.bindings}
    texts |= {item.value for item in facts.bindings}
    texts |= {text for item in facts.imports for text in (item.module, item.name, item.local)}
    return names_in(texts)


@dataclass(frozen=True, slots=True)
class Interface:
    """All that others can notice of a file, in the order of the file: what `cut` chooses from.

    `facts` holds every definition, and of the rest what stays whatever is mentioned; `names[i]` are the names by which
    `facts.bindings[i]` may be noticed, empty where its scope decides. `fields` are names of fields with the functions that
    assign them.
    """

    facts: Facts
    names: tuple[str, ...]
    fields: tuple[tuple[str, int], ...]


SEEN_REFERENCES = frozenset({INHERITS, IMPLEMENTS, DECORATES})
"""The uses of names that others can notice."""


def interface_of(facts: Facts, types: DeclaredTypes = DeclaredTypes.NEVER) -> Interface:
    """The part of a file's facts that others can notice; where `types` are declared, what is done with values tells less."""
    references = tuple(item for item in facts.references if item.kind in SEEN_REFERENCES)
    imports = tuple(item for item in facts.imports if not item.scope)
    bindings = tuple(facts.bindings[place] for place in seen_bindings(facts, types))
    return interface_of_seen(Facts(facts.definitions, references, imports, bindings))


def interface_of_seen(seen: Facts) -> Interface:
    """The same, given nothing but what can be noticed: all definitions, references of `SEEN_REFERENCES`, imports of the
    file's own scope, and the bindings that `seen_bindings` names."""
    names = _names(seen.definitions, seen.bindings)
    held = zip(names, seen.bindings, strict=True)
    return Interface(seen, names, tuple(dict.fromkeys((name, b.scope) for name, b in held if name and "." in b.name)))


def seen_bindings(facts: Facts, types: DeclaredTypes = DeclaredTypes.NEVER) -> list[int]:
    """The places of the bindings that tell what a name holds that others can see, ascending. An index keeps them: a change
    here is a new feature version."""
    bindings = facts.bindings
    places = list(range(len(bindings))) if types is DeclaredTypes.NEVER else _beyond_types(bindings, types)
    return _chosen_bindings(facts.definitions, bindings, places)


def cut(interface: Interface, is_mentioned: Mentions) -> tuple[Facts, list[int]]:
    """What matters to whoever mentions those names, and the place of each kept definition among all."""
    facts = interface.facts
    kept = _kept_definitions(interface, is_mentioned)
    ordinals = [index for index, keep in enumerate(kept) if keep]
    places = {ordinal: index for index, ordinal in enumerate(ordinals)}
    definitions = tuple(_moved(facts.definitions[ordinal], places) for ordinal in ordinals)
    references = tuple(
        new_reference(item.kind, item.target, places[item.scope], item.line)
        for item in facts.references
        if item.scope in places
    )
    bindings = tuple(
        new_binding(item.kind, item.name, item.value, places[item.scope], item.line)
        for item in _kept_bindings(interface, kept, is_mentioned)
    )
    return Facts(definitions, references, facts.imports, bindings), ordinals


def told_names(interface: Interface, is_mentioned: Mentions) -> set[str]:
    """The names that what `cut` gives leads on to: bases, declared types, what is returned and held."""
    kept = _kept_definitions(interface, is_mentioned)
    texts = {item.target for item in interface.facts.references if kept[item.scope]}
    texts.update(item.value for item in _kept_bindings(interface, kept, is_mentioned))
    return names_in(texts)


def _kept_bindings(interface: Interface, kept: Sequence[bool], is_mentioned: Mentions) -> Iterator[Binding]:
    for item, name in zip(interface.facts.bindings, interface.names, strict=True):
        if kept[item.scope] and (not name or is_mentioned(name)):
            yield item


def _kept_definitions(interface: Interface, is_mentioned: Mentions) -> list[bool]:
    definitions = interface.facts.definitions
    kept = [False] * len(definitions)
    assigning = {scope for name, scope in interface.fields if is_mentioned(name)}
    for index, item in enumerate(definitions):
        outer = item.parent
        if outer >= 0 and definitions[outer].kind in FUNCTION_KINDS:
            # What a function defines inside may be what it returns.
            kept[index] = kept[outer]
        elif (
            outer < 0
            or is_mentioned(item.name)
            or _are_said(item.name, is_mentioned)
            or is_implied(item)
            or index in assigning
        ):
            at = index
            while at >= 0 and not kept[at]:
                kept[at] = True
                at = definitions[at].parent
    return kept


def _are_said(name: str, is_mentioned: Mentions) -> bool:
    """Of a name of several (`Shop.Orders`), whether all of them are mentioned; of an operator always."""
    return not name.isidentifier() and all(map(is_mentioned, _NAME.findall(name)))


def is_implied(item: Definition) -> bool:
    """Whether it is used without being named: a constructor, a special method, an anonymous function."""
    special = item.name[:2] == "__" and item.name[-2:] == "__"
    return special or item.kind is CONSTRUCTOR or item.kind is LAMBDA


def _chosen_bindings(definitions: Sequence[Definition], bindings: Sequence[Binding], places: list[int]) -> list[int]:
    """Those of `places` whose bindings tell what a name holds that others can see."""
    needed: dict[int, set[str]] = {}
    """By scope, the names that kept values are made of."""
    called: dict[int, set[str]] = {}
    """By scope, the paths of functions whose results are kept."""
    seen = [item.kind in CLASS_KINDS or item.kind is MODULE for item in definitions]
    kept: list[int] = []
    open_ = places
    for _ in range(_BACKWARDS):
        left = []
        for index in open_:
            binding = bindings[index]
            kind, name, scope = binding.kind, binding.name, binding.scope
            if kind in _ALWAYS_KEPT or name.startswith(_RESULT):
                pass
            elif kind is ARGUMENT:
                if scope not in called or name.rpartition("(")[0] not in called[scope]:
                    left.append(index)
                    continue
            elif not (seen[scope] or "." in name or (scope in needed and _root(name) in needed[scope])):
                left.append(index)
                continue
            kept.append(index)
            if kind is not PARAMETER and kind is not ANNOTATED:
                needed.setdefault(scope, set()).add(_root(binding.value))
                if _RESULT in binding.value:
                    called.setdefault(scope, set()).update(_callees(binding.value))
        if len(left) == len(open_):
            break
        open_ = left
    return sorted(kept)


def _beyond_types(bindings: Sequence[Binding], types: DeclaredTypes) -> list[int]:
    """The places of what tells more than declared types do: tables and fields of functions, results without a type."""
    told, always = {item.scope for item in bindings if item.name == _RESULT}, types is DeclaredTypes.ALWAYS
    found = []
    for place, item in enumerate(bindings):
        if item.kind is PARAMETER or item.kind is ARGUMENT:
            continue
        if item.kind is RETURNED and (always or item.scope in told):
            continue
        if item.kind is ASSIGNED and item.scope and "()" in item.value and always:
            continue
        found.append(place)
    return found


def _names(definitions: Sequence[Definition], bindings: Sequence[Binding]) -> tuple[str, ...]:
    """By which name each is noticed; entries of a table by that of what holds the table."""
    names = [_noticed_by(definitions, binding) for binding in bindings]
    holders: dict[str, str] = {}
    for binding, name in zip(bindings, names, strict=True):
        if binding.value.startswith(_ANONYMOUS) and (name or binding.name.startswith(_ANONYMOUS)):
            holders.setdefault(_root(binding.value), name or _root(binding.name))
    return tuple(
        _holder(_root(binding.name), holders) if not name and binding.name.startswith(_ANONYMOUS) else name
        for binding, name in zip(bindings, names, strict=True)
    )


def _holder(value: str, holders: dict[str, str]) -> str:
    """The name that holds an anonymous value, perhaps within others; empty where nothing of a name does."""
    for _ in range(_MOST_NESTED):
        value = holders.get(value, "")
        if not value.startswith(_ANONYMOUS):
            break
    return "" if value.startswith(_ANONYMOUS) else value


def _noticed_by(definitions: Sequence[Definition], binding: Binding) -> str:
    """The name that others must mention to notice an assignment; empty where they need not."""
    if (binding.kind is not ASSIGNED and binding.kind is not ANNOTATED) or binding.name.startswith(_ANONYMOUS):
        return ""
    scope = definitions[binding.scope]
    if scope.kind in CLASS_KINDS or scope.kind is MODULE:
        root = _root(binding.name)
        return "" if root in _EXPORTS else root
    return _last_name(binding.name) if "." in binding.name else ""


def _last_name(path: str) -> str:
    found = _NAME.findall(path.rpartition(".")[2])
    return found[0] if found else ""


def _root(path: str) -> str:
    if path.startswith(_ANONYMOUS):
        return path.partition(">")[0] + ">"
    match = _NAME.match(path)
    return match[0] if match else ""


def _callees(path: str) -> Iterator[str]:
    """`f().g()` calls `f` and `f().g`."""
    at = path.find("()")
    while at >= 0:
        yield path[:at]
        at = path.find("()", at + 2)


def _moved(item: Definition, places: dict[int, int]) -> Definition:
    parent = places[item.parent] if item.parent >= 0 else -1
    if parent == item.parent:
        return item
    return new_definition(item.name, item.nesting, item.kind, item.span, item.name_line, parent, item.signature, item.doc)
