"""Rust."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph, without_markers
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child, is_known
from indexing.languages.rust_bindings import RustBindings
from indexing.languages.rust_paths import path_of_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_TYPES = frozenset({SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.INTERFACE, SymbolKind.TYPE})
_ATTRIBUTES = """
allow cfg cfg_attr cold deny deprecated derive doc expect export_name feature forbid global_allocator ignore inline link
link_name macro_export macro_use must_use no_mangle no_std non_exhaustive panic_handler path proc_macro
proc_macro_attribute proc_macro_derive repr should_panic target_feature test track_caller warn
"""
_BUILT_IN_ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_MACRO_CALL = re.compile(r"(?<![\w.):])((?:[A-Za-z_]\w*(?:::|\.))*[A-Za-z_]\w*)(?:::<[^<>()]*>)?\(")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_MACRO_WORDS = frozenset({"if", "while", "match", "for", "return", "in", "Some", "Ok", "Err", "fn", "move", "as"})
_MAX_MACRO = 4_000
_MAX_IMPORTS = 1_000


class RustExtractor(RustBindings):
    """Reads a Rust file."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._impls: list[tuple[int, int, str]] = []
        self._apart: list[int] = []
        self._bounds: dict[str, str] = {}
        self._attributes = (0, 0)
        self._types: dict[str, int] | None = None

    def module_doc(self) -> str:
        """The lines that begin with `//!`."""
        words: list[bytes] = []
        for child in self._syntax.root.named_children[:60]:
            line = self.text[child.start_byte : child.end_byte]
            if child.type not in self.comment_types or not line.startswith((b"//!", b"/*!")):
                break
            words.append(line)
        raw = b"".join(line if line.endswith(b"\n") else line + b"\n" for line in words)
        return first_paragraph(without_markers(raw.decode("utf-8", "replace")))

    def type_text(self, node: Node) -> str:
        """A type parameter stands for the trait that bounds it."""
        name = path_of_name(self.source(node))
        return self._bounds.get(name, name)

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_attribute(self, node: Node) -> None:
        start, end = self._attributes
        self._attributes = (start if end and self._adjoins(end, node) else node.start_byte, node.end_byte)

    def _adjoins(self, end: int, node: Node) -> bool:
        return 0 <= node.start_byte - end < 400 and not self.text[end : node.start_byte].strip()

    def _begin(self, node: Node) -> None:
        """A definition begins with its attributes; the first method of an `impl` with the line that opens that."""
        start, end = self._attributes
        if end and self._adjoins(end, node):
            self._starts[node.id] = start

    def define_module(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if body is not None:
            self._begin(node)
            self.define(node, self.source(name), SymbolKind.MODULE, name_node=name, body=body)

    def define_impl(self, node: Node) -> None:
        written, body = node.child_by_field_name("type"), node.child_by_field_name("body")
        if written is None or body is None:
            return
        name = path_of_name(self.source(written).lstrip("& "))
        if (name in self._parameters_of(node) or not name) and (trait := node.child_by_field_name("trait")) is not None:
            name = self.type_name(trait)  # what holds for every type is a part of the trait
        self._impls.append((body.start_byte, body.end_byte, name))

    def _parameters_of(self, node: Node) -> set[str]:
        parameters = node.child_by_field_name("type_parameters")
        children = parameters.named_children if parameters is not None else []
        return {self.source(child.child_by_field_name("name")) for child in children}

    def define_type_parameter(self, node: Node) -> None:
        """A parameter with one bound that is a type of its own is as good as that; two bounds say nothing for sure."""
        name = self.source(node.child_by_field_name("name") or node.child_by_field_name("left"))
        bounds = node.child_by_field_name("bounds")
        named = [path for child in (bounds.named_children if bounds is not None else []) if (path := self.type_name(child))]
        bound = named[0] if len(named) == 1 else ""
        if node.type == "where_predicate" and name not in self._bounds:
            return  # a bound of something that is no parameter
        known = self._bounds.get(name)
        self._bounds[name] = bound if known in (None, "", bound) else known if not bound else ""

    def define_struct(self, node: Node) -> None:
        self._define_type(node, SymbolKind.STRUCT)

    def define_enum(self, node: Node) -> None:
        self._define_type(node, SymbolKind.ENUM)

    def define_trait(self, node: Node) -> None:
        self._define_type(node, SymbolKind.INTERFACE)

    def _define_type(self, node: Node, kind: SymbolKind) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        self._begin(node)
        self.define(node, self.source(name), kind, name_node=name, body=body)

    def define_variant(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def define_type(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if self._impl_at(node.start_byte) is None:
            self._begin(node)
            self.define_once(node, self.source(name), SymbolKind.TYPE, name)

    def _impl_at(self, byte: int) -> str | None:
        """The type whose `impl` block `byte` is in."""
        while self._impls and self._impls[-1][1] <= byte:
            self._impls.pop()
        for start, end, name in reversed(self._impls):
            if start <= byte < end:
                return name
        return None

    def define_function(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        owner = self._impl_at(node.start_byte) if around is SymbolKind.MODULE else None
        self._begin(node)
        kind = SymbolKind.METHOD if owner or around is SymbolKind.INTERFACE else SymbolKind.FUNCTION
        index = self.define(node, self.source(name), kind, name_node=name, body=body, prefix=owner or "")
        if owner:
            self._apart.append(index)

    def define_macro(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self._begin(node)
        signature = f"macro_rules! {self.source(name)}"
        self.define(node, self.source(name), SymbolKind.MACRO, name_node=name, signature=signature)

    def define_closure(self, node: Node) -> None:
        self.define_lambda_function(node, node.child_by_field_name("body"))

    def define_constant(self, node: Node) -> None:
        self._define_value(node, SymbolKind.CONSTANT)

    def define_variable(self, node: Node) -> None:
        self._define_value(node, SymbolKind.VARIABLE)

    def _define_value(self, node: Node, kind: SymbolKind) -> None:
        name = node.child_by_field_name("name")
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        owner = self._impl_at(node.start_byte)
        if around in (SymbolKind.MODULE, SymbolKind.INTERFACE) and self.source(name) != "_":
            self._begin(node)
            if owner:
                self._apart.append(self.define(node, self.source(name), kind, name_node=name, prefix=owner))
            else:
                self.define_once(node, self.source(name), kind, name)

    def define_field(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if self.definitions[self.scopes.around(node.start_byte)].kind is SymbolKind.STRUCT:
            self.define_once(node, self.source(name), SymbolKind.FIELD, name)

    def finish(self) -> None:
        """What an `impl` defines belongs to its type where this file declares it."""
        types = {one.nesting: index for index, one in enumerate(self.definitions) if one.kind in _TYPES}
        for index in self._apart:
            one = self.definitions[index]
            owner = types.get(one.nesting.rpartition(".")[0])
            if owner is not None:
                self.move(index, owner)

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        scope, line = self.at(node)
        waiting = [(node.child_by_field_name("argument"), "")]
        for _ in range(_MAX_IMPORTS):
            if not waiting:
                break
            part, before = waiting.pop()
            if part is None:
                continue
            kind = part.type
            if kind == "use_list":
                waiting += [(child, before) for child in reversed(part.named_children)]
            elif kind == "scoped_use_list":
                path = self._joined(before, part.child_by_field_name("path"))
                waiting.append((part.child_by_field_name("list"), path))
            elif kind == "use_wildcard":
                self.imports.append(Import(self._joined(before, first_child(part)), "*", "", 0, scope, line))
            elif kind == "use_as_clause":
                self._import(
                    self._joined(before, part.child_by_field_name("path")), part.child_by_field_name("alias"), scope, line
                )
            elif kind == "self":
                self._import(before, None, scope, line)
            elif not kind.endswith("comment"):
                self._import(self._joined(before, part), None, scope, line)

    def _joined(self, before: str, part: Node | None) -> str:
        path = "".join(self.source(part).split()).removeprefix("::")
        return f"{before}::{path}" if before and path else before or path

    def _import(self, path: str, alias: Node | None, scope: int, line: int) -> None:
        module, _, name = path.removesuffix("::self").rpartition("::")
        local = self.source(alias) if alias is not None else name
        if module:
            self.imports.append(Import(module, name, local, 0, scope, line))
        else:
            self.imports.append(Import(name, "", local, 0, scope, line))

    def use_crate(self, node: Node) -> None:
        name, alias = self.source(node.child_by_field_name("name")), node.child_by_field_name("alias")
        self.imports.append(Import(name, "", self.source(alias) if alias is not None else name, 0, *self.at(node)))

    def use_module(self, node: Node) -> None:
        """`mod name;` names a file beside this one."""
        name = self.source(node.child_by_field_name("name"))
        if node.child_by_field_name("body") is None:
            self.imports.append(Import("self", name, name, 0, *self.at(node)))

    def use_impl(self, node: Node) -> None:
        trait, written = node.child_by_field_name("trait"), node.child_by_field_name("type")
        scope, line = self.at(node)
        if trait is None or written is None:
            return
        name = path_of_name(self.source(written).lstrip("& "))
        around = self.definitions[scope].nesting
        nesting = f"{around}.{name}" if around else name
        if self._types is None:
            self._types = {one.nesting: index for index, one in enumerate(self.definitions) if one.kind in _TYPES}
        owner = self._types.get(nesting) if name else None
        path = self.type_name(trait)
        if path and owner is not None:
            self.refer(ReferenceKind.IMPLEMENTS, path, owner, line)
        elif path:
            self.refer(ReferenceKind.TYPE, path, scope, line)
        self.types("", written, scope)

    def use_trait(self, node: Node) -> None:
        bounds, scope = node.child_by_field_name("bounds"), self.function_names[node.id][1]
        for bound in bounds.named_children if bounds is not None else ():
            if path := self.type_name(bound):
                self.refer(ReferenceKind.INHERITS, path, scope, self.lines.of(bound.start_byte))

    def use_attribute(self, node: Node) -> None:
        name = path_of_name(self.source(first_child(node)))
        decorated = self.named_after(node.end_byte)
        if not name or name in _BUILT_IN_ATTRIBUTES or not decorated:
            return
        if self.definitions[decorated].span.start <= node.start_byte:
            called = "()" if node.child_by_field_name("arguments") is not None else ""
            self.refer(ReferenceKind.DECORATES, name + called, decorated, self.lines.of(node.start_byte))

    def use_field(self, node: Node) -> None:
        scope = self.scopes.of(node.start_byte)
        if self.definitions[scope].kind is SymbolKind.STRUCT:
            self.annotate(self.source(node.child_by_field_name("name")), node.child_by_field_name("type"), scope)
        elif (written := node.child_by_field_name("type")) is not None:
            self.types("", written, scope)

    def use_constant(self, node: Node) -> None:
        name, value = self.source(node.child_by_field_name("name")), node.child_by_field_name("value")
        scope = self.scopes.of(node.start_byte)
        self.annotate(name, node.child_by_field_name("type"), scope)
        if value is not None and value.type not in self.literals:
            path = self.value(value)
            if path not in (UNKNOWN, name):
                self.bind(BindingKind.ASSIGNED, name, path, scope, self.lines.of(node.start_byte))

    def use_type(self, node: Node) -> None:
        name, written = self.source(node.child_by_field_name("name")), node.child_by_field_name("type")
        if written is not None:
            self.types(name, written, self.scopes.of(node.start_byte))

    def use_call(self, node: Node) -> None:
        function = node.child_by_field_name("function")
        if function is None:
            return
        target = self.path(function)
        if target in ("Some", "Ok", "Err"):
            return
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        self.refer(ReferenceKind.CALL, target, scope, line)
        self.hand_on_all(target, node.child_by_field_name("arguments"), scope, line)

    def use_macro(self, node: Node) -> None:
        """What is handed to a macro is no syntax yet; what looks like a call is one."""
        scope, line = self.at(node)
        name = path_of_name(self.source(node.child_by_field_name("macro")))
        if name:
            self.refer(ReferenceKind.CALL, name, scope, line)
        tokens = node.named_children[-1]
        if tokens.type != "token_tree" or tokens.end_byte - tokens.start_byte > _MAX_MACRO:
            return
        text = _STRING.sub(lambda match: " " * len(match[0]), self.source(tokens))
        for found in _MACRO_CALL.finditer(text):
            path = path_of_name(found[1])
            if path and path not in _MACRO_WORDS:
                self.refer(ReferenceKind.CALL, path, scope, line + text.count("\n", 0, found.start()))

    def use_struct(self, node: Node) -> None:
        if path := path_of_name(self.source(node.child_by_field_name("name"))):
            self.refer(ReferenceKind.TYPE, path, *self.at(node))

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or right.type in self.literals:
            return
        name, value = self.path(left), self.value(right)
        if is_known(name) and value not in (UNKNOWN, name):
            self.bind(BindingKind.ASSIGNED, name, value, *self.at(node))

    def use_return(self, node: Node) -> None:
        if (value := first_child(node)) is not None:
            self._return(value, self.scopes.of(node.start_byte))


def _grammar() -> object:
    import tree_sitter_rust

    return tree_sitter_rust.language()


LANGUAGES = (Language("rust", grammar=_grammar, extractor=lambda: RustExtractor),)
