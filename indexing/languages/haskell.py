"""Haskell.

All clauses of a function are one definition, which begins with its type. Applying a function is calling it, and so is
composing it with others (`f . g`, `f <$> x`) or making it the whole of a body; any other mention of a name that is
not bound around it is a read. Type classes are interfaces, instances classes that implement them. An import that
hides names has `hiding a b` as its `local`, one of all that a type holds the `name` `Disk(..)`; `module M` in the
list of exports is an import of everything as `exports`, and the export of a name that the file does not define itself
binds `exports.name`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph
from indexing.languages.extractor import Extractor
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, Entries, PathReader, Step, first_child

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_NAME_BYTES = 200
_MAX_NAMES = 500
_MAX_PATTERN = 4_000
_VARIABLE = re.compile(r"(?<![\w'.])[a-z_][\w']*")
_NAME = re.compile(r"(?:[A-Z][\w']*\.)*[A-Za-z_][\w']*#?")
_OPERATOR = re.compile(r"[^\w\s.\[\]()?'\"`,;]+")
_DOC_SIGNS = re.compile(r"^\s*(?:\{-+\s*[|^]?|-{2,}\s*[|^]?|-\})|-\}\s*$", re.MULTILINE)
_DOC_FIELDS = re.compile(
    r"^\s*(?:Module|Copyright|License|Maintainer|Stability|Portability|SPDX\S*|Description)\s*:.*$", re.MULTILINE
)
_DESCRIPTION = re.compile(r"^\s*Description\s*:\s*(\S.*)$", re.MULTILINE)
_COMPOSING = frozenset(
    {"$", "$!", ".", "<$>", "<$", "$>", "<&>", "&", "=<<", ">>=", ">>", "<*>", "*>", "<*", "<|>", ">=>", "<=<", "&&&", "***"}
)
"""Operators whose operands are functions or actions that run."""
_PLAIN_OPERATORS = _COMPOSING | frozenset(
    "+ - * / ^ ^^ ** == /= < > <= >= && || ++ <> : !! ! =~ .. % // <=> .&. .|.".split()  # noqa: SIM905
)
_MENTIONED = frozenset({"variable", "qualified"})
_NAMED = _MENTIONED | {"constructor"}
_TYPES = frozenset({SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})


class HaskellExtractor(Extractor):
    """Reads a module."""

    comment_types = frozenset({"comment", "haddock"})
    steps: ClassVar[Mapping[str, Step]] = {
        "variable": lambda reader, node: (None, _written(reader, node)),
        "constructor": lambda reader, node: (None, _written(reader, node)),
        "qualified": lambda reader, node: (None, _written(reader, node)),
    }
    values: ClassVar[Mapping[str, Entries]] = {}
    containers = frozenset[str]()
    literals = frozenset({"literal", "comment", "haddock"})
    constants = frozenset({"otherwise", "undefined"})

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._functions: dict[tuple[int, str], int] = {}
        self._signatures: dict[tuple[int, str], tuple[int, int, str]] = {}
        self._last: dict[int, int] = {}
        self._last_signature: dict[int, int] = {}
        self._exports: list[tuple[str, int]] = []
        self._pattern_end = 0
        self._heads: set[int] = set()
        self._mentions: dict[tuple[ReferenceKind, str, int, int], None] = {}

    # -- definitions ----------------------------------------------------------------------------------------------

    def module_doc(self) -> str:
        for child in self._syntax.root.named_children[:10]:
            if child.type in ("haddock", "comment"):
                start, end = child.byte_range
                text = _DOC_SIGNS.sub("", self.text[start : min(end, start + _MAX_PATTERN)].decode("utf-8", "replace"))
                if "|" in self.text[start : start + 6].decode("utf-8", "replace") or child.type == "haddock":
                    told = _DESCRIPTION.search(text)
                    return first_paragraph(_DOC_FIELDS.sub("", text)) or (told[1].strip() if told else "")
            elif child.type not in ("pragma", "cpp"):
                break
        return ""

    def define_header(self, node: Node) -> None:
        named = node.child_by_field_name("module")
        self.module_signature(f"module {self.source(named)}")
        exports = node.child_by_field_name("exports")
        for export in exports.named_children[:_MAX_NAMES] if exports is not None else ():
            line = self.lines.of(export.start_byte)
            if export.type == "module_export":
                self.imports.append(Import(self.source(export.child_by_field_name("module")), "*", "exports", 0, 0, line))
            elif (variable := export.child_by_field_name("variable") or export.child_by_field_name("type")) is not None:
                self._exports.append((self.source(variable), line))

    def define_signature(self, node: Node) -> None:
        scope = self.scopes.around(node.start_byte)
        names = _names_of(node)
        text = self.one_line(node.start_byte, node.end_byte)
        for name in names:
            word = self.source(name).strip("() ")
            if self.definitions[scope].kind is SymbolKind.INTERFACE:
                index = self.define(node, word, SymbolKind.METHOD, name_node=name, signature=text)
                self._functions[scope, word] = self._last[scope] = index
            else:
                self._signatures[scope, word] = (node.start_byte, node.end_byte, text)
        self._last_signature[scope] = node.start_byte

    def define_function(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is None:  # x <+> y = …
            infix = next((child for child in node.named_children if child.type == "infix"), None)
            self._heads.add(infix.id if infix is not None else 0)
            name = infix.child_by_field_name("operator") if infix is not None else None
        self._define(node, name)

    def define_bind(self, node: Node) -> None:
        if self.definitions[self.scopes.around(node.start_byte)].kind in (SymbolKind.FUNCTION, SymbolKind.METHOD):
            return  # a variable of a function
        self._define(node, node.child_by_field_name("name"))

    def _define(self, node: Node, name: Node | None) -> None:
        text = self.source(name).strip("() `") if name is not None and name.end_byte - name.start_byte <= _NAME_BYTES else ""
        if not text:
            return
        scope = self.scopes.around(node.start_byte)
        index = self._functions.get((scope, text))
        around = self.definitions[scope].kind
        if index is not None and (around is not SymbolKind.CLASS or self._last.get(scope) == index):
            if self._last.get(scope) == index or around is SymbolKind.INTERFACE:
                span = self.definitions[index].span
                self.definitions[index] = replace(self.definitions[index], span=self.lines.span(span.start, node.end_byte))
                self._bodies[index] = True
            self.scopes.open(node.start_byte, node.end_byte, index)
            return
        start, end, signature = self._signatures.get((scope, text), (0, 0, ""))
        if signature and self._last_signature.get(scope) == start:
            self._starts[node.id] = start
        kind = SymbolKind.METHOD if around in (SymbolKind.CLASS, SymbolKind.INTERFACE) else SymbolKind.FUNCTION
        match = node.child_by_field_name("match")
        value = match.child_by_field_name("expression") if match is not None else None
        if kind is SymbolKind.FUNCTION and node.type == "bind" and value is not None and value.type == "literal":
            kind = SymbolKind.CONSTANT
        head = match.start_byte if match is not None else node.end_byte
        index = self.define(node, text, kind, name_node=name, body=node, signature=signature or self._head(node, head))
        if signature:
            self.scopes.open(start, end, index)
        self._functions[scope, text] = self._last[scope] = index

    def _head(self, node: Node, end: int) -> str:
        return self.one_line(node.start_byte, end).rstrip("=| ")

    def define_foreign(self, node: Node) -> None:
        signature = node.child_by_field_name("signature")
        for name in _names_of(signature)[:1] if signature is not None else ():
            self.define(node, self.source(name), SymbolKind.FUNCTION, name_node=name)

    def define_data(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        constructors = node.child_by_field_name("constructors")
        listed = constructors.named_children if constructors is not None else []
        plain = len(listed) > 1 and all(self._is_plain(one) for one in listed)
        end = listed[0].start_byte if listed else node.end_byte
        signature = self.one_line(node.start_byte, end).removesuffix(" where").rstrip("= ")
        kind = SymbolKind.ENUM if plain else SymbolKind.STRUCT
        self.define(node, self.source(name), kind, name_node=name, body=node, signature=signature)

    def _is_plain(self, constructor: Node) -> bool:
        inner = constructor.child_by_field_name("constructor")
        return inner is not None and inner.type == "prefix" and len(inner.named_children) == 1

    def define_type(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        self.define(
            node, self.source(name), SymbolKind.TYPE, name_node=name, body=node, signature=self._head(node, node.end_byte)
        )

    def define_class(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("declarations")
        self._define_body(node, self.source(name), SymbolKind.INTERFACE, name, body)

    def define_instance(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("declarations")
        patterns = node.child_by_field_name("patterns")
        end = patterns.end_byte if patterns is not None else node.end_byte
        if name is not None:
            written = self.one_line(name.start_byte, end)[:_NAME_BYTES].replace(".", " ")
            self._define_body(node, written, SymbolKind.CLASS, name, body)

    def _define_body(self, node: Node, name: str, kind: SymbolKind, name_node: Node | None, body: Node | None) -> None:
        end = body.start_byte if body is not None else node.end_byte
        signature = self.one_line(node.start_byte, end).removesuffix(" where")
        self.define(node, name, kind, name_node=name_node, body=node, signature=signature)

    def define_constructor(self, node: Node) -> None:
        if self.definitions[self.scopes.around(node.start_byte)].kind not in _TYPES:
            return
        inner = node.child_by_field_name("constructor") or node
        name = inner.child_by_field_name("name") or inner.child_by_field_name("operator")
        if name is not None:
            plain = inner.type == "prefix" and len(inner.named_children) == 1
            self.define_once(
                node, self.source(name).strip("() "), SymbolKind.CONSTANT if plain else SymbolKind.CONSTRUCTOR, name
            )

    def define_field(self, node: Node) -> None:
        if self.definitions[self.scopes.around(node.start_byte)].kind in _TYPES:
            for name in node.children_by_field_name("name"):
                self.define_once(node, self.source(name), SymbolKind.FIELD, name)

    # -- imports --------------------------------------------------------------------------------------------------

    def use_import(self, node: Node) -> None:
        module, alias = self.source(node.child_by_field_name("module")), self.source(node.child_by_field_name("alias"))
        line = self.lines.of(node.start_byte)
        words = {child.type for child in node.children}
        listed = node.child_by_field_name("names")
        names = listed.children_by_field_name("name")[:_MAX_NAMES] if listed is not None else []
        if alias or "qualified" in words:
            local = alias if "." not in alias else ""
            self.imports.append(Import(module, "", local, 0, 0, line))
        if "qualified" in words:
            return
        if listed is None or "hiding" in words:
            hidden = " ".join(self.source(name).strip("() ") for name in names)
            self.imports.append(Import(module, "*", f"hiding {hidden}" if hidden else "", 0, 0, line))
            return
        for name in names:
            line = self.lines.of(name.start_byte)
            inner = name.child_by_field_name("variable") or name.child_by_field_name("type") or first_child(name)
            children = name.child_by_field_name("children")
            word, below = self.source(inner).strip("() "), self.source(children)
            for one in [word, *_NAME.findall(below)] if children is not None else [word]:
                if one:
                    self.imports.append(Import(module, one, one, 0, 0, line))
            if ".." in below:
                self.imports.append(Import(module, f"{word}(..)", "", 0, 0, line))
        if not names:  # instances alone
            self.imports.append(Import(module, "", "", 0, 0, line))

    # -- uses -----------------------------------------------------------------------------------------------------

    def use_pattern(self, node: Node) -> None:
        start, end = node.byte_range
        if end <= self._pattern_end:
            return
        self._pattern_end = end
        scope = self.scopes.of(start)
        for name in _VARIABLE.findall(self.text[start : min(end, start + _MAX_PATTERN)].decode("utf-8", "replace")):
            self.make_local(name, scope)

    def use_local(self, node: Node) -> None:
        self.make_local(self.source(node), self.scopes.of(node.start_byte))

    def use_called(self, node: Node) -> None:
        self._mention(ReferenceKind.CALL, node)

    def use_named(self, node: Node) -> None:
        self._mention(ReferenceKind.READ, node)

    def use_apply(self, node: Node) -> None:
        if node.start_byte < self._pattern_end:
            return
        function, argument = node.child_by_field_name("function"), node.child_by_field_name("argument")
        if function is not None and function.type in _NAMED:
            self._mention(ReferenceKind.CALL, function)
        if argument is not None and argument.type in _MENTIONED:
            self._mention(ReferenceKind.READ, argument)

    def use_parens(self, node: Node) -> None:
        inner = node.child_by_field_name("expression")
        if inner is not None and inner.type in _MENTIONED:
            self._mention(ReferenceKind.READ, inner)

    def use_lambda(self, node: Node) -> None:
        body = node.child_by_field_name("expression")
        if body is not None and body.type in _MENTIONED:
            self._mention(ReferenceKind.CALL, body)

    def use_infix(self, node: Node) -> None:
        operator = node.child_by_field_name("operator")
        if operator is None or node.start_byte < self._pattern_end or node.id in self._heads:
            return
        word = self.source(operator).strip("`")
        if operator.type == "infix_id" or (word not in _PLAIN_OPERATORS and _OPERATOR.fullmatch(word)):
            self._add(ReferenceKind.CALL, word, operator)
        kind = ReferenceKind.CALL if word in _COMPOSING else ReferenceKind.READ
        for side in (node.child_by_field_name("left_operand"), node.child_by_field_name("right_operand")):
            if side is not None and side.type in ("variable", "qualified"):
                argument = word in ("$", "$!", "&") and side.start_byte > operator.start_byte
                self._mention(ReferenceKind.READ if argument else kind, side)

    def _mention(self, kind: ReferenceKind, node: Node) -> None:
        if node.start_byte >= self._pattern_end and node.end_byte - node.start_byte <= _NAME_BYTES:
            self._add(kind, self.source(node), node)

    def _add(self, kind: ReferenceKind, name: str, node: Node) -> None:
        if name not in self.constants:
            scope, line = self.at(node)
            self._mentions[kind, name, scope, line] = None

    def use_type(self, node: Node) -> None:
        if node.end_byte - node.start_byte <= _NAME_BYTES:
            scope, line = self.at(node)
            definition = self.definitions[scope]
            name = self.source(node)
            if definition.kind is SymbolKind.CLASS and definition.name.startswith(name):
                return  # the class that an instance is of
            if name != definition.name:
                self._mentions[ReferenceKind.TYPE, name, scope, line] = None

    def use_signature(self, node: Node) -> None:
        """A type, whose variables are none of the program's."""
        self._pattern_end = max(self._pattern_end, node.end_byte)

    def finish(self) -> None:
        for index, definition in enumerate(self.definitions):
            if definition.doc[:1] in ("|", "^"):
                self.definitions[index] = replace(definition, doc=definition.doc[1:].strip())
        seen_types: set[tuple[str, int]] = set()
        called = {(name, scope, line) for kind, name, scope, line in self._mentions if kind is ReferenceKind.CALL}
        for kind, name, scope, line in self._mentions:
            if kind is ReferenceKind.TYPE:
                if (name, scope) not in seen_types:
                    seen_types.add((name, scope))
                    self.refer(kind, name, scope, line)
            elif not self._is_local(name, scope) and not (kind is ReferenceKind.READ and (name, scope, line) in called):
                self.refer(kind, name, scope, line)
        for index, definition in enumerate(self.definitions):
            if definition.kind is SymbolKind.CLASS:
                self.refer(ReferenceKind.IMPLEMENTS, definition.name.partition(" ")[0], index, definition.name_line)
        own = {definition.name for definition in self.definitions}
        for name, line in self._exports:
            if name not in own and _NAME.fullmatch(name):
                self.bind(BindingKind.ASSIGNED, f"exports.{name}", name, 0, line)


def _written(reader: PathReader, node: Node) -> str:
    return reader.source(node) or UNKNOWN


def _names_of(signature: Node) -> list[Node]:
    """The names that a type is given to: `a, b :: Int`."""
    name = signature.child_by_field_name("name")
    if name is not None:
        return [name]
    listed = signature.child_by_field_name("names")
    return listed.children_by_field_name("name")[:_MAX_NAMES] if listed is not None else []


def _grammar() -> object:
    import tree_sitter_haskell

    return tree_sitter_haskell.language()


LANGUAGES = (
    Language(
        "haskell",
        grammar=_grammar,
        extractor=lambda: HaskellExtractor,
    ),
)
