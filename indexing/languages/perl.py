"""Perl 5.

A package is a class, whose subroutines are methods where they take an invocant; `main` is the file itself. The parameters
of a subroutine are what it takes from `@_` before anything else; the invocant is none of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.model.symbol import BindingKind, Import, ReferenceKind, SymbolKind
from indexing.languages.comments import first_paragraph
from indexing.languages.language import Language
from indexing.languages.paths import UNKNOWN, first_child, is_known
from indexing.languages.perl_paths import RECEIVER, PerlPaths, called_reference, function_name, qualified
from indexing.languages.regions import region

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

_DOC_BYTES = 4_000
_MAX_STATEMENTS = 12
"""At the beginning of a subroutine, where it takes its arguments."""
_MAX_WORDS = 500
_INVOCANTS = frozenset({"$self", "$class", "$this", "$proto", "$invocant", "$pkg", "$package"})
_PRAGMAS = frozenset(
    {"strict", "warnings", "utf8", "lib", "vars", "feature", "integer", "bytes", "locale", "overload", "constant",
     "parent", "base", "fields", "mro", "open", "re", "sort", "subs", "version", "diagnostics", "bigint", "bignum",
     "encoding", "if", "less", "experimental", "filetest", "autouse", "bigrat", "blib", "deprecate", "threads",
     "vmsish", "sigtrap", "charnames"}
)  # fmt: skip
_EXTENDS = frozenset({"extends", "with"})
_NAME_SECTION = re.compile(r"^=head1\s+NAME\s+(.+?)\s*(?:\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^=.*$", re.MULTILINE)
_HERE = re.compile(rb"<<~?(?:[ \t]*+[\"'`]([^\"'`\n]*+)|\\?([A-Za-z_]\w*+))")
_PACKAGE = re.compile(r"\w+(?:::\w+)*")


class PerlExtractor(PerlPaths):
    """Reads a module or a script."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text, syntax)
        self._packages: list[int] | None = None
        self._pod: Node | None = None
        self._classes_named: set[int] = set()

    # -- definitions ----------------------------------------------------------------------------------------------

    def module_doc(self) -> str:
        at = self.text.find(b"=head1 NAME")
        found = _NAME_SECTION.match(self.text[at : at + _DOC_BYTES].decode("utf-8", "replace")) if at >= 0 else None
        return first_paragraph(found[1]) if found else super().module_doc()

    def define_pod(self, node: Node) -> None:
        self._pod = node

    def define_package(self, node: Node) -> None:
        named = node.child_by_field_name("name")
        name = self.source(named)
        if not name or name == "main":
            return
        body = next((child for child in node.named_children if child.type == "block"), None)
        if body is None:
            end = self._end_of_package(node)
            body = region(node, node.end_byte, end)
            # White space at the end is none of the package's.
            node = region(node, node.start_byte, len(self.text[:end].rstrip()))
        signature = f"package {name}"
        first = len(self.definitions) == 1
        self.define(
            node,
            name,
            SymbolKind.CLASS,
            name_node=named,
            body=body,
            signature=signature,
            doc=self.definitions[0].doc if first else "",
        )

    def _end_of_package(self, node: Node) -> int:
        """A package without a block lasts to the next, or to the end of what is around it."""
        around = node.parent
        if around is None or around.parent is not None:
            return around.end_byte if around is not None else node.end_byte
        if self._packages is None:
            ends = {"package_statement", "class_statement", "eof_marker"}
            self._packages = [child.start_byte for child in around.named_children if child.type in ends]
        start = node.start_byte
        return next((byte for byte in self._packages if byte > start), len(self.text))

    def define_sub(self, node: Node) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        text = self.source(name)
        around = self.definitions[self.scopes.around(node.start_byte)].kind
        method = node.type == "method_declaration_statement" or (body is not None and self._takes_invocant(body))
        kind = SymbolKind.METHOD if method and around is SymbolKind.CLASS else SymbolKind.FUNCTION
        self.define(node, text, kind, name_node=name, body=body, doc=self._doc_above(node))

    def _doc_above(self, node: Node) -> str:
        """The first paragraph of the documentation that ends directly above."""
        pod = self._pod
        if pod is None or pod.end_byte > node.start_byte or self.text[pod.end_byte : node.start_byte].strip():
            return ""
        text = self.text[max(pod.start_byte, pod.end_byte - _DOC_BYTES) : pod.end_byte].decode("utf-8", "replace")
        paragraphs = [
            part.strip()
            for part in _COMMAND.sub("\n", text[max(text.rfind("\n=head"), text.rfind("\n=item"), 0) :]).split("\n\n")
        ]
        return first_paragraph(next((part for part in paragraphs if part), ""))

    def _takes_invocant(self, body: Node) -> bool:
        start = body.start_byte
        return any(name.encode() in self.text[start : start + 160] for name in ("$self", "$class", "$this", "shift->"))

    def define_lambda(self, node: Node) -> None:
        self.define_lambda_function(node, node.child_by_field_name("body"))

    def define_variable(self, node: Node) -> None:
        if self.text[node.start_byte : node.start_byte + 5] == b"local":
            return
        variables = [*node.children_by_field_name("variable"), *node.children_by_field_name("variables")]
        outer = node.parent if node.parent is not None and node.parent.type == "assignment_expression" else node
        for variable in variables:
            self.define_once(outer, self.source(variable), SymbolKind.VARIABLE, variable)

    def define_constants(self, node: Node) -> None:
        """`use constant NAME => …` and `use constant { NAME => …, … }`."""
        if self.source(node.child_by_field_name("module")) != "constant":
            return
        for child in node.named_children:
            table = child.type == "anonymous_hash_expression"
            inner = first_child(child) if table else child
            if inner is None:
                continue
            items = inner.named_children if inner.type == "list_expression" else [inner]
            for key in items[:: 2 if table else max(1, len(items))][:_MAX_WORDS]:
                if (
                    key.type in ("autoquoted_bareword", "string_literal")
                    and (name := self.source(key).strip("'")).isidentifier()
                ):
                    self.define_once(key if table else node, name, SymbolKind.CONSTANT, key)

    # -- imports and ancestors ------------------------------------------------------------------------------------

    def use_use(self, node: Node) -> None:
        module = self.source(node.child_by_field_name("module"))
        scope, line = self.at(node)
        if not module or self.text[node.start_byte : node.start_byte + 2] == b"no":
            return
        listed = [child for child in node.named_children if child.type not in ("package", "version")]
        if module in ("parent", "base"):
            for name in self._words(listed):
                self._inherit(name, scope, line)
            return
        if module in _PRAGMAS or (module[0].islower() and module[1:].isdigit()):
            return
        names = [word.removeprefix("&") for word in self._words(listed)]
        functions = [word for word in names if word.isidentifier()]
        if not listed or any(word.startswith(":") for word in names):
            self.imports.append(Import(module, "*", "", 0, scope, line))
        elif not functions:
            self.imports.append(Import(module, "", "", 0, scope, line))
        for name in functions:
            self.imports.append(Import(module, name, name, 0, scope, line))

    def _words(self, nodes: list[Node]) -> list[str]:
        """The words of `'A', "B"`, `qw(A B)` and lists of them."""
        found: list[str] = []
        waiting = list(reversed(nodes))
        while waiting and len(found) < _MAX_WORDS:
            node = waiting.pop()
            if node.type in ("list_expression", "parenthesized_expression"):
                waiting += reversed(node.named_children)
            elif (content := node.child_by_field_name("content")) is not None:
                found += self.source(content).split()[:_MAX_WORDS]
        return found

    def _inherit(self, name: str, scope: int, line: int) -> None:
        if _PACKAGE.fullmatch(name) and self.definitions[scope].kind is SymbolKind.CLASS:
            self.refer(ReferenceKind.INHERITS, f"{name}::", scope, line)
            self.imports.append(Import(name, "", "", 0, scope, line))

    def use_require(self, node: Node) -> None:
        child = first_child(node)
        scope, line = self.at(node)
        if child is not None and child.type == "bareword":
            self.imports.append(Import(self.source(child), "", "", 0, scope, line))
            return
        content = child.child_by_field_name("content") if child is not None else None
        if content is not None and first_child(content) is None:
            self.imports.append(Import(self.source(content), "*", "", 0, scope, line))

    # -- parameters -----------------------------------------------------------------------------------------------

    def use_sub(self, node: Node) -> None:
        known, body = self.function_names.get(node.id), node.child_by_field_name("body")
        if known is None or body is None:
            return
        scope = known[1]
        signature = next((child for child in node.named_children if child.type == "signature"), None)
        taken: list[tuple[str, Node]] = []
        if signature is not None:
            for parameter in signature.named_children:
                if (variable := first_child(parameter)) is not None:
                    taken.append((self.source(variable), variable))
        else:
            for statement in body.named_children[:_MAX_STATEMENTS]:
                inner = first_child(statement) if statement.type == "expression_statement" else None
                if inner is not None and inner.type == "assignment_expression":
                    taken += self._taken(inner)
        for position, (name, variable) in enumerate(taken):
            line = self.lines.of(variable.start_byte)
            if position == 0 and name in _INVOCANTS:
                if name != RECEIVER:
                    self.make_local(name, scope)
                    self.bind(BindingKind.ASSIGNED, name, RECEIVER, scope, line)
            elif name[0] == "$":
                self.parameter(name, "", scope, line)
            else:
                self.parameter(f"*{name}", "", scope, line)

    def _taken(self, assignment: Node) -> list[tuple[str, Node]]:
        """What an assignment takes from `@_`: `my ($a, $b) = @_`, `my $a = shift`."""
        left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
        if left is None or right is None or left.type != "variable_declaration":
            return []
        told = self.source(right) if right.end_byte - right.start_byte < 12 else ""
        if told not in ("@_", "shift", "shift @_", "shift()", "shift(@_)", "$_[0]"):
            return []
        names = [*left.children_by_field_name("variable"), *left.children_by_field_name("variables")]
        return [(self.source(name), name) for name in names]

    # -- calls ----------------------------------------------------------------------------------------------------

    def use_call(self, node: Node) -> None:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or node.id in self._classes_named:
            return
        scope, line = self.scopes.of(node.start_byte), self.lines.of(function.start_byte)
        name = function_name(self, function)
        if not name:
            inner = called_reference(function)
            target = self.path(inner) if inner is not None else UNKNOWN
        elif name == "new" and arguments is not None and arguments.type in ("function_call_expression", "bareword"):
            self._new(arguments, scope, line)
            return
        else:
            target = qualified(name)
        if name in _EXTENDS and arguments is not None and self.definitions[scope].kind is SymbolKind.CLASS:
            for word in self._words([arguments]):
                self._inherit(word, scope, line)
        self.refer(ReferenceKind.CALL, target, scope, line)
        self._arguments(target, arguments, scope, line)

    def _new(self, written: Node, scope: int, line: int) -> None:
        """`new Shop::Disk(1)` is `Shop::Disk->new(1)`."""
        called = written.type == "function_call_expression"
        self._classes_named.add(written.id)
        name = self.source(written.child_by_field_name("function") if called else written)
        if _PACKAGE.fullmatch(name):
            self.refer(ReferenceKind.CALL, f"{name}.new", scope, line)
            self._arguments(f"{name}.new", written.child_by_field_name("arguments") if called else None, scope, line)

    def use_method(self, node: Node) -> None:
        path = self.path(node)
        method = node.child_by_field_name("method")
        if path == UNKNOWN or method is None:
            return
        target = path.removesuffix("()")
        scope, line = self.scopes.of(node.start_byte), self.lines.of(method.start_byte)
        self.refer(ReferenceKind.CALL, target, scope, line)
        self._arguments(target, node.child_by_field_name("arguments"), scope, line)

    def use_coderef(self, node: Node) -> None:
        held = first_child(node)
        target = self.path(held)
        scope, line = self.scopes.of(node.start_byte), self.lines.of(node.start_byte)
        self.refer(ReferenceKind.CALL, target, scope, line)
        self._arguments(target, node.child_by_field_name("arguments"), scope, line)

    def use_bareword(self, node: Node) -> None:
        name = self.source(node)
        if _PACKAGE.fullmatch(name) and name.upper() != name:
            self.refer(ReferenceKind.CALL, qualified(name), *self.at(node))

    def _arguments(self, target: str, arguments: Node | None, scope: int, line: int) -> None:
        if arguments is None or target == UNKNOWN:
            return
        listed = arguments.named_children if arguments.type == "list_expression" else [arguments]
        position = 0
        for child in listed:
            if child.type == "comment":
                continue
            if child.type not in self.literals:
                self.hand_on(target, "*" if child.type in ("array", "hash") else str(position), child, scope, line)
            position += 1

    def use_reference(self, node: Node) -> None:
        path = self.path(node)
        if path != UNKNOWN:
            self.read(path, node)

    # -- values ---------------------------------------------------------------------------------------------------

    def value(self, node: Node) -> str:
        path = self.path(node)
        if path != UNKNOWN and node.type == "refgen_expression":
            self.read(path, node)
        return path

    def use_assignment(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or (right.type in self.literals and self.source(left)[-4:] != "@ISA"):
            return
        if left.type == "variable_declaration" and (len(left.named_children) > 1 or self._taken(node)):
            return
        scope, line = self.at(node)
        name = self.path(left)
        if name == "@ISA":
            for word in self._words([right]):
                self._inherit(word, scope, line)
            return
        if left.type == "glob" and self.source(left)[1:].isidentifier():  # *alias = \&run
            name = self.source(left)[1:]
        value = self.value(right)
        if is_known(name) and value not in (UNKNOWN, name):
            if left.type == "variable_declaration":
                self.make_local(name, scope)
            self.bind(BindingKind.ASSIGNED, name, value, scope, line)

    def use_for(self, node: Node) -> None:
        variable, listed = node.child_by_field_name("variable"), node.child_by_field_name("list")
        if variable is None or listed is None or listed.type in self.literals:
            return
        scope, line = self.at(node)
        name, path = self.path(variable), self.value(listed)
        if is_known(name) and path != UNKNOWN:
            self.bind(BindingKind.ASSIGNED, name, f"{path}[]", scope, line)

    def use_return(self, node: Node) -> None:
        value = first_child(node)
        if value is not None and value.type not in self.literals and (path := self.value(value)) != UNKNOWN:
            self.bind(BindingKind.RETURNED, "", path, *self.at(node))


def _grammar() -> object:
    import tree_sitter_perl

    return tree_sitter_perl.language()


def mask_open_text(text: bytes) -> bytes:
    """The text with a line end for its last character where it ends within a text that `<<NAME` opens: the scanner of the
    grammar never comes to the end of such a line (tree-sitter-perl 2.0)."""
    if text.endswith(b"\n") or b"<<" not in text:
        return text
    opened: set[bytes] = set()
    for line in text.split(b"\n"):
        opened.discard(line.strip())
        opened.update((found[1] or found[2] or b"").strip() for found in _HERE.finditer(line))
    if not opened:
        return text
    last = len(text) - 1
    while last > 0 and text[last] & 0xC0 == 0x80:
        last -= 1
    return text[:last].ljust(len(text) - 1) + b"\n"


LANGUAGES = (
    Language(
        "perl",
        grammar=_grammar,
        extractor=lambda: PerlExtractor,
        mask=mask_open_text,
    ),
)
