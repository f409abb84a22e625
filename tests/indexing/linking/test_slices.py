"""What a file is to others: its interface, cut down to the names they mention."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.symbol import BindingKind, Facts, ReferenceKind
from indexing.linking.slices import DeclaredTypes, cut, interface_of, mentioned, names_in
from tests.indexing.linking.sources import facts_of

SERVICE = '''import json
from shop.base import Base


class Basket(Base):
    """Holds."""

    limit: int = 3

    def __init__(self, owner):
        self.owner = owner
        self.parts = []

    def add(self, part):
        seen = json.dumps(part)
        local = helper(seen)
        return local

    def owner_of(self):
        return self.owner


def helper(text):
    import os

    def inner():
        return os.getcwd()

    return inner


def unused():
    helper(1)


DEFAULT = Basket(None)
'''


def names(facts: Facts) -> list[str]:
    return [item.nesting for item in facts.definitions]


def sliced(text: str, *said: str, path: str = "a.py", types: DeclaredTypes = DeclaredTypes.NEVER) -> Facts:
    part, ordinals = cut(interface_of(facts_of(path, text).facts, types), set(said).__contains__)
    full = facts_of(path, text).facts
    assert [full.definitions[index].nesting for index in ordinals] == names(part)
    return part


def test_an_interface_keeps_what_others_notice_and_drops_what_functions_do_for_themselves() -> None:
    full = facts_of("a.py", SERVICE).facts
    part = interface_of(full).facts
    assert part.definitions == full.definitions
    assert {(item.kind, item.target) for item in part.references} == {(ReferenceKind.INHERITS, "Base")}
    assert [item.local for item in part.imports] == ["json", "Base"], "what a function imports is its own"
    kept = {(item.name, item.value) for item in part.bindings}
    assert {("self.owner", "owner"), ("", "self.owner"), ("DEFAULT", "Basket()"), ("", "inner"), ("", "local")} <= kept
    assert ("local", "helper()") in kept, "what is returned is made of it"
    assert ("seen", "json.dumps()") not in kept or ("helper(0)", "seen") in kept
    assert set(part.bindings) <= set(full.bindings)


def test_a_slice_holds_what_is_mentioned_with_what_is_around_it() -> None:
    implied = ["", "Basket", "Basket.__init__"]
    assert names(sliced(SERVICE)) == implied, "a constructor is used without being named"
    assert names(sliced(SERVICE, "helper")) == [*implied, "helper", "helper.inner"], "what is inside may be returned"
    assert names(sliced(SERVICE, "add")) == [*implied, "Basket.add"]
    part = sliced(SERVICE, "Basket", "owner_of")
    assert set(names(part)) >= {"", "Basket", "Basket.__init__", "Basket.owner_of"}
    assert "Basket.add" not in names(part)
    assert [item.target for item in part.references] == ["Base"]
    for item in part.definitions[1:]:
        assert part.definitions[item.parent].nesting == item.nesting.rpartition(".")[0]


def test_fields_come_with_the_function_that_assigns_them_when_they_are_mentioned() -> None:
    said = sliced(SERVICE, "Basket", "owner")
    assert ("self.owner", "owner") in {(item.name, item.value) for item in said.bindings}
    unsaid = sliced(SERVICE, "Basket", "parts")
    assert "self.owner" not in {item.name for item in unsaid.bindings}
    module = sliced(SERVICE, "DEFAULT")
    assert ("DEFAULT", "Basket()") in {(item.name, item.value) for item in module.bindings}
    assert "DEFAULT" not in {item.name for item in sliced(SERVICE, "helper").bindings}


def test_where_types_are_declared_parameters_and_arguments_tell_nothing_more() -> None:
    text = "class A { B held; B get(C given) { D made = given.make(1); return made; } }\n"
    never = interface_of(facts_of("A.java", text).facts)
    always = interface_of(facts_of("A.java", text).facts, DeclaredTypes.ALWAYS)
    assert set(always.facts.bindings) < set(never.facts.bindings)
    kinds = {item.kind for item in always.facts.bindings}
    assert kinds.isdisjoint({BindingKind.PARAMETER, BindingKind.ARGUMENT, BindingKind.RETURNED})
    assert {("()", "B")} <= {(item.name, item.value) for item in always.facts.bindings}


def test_names_that_are_no_identifiers_are_mentioned_as_they_are_written() -> None:
    assert names_in(["a.b().c[0]", "save!", "CUST-UPDATE", "<value1>.run", "./lib/x"]) >= {
        "a", "b", "c", "save!", "CUST-UPDATE", "run", "lib", "x",
    }  # fmt: skip
    ruby = "class A\n  def save!\n  end\n\n  def <=>(other)\n  end\nend\n"
    assert "A.save!" in names(sliced(ruby, "save!", path="a.rb"))
    assert "A.save!" not in names(sliced(ruby, "load!", path="a.rb"))
    assert "A.<=>" in names(sliced(ruby, path="a.rb")), "operators are used without being named"


def test_a_file_mentions_every_name_it_says() -> None:
    assert mentioned(facts_of("a.py", SERVICE).facts) >= {
        "json", "dumps", "shop", "base", "Base", "Basket", "owner", "parts", "helper", "inner", "os", "getcwd", "DEFAULT",
    }  # fmt: skip


NAMES = st.sampled_from(["Basket", "add", "owner", "helper", "DEFAULT", "limit", "inner", "unused", "parts"])


@settings(deadline=None)
@given(st.sets(NAMES), st.sets(NAMES))
def test_a_slice_grows_with_what_is_mentioned(few: set[str], more: set[str]) -> None:
    small, large = sliced(SERVICE, *few), sliced(SERVICE, *few, *more)
    assert set(names(small)) <= set(names(large))
    assert {(b.name, b.value, b.line) for b in small.bindings} <= {(b.name, b.value, b.line) for b in large.bindings}
    for facts in (small, large):
        assert all(item.scope < len(facts.definitions) for item in (*facts.references, *facts.bindings))
        assert all(item.parent < index for index, item in enumerate(facts.definitions))
