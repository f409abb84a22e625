"""Declared types of C++."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.model.symbol import ReferenceKind
from indexing.languages.c import CExtractor
from indexing.languages.cpp_paths import path_of_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_TEMPLATE_PARAMETER = re.compile(rb"\b(?:typename|class)\s*(?:\.\.\.)?\s*([A-Za-z_]\w*)\s*[,>=]")
_TYPE_NAMES = frozenset({"type_identifier", "namespace_identifier", "identifier"})
_TYPE_LEAVES = frozenset({
    "primitive_type", "sized_type_specifier", "placeholder_type_specifier", "auto", "decltype", "comment", "number_literal",
    "field_declaration_list", "enumerator_list", "type_qualifier", "storage_class_specifier", "string_literal",
})  # fmt: skip
_WRAPPERS = frozenset({
    "unique_ptr", "shared_ptr", "weak_ptr", "auto_ptr", "optional", "reference_wrapper", "atomic", "not_null", "expected",
    "observer_ptr", "scoped_ptr", "scoped_refptr", "intrusive_ptr", "raw_ptr", "RefPtr", "ComPtr", "QPointer",
    "QSharedPointer", "QScopedPointer", "UniquePtr", "SharedPtr",
})  # fmt: skip
"""Templates that are used as what they hold."""
_MAX_TYPE_PARTS = 200


class CppTypes(CExtractor):
    """Reads types. `template_parameters` are the names of this file that stand for a type that no one knows."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self.template_parameters = frozenset(name.decode("utf-8", "replace") for name in _TEMPLATE_PARAMETER.findall(text))

    def type_name(self, node: Node) -> str:
        found = self.types("", node, -1)
        return found[0][1] if found else ""

    def types(self, name: str, annotation: Node, scope: int) -> list[tuple[str, str]]:
        """As `TypedExtractor.types`; with a negative `scope` only the first type is told, and nothing is referred to."""
        found: list[tuple[str, str]] = []
        waiting = [(annotation, name)]
        for _ in range(_MAX_TYPE_PARTS):
            if not waiting or (scope < 0 and found):
                break
            node, where = waiting.pop()
            kind = node.type
            if kind in _TYPE_LEAVES:
                continue
            path, arguments = "", None
            if kind in _TYPE_NAMES:
                path = self.source(node)
            elif kind in ("qualified_identifier", "template_type"):
                path = path_of_name(self.source(node))
                arguments = self.last_arguments(node)
            if not path:
                inner = node.child_by_field_name("type") or node.child_by_field_name("name")
                parts = [inner] if inner is not None else node.named_children
                waiting += [(part, where) for part in reversed(parts)]
                continue
            wrapper = arguments is not None and path.rpartition(".")[2] in _WRAPPERS
            if not wrapper and path not in self.template_parameters:
                if scope >= 0:
                    self.refer(ReferenceKind.TYPE, path, scope, self.lines.of(node.start_byte))
                if where or scope < 0:
                    found.append((where, path))
            parts = [part for part in arguments.named_children if part.type == "type_descriptor"] if arguments else []
            inner_name = where if wrapper else f"{where}[]" if where else ""
            chosen = parts[:1] if wrapper else parts[-1:]
            waiting += [(part, inner_name if part in chosen else "") for part in reversed(parts)]
        return found

    def last_arguments(self, node: Node) -> Node | None:
        for _ in range(_MAX_TYPE_PARTS):
            if node.type == "template_type":
                return node.child_by_field_name("arguments")
            inner = node.child_by_field_name("name")
            if inner is None:
                return None
            node = inner
        return None
