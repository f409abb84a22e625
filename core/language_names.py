"""The names of languages as their people write them."""

from __future__ import annotations

_NAMES = {
    "javascript": "JavaScript", "typescript": "TypeScript", "tsx": "TSX", "c": "C", "cpp": "C++", "csharp": "C#", "go": "Go",
    "html": "HTML", "css": "CSS", "json": "JSON", "yaml": "YAML", "toml": "TOML", "sql": "SQL", "php": "PHP", "xml": "XML",
    "restructuredtext": "reStructuredText", "objective_c": "Objective-C", "objc": "Objective-C", "cobol": "COBOL",
    "jcl": "JCL", "cmake": "CMake", "text": "Other text",
}  # fmt: skip


def language_name(language: str) -> str:
    """`JavaScript` for `javascript`."""
    return _NAMES.get(language, language.replace("_", " ").capitalize())
