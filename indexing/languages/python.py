"""Python 3, and what of Python 2 its grammar reads."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, SymbolKind
from indexing.kinds import ANNOTATED, CALL, CONSTRUCTOR, DECORATES, FIELD, FUNCTION, GLOBAL, INHERITS, METHOD, RETURNED, TYPE
from indexing.languages import python_types
from indexing.languages.comments import first_paragraph
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child
from indexing.languages.python_statements import PATTERNS, PythonStatements

if TYPE_CHECKING:
    from tree_sitter import Node

_DOC_BYTES = 4_000
_MAX_CHAIN = 16
"""Assignments of one value to many names."""
_SEQUENCES = frozenset({"list", "tuple", "expression_list"})


class PythonExtractor(PythonStatements):
    """Reads a Python file."""

    # -- definitions ----------------------------------------------------------------------------------------------

    def module_doc(self) -> str:
        root = self._syntax.root
        for child in root.named_children[:20]:
            if child.type != "comment":
                return self._docstring_of(child) or super().module_doc()
        return super().module_doc()

    def define_decorated(self, node: Node) -> None:
        inner = node.child_by_field_name("definition")
        if inner is not None:
            self.starts_at(inner, node)

    def define_function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        text = self.source(name)
        kind = FUNCTION
        if self.definitions[self.scopes.around(node.start_byte)].kind is SymbolKind.CLASS:
            kind = CONSTRUCTOR if text == "__init__" else METHOD
        self._define_block(node, name, text, kind)

    def define_class(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self._define_block(node, name, self.source(name), SymbolKind.CLASS)

    def _define_block(self, node: Node, name: Node | None, text: str, kind: SymbolKind) -> None:
        body = node.child_by_field_name("body")
        doc = ""
        if body is not None and (first := first_child(body)) is not None:
            doc = self._docstring_of(first)
        self.define(node, text, kind, name_node=name, body=body, doc=doc)

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node.child_by_field_name("body"))

    def define_type(self, node: Node) -> None:
        left = node.child_by_field_name("left")
        if left is not None:
            self.define_once(node, self.source(left).partition("[")[0], SymbolKind.TYPE, left)

    def define_variable(self, node: Node) -> None:
        for name in self._plain_targets(node):
            text = self.source(name)
            self.define_once(node, text, SymbolKind.CONSTANT if text.isupper() else SymbolKind.VARIABLE, name)

    def define_field(self, node: Node) -> None:
        for name in self._plain_targets(node):
            self.define_once(node, self.source(name), FIELD, name)

    def _plain_targets(self, node: Node) -> list[Node]:
        left = node.child_by_field_name("left")
        if left is None:
            return []
        targets = left.named_children if left.type in PATTERNS else [left]
        return [target for target in targets if target.type == "identifier"]

    def _docstring_of(self, statement: Node) -> str:
        """The first paragraph of the string that the statement is, if it is one."""
        literal = first_child(statement) if statement.type == "expression_statement" else statement
        if literal is None or literal.type != "string" or (statement.named_child_count > 1 and literal is not statement):
            return ""
        start, end = literal.byte_range
        raw = self.text[start:end].decode("utf-8", "replace")
        if len(raw) <= _DOC_BYTES and "\\" in raw:
            try:
                value = ast.literal_eval(raw)
            except (SyntaxError, ValueError):
                value = raw
            return first_paragraph(inspect.cleandoc(value)) if isinstance(value, str) else ""
        return first_paragraph(raw[:_DOC_BYTES].lstrip("rRuUbBfF").strip("\"'"))

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        for child in node.children_by_field_name("name"):
            if child.type == "aliased_import":
                module, local = (
                    self.source(child.child_by_field_name("name")),
                    self.source(child.child_by_field_name("alias")),
                )
            else:
                module = self.source(child)
                local = module.partition(".")[0]
            self.imports.append(Import(module, "", local, 0, scope, line))

    def use_import_from(self, node: Node) -> None:
        scope, line = self.at(node)
        origin = self.source(node.child_by_field_name("module_name"))
        module = origin.lstrip(".").strip()
        level = len(origin) - len(origin.lstrip("."))
        names = node.children_by_field_name("name")
        if not names:
            self.imports.append(Import(module, "*", "", level, scope, line))
        for child in names:
            if child.type == "aliased_import":
                name, local = self.source(child.child_by_field_name("name")), self.source(child.child_by_field_name("alias"))
            else:
                name = local = self.source(child)
            self.imports.append(Import(module, name, local, level, scope, self.lines.of(child.start_byte)))

    def use_bases(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        bases = node.child_by_field_name("superclasses")
        for child in bases.named_children if bases is not None else ():
            line = self.lines.of(child.start_byte)
            if child.type == "keyword_argument":
                self.refer(TYPE, self.path(child.child_by_field_name("value")), scope, line)
            elif child.type not in self.literals:
                self.refer(INHERITS, self.path(child).removesuffix("[]"), scope, line)

    def use_decorated(self, node: Node) -> None:
        inner = node.child_by_field_name("definition")
        scope = self.function_names[inner.id][1] if inner is not None and inner.id in self.function_names else 0
        for child in node.named_children:
            if child.type == "decorator" and (expression := first_child(child)) is not None:
                self.refer(DECORATES, self.path(expression), scope, self.lines.of(child.start_byte))

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self._parameters(node.child_by_field_name("parameters"), scope)
        result = node.child_by_field_name("return_type")
        if result is not None:
            self._annotate("()", result, scope, scope)

    def use_lambda(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self._parameters(node.child_by_field_name("parameters"), scope)
        body = node.child_by_field_name("body")
        if body is not None:
            self._return("", body, scope)

    def _parameters(self, parameters: Node | None, scope: int) -> None:
        outer = max(self.definitions[scope].parent, 0)
        for node in parameters.named_children if parameters is not None else ():
            kind = node.type
            name = node.child_by_field_name("name")
            if name is None:
                name = first_child(node) if kind == "typed_parameter" else node
            if name is None or kind in ("keyword_separator", "positional_separator", "comment"):
                continue
            text, line = self.source(name), self.lines.of(node.start_byte)
            types: tuple[tuple[BindingKind, str, str], ...] = ()
            if (annotation := node.child_by_field_name("type")) is not None:
                types = self._types(text.lstrip("*"), annotation, outer)
            own = next((value for kind_, _, value in types if kind_ is ANNOTATED), "")
            self.parameter(text, own, scope, line)
            for binding, where, value in types:
                if value != own or where != text:
                    self.bind(binding, where, value, scope, line)
            if (default := node.child_by_field_name("value")) is not None and default.type not in self.literals:
                self.assign(text, self.value(default), scope, line)

    def _types(self, name: str, annotation: Node, scope: int) -> tuple[tuple[BindingKind, str, str], ...]:
        """The bindings an annotation of `name` makes; the types it names are references of `scope`."""
        line = self.lines.of(annotation.start_byte)
        found = python_types.read(self.source(annotation), name)
        for path in found.names:
            self.refer(TYPE, path, scope, line)
        return found.bindings

    def _annotate(self, name: str, annotation: Node, scope: int, within: int) -> None:
        line = self.lines.of(annotation.start_byte)
        for binding, where, value in self._types(name, annotation, within):
            self.bind(binding, where, value, scope, line)

    def use_call(self, node: Node) -> None:
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        if function is None:
            return
        target = self.path(function)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        self.refer(CALL, target, scope, line)
        if arguments is None:
            return
        self.implies_asking(target, arguments, node)
        if arguments.type != "argument_list":  # any(x for x in xs)
            self.hand_on(target, "0", arguments, scope, line)
            return
        literals, position = self.literals, 0
        for child in arguments.named_children:
            kind = child.type
            if kind == "keyword_argument":
                value = child.child_by_field_name("value")
                if value is not None and value.type not in literals:
                    self.hand_on(target, self.source(child.child_by_field_name("name")), value, scope, line)
            elif kind in ("list_splat", "dictionary_splat"):
                if (spread := first_child(child)) is not None:
                    self.hand_on(target, "*" if kind == "list_splat" else "**", spread, scope, line)
            elif kind != "comment":
                if kind not in literals:
                    self.hand_on(target, str(position), child, scope, line)
                position += 1

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None:
            return
        if (annotation := node.child_by_field_name("type")) is not None:
            scope, _ = self.at(node)
            self._annotate(self.path(left), annotation, scope, scope)
        for _ in range(_MAX_CHAIN):  # a = b = c
            if right is None or right.type != "assignment":
                break
            right = right.child_by_field_name("right")
        if right is not None:
            self.assigns(left, node)
            self._assign(left, right, "")
        elif left.type == "attribute":
            self._field(left)

    def use_augmented(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            self._assign(left, right, "")

    def use_named(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            self._assign(name, value, "")

    def use_for(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            path = self.value(right)
            self.implies_loop(path, node)
            self._assign(left, None, self._element(path))
            if path != UNKNOWN and path[0] != "<":  # an object may say itself what a loop takes from it
                self._assign(left, None, f"{path}.__iter__().__next__()")

    def use_with(self, node: Node) -> None:
        item = node.child_by_field_name("value")
        target = item.child_by_field_name("alias") if item is not None and item.type == "as_pattern" else None
        context = self.path(item if target is None or item is None else first_child(item))
        self.implies_context(context, node)
        if target is not None and (name := first_child(target)) is not None:
            self._assign(name, None, f"{context}.__enter__()")

    def use_except(self, node: Node) -> None:
        caught = node.child_by_field_name("value")
        if caught is None:
            return
        scope, line = self.at(node)
        target = caught.child_by_field_name("alias") if caught.type == "as_pattern" else None
        name = self.source(target) if target is not None else ""
        kinds = first_child(caught) if caught.type == "as_pattern" else caught
        if kinds is None:
            return
        if name:
            self.make_local(name, scope)
        for kind in kinds.named_children if kinds.type == "tuple" else [kinds]:
            path = self.path(kind)
            self.refer(TYPE, path, scope, line)
            if name and path != UNKNOWN:
                self.bind(ANNOTATED, name, path, scope, line)

    def use_return(self, node: Node) -> None:
        value = first_child(node)
        if value is not None:
            self._return("", value, self.scopes.of(node.start_byte))

    def use_yield(self, node: Node) -> None:
        value = first_child(node)
        if value is not None:
            delegated = any(child.type == "from" for child in node.children)
            self._return("[]", value, self.scopes.of(node.start_byte), delegated=delegated)

    def _return(self, where: str, node: Node, scope: int, *, delegated: bool = False) -> None:
        if node.type in self.literals:
            return
        value = self.value(node)
        if value != UNKNOWN:
            self.bind(
                RETURNED,
                where,
                self._element(value) if delegated else value,
                scope,
                self.lines.of(node.start_byte),
            )

    def use_raise(self, node: Node) -> None:
        for child in node.named_children:
            if child.type not in self.literals:
                raised = self.value(child)
                if child.type in ("identifier", "attribute"):
                    self.imply(raised, child)

    def use_global(self, node: Node, word: str = "global") -> None:
        scope, line = self.at(node)
        for child in node.named_children:
            self.bind(GLOBAL, self.source(child), word, scope, line)

    def use_nonlocal(self, node: Node) -> None:
        self.use_global(node, "nonlocal")

    def use_pattern(self, node: Node) -> None:
        scope, line = self.at(node)
        self.refer(TYPE, self.path(first_child(node)), scope, line)

    # -- assignments ----------------------------------------------------------------------------------------------

    @staticmethod
    def _element(path: str, key: str = "[]") -> str:
        return UNKNOWN if path == UNKNOWN else path + key

    def _assign(self, left: Node, right: Node | None, path: str) -> None:
        """Binds the target `left` to the expression `right`, or to `path` when the value is only known so."""
        waiting = [(left, right, path)]
        while waiting:
            target, value, path = waiting.pop()
            if target.type not in PATTERNS:
                self._assign_one(
                    target, path if value is None else self.value(value) if value.type not in self.literals else UNKNOWN
                )
                continue
            targets = [child for child in target.named_children if child.type != "comment"]
            starred = any(child.type == "list_splat_pattern" for child in targets)
            if value is not None and value.type in _SEQUENCES and not starred:
                values = [child for child in value.named_children if child.type != "comment"]
                if len(values) == len(targets) and not any(child.type == "list_splat" for child in values):
                    waiting += reversed([(one, other, "") for one, other in zip(targets, values, strict=True)])
                    continue
            whole = path if value is None else self.value(value)
            keys = [f"[{position}]" if not starred else "[]" for position in range(len(targets))]
            waiting += reversed([(one, None, self._element(whole, key)) for one, key in zip(targets, keys, strict=True)])

    def _assign_one(self, target: Node, value: str) -> None:
        scope, line = self.at(target)
        if target.type == "list_splat_pattern":
            name = self.source(target).lstrip("* ")
            self.make_local(name, scope)
            self.assign(f"{name}[]", value, scope, line)
            return
        name = self.path(target)
        if target.type == "attribute":
            self._field(target)
        if name != value:
            self.assign(name, value, scope, line)

    def _field(self, target: Node) -> None:
        """`self.name` in a method shows a field of the class around."""
        owner, name = target.child_by_field_name("object"), target.child_by_field_name("attribute")
        if owner is None or name is None or self.source(owner) != "self":
            return
        method = self.definitions[self.scopes.of(target.start_byte)]
        if method.parent >= 0 and self.definitions[method.parent].kind is SymbolKind.CLASS:
            self.define_later_field(method.parent, self.source(name), target)


def _grammar() -> object:
    import tree_sitter_python

    return tree_sitter_python.language()


LANGUAGES = (
    Language(
        "python",
        grammar=_grammar,
        extractor=lambda: PythonExtractor,
    ),
)
