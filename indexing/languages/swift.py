"""Swift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child, is_known
from indexing.languages.swift_paths import SwiftPaths, arguments_of

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS = {"struct": SymbolKind.STRUCT, "enum": SymbolKind.ENUM}
_CLASSES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.STRUCT})
_LAMBDA_BYTES = 4_000
"""Only so far into a closure `$0` is looked for."""
_MAX_PATTERNS = 40


class SwiftExtractor(SwiftPaths):
    """Reads a Swift file."""

    # -- definitions ----------------------------------------------------------------------------------------------

    def module_doc(self) -> str:
        return ""

    def define_class(self, node: Node) -> None:
        """An extension is a class of the name of what it extends: linking puts the two together."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        kind = _KINDS.get(self.source(node.child_by_field_name("declaration_kind")), SymbolKind.CLASS)
        text = self.type_name(name) if name is not None and name.type == "user_type" else self.source(name)
        prefix, _, last = text.rpartition(".")
        self.define(node, last, kind, name_node=name, body=body, prefix=prefix)

    def define_protocol(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        self.define(node, self.source(name), SymbolKind.INTERFACE, name_node=name, body=body)

    def define_type(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.TYPE, name)

    def define_function(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        kind = SymbolKind.METHOD if around in _CLASSES else SymbolKind.FUNCTION
        self.define(node, self.source(name), kind, name_node=name, body=body)

    def define_constructor(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        kind = SymbolKind.CONSTRUCTOR if node.type == "init_declaration" else SymbolKind.METHOD
        word = {"deinit_declaration": "deinit", "subscript_declaration": "subscript"}.get(node.type, "init")
        computed = next((child for child in node.named_children if child.type == "computed_property"), None)
        self.define(node, word, kind, body=body or computed)

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node)

    def define_field(self, node: Node) -> None:
        scope = self.scopes.around(node.start_byte)
        kind = self.definitions[scope].kind
        field = SymbolKind.FIELD if kind in _CLASSES else SymbolKind.VARIABLE
        if kind in _CLASSES or kind is SymbolKind.MODULE:
            body = node.child_by_field_name("computed_value")
            end = body.start_byte if body is not None else node.end_byte
            signature = self.one_line(node.start_byte, end, first_only=body is None)
            for pattern in node.children_by_field_name("name"):
                for name in _bound(pattern):
                    self.define_once(node, self.source(name), field, name, signature)

    def define_entry(self, node: Node) -> None:
        for name in node.children_by_field_name("name"):
            self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        path = next((self.source(child) for child in node.named_children if child.type == "identifier"), "")
        module, _, name = path.rpartition(".")
        if any(
            child.type in ("struct", "class", "enum", "protocol", "func", "let", "var", "typealias")
            for child in node.children
        ):
            self.imports.append(Import(module, name, name, 0, scope, line))
        else:
            self.imports.append(Import(path, "", path.partition(".")[0], 0, scope, line))

    def use_class(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        word = self.source(node.child_by_field_name("declaration_kind"))
        inherits = word in ("class", "protocol")
        for child in node.named_children:
            base = child.child_by_field_name("inherits_from") if child.type == "inheritance_specifier" else None
            if base is not None and (path := self.type_name(base)):
                kind = ReferenceKind.INHERITS if inherits else ReferenceKind.IMPLEMENTS
                self.refer(kind, path, scope, self.lines.of(base.start_byte))
                inherits = word == "protocol"
                for arguments in base.named_children:
                    if arguments.type == "type_arguments":
                        self.types("", arguments, scope)

    def use_attribute(self, node: Node) -> None:
        decorated, name = self.named_after(node.end_byte), first_child(node)
        path = self.type_name(name) if name is not None else ""
        if path and decorated and self.definitions[decorated].span.start <= node.start_byte:
            called = "()" * any(child.type == "(" for child in node.children)
            self.refer(ReferenceKind.DECORATES, path + called, decorated, self.lines.of(node.start_byte))

    def use_alias(self, node: Node) -> None:
        names = node.children_by_field_name("name")
        if len(names) > 1:
            scope, line = self.at(node)
            name, path = self.source(names[0]), self.type_name(names[1]) if names[1].type == "user_type" else ""
            if path not in ("", name):
                self.bind(BindingKind.ASSIGNED, name, path, scope, line)
            self.types("", names[1], scope)

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        for child in node.named_children:
            if child.type == "parameter":
                self._parameter(child, scope)
        names = [name for name in node.children_by_field_name("name") if name.is_named]
        if len(names) > 1 or (names and node.type == "subscript_declaration"):
            self.annotate("()", names[-1], scope)
        body = node.child_by_field_name("body")
        statements = first_child(body) if body is not None else None
        if statements is not None and statements.named_child_count == 1 and names:
            self._return(statements.named_children[0], scope)

    def _parameter(self, node: Node, scope: int) -> None:
        names = node.children_by_field_name("name")
        if not names:
            return
        name, written = self.source(names[0]), names[1] if len(names) > 1 else None
        line = self.lines.of(node.start_byte)
        if any(child.type == "..." for child in node.children):
            self.annotate(f"{name}[]", written, scope)
            self.parameter(f"...{name}", "", scope, line)
            return
        own = self.annotate(name, written, scope, parameter=True)
        self.parameter(name, own, scope, line)

    def use_lambda(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        written = node.child_by_field_name("type")
        listed = first_child(written) if written is not None else None
        for parameter in listed.named_children if listed is not None else ():
            if parameter.type == "lambda_parameter":
                self._parameter(parameter, scope)
        if written is None:
            text, line = (
                self.text[node.start_byte : min(node.end_byte, node.start_byte + _LAMBDA_BYTES)],
                self.lines.of(node.start_byte),
            )
            for name in ("$0", "$1") if b"$1" in text else ("$0",) if b"$0" in text else ():
                self.parameter(name, "", scope, line)
        statements = next((child for child in node.named_children if child.type == "statements"), None)
        if statements is not None and statements.named_child_count == 1:
            self._return(statements.named_children[0], scope)

    def use_declaration(self, node: Node) -> None:
        scope, line = self.at(node)
        patterns, values = node.children_by_field_name("name"), node.children_by_field_name("value")
        written = [child for child in node.named_children if child.type == "type_annotation"]
        for position, pattern in enumerate(patterns):
            value = values[position] if position < len(values) else None
            declared = written[position] if position < len(written) else None
            if declared is None and value is not None and value.type == "as_expression":
                declared = value.child_by_field_name("name")
            path = UNKNOWN if value is None or value.type in self.literals else self.value(value)
            self._assign(pattern, path, declared, scope, line)

    def _assign(self, pattern: Node, path: str, declared: Node | None, scope: int, line: int) -> None:
        names = _bound(pattern)
        for position, name in enumerate(names):
            text, entry = self.source(name), f"[{position}]" if len(names) > 1 else ""
            if not entry:
                self.annotate(text, declared, scope)
            self.assign(text, UNKNOWN if path.startswith(UNKNOWN) else path + entry, scope, line)

    def use_condition(self, node: Node) -> None:
        """`if let x = y`, `guard let x`: a name, perhaps its type, and behind `=` its value."""
        scope, line = self.at(node)
        name, declared, given = "", None, False
        for position, child in enumerate(node.children):
            if node.field_name_for_child(position) == "bound_identifier":
                name, declared, given = self.source(child), None, False
                self.make_local(name, scope)
            elif child.type == "type_annotation":
                declared = child
            elif child.type == "=":
                given = True
            elif child.is_named and name and given:
                if declared is None and child.type == "as_expression":
                    declared = child.child_by_field_name("name")
                path = UNKNOWN if child.type in self.literals else self.value(child)
                self.annotate(name, declared, scope)
                # `if let x = x` hides the outer name; in one scope both are the same.
                self.assign(name, path if path != name else UNKNOWN, scope, line)
                name = ""
            elif child.type in ("{", "else"):
                break

    def use_for(self, node: Node) -> None:
        item, over = node.child_by_field_name("item"), node.child_by_field_name("collection")
        if item is not None and over is not None:
            scope, line = self.at(node)
            path = UNKNOWN if over.type in self.literals else self.value(over)
            self._assign(item, path if path == UNKNOWN else f"{path}[]", None, scope, line)

    def use_catch(self, node: Node) -> None:
        pattern = node.child_by_field_name("error")
        if pattern is not None:
            names, scope = _bound(pattern), self.scopes.of(node.start_byte)
            if names:
                self.make_local(self.source(names[0]), scope)
                self.annotate(self.source(names[0]), pattern.child_by_field_name("name"), scope)

    def use_call(self, node: Node) -> None:
        callee = first_child(node)
        listed = arguments_of(node)
        if callee is None or (listed is not None and self.text[listed.start_byte : listed.start_byte + 1] == b"["):
            return
        target, scope = self.path(callee), self.scopes.of(node.start_byte)
        line = self.lines.of(callee.end_byte - 1)
        if target.endswith(".init"):
            target = target[:-5]
            if target == "self":
                target = self.definitions[max(self.definitions[scope].parent, 0)].name or target
        self.refer(ReferenceKind.CALL, target, scope, line)
        self._hand_on(target, node, scope, line)

    def use_new(self, node: Node) -> None:
        created = node.child_by_field_name("constructed_type")
        if created is not None and (target := self.type_name(created)):
            scope, line = self.at(node)
            self.types("", created, scope)
            self.refer(ReferenceKind.CALL, target, scope, line)
            self._hand_on(target, node, scope, line)

    def _hand_on(self, target: str, node: Node, scope: int, line: int) -> None:
        position = 0
        listed = arguments_of(node)
        for argument in listed.named_children if listed is not None else ():
            value = argument.child_by_field_name("value")
            if argument.type == "value_argument" and value is not None:
                if value.is_named and value.type not in self.literals:
                    self.hand_on(target, str(position), value, scope, line)
                position += 1
        for closure in node.named_children[-1].named_children:
            if closure.type == "lambda_literal":
                self.hand_on(target, str(position), closure, scope, line)
                position += 1

    def use_entry(self, node: Node) -> None:
        scope, line = self.at(node)
        for name in node.children_by_field_name("name"):
            self.bind(BindingKind.ANNOTATED, self.source(name), self.definitions[scope].name, scope, line)
        if (contents := node.child_by_field_name("data_contents")) is not None:
            self.types("", contents, scope)

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("target"), node.child_by_field_name("result")
        if left is not None and right is not None and right.type not in self.literals:
            scope, line = self.at(node)
            name, value = self.path(left), self.value(right)
            # An assignment makes no local variable here: the name may be a property.
            if is_known(name) and value not in (UNKNOWN, name):
                self.bind(BindingKind.ASSIGNED, name, value, scope, line)

    def use_return(self, node: Node) -> None:
        if (value := node.child_by_field_name("result")) is not None:
            self._return(value, self.scopes.of(node.start_byte))

    def _return(self, node: Node, scope: int) -> None:
        computed = self.definitions[scope].kind in _CLASSES  # what a computed property returns
        if not computed and node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", value, scope, self.lines.of(node.start_byte))


def _bound(pattern: Node) -> list[Node]:
    """The names that a pattern binds, in order."""
    found: list[Node] = []
    waiting = [pattern]
    for _ in range(_MAX_PATTERNS):
        if not waiting:
            break
        node = waiting.pop()
        if node.type == "simple_identifier":
            found.append(node)
        elif node.type == "pattern":
            waiting += [child for child in reversed(node.named_children) if child.type in ("pattern", "simple_identifier")]
    return found


def _grammar() -> object:
    import tree_sitter_swift

    return tree_sitter_swift.language()


LANGUAGES = (Language("swift", grammar=_grammar, extractor=lambda: SwiftExtractor),)
