"""Kotlin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.kotlin_definitions import NAMES, TYPES, KotlinDefinitions, part_of
from indexing.languages.kotlin_paths import base_type, call_around, has_arguments, mask, misread_call
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child, is_known

if TYPE_CHECKING:
    from tree_sitter import Node

_AFTER_VALUE = frozenset({"getter", "setter", "type_constraints", "line_comment", "block_comment"})
_CALLED_WITH = frozenset({"let", "also", "takeIf", "takeUnless"})
_RUN_WITHIN = frozenset({"run", "apply"})
_IT = re.compile(rb"\bit\b")
_LAMBDA_BYTES = 4_000
"""Only so far into a lambda `it` is looked for."""


class KotlinExtractor(KotlinDefinitions):
    """Reads a Kotlin file or script."""

    def use_alias(self, node: Node) -> None:
        scope, line = self.at(node)
        name, aliased = self.source(node.child_by_field_name("type")), node.named_children[-1]
        if aliased.type == "user_type" and (path := self.type_name(aliased)) != name:
            self.bind(BindingKind.ASSIGNED, name, path, scope, line)
        self.types("", aliased, scope)

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        path, alias = self.source(first_child(node)), part_of(node, "identifier")
        if any(child.type == "*" for child in node.children):
            self.imports.append(Import(path, "*", "", 0, scope, line))
            return
        module, _, name = path.rpartition(".")
        self.imports.append(Import(module, name, self.source(alias) or name, 0, scope, line))

    def use_bases(self, node: Node) -> None:
        owner = node.parent
        if owner is None or owner.id not in self.function_names:
            return
        scope = self.function_names[owner.id][1]
        interface = self.definitions[scope].kind is SymbolKind.INTERFACE
        for specifier in node.named_children:
            base, inner = base_type(specifier), first_child(specifier)
            if base is not None and inner is not None and (path := self.type_name(base)):
                inherits = interface or inner.type == "constructor_invocation"
                kind = ReferenceKind.INHERITS if inherits else ReferenceKind.IMPLEMENTS
                self.refer(kind, path, scope, self.lines.of(base.start_byte))
                for arguments in base.named_children:
                    if arguments.type == "type_arguments":
                        self.types("", arguments, scope)

    def use_annotation(self, node: Node) -> None:
        decorated = self.named_after(node.end_byte)
        inner = node.named_children[-1] if node.named_children else node
        called = inner.type == "constructor_invocation"
        name = self.type_name(inner.named_children[0] if called else inner)
        # An annotation of a parameter or local variable has no definition of its own to stand at.
        if name and decorated and self.definitions[decorated].span.start <= node.start_byte:
            self.refer(ReferenceKind.DECORATES, name + "()" * called, decorated, self.lines.of(node.start_byte))

    def use_primary(self, node: Node) -> None:
        """Each parameter is seen by the initialisers of the class; a property is given it, too."""
        scope = self.function_names.get(node.id, ("", 0))[1]
        if not scope:
            return
        cls = self.definitions[scope].parent
        for parameter in (part_of(node, "class_parameters") or node).named_children:
            name = self.source(part_of(parameter, "identifier"))
            if not name:
                continue
            written = next((child for child in parameter.named_children if child.type in TYPES), None)
            line = self.lines.of(parameter.start_byte)
            own = self.annotate(name, written, cls, parameter=True)
            if own:
                self.bind(BindingKind.ANNOTATED, name, own, cls, line)
            self.parameter(name, own, scope, line)
            self.bind(BindingKind.ASSIGNED, f"this.{name}", name, scope, line)

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        name, seen = node.child_by_field_name("name"), False
        for child in node.named_children:
            kind = child.type
            if kind == "function_value_parameters":
                self._parameters(child, scope)
                seen = True
            elif kind in TYPES and (seen or node.type == "anonymous_function"):
                self.annotate("()", child, scope)
            elif kind in TYPES and name is not None and child.start_byte < name.start_byte:
                self.types("", child, scope)
            elif kind == "function_body" and (value := first_child(child)) is not None and value.type != "block":
                self._return(value, scope)

    def _parameters(self, parameters: Node, scope: int) -> None:
        rest = False
        for node in parameters.named_children:
            if node.type == "parameter_modifiers":
                rest = "vararg" in self.source(node).split()
            elif node.type == "parameter":
                self._parameter(node, scope, rest=rest)
                rest = False

    def _parameter(self, node: Node, scope: int, *, rest: bool = False) -> None:
        name, line = self.source(part_of(node, "identifier")), self.lines.of(node.start_byte)
        written = next((child for child in node.named_children if child.type in TYPES), None)
        if rest:
            self.annotate(f"{name}[]", written, scope)
            self.parameter(f"...{name}", "", scope, line)
        else:
            self.parameter(name, self.annotate(name, written, scope, parameter=True), scope, line)

    def use_lambda(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        parameters = part_of(node, "lambda_parameters")
        line = self.lines.of(node.start_byte)
        for position, child in enumerate(parameters.named_children if parameters is not None else ()):
            if child.type == "variable_declaration":
                self._parameter(child, scope)
            elif child.type == "multi_variable_declaration":
                self.parameter(f"_{position}", "", scope, line)
                self._spread(child, f"_{position}", scope, line)
        named = part_of(parameters, "variable_declaration") if parameters is not None else None
        if parameters is None and _IT.search(
            self.text[node.start_byte : min(node.end_byte, node.start_byte + _LAMBDA_BYTES)]
        ):
            self.parameter("it", "", scope, line)
        self._give_receiver(node, self.source(part_of(named, "identifier")) if named is not None else "it", scope, line)
        body = [child for child in node.named_children if child.type != "lambda_parameters"]
        if body and body[-1].type not in ("property_declaration", "assignment", "function_declaration"):
            self._return(body[-1], scope)

    def _give_receiver(self, node: Node, parameter: str, scope: int, line: int) -> None:
        """`x.let { … }` and its like call the lambda with `x`, `x.run { … }` within it."""
        call = node.parent.parent if node.parent is not None and node.parent.type == "annotated_lambda" else None
        callee = first_child(call) if call is not None else None
        if callee is None or callee.type != "navigation_expression":
            return
        name = self.source(callee.named_children[-1])
        if name in _CALLED_WITH or name in _RUN_WITHIN:
            receiver = self.path(first_child(callee))
            if is_known(receiver):
                self.bind(BindingKind.ASSIGNED, "this" if name in _RUN_WITHIN else parameter, receiver, scope, line)

    def use_declaration(self, node: Node) -> None:
        scope, line = self.at(node)
        declared = next((child for child in node.named_children if child.type in NAMES), None)
        if declared is None:
            return
        value = next(
            (child for child in node.named_children
             if child.start_byte >= declared.end_byte and child.type not in _AFTER_VALUE), None
        )  # fmt: skip
        path = UNKNOWN if value is None or value.type in self.literals else self.value(value)
        if value is not None and value.type == "property_delegate":
            path = f"{self.path(_lazy(value))}()"
        if declared.type == "multi_variable_declaration":
            self._spread(declared, path, scope, line)
            return
        name = self.source(part_of(declared, "identifier"))
        written = next((child for child in declared.named_children if child.type in TYPES), None)
        if written is None and value is not None and value.type == "as_expression":
            written = value.child_by_field_name("right")
        self.annotate(name, written, scope)
        self.assign(name, UNKNOWN if path.startswith(UNKNOWN) else path, scope, line)

    def _spread(self, names: Node, path: str, scope: int, line: int) -> None:
        """`(a, b)` takes the value of `path` apart."""
        for position, child in enumerate(names.named_children):
            name = self.source(part_of(child, "identifier"))
            if child.type == "variable_declaration" and name != "_":
                self.assign(name, UNKNOWN if path == UNKNOWN else f"{path}[{position}]", scope, line)

    def use_for(self, node: Node) -> None:
        scope, line = self.at(node)
        children = [child for child in node.named_children if child.type not in self.comment_types]
        at = next((position for position, child in enumerate(children) if child.type in NAMES), -1)
        if at < 0 or at + 1 >= len(children):
            return
        names, over = children[at], children[at + 1]
        path = UNKNOWN if over.type in self.literals else self.value(over)
        entry = path if path == UNKNOWN else f"{path}[]"
        if names.type == "multi_variable_declaration":
            self._spread(names, entry, scope, line)
            return
        name = self.source(part_of(names, "identifier"))
        self.annotate(name, next((child for child in names.named_children if child.type in TYPES), None), scope)
        self.assign(name, entry, scope, line)

    def use_catch(self, node: Node) -> None:
        name, scope = self.source(part_of(node, "identifier")), self.scopes.of(node.start_byte)
        self.make_local(name, scope)
        self.annotate(name, next((child for child in node.named_children if child.type in TYPES), None), scope)

    def use_cast(self, node: Node) -> None:
        """`x is C` and `x as C` say what a variable of this function is from there on."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        self._is(left, right, self.scopes.of(node.start_byte))

    def use_test(self, node: Node) -> None:
        """`is C` among the branches of `when (x)`."""
        entry = node.parent
        when = entry.parent if entry is not None else None
        subject = first_child(when) if when is not None else None
        if subject is not None and subject.type == "when_subject":
            self._is(subject.named_children[-1], first_child(node), self.scopes.of(node.start_byte))

    def _is(self, node: Node | None, kind: Node | None, scope: int) -> None:
        name = self.plain_name(node) if node is not None else ""
        if kind is not None:
            self.annotate(name if name in self._locals.get(scope, ()) else "", kind, scope)

    def use_call(self, node: Node) -> None:
        inner = call_around(node)
        callee = first_child(inner or node)
        if callee is None or (not has_arguments(node) and node.named_children[-1].type != "annotated_lambda"):
            return
        target, scope = self.path(callee), self.scopes.of(node.start_byte)
        line = self.lines.of(callee.end_byte - 1)
        if inner is not None:  # the call itself is met on its own
            given = len(inner.named_children[-1].named_children)
            self.hand_on(target, str(given), node.named_children[-1], scope, line)
            return
        self.refer(ReferenceKind.CALL, target, scope, line)
        for child in node.named_children[1:]:
            if child.type == "type_arguments":
                self.types("", child, scope)
            elif child.type == "annotated_lambda":
                self.hand_on(target, "0", child, scope, line)
        self._hand_on(target, node, scope, line)

    def _hand_on(self, target: str, node: Node, scope: int, line: int) -> None:
        arguments = part_of(node, "value_arguments")
        position = 0
        for argument in arguments.named_children if arguments is not None else ():
            children = argument.named_children
            if argument.type != "value_argument" or not children:
                continue
            named = any(child.type == "=" for child in argument.children)
            if children[-1].type not in self.literals:
                spread = children[-1].type == "spread_expression"
                where = self.source(children[0]) if named else "*" if spread else str(position)
                self.hand_on(target, where, children[-1], scope, line)
            position += not named

    def use_misread_call(self, node: Node) -> None:
        callee, right = misread_call(node), node.child_by_field_name("right")
        if callee is not None and right is not None:
            scope, line = self.at(node)
            target = self.path(callee)
            self.refer(ReferenceKind.CALL, target, scope, line)
            self.hand_on_all(target, right, scope, line)

    def use_infix(self, node: Node) -> None:
        children = node.named_children
        if len(children) == 3:
            scope, line = self.at(node)
            target = f"{self.path(children[0])}.{self.source(children[1])}"
            self.refer(ReferenceKind.CALL, target, scope, line)
            if children[2].type not in self.literals:
                self.hand_on(target, "0", children[2], scope, line)

    def use_base_call(self, node: Node) -> None:
        """`Base(x)` among the bases."""
        scope, line = self.at(node)
        created = first_child(node)
        if created is not None and (target := self.type_name(created)):
            self.refer(ReferenceKind.CALL, target, scope, line)
            self._hand_on(target, node, scope, line)

    def use_delegation(self, node: Node) -> None:
        scope, line = self.at(node)
        own = any(child.type == "this" for child in node.children)
        target = self.definitions[scope].name if own else "super"
        self.refer(ReferenceKind.CALL, target, scope, line)
        self._hand_on(target, node, scope, line)

    def use_entry(self, node: Node) -> None:
        scope, line = self.at(node)
        name = self.definitions[scope].name
        self.bind(BindingKind.ANNOTATED, self.source(part_of(node, "identifier")), name, scope, line)
        if part_of(node, "value_arguments") is not None:
            self.refer(ReferenceKind.CALL, name, scope, line)
            self._hand_on(name, node, scope, line)

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None and right.type not in self.literals:
            scope, line = self.at(node)
            name, value = self.path(left), self.value(right)
            # An assignment makes no local variable here: the name may be a property.
            if is_known(name) and value not in (UNKNOWN, name):
                self.bind(BindingKind.ASSIGNED, name, value, scope, line)

    def use_return(self, node: Node) -> None:
        scope = self.scopes.of(node.start_byte)
        children = node.named_children
        if not children or node.child_by_field_name("label") == children[-1]:
            return
        if node.child_by_field_name("label") is None:  # out of the lambdas around, too
            while self.definitions[scope].kind is SymbolKind.LAMBDA and self.definitions[scope].parent > 0:
                scope = self.definitions[scope].parent
        self._return(children[-1], scope)

    def _return(self, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", value, scope, self.lines.of(node.start_byte))


def _lazy(node: Node) -> Node | None:
    """The lambda of `by lazy { … }`, whose result the property is."""
    call = node.named_children[-1] if node.named_children else None
    return call.named_children[-1] if call is not None and call.named_children else None


def _grammar() -> object:
    import tree_sitter_kotlin

    return tree_sitter_kotlin.language()


LANGUAGES = (
    Language(
        "kotlin",
        grammar=_grammar,
        extractor=lambda: KotlinExtractor,
        mask=mask,
    ),
)
