"""A record made fast is the record: nothing can tell it from one made by its own class."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from core.model.source import Span
from core.model.symbol import Binding, BindingKind, Definition, Reference, ReferenceKind, SymbolKind
from indexing.languages.records import new_binding, new_definition, new_reference, new_span

Record = Span | Definition | Reference | Binding
SPAN = Span(3, 9, 1, 2)
PAIRS: list[tuple[Record, Record]] = [
    (new_span(3, 9, 1, 2), SPAN),
    (
        new_definition("run", "A.run", SymbolKind.METHOD, SPAN, 1, 0, "def run()", "Runs."),
        Definition("run", "A.run", SymbolKind.METHOD, SPAN, 1, 0, "def run()", "Runs."),
    ),
    (new_reference(ReferenceKind.CALL, "a.b", 2, 7), Reference(ReferenceKind.CALL, "a.b", 2, 7)),
    (new_binding(BindingKind.ASSIGNED, "a", "b", 2, 7), Binding(BindingKind.ASSIGNED, "a", "b", 2, 7)),
]


@pytest.mark.parametrize(("fast", "ordinary"), PAIRS)
def test_a_fast_record_is_like_any_other(fast: Record, ordinary: Record) -> None:
    assert type(fast) is type(ordinary)
    assert (fast, hash(fast), repr(fast)) == (ordinary, hash(ordinary), repr(ordinary))
    assert pickle.loads(pickle.dumps(fast)) == dataclasses.replace(fast) == ordinary


@pytest.mark.parametrize(("fast", "_ordinary"), PAIRS)
def test_a_fast_record_is_frozen(fast: Record, _ordinary: Record) -> None:
    for field in dataclasses.fields(fast):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(fast, field.name, None)
