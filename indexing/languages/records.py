"""The records of a file's facts, made fast.

A frozen dataclass sets each field through `object.__setattr__`, which is three quarters of the time of making one; 100 MB of
source have four million of them. Here an object is filled while it is of an open class with the same slots, and then becomes
the record; nothing can tell it from one made in the ordinary way.
"""

from __future__ import annotations

from typing import Any

from core.model.source import Span
from core.model.symbol import Binding, BindingKind, Definition, Reference, ReferenceKind, Symbol, SymbolKind


class _OpenSpan:
    __slots__ = Span.__slots__


class _OpenDefinition:
    __slots__ = Definition.__slots__


class _OpenSymbol:
    __slots__ = Symbol.__slots__


class _OpenReference:
    __slots__ = Reference.__slots__


class _OpenBinding:
    __slots__ = Binding.__slots__


def new_span(start: int, end: int, start_line: int, end_line: int) -> Span:
    """`Span(…)`."""
    record: Any = _OpenSpan()
    record.start = start
    record.end = end
    record.start_line = start_line
    record.end_line = end_line
    record.__class__ = Span
    made: Span = record
    return made


def new_definition(
    name: str, nesting: str, kind: SymbolKind, span: Span, name_line: int, parent: int, signature: str, doc: str
) -> Definition:
    """`Definition(…)`."""
    record: Any = _OpenDefinition()
    record.name = name
    record.nesting = nesting
    record.kind = kind
    record.span = span
    record.name_line = name_line
    record.parent = parent
    record.signature = signature
    record.doc = doc
    record.__class__ = Definition
    made: Definition = record
    return made


def new_reference(kind: ReferenceKind, target: str, scope: int, line: int) -> Reference:
    """`Reference(…)`."""
    record: Any = _OpenReference()
    record.kind = kind
    record.target = target
    record.scope = scope
    record.line = line
    record.__class__ = Reference
    made: Reference = record
    return made


def new_binding(kind: BindingKind, name: str, value: str, scope: int, line: int) -> Binding:
    """`Binding(…)`."""
    record: Any = _OpenBinding()
    record.kind = kind
    record.name = name
    record.value = value
    record.scope = scope
    record.line = line
    record.__class__ = Binding
    made: Binding = record
    return made


def new_symbol(
    key: int,
    id_: str,
    name: str,
    qualified_name: str,
    kind: SymbolKind,
    language: str,
    path: str,
    start_line: int,
    end_line: int,
    signature: str,
    doc: str,
    parent: int,
) -> Symbol:
    """`Symbol(…)`."""
    record: Any = _OpenSymbol()
    record.key = key
    record.id = id_
    record.name = name
    record.qualified_name = qualified_name
    record.kind = kind
    record.language = language
    record.path = path
    record.start_line = start_line
    record.end_line = end_line
    record.signature = signature
    record.doc = doc
    record.parent = parent
    record.__class__ = Symbol
    made: Symbol = record
    return made
