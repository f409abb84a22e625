"""The dialects there are; a new language family adds its own here."""

from __future__ import annotations

from indexing.linking.c import CDialect
from indexing.linking.dialect import Dialect
from indexing.linking.go import GoDialect
from indexing.linking.java import JavaDialect
from indexing.linking.javascript import JavaScriptDialect
from indexing.linking.python import PythonDialect

DIALECTS: tuple[type[Dialect], ...] = (
    CDialect,
    GoDialect,
    JavaDialect,
    JavaScriptDialect,
    PythonDialect,
)
"""In the order they are linked in. A language belongs to one of them at most."""
