"""C++."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import Import, SymbolKind
from indexing.kinds import ASSIGNED, CALL, CONSTRUCTOR, FIELD, FUNCTION, INHERITS, METHOD, MODULE, TYPE
from indexing.languages.c import CExtractor, declared_by
from indexing.languages.cpp_paths import STEPS, is_cast, made_type, path_of_name
from indexing.languages.cpp_types import CppTypes
from indexing.languages.language import Language
from indexing.languages.macros import mask_cpp
from indexing.languages.paths import UNKNOWN, Step, first_child

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_CLASSES = frozenset({SymbolKind.CLASS, SymbolKind.STRUCT})
_TYPES = _CLASSES | {SymbolKind.ENUM}
_PURE = re.compile(rb"=\s*0\s*;?\s*\Z")
_MACRO_NAMES = re.compile(r"\(\s*(\w+(?:\s*,\s*\w+){0,2})\s*\)")
_MAX_NAME_PARTS = 200


class CppExtractor(CppTypes):
    """Reads a C++ file or header."""

    receiver = "this"
    steps: ClassVar[Mapping[str, Step]] = {**CExtractor.steps, **STEPS}
    literals = CExtractor.literals | {"raw_string_literal", "user_defined_literal", "sizeof_expression", "nullptr", "typeid"}
    constants = CExtractor.constants | {"nullptr"}

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._namespaces: dict[tuple[int, str], int] = {}
        self._apart: list[tuple[int, str]] = []
        self._bases: dict[int, set[str]] = {}

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_namespace(self, node: Node) -> None:
        """Once a file, however often it is opened; what is inline or has no name is a part of what is around it."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None or self.text[node.start_byte : node.start_byte + 6] == b"inline":
            return
        scope = self.scopes.around(node.start_byte)
        for part in name.named_children or [name]:
            written = self.source(part)
            known = self._namespaces.get((scope, written))
            if known is None:
                known = self.define(
                    part,
                    written,
                    MODULE,
                    name_node=part,
                    signature=self.one_line(node.start_byte, body.start_byte),
                )
                if known == scope:
                    return
                span = self.lines.span(node.start_byte, node.end_byte)
                self.definitions[known] = replace(self.definitions[known], span=span)
                self._namespaces[scope, written] = known
            self.scopes.open(part.end_byte, node.end_byte, known)
            scope = known

    def define_template(self, node: Node) -> None:
        for child in node.named_children:
            self.starts_at(child, node)

    def define_class(self, node: Node) -> None:
        self._define_class(node, SymbolKind.CLASS)

    def define_record(self, node: Node) -> None:
        self._define_class(node, SymbolKind.STRUCT)

    def define_enum(self, node: Node) -> None:
        self._define_class(node, SymbolKind.ENUM)

    def _define_class(self, node: Node, kind: SymbolKind) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        path = path_of_name(self.source(name))
        if not path or node.id in self.function_names:
            return
        prefix, _, last = path.rpartition(".")
        index = self.define(node, last, kind, name_node=name, body=body, prefix=prefix)
        if prefix:
            self._apart.append((index, prefix))

    def define_alias(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if self.definitions[self.scopes.around(node.start_byte)].kind in _TYPES | {MODULE}:
            self.define_once(node, self.source(name), SymbolKind.TYPE, name)

    def define_concept(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.TYPE, name)

    def define_function(self, node: Node) -> None:
        self._function_end = node.end_byte
        self._define_function(node, node.child_by_field_name("declarator"), node.child_by_field_name("body"))

    def _define_function(self, node: Node, declarator: Node | None, body: Node | None) -> None:
        declared = declared_by(declarator)
        if declared is None or any(child.type == "delete_method_clause" for child in node.named_children):
            return
        prefix, name = self._split(declared.name)
        if name.isupper() and declared.function is not None and node.child_by_field_name("type") is None:
            name = _named_by_macro(self.source(declared.function)) or name
        around = self.definitions[self.scopes.around(node.start_byte)]
        if not name or name == "if":
            return
        owner = prefix.rpartition(".")[2] if prefix else around.name if around.kind in _CLASSES else ""
        kind = FUNCTION
        if owner and owner not in {written for _, written in self._namespaces}:
            kind = CONSTRUCTOR if name == owner else METHOD
        index = self.define(node, name, kind, name_node=declared.name, body=body, prefix=prefix)
        for child in node.named_children:
            if child.type == "field_initializer_list":
                self.scopes.open(child.start_byte, child.end_byte, index)
        if prefix:
            self._apart.append((index, prefix))

    def _split(self, node: Node) -> tuple[str, str]:
        """The path before the last name of a declarator, and that name (`operator==`, `~Type`)."""
        scopes: list[str] = []
        for _ in range(_MAX_NAME_PARTS):
            if node.type != "qualified_identifier":
                break
            scopes.append(path_of_name(self.source(node.child_by_field_name("scope"))))
            inner = node.child_by_field_name("name")
            if inner is None:
                break
            node = inner
        if node.type == "operator_name":
            name = self.source(node).replace(" ", "") if not self.source(node)[8:9].isspace() else self.source(node)
        elif node.type == "operator_cast":
            name = "operator " + path_of_name(self.source(node.child_by_field_name("type")))
        else:
            name = path_of_name(self.source(node))
        return ".".join(scope for scope in scopes if scope), name

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node.child_by_field_name("body"))

    def define_field(self, node: Node) -> None:
        """Fields, and methods that only a subclass defines; other methods are defined where their body is."""
        for declarator in node.children_by_field_name("declarator"):
            declared = declared_by(declarator)
            if declared is None or not self.scopes.around(node.start_byte):
                continue
            if declared.function is None:
                self.define_once(node, self.source(declared.name), FIELD, declared.name)
            elif _PURE.search(self.text[max(node.start_byte, node.end_byte - 20) : node.end_byte]):
                self._define_function(node, declarator, None)

    def define_variable(self, node: Node) -> None:
        scope = self.scopes.around(node.start_byte)
        if self.definitions[scope].kind is not MODULE or node.start_byte < self._function_end:
            return
        for declarator in node.children_by_field_name("declarator"):
            declared = declared_by(declarator)
            if declared is not None and declared.function is None and declared.name.type == "identifier":
                self.define_once(node, self.source(declared.name), SymbolKind.VARIABLE, declared.name)

    def finish(self) -> None:
        """What is defined outside of its class or namespace belongs to it where this file has it."""
        found = {one.nesting: index for index, one in reversed(list(enumerate(self.definitions))) if one.kind in _TYPES}
        found |= {self.definitions[index].nesting: index for index in self._namespaces.values()}
        for index, prefix in self._apart:
            one = self.definitions[index]
            owner = found.get(one.nesting.rpartition(".")[0])
            if owner is not None and prefix:
                self.move(index, owner)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_using(self, node: Node) -> None:
        named = first_child(node)
        path = path_of_name(self.source(named))
        scope, line = self.at(node)
        if not path or named is None or self.definitions[scope].kind in _CLASSES:
            return  # `using Base::Base` in a class adds nothing that inheritance does not tell
        if any(child.type == "namespace" for child in node.children):
            self.imports.append(Import(path, "*", "*", 0, scope, line))
        elif "." in path:
            module, _, name = path.rpartition(".")
            self.imports.append(Import(module, name, name, 0, scope, line))

    def use_namespace_alias(self, node: Node) -> None:
        name, parts = node.child_by_field_name("name"), node.named_children
        if name is not None and len(parts) > 1 and (path := path_of_name(self.source(parts[-1]))):
            self.imports.append(Import(path, "", self.source(name), 0, *self.at(node)))

    def use_alias(self, node: Node) -> None:
        name, written = node.child_by_field_name("name"), node.child_by_field_name("type")
        scope, line = self.at(node)
        if written is None:
            return
        found = self.types(self.source(name), written, scope)
        if found and found[0][0] == self.source(name) and found[0][1] != found[0][0]:
            self.bind(ASSIGNED, self.source(name), found[0][1], scope, line)

    def use_class(self, node: Node) -> None:
        known = self.function_names.get(node.id)
        for clause in node.named_children if known is not None else ():
            if known is None or clause.type != "base_class_clause":
                continue
            for base in clause.named_children:
                if base.type in ("access_specifier", "virtual", "comment"):
                    continue
                if (path := self.type_name(base)) and path not in self.template_parameters:
                    self.refer(INHERITS, path, known[1], self.lines.of(base.start_byte))
                    self._bases.setdefault(known[1], set()).add(path.rpartition(".")[2])
                if (arguments := self.last_arguments(base)) is not None:
                    self.types("", arguments, known[1])

    def use_function(self, node: Node) -> None:
        super().use_function(node)
        known = self.function_names.get(node.id)
        if known is not None:
            self._trailing(node.child_by_field_name("declarator"), known[1])

    def _trailing(self, declarator: Node | None, scope: int) -> None:
        """`auto run() -> Type`."""
        for child in declarator.named_children if declarator is not None else ():
            if child.type == "trailing_return_type":
                self.annotate("()", first_child(child), scope)

    def use_lambda(self, node: Node) -> None:
        scope, declarator = self.function_names[node.id][1], node.child_by_field_name("declarator")
        if declarator is not None:
            self.bind_parameters(declarator.child_by_field_name("parameters"), scope)
            self._trailing(declarator, scope)

    def use_declaration(self, node: Node) -> None:
        super().use_declaration(node)
        scope, written = self.scopes.of(node.start_byte), node.child_by_field_name("type")
        for declarator in node.children_by_field_name("declarator"):
            value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
            if value is None:
                continue
            if value.type in ("argument_list", "initializer_list") and written is not None:
                target = self.type_name(written)
                if target and target not in self.template_parameters:
                    line = self.lines.of(declarator.start_byte)
                    self.refer(CALL, target, scope, line)
                    self.hand_on_all(target, value, scope, line)
            self._unpack(declarator.child_by_field_name("declarator"), value, scope)

    def _unpack(self, declarator: Node | None, value: Node, scope: int) -> None:
        """`auto [a, b] = value`."""
        if declarator is not None and declarator.type == "reference_declarator":
            declarator = first_child(declarator)
        if declarator is None or declarator.type != "structured_binding_declarator":
            return
        path = UNKNOWN if value.type in self.literals else self.value(value)
        for position, name in enumerate(declarator.named_children):
            known = UNKNOWN if path == UNKNOWN else f"{path}[{position}]"
            self.assign(self.source(name), known, scope, self.lines.of(name.start_byte))

    def use_initializer(self, node: Node) -> None:
        """A constructor begins with those of its bases; what begins a field is told by the type of the field."""
        named, scope = first_child(node), self.scopes.of(node.start_byte)
        name = path_of_name(self.source(named))
        owner = self.definitions[scope].parent
        bases = self._bases.get(owner)
        last = name.rpartition(".")[2]
        is_base = last in bases if bases is not None else last[:1].isupper() or last == self.definitions[scope].name
        if name and is_base and len(node.named_children) > 1:
            line = self.lines.of(node.start_byte)
            self.refer(CALL, name, scope, line)
            self.hand_on_all(name, node.named_children[-1], scope, line)

    def use_range(self, node: Node) -> None:
        declared, right = declared_by(node.child_by_field_name("declarator")), node.child_by_field_name("right")
        if declared is None or right is None:
            return
        scope, line = self.at(node)
        name = self.source(declared.name)
        self.annotate(name, node.child_by_field_name("type"), scope)
        path = UNKNOWN if right.type in self.literals else self.value(right)
        self.assign(name, path if path == UNKNOWN else f"{path}[]", scope, line)

    def use_catch(self, node: Node) -> None:
        parameters, scope = node.child_by_field_name("parameters"), self.scopes.of(node.start_byte)
        for child in parameters.named_children if parameters is not None else ():
            declared = declared_by(child.child_by_field_name("declarator"))
            if declared is not None:
                self.make_local(self.source(declared.name), scope)
                self.annotate(self.source(declared.name), child.child_by_field_name("type"), scope)

    def use_call(self, node: Node) -> None:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or function.type == "primitive_type":
            return
        made = made_type(self, function)
        target = made or self.path(function)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        if made and is_cast(self, function):
            self.refer(TYPE, made, scope, line)
        elif target not in self.template_parameters:
            self.refer(CALL, target, scope, line)
            self.hand_on_all(target, arguments, scope, line)

    def use_new(self, node: Node) -> None:
        written = node.child_by_field_name("type")
        target = self.type_name(written) if written is not None else ""
        if target and target not in self.template_parameters:
            scope, line = self.at(node)
            self.refer(CALL, target, scope, line)
            self.hand_on_all(target, node.child_by_field_name("arguments"), scope, line)


def _named_by_macro(parameters: str) -> str:
    """`TEST(suite, name) {…}` defines `suite_name`; a macro that is given anything but names tells nothing."""
    found = _MACRO_NAMES.fullmatch(parameters)
    return "_".join(found[1].replace(",", " ").split()) if found else ""


def _grammar() -> object:
    import tree_sitter_cpp

    return tree_sitter_cpp.language()


LANGUAGES = (
    Language(
        "cpp",
        grammar=_grammar,
        extractor=lambda: CppExtractor,
        mask=mask_cpp,
    ),
)
