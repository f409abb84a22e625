"""Declared types, for languages that write them as syntax: what a name and its entries are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from indexing.kinds import ANNOTATED, TYPE
from indexing.languages.extractor import Extractor

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_PARTS = 200
_MAX_NAME = 200


class TypedExtractor(Extractor):
    """Reads type expressions. A subclass tells how its grammar calls their parts."""

    type_names: ClassVar[frozenset[str]]
    """Nodes whose text is the path of a type."""
    type_arrays: ClassVar[frozenset[str]] = frozenset()
    """Nodes whose last part is the type of the entries: `T[]`, `map[K]T`."""
    type_through: ClassVar[frozenset[str]] = frozenset()
    """Nodes that stand for each of their parts: unions, pointers, parentheses."""
    type_generics: ClassVar[frozenset[str]] = frozenset({"generic_type"})
    """Nodes that apply a type, their first part, to arguments."""
    type_leaves: ClassVar[frozenset[str]] = frozenset()
    """Nodes that name nothing: primitive types, literals, comments."""
    type_argument_lists: ClassVar[frozenset[str]] = frozenset()
    """Lists of arguments that stand within a node of `type_names` itself."""
    type_wrappers: ClassVar[frozenset[str]] = frozenset()
    """Generic types that stand for their argument."""
    type_first: ClassVar[frozenset[str]] = frozenset()
    """Generic types whose first argument tells what they hold: `Result<T, E>`."""
    type_unnamed: ClassVar[frozenset[str]] = frozenset()
    """Words that look like types and are none, `var`."""

    def annotate(self, name: str, annotation: Node | None, scope: int, *, parameter: bool = False) -> str:
        """Binds `name`, and its entries, to the declared type; every type named in it becomes a reference.

        With `parameter` the type of `name` itself is returned and left for the caller to bind.
        """
        if annotation is None:
            return ""
        line = self.lines.of(annotation.start_byte)
        own = ""
        for where, path in self.types(name, annotation, scope):
            if parameter and not own and where == name:
                own = path
            else:
                self.bind(ANNOTATED, where, path, scope, line)
        return own

    def type_name(self, node: Node) -> str:
        """The path of the type that `node` names, without its arguments; nothing where it names none."""
        for _ in range(_MAX_PARTS):
            if node.type in self.type_names:
                text = self.type_text(node)
                return "" if text in self.type_unnamed or len(text) > _MAX_NAME else text
            children = node.named_children
            if node.type in self.type_leaves or not children:
                return ""
            node = children[0] if node.type in self.type_generics else children[-1]
        return ""

    def type_text(self, node: Node) -> str:
        """How the path of a node of `type_names` is written."""
        return self.source(node)

    def types(self, name: str, annotation: Node, scope: int) -> list[tuple[str, str]]:
        """The declared types as (path, type): `name`, `name[]`, …; an empty `name` only gives references."""
        kind = annotation.type
        if kind in self.type_leaves:
            return []
        found: list[tuple[str, str]] = []
        plain = kind in self.type_names and kind not in self.type_generics
        if plain and not (self.type_argument_lists and annotation.named_child_count > 1):  # nearly always
            path = self.type_name(annotation)
            if path and path not in self.type_wrappers:
                self.refer(TYPE, path, scope, self.lines.of(annotation.start_byte))
                if name:
                    found.append((name, path))
            return found
        waiting = [(annotation, name)]
        for _ in range(_MAX_PARTS):
            if not waiting:
                break
            node, where = waiting.pop()
            kind = node.type
            if kind in self.type_leaves:
                continue
            entries = f"{where}[]" if where else ""
            if kind in self.type_names or kind in self.type_generics:
                path = self.type_name(node)
                wrapper = path in self.type_wrappers
                if path and not wrapper:
                    self.refer(TYPE, path, scope, self.lines.of(node.start_byte))
                    if where:
                        found.append((where, path))
                parts = self._arguments(node)
                inner = where if wrapper else entries
                chosen = 0 if path in self.type_first else len(parts) - 1
                held = [(part, inner if position == chosen else "") for position, part in enumerate(parts)]
                waiting += reversed(held)
            elif kind in self.type_arrays:
                parts = [part for part in node.named_children if part.type not in self.type_leaves]
                waiting += [(part, entries if part is parts[-1] else "") for part in reversed(parts)]
            else:
                inner = where if kind in self.type_through else ""
                waiting += [(part, inner) for part in reversed(node.named_children)]
        return found

    def _arguments(self, node: Node) -> list[Node]:
        """The arguments of a generic type."""
        if node.type in self.type_generics:
            lists = node.named_children[1:]
        elif self.type_argument_lists:
            lists = [child for child in node.named_children if child.type in self.type_argument_lists]
        else:
            return []
        return [part for child in lists for part in child.named_children]
