"""Objective-C. A method's name is its selector, `initWithName:age:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.c import CExtractor, declared_by
from indexing.languages.language import Language
from indexing.languages.macros import mask_objc
from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined, first_child, through

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_LEAVES = frozenset({
    "primitive_type", "sized_type_specifier", "comment", "type_qualifier", "abstract_pointer_declarator",
    "pointer_declarator", "struct_declarator", "field_declaration_list", "enumerator_list", "number_literal",
    "block_pointer_declarator", "abstract_block_pointer_declarator", "property_attributes_declaration",
    "protocol_qualifier", "function_declarator", "arc_qualifier", "storage_class_specifier",
})  # fmt: skip
_UNNAMED = frozenset(
    {"id", "instancetype", "BOOL", "SEL", "Class", "NSInteger", "NSUInteger", "CGFloat", "IBAction", "void"}
)
_MAKES = frozenset({"alloc", "new"})
_MAX_TYPE_PARTS = 100


def selector(reader: PathReader, node: Node) -> str:
    """The name of the method that a message or a definition spells, a colon behind each part that takes an argument."""
    parts = [child for child in node.named_children if child.type != "method_type"]
    if node.type == "message_expression":
        names = node.children_by_field_name("method")
        takes = any(child.type == ":" for child in node.children)
    else:
        names = [child for child in parts if child.type == "identifier"]
        takes = any(child.type == "method_parameter" for child in parts)
    written = [reader.source(name) for name in names]
    return "".join(f"{name}:" for name in written) if takes else "".join(written[:1])


def _sent(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    receiver, name = node.child_by_field_name("receiver"), selector(reader, node)
    if name in _MAKES and receiver is not None and _is_class(reader, receiver):
        return receiver, "()"
    if name == "init" and receiver is not None and receiver.type == "message_expression" and _is_made(reader, receiver):
        return receiver, ""  # `[[Type alloc] init]` is of that type, wherever its `init` comes from
    return receiver, f".{name or UNKNOWN}()"


def _is_class(reader: PathReader, receiver: Node) -> bool:
    text = reader.source(receiver)
    return text[:1].isupper() or text == "self"


def _is_made(reader: PathReader, message: Node) -> bool:
    receiver = message.child_by_field_name("receiver")
    return receiver is not None and selector(reader, message) in _MAKES and _is_class(reader, receiver)


def _elements(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for position, child in enumerate(node.named_children):
        if child.type == "dictionary_pair":
            yield "[]", child.named_children[-1]
        else:
            yield f"[{position}]", child


class ObjectiveCExtractor(CExtractor):
    """Reads an Objective-C file or header."""

    receiver = "self"
    steps: ClassVar[Mapping[str, Step]] = {
        **CExtractor.steps,
        "message_expression": _sent,
        "block_literal": defined,
        "at_expression": through(),
        "boxed_expression": through(),
    }
    values: ClassVar[Mapping[str, Entries]] = {
        **CExtractor.values,
        "array_literal": _elements,
        "dictionary_literal": _elements,
    }
    containers = CExtractor.containers | {"array_literal", "dictionary_literal"}
    literals = CExtractor.literals | {"selector_expression", "encode_expression", "nil"}
    constants = CExtractor.constants | {"nil", "Nil", "YES", "NO"}

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._classes: dict[str, int] = {}
        self._regions: list[tuple[int, int, str]] = []
        self._apart: list[int] = []

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_interface(self, node: Node) -> None:
        """A category or an extension only adds to a class."""
        name = first_child(node)
        extension = self.text[name.end_byte : name.end_byte + 40].lstrip().startswith(b"(") if name is not None else True
        if name is None or extension:
            self._regions.append((node.start_byte, node.end_byte, self.source(name)))
            return
        head = self.one_line(node.start_byte, node.end_byte, first_only=True)
        index = self.define(node, self.source(name), SymbolKind.CLASS, name_node=name, body=node, signature=head)
        self._classes[self.source(name)] = index

    def define_implementation(self, node: Node) -> None:
        self._regions.append((node.start_byte, node.end_byte, self.source(first_child(node))))

    def define_protocol(self, node: Node) -> None:
        name = first_child(node)
        head = self.one_line(node.start_byte, node.end_byte, first_only=True)
        self.define(node, self.source(name), SymbolKind.INTERFACE, name_node=name, body=node, signature=head)

    def _class_at(self, byte: int) -> str:
        """The class that the category, extension or implementation around `byte` belongs to."""
        while self._regions and self._regions[-1][1] <= byte:
            self._regions.pop()
        return self._regions[-1][2] if self._regions else ""

    def define_declared_method(self, node: Node) -> None:
        """A protocol defines what others have to; a class only declares what its implementation defines."""
        scope = self.scopes.around(node.start_byte)
        if self.definitions[scope].kind is SymbolKind.INTERFACE and (name := selector(self, node)):
            self.define(node, name, SymbolKind.METHOD)

    def define_method(self, node: Node) -> None:
        name, owner = selector(self, node), self._class_at(node.start_byte)
        body = node.named_children[-1] if node.named_children else None
        if name and body is not None:
            self._apart.append(self.define(node, name, SymbolKind.METHOD, body=body, prefix=owner))

    def define_property(self, node: Node) -> None:
        self._define_members(node)

    def define_variable_of_class(self, node: Node) -> None:
        self._define_members(node)

    def _define_members(self, node: Node) -> None:
        owner = self._class_at(node.start_byte)
        for name in self._names_declared(node):
            if not owner:
                self.define_once(node, self.source(name), SymbolKind.FIELD, name)
            elif owner in self._classes:
                self.define_later_field(self._classes[owner], self.source(name), node)
            else:
                self._apart.append(self.define(node, self.source(name), SymbolKind.FIELD, name_node=name, prefix=owner))

    def _names_declared(self, node: Node) -> list[Node]:
        """The names of a property or instance variable."""
        inner = next((child for child in node.named_children if child.type == "struct_declaration"), None)
        found = []
        for child in inner.named_children if inner is not None else ():
            if child.type == "struct_declarator" and (declared := declared_by(first_child(child))) is not None:
                found.append(declared.name)
        return found

    def define_block(self, node: Node) -> None:
        body = next((child for child in node.named_children if child.type == "compound_statement"), None)
        self.define_lambda_function(node, body)

    def finish(self) -> None:
        """A method belongs to its class where this file declares it."""
        for index in self._apart:
            one = self.definitions[index]
            owner = self._classes.get(one.nesting.removesuffix(one.name).rstrip("."))
            if owner is not None:
                self.move(index, owner)

    # -- types ----------------------------------------------------------------------------------------------------

    def types(self, name: str, annotation: Node, scope: int) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        waiting = [(annotation, name)]
        for _ in range(_MAX_TYPE_PARTS):
            if not waiting:
                break
            node, where = waiting.pop()
            kind = node.type
            if kind in _LEAVES:
                continue
            parts = node.named_children
            if not parts or kind == "generic_specifier":
                path = self.source(parts[0] if parts else node)
                if path and path.isidentifier() and path not in _UNNAMED:
                    self.refer(ReferenceKind.TYPE, path, scope, self.lines.of(node.start_byte))
                    if where:
                        found.append((where, path))
                entries = f"{where}[]" if where else ""
                waiting += [(part, entries if part is parts[-1] else "") for part in reversed(parts[1:])]
            else:
                waiting += [(part, where) for part in reversed(parts)]
        return found

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_module(self, node: Node) -> None:
        path = self.source(node.child_by_field_name("path"))
        self.imports.append(Import(path, "*", "", 0, *self.at(node)))

    def use_interface(self, node: Node) -> None:
        index = self._classes.get(self.source(first_child(node)))
        if index is None:
            return
        line = self.lines.of(node.start_byte)
        base = node.child_by_field_name("superclass")
        if base is not None and node.id in self.function_names:
            self.refer(ReferenceKind.INHERITS, self.source(base), index, line)
        for child in node.named_children:
            if child.type in ("parameterized_arguments", "protocol_reference_list"):
                for part in child.named_children:
                    self.refer(ReferenceKind.IMPLEMENTS, self.source(part).strip(" *") or UNKNOWN, index, line)

    def use_protocol(self, node: Node) -> None:
        known = self.function_names.get(node.id)
        for child in node.named_children if known is not None else ():
            if child.type == "protocol_reference_list" and known is not None:
                for part in child.named_children:
                    self.refer(ReferenceKind.INHERITS, self.source(part), known[1], self.lines.of(part.start_byte))

    def use_method(self, node: Node) -> None:
        known = self.function_names.get(node.id)
        if known is None:
            return
        scope = known[1]
        nesting, name = self.definitions[scope].nesting, self.definitions[scope].name
        for child in node.named_children:
            if child.type == "method_type":
                self.annotate("()", child, scope)
                owner = nesting.removesuffix(name).rstrip(".")
                if self.source(child).strip("() ") == "instancetype" and owner:
                    self.bind(BindingKind.ANNOTATED, "()", owner, scope, self.lines.of(child.start_byte))
            elif child.type == "method_parameter":
                line, parts = self.lines.of(child.start_byte), child.named_children
                written = next((part for part in parts if part.type == "method_type"), None)
                text = self.source(parts[-1]) if parts and parts[-1].type == "identifier" else "_"
                self.parameter(text, self.annotate(text, written, scope, parameter=True), scope, line)

    def use_property(self, node: Node) -> None:
        self._use_members(node)

    def use_variable_of_class(self, node: Node) -> None:
        self._use_members(node)

    def _use_members(self, node: Node) -> None:
        inner = next((child for child in node.named_children if child.type == "struct_declaration"), None)
        scope, written = self.scopes.of(node.start_byte), first_child(inner) if inner is not None else None
        owner = "" if scope else self._owner_of(node)
        for name in self._names_declared(node):
            text = self.source(name)
            if owner in self._classes:
                self.annotate(text, written, self._classes[owner])
            else:
                self.annotate(f"{owner}.{text}" if owner else text, written, scope)

    def _owner_of(self, node: Node) -> str:
        """The class whose category, extension or implementation `node` is in."""
        around: Node | None = node
        for _ in range(4):
            around = around.parent if around is not None else None
            if around is not None and around.type in ("class_interface", "class_implementation"):
                return self.source(first_child(around))
        return ""

    def use_block(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        for child in node.named_children:
            if child.type == "parameter_list":
                self.bind_parameters(child, scope)

    def use_enumeration(self, node: Node) -> None:
        """`for (Type *each in values)`."""
        parts, written = node.named_children, node.child_by_field_name("type")
        at = next((position for position, part in enumerate(parts) if part == written), -1)
        if at < 0 or at + 2 >= len(parts):
            return
        declared, scope = declared_by(parts[at + 1]), self.scopes.of(node.start_byte)
        if declared is not None:
            name, values = self.source(declared.name), parts[at + 2]
            self.annotate(name, written, scope)
            path = UNKNOWN if values.type in self.literals else self.value(values)
            self.assign(name, path if path == UNKNOWN else f"{path}[]", scope, self.lines.of(node.start_byte))

    def use_message(self, node: Node) -> None:
        name, receiver = selector(self, node), node.child_by_field_name("receiver")
        scope = self.scopes.of(node.start_byte)
        first = node.child_by_field_name("method")
        line = self.lines.of(first.start_byte if first is not None else node.start_byte)
        if not name or receiver is None:
            return
        before = self.path(receiver)
        target = before if _is_made(self, node) else UNKNOWN if before == UNKNOWN else f"{before}.{name}"
        self.refer(ReferenceKind.CALL, target, scope, line)
        names = node.children_by_field_name("method")
        arguments = [child for child in node.named_children if child != receiver and child not in names]
        for position, argument in enumerate(arguments):
            if argument.type not in self.literals:
                self.hand_on(target, str(position), argument, scope, line)


def _grammar() -> object:
    import tree_sitter_objc

    return tree_sitter_objc.language()


LANGUAGES = (Language("objective-c", grammar=_grammar, extractor=lambda: ObjectiveCExtractor, mask=mask_objc),)
