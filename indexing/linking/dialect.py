"""What differs between languages when names are linked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.model.symbol import Import
from indexing.linking.program import CLASS_KINDS, Program
from indexing.linking.slices import DeclaredTypes

if TYPE_CHECKING:
    from indexing.linking.expressions import Expressions
    from indexing.linking.semantics import Semantics


class Dialect:
    """The rules of a family of languages that call each other by name. The defaults are those of a lexically scoped
    language without modules; each language overrides what it does otherwise.

    A dialect is made anew for each linking, after all definitions of `program` have their names.
    """

    languages: tuple[str, ...] = ()
    names_are_imported = False
    """Whether a file can use only names of others that it imports (or is it enough that they are there)."""
    declared_types = DeclaredTypes.NEVER
    """Whether fields, results and variables have types that the source tells."""
    imports_chain = False
    """Whether a file sees what the files that it imports import."""
    receiver = ""
    """The name that stands for the receiver in every method where it is not a parameter."""
    receiver_parameters = 0
    """How many parameters of a method the receiver takes."""
    constructor = ""
    """The name of a class's own constructor; empty where it is that of the class."""
    allocator = ""
    """The method that makes instances, called by a class whose constructor is not in the source."""
    call_method = ""
    """The method that makes an instance callable."""
    root_class = ""
    """The external class that all others inherit from without having anything to call."""
    methods_apart = False
    """Whether a field and a method of one class may share a name."""
    sees_class_scopes = False
    """Whether a method sees the members of the classes around it by their bare names."""
    decorators_replace = True
    """Whether a decorator may make something else of what it decorates; an annotation does not."""
    function_methods: frozenset[str] = frozenset()
    """Methods of functions that call them (`call`, `apply`) or give back something that is called like them (`bind`)."""
    prototype = ""
    """The attribute of a class that stands for what all its instances have."""
    calls_are_virtual = False
    """Whether a call of a method may go to the override of a class below (else only to the method that is named)."""
    types_apart = False
    """Whether a name may stand for a type where it also names a variable (`Color Color`)."""
    folds_case = False
    """Whether names are the same in upper and lower case; scopes and access paths then have them in lower case."""
    attributes_are_entries = False
    """Whether `table.name` is the entry `table[name]`."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.semantics: Semantics
        self._constants: dict[int, int] = {}

    def start(self, semantics: Semantics) -> None:
        """Called once, before the first import is bound."""
        self.semantics = semantics

    def release(self) -> None:
        """Called once, at the end: let go of what knows this dialect."""
        del self.semantics

    def place(self, key: int, expressions: Expressions) -> None:
        """Bind a definition that stands outside of what its nesting names."""

    def class_around(self, scope: int) -> int | None:
        """The innermost class around `scope`."""
        table = self.program.table
        while scope >= 0 and table.definitions[scope].kind not in CLASS_KINDS:
            scope = table.parent[scope]
        return scope if scope >= 0 else None

    def _constant(self, value: int) -> int:
        """A node that holds `value`, one for all who ask."""
        node = self._constants.get(value)
        if node is None:
            node = self._constants[value] = self.program.network.constant(value)
        return node

    def bind_import(self, file: int, item: Import) -> None:
        """Let the name that `item` binds hold what it imports."""

    def beyond(self, scope: int, name: str) -> int | None:
        """The node of a name that no scope around `scope` binds; asked of the module where namespaces play no part."""
        return self.beyond_module(self.program.module(scope), name)

    def beyond_module(self, module: int, name: str) -> int | None:
        """The node of a name that no scope of the module `module` binds: a wildcard import, a package, a built-in."""
        return None

    def member_of_module(self, module: int, name: str) -> int | None:
        """The node of `name` as other modules see it in `module`."""
        return self.program.names.get(module, {}).get(name)

    def member_of_folder(self, path: str, name: str) -> int | None:
        """The node of `name` in a folder of modules."""
        return None

    def imported(self, file: int, item: Import) -> Sequence[int | str]:
        """What `item` reads, for the graph of imports: keys of symbols or modules, or the name of something external."""
        return ()

    def external_call(self, name: str, arguments: Sequence[tuple[str, int]], semantics: Semantics) -> int | None:
        """The node of what calling the external `name` gives back, where the language itself says so."""
        return None

    def tells_methods(self, external: str) -> bool:
        """Whether a value of the declared type `external` has methods of that name (`Any` and `Callable` say nothing)."""
        return True

    def makes_instances(self, scope: int) -> bool:
        """Whether calling a type in `scope` makes one of its instances."""
        return True

    def super_of(self, scope: int) -> int | None:
        """The node of what `super` (in Python `super()`) stands for in `scope`."""
        return None
