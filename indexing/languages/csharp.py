"""C#."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph
from indexing.languages.csharp_paths import STEPS, plain_name
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, first_child, is_known
from indexing.languages.typed import TypedExtractor

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_LITERALS = frozenset({
    "string_literal", "verbatim_string_literal", "raw_string_literal", "interpolated_string_expression", "character_literal",
    "integer_literal", "real_literal", "boolean_literal", "null_literal", "binary_expression", "prefix_unary_expression",
    "is_expression", "is_pattern_expression", "comment", "sizeof_expression", "default_expression", "typeof_expression",
})  # fmt: skip
_TAG = re.compile(r"<see(?:also)?\s+\w+=\"(?:\w:)?([^\"]*)\"\s*/>|<[^<>]*>")
_METHOD_SCOPES = frozenset({SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.FUNCTION, SymbolKind.LAMBDA})


def _entries(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for position, child in enumerate(node.named_children):
        if child.type != "assignment_expression":
            yield f"[{position}]", child


def _branches(_reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    for branch in ("consequence", "alternative"):
        if (child := node.child_by_field_name(branch)) is not None:
            yield "", child


class CSharpExtractor(TypedExtractor):
    """Reads a C# file."""

    steps: ClassVar[Mapping[str, Step]] = STEPS
    values: ClassVar[Mapping[str, Entries]] = {"initializer_expression": _entries, "conditional_expression": _branches}
    containers = frozenset({"initializer_expression"})
    literals = _LITERALS
    constants = frozenset({"null", "true", "false", "default"})
    type_names = frozenset({"identifier", "qualified_name", "alias_qualified_name"})
    type_generics = frozenset({"generic_name"})
    type_arrays = frozenset({"array_type"})
    type_through = frozenset({"nullable_type", "ref_type", "scoped_type", "pointer_type"})
    type_leaves = frozenset({
        "predefined_type", "implicit_type", "array_rank_specifier", "comment", "modifier", "tuple_type",
        "function_pointer_type",
    })  # fmt: skip
    type_wrappers = frozenset({"Task", "ValueTask", "Nullable", "Lazy", "WeakReference", "ThreadLocal", "AsyncLocal"})
    type_unnamed = frozenset({"var", "dynamic", "object", "string"})

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._parameters_of_types: set[str] = set()

    def module_doc(self) -> str:
        return ""

    def type_text(self, node: Node) -> str:
        """A parameter of a generic type names nothing."""
        name = plain_name(self.source(node))
        return "" if name in self._parameters_of_types else name

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_namespace(self, node: Node) -> None:
        self._open_namespace(node, node.child_by_field_name("body"))

    def define_file_namespace(self, node: Node) -> None:
        self._open_namespace(node, None)

    def _open_namespace(self, node: Node, body: Node | None) -> None:
        """A namespace is a module with its whole path as its name; without a body it holds the rest of the file."""
        name = node.child_by_field_name("name")
        path = plain_name(self.source(name))
        index = self.define(node, path, SymbolKind.MODULE, name_node=name, body=body, signature=f"namespace {path}")
        if body is None:
            self.scopes.open(node.end_byte, len(self.text), index)

    def define_class(self, node: Node) -> None:
        self._define_type(node, SymbolKind.CLASS)

    def define_struct(self, node: Node) -> None:
        self._define_type(node, SymbolKind.STRUCT)

    def define_interface(self, node: Node) -> None:
        self._define_type(node, SymbolKind.INTERFACE)

    def define_enum(self, node: Node) -> None:
        self._define_type(node, SymbolKind.ENUM)

    def _define_type(self, node: Node, kind: SymbolKind) -> None:
        name = node.child_by_field_name("name")
        self._generic(node)
        index = self.define(
            node, self.source(name), kind, name_node=name, body=node.child_by_field_name("body"), doc=self._doc(node)
        )
        for child in node.named_children:
            if child.type == "parameter_list":
                for parameter in child.named_children:
                    if node.type == "record_declaration" and (field := parameter.child_by_field_name("name")) is not None:
                        self.define_later_field(index, self.source(field), parameter)

    def _generic(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "type_parameter_list":
                for parameter in child.named_children:
                    self._parameters_of_types.add(self.source(parameter.child_by_field_name("name")))

    def _doc(self, node: Node) -> str:
        """The summary of a documentation comment, without its tags."""
        first = self.lines.of(self.start_of(node))
        _, words = self.comments.above(first)
        return first_paragraph(without_tags(words)) if "<" in words else ""

    def define_enumerator(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def define_delegate(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self._generic(node)
        self.define(node, self.source(name), SymbolKind.TYPE, name_node=name)

    def define_method(self, node: Node) -> None:
        self._define_method(node, self.source(node.child_by_field_name("name")), SymbolKind.METHOD)

    def define_constructor(self, node: Node) -> None:
        self._define_method(node, self.source(node.child_by_field_name("name")), SymbolKind.CONSTRUCTOR)

    def define_destructor(self, node: Node) -> None:
        self._define_method(node, "~" + self.source(node.child_by_field_name("name")), SymbolKind.METHOD)

    def define_operator(self, node: Node) -> None:
        parameters = node.child_by_field_name("parameters")
        head = self.text[node.start_byte : parameters.start_byte if parameters is not None else node.end_byte]
        sign = " ".join(head.rpartition(b"operator")[2].decode("utf-8", "replace").split())
        self._define_method(node, f"operator {sign}", SymbolKind.METHOD)

    def define_indexer(self, node: Node) -> None:
        self._define_method(node, "this", SymbolKind.METHOD)

    def define_local_function(self, node: Node) -> None:
        self._define_method(node, self.source(node.child_by_field_name("name")), SymbolKind.FUNCTION)

    def _define_method(self, node: Node, name: str, kind: SymbolKind) -> None:
        self._generic(node)
        body = node.child_by_field_name("body") or node.child_by_field_name("accessors")
        if body is None and (value := node.child_by_field_name("value")) is not None:
            body = value
        index = self.define(node, name, kind, name_node=node.child_by_field_name("name"), body=body, doc=self._doc(node))
        for child in node.named_children:
            if child.type == "constructor_initializer":
                self.scopes.open(child.start_byte, child.end_byte, index)

    def define_lambda(self, node: Node) -> None:
        body = node.child_by_field_name("body")
        if body is None:  # `delegate (…) {…}`
            body = next((child for child in node.named_children if child.type == "block"), None)
        self.define_lambda_function(node, body)

    def define_property(self, node: Node) -> None:
        """A property is a field whose accessors are its body."""
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        arrow = value if value is not None and value.type == "arrow_expression_clause" else None
        body = node.child_by_field_name("accessors") or arrow
        around = self.scopes.around(node.start_byte)
        if (around, self.source(name)) not in self._names:
            self._names.add((around, self.source(name)))
            self.define(node, self.source(name), SymbolKind.FIELD, name_node=name, body=body, doc=self._doc(node))

    def define_field(self, node: Node) -> None:
        constant = any(self.source(child) == "const" for child in node.named_children if child.type == "modifier")
        for declaration in node.named_children:
            if declaration.type == "variable_declaration":
                for declarator in declaration.named_children:
                    if (
                        name := declarator.child_by_field_name("name")
                    ) is not None and declarator.type == "variable_declarator":
                        kind = SymbolKind.CONSTANT if constant else SymbolKind.FIELD
                        self.define_once(node, self.source(name), kind, name)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        """A namespace is imported with all it holds, as are the static members of a type; an alias has a name."""
        scope, line = self.at(node)
        alias, parts = node.child_by_field_name("name"), node.named_children
        path = plain_name(self.source(parts[-1])) if parts else ""
        if alias is not None:
            module, _, name = path.rpartition(".")
            self.imports.append(Import(module or name, name if module else "", self.source(alias), 0, scope, line))
        elif any(child.type == "static" for child in node.children):
            self.imports.append(Import(path, "*", "static", 0, scope, line))
        elif path:
            everywhere = any(child.type == "global" for child in node.children)
            self.imports.append(Import(path, "*", "global" if everywhere else "", 0, scope, line))

    def use_class(self, node: Node) -> None:
        scope, kind = self.function_names[node.id][1], self.definitions[self.function_names[node.id][1]].kind
        for child in node.named_children:
            if child.type == "parameter_list":
                for parameter in child.named_children:
                    name = self.source(parameter.child_by_field_name("name"))
                    self.annotate(name, parameter.child_by_field_name("type"), scope)
            elif child.type == "base_list":
                self._inherit(child, scope, kind)

    def _inherit(self, bases: Node, scope: int, kind: SymbolKind) -> None:
        for base in bases.named_children:
            written = base.child_by_field_name("type") if base.type == "primary_constructor_base_type" else base
            path = self.type_name(written) if written is not None else ""
            if not path or written is None:
                continue
            last = path.rpartition(".")[2]
            is_interface = last[:1] == "I" and last[1:2].isupper()  # only the convention tells one from the other
            implements = kind is not SymbolKind.INTERFACE and (is_interface or kind is SymbolKind.STRUCT)
            relation = ReferenceKind.IMPLEMENTS if implements else ReferenceKind.INHERITS
            self.refer(relation, path, scope, self.lines.of(base.start_byte))
            if base is not written:  # `record Name(…) : Base(…)`
                self._call(path, base.named_children[-1], scope, self.lines.of(base.start_byte))
            if written.type == "generic_name":
                for arguments in written.named_children[1:]:
                    self.types("", arguments, scope)

    def use_attribute(self, node: Node) -> None:
        decorated = self.named_after(node.end_byte)
        name = plain_name(self.source(node.child_by_field_name("name")))
        if name and decorated and self.definitions[decorated].span.start <= node.start_byte:
            self.refer(ReferenceKind.DECORATES, name + "()", decorated, self.lines.of(node.start_byte))

    def use_method(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self.annotate("()", node.child_by_field_name("returns") or node.child_by_field_name("type"), scope)
        self._parameters(node.child_by_field_name("parameters"), scope)
        self._arrow(node.child_by_field_name("body"), scope)

    def _parameters(self, parameters: Node | None, scope: int) -> None:
        if parameters is None:
            return
        for node in [parameters] if parameters.type == "implicit_parameter" else parameters.named_children:
            line, name = self.lines.of(node.start_byte), self.source(node.child_by_field_name("name"))
            if node.type == "implicit_parameter":
                self.parameter(self.source(node), "", scope, line)
            elif node.type == "parameter":
                own = self.annotate(name, node.child_by_field_name("type"), scope, parameter=True)
                self.parameter(name, own, scope, line)
        rest = parameters.child_by_field_name("name")
        if rest is not None and parameters.type == "parameter_list":  # `params T[] rest` has no node of its own
            written = parameters.child_by_field_name("type")
            if written is not None:
                self.annotate(self.source(rest), written, scope)
            self.parameter(f"...{self.source(rest)}", "", scope, self.lines.of(rest.start_byte))

    def _arrow(self, body: Node | None, scope: int) -> None:
        if body is not None and body.type == "arrow_expression_clause" and (value := first_child(body)) is not None:
            self._return(value, scope)

    def use_lambda(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self._parameters(node.child_by_field_name("parameters"), scope)
        body = node.child_by_field_name("body")
        if body is not None and body.type != "block":
            self._return(body, scope)

    def use_property(self, node: Node) -> None:
        scope = self.scopes.of(node.start_byte)
        self.annotate(self.source(node.child_by_field_name("name")), node.child_by_field_name("type"), scope)

    def use_accessor(self, node: Node) -> None:
        """`set` and its likes are given `value`."""
        self.make_local("value", self.scopes.of(node.start_byte))

    def use_declaration(self, node: Node) -> None:
        scope, written = self.scopes.of(node.start_byte), node.child_by_field_name("type")
        for declarator in node.named_children:
            if declarator.type != "variable_declarator":
                continue
            parts, line = declarator.named_children, self.lines.of(declarator.start_byte)
            value = parts[-1] if len(parts) > 1 and parts[-1].type != "bracketed_argument_list" else None
            known = UNKNOWN if value is None or value.type in self.literals else self.value(value)
            name = declarator.child_by_field_name("name")
            if name is None:
                pattern = parts[0] if parts and parts[0].type == "tuple_pattern" else None
                for position, part in enumerate(pattern.children_by_field_name("name") if pattern is not None else ()):
                    self.assign(self.source(part), UNKNOWN if known == UNKNOWN else f"{known}[{position}]", scope, line)
                continue
            self.annotate(self.source(name), written, scope)
            if value is not None and value.type == "implicit_object_creation_expression" and written is not None:
                target = self.type_name(written)
                if target:
                    self._call(target, first_child(value), scope, line)
            self.assign(self.source(name), known, scope, line)

    def use_foreach(self, node: Node) -> None:
        left, right, scope = (
            node.child_by_field_name("left"),
            node.child_by_field_name("right"),
            self.scopes.of(node.start_byte),
        )
        if left is None or right is None or left.type != "identifier":
            return
        name, path = self.source(left), self.value(right)
        self.annotate(name, node.child_by_field_name("type"), scope)
        self.assign(name, path if path == UNKNOWN else f"{path}[]", scope, self.lines.of(node.start_byte))

    def use_catch(self, node: Node) -> None:
        self._declare(node.child_by_field_name("name"), node.child_by_field_name("type"), self.scopes.of(node.start_byte))

    def use_pattern(self, node: Node) -> None:
        self._declare(node.child_by_field_name("name"), node.child_by_field_name("type"), self.scopes.of(node.start_byte))

    def _declare(self, name: Node | None, written: Node | None, scope: int) -> None:
        if name is not None:
            self.make_local(self.source(name), scope)
            self.annotate(self.source(name), written, scope)
        elif written is not None:
            self.types("", written, scope)

    def use_call(self, node: Node) -> None:
        function = node.child_by_field_name("function")
        target = self.path(function)
        if function is not None and target != "nameof":
            scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
            self._call(target, node.child_by_field_name("arguments"), scope, line)

    def use_new(self, node: Node) -> None:
        created = node.child_by_field_name("type")
        if created is None:
            return
        scope, line = self.at(node)
        self.types("", created, scope) if created.type == "generic_name" else None
        if target := self.type_name(created):
            self._call(target, node.child_by_field_name("arguments"), scope, line)

    def use_constructor(self, node: Node) -> None:
        """`: base(…)` and `: this(…)`."""
        scope, line = self.at(node)
        is_base = any(child.type == "base" for child in node.children)
        owner = self.definitions[self.definitions[scope].parent].name
        self._call("base" if is_base else owner, first_child(node), scope, line)

    def _call(self, target: str, arguments: Node | None, scope: int, line: int) -> None:
        self.refer(ReferenceKind.CALL, target, scope, line)
        for position, argument in enumerate(arguments.named_children if arguments is not None else ()):
            value = argument.named_children[-1] if argument.type == "argument" and argument.named_children else argument
            if value.type not in self.literals:
                name = argument.child_by_field_name("name")
                where = self.source(name) if name is not None and name != value else str(position)
                self.hand_on(target, where, value, scope, line)

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or right.type in self.literals:
            return
        scope, line = self.at(node)
        name, value = self.path(left), self.value(right)
        # An assignment makes no local variable here: the name may be a field.
        if is_known(name) and value not in (UNKNOWN, name):
            self.bind(BindingKind.ASSIGNED, name, value, scope, line)

    def use_return(self, node: Node) -> None:
        scope = self.scopes.of(node.start_byte)
        if (value := first_child(node)) is not None and self.definitions[scope].kind in _METHOD_SCOPES:
            self._return(value, scope)

    def _return(self, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", value, scope, self.lines.of(node.start_byte))


def without_tags(words: str) -> str:
    """The words of an XML documentation comment up to the end of its summary."""
    head = words.partition("</summary>")[0].replace("<summary>", "")
    return _TAG.sub(lambda match: match[1] or "", head)


def _grammar() -> object:
    import tree_sitter_c_sharp

    return tree_sitter_c_sharp.language()


LANGUAGES = (Language("csharp", grammar=_grammar, extractor=lambda: CSharpExtractor),)
