"""Java."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import Import, ReferenceKind, SymbolKind
from indexing.kinds import ANNOTATED, ASSIGNED, CALL, CONSTRUCTOR, DECORATES, FIELD, IMPLEMENTS, INHERITS, METHOD, RETURNED
from indexing.languages.language import Language
from indexing.languages.paths import (
    UNKNOWN,
    Entries,
    PathReader,
    Step,
    defined,
    first_child,
    indexed,
    is_known,
    member,
    through,
)
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

_PRIMITIVES = frozenset({"integral_type", "floating_point_type", "boolean_type", "void_type"})
_LITERALS = frozenset(
    {"string_literal", "character_literal", "decimal_integer_literal", "hex_integer_literal", "octal_integer_literal",
     "binary_integer_literal", "decimal_floating_point_literal", "hex_floating_point_literal", "true", "false",
     "null_literal", "line_comment", "block_comment", "binary_expression", "unary_expression", "update_expression",
     "instanceof_expression"}
)  # fmt: skip


def _invoked(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    name = reader.source(node.child_by_field_name("name"))
    target = node.child_by_field_name("object")
    return (None, f"{name}()") if target is None else (target, f".{name}()")


def _created(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, JavaExtractor)
    created = node.child_by_field_name("type")
    return None, f"{(reader.type_name(created) if created is not None else '') or UNKNOWN}()"


def _referred(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, JavaExtractor)
    children = node.named_children
    if not children:
        return None, UNKNOWN
    owner = reader.type_name(children[0]) if children[0].type == "generic_type" else reader.path(children[0])
    # `C::new` is the class itself, `x::run` the method.
    return None, owner if len(children) == 1 else f"{owner}.{reader.source(children[-1])}"


def _literal_class(_reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return first_child(node), ""


def _entries(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for position, child in enumerate(node.named_children):
        yield f"[{position}]", child


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for branch in ("consequence", "alternative"):
        if (child := node.child_by_field_name(branch)) is not None:
            yield "", child


class JavaExtractor(TypedExtractor):
    """Reads a Java file."""

    steps: ClassVar[Mapping[str, Step]] = {
        "method_invocation": _invoked,
        "object_creation_expression": _created,
        "field_access": member("object", "field"),
        "array_access": indexed("array", "index"),
        "parenthesized_expression": through(),
        "cast_expression": through("value"),
        "array_creation_expression": through("value"),
        "assignment_expression": through("left"),
        "method_reference": _referred,
        "class_literal": _literal_class,
        "lambda_expression": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {"array_initializer": _entries, "ternary_expression": _branches}
    containers = frozenset({"array_initializer"})
    literals = _LITERALS
    comment_types = frozenset({"line_comment", "block_comment"})
    constants = frozenset({"null", "true", "false"})
    type_names = frozenset({"type_identifier", "scoped_type_identifier", "identifier", "scoped_identifier"})
    type_arrays = frozenset({"array_type"})
    type_through = frozenset({"wildcard", "annotated_type", "catch_type", "type_bound"})
    type_leaves = _PRIMITIVES | {"dimensions", "line_comment", "block_comment", "marker_annotation", "annotation"}
    type_unnamed = frozenset({"var"})

    def path(self, node: Node | None) -> str:
        return super().path(node).removesuffix(".class")

    # -- definitions ----------------------------------------------------------------------------------------------

    def module_doc(self) -> str:
        return ""

    def define_package(self, node: Node) -> None:
        self.module_signature(self.one_line(node.start_byte, node.end_byte))

    def define_class(self, node: Node) -> None:
        self._define_type(node, SymbolKind.CLASS)

    def define_interface(self, node: Node) -> None:
        self._define_type(node, SymbolKind.INTERFACE)

    def define_enum(self, node: Node) -> None:
        self._define_type(node, SymbolKind.ENUM)

    def _define_type(self, node: Node, kind: SymbolKind) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.source(name), kind, name_node=name, body=node.child_by_field_name("body"))

    def define_constant(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def define_method(self, node: Node) -> None:
        self._define_method(node, METHOD)

    def define_constructor(self, node: Node) -> None:
        self._define_method(node, CONSTRUCTOR)

    def _define_method(self, node: Node, kind: SymbolKind) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        self.define(node, self.source(name), kind, name_node=name, body=body)

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node.child_by_field_name("body"))

    def define_field(self, node: Node) -> None:
        for declarator in node.children_by_field_name("declarator"):
            name = declarator.child_by_field_name("name")
            constant = node.type == "constant_declaration" or self.source(name).isupper()
            self.define_once(node, self.source(name), SymbolKind.CONSTANT if constant else FIELD, name)

    def define_component(self, node: Node) -> None:
        """A component of a record is a field of it."""
        owner = len(self.definitions) - 1
        while owner > 0 and self.definitions[owner].span.end < node.end_byte:
            owner -= 1
        if name := node.child_by_field_name("name"):
            self.define_later_field(owner, self.source(name), node)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        path = self.source(first_child(node))
        if any(child.type == "asterisk" for child in node.named_children):
            self.imports.append(Import(path, "*", "", 0, scope, line))
            return
        module, _, name = path.rpartition(".")
        self.imports.append(Import(module, name, name, 0, scope, line))

    def use_class(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        for child in node.named_children:
            kind = child.type
            if kind in ("superclass", "extends_interfaces"):
                self._inherit(child, INHERITS, scope)
            elif kind == "super_interfaces":
                self._inherit(child, IMPLEMENTS, scope)
            elif kind == "formal_parameters":
                for parameter in child.named_children:
                    self.annotate(
                        self.source(parameter.child_by_field_name("name")), parameter.child_by_field_name("type"), scope
                    )

    def _inherit(self, node: Node, kind: ReferenceKind, scope: int) -> None:
        listed = first_child(node)
        for base in listed.named_children if listed is not None and listed.type == "type_list" else node.named_children:
            if path := self.type_name(base):
                self.refer(kind, path, scope, self.lines.of(base.start_byte))
            if base.type == "generic_type":
                for arguments in base.named_children[1:]:
                    self.types("", arguments, scope)

    def use_annotation(self, node: Node) -> None:
        decorated = self.named_after(node.end_byte)
        name = self.source(node.child_by_field_name("name"))
        # An annotation of a parameter or local variable has no definition of its own to stand at.
        if decorated and self.definitions[decorated].span.start <= node.start_byte:
            called = "()" if node.type == "annotation" else ""
            self.refer(DECORATES, name + called, decorated, self.lines.of(node.start_byte))

    def use_method(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self.annotate("()", node.child_by_field_name("type"), scope)
        self._parameters(node.child_by_field_name("parameters"), scope)
        for child in node.named_children:
            if child.type == "throws":
                self.types("", child, scope)

    def use_lambda(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self._parameters(node.child_by_field_name("parameters"), scope)
        body = node.child_by_field_name("body")
        if body is not None and body.type != "block":
            self._return(body, scope)

    def _parameters(self, parameters: Node | None, scope: int) -> None:
        if parameters is None:
            return
        for node in [parameters] if parameters.type == "identifier" else parameters.named_children:
            line = self.lines.of(node.start_byte)
            if node.type == "identifier":
                self.parameter(self.source(node), "", scope, line)
            elif node.type == "formal_parameter":
                name = self.source(node.child_by_field_name("name"))
                own = self.annotate(name, node.child_by_field_name("type"), scope, parameter=True)
                self.parameter(name, own, scope, line)
            elif node.type == "spread_parameter":
                declarator = node.named_children[-1]
                name = self.source(declarator.child_by_field_name("name") or declarator)
                for child in node.named_children[:-1]:
                    self.annotate(f"{name}[]", child if child.type != "modifiers" else None, scope)
                self.parameter(f"...{name}", "", scope, line)

    def use_declaration(self, node: Node) -> None:
        scope = self.scopes.of(node.start_byte)
        declared = node.child_by_field_name("type")
        for declarator in node.children_by_field_name("declarator"):
            name = self.source(declarator.child_by_field_name("name"))
            if declarator.child_by_field_name("dimensions") is None:
                self.annotate(name, declared, scope)
            else:
                self.annotate(f"{name}[]", declared, scope)
            value = declarator.child_by_field_name("value")
            known = UNKNOWN if value is None or value.type in self.literals else self.value(value)
            self.assign(name, known, scope, self.lines.of(declarator.start_byte))

    def use_for(self, node: Node) -> None:
        name, value = self.source(node.child_by_field_name("name")), node.child_by_field_name("value")
        scope, line = self.at(node)
        self.annotate(name, node.child_by_field_name("type"), scope)
        path = self.value(value) if value is not None else UNKNOWN
        self.assign(name, path if path == UNKNOWN else f"{path}[]", scope, line)

    def use_resource(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        scope, line = self.at(node)
        if name is not None and value is not None:
            self.annotate(self.source(name), node.child_by_field_name("type"), scope)
            self.assign(self.source(name), self.value(value), scope, line)

    def use_catch(self, node: Node) -> None:
        name, scope = self.source(node.child_by_field_name("name")), self.scopes.of(node.start_byte)
        self.make_local(name, scope)
        for child in node.named_children:
            if child.type == "catch_type":
                self.annotate(name, child, scope)

    def use_pattern(self, node: Node) -> None:
        name, scope = node.child_by_field_name("name"), self.scopes.of(node.start_byte)
        right = node.child_by_field_name("right")
        if right is not None:
            self.make_local(self.source(name), scope)
            self.annotate(self.source(name), right, scope)

    def use_type_pattern(self, node: Node) -> None:
        children = node.named_children
        if len(children) > 1:
            self.annotate(self.source(children[-1]), children[-2], self.scopes.of(node.start_byte))

    def use_call(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        target = self.path(node).removesuffix("()")
        line = self.lines.of(name.start_byte) if name is not None else 1
        self._call(node, target, self.scopes.of(node.start_byte), line)

    def use_new(self, node: Node) -> None:
        created = node.child_by_field_name("type")
        if created is not None:
            scope, line = self.at(node)
            self.types("", created, scope) if created.type == "generic_type" else None
            self._call(node, self.type_name(created), scope, line)

    def use_constructor(self, node: Node) -> None:
        scope, line = self.at(node)
        target = self.source(node.child_by_field_name("constructor"))
        # `this(…)` calls another constructor of the class, which is named as its constructors are.
        self._call(node, self.definitions[scope].name if target == "this" else target, scope, line)

    def use_enum_constant(self, node: Node) -> None:
        scope, line = self.at(node)
        enumeration = self.definitions[scope].name
        self.bind(ANNOTATED, self.source(node.child_by_field_name("name")), enumeration, scope, line)
        if node.child_by_field_name("arguments") is not None:
            self._call(node, enumeration, scope, line)

    def _call(self, node: Node, target: str, scope: int, line: int) -> None:
        if not target:
            return
        self.refer(CALL, target, scope, line)
        self.hand_on_all(target, node.child_by_field_name("arguments"), scope, line)

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None and right.type not in self.literals:
            scope, line = self.at(node)
            name, value = self.path(left), self.value(right)
            if is_known(name) and value not in (UNKNOWN, name):
                inherited = name.isidentifier() and not self._is_declared(name, scope)
                self.bind(ASSIGNED, f"this.{name}" if inherited else name, value, scope, line)

    def _is_declared(self, name: str, scope: int) -> bool:
        """Whether this file declares the variable: an assignment makes none, so else it is an inherited field."""
        if self._is_local(name, scope):
            return True
        while scope >= 0:
            if (scope, name) in self._names:
                return True
            scope = self.definitions[scope].parent
        return False

    def use_return(self, node: Node) -> None:
        if (value := first_child(node)) is not None:
            self._return(value, self.scopes.of(node.start_byte))

    def _return(self, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(RETURNED, "", value, scope, self.lines.of(node.start_byte))


def _grammar() -> object:
    import tree_sitter_java

    return tree_sitter_java.language()


LANGUAGES = (Language("java", grammar=_grammar, extractor=lambda: JavaExtractor),)
