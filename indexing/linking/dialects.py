"""The dialects there are; a new language family adds its own here."""

from __future__ import annotations

import functools

from indexing.linking.bash import BashDialect
from indexing.linking.c import CDialect
from indexing.linking.csharp import CSharpDialect
from indexing.linking.dialect import Dialect
from indexing.linking.elixir import ElixirDialect
from indexing.linking.fortran import FortranDialect
from indexing.linking.go import GoDialect
from indexing.linking.haskell import HaskellDialect
from indexing.linking.java import JavaDialect
from indexing.linking.javascript import JavaScriptDialect
from indexing.linking.lua import LuaDialect
from indexing.linking.mainframe import MainframeDialect
from indexing.linking.pascal import PascalDialect
from indexing.linking.perl import PerlDialect
from indexing.linking.php import PhpDialect
from indexing.linking.python import PythonDialect
from indexing.linking.ruby import RubyDialect
from indexing.linking.rust import RustDialect
from indexing.linking.slices import DeclaredTypes
from indexing.linking.sql import SqlDialect
from indexing.linking.swift import SwiftDialect
from indexing.linking.visual_basic import VisualBasicDialect
from indexing.linking.zig import ZigDialect

DIALECTS: tuple[type[Dialect], ...] = (
    BashDialect,
    CDialect,
    CSharpDialect,
    FortranDialect,
    ElixirDialect,
    GoDialect,
    HaskellDialect,
    JavaDialect,
    JavaScriptDialect,
    LuaDialect,
    MainframeDialect,
    PascalDialect,
    PerlDialect,
    PhpDialect,
    PythonDialect,
    RubyDialect,
    RustDialect,
    SqlDialect,
    SwiftDialect,
    VisualBasicDialect,
    ZigDialect,
)
"""In the order they are linked in. A language belongs to one of them at most."""


def is_linked(language: str) -> bool:
    """Whether some dialect links `language`; what none does is a document."""
    return language in _declared_types()


def declared_types(language: str) -> DeclaredTypes:
    """Whether values of `language` have types that the source tells."""
    return _declared_types().get(language, DeclaredTypes.NEVER)


@functools.cache
def _declared_types() -> dict[str, DeclaredTypes]:
    return {language: dialect.declared_types for dialect in DIALECTS for language in dialect.languages}
