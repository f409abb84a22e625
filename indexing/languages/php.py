"""PHP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child, is_known
from indexing.languages.php_paths import PhpPaths, doc_types, refers

if TYPE_CHECKING:
    from tree_sitter import Node

_CLASSES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM})
_PARAMETERS = frozenset({"simple_parameter", "variadic_parameter", "property_promotion_parameter"})
_RETURN = re.compile(r"@return\s+(\S+)")
_PARAMETER = re.compile(r"@param\s+(\S+)\s+&?(?:\.\.\.)?\$(\w+)")
_VARIABLE = re.compile(r"@var\s+([^\s*]+)")
_NO_TARGETS = frozenset({"list_literal", "array_creation_expression"})


class PhpExtractor(PhpPaths):
    """Reads a PHP file, with whatever stands around its tags."""

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_namespace(self, node: Node) -> None:
        if not self.definitions[0].signature:
            self.module_signature("namespace " + self.source(node.child_by_field_name("name")))

    def define_class(self, node: Node) -> None:
        self._define_type(node, SymbolKind.CLASS)

    def define_interface(self, node: Node) -> None:
        self._define_type(node, SymbolKind.INTERFACE)

    def define_enum(self, node: Node) -> None:
        self._define_type(node, SymbolKind.ENUM)

    def _define_type(self, node: Node, kind: SymbolKind) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.source(name), kind, name_node=name, body=node.child_by_field_name("body"))

    def define_function(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        kind = SymbolKind.FUNCTION
        if node.type == "method_declaration":
            kind = SymbolKind.CONSTRUCTOR if self.source(name) == "__construct" else SymbolKind.METHOD
        self.define(node, self.source(name), kind, name_node=name, body=body)

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node.child_by_field_name("body"))

    def define_field(self, node: Node) -> None:
        for element in node.named_children:
            if element.type == "property_element":
                name = element.child_by_field_name("name")
                self.define_once(node, self.source(name).lstrip("$"), SymbolKind.FIELD, name)

    def define_promoted(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name).lstrip("$&"), SymbolKind.FIELD, name)

    def define_constant(self, node: Node) -> None:
        for element in node.named_children:
            if element.type == "const_element" and (name := first_child(element)) is not None:
                self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def define_case(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        group = node.child_by_field_name("body")
        prefix = self.source(next((one for one in node.named_children if one.type == "namespace_name"), None))
        for clause in (group or node).named_children:
            if clause.type == "namespace_use_clause" and clause.named_children:
                written = next(one for one in clause.named_children if one.type in self.type_names)
                path = (f"{prefix}\\" if prefix else "") + self.source(written)
                module, _, name = path.lstrip("\\").rpartition("\\")
                local = self.source(clause.child_by_field_name("alias")) or name
                self.imports.append(Import(module, name, local, 0, scope, line))

    def use_include(self, node: Node) -> None:
        """`require __DIR__ . '/x.php'` names a file; only literals count."""
        waiting, written = list(node.named_children), ""
        for _ in range(8):
            if not waiting:
                break
            one = waiting.pop(0)
            if one.type in ("string", "encapsed_string"):
                written += self.source(one).strip("'\"")
            waiting[:0] = one.named_children if one.type in ("binary_expression", "parenthesized_expression") else []
        if written and "$" not in written:
            scope, line = self.at(node)
            self.imports.append(Import(written.lstrip("/"), "", "", 0, scope, line))

    def use_bases(self, node: Node) -> None:
        owner = node.parent
        if owner is None or owner.id not in self.function_names:
            return
        kind = ReferenceKind.INHERITS if node.type == "base_clause" else ReferenceKind.IMPLEMENTS
        for base in node.named_children:
            self.refer(
                kind, self.type_name(base) or UNKNOWN, self.function_names[owner.id][1], self.lines.of(base.start_byte)
            )

    def use_traits(self, node: Node) -> None:
        scope, line = self.at(node)
        for trait in node.named_children:
            if trait.type in self.type_names and self.definitions[scope].kind in _CLASSES:
                self.refer(ReferenceKind.INHERITS, self.source(trait), scope, line)

    def use_attribute(self, node: Node) -> None:
        decorated, name = self.named_after(node.end_byte), first_child(node)
        if name is not None and decorated and self.definitions[decorated].span.start <= node.start_byte:
            called = "()" * (node.child_by_field_name("parameters") is not None)
            self.refer(ReferenceKind.DECORATES, self.source(name) + called, decorated, self.lines.of(node.start_byte))

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        words = self._doc_of(node)
        if (result := node.child_by_field_name("return_type")) is not None:
            self.annotate("()", result, scope)
        elif (said := _RETURN.search(words)) is not None:
            self._document("()", said[1], scope, self.lines.of(node.start_byte))
        said_of = {name: kind for kind, name in _PARAMETER.findall(words)}
        parameters = node.child_by_field_name("parameters")
        for parameter in parameters.named_children if parameters is not None else ():
            if parameter.type in _PARAMETERS:
                self._parameter(parameter, scope, said_of)
        body = node.child_by_field_name("body")
        if node.type == "arrow_function" and body is not None:
            self._return(body, scope)

    def _parameter(self, node: Node, scope: int, said_of: dict[str, str]) -> None:
        name, line = self.source(node.child_by_field_name("name")).lstrip("$&"), self.lines.of(node.start_byte)
        written = node.child_by_field_name("type")
        if node.type == "variadic_parameter":
            self.annotate(f"{name}[]", written, scope)
            self.parameter(f"...{name}", "", scope, line)
            return
        own = self.annotate(name, written, scope, parameter=True)
        if not own and name in said_of:
            for entries, path in doc_types(said_of[name]):
                if not entries and not own:
                    own = path
                else:
                    self.bind(BindingKind.ANNOTATED, name + entries, path, scope, line)
        self.parameter(name, own, scope, line)
        default = node.child_by_field_name("default_value")
        if default is not None and default.type not in self.literals:
            self.assign(name, self.value(default), scope, line)
        if node.type == "property_promotion_parameter":
            if own:
                self.bind(BindingKind.ANNOTATED, name, own, self.definitions[scope].parent, line)
            self.bind(BindingKind.ASSIGNED, f"this.{name}", name, scope, line)

    def _doc_of(self, node: Node) -> str:
        """The words of the doc comment above a definition, where they speak of types."""
        line = self.lines.of(self.start_of(node))
        words = self.comments.above(line)[1]
        return words if "@" in words else ""

    def _document(self, name: str, written: str, scope: int, line: int) -> None:
        for entries, path in doc_types(written):
            self.bind(BindingKind.ANNOTATED, name + entries, path, scope, line)

    def use_field(self, node: Node) -> None:
        scope, line = self.at(node)
        written = node.child_by_field_name("type")
        said = _VARIABLE.search(self._doc_of(node)) if written is None else None
        for element in node.named_children:
            if element.type != "property_element":
                continue
            name = self.source(element.child_by_field_name("name")).lstrip("$")
            self.annotate(name, written, scope)
            if said is not None:
                self._document(name, said[1], scope, line)
            value = element.child_by_field_name("default_value")
            if value is not None and value.type not in self.literals:
                self.assign(name, self.value(value), scope, line)

    def use_case(self, node: Node) -> None:
        scope, line = self.at(node)
        self.bind(
            BindingKind.ANNOTATED, self.source(node.child_by_field_name("name")), self.definitions[scope].name, scope, line
        )

    def use_call(self, node: Node) -> None:
        if refers(node):
            return
        named = node.child_by_field_name("name") or node.child_by_field_name("function") or node
        target = self.path(node).removesuffix("()")
        self._call(
            node.child_by_field_name("arguments"), target, self.scopes.of(node.start_byte), self.lines.of(named.start_byte)
        )

    def use_new(self, node: Node) -> None:
        created, scope = first_child(node), self.scopes.of(node.start_byte)
        if created is None:
            return
        holder = created if created.type == "anonymous_class" else node
        arguments = next((child for child in holder.named_children if child.type == "arguments"), None)
        target = self.path(node)
        if is_known(target) and target.endswith("()"):
            self._call(arguments, target[:-2], scope, self.lines.of(node.start_byte))

    def _call(self, arguments: Node | None, target: str, scope: int, line: int) -> None:
        self.refer(ReferenceKind.CALL, target, scope, line)
        position = 0
        for argument in arguments.named_children if arguments is not None else ():
            children = argument.named_children
            if argument.type != "argument" or not children:
                continue
            name, value = argument.child_by_field_name("name"), children[-1]
            if value.type not in self.literals:
                spread = value.type == "variadic_unpacking"
                where = self.source(name) if name is not None else "*" if spread else str(position)
                self.hand_on(target, where, value, scope, line)
            position += name is None

    def use_constant(self, node: Node) -> None:
        owner = first_child(node)
        if owner is not None and owner.type in self.type_names:
            self.refer(ReferenceKind.TYPE, self.source(owner), *self.at(node))

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        scope, line = self.at(node)
        path = UNKNOWN if right.type in self.literals else self.value(right)
        if left.type in _NO_TARGETS:
            for position, element in enumerate(left.named_children):
                target = first_child(element) or element if element.type == "array_element_initializer" else element
                if target.type == "variable_name":
                    entry = UNKNOWN if path == UNKNOWN else f"{path}[{position}]"
                    self.assign(self.path(target), entry, scope, line)
            return
        name = self.path(left)
        if name != path:
            self.assign(name, path, scope, line)

    def use_foreach(self, node: Node) -> None:
        children = [child for child in node.named_children if child.type not in self.comment_types]
        if len(children) < 2:
            return
        over, target = children[0], children[1]
        if target.type == "pair" and target.named_children:
            target = target.named_children[-1]
        target = first_child(target) or target if target.type == "by_ref" else target
        if target.type == "variable_name":
            scope, line = self.at(node)
            path = self.value(over)
            self.assign(self.path(target), path if path == UNKNOWN else f"{path}[]", scope, line)

    def use_catch(self, node: Node) -> None:
        name, scope = self.source(node.child_by_field_name("name")).lstrip("$"), self.scopes.of(node.start_byte)
        if name:
            self.make_local(name, scope)
        self.annotate(name, node.child_by_field_name("type"), scope)

    def use_instance(self, node: Node) -> None:
        """`$x instanceof C` says what a variable of this function is from there on."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or right.type not in self.type_names:
            return
        scope = self.scopes.of(node.start_byte)
        name = self.path(left)
        self.annotate(name if name in self._locals.get(scope, ()) else "", right, scope)

    def use_return(self, node: Node) -> None:
        if (value := first_child(node)) is not None:
            self._return(value, self.scopes.of(node.start_byte))

    def _return(self, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", value, scope, self.lines.of(node.start_byte))


def _grammar() -> object:
    import tree_sitter_php

    return tree_sitter_php.language_php()


LANGUAGES = (
    Language(
        "php",
        grammar=_grammar,
        extractor=lambda: PhpExtractor,
    ),
)
