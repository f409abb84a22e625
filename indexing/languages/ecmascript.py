"""What JavaScript and TypeScript share: how they define names.

A function or class without a name of its own gets that of what it is assigned to (`const run = () => …`, `exports.run =
…`, `View.prototype.run = …`, a key of an object); one that is only handed on is a lambda.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.model.symbol import SymbolKind
from indexing.languages.ecmascript_uses import EcmascriptUses
from indexing.languages.paths import first_child

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_FUNCTIONS = frozenset({"function_expression", "generator_function", "arrow_function"})
_NAMED = _FUNCTIONS | {"class"}
_WRAPPERS = frozenset({"assignment_expression", "parenthesized_expression", "as_expression", "satisfies_expression"})
_MAX_OBJECTS = 2_000
_MAX_CHAIN = 16
"""Assignments of one value to many names."""
_EXPORTS = ("module.exports.", "exports.")
_CLASS_LIKE = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE})


@dataclass(frozen=True, slots=True)
class _Naming:
    """The name a value gets: `prefix` is the path before it, `outer` the node that writes the whole definition."""

    name: str
    prefix: str
    outer: Node
    method: bool = False


class EcmascriptExtractor(EcmascriptUses):
    """Finds the definitions of a file."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._naming: dict[int, _Naming] = {}
        self._outer: dict[int, Node] = {}
        self._prefixes: dict[int, str] = {}
        self._decorators: Node | None = None

    # -- names for what has none ----------------------------------------------------------------------------------

    def define_export(self, node: Node) -> None:
        if (declaration := node.child_by_field_name("declaration")) is not None:
            self.starts_at(declaration, node)
        if (value := node.child_by_field_name("value")) is not None:
            if value.type in _NAMED:
                self._naming[value.id] = _Naming("default", "", node)
            elif value.type == "object":
                self._name_members(value, "")

    def define_declaration(self, node: Node) -> None:
        declarators = [child for child in node.named_children if child.type == "variable_declarator"]
        if len(declarators) == 1:
            self._outer[declarators[0].id] = node

    def define_declarator(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None and name.type == "identifier":
            self._name_value(value, self.source(name), "", self._outer.get(node.id, node))

    def define_statement(self, node: Node) -> None:
        for child in node.named_children[:1]:
            self._outer[child.id] = node

    def define_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or right.end_byte - right.start_byte < 2:
            return
        # Only a plain name: the facts of an expression cannot be told before all definitions are found.
        path = self.plain_name(left)
        if not path:
            return
        outer = self._outer.get(node.id, node)
        if path == "module.exports":
            self._name_value(right, "default", "", outer)
            return
        for prefix in _EXPORTS:
            path = path.removeprefix(prefix)
        owner, _, name = path.rpartition(".")
        method = owner.endswith(".prototype") or owner == "this"
        owner = owner.removesuffix(".prototype").removeprefix("this").removeprefix(".")
        if name == "prototype":
            owner, name = "", owner
        self._name_value(right, name, owner, outer, method)

    def define_pair(self, node: Node) -> None:
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        if key is not None and value is not None and value.type in _NAMED and value.id not in self._naming:
            self._naming[value.id] = _Naming(self.key_name(key), "", node, method=True)

    def _name_value(self, value: Node, name: str, prefix: str, outer: Node, method: bool = False) -> None:
        for _ in range(_MAX_CHAIN):
            if value.type not in _WRAPPERS:
                break
            inner = value.child_by_field_name("right") or first_child(value)
            if inner is None:
                return
            value = inner
        if value.type in _NAMED:
            self._naming.setdefault(value.id, _Naming(name, prefix, outer, method))
        elif value.type == "object":
            self._name_members(value, ".".join(part for part in (prefix, name) if part and part != "default"))

    def _name_members(self, value: Node, prefix: str) -> None:
        """The methods of an object, and of the objects in it, have the object's name before theirs."""
        waiting = [(value, prefix)]
        for _ in range(_MAX_OBJECTS):
            if not waiting:
                return
            holder, path = waiting.pop()
            for child in holder.named_children:
                if child.type == "method_definition":
                    self._prefixes.setdefault(child.id, path)
                elif child.type == "pair":
                    key, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
                    if key is None or inner is None:
                        continue
                    name = self.key_name(key)
                    if inner.type in _NAMED:
                        self._naming.setdefault(inner.id, _Naming(name, path, child, method=True))
                    elif inner.type == "object":
                        waiting.append((inner, f"{path}.{name}" if path else name))

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        self.define(node, self.source(name), SymbolKind.FUNCTION, name_node=name, body=body)

    def define_function_value(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        naming = self._naming.get(node.id)
        name = node.child_by_field_name("name")
        if naming is not None:
            signature = self.one_line(naming.outer.start_byte, body.start_byte if body is not None else node.end_byte)
            kind = SymbolKind.METHOD if naming.method else SymbolKind.FUNCTION
            index = self.define(naming.outer, naming.name, kind, body=body, prefix=naming.prefix, signature=signature)
            self.function_names[node.id] = (f"{naming.prefix}.{naming.name}".lstrip("."), index)
        elif name is not None:
            self.define(node, self.source(name), SymbolKind.FUNCTION, name_node=name, body=body)
        else:
            self.define_lambda_function(node, body)

    def define_class(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.source(name), SymbolKind.CLASS, name_node=name, body=node.child_by_field_name("body"))

    def define_class_value(self, node: Node) -> None:
        body, own = node.child_by_field_name("body"), node.child_by_field_name("name")
        naming = self._naming.get(node.id)
        if naming is not None:
            signature = self.one_line(naming.outer.start_byte, body.start_byte if body is not None else node.end_byte)
            index = self.define(
                naming.outer, naming.name, SymbolKind.CLASS, body=body, prefix=naming.prefix, signature=signature
            )
            self.function_names[node.id] = (f"{naming.prefix}.{naming.name}".lstrip("."), index)
        else:
            self.define(node, self.source(own) or "<class>", SymbolKind.CLASS, name_node=own, body=body)

    def define_decorator(self, node: Node) -> None:
        self._decorators = self._decorators or node

    def take_decorators(self, node: Node) -> None:
        """A member of a class begins with the decorators before it, which the grammar of TypeScript puts beside it."""
        if self._decorators is not None:
            self.starts_at(node, self._decorators)
            self._decorators = None

    def define_method(self, node: Node) -> None:
        self.take_decorators(node)
        name = node.child_by_field_name("name")
        text = self.key_name(name)
        in_class = self.definitions[self.scopes.around(node.start_byte)].kind in _CLASS_LIKE
        kind = SymbolKind.CONSTRUCTOR if text == "constructor" and in_class else SymbolKind.METHOD
        prefix = self._prefixes.get(node.id, "")
        self.define(node, text, kind, name_node=name, body=node.child_by_field_name("body"), prefix=prefix)

    def define_field(self, node: Node) -> None:
        self.take_decorators(node)
        name = node.child_by_field_name("name") or node.child_by_field_name("property")
        value = node.child_by_field_name("value")
        if value is not None and value.type in _NAMED:
            self._naming[value.id] = _Naming(self.key_name(name), "", node, method=True)
        else:
            self.define_once(node, self.key_name(name), SymbolKind.FIELD, name)

    def define_variable(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if (
            name is None
            or name.type != "identifier"
            or (value is not None and (value.type in _NAMED or self.required(value)))
        ):
            return
        text = self.source(name)
        self.define_once(
            self._outer.get(node.id, node), text, SymbolKind.CONSTANT if text.isupper() else SymbolKind.VARIABLE, name
        )
