"""From a syntax tree to facts: what every language shares.

The queries of a language pick the nodes, its extractor says what they mean: the capture `@define.class` calls
`define_class(node)`, `@use.call` calls `use_call(node)`. Definitions come first, in the order of the text, so that every
use can be put into its scope and a lambda has its name before anything hands it on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from core.model.symbol import (
    Binding,
    BindingKind,
    Definition,
    Facts,
    Import,
    Reference,
    ReferenceKind,
    SymbolKind,
)
from indexing.kinds import ARGUMENT, ASSIGNED, FIELD, LAMBDA, MODULE, PARAMETER, READ
from indexing.languages.comments import Comments, first_paragraph
from indexing.languages.lines import Lines
from indexing.languages.paths import UNKNOWN, PathReader, is_known
from indexing.languages.records import new_binding, new_definition, new_reference, new_span
from indexing.languages.scopes import Scopes
from indexing.languages.versions import Versions

if TYPE_CHECKING:
    from tree_sitter import Node

    from indexing.languages.grammar import Syntax

SIGNATURE_CHARACTERS = 300
MAX_NESTING = 40
"""Deeper definitions belong to the one around them: names would grow with the square of the depth."""

_LOCAL_KINDS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.LAMBDA})
_RECEIVERS = frozenset({"self", "cls", "this", "super"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """The facts of a file; `leads[i]` is the byte at which definition `i` begins together with the comments above it,
    `bodies[i]` whether it has a body of its own (a prototype and a variable have none). `remarks` are the comments that
    stand by themselves, as bytes `[start, end)` of whole lines."""

    facts: Facts
    leads: tuple[int, ...]
    bodies: tuple[bool, ...]
    remarks: tuple[tuple[int, int], ...] = ()


class Extractor(PathReader):
    """Reads one file. A subclass adds the methods its queries name; nothing of it outlives the file."""

    comment_types: ClassVar[frozenset[str]] = frozenset({"comment"})
    spreads: ClassVar[frozenset[str]] = frozenset()
    """Nodes of arguments that stand for many."""

    def __init__(self, text: bytes, syntax: Syntax) -> None:
        super().__init__(text)
        self.lines = Lines(text)
        self.scopes = Scopes()
        self.definitions: list[Definition] = []
        self.references: list[Reference] = []
        self.imports: list[Import] = []
        self.bindings: list[Binding] = []
        self._syntax = syntax
        self._leads: list[int] = []
        self._bodies: list[bool] = []
        self._depths: list[int] = []
        self._lambdas: dict[int, int] = {}
        self._starts: dict[int, int] = {}
        self._reads: list[tuple[str, int]] = []
        self._locals: dict[int, set[str]] = {}
        self._names: set[tuple[int, str]] = set()
        self._anew: dict[tuple[int, str], list[Node]] = {}
        self._name_bytes: list[tuple[int, int]] = []
        self.comments = Comments(text, self.lines, ())

    # -- the way through the file ---------------------------------------------------------------------------------

    def analyse(self) -> Analysis:
        """The facts of the file."""
        found, uses = self._syntax.captures_of_two("definitions", "uses")
        self.comments = Comments(self.text, self.lines, [node for capture, node in found if capture == "comment"])
        self.definitions.append(Definition("", "", MODULE, self.lines.span(0, len(self.text)), 1, -1, "", self.module_doc()))
        self._leads.append(0)
        self._bodies.append(True)
        self._depths.append(0)
        # Kept here, since an attribute would make a circle that only the garbage collector could undo.
        methods: dict[str, Callable[[Node], None]] = {
            capture: getattr(self, capture.replace(".", "_"))
            for capture in {capture for captures in (found, uses) for capture, _ in captures} - {"comment"}
        }
        named = [
            (node.start_byte, -node.end_byte, order, node)
            for order, (capture, node) in enumerate(found)
            if capture != "comment"
        ]
        for _, _, order, node in sorted(named):
            methods[found[order][0]](node)
        self.scopes.close()
        for capture, node in uses:
            methods[capture](node)
        self.finish()
        return Analysis(self._facts(), tuple(self._leads), tuple(self._bodies), self.comments.remarks())

    def module_doc(self) -> str:
        """What the file says of itself, in one paragraph."""
        return first_paragraph(self.comments.head())

    def module_signature(self, signature: str) -> None:
        """The module says of itself which package it belongs to."""
        self.definitions[0] = replace(self.definitions[0], signature=signature)

    def finish(self) -> None:
        """What only the whole file tells; for a subclass to fill."""

    def _facts(self) -> Facts:
        line, line_of, scope_of = attrgetter("line"), self.lines.of, self.scopes.of
        reads = dict.fromkeys([(path, scope_of(byte), line_of(byte)) for path, byte in self._reads])
        known: dict[tuple[str, int], bool] = {}
        for path, scope, at in reads:
            base, dot, _ = path.partition(".")
            local = False if dot and base in _RECEIVERS else known.get((base, scope))
            if local is None:
                local = known[base, scope] = self._is_local(base, scope)
            if not local:
                self.references.append(new_reference(READ, path, scope, at))
        self._tell_versions_apart()
        return Facts(
            tuple(self.definitions),
            tuple(sorted(self.references, key=line)),
            tuple(sorted(self.imports, key=line)),
            tuple(sorted(self.bindings, key=line)),
        )

    def assigns_anew(self, name: str, scope: int, node: Node) -> None:
        """The statement `node` gives the variable `name` another value."""
        if name.isidentifier():
            self._anew.setdefault((scope, name), []).append(node)

    def is_plain_statement(self, node: Node) -> bool:
        """Whether the assignment `node` stands in no branch or loop of its scope; for a subclass that tells of any."""
        return False

    def _tell_versions_apart(self) -> None:
        parameters = {(item.scope, item.name) for item in self.bindings if item.kind is PARAMETER}
        assigned = [
            (scope, name, self.lines.of(node.start_byte), self.lines.of(node.end_byte - 1))
            for (scope, name), nodes in self._anew.items()
            if len(nodes) > 1 or (scope, name) in parameters
            for node in nodes
            if self.is_plain_statement(node)
        ]
        versions = Versions(self.definitions, assigned)
        if assigned and versions.choose(self.references, self.bindings):
            self.references = [versions.reference(item) for item in self.references]
            self.bindings = [*map(versions.binding, self.bindings), *versions.merges()]

    def _is_local(self, base: str, scope: int) -> bool:
        """Whether `base` is a parameter or local variable of the functions around `scope`."""
        while scope > 0:
            definition = self.definitions[scope]
            if base in self._locals.get(scope, ()) and definition.kind in _LOCAL_KINDS:
                return True
            scope = definition.parent
        return False

    # -- definitions ----------------------------------------------------------------------------------------------

    def define(
        self,
        node: Node,
        name: str,
        kind: SymbolKind,
        *,
        name_node: Node | None = None,
        body: Node | None = None,
        prefix: str = "",
        doc: str = "",
        signature: str = "",
    ) -> int:
        """Adds the definition `name` that `node` writes, and returns its index.

        `body` is the region its names count in, `prefix` a path of names between the scope and it (`Type`), `signature`
        is given when it is not what comes before the body. Where definitions are nested too deeply, or a text with errors
        has none where a name belongs, nothing is added: what is within belongs to the definition around, whose index it is.
        """
        start, end = node.byte_range
        scope = self.scopes.around(start)
        if not name or self._depths[scope] >= MAX_NESTING:
            self.function_names[node.id] = (UNKNOWN, scope)
            return scope
        start = self._starts.get(node.id, start)
        outer = self.definitions[scope].nesting
        nesting = f"{prefix}.{name}" if prefix else name
        nesting = f"{outer}.{nesting}" if outer else nesting
        line_of = self.lines.of
        first = line_of(start)
        line_start = self.lines.starts[first - 1]
        begins_line = line_start == start or not self.text[line_start:start].strip()
        lead, words = self.comments.above(first) if begins_line else (first, "")
        if not signature:
            right = body.start_byte if body is not None else end
            signature = self.one_line(node.start_byte, right, first_only=body is None)
        index = len(self.definitions)
        name_byte = name_node.start_byte if name_node is not None else node.start_byte
        self._name_bytes.append((name_byte, index))
        span = new_span(start, end, first, line_of(end - 1 if end > start else start))
        doc = (first_paragraph(doc) if doc else "") or (first_paragraph(words) if words else "")
        self.definitions.append(new_definition(name, nesting, kind, span, line_of(name_byte), scope, signature, doc))
        self._leads.append(self.lines.start(lead) if lead < first else start)
        self._bodies.append(body is not None)
        self._depths.append(self._depths[scope] + 1)
        self.function_names[node.id] = (f"{prefix}.{name}" if prefix else name, index)
        if body is not None:
            self.scopes.open(body.start_byte, body.end_byte, index)
        return index

    def define_once(
        self, node: Node, name: str, kind: SymbolKind, name_node: Node | None = None, signature: str = ""
    ) -> None:
        """Adds a variable, constant or field unless its scope has it already."""
        scope = self.scopes.around(node.start_byte)
        if (scope, name) not in self._names:
            self._names.add((scope, name))
            self.define(node, name, kind, name_node=name_node, signature=signature)

    def define_lambda_function(self, node: Node, body: Node | None) -> int:
        """Adds a function without a name: `<lambdaN>`, counted through its scope."""
        scope = self.scopes.around(node.start_byte)
        number = self._lambdas.get(scope, 0) + 1
        self._lambdas[scope] = number
        return self.define(node, f"<lambda{number}>", LAMBDA, body=body)

    def define_later_field(self, owner: int, name: str, node: Node) -> None:
        """Adds the field `name` of class `owner`, which `node`, an assignment in a method, shows."""
        if (owner, name) in self._names or self._depths[owner] >= MAX_NESTING:
            return
        self._names.add((owner, name))
        start, end = node.byte_range
        span = self.lines.span(start, end)
        nesting = f"{self.definitions[owner].nesting}.{name}"
        signature = self.one_line(start, end, first_only=True)
        self.definitions.append(new_definition(name, nesting, FIELD, span, span.start_line, owner, signature, ""))
        self._leads.append(start)
        self._bodies.append(False)
        self._depths.append(self._depths[owner] + 1)

    def move(self, index: int, owner: int) -> None:
        """The definition `index` belongs to `owner`, wherever it is written; nothing can belong to what lies within it."""
        around = owner
        while around > 0 and around != index:
            around = self.definitions[around].parent
        if around != index:
            self.definitions[index] = replace(self.definitions[index], parent=owner)

    def named_after(self, byte: int) -> int:
        """The definition whose name is the next from `byte` on; 0 when there is none."""
        at = bisect_left(self._name_bytes, (byte, 0))
        return self._name_bytes[at][1] if at < len(self._name_bytes) else 0

    def starts_at(self, inner: Node, outer: Node) -> None:
        """The definition `inner` begins where `outer` does, with its decorators, `export` or keyword."""
        self._starts[inner.id] = self._starts.get(outer.id, outer.start_byte)

    def start_of(self, node: Node) -> int:
        """The byte at which the definition `node` begins."""
        return self._starts.get(node.id, node.start_byte)

    def one_line(self, start: int, end: int, *, first_only: bool = False) -> str:
        """The text in one line, without what opens a body, cut to the length of a signature."""
        raw = self.text[start : min(end, start + 4 * SIGNATURE_CHARACTERS)]
        if first_only:
            raw = raw.partition(b"\n")[0]
        return " ".join(raw.decode("utf-8", "replace").split()).rstrip(" {:=;")[:SIGNATURE_CHARACTERS]

    # -- uses -----------------------------------------------------------------------------------------------------

    def at(self, node: Node) -> tuple[int, int]:
        """The scope and line of `node`."""
        start = node.start_byte
        return self.scopes.of(start), self.lines.of(start)

    def refer(self, kind: ReferenceKind, target: str, scope: int, line: int) -> None:
        """Adds a reference, unless its target says nothing."""
        if target != UNKNOWN:
            self.references.append(new_reference(kind, target, scope, line))

    def bind(self, kind: BindingKind, name: str, value: str, scope: int, line: int) -> None:
        """Adds a binding."""
        self.bindings.append(new_binding(kind, name, value, scope, line))

    def assign(self, name: str, value: str, scope: int, line: int) -> None:
        """Adds an assignment, unless either side says nothing; a plain name becomes local to its function."""
        if name.isidentifier():
            self.make_local(name, scope)
        if value != UNKNOWN and is_known(name):
            self.bindings.append(new_binding(ASSIGNED, name, value, scope, line))

    def make_local(self, name: str, scope: int) -> None:
        """`name` is a variable of `scope`."""
        known = self._locals.get(scope)
        if known is None:
            self._locals[scope] = {name}
        else:
            known.add(name)

    def parameter(self, name: str, annotation: str, scope: int, line: int) -> None:
        """Adds a parameter; the calls of this method give their order."""
        self.make_local(name.lstrip("*."), scope)
        self.bindings.append(new_binding(PARAMETER, name, annotation, scope, line))

    def read(self, path: str, node: Node) -> None:
        """`node` hands on what `path` names, if that is a function or class."""
        if path not in _RECEIVERS and "(" not in path and "?" not in path and "<" not in path:
            self._reads.append((path, node.start_byte))

    def value(self, node: Node) -> str:
        """The access path of an expression whose value goes somewhere; a name in it is read."""
        path = self.path(node)
        if path != UNKNOWN and node.id not in self.function_names:
            self.read(path, node)
        return path

    def hand_on(self, target: str, where: str, node: Node, scope: int, line: int) -> None:
        """The argument `node` goes to `where` (a position or keyword) of a call of `target`."""
        value = self.value(node)
        if UNKNOWN not in (value, target):
            self.bindings.append(new_binding(ARGUMENT, f"{target}({where})", value, scope, line))

    def hand_on_all(self, target: str, arguments: Node | None, scope: int, line: int) -> None:
        """Positional arguments, one of which may be spread, go to a call of `target`."""
        position = 0
        literals, spreads = self.literals, self.spreads
        for child in arguments.named_children if arguments is not None else ():
            kind = child.type
            if kind not in literals:
                self.hand_on(target, "*" if kind in spreads else str(position), child, scope, line)
            elif kind in self.comment_types:
                continue
            position += 1

    def bind_anonymous(self, name: str, value: str, node: Node) -> None:
        scope, line = self.at(node)
        self.bindings.append(new_binding(ASSIGNED, name, value, scope, line))
