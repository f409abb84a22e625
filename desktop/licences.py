"""Whose work comes along, and under which licences: the packages that are installed for this program, and its data."""

from __future__ import annotations

import importlib.metadata
import platform
import re
from dataclasses import dataclass

PROGRAM = "codestrata"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LONGEST = 80
"""A longer text is the licence itself, not its name."""
_DATA = (
    ("all-MiniLM-L6-v2 (static embedding model)", "", "Apache-2.0"),
    ("cl100k_base (tokenizer vocabulary)", "", "MIT"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that comes along; `licence` is empty where its package does not say."""

    name: str
    version: str
    licence: str


def parts() -> list[Part]:
    """Everything, the program first, then by name."""
    found: dict[str, Part] = {}
    pending = [PROGRAM]
    while pending:
        name = pending.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # of another system, or an extra that is not installed
        metadata = distribution.metadata
        found[key] = Part(metadata["Name"] or name, distribution.version, _licence(metadata))
        required = (entry for entry in distribution.requires or () if _comes_along(entry, own=name == PROGRAM))
        pending += [match[0] for entry in required if (match := _NAME.match(entry))]
    own = found.pop(PROGRAM, None)
    others = [*found.values(), Part("Python", platform.python_version(), "PSF-2.0"), *(Part(*part) for part in _DATA)]
    return [*([own] if own else []), *sorted(others, key=lambda part: part.name.lower())]


def _comes_along(requirement: str, *, own: bool) -> bool:
    """Whether a requirement is of a package as it is used: of our own with the extras that users choose."""
    extra = re.search(r"""extra == ['"]([^'"]+)""", requirement)
    return extra is None or (own and extra[1] not in ("dev", "packaging"))


def _licence(metadata: importlib.metadata.PackageMetadata) -> str:
    """The name of a licence as a package says it: its expression, its classifiers, its field."""
    fields = metadata.json
    expression, text = fields.get("license_expression"), fields.get("license")
    if isinstance(expression, str):
        return expression
    classifiers = fields.get("classifier") or []
    named = [entry.rpartition(" :: ")[2] for entry in classifiers if entry.startswith("License :: ")]
    if named := [name for name in named if name != "OSI Approved"]:
        return ", ".join(named)
    return text.strip() if isinstance(text, str) and len(text) <= _LONGEST and "\n" not in text.strip() else ""
