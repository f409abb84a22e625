"""Scala 2 and 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child, is_known
from indexing.languages.scala_definitions import ScalaDefinitions, extended, names_of
from indexing.languages.scala_paths import applies, uninstantiated

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS = "+ - * / % == != < > <= >= && || & | ^ :: ::: ++ -> << >> eq ne to until"
_PLAIN_OPERATORS = frozenset(_OPERATORS.split())
_MAX_LISTS = 8
"""Lists of arguments of one call."""


class ScalaExtractor(ScalaDefinitions):
    """Reads a Scala file, script or build definition."""

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        parts: list[str] = []
        for child in node.children:
            kind = child.type
            if kind == ",":
                self._import(parts, scope, line)
                parts = []
            elif kind == "identifier" and child.is_named:
                parts.append(self.source(child))
            elif kind == "namespace_selectors":
                for selected in child.named_children:
                    self._select(".".join(parts), selected, scope, line)
                parts = []
            elif kind in ("namespace_wildcard", "as_renamed_identifier", "arrow_renamed_identifier"):
                self._select(".".join(parts), child, scope, line)
                parts = []
        self._import(parts, scope, line)

    def _import(self, parts: list[str], scope: int, line: int) -> None:
        if parts:
            self.imports.append(Import(".".join(parts[:-1]), parts[-1], parts[-1], 0, scope, line))

    def _select(self, module: str, node: Node, scope: int, line: int) -> None:
        if node.type == "namespace_wildcard":
            self.imports.append(Import(module, "*", "", 0, scope, line))
            return
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        text = self.source(name or node)
        local = self.source(alias) if alias is not None else text
        if local != "_":
            self.imports.append(Import(module, text, local, 0, scope, line))

    def use_bases(self, node: Node) -> None:
        owner = node.parent
        if owner is None or owner.id not in self.function_names:
            return
        scope, first = self.function_names[owner.id][1], True
        for child in node.named_children:
            if child.type == "arguments":
                continue
            path, line = self.type_name(child), self.lines.of(child.start_byte)
            if not path:
                continue
            inherits = first or self.definitions[scope].kind is SymbolKind.INTERFACE
            self.refer(ReferenceKind.INHERITS if inherits else ReferenceKind.IMPLEMENTS, path, scope, line)
            if child.type == "generic_type":
                for arguments in child.named_children[1:]:
                    self.types("", arguments, scope)
            given = child.next_named_sibling
            if given is not None and given.type == "arguments":
                self.refer(ReferenceKind.CALL, path, scope, line)
                self.hand_on_all(path, given, scope, line)
            first = False

    def use_given(self, node: Node) -> None:
        found = self.function_names.get(node.id)
        for base in node.children_by_field_name("return_type") if found is not None else ():
            if base.is_named and found is not None and (path := self.type_name(base)):
                self.refer(ReferenceKind.IMPLEMENTS, path, found[1], self.lines.of(base.start_byte))

    def use_class(self, node: Node) -> None:
        """Each parameter is seen by the whole class; the constructor gives it."""
        lists = node.children_by_field_name("class_parameters")
        scope = self.function_names.get(lists[0].id, ("", 0))[1] if lists else 0
        if not scope:
            return
        cls = self.definitions[scope].parent
        for parameter in [one for listed in lists for one in listed.named_children if one.type == "class_parameter"]:
            name, line = self.source(parameter.child_by_field_name("name")), self.lines.of(parameter.start_byte)
            own = self.annotate(name, parameter.child_by_field_name("type"), cls, parameter=True)
            if own:
                self.bind(BindingKind.ANNOTATED, name, own, cls, line)
            self.parameter(name, own, scope, line)
            self.bind(BindingKind.ASSIGNED, f"this.{name}", name, scope, line)

    def use_annotation(self, node: Node) -> None:
        decorated = self.named_after(node.end_byte)
        name = node.child_by_field_name("name")
        path = self.type_name(name) if name is not None else ""
        if path and decorated and self.definitions[decorated].span.start <= node.start_byte:
            called = "()" * (node.child_by_field_name("arguments") is not None)
            self.refer(ReferenceKind.DECORATES, path + called, decorated, self.lines.of(node.start_byte))

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        receiver = extended(node)
        if receiver is not None:
            name = self.source(receiver.child_by_field_name("name"))
            self.make_local(name, scope)
            self.annotate(name, receiver.child_by_field_name("type"), scope)
        for listed in node.children_by_field_name("parameters"):
            for parameter in listed.named_children if listed.type == "parameters" else ():
                self._parameter(parameter, scope)
        self.annotate("()", node.child_by_field_name("return_type"), scope)
        if (body := node.child_by_field_name("body")) is not None:
            self._return(body, scope)

    def _parameter(self, node: Node, scope: int) -> None:
        name, line = self.source(node.child_by_field_name("name")), self.lines.of(node.start_byte)
        written = node.child_by_field_name("type")
        if written is not None and written.type == "repeated_parameter_type":
            self.annotate(f"{name}[]", written, scope)
            self.parameter(f"...{name}", "", scope, line)
        elif name and node.type in ("parameter", "binding"):
            self.parameter(name, self.annotate(name, written, scope, parameter=True), scope, line)

    def use_lambda(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        parameters = node.child_by_field_name("parameters")
        if parameters is not None and parameters.type == "identifier":
            self.parameter(self.source(parameters), "", scope, self.lines.of(node.start_byte))
        for parameter in parameters.named_children if parameters is not None else ():
            self._parameter(parameter, scope)
        if node.named_children:
            self._return(node.named_children[-1], scope)

    def use_declaration(self, node: Node) -> None:
        scope, line = self.at(node)
        value, written = node.child_by_field_name("value"), node.child_by_field_name("type")
        path = UNKNOWN if value is None or value.type in self.literals else self.value(value)
        names = names_of(node)
        for position, target in enumerate(names):
            name = self.source(target)
            entry = f"[{position}]" if len(names) > 1 else ""
            if not entry:
                self.annotate(name, written or self._cast(value), scope)
            self.assign(name, UNKNOWN if path == UNKNOWN else path + entry, scope, line)

    def _cast(self, node: Node | None) -> Node | None:
        """The type of `x.asInstanceOf[T]`."""
        function = node.child_by_field_name("function") if node is not None and node.type == "generic_function" else None
        if function is None or node is None or function.type != "field_expression":
            return None
        cast = self.source(function.child_by_field_name("field")) == "asInstanceOf"
        arguments = node.child_by_field_name("type_arguments")
        return first_child(arguments) if cast and arguments is not None else None

    def use_enumerator(self, node: Node) -> None:
        children = node.named_children
        if len(children) < 2 or children[0].type not in ("identifier", "typed_pattern"):
            return
        scope, line = self.at(node)
        drawn = any(child.type in ("<-", "←") for child in node.children)
        target = children[0] if children[0].type == "identifier" else first_child(children[0])
        path = UNKNOWN if children[-1].type in self.literals else self.value(children[-1])
        self.assign(self.source(target), path + "[]" * drawn if path != UNKNOWN else path, scope, line)

    def use_typed(self, node: Node) -> None:
        pattern, scope = node.child_by_field_name("pattern"), self.scopes.of(node.start_byte)
        name = self.source(pattern) if pattern is not None and pattern.type == "identifier" else ""
        if name:
            self.make_local(name, scope)
        self.annotate(name, node.child_by_field_name("type"), scope)

    def use_pattern(self, node: Node) -> None:
        matched = node.child_by_field_name("type")
        if matched is not None:
            self.types("", matched, self.scopes.of(node.start_byte))

    def use_alias(self, node: Node) -> None:
        name, aliased = self.source(node.child_by_field_name("name")), node.child_by_field_name("type")
        if aliased is not None and aliased.type in ("type_identifier", "generic_type"):
            scope, line = self.at(node)
            if (path := self.type_name(aliased)) not in ("", name):
                self.bind(BindingKind.ASSIGNED, name, path, scope, line)

    def use_call(self, node: Node) -> None:
        lists: list[Node] = []
        function: Node | None = node
        for _ in range(_MAX_LISTS):
            if function is None or function.type != "call_expression":
                break
            if (arguments := function.child_by_field_name("arguments")) is not None:
                lists.append(arguments)
            function = function.child_by_field_name("function")
        if function is None or function.type == "call_expression":
            return
        own, scope = uninstantiated(function), self.scopes.of(node.start_byte)
        target, line = self.path(own), self.lines.of((own or function).end_byte - 1)
        if applies(self, function):
            target += ".apply"
        elif target == "this":
            target = self.definitions[scope].name
        if len(lists) == 1:
            self.refer(ReferenceKind.CALL, target, scope, line)
        # A further list of arguments is met on its own, around the others.
        self._hand_on(target, lists[0], sum(one.named_child_count for one in lists[1:]), scope, line)

    def _hand_on(self, target: str, arguments: Node, position: int, scope: int, line: int) -> None:
        listed = arguments.named_children if arguments.type == "arguments" else [arguments]
        for child in listed:
            if child.type == "assignment_expression":
                left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
                if right is not None and right.type not in self.literals:
                    self.hand_on(target, self.source(left), right, scope, line)
            elif child.type not in self.literals:
                self.hand_on(target, str(position), child, scope, line)
            position += child.type not in self.comment_types

    def use_summon(self, node: Node) -> None:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("type_arguments")
        scope, line = self.at(node)
        if arguments is not None:
            self.types("", arguments, scope)
        called = (
            node.parent is not None and node.parent.type == "call_expression" and node.parent.start_byte == node.start_byte
        )
        if not called and applies(self, function):
            self.refer(ReferenceKind.CALL, f"{self.path(function)}.apply", scope, line)

    def use_select(self, node: Node) -> None:
        """A method without parameters is called by its name alone; a field of that name is no callee."""
        parent = node.parent
        kind = parent.type if parent is not None else ""
        if kind in ("call_expression", "generic_function", "assignment_expression") and parent is not None:
            role = "left" if kind == "assignment_expression" else "function"
            if parent.child_by_field_name(role) == node:
                return
        target = self.path(node)
        if is_known(target):
            scope, line = self.scopes.of(node.start_byte), self.lines.of(node.end_byte - 1)
            self.refer(ReferenceKind.CALL, target, scope, line)

    def use_new(self, node: Node) -> None:
        scope, line = self.at(node)
        created = first_child(node)
        if created is None or created.type == "template_body":
            return
        if created.type == "generic_type":
            self.types("", created, scope)
        if target := self.type_name(created):
            self.refer(ReferenceKind.CALL, target, scope, line)
            for arguments in node.children_by_field_name("arguments"):
                self._hand_on(target, arguments, 0, scope, line)

    def use_infix(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = self.source(node.child_by_field_name("operator"))
        if left is None or right is None or operator in _PLAIN_OPERATORS:
            return
        if operator.endswith(":"):  # belongs to what stands on its right
            left, right = right, left
        scope, line = self.at(node)
        target = f"{self.path(left)}.{operator}"
        self.refer(ReferenceKind.CALL, target, scope, line)
        if right.type not in self.literals:
            self.hand_on(target, "0", right, scope, line)

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        named = node.parent is not None and node.parent.type == "arguments"
        if left is not None and right is not None and right.type not in self.literals and not named:
            scope, line = self.at(node)
            name, value = self.path(left), self.value(right)
            if is_known(name) and value not in (UNKNOWN, name) and not name.endswith("()"):
                self.bind(BindingKind.ASSIGNED, name, value, scope, line)

    def use_return(self, node: Node) -> None:
        if (value := first_child(node)) is not None:
            self._return(value, self.scopes.of(node.start_byte))

    def _return(self, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", value, scope, self.lines.of(node.start_byte))


def _grammar() -> object:
    import tree_sitter_scala

    return tree_sitter_scala.language()


LANGUAGES = (
    Language(
        "scala",
        grammar=_grammar,
        extractor=lambda: ScalaExtractor,
    ),
)
