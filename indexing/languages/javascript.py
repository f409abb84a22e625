"""JavaScript with JSX."""

from __future__ import annotations

from indexing.languages.ecmascript import EcmascriptExtractor
from indexing.languages.language import Language


def _grammar() -> object:
    import tree_sitter_javascript

    return tree_sitter_javascript.language()


LANGUAGES = (
    Language(
        "javascript",
        grammar=_grammar,
        extractor=lambda: EcmascriptExtractor,
    ),
)
