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
        extensions=(".js", ".jsx", ".mjs", ".cjs", ".es6"),
        grammar=_grammar,
        extractor=lambda: EcmascriptExtractor,
        file_names=("jakefile",),
        interpreters=("node", "nodejs", "deno", "bun"),
    ),
)
