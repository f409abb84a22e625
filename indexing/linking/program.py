"""What all parts of the linker share while they link the files of one language family."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from core.model.symbol import SymbolKind
from indexing.kinds import CONSTRUCTOR, METHOD, MODULE
from indexing.linking import values as v
from indexing.linking.network import Network
from indexing.linking.own_names import NO_NAMES, OwnNames
from indexing.linking.table import DefinitionTable
from indexing.linking.values import Values

CLASS_KINDS = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
FUNCTION_KINDS = frozenset(
    {SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.LAMBDA, SymbolKind.MACRO}
)


CALLED = "()"
"""Ends the name under which a method is kept where fields may share it."""


class Receiver(Enum):
    """What a function of a class expects before its arguments."""

    INSTANCE = "instance"
    CLASS = "class"
    NONE = "none"
    PROPERTY = "property"
    """An instance, and reading the name already calls it."""


class Parameters:
    """The parameters of a function: nodes in order, by name, and the containers of what is left over."""

    __slots__ = ("by_name", "declared", "keywords", "positional", "rest")

    def __init__(self) -> None:
        self.positional: list[int] = []
        self.by_name: dict[str, int] = {}
        self.rest = -1
        """The container value of `*args`, -1 without."""
        self.keywords = -1
        """The container value of `**kwargs`, -1 without."""
        self.declared: set[int] = set()
        """Nodes whose type is declared; arguments add nothing to what that says."""


class Program:
    """The files of one family with their scopes; everything is keyed by symbol keys and node numbers.

    `names[scope]` maps a name to the node of its variable, `declared[scope]` to the key of its (first) definition.
    """

    __slots__ = (
        "assigned_parameters",
        "constructor",
        "declared",
        "files",
        "folds_case",
        "instances",
        "is_class",
        "methods_apart",
        "names",
        "network",
        "open_seeds",
        "own_names",
        "owner",
        "parameters",
        "receivers",
        "results",
        "returns_parameter",
        "returns_receiver",
        "table",
        "values",
    )

    def __init__(
        self,
        table: DefinitionTable,
        files: Sequence[int],
        constructor: str = "",
        *,
        methods_apart: bool = False,
        own_names: OwnNames = NO_NAMES,
    ) -> None:
        self.table = table
        self.own_names = own_names
        self.constructor = constructor
        self.methods_apart = methods_apart
        self.folds_case = False
        self.files = files
        self.network = Network()
        self.values = Values()
        self.is_class = [definition.kind in CLASS_KINDS for definition in table.definitions]
        """Of every definition, whether it is a class or the like."""
        self.names: dict[int, dict[str, int]] = {}
        self.declared: dict[int, dict[str, int]] = {}
        self.parameters: dict[int, Parameters] = {}
        self.receivers: dict[int, Receiver] = {}
        """Of functions in classes only."""
        self.owner: dict[int, int] = {}
        """The class of each function in `receivers`."""
        self.instances: dict[int, int] = {}
        """What a function makes when it is called as a constructor (JavaScript), a container value."""
        self.results: dict[int, int] = {}
        self.assigned_parameters: set[int] = set()
        """Nodes of parameters that hold something else than arguments, too."""
        self.returns_parameter: dict[int, int] = {}
        """Functions that return a parameter as it came, with its node: each call gives back what it was given."""
        self.open_seeds: list[tuple[int, int]] = []
        """Nodes with the instances or classes in them that may as well be of a class below (see `overrides.py`)."""
        self.returns_receiver: set[int] = set()
        """Functions that return what they were called on."""

    def variable(self, scope: int, name: str) -> int:
        """The node of `name` in `scope`, made where it is missing."""
        names = self.names.get(scope)
        if names is None:
            names = self.names[scope] = {}
        node = names.get(name)
        if node is None:
            node = names[name] = self.network.node()
        return node

    def result(self, function: int) -> int:
        """The node of what `function` returns."""
        node = self.results.get(function)
        if node is None:
            node = self.results[function] = self.network.node()
        return node

    def member_name(self, key: int) -> str:
        """The name under which the scope around the definition `key` keeps it."""
        definition = self.table.definitions[key]
        if definition.kind is CONSTRUCTOR and self.constructor:
            return self.constructor
        name = definition.name.lower() if self.folds_case else definition.name
        return name + CALLED if self.methods_apart and definition.kind is METHOD else name

    def module(self, key: int) -> int:
        """The key of the module that `key` is in."""
        return self.table.first[self.table.file_of[key]]

    def definition_value(self, key: int) -> int | None:
        """What a definition's name stands for; None where only assignments tell."""
        if self.is_class[key]:
            return v.make(v.CLASS, key)
        kind = self.table.definitions[key].kind
        if kind in FUNCTION_KINDS:
            return v.make(v.FUNCTION, key)
        return v.make(v.MODULE, key) if kind is MODULE else None
