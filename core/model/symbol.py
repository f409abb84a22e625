"""Definitions and what a file says about names: the facts that linking turns into a graph.

Facts are about one file alone, so they can be kept by its content. Scopes and parents are indices into the file's list of
definitions, whose first is always the module itself.

An *access path* writes an expression the linker may understand: identifiers joined by dots, `()` after what is called,
`[]` after what is subscripted, as in `self.handlers[].run` or `make_client().get`. `?` stands for anything else (a
literal, an operator), so `?.join` is a method of something unknown. A lambda is its name, `<lambda1>`. `super()` is
written as it stands in Python; `this` and `self` as in the language.

Details of access paths and bindings, so that a parser and the linker agree:

- `[key]` is the entry under a literal key or index of letters, digits, `_` and `-` (`table[run]`, `pair[0]`), `[]` any
  entry, `[2:]` all but the first two. `await x`, `(x)`, `*x`, a cast and any other slice are written as `x` itself;
  `new C(a)` and Go's `C{…}` as `C()`.
- An expression that no path can write but that hands values on is an *anonymous value*, `<value1>`, numbered through the
  file: a container literal or comprehension binds its entries (ASSIGNED `<value1>[0]`, `<value1>[run]`, `<value1>[]`),
  `a if c else b` and `a or b` are bound once for each branch. An empty container is one without entries; a container
  of plain literals alone is `?`.
- An argument is the binding ARGUMENT whose `name` is the callee's path followed by its position from 0 or its keyword:
  `f(g, key=h.run)` gives `f(0)` = `g` and `f(key)` = `h.run`; `f(*a, **b)` gives `f(*)` = `a` and `f(**)` = `b`.
  Arguments that are plain literals are left out.
- `for x in xs` and comprehensions bind `x` to `xs[]`, a `for` of Python also to `xs.__iter__().__next__()`; `a, b = t`
  binds `a` to `t[0]`, `b` to `t[1]`, or side by side where the right side is written out; `with c as x` binds `x` to
  `c.__enter__()`; `except E as x` is ANNOTATED.
- Parameters are bound in order, Python's `self` and Go's receiver first. Rest parameters keep their stars (`*args`,
  `**kwargs`, `...rest`). A default value is a second binding, ASSIGNED, in the same scope.
- A declared result type is ANNOTATED under the name `()`; what a function yields is RETURNED under the name `[]`. Of a
  generic type the container is the value and its last argument is bound to the entries: `x: list[C]` gives `x` = `list`
  and `x[]` = `C`. `C | None` and `Optional[C]` are `C`; each member of a wider union is a binding of its own.
- An attribute named by a string is written as if it stood there; of `getattr(x, f"on_{event}")` only the beginning is
  known: `x.on_*`.
- A decorator is a reference DECORATES whose scope is the decorated definition itself, in source order; its target is
  the decorator's path, with the `()` of its own call where it has one (`@route("/")` is `route()`, beside the CALL).
- INHERITS and IMPLEMENTS have the class itself as their scope, in the order of the bases; a base `Base[T]` is `Base`.
- `import a.b` has the module `a.b` and the local name `a`; `import a.b as c` the local name `c`.
- A method written outside of its type (Go) has the file's definition of the type as its parent, or the module where the
  type stands in another file; its nesting names the type either way.
- A module's exports under another name are bound so: `exports.b` = `a`, `exports.default` = `run`,
  `module.exports` = `x`; `export {a as b} from "./m"` is an import whose `local` is `exports.b`, `export * from "./m"`
  one whose `name` is `*` and `local` is `exports`.
- A prototype of C, `T f(void);`, is ANNOTATED under the name `f()` in the scope of the file, its value empty for a
  primitive type. The signature of a Java or Go module is its package clause. Definitions stand in the order of the source
  but for fields that only an assignment in a method shows (`self.x = …`), which come last, before routes and topics.
- A route or topic is a definition beside its handler (`GET /orders/{}`), its name the path or topic alone. It reads what is
  handed on behind the path, or a naming HANDLER tells which definition it is written before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from core.model.source import Span


class SymbolKind(StrEnum):
    """What a definition defines."""

    MODULE = "module"
    CLASS = "class"
    INTERFACE = "interface"
    STRUCT = "struct"
    ENUM = "enum"
    TYPE = "type"
    FUNCTION = "function"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    FIELD = "field"
    VARIABLE = "variable"
    CONSTANT = "constant"
    MACRO = "macro"
    LAMBDA = "lambda"
    EXTERNAL = "external"
    """A name that is used here and defined outside of the source."""
    ROUTE = "route"
    """A path of HTTP that something handles: its name is the path, with `{}` for what varies."""
    TOPIC = "topic"
    """A topic of messages that something listens to."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition in one file.

    `nesting` is the path of names inside the file (`Class.method`, empty for the module). `parent` is the index of the
    definition around it, -1 for the module. `signature` is one line without the body, `doc` the first paragraph of the
    doc comment; both are bounded in length. `name_line` is where the name itself stands.
    """

    name: str
    nesting: str
    kind: SymbolKind
    span: Span
    name_line: int
    parent: int
    signature: str
    doc: str


class ReferenceKind(StrEnum):
    """How a name is used."""

    CALL = "call"
    INHERITS = "inherits"
    IMPLEMENTS = "implements"
    DECORATES = "decorates"
    TYPE = "type"
    READ = "read"
    """A function or class handed on without being called: an argument, a return value, an entry of a table."""
    IMPLICIT = "implicit"
    """A method (a property, a class) that the language calls here by itself, if the source has one: `for x in xs` has
    `xs.__iter__().__next__`, which stands for both calls, `with c` has `c.__enter__` and `c.__exit__`,
    `map(f, xs)` has `f()`."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of `target` (an access path, without the call's own parentheses) within the definition `scope`, at `line`."""

    kind: ReferenceKind
    target: str
    scope: int
    line: int


@dataclass(frozen=True, slots=True)
class Import:
    """`local` names, from `line` on and within `scope`, what `module` calls `name`.

    `name` is empty where the module itself is bound, `*` where everything is. `level` counts the leading dots of a
    relative import in Python (0: absolute); in other languages `module` keeps its spelling (`./util`, `<stdio.h>`).
    """

    module: str
    name: str
    local: str
    level: int
    scope: int
    line: int


class BindingKind(StrEnum):
    """How a name came to its value."""

    ASSIGNED = "assigned"
    PARAMETER = "parameter"
    ARGUMENT = "argument"
    """`name` is the callee's path and where the argument goes, `f(0)` or `f(key)`."""
    ANNOTATED = "annotated"
    """`value` is the access path of the declared type."""
    RETURNED = "returned"
    """`name` is empty; `value` is what the scope returns."""
    GLOBAL = "global"
    """The name belongs to the module (Python's `global`) or to an outer function (`nonlocal`), as `value` says."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Within `scope`, the access path `name` (`x`, `self.x`) gets the value of the access path `value`.

    A parameter's `value` is the access path of its annotation, or empty.
    """

    kind: BindingKind
    name: str
    value: str
    scope: int
    line: int


class NamingKind(IntEnum):
    """What a string may name. The numbers are part of the format."""

    NAME = 0
    """A definition, with dots between the parts of its name."""
    TABLE = 1
    """What a statement of SQL reads, writes or calls."""
    REQUEST = 2
    """A route, by the path of a URL."""
    MESSAGE = 3
    """A topic that something is sent to."""
    HANDLER = 4
    """Not a string: the scope, a route or topic, is handled by the definition of this number in the same file."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A string within `scope` that may name something."""

    target: str
    kind: NamingKind
    scope: int
    line: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What one file defines and uses; `definitions[0]` is the module."""

    definitions: tuple[Definition, ...]
    references: tuple[Reference, ...]
    imports: tuple[Import, ...]
    bindings: tuple[Binding, ...]
    namings: tuple[Naming, ...] = ()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition of the index, or a name outside of it.

    `key` is a small integer, stable only within one snapshot; edges use it. `id` is the qualified name, made unique by
    the file's ending and then `#2` where two share it. `parent` is the key of the symbol around it, -1 for none. A name
    outside of the source has the kind EXTERNAL, no path, and lines of 0.
    """

    key: int
    id: str
    name: str
    qualified_name: str
    kind: SymbolKind
    language: str
    path: str
    start_line: int
    end_line: int
    signature: str
    doc: str
    parent: int
