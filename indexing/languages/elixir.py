"""Elixir.

A function is told by its name and the number of its arguments: a call of `f` with two is written `f/2`, one through a
pipe with one more than it shows. All clauses of a function are one definition, from the first to the last of those that
follow each other. A default value makes a parameter optional; it is bound as ASSIGNED to `?`, whatever it is.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph
from indexing.languages.elixir_forms import (
    ATTRIBUTES,
    CONTROL,
    FUNCTIONS,
    MODULES,
    OF_FUNCTION,
    SPECIFICATIONS,
    Head,
    keyword_value,
    keywords_of,
    read_head,
)
from indexing.languages.elixir_paths import NAME_BYTES, ElixirPaths, parts_of
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child
from indexing.languages.regions import region

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_DOC_BYTES = 4_000
_MAX_NAMES = 200


class ElixirExtractor(ElixirPaths):
    """Reads a file of modules, or a script."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._functions: dict[tuple[int, str, int], int] = {}
        self._last: dict[int, int] = {}
        self._heads: dict[int, tuple[int, Head]] = {}
        self._head_nodes: set[int] = set()
        self._specifications: list[tuple[int, int]] = []
        self._attributes: tuple[int, int, str] | None = None
        """Where the attributes of the next function begin and end, and its documentation."""

    # -- definitions ----------------------------------------------------------------------------------------------

    def module_doc(self) -> str:
        return first_paragraph(self.comments.head())

    def define_operator(self, node: Node) -> None:
        operator, right = node.child_by_field_name("operator"), node.child_by_field_name("right")
        if operator is not None and right is not None and operator.type == "|>":
            self.piped.add(right.id)

    def define_call(self, node: Node) -> None:
        word = self.source(first_child(node))
        if word in MODULES:
            self._define_module(node, word)
        elif word in FUNCTIONS:
            self._define_function(node, word)
        elif word in ("defstruct", "defexception"):
            self._attributes = None
            self._define_fields(node)
        elif word in ("test", "property") and any(child.type == "do_block" for child in node.named_children):
            self._define_test(node)

    def _define_module(self, node: Node, word: str) -> None:
        arguments, body = parts_of(node)
        named = arguments[0] if arguments else None
        name = self.module_name(named)
        if not name:
            return
        kind = SymbolKind.INTERFACE if word == "defprotocol" else SymbolKind.CLASS
        if word == "defimpl":
            target = self.source(keyword_value(self.source, keywords_of(arguments), "for"))
            name = f"{name}.{target}" if target and len(target) <= NAME_BYTES else name
        end = body.start_byte if body is not None else node.end_byte
        self.define(
            node,
            name,
            kind,
            name_node=named,
            body=body,
            doc=self._module_doc(body),
            signature=self.one_line(node.start_byte, end).removesuffix(" do"),
        )

    def _module_doc(self, body: Node | None) -> str:
        for child in body.named_children[:20] if body is not None else ():
            operand = child.child_by_field_name("operand") if child.type == "unary_operator" else None
            if operand is not None and self.text.startswith(b"moduledoc", operand.start_byte):
                return self._text_of(operand)
        return ""

    def _text_of(self, attribute: Node) -> str:
        """The first paragraph of the text that an attribute is set to."""
        arguments, _ = parts_of(attribute)
        if not arguments or arguments[0].type not in ("string", "sigil"):
            return ""
        content = next((child for child in arguments[0].named_children if child.type == "quoted_content"), None)
        if content is None:
            return ""
        start, end = content.byte_range
        raw = self.text[start : min(end, start + _DOC_BYTES)].decode("utf-8", "replace")
        return first_paragraph("\n".join(line.strip() for line in raw.split("\n")))

    def define_attribute(self, node: Node) -> None:
        operand = node.child_by_field_name("operand")
        target = first_child(operand) if operand is not None else None
        name = self.source(target)
        if operand is None or target is None:
            return
        self._head_nodes.add(operand.id)
        if name in OF_FUNCTION:
            if name == "spec":
                self._specifications.append((node.start_byte, node.end_byte))
            start, _, doc = self._attributes or (node.start_byte, 0, "")
            self._attributes = (start, node.end_byte, self._text_of(operand) if name == "doc" else doc)
            return
        arguments, _ = parts_of(operand)
        written = arguments[0] if arguments else None
        if name in SPECIFICATIONS:
            self._specifications.append((node.start_byte, node.end_byte))
            while written is not None and written.type == "binary_operator":
                written = written.child_by_field_name("left")
            head = read_head(self.source, written)
            doc, start = "", node.start_byte
            if self._attributes is not None and "callback" in name:
                start, _, doc = self._attributes
                self._attributes = None
            if head is not None:
                kind = SymbolKind.METHOD if "callback" in name else SymbolKind.TYPE
                self._starts[node.id] = start
                signature = self.one_line(node.start_byte, node.end_byte)
                self.define(node, head.name, kind, name_node=written, doc=doc, signature=signature)
        elif name not in ATTRIBUTES and self.scopes.around(node.start_byte):
            self.define_once(node, f"@{name}", SymbolKind.CONSTANT, target)

    def _define_fields(self, node: Node) -> None:
        arguments, _ = parts_of(node)
        waiting = list(reversed(arguments))
        for _ in range(_MAX_NAMES):
            if not waiting:
                return
            child = waiting.pop()
            if child.type in ("list", "keywords"):
                waiting += reversed(child.named_children)
            elif child.type == "pair":
                key = child.child_by_field_name("key")
                self.define_once(child, self.source(key).rstrip(": \n"), SymbolKind.FIELD, key)
            elif child.type == "atom":
                self.define_once(child, self.source(child).lstrip(":"), SymbolKind.FIELD, child)

    def _define_function(self, node: Node, word: str) -> None:
        arguments, body = parts_of(node)
        head = read_head(self.source, arguments[0] if arguments else None)
        attributes, self._attributes = self._attributes, None
        if head is None:
            return
        if body is None:
            body = keywords_of(arguments)
        scope = self.scopes.around(node.start_byte)
        index = self._functions.get((scope, head.name, head.arity))
        if index is not None:
            if self._last.get(scope) == index:
                span = self.definitions[index].span
                self.definitions[index] = replace(self.definitions[index], span=self.lines.span(span.start, node.end_byte))
            self.scopes.open(node.start_byte, node.end_byte, index)
        else:
            kind = SymbolKind.MACRO if "macro" in word or "guard" in word else SymbolKind.FUNCTION
            doc = ""
            if attributes is not None:
                self._starts[node.id], _, doc = attributes
            end = body.start_byte if body is not None else node.end_byte
            signature = self.one_line(node.start_byte, end).rstrip(", ")
            # Guards and patterns count as the function's as well.
            index = self.define(node, head.name, kind, name_node=head.node, body=node, doc=doc, signature=signature)
            self._functions[scope, head.name, head.arity] = index
        self._last[scope] = index
        self._heads[node.id] = (index, head)
        self._head_nodes.add(head.node.id)

    def _define_test(self, node: Node) -> None:
        arguments, body = parts_of(node)
        named = arguments[0] if arguments else None
        if named is not None and named.type == "string":
            name = self.source(named).strip('"')[:NAME_BYTES]
            attributes, self._attributes = self._attributes, None
            if attributes is not None:
                self._starts[node.id] = attributes[0]
            end = body.start_byte if body is not None else node.end_byte
            self.define(
                node, name, SymbolKind.FUNCTION, name_node=named, body=body, signature=self.one_line(node.start_byte, end)
            )

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, region(node, node.start_byte + len("fn"), node.end_byte))

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_call(self, node: Node) -> None:
        first = node.child_by_field_name("target")
        if first is None:
            return
        word = self.source(first) if first.end_byte - first.start_byte <= NAME_BYTES else ""
        if node.id in self._heads:
            self._parameters(*self._heads[node.id])
            if word == "defdelegate":
                self._delegate(node)
        elif word in ("alias", "import", "require", "use"):
            self._import(node, word)
        elif word == "defimpl":
            arguments, _ = parts_of(node)
            if arguments and node.id in self.function_names and (protocol := self.module_name(arguments[0])):
                line = self.lines.of(node.start_byte)
                self.refer(ReferenceKind.IMPLEMENTS, protocol, self.function_names[node.id][1], line)
        elif word not in CONTROL and node.id not in self._head_nodes:
            self._call(node)

    def _call(self, node: Node) -> None:
        parts = parts_of(node)
        target = self.target(node, parts)
        if not target or self._in_specification(node.start_byte):
            return
        scope, line = self.scopes.of(node.start_byte), self.lines.of(node.start_byte)
        self.refer(ReferenceKind.CALL, target, scope, line)
        for position, child in enumerate(parts[0], int(node.id in self.piped)):
            if child.type not in self.literals:
                self.hand_on(target, str(position), child, scope, line)

    def _in_specification(self, byte: int) -> bool:
        """Whether `byte` is in the text of a type, where nothing is called."""
        at = bisect_right(self._specifications, (byte, len(self.text) + 1)) - 1
        return at >= 0 and byte < self._specifications[at][1]

    def value(self, node: Node) -> str:
        """Only functions with their arity and modules may be read; other names are variables."""
        path = self.path(node)
        if path != UNKNOWN and node.id not in self.function_names and ("/" in path or path[0].isupper()):
            self.read(path, node)
        return path

    def use_operator(self, node: Node) -> None:
        """`disk |> save`, and `name = …`."""
        operator = node.child_by_field_name("operator")
        if operator is None or operator.type not in ("|>", "="):
            return
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        if operator.type == "=":
            if left.type == "identifier" and right.type not in self.literals and (name := self.source(left)).isidentifier():
                self.assign(name, self.value(right), *self.at(node))
        elif right.type == "identifier" and (name := self.source(right)) not in CONTROL:
            self.refer(ReferenceKind.CALL, f"{name}/1", *self.at(right))

    def use_reference(self, node: Node) -> None:
        if (path := self.path(node)) != UNKNOWN:
            self.read(path, node)

    def use_struct(self, node: Node) -> None:
        named = first_child(node)
        if name := self.module_name(named):
            self.refer(ReferenceKind.TYPE, name, *self.at(node))

    def use_attribute(self, node: Node) -> None:
        """`@behaviour Shop.Backend`."""
        operand = node.child_by_field_name("operand")
        if operand is None or self.source(first_child(operand)) != "behaviour":
            return
        arguments, _ = parts_of(operand)
        scope, line = self.at(node)
        if (name := self.module_name(arguments[0] if arguments else None)) and scope:
            self.refer(ReferenceKind.IMPLEMENTS, name, scope, line)
            self.imports.append(Import(name, "", "", 0, scope, line))

    def _parameters(self, index: int, head: Head) -> None:
        first = not any(one.scope == index and one.kind is BindingKind.PARAMETER for one in self.bindings[-64:])
        for parameter in head.parameters:
            line = self.lines.of(parameter.node.start_byte)
            if first:
                self.parameter(parameter.name, "", index, line)
            elif parameter.name != "_":
                self.make_local(parameter.name, index)
            if parameter.optional:
                self.bind(BindingKind.ASSIGNED, parameter.name, UNKNOWN, index, line)

    def use_lambda(self, node: Node) -> None:
        known = self.function_names.get(node.id)
        clause = first_child(node)
        left = clause.child_by_field_name("left") if clause is not None and clause.type == "stab_clause" else None
        if known is None or left is None:
            return
        for child in left.named_children:
            name = self.source(child) if child.type == "identifier" else "_"
            self.parameter(name, "", known[1], self.lines.of(child.start_byte))

    def _delegate(self, node: Node) -> None:
        """`defdelegate put(a, b), to: Store, as: :store` calls that."""
        index, head = self._heads[node.id]
        arguments, _ = parts_of(node)
        keywords = keywords_of(arguments)
        module = self.module_name(keyword_value(self.source, keywords, "to"))
        name = self.source(keyword_value(self.source, keywords, "as")).lstrip(":") or head.name
        if module:
            self.refer(ReferenceKind.CALL, f"{module}.{name}/{head.arity}", index, self.lines.of(node.start_byte))

    def _import(self, node: Node, word: str) -> None:
        arguments, _ = parts_of(node)
        scope, line = self.at(node)
        written = arguments[0] if arguments else None
        keywords = keywords_of(arguments)
        for module in self._modules(written):
            last = module.rpartition(".")[2]
            if word == "alias":
                local = self.source(keyword_value(self.source, keywords, "as")) or last
                self.imports.append(Import(module, "", local, 0, scope, line))
            elif word == "use":
                self.imports.append(Import(module, "__using__", "", 0, scope, line))
            elif word == "require":
                local = self.source(keyword_value(self.source, keywords, "as"))
                self.imports.append(Import(module, "", local, 0, scope, line))
            else:
                only = keyword_value(self.source, keywords, "only")
                listed = first_child(only) if only is not None and only.type == "list" else None
                pairs = listed.named_children[:_MAX_NAMES] if listed is not None and listed.type == "keywords" else []
                for pair in pairs:
                    name = self.source(pair.child_by_field_name("key")).rstrip(": \n")
                    name += "/" + self.source(pair.child_by_field_name("value"))
                    self.imports.append(Import(module, name, name, 0, scope, line))
                if not pairs:
                    self.imports.append(Import(module, "*", "", 0, scope, line))

    def _modules(self, written: Node | None) -> list[str]:
        """`Shop.Store`, or each of `Shop.{Store, Log}`."""
        if written is None or written.type != "dot":
            name = self.module_name(written)
            return [name] if name else []
        right = written.child_by_field_name("right")
        left = self.module_name(written.child_by_field_name("left"))
        if right is None or not left:
            return []
        if right.type != "tuple":
            return [f"{left}.{self.source(right)}"]
        return [f"{left}.{self.source(child)}" for child in right.named_children[:_MAX_NAMES] if child.type == "alias"]


def _grammar() -> object:
    import tree_sitter_elixir

    return tree_sitter_elixir.language()


LANGUAGES = (
    Language(
        "elixir",
        grammar=_grammar,
        extractor=lambda: ElixirExtractor,
    ),
)
