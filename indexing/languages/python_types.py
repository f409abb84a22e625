"""Annotations of Python, read with Python's own parser: what a name is declared to be."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from core.model.symbol import BindingKind

MAX_CHARACTERS = 500
"""Longer annotations are not read."""
_MAX_PARTS = 60
_PLAIN = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")

_WRAPPERS = frozenset(
    {"Optional", "Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "InitVar", "Union", "Unpack"}
)
_FIRST_ONLY = frozenset({"Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "InitVar"})
_UNBOUND = frozenset({"Literal", "Callable", "Concatenate", "TypeGuard", "TypeIs", "LiteralString"})
_RESULT_FIRST = frozenset({"Generator", "AsyncGenerator"})


@dataclass(frozen=True, slots=True)
class Types:
    """What an annotation says: bindings as (kind, name, value), and the path of every type in it."""

    bindings: tuple[tuple[BindingKind, str, str], ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    bindings: list[tuple[BindingKind, str, str]]
    names: list[str]


@lru_cache(maxsize=4_096)
def read(annotation: str, name: str) -> Types:
    """Reads the annotation of `name`, whose entries are `name[]`.

    `list[C]` declares a `list` whose entries are `C`; `C | None`, `Optional[C]` and `Annotated[C, …]` declare `C`;
    `type[C]` is the class itself, so `name` is assigned `C`. What cannot be parsed says nothing.
    """
    if _PLAIN.fullmatch(annotation):
        return Types((), ()) if annotation == "None" else Types(((BindingKind.ANNOTATED, name, annotation),), (annotation,))
    found = _Found([], [])
    waiting: list[tuple[ast.expr, str]] = []
    _parse(annotation, name, waiting)
    for _ in range(_MAX_PARTS):
        if not waiting:
            break
        node, where = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            _parse(node.value, where, waiting)
        elif isinstance(node, ast.BinOp):
            waiting += [(node.right, where), (node.left, where)]
        elif isinstance(node, ast.List | ast.Tuple):
            waiting += [(item, "") for item in reversed(node.elts)]
        elif isinstance(node, ast.Starred):
            waiting.append((node.value, where))
        elif isinstance(node, ast.Name | ast.Attribute) and (path := _dotted(node)):
            found.names.append(path)
            if where:
                found.bindings.append((BindingKind.ANNOTATED, where, path))
        elif isinstance(node, ast.Subscript) and (path := _dotted(node.value)):
            _read_generic(path, node.slice, where, found, waiting)
    return Types(tuple(found.bindings), tuple(found.names))


def _read_generic(path: str, inside: ast.expr, where: str, found: _Found, waiting: list[tuple[ast.expr, str]]) -> None:
    last = path.rpartition(".")[2]
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    if last in _WRAPPERS:
        waiting += [(part, where) for part in reversed(parts[:1] if last in _FIRST_ONLY else parts)]
        return
    found.names.append(path)
    if last == "Literal":
        return
    if last in ("type", "Type") and where and (target := _dotted(parts[0])):
        found.names.append(target)
        found.bindings.append((BindingKind.ASSIGNED, where, target))
        return
    if where:
        found.bindings.append((BindingKind.ANNOTATED, where, path))
    parts = [part for part in parts if not (isinstance(part, ast.Constant) and part.value is Ellipsis)]
    bound = 0 if last in _RESULT_FIRST else len(parts) - 1
    for position in range(len(parts) - 1, -1, -1):
        entry = f"{where}[]" if where and position == bound and last not in _UNBOUND else ""
        waiting.append((parts[position], entry))


def _parse(text: str, name: str, waiting: list[tuple[ast.expr, str]]) -> None:
    if len(text) > MAX_CHARACTERS or "\\" in text:  # Python warns of odd escapes, and a type has none
        return
    try:
        waiting.append((ast.parse(f"({text}\n)", mode="eval").body, name))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _dotted(node: ast.expr) -> str:
    """`a.b.C` as it is written; nothing for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""
