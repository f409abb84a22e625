"""Which part of a file an edit has linked again, and that the rest keeps its edges at the lines of now."""

from __future__ import annotations

import pytest

from core.model.symbol import Facts
from indexing.linking.dialects import declared_types
from indexing.linking.edited import Part, facts_of_part, names_of_part, part_to_link
from indexing.packed import name_hash
from tests.indexing.linking.sources import facts_of

BASE = """import os
from lib import tool as alias


class A:
    size = os.sep

    def run(self, x):
        return alias(x)

    def walk(self):
        return self.run(1)


def outer():
    def inner():
        return go()

    return inner


def go():
    values = [alias, outer]
    return values


def far():
    return A()
"""


def part(before: str, after: str, *changed: str) -> tuple[Part | None, Facts]:
    """The part to link after an edit, definitions of one qualified name being the same."""
    old, new = facts_of("pkg/mod.py", before), facts_of("pkg/mod.py", after)
    places = {item.nesting: place for place, item in enumerate(old.facts.definitions)}
    same = {place: places[d.nesting] for place, d in enumerate(new.facts.definitions) if d.nesting in places}
    types = declared_types(new.language)
    return part_to_link(new.facts, old.facts, same, [name_hash(name) for name in changed], types), new.facts


def chosen(before: str, after: str, *changed: str) -> set[str]:
    found, facts = part(before, after, *changed)
    assert found is not None
    return {facts.definitions[place].nesting for place in found.chosen}


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        (("    return A()", "    return A(outer)"), {"far"}),
        (("return go()", "return go(alias)"), {"outer", "outer.inner"}),
        (("size = os.sep", "size = os.name"), {"A", "A.size"}),
        (("def far():\n", "def near():\n    return far()\n\n\ndef far():\n"), {"near"}),
        (("import os\n", "import os\n\n# moved\n\n"), set()),
    ],
)
def test_what_says_something_else_is_linked_again_and_nothing_more(edit: tuple[str, str], names: set[str]) -> None:
    assert chosen(BASE, BASE.replace(*edit)) == names


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("tool", {"", "A.run", "A.walk", "go"}),  # known as alias here, and run gives back what it does
        ("run", {"A.run", "A.walk"}),
        ("go", {"outer", "outer.inner", "go"}),
        ("self", set()),
        ("unsaid", set()),
    ],
)
def test_what_says_a_changed_name_is_linked_again(name: str, names: set[str]) -> None:
    assert chosen(BASE, BASE, name) == names


def test_numbers_of_anonymous_values_tell_nothing() -> None:
    edit = BASE.replace("        return alias(x)", "        held = [alias]\n        return alias(x, held)")
    assert chosen(BASE, edit) == {"A.run"}


def test_lines_of_the_rest_are_those_of_now() -> None:
    found, facts = part(BASE, BASE.replace("import os\n", "import os\n\n\n"))
    assert found is not None
    [far] = (place for place, item in enumerate(facts.definitions) if item.nesting == "far")
    line = BASE.splitlines().index("    return A()") + 1
    assert found.kept[far][line] == line + 2


def test_a_file_that_sees_other_names_without_saying_them_is_linked_as_a_whole() -> None:
    assert part(BASE, "from lib import *\n" + BASE)[0] is None


def test_a_part_says_what_its_definitions_do_and_little_else() -> None:
    after = BASE.replace("return go()", "return go(outer)")
    file = facts_of("pkg/mod.py", after)
    found, _ = part(BASE, after)
    assert found is not None
    small = facts_of_part(file, found, names_of_part(file, found), declared_types(file.language))
    assert {item.target for item in small.facts.references} == {"go", "inner", "outer"}
    kept = {item.nesting: small.ordinal(place) for place, item in enumerate(small.facts.definitions)}
    assert kept["outer.inner"] == [item.nesting for item in file.facts.definitions].index("outer.inner")
    assert "A.walk" not in kept
    assert [item.local for item in small.facts.imports] == ["alias"], "go gives it back"


def test_a_part_keeps_what_those_linked_with_it_say() -> None:
    """A base class in a file with nothing to link itself was out of the view of the class that was edited."""
    file = facts_of("pkg/mod.py", BASE)
    nothing = Part((), {})
    small = facts_of_part(file, nothing, {"A", "walk"}, declared_types(file.language))
    assert {"A", "A.walk"} <= {item.nesting for item in small.facts.definitions}
    assert "go" not in {
        item.nesting for item in facts_of_part(file, nothing, (), declared_types(file.language)).facts.definitions
    }
