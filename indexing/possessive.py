"""Regular expressions with possessive groups, such as `(?:…)*+`, that match rightly on every Python.

Until 3.11.5 the standard library's `re` gives up on a possessive group that could have matched less (CPython issue 106052);
there the package `regex` stands in for it. A module whose expressions have such groups says `from indexing.possessive import
re`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or sys.version_info >= (3, 11, 5):
    import re
else:
    import regex as re

__all__ = ["re"]
