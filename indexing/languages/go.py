"""Go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph
from indexing.languages.language import Language
from indexing.languages.paths import (
    UNKNOWN,
    Entries,
    PathReader,
    Step,
    defined,
    entry_key,
    first_child,
    indexed,
    is_known,
    member,
    through,
)
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_COLLECTIONS = frozenset({"slice_type", "array_type", "implicit_length_array_type", "map_type"})
_LITERALS = frozenset(
    {"interpreted_string_literal", "raw_string_literal", "int_literal", "float_literal", "imaginary_literal", "rune_literal",
     "true", "false", "nil", "iota", "comment", "binary_expression"}
)  # fmt: skip
_PREDECLARED = frozenset(
    {"any", "bool", "byte", "comparable", "complex64", "complex128", "error", "float32", "float64", "int", "int8", "int16",
     "int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr"}
)  # fmt: skip


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    function = node.child_by_field_name("function")
    if function is not None and reader.source(function) == "new":
        arguments = node.child_by_field_name("arguments")
        return (first_child(arguments) if arguments is not None else None), "()"
    return function, "()"


def _unary(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    operator = reader.source(node.child_by_field_name("operator"))
    if operator in ("&", "*"):
        return node.child_by_field_name("operand"), ""
    return (node.child_by_field_name("operand"), "[]") if operator == "<-" else (None, UNKNOWN)


def _composite(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, GoExtractor)
    written = node.child_by_field_name("type")
    if written is None or written.type in _COLLECTIONS:
        return None, reader.value_of(node)
    return None, f"{reader.type_name(written) or UNKNOWN}()"


def _elements(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    body = node.child_by_field_name("body") if node.type == "composite_literal" else node
    for position, child in enumerate(body.named_children if body is not None else ()):
        if child.type == "keyed_element":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None:
                yield entry_key(reader.source(key)[:64]), value
        elif child.type != "comment":
            yield f"[{position}]", child


class GoExtractor(TypedExtractor):
    """Reads a Go file."""

    steps: ClassVar[Mapping[str, Step]] = {
        "selector_expression": member("operand", "field"),
        "call_expression": _called,
        "index_expression": indexed("operand", "index"),
        "slice_expression": through("operand"),
        "type_assertion_expression": through("operand"),
        "type_conversion_expression": through("operand"),
        "parenthesized_expression": through(),
        "literal_element": through(),
        "variadic_argument": through(),
        "unary_expression": _unary,
        "composite_literal": _composite,
        "func_literal": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {
        "composite_literal": _elements,
        "literal_value": _elements,
        "expression_list": _elements,
    }
    containers = frozenset({"composite_literal", "literal_value"})
    literals = _LITERALS
    spreads = frozenset({"variadic_argument"})
    constants = frozenset({"nil", "true", "false", "iota"})
    type_names = frozenset({"type_identifier", "qualified_type"})
    type_arrays = _COLLECTIONS | {"channel_type"}
    type_through = frozenset({"pointer_type", "parenthesized_type", "type_elem", "negated_type"})
    type_leaves = frozenset({"comment", "field_declaration_list", "int_literal", "interface_type"})
    type_unnamed = _PREDECLARED | {"nil"}

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._methods: list[tuple[int, str]] = []

    # -- definitions ----------------------------------------------------------------------------------------------

    def module_doc(self) -> str:
        for child in self._syntax.root.named_children[:200]:
            if child.type == "package_clause":
                return first_paragraph(self.comments.above(self.lines.of(child.start_byte))[1])
        return ""

    def define_package(self, node: Node) -> None:
        self.module_signature(self.one_line(node.start_byte, node.end_byte))

    def define_group(self, node: Node) -> None:
        """A declaration of one thing begins with its keyword."""
        parts = [child for child in node.named_children if child.type != "comment"]
        if len(parts) == 1 and not parts[0].type.endswith("_list"):
            self.starts_at(parts[0], node)

    def define_type(self, node: Node) -> None:
        name, written = node.child_by_field_name("name"), node.child_by_field_name("type")
        kind, body = SymbolKind.TYPE, None
        if written is not None and written.type in ("struct_type", "interface_type"):
            kind, body = SymbolKind.STRUCT if written.type == "struct_type" else SymbolKind.INTERFACE, written
        end = written.start_byte + len(written.type.removesuffix("_type")) if body is not None and written else node.end_byte
        signature = "type " + self.one_line(node.start_byte, end, first_only=True)
        self.define(node, self.source(name), kind, name_node=name, body=body, signature=signature)

    def define_alias(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        signature = "type " + self.one_line(node.start_byte, node.end_byte, first_only=True)
        self.define(node, self.source(name), SymbolKind.TYPE, name_node=name, signature=signature)

    def define_field(self, node: Node) -> None:
        if self.definitions[self.scopes.around(node.start_byte)].kind is SymbolKind.STRUCT:
            for name in node.children_by_field_name("name"):
                self.define_once(node, self.source(name), SymbolKind.FIELD, name)

    def define_signature(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.source(name), SymbolKind.METHOD, name_node=name)

    def define_function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define(node, self.source(name), SymbolKind.FUNCTION, name_node=name, body=node.child_by_field_name("body"))

    def define_method(self, node: Node) -> None:
        name, receiver = node.child_by_field_name("name"), node.child_by_field_name("receiver")
        owner = ""
        for parameter in receiver.named_children if receiver is not None else ():
            if (written := parameter.child_by_field_name("type")) is not None:
                owner = self.type_name(written)
        body = node.child_by_field_name("body")
        index = self.define(node, self.source(name), SymbolKind.METHOD, name_node=name, body=body, prefix=owner)
        self._methods.append((index, owner))

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node.child_by_field_name("body"))

    def define_constant(self, node: Node) -> None:
        self._define_names(node, SymbolKind.CONSTANT, "const")

    def define_variable(self, node: Node) -> None:
        self._define_names(node, SymbolKind.VARIABLE, "var")

    def _define_names(self, node: Node, kind: SymbolKind, word: str) -> None:
        if not self.scopes.around(node.start_byte):
            signature = f"{word} {self.one_line(node.start_byte, node.end_byte, first_only=True)}"
            for name in node.children_by_field_name("name"):
                if name.type == "identifier":
                    self.define_once(node, self.source(name), kind, name, signature)

    def finish(self) -> None:
        """A method belongs to its type where this file declares it."""
        types = {one.name: index for index, one in enumerate(self.definitions) if one.kind in _TYPES and one.parent == 0}
        for index, owner in self._methods:
            if owner in types:
                self.move(index, types[owner])

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        module = self.source(node.child_by_field_name("path")).strip('"`')
        name = self.source(node.child_by_field_name("name"))
        if name == ".":
            self.imports.append(Import(module, "*", ".", 0, scope, line))
        else:
            self.imports.append(Import(module, "", name or package_name(module), 0, scope, line))

    def use_type(self, node: Node) -> None:
        written = node.child_by_field_name("type")
        if written is not None and written.type not in ("struct_type", "interface_type"):
            self.types("", written, self.scopes.of(node.start_byte))

    def use_function(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self._parameters(node.child_by_field_name("receiver"), scope)
        self._parameters(node.child_by_field_name("parameters"), scope)
        result = node.child_by_field_name("result")
        if result is None or result.type != "parameter_list":
            self.annotate("()", result, scope)
            return
        position, single = 0, len(result.named_children) == 1
        for child in result.named_children:
            names = child.children_by_field_name("name")
            for name in names:
                self.make_local(self.source(name), scope)
                self.annotate(self.source(name), child.child_by_field_name("type"), scope)
            for _ in names or [child]:
                self.annotate(
                    "()" if single and len(names) < 2 else f"()[{position}]", child.child_by_field_name("type"), scope
                )
                position += 1

    def _parameters(self, parameters: Node | None, scope: int) -> None:
        for node in parameters.named_children if parameters is not None else ():
            line, written = self.lines.of(node.start_byte), node.child_by_field_name("type")
            rest = node.type == "variadic_parameter_declaration"
            for name in node.children_by_field_name("name"):
                text = self.source(name)
                own = self.annotate(f"{text}[]" if rest else text, written, scope, parameter=not rest)
                self.parameter(f"...{text}" if rest else text, own, scope, line)
            if node.type != "comment" and node.child_by_field_name("name") is None:
                self.parameter("_", self.annotate("_", written, scope, parameter=True), scope, line)

    def use_field(self, node: Node) -> None:
        scope, line = self.at(node)
        written = node.child_by_field_name("type")
        names = node.children_by_field_name("name")
        if not names and written is not None:
            self.refer(ReferenceKind.INHERITS, self.type_name(written) or UNKNOWN, scope, line)
        for name in names:
            self.annotate(self.source(name), written, scope)

    def use_embedded(self, node: Node) -> None:
        for child in node.named_children:
            if path := self.type_name(child):
                self.refer(ReferenceKind.INHERITS, path, *self.at(child))

    def use_variable(self, node: Node) -> None:
        scope = self.scopes.of(node.start_byte)
        names = node.children_by_field_name("name")
        for name in names:
            self.annotate(self.source(name), node.child_by_field_name("type"), scope)
        value = node.child_by_field_name("value")
        if value is not None:
            self._assign(names, value, scope)
        elif scope:
            for name in names:
                self.make_local(self.source(name), scope)

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            self._assign(
                left.named_children, right, self.scopes.of(node.start_byte), new=node.type == "short_var_declaration"
            )

    def _assign(self, targets: list[Node], right: Node, scope: int, *, new: bool = True) -> None:
        values = [child for child in right.named_children if child.type != "comment"]
        for position, target in enumerate(targets):
            name, line = self.path(target), self.lines.of(target.start_byte)
            if new and scope:
                self.make_local(name, scope)
            value = UNKNOWN
            if len(values) == len(targets):
                value = UNKNOWN if values[position].type in self.literals else self.value(values[position])
            elif len(values) == 1:
                source = values[0]
                told = source.type == "type_assertion_expression"  # x, ok := y.(T)
                whole = self.value(source) if source.type not in self.literals and not (told and position) else UNKNOWN
                value = whole if told or whole == UNKNOWN else f"{whole}[{position}]"
            if values and position == 0 and values[0].type == "type_assertion_expression":
                self.annotate(name, values[0].child_by_field_name("type"), scope)
            if name not in (UNKNOWN, "_", value) and value != UNKNOWN and is_known(name):
                self.bind(BindingKind.ASSIGNED, name, value, scope, line)

    def use_range(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        scope = self.scopes.of(node.start_byte)
        path = self.value(right) if right.type not in self.literals else UNKNOWN
        for position, target in enumerate(left.named_children):
            name = self.path(target)
            self.make_local(name, scope)
            if position == 1 and path != UNKNOWN and name not in ("_", UNKNOWN):
                self.bind(BindingKind.ASSIGNED, name, f"{path}[]", scope, self.lines.of(target.start_byte))

    def use_type_switch(self, node: Node) -> None:
        alias, scope = node.child_by_field_name("alias"), self.scopes.of(node.start_byte)
        name = self.source(alias)
        if name:
            self.make_local(name, scope)
        for case in node.named_children:
            if case.type == "type_case":
                for written in case.children_by_field_name("type"):
                    self.annotate(name, written, scope)

    def use_call(self, node: Node) -> None:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None:
            return
        target = self.path(function)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        if target == "new" and arguments is not None:
            self.types("", arguments, scope)
            return
        self.refer(ReferenceKind.CALL, target, scope, line)
        self.hand_on_all(target, arguments, scope, line)

    def use_literal(self, node: Node) -> None:
        """`T{key: f}` names the type and, as a call would, hands `f` to `T(key)`."""
        written, body = node.child_by_field_name("type"), node.child_by_field_name("body")
        scope, line = self.at(node)
        if written is None:
            return
        self.types("", written, scope)
        if written.type in _COLLECTIONS or body is None:
            return
        target = self.type_name(written)
        for position, child in enumerate(body.named_children[:500]):
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            part = value if child.type == "keyed_element" else child
            inner = first_child(part) if part is not None and part.type == "literal_element" else part
            if inner is None or inner.type in self.literals or child.type == "comment":
                continue
            where = self.source(key) if child.type == "keyed_element" else str(position)
            if (path := self.value(inner)) != UNKNOWN and target and where.isidentifier() | where.isdigit():
                self.bind(BindingKind.ARGUMENT, f"{target}({where})", path, scope, line)

    def use_return(self, node: Node) -> None:
        listed = first_child(node)
        if listed is None:
            return
        scope, line = self.at(node)
        values = (
            [child for child in listed.named_children if child.type != "comment"]
            if listed.type == "expression_list"
            else [listed]
        )
        for position, child in enumerate(values):
            if child.type not in self.literals and (path := self.value(child)) != UNKNOWN:
                self.bind(BindingKind.RETURNED, "" if len(values) == 1 else f"[{position}]", path, scope, line)


_TYPES = frozenset({SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.TYPE})


def package_name(module: str) -> str:
    """The name by which a package is usually used: the last part of its path that is no version."""
    parts = [part for part in module.split("/") if part]
    if len(parts) > 1 and parts[-1][:1] == "v" and parts[-1][1:].isdigit():
        parts.pop()
    return parts[-1].partition(".v")[0] if parts else ""


def _grammar() -> object:
    import tree_sitter_go

    return tree_sitter_go.language()


LANGUAGES = (Language("go", grammar=_grammar, extractor=lambda: GoExtractor),)
