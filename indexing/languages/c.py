"""C, as it is written before the preprocessor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import Import, SymbolKind
from indexing.kinds import ANNOTATED, ASSIGNED, CALL, CONSTRUCTOR, FIELD, FUNCTION, GLOBAL, LAMBDA, MACRO, METHOD, RETURNED
from indexing.languages.language import Language
from indexing.languages.macros import mask_c
from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, called, indexed, is_known, member, through
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_DECLARATOR = 40
_MAX_MACRO = 4_000
_NAMES = frozenset({
    "identifier", "field_identifier", "type_identifier",
    "qualified_identifier", "destructor_name", "operator_name", "operator_cast", "template_function",  # of C++
})  # fmt: skip
_LITERALS = frozenset(
    {"string_literal", "concatenated_string", "char_literal", "number_literal", "true", "false", "null", "comment",
     "sizeof_expression", "binary_expression", "unary_expression", "update_expression", "offsetof_expression",
     "alignof_expression"}
)  # fmt: skip
_MACRO_CALL = re.compile(r"(?<![\w.#>])([A-Za-z_]\w*)\s*\(")
_WORDS = frozenset(
    {
        "if",
        "for",
        "while",
        "switch",
        "return",
        "sizeof",
        "do",
        "else",
        "defined",
        "typeof",
        "__typeof__",
        "__attribute__",
        "alignof",
    }
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declarator declares. `function` holds its parameters when it is a function and no pointer to one."""

    name: Node
    function: Node | None
    array: bool


def declared_by(node: Node | None) -> Declared | None:
    """Follows a declarator of C or C++ to its name."""
    function: Node | None = None
    array = False
    for _ in range(_MAX_DECLARATOR):
        if node is None or node.type == "structured_binding_declarator":
            return None
        kind = node.type
        if kind in _NAMES:
            return Declared(node, function, array)
        if kind == "function_declarator":
            function = node.child_by_field_name("parameters")
        elif kind == "pointer_declarator":
            function = None  # `*f(…)` is met before the function, `(*f)(…)`, a pointer to one, behind it
        elif kind == "array_declarator":
            array = True
        inner = node.child_by_field_name("declarator")
        if inner is None:
            inner = next(
                (child for child in node.named_children if child.type.endswith("declarator") or child.type in _NAMES), None
            )
        node = inner
    return None


def _dereferenced(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    return node.child_by_field_name("argument"), ""


def _initialised(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    position = 0
    for child in node.named_children:
        if child.type == "initializer_pair":
            designator, value = child.child_by_field_name("designator"), child.child_by_field_name("value")
            if designator is not None and value is not None:
                key = reader.source(designator)
                yield (key if designator.type == "field_designator" else "[]"), value
        elif child.type != "comment":
            yield f"[{position}]", child
            position += 1


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for branch in ("consequence", "alternative"):
        if (child := node.child_by_field_name(branch)) is not None:
            yield "", child


class CExtractor(TypedExtractor):
    """Reads a C file or header."""

    steps: ClassVar[Mapping[str, Step]] = {
        "field_expression": member("argument", "field"),
        "call_expression": called("function"),
        "subscript_expression": indexed("argument", "index"),
        "pointer_expression": _dereferenced,
        "parenthesized_expression": through(),
        "cast_expression": through("value"),
        "compound_literal_expression": through("value"),
        "assignment_expression": through("left"),
    }
    values: ClassVar[Mapping[str, Entries]] = {"initializer_list": _initialised, "conditional_expression": _branches}
    containers = frozenset({"initializer_list"})
    literals = _LITERALS
    constants = frozenset({"NULL", "true", "false"})
    type_names = frozenset({"type_identifier"})
    type_through = frozenset(
        {"struct_specifier", "union_specifier", "enum_specifier", "type_descriptor", "macro_type_specifier"}
    )
    type_leaves = frozenset(
        {"primitive_type", "sized_type_specifier", "field_declaration_list", "enumerator_list", "comment", "identifier",
         "abstract_pointer_declarator", "type_qualifier"}
    )  # fmt: skip

    receiver: ClassVar[str] = ""
    """What a method calls the object it is called on."""
    _function_end = 0

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_macro(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if value is not None:  # else a mark, as header guards are
            self.define(node, self.source(name), MACRO, name_node=name)

    def define_function(self, node: Node) -> None:
        declared = declared_by(node.child_by_field_name("declarator"))
        self._function_end = node.end_byte
        if declared is not None:
            body = node.child_by_field_name("body")
            self.define(node, self.source(declared.name), FUNCTION, name_node=declared.name, body=body)

    def define_typedef(self, node: Node) -> None:
        written = node.child_by_field_name("type")
        body = written.child_by_field_name("body") if written is not None else None
        named = written.child_by_field_name("name") if written is not None else None
        if written is not None and body is not None:
            self.starts_at(written, node)
        for declarator in node.children_by_field_name("declarator"):
            declared = declared_by(declarator)
            if declared is None or (body is not None and self.source(named) == self.source(declared.name)):
                continue
            if body is not None and named is None and written is not None:
                kind = SymbolKind.ENUM if written.type == "enum_specifier" else SymbolKind.STRUCT
                name = self.source(declared.name)
                signature = f"{self.one_line(node.start_byte, body.start_byte)} {name}"
                index = self.define(node, name, kind, name_node=declared.name, body=body, signature=signature)
                self.function_names[written.id] = (name, index)
                named = declared.name
            else:
                self.define_once(node, self.source(declared.name), SymbolKind.TYPE, declared.name)

    def define_record(self, node: Node) -> None:
        self._define_record(node, SymbolKind.STRUCT)

    def define_enum(self, node: Node) -> None:
        self._define_record(node, SymbolKind.ENUM)

    def _define_record(self, node: Node, kind: SymbolKind) -> None:
        name = node.child_by_field_name("name")
        if name is not None and node.id not in self.function_names:
            self.define(node, self.source(name), kind, name_node=name, body=node.child_by_field_name("body"))

    def define_enumerator(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def define_field(self, node: Node) -> None:
        if self.scopes.around(node.start_byte):
            for declarator in node.children_by_field_name("declarator"):
                if (declared := declared_by(declarator)) is not None:
                    self.define_once(node, self.source(declared.name), FIELD, declared.name)

    def define_variable(self, node: Node) -> None:
        if self.scopes.around(node.start_byte) or node.start_byte < self._function_end:
            return  # a local variable, or a parameter as it was declared before C89
        for declarator in node.children_by_field_name("declarator"):
            declared = declared_by(declarator)
            if declared is not None and declared.function is None:
                self.define_once(node, self.source(declared.name), SymbolKind.VARIABLE, declared.name)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_include(self, node: Node) -> None:
        path = self.source(node.child_by_field_name("path")).strip('"')
        self.imports.append(Import(path, "*", "", 0, *self.at(node)))

    def use_macro(self, node: Node) -> None:
        """The body of a macro is no syntax yet; what looks like a call is one."""
        value = node.child_by_field_name("value")
        known = self.function_names.get(node.id)
        if value is None or known is None or value.end_byte - value.start_byte > _MAX_MACRO:
            return
        parameters = node.child_by_field_name("parameters")
        skipped = _WORDS | {self.source(child) for child in (parameters.named_children if parameters is not None else ())}
        line = self.lines.of(node.start_byte)
        for name in dict.fromkeys(_MACRO_CALL.findall(self.source(value))):
            if name not in skipped:
                self.refer(CALL, name, known[1], line)

    def use_function(self, node: Node) -> None:
        known = self.function_names.get(node.id)
        declared = declared_by(node.child_by_field_name("declarator"))
        if known is None or declared is None:
            return
        scope = known[1]
        self.annotate("()", node.child_by_field_name("type"), scope)
        self.bind_parameters(declared.function, scope)

    def bind_parameters(self, parameters: Node | None, scope: int) -> None:
        """The parameters of the function `scope`, in their order."""
        for child in parameters.named_children if parameters is not None else ():
            line = self.lines.of(child.start_byte)
            if child.type == "identifier":  # before C89
                self.parameter(self.source(child), "", scope, line)
            elif child.type == "variadic_parameter":
                self.parameter("...", "", scope, line)
            elif (one := declared_by(child.child_by_field_name("declarator"))) is not None:
                name, written = self.source(one.name), child.child_by_field_name("type")
                if child.type == "variadic_parameter_declaration":
                    self.annotate(f"{name}[]", written, scope)
                    self.parameter(f"...{name}", "", scope, line)
                else:
                    own = self.annotate(name, written, scope, parameter=True)
                    self.parameter(name, own, scope, line)

    def use_declaration(self, node: Node) -> None:
        scope, line = self.at(node)
        written = node.child_by_field_name("type")
        for declarator in node.children_by_field_name("declarator"):
            declared = declared_by(declarator)
            if declared is None:
                continue
            name = self.source(declared.name)
            if declared.function is not None:
                own = self.annotate(f"{name}()", written, scope, parameter=True)
                self.bind(ANNOTATED, f"{name}()", own, scope, line)
                continue
            self.annotate(f"{name}[]" if declared.array else name, written, scope)
            value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
            known = UNKNOWN if value is None or value.type in self.literals else self.value(value)
            if scope:
                self.assign(name, known, scope, self.lines.of(declarator.start_byte))
            elif known not in (UNKNOWN, name):
                self.bind(ASSIGNED, name, known, scope, self.lines.of(declarator.start_byte))

    def use_field(self, node: Node) -> None:
        scope = self.scopes.of(node.start_byte)
        for declarator in node.children_by_field_name("declarator"):
            declared = declared_by(declarator)
            if declared is not None and declared.function is None:  # else a method of C++
                name = self.source(declared.name)
                self.annotate(f"{name}[]" if declared.array else name, node.child_by_field_name("type"), scope)

    def use_call(self, node: Node) -> None:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None:
            return
        target = self.path(function)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        self.refer(CALL, target, scope, line)
        self.hand_on_all(target, arguments, scope, line)

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or right.type in self.literals:
            return
        scope, line = self.at(node)
        name, value = self.path(left), self.value(right)
        if not is_known(name) or value in (UNKNOWN, name) or name == self.receiver:
            return
        if scope and name.isidentifier() and not self._is_local(name, scope):
            if (0, name) in self._names:
                self.bind(GLOBAL, name, "global", scope, line)
            elif self.receiver and self._in_method(scope):
                name = f"{self.receiver}.{name}"  # a field, whose class may stand in another file
        self.bind(ASSIGNED, name, value, scope, line)

    def _in_method(self, scope: int) -> bool:
        while self.definitions[scope].kind is LAMBDA:
            scope = self.definitions[scope].parent
        return self.definitions[scope].kind in (METHOD, CONSTRUCTOR)

    def use_return(self, node: Node) -> None:
        for value in node.named_children[:1]:
            if value.type not in self.literals and (path := self.value(value)) != UNKNOWN:
                self.bind(RETURNED, "", path, *self.at(node))


def _grammar() -> object:
    import tree_sitter_c

    return tree_sitter_c.language()


LANGUAGES = (Language("c", grammar=_grammar, extractor=lambda: CExtractor, mask=mask_c),)
