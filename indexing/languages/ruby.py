"""Ruby."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child, is_known
from indexing.languages.ruby_paths import RubyPaths, arguments_of, last_statement, symbol_of

if TYPE_CHECKING:
    from tree_sitter import Node

_READERS = frozenset({"attr_reader", "attr_accessor", "cattr_reader", "cattr_accessor", "mattr_reader", "mattr_accessor",
                      "class_attribute", "thread_mattr_accessor"})  # fmt: skip
_WRITERS = frozenset({"attr_writer", "attr_accessor", "cattr_accessor", "mattr_accessor", "class_attribute"})
_MIXINS = frozenset({"include", "extend", "prepend"})
_LOADS = frozenset({"require", "require_relative", "load", "autoload", "require_dependency"})
_DECLARING = """
private public protected module_function private_constant private_class_method lambda proc block_given? binding __method__
raise loop alias_method define_method __dir__
"""
_NO_CALLS = _READERS | _WRITERS | _MIXINS | _LOADS | frozenset(_DECLARING.split())
_MAKES_CLASS = frozenset({"Struct.new", "Class.new", "Module.new", "Data.define"})
_PARAMETERS = frozenset(
    {"identifier", "optional_parameter", "keyword_parameter", "splat_parameter", "hash_splat_parameter", "block_parameter",
     "destructured_parameter"}
)  # fmt: skip
_TARGETS = frozenset({"left_assignment_list", "destructured_left_assignment"})


class RubyExtractor(RubyPaths):
    """Reads a Ruby file."""

    # -- definitions ----------------------------------------------------------------------------------------------

    def skip(self, node: Node) -> None:
        """What a query only looks at."""

    def define_class(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        text, body = self.source(name), node.child_by_field_name("body")
        prefix, _, last = text.removeprefix("::").replace("::", ".").rpartition(".")
        self.define(node, last, SymbolKind.CLASS, name_node=name, body=body, prefix=prefix)

    def define_method(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        kind = SymbolKind.METHOD if around is SymbolKind.CLASS else SymbolKind.FUNCTION
        if self.source(name) == "initialize" and node.type == "method":
            kind = SymbolKind.CONSTRUCTOR
        prefix = "self." if node.type == "method" and _is_singleton(node) else ""
        signature = self._signature(node, name, body)
        if prefix and signature.startswith("def "):
            signature = f"def {prefix}{signature[4:]}"
        self.define(node, self.source(name), kind, name_node=name, body=body, signature=signature)

    def _signature(self, node: Node, name: Node | None, body: Node | None) -> str:
        parameters = node.child_by_field_name("parameters")
        end = parameters or name or node
        return self.one_line(node.start_byte, end.end_byte if body is None or end is not node else body.start_byte)

    def define_lambda(self, node: Node) -> None:
        if node.id not in self.function_names:
            self.define_lambda_function(node, node)

    def define_assigned(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        for name in left.named_children if left is not None and left.type in _TARGETS else [left]:
            if name is None or name.type != "constant":
                continue
            made = right.child_by_field_name("block") if right is not None and right.type == "call" else None
            if right is not None and self.source(right)[:40].partition("(")[0].partition(" ")[0] in _MAKES_CLASS:
                self.define(node, self.source(name), SymbolKind.CLASS, name_node=name, body=made)
                if made is not None:
                    self.function_names[made.id] = (UNKNOWN, self.function_names[node.id][1])
            else:
                self.define_once(node, self.source(name), SymbolKind.CONSTANT, name)

    def define_attributes(self, node: Node) -> None:
        """`attr_accessor :name` writes a method that reads `@name`, and one that sets it."""
        macro = self.source(node.child_by_field_name("method"))
        for argument in arguments_of(node):
            if name := symbol_of(self, argument):
                signature = f"{macro} :{name}"
                if macro in _READERS:
                    index = self.define(argument, name, SymbolKind.METHOD, signature=signature)
                    self.bind(BindingKind.RETURNED, "", f"self.@{name}", index, self.lines.of(argument.start_byte))
                if macro in _WRITERS:
                    index = self.define(argument, f"{name}=", SymbolKind.METHOD, signature=signature)
                    self.parameter("value", "", index, self.lines.of(argument.start_byte))
                    self.bind(BindingKind.ASSIGNED, f"self.@{name}", "value", index, self.lines.of(argument.start_byte))

    def define_by_name(self, node: Node) -> None:
        """`define_method(:name) { … }`."""
        arguments, block = arguments_of(node), node.child_by_field_name("block")
        name = symbol_of(self, arguments[0]) if arguments else ""
        if name and block is not None:
            self.define(node, name, SymbolKind.METHOD, name_node=arguments[0], body=block)
            self.function_names[block.id] = self.function_names[node.id]

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_class(self, node: Node) -> None:
        superclass = node.child_by_field_name("superclass")
        base = superclass.named_children[-1] if superclass is not None and superclass.named_children else None
        if base is not None:
            self.refer(
                ReferenceKind.INHERITS, self.path(base), self.function_names[node.id][1], self.lines.of(base.start_byte)
            )

    def use_method(self, node: Node) -> None:
        scope = self.function_names[node.id][1]
        self._parameters(node.child_by_field_name("parameters"), scope)
        if (body := node.child_by_field_name("body")) is not None:
            self._return_last(body, scope)

    def use_block(self, node: Node) -> None:
        _, scope = self.function_names.get(node.id, (UNKNOWN, 0))
        if scope and self.definitions[scope].kind is not SymbolKind.CLASS:
            self._parameters(node.child_by_field_name("parameters"), scope)
            body = node.child_by_field_name("body")
            if body is not None and body.type in ("block", "do_block"):  # of `->(x) { … }`, no block of its own
                body = body.child_by_field_name("body")
            if body is not None:
                self._return_last(body, scope)

    def _return_last(self, body: Node, scope: int) -> None:
        last = last_statement(body) if body.type in ("body_statement", "block_body") else body
        if last is not None and last.type not in ("return", "if_modifier", "unless_modifier"):
            self._return(last, scope)

    def _parameters(self, parameters: Node | None, scope: int) -> None:
        for node in parameters.named_children if parameters is not None else ():
            kind, line = node.type, self.lines.of(node.start_byte)
            if kind not in _PARAMETERS:
                continue
            name = self.source(node if kind == "identifier" else node.child_by_field_name("name"))
            if kind == "destructured_parameter":
                for inner in node.named_children:
                    self.make_local(self.source(inner), scope)
                name = "_"
            if kind == "block_parameter":
                self.make_local(name, scope)
            elif name:
                stars = {"splat_parameter": "*", "hash_splat_parameter": "**"}.get(kind, "")
                self.parameter(stars + name, "", scope, line)
            default = node.child_by_field_name("value")
            if default is not None and default.type not in self.literals:
                self.assign(name, self.value(default), scope, line)

    def use_call(self, node: Node) -> None:
        receiver, method = node.child_by_field_name("receiver"), node.child_by_field_name("method")
        name = self.source(method)
        scope, line = self.scopes.of(node.start_byte), self.lines.of((method or node).start_byte)
        arguments = arguments_of(node)
        if receiver is None and name in _NO_CALLS:
            self._declare(name, arguments, scope, line)
            return
        target = self.path(node)
        if (name == "method" and receiver is None) or not target.endswith("()"):
            return
        target = target[:-2]
        if name in ("send", "public_send", "__send__") and (sent := symbol_of(self, next(iter(arguments), None))):
            target = f"{target.rpartition('.')[0]}.{sent}" if receiver is not None else sent
            arguments = arguments[1:]
        self.refer(ReferenceKind.CALL, target, scope, line)
        self._hand_on(target, arguments, scope, line)

    def _hand_on(self, target: str, arguments: Sequence[Node], scope: int, line: int) -> None:
        position = 0
        for argument in arguments:
            kind = argument.type
            if kind == "pair":
                value = argument.child_by_field_name("value")
                if value is not None and value.type not in self.literals:
                    key = self.source(argument.child_by_field_name("key")).strip(":'\"")
                    self.hand_on(target, key, value, scope, line)
                continue
            if kind not in self.literals and kind != "block_argument":
                where = "*" if kind == "splat_argument" else "**" if kind == "hash_splat_argument" else str(position)
                self.hand_on(target, where, argument, scope, line)
            position += 1

    def _declare(self, name: str, arguments: Sequence[Node], scope: int, line: int) -> None:
        """`require`, `include` and what else looks like a call and declares."""
        if name in _LOADS and arguments:
            if module := symbol_of(self, arguments[-1]):
                self.imports.append(Import(module, "", "", int(name == "require_relative"), scope, line))
        elif name in _MIXINS and self.definitions[scope].kind is SymbolKind.CLASS:
            for argument in arguments:
                self.refer(ReferenceKind.INHERITS, self.path(argument), scope, line)
        elif name == "alias_method" and len(arguments) == 2:
            self._alias(symbol_of(self, arguments[0]), symbol_of(self, arguments[1]), scope, line)
        elif name == "raise":
            self._hand_on("raise", arguments, scope, line)

    def use_alias(self, node: Node) -> None:
        scope, line = self.at(node)
        new, old = node.child_by_field_name("name"), node.child_by_field_name("alias")
        self._alias(self.source(new), self.source(old), scope, line)

    def _alias(self, new: str, old: str, scope: int, line: int) -> None:
        if new and old and new != old and self.definitions[scope].kind is SymbolKind.CLASS:
            self.bind(BindingKind.ASSIGNED, new, old, scope, line)

    def use_super(self, node: Node) -> None:
        parent = node.parent
        if parent is None or parent.type != "call":
            scope, line = self.at(node)
            self.refer(ReferenceKind.CALL, self.super_path(node), scope, line)

    def use_name(self, node: Node) -> None:
        """A bare name that is no variable is a call."""
        name = self.source(node)
        scope = self.scopes.of(node.start_byte)
        if name not in _NO_CALLS and name not in self.constants and not self.is_variable(name, scope):
            self.refer(ReferenceKind.CALL, name, scope, self.lines.of(node.start_byte))

    def use_constant(self, node: Node) -> None:
        self.refer(ReferenceKind.TYPE, self.path(node), *self.at(node))

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or self.function_names.get(node.id):
            return
        scope, line = self.at(node)
        path = UNKNOWN if right.type in self.literals else self.value(right)
        if left.type in _TARGETS:
            for position, target in enumerate(left.named_children):
                self._assign(target, UNKNOWN if path == UNKNOWN else f"{path}[{position}]", scope, line)
        else:
            self._assign(left, path, scope, line)

    def _assign(self, target: Node, path: str, scope: int, line: int) -> None:
        kind = target.type
        if kind in ("identifier", "constant"):
            name = self.source(target)
            if not self.is_variable(name, scope):
                self.make_local(name, scope)
            if path not in (UNKNOWN, name):
                self.bind(BindingKind.ASSIGNED, name, path, scope, line)
        elif kind == "call":  # `x.name = value` calls `name=`
            setter = f"{self.path(target).removesuffix('()')}="
            if is_known(setter):
                self.refer(ReferenceKind.CALL, setter, scope, line)
                if path != UNKNOWN:
                    self.bind(BindingKind.ARGUMENT, f"{setter}(0)", path, scope, line)
        elif path != UNKNOWN and is_known(name := self.path(target)) and name != path:
            self.bind(BindingKind.ASSIGNED, name, path, scope, line)

    def use_field(self, node: Node) -> None:
        """An instance variable that is assigned shows a field of the class around."""
        scope = self.scopes.of(node.start_byte)
        while scope > 0 and self.definitions[scope].kind is not SymbolKind.CLASS:
            scope = self.definitions[scope].parent
        if scope > 0:
            parent = node.parent
            self.define_later_field(scope, self.source(node), parent if parent is not None else node)

    def use_for(self, node: Node) -> None:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        over = first_child(value) if value is not None else None
        if pattern is not None and over is not None and pattern.type == "identifier":
            scope, line = self.at(node)
            path = self.value(over)
            self._assign(pattern, path if path == UNKNOWN else f"{path}[]", scope, line)

    def use_rescue(self, node: Node) -> None:
        scope, line = self.at(node)
        variable, caught = node.child_by_field_name("variable"), node.child_by_field_name("exceptions")
        name = self.source(first_child(variable)) if variable is not None else ""
        if name:
            self.make_local(name, scope)
        for one in caught.named_children if caught is not None else ():
            path = self.path(one)
            self.refer(ReferenceKind.TYPE, path, scope, line)
            if name and is_known(path):
                self.bind(BindingKind.ANNOTATED, name, path, scope, line)

    def use_return(self, node: Node) -> None:
        if (value := first_child(node)) is not None:
            scope = self.scopes.of(node.start_byte)
            while self.definitions[scope].kind is SymbolKind.LAMBDA and self.definitions[scope].parent > 0:
                scope = self.definitions[scope].parent
            self._return(value, scope)

    def _return(self, node: Node, scope: int) -> None:
        if node.type not in self.literals and (value := self.value(node)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", value, scope, self.lines.of(node.start_byte))


def _is_singleton(node: Node) -> bool:
    """Whether a method stands in `class << self`."""
    body = node.parent
    return body is not None and body.parent is not None and body.parent.type == "singleton_class"


def _grammar() -> object:
    import tree_sitter_ruby

    return tree_sitter_ruby.language()


LANGUAGES = (
    Language(
        "ruby",
        grammar=_grammar,
        extractor=lambda: RubyExtractor,
    ),
)
