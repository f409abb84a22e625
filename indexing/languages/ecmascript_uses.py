"""What JavaScript and TypeScript share: how they use names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.model.symbol import Import, SymbolKind
from indexing.kinds import ANNOTATED, ASSIGNED, CALL, DECORATES, INHERITS, RETURNED
from indexing.languages.ecmascript_paths import EcmascriptPaths
from indexing.languages.paths import UNKNOWN, first_child, slice_key

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_PATTERNS = 500
_VARIABLES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_PATTERNS = frozenset({"array_pattern", "object_pattern", "rest_pattern"})
_STATEMENTS = frozenset({"expression_statement", "lexical_declaration", "variable_declaration"})
_BODIES = frozenset({"function_declaration", "function_expression", "arrow_function", "method_definition",
                     "generator_function", "generator_function_declaration"})  # fmt: skip
"""What a block of statements is the body of."""


class EcmascriptUses(EcmascriptPaths):
    """Reads the uses of a file."""

    # -- imports and exports --------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        source = node.child_by_field_name("source")
        for clause in node.named_children:
            if clause.type == "import_require_clause":  # import fs = require("fs")
                source = clause.child_by_field_name("source")
                self.imports.append(Import(self.module_of(source), "", self.source(first_child(clause)), 0, scope, line))
            elif clause.type == "import_clause":
                for part in clause.named_children:
                    self._import_part(part, self.module_of(source), scope)
        if source is not None and not any("clause" in child.type for child in node.named_children):
            self.imports.append(Import(self.module_of(source), "", "", 0, scope, line))

    def _import_part(self, part: Node, module: str, scope: int) -> None:
        line = self.lines.of(part.start_byte)
        if part.type == "identifier":
            self.imports.append(Import(module, "default", self.source(part), 0, scope, line))
        elif part.type == "namespace_import":
            self.imports.append(Import(module, "", self.source(first_child(part)), 0, scope, line))
        elif part.type == "named_imports":
            for one in part.named_children:
                if (name := one.child_by_field_name("name")) is not None:
                    local = one.child_by_field_name("alias") or name
                    line = self.lines.of(one.start_byte)
                    self.imports.append(Import(module, self.module_of(name), self.source(local), 0, scope, line))

    def use_export(self, node: Node) -> None:
        scope, line = self.at(node)
        source = node.child_by_field_name("source")
        module = self.module_of(source)
        clauses = [child for child in node.named_children if child.type in ("export_clause", "namespace_export")]
        if source is not None and not clauses:
            self.imports.append(Import(module, "*", "exports", 0, scope, line))
        for clause in clauses:
            if clause.type == "namespace_export":
                self.imports.append(Import(module, "", f"exports.{self.module_of(first_child(clause))}", 0, scope, line))
                continue
            for one in clause.named_children:
                if (name := one.child_by_field_name("name")) is None:
                    continue
                text, alias = self.module_of(name), self.module_of(one.child_by_field_name("alias") or name)
                if source is not None:
                    self.imports.append(Import(module, text, f"exports.{alias}", 0, scope, self.lines.of(one.start_byte)))
                elif alias != text:
                    self.bind(ASSIGNED, f"exports.{alias}", text, scope, line)
        value = node.child_by_field_name("value")
        if value is None and any(child.type == "default" for child in node.children):
            declaration = node.child_by_field_name("declaration")
            value = declaration.child_by_field_name("name") if declaration is not None else None
        if value is not None and (path := self.value(value)) != UNKNOWN:
            self.bind(ASSIGNED, "exports.default", path, scope, line)

    # -- functions and classes ------------------------------------------------------------------------------------

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        if (single := node.child_by_field_name("parameter")) is not None:  # x => …
            self.parameter(self.source(single), "", scope, self.lines.of(single.start_byte))
        if (parameters := node.child_by_field_name("parameters")) is not None:
            for child in parameters.named_children:
                self._parameter(child, scope)
        self.annotate("()", node.child_by_field_name("return_type"), scope)
        body = node.child_by_field_name("body")
        if body is not None and body.type != "statement_block" and body.type not in self.literals:
            self._return("", body, scope)

    def _parameter(self, node: Node, scope: int) -> None:
        kind, line = node.type, self.lines.of(node.start_byte)
        if kind in ("comment", "decorator"):
            return
        pattern: Node | None = node
        annotation = default = None
        if kind in ("required_parameter", "optional_parameter"):
            pattern, annotation = node.child_by_field_name("pattern"), node.child_by_field_name("type")
            default = node.child_by_field_name("value")
        elif kind == "assignment_pattern":
            pattern, default = node.child_by_field_name("left"), node.child_by_field_name("right")
        if pattern is None or pattern.type == "this":
            return
        name = self.source(pattern) if pattern.type in ("identifier", "rest_pattern") else self.new_value()
        own = self.annotate(name.removeprefix("..."), annotation, scope, parameter=True)
        self.parameter(name, own, scope, line)
        if name.startswith("<"):
            self._assign(pattern, None, name, scope)
        if default is not None and default.type not in self.literals and (value := self.value(default)) != UNKNOWN:
            self.bind(ASSIGNED, name, value, scope, line)
        if any(child.type in ("accessibility_modifier", "readonly") for child in node.children):
            self._parameter_property(node, name, own, scope, line)

    def _parameter_property(self, node: Node, name: str, annotation: str, scope: int, line: int) -> None:
        """TypeScript's `constructor(private x: T)` declares a field, too."""
        owner = self.definitions[scope].parent
        self.bind(ASSIGNED, f"this.{name}", name, scope, line)
        if annotation:
            self.bind(ANNOTATED, f"this.{name}", annotation, scope, line)
        if owner > 0:
            self.define_later_field(owner, name, node)

    def annotate(self, name: str, annotation: Node | None, scope: int, *, parameter: bool = False) -> str:
        """Binds `name` to its declared type, where the language has types (see `TypedExtractor`)."""
        return ""

    def use_class(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        for heritage in node.named_children:
            if heritage.type == "class_heritage":
                for child in heritage.named_children:
                    self.use_heritage(child, scope)

    def use_heritage(self, node: Node, scope: int) -> None:
        """What a class extends."""
        self.refer(INHERITS, self.path(node), scope, self.lines.of(node.start_byte))

    def use_decorator(self, node: Node) -> None:
        target = first_child(node)
        decorated = self.named_after(node.end_byte)
        if target is not None and decorated:
            self.refer(DECORATES, self.path(target), decorated, self.lines.of(node.start_byte))

    def use_field(self, node: Node) -> None:
        name = node.child_by_field_name("name") or node.child_by_field_name("property")
        value = node.child_by_field_name("value")
        scope, line = self.at(node)
        text = self.key_name(name)
        self.annotate(text, node.child_by_field_name("type"), scope)
        if value is not None and value.type not in self.literals and (path := self.value(value)) not in (UNKNOWN, text):
            self.bind(ASSIGNED, text, path, scope, line)

    # -- values ---------------------------------------------------------------------------------------------------

    def use_declarator(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            return
        scope, line = self.at(node)
        self.annotate(self.source(name), node.child_by_field_name("type"), scope)
        if value is None:
            self.make_local(self.source(name), scope)
        elif module := self.required(value):
            self._import_pattern(name, module, scope, line)
        else:
            self._assigns(name, scope, node)
            self._assign(name, value, "", scope)

    def _assigns(self, left: Node, scope: int, node: Node) -> None:
        """The statement `node` gives the variables of a target or pattern other values."""
        waiting = [left]
        while waiting:
            target = waiting.pop()
            if target.type in _VARIABLES:
                self.assigns_anew(self.source(target), scope, node)
            elif target.type in _PATTERNS:
                waiting += target.named_children

    def is_plain_statement(self, node: Node) -> bool:
        statement = node.parent
        block = statement.parent if statement is not None and statement.type in _STATEMENTS else None
        if block is None or block.type != "statement_block":
            return block is not None and block.type == "program"
        return block.parent is not None and block.parent.type in _BODIES

    def _import_pattern(self, pattern: Node, module: str, scope: int, line: int) -> None:
        """`const fs = require("fs")`, `const {join, sep: s} = require("path")`."""
        if pattern.type == "identifier":
            self.imports.append(Import(module, "", self.source(pattern), 0, scope, line))
            return
        for child in pattern.named_children:
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None and value.type == "identifier":
                self.imports.append(Import(module, self.key_name(key), self.source(value), 0, scope, line))
            elif child.type == "shorthand_property_identifier_pattern":
                self.imports.append(Import(module, self.source(child), self.source(child), 0, scope, line))

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            scope = self.scopes.of(node.start_byte)
            self._assigns(left, scope, node)
            self._assign(left, right, "", scope)

    def use_for(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            path = self.value(right)
            over_values = self.source(node.child_by_field_name("operator")) == "of"
            self._assign(
                left, None, f"{path}[]" if over_values and path != UNKNOWN else UNKNOWN, self.scopes.of(node.start_byte)
            )

    def use_catch(self, node: Node) -> None:
        if (name := node.child_by_field_name("parameter")) is not None:
            self.make_local(self.source(name), self.scopes.of(node.start_byte))

    def use_return(self, node: Node) -> None:
        if (value := first_child(node)) is not None:
            self._return("", value, self.scopes.of(node.start_byte))

    def use_yield(self, node: Node) -> None:
        if (value := first_child(node)) is not None:
            self._return("[]", value, self.scopes.of(node.start_byte))

    def _return(self, where: str, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(RETURNED, where, value, scope, self.lines.of(node.start_byte))

    def use_call(self, node: Node) -> None:
        function = node.child_by_field_name("function")
        if function is not None and not self.required(node):
            self._call(node, function)

    def use_new(self, node: Node) -> None:
        if (constructor := node.child_by_field_name("constructor")) is not None:
            self._call(node, constructor)

    def _call(self, node: Node, function: Node) -> None:
        target = self.path(function)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        self.refer(CALL, target, scope, line)
        arguments = node.child_by_field_name("arguments")
        if arguments is not None and arguments.type == "arguments":  # else a template string
            self.hand_on_all(target, arguments, scope, line)

    def use_element(self, node: Node) -> None:
        """`<View/>` calls `View`; a name in lower case is an element of HTML."""
        name = node.child_by_field_name("name")
        path = self.path(name)
        if path != UNKNOWN and (path[0].isupper() or "." in path):
            self.refer(CALL, path, *self.at(node))

    def use_element_value(self, node: Node) -> None:
        if (value := first_child(node)) is not None and value.type not in self.literals:
            self.value(value)

    # -- assignments ----------------------------------------------------------------------------------------------

    def _assign(self, left: Node, right: Node | None, path: str, scope: int) -> None:
        """Binds a target or pattern to the expression `right`, or to `path`."""
        for _ in range(_MAX_PATTERNS):  # [a, b] = [c, d] = xs
            inner = (
                right.child_by_field_name("left") if right is not None and right.type == "assignment_expression" else None
            )
            if right is None or inner is None or inner.type not in _PATTERNS:
                break
            right = right.child_by_field_name("right")
        if right is not None:
            path = self.value(right) if right.type not in self.literals else UNKNOWN
        waiting = [(left, path)]
        for _ in range(_MAX_PATTERNS):
            if not waiting:
                return
            target, value = waiting.pop()
            kind = target.type
            if kind == "object_pattern":
                waiting += [part for child in target.named_children for part in self._property(child, value)]
            elif kind == "array_pattern":
                for position, child in enumerate(target.named_children):
                    key = slice_key(str(position)) if child.type == "rest_pattern" else f"[{position}]"
                    waiting.append((child, value if value == UNKNOWN else value + key))
            elif kind in ("assignment_pattern", "object_assignment_pattern"):
                if (inner := target.child_by_field_name("left")) is not None:
                    waiting.append((inner, value))
            elif kind == "rest_pattern":
                if (inner := first_child(target)) is not None:
                    waiting.append((inner, value))
            else:
                self._assign_one(target, value, scope)

    def _property(self, child: Node, value: str) -> Iterator[tuple[Node, str]]:
        if child.type == "pair_pattern":
            inner = child.child_by_field_name("value")
            name = self.key_name(child.child_by_field_name("key"))
        elif child.type == "object_assignment_pattern":
            inner = child.child_by_field_name("left")
            name = self.source(inner)
        elif child.type == "rest_pattern":
            inner, name = first_child(child), ""
        else:
            inner, name = child, self.source(child)
        if inner is not None:
            yield inner, value if value == UNKNOWN or not name else f"{value}.{name}"

    def _assign_one(self, target: Node, value: str, scope: int) -> None:
        name, line = self.path(target), self.lines.of(target.start_byte)
        if target.type == "member_expression" and name.startswith("this.") and name.count(".") == 1:
            parent = self.definitions[scope].parent
            if parent > 0 and self.definitions[parent].kind is SymbolKind.CLASS and "(" not in name and "[" not in name:
                self.define_later_field(parent, name.removeprefix("this."), target)
        if name != value:
            self.assign(name, value, scope, line)
