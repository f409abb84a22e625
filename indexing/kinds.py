"""Members of the enumerations that are asked about for every record of a file.

Python 3.11 looks a member up in its class ten times as slowly as a name of a module, and linking 34 MB of source asks ten
million times.
"""

from __future__ import annotations

from core.model.graph import Confidence, EdgeKind
from core.model.symbol import BindingKind, ReferenceKind, SymbolKind

ASSIGNED = BindingKind.ASSIGNED
PARAMETER = BindingKind.PARAMETER
ARGUMENT = BindingKind.ARGUMENT
ANNOTATED = BindingKind.ANNOTATED
RETURNED = BindingKind.RETURNED
GLOBAL = BindingKind.GLOBAL

CALL = ReferenceKind.CALL
INHERITS = ReferenceKind.INHERITS
IMPLEMENTS = ReferenceKind.IMPLEMENTS
DECORATES = ReferenceKind.DECORATES
TYPE = ReferenceKind.TYPE
READ = ReferenceKind.READ
IMPLICIT = ReferenceKind.IMPLICIT

MODULE = SymbolKind.MODULE
FUNCTION = SymbolKind.FUNCTION
METHOD = SymbolKind.METHOD
CONSTRUCTOR = SymbolKind.CONSTRUCTOR
FIELD = SymbolKind.FIELD
MACRO = SymbolKind.MACRO
LAMBDA = SymbolKind.LAMBDA

CALLS = EdgeKind.CALLS
REFERENCES = EdgeKind.REFERENCES

EXACT = Confidence.EXACT
INFERRED = Confidence.INFERRED
