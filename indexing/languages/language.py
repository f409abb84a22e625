"""What the program knows of a language with a grammar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexing.languages.extractor import Extractor


@dataclass(frozen=True, slots=True)
class Language:
    """A language whose files are read along their syntax.

    `grammar` returns the tree-sitter language pointer, `extractor` the class that turns a tree into facts; both import
    only when they are called. What a language is told by says `names.py`. The queries lie in `resources/queries/<name>/`:
    `definitions.scm` and `uses.scm`, whose captures name the extractor's methods (`@define.function` calls
    `define_function`), and `highlights.scm`, whose captures name styles.
    """

    name: str
    grammar: Callable[[], object]
    extractor: Callable[[], type[Extractor]]
    mask: Callable[[bytes], bytes] | None = None
    """Blanks what no grammar can know (macros of C) before the parse; the length stays, so spans hold in the text itself."""
