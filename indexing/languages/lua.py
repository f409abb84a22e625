"""Lua, 5.1 to 5.4 and LuaJIT.

A table is what modules and classes are made of: `function M.run` and `M.run = function` define `M.run`, `function M:run`
and whatever has `self` as its first parameter is a method. `o:m(a)` is `o.m(o, a)`, so the receiver is an argument and a
parameter like any other. `require "m"` is an import; where its result is not simply given a name, it is written
`<m>`, with `/` for the dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.extractor import Extractor
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, defined, entry_key, first_child, member, through

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_MODULE_BYTES = 200
_MAX_TABLES = 2_000
_PROTECTED = frozenset({"pcall", "xpcall"})
_LITERALS = frozenset(
    {"string", "number", "nil", "true", "false", "comment", "unary_expression", "vararg_expression", "block", "parameters"}
)
_INDEXED = frozenset({"dot_index_expression", "method_index_expression"})


def _called(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    assert isinstance(reader, LuaExtractor)
    if module := reader.required(node):
        return None, reader.import_anonymously(module, node)
    return node.child_by_field_name("name"), "()"


def _bracketed(reader: PathReader, node: Node) -> tuple[Node | None, str]:
    key = reader.source(node.child_by_field_name("field"))[:64]
    name = key.strip("'\"")
    if name != key and name.isidentifier():  # table["run"] is table.run
        return node.child_by_field_name("table"), "." + name
    return node.child_by_field_name("table"), entry_key(key)


def _fields(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    position = 1
    for child in node.named_children:
        name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
        if value is None:
            continue
        if name is None:
            yield f"[{position}]", value
            position += 1
            continue
        key = reader.source(name)[:64]
        plain = key.strip("'\"")
        # `{[name] = …}` has the key that the variable holds, `{name = …}` that name itself.
        computed = reader.text[child.start_byte : child.start_byte + 1] == b"["
        if plain.isidentifier() and (plain != key or not computed):
            yield f".{plain}", value
        else:
            yield entry_key(key) if computed else "[]", value


def _branches(reader: PathReader, node: Node) -> Iterator[tuple[str, Node]]:
    operator = reader.source(node.child_by_field_name("operator"))
    if operator in ("and", "or"):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        for side in (left if operator == "or" else None, right):  # `a and b` gives what `a` is only where that is false
            if side is not None:
                yield "", side


class LuaExtractor(Extractor):
    """Reads a Lua file."""

    steps: ClassVar[Mapping[str, Step]] = {
        "dot_index_expression": member("table", "field"),
        "method_index_expression": member("table", "method"),
        "bracket_index_expression": _bracketed,
        "function_call": _called,
        "parenthesized_expression": through(),
        "function_definition": defined,
    }
    values: ClassVar[Mapping[str, Entries]] = {"table_constructor": _fields, "binary_expression": _branches}
    containers = frozenset({"table_constructor"})
    literals = _LITERALS
    constants = frozenset({"nil", "true", "false"})

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._naming: dict[int, tuple[str, Node]] = {}
        self._outer: dict[int, Node] = {}
        self._required: set[tuple[str, int]] = set()

    # -- definitions ----------------------------------------------------------------------------------------------

    def define_local(self, node: Node) -> None:
        inner = first_child(node)
        if inner is not None and inner.type == "assignment_statement":
            self._outer[inner.id] = node
        elif not self.scopes.around(node.start_byte):
            for listed in node.named_children:
                for name in listed.children_by_field_name("name"):
                    self.define_once(node, self.source(name), SymbolKind.VARIABLE, name)

    def define_assignment(self, node: Node) -> None:
        outer = self._outer.get(node.id, node)
        names, values = _sides(node)
        for position, name in enumerate(names):
            path = self.plain_name(name)
            value = values[position] if position < len(values) else None
            if value is not None and path and value.type == "function_definition":
                self._naming[value.id] = (path, outer)
                continue
            if value is not None and path and value.type == "table_constructor":
                self._name_entries(value, path)
            if path.isidentifier() and not self.scopes.around(node.start_byte) and not (value and self.required(value)):
                listed = name.parent.named_children if name.parent is not None else []
                marked = any(self.source(child) == "<const>" for child in listed if child.type == "attribute")
                constant = marked or (path.isupper() and len(path) > 1)
                self.define_once(outer, path, SymbolKind.CONSTANT if constant else SymbolKind.VARIABLE, name)

    def _name_entries(self, table: Node, path: str) -> None:
        """The functions of a table, and of the tables in it, have the table's name before theirs."""
        waiting = [(table, path)]
        for _ in range(_MAX_TABLES):
            if not waiting:
                return
            holder, prefix = waiting.pop()
            for entry in holder.named_children:
                name, value = entry.child_by_field_name("name"), entry.child_by_field_name("value")
                if name is None or value is None or name.type != "identifier":
                    continue
                if value.type == "function_definition":
                    self._naming[value.id] = (f"{prefix}.{self.source(name)}", entry)
                elif value.type == "table_constructor":
                    waiting.append((value, f"{prefix}.{self.source(name)}"))

    def define_entry(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None and name.type == "identifier":
            self._naming.setdefault(value.id, (self.source(name), node))

    def define_function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        path = self.source(name).replace(":", ".")
        self._define(node, node, path, name, colon=name is not None and name.type == "method_index_expression")

    def define_value(self, node: Node) -> None:
        naming = self._naming.get(node.id)
        if naming is None:
            self.define_lambda_function(node, node.child_by_field_name("body"))
        else:
            path, outer = naming
            self._define(node, outer, path, None, colon=False)

    def _define(self, node: Node, outer: Node, path: str, name_node: Node | None, *, colon: bool) -> None:
        parameters, body = node.child_by_field_name("parameters"), node.child_by_field_name("body")
        prefix, _, name = path.rpartition(".")
        first = first_child(parameters) if parameters is not None else None
        method = colon or (first is not None and self.source(first) == "self")
        end = parameters.end_byte if parameters is not None else node.end_byte
        last = name_node.named_children[-1] if name_node is not None and name_node.type in _INDEXED else name_node
        index = self.define(
            outer,
            name,
            SymbolKind.METHOD if method else SymbolKind.FUNCTION,
            name_node=last,
            body=body,
            prefix=prefix,
            signature=self.one_line(outer.start_byte, end),
        )
        self.function_names[node.id] = (path, index)

    # -- imports --------------------------------------------------------------------------------------------------

    def required(self, node: Node) -> str:
        """The module of `require "m"`, or of `pcall(require, "m")`; empty for any other call."""
        if node.type != "function_call":
            return ""
        function, arguments = self.source(node.child_by_field_name("name")), node.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        if function in _PROTECTED and len(given) == 2 and self.source(given[0]) == "require":
            given = given[1:]
        elif function != "require" or len(given) != 1:
            return ""
        name = given[0].child_by_field_name("content") if given[0].type == "string" else None
        return self.source(name) if name is not None and name.end_byte - name.start_byte <= _MODULE_BYTES else ""

    def import_anonymously(self, module: str, node: Node) -> str:
        """The name of a module that is used where it is required."""
        local = f"<{module.replace('.', '/')}>"
        line = self.lines.of(node.start_byte)
        if (module, line) not in self._required:
            self._required.add((module, line))
            self.imports.append(Import(module, "", local, 0, 0, line))
        return local

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_function(self, node: Node) -> None:
        known = self.function_names.get(node.id)
        if known is None:
            return
        scope, line = known[1], self.lines.of(node.start_byte)
        name, parameters = node.child_by_field_name("name"), node.child_by_field_name("parameters")
        if name is not None and name.type == "method_index_expression":
            self.parameter("self", "", scope, line)
        for child in parameters.named_children if parameters is not None else ():
            text = self.source(child)
            if text == "...":
                self.parameter("*...", "", scope, line)
            elif child.type == "identifier":
                self.parameter(text, "", scope, line)

    def use_local(self, node: Node) -> None:
        for listed in node.named_children:
            if listed.type != "assignment_statement":
                for name in listed.children_by_field_name("name"):
                    self._new(name)

    def use_assignment(self, node: Node) -> None:
        names, values = _sides(node)
        local = node.id in self._outer
        scope, line = self.at(node)
        for position, target in enumerate(names):
            value = values[position] if position < len(values) else None
            name = self.path(target)
            imported, last = (values[-1], len(values) - 1) if values else (None, 0)
            if imported is not None and (module := self.required(imported)) and name.isidentifier():
                plain = self.source(imported.child_by_field_name("name")) == "require"
                if position == last + (0 if plain else 1):  # `local ok, m = pcall(require, "m")`
                    self.imports.append(Import(module, "", name, 0, scope, line))
                    self._required.add((module, line))
                    self.make_local(name, scope)
                    continue
            path = UNKNOWN
            if value is not None:
                path = self.value(value) if value.type not in self.literals else UNKNOWN
            if name.isidentifier() and not local and not self._is_own(name, scope):
                self.bind(BindingKind.GLOBAL, name, "nonlocal", scope, line)
            if name == path:
                continue
            if path != UNKNOWN:
                self.assign(name, path, scope, line)
            elif local:
                self._new(target)

    def _is_own(self, name: str, scope: int) -> bool:
        return scope == 0 or name in self._locals.get(scope, ())

    def _new(self, name: Node) -> None:
        """A local variable of which nothing is known but that it hides others of its name."""
        text, (scope, line) = self.source(name), self.at(name)
        self.make_local(text, scope)
        self.bind(BindingKind.ASSIGNED, text, UNKNOWN, scope, line)

    def use_each(self, node: Node) -> None:
        names: list[Node] = []
        values: list[Node] = []
        for child in node.named_children:
            if child.type == "variable_list":
                names = child.children_by_field_name("name")
            elif child.type == "expression_list":
                values = child.named_children
        held = UNKNOWN
        if len(values) == 1 and values[0].type == "function_call":
            arguments = values[0].child_by_field_name("arguments")
            if self.source(values[0].child_by_field_name("name")) in ("pairs", "ipairs") and arguments is not None:
                given = first_child(arguments)
                held = self.value(given) if given is not None and given.type not in self.literals else UNKNOWN
        for position, name in enumerate(names):
            if position == 1 and held != UNKNOWN:
                scope, line = self.at(name)
                self.assign(self.source(name), f"{held}[]", scope, line)
            else:
                self._new(name)

    def use_count(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is not None:
            self._new(name)

    def use_call(self, node: Node) -> None:
        function, arguments = node.child_by_field_name("name"), node.child_by_field_name("arguments")
        if function is None:
            return
        if module := self.required(node):
            line = self.lines.of(node.start_byte)
            if (module, line) not in self._required:
                self.import_anonymously(module, node)
            return
        target = self.path(function)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.end_byte - 1)
        self.refer(ReferenceKind.CALL, target, scope, line)
        position = 0
        if function.type == "method_index_expression" and target != UNKNOWN:
            receiver = function.child_by_field_name("table")
            if receiver is not None and (held := self.path(receiver)) != UNKNOWN:
                self.bind(BindingKind.ARGUMENT, f"{target}(0)", held, scope, line)
            position = 1
        for child in arguments.named_children if arguments is not None else ():
            if child.type == "comment":
                continue
            if child.type not in self.literals:
                self.hand_on(target, str(position), child, scope, line)
            position += 1
        called = first_child(arguments) if target in _PROTECTED and arguments is not None else None
        if called is not None and called.type not in self.literals and called.type != "function_definition":
            self.refer(ReferenceKind.CALL, self.path(called), scope, line)

    def use_return(self, node: Node) -> None:
        listed = first_child(node)
        values = [child for child in listed.named_children if child.type != "comment"] if listed is not None else []
        for child in values[:1]:
            if child.type not in self.literals and (path := self.value(child)) != UNKNOWN:
                self.bind(BindingKind.RETURNED, "", path, *self.at(node))


def _sides(node: Node) -> tuple[list[Node], list[Node]]:
    """The targets and the values of an assignment."""
    names: list[Node] = []
    values: list[Node] = []
    for child in node.named_children:
        if child.type == "variable_list":
            names = child.children_by_field_name("name")
        elif child.type == "expression_list":
            values = [value for value in child.named_children if value.type != "comment"]
    return names, values


def _grammar() -> object:
    import tree_sitter_lua

    return tree_sitter_lua.language()


LANGUAGES = (
    Language(
        "lua",
        grammar=_grammar,
        extractor=lambda: LuaExtractor,
    ),
)
