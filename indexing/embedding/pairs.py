"""Pairs of a description and the code it describes, from Python sources: what the static model is trained and measured on.

Everything comes from docstrings of the files given, read with `ast`; nothing is imported or run.
"""

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MIN_WORDS = 4
"""A description of fewer words ("Return self.") names nothing that could be searched for."""

MAX_DESCRIPTION = 400
"""Characters: about the longest question a person types."""

MAX_CODE = 3000
"""Characters: longer functions would be cut into several chunks by the index as well."""

MAX_FILE_SIZE = 1_000_000
"""Bytes: larger Python files are tables."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A description and its code.

    Attributes:
        description: the first paragraph of a docstring.
        code: the definition's source without that docstring.
        name: the definition's own name, as it is written in `code`.
        place: the file, relative to the folder it was found in.
    """

    description: str
    code: str
    name: str
    place: str


def read_pairs(folder: Path) -> Iterator[Pair]:
    """Yield the pairs of every Python file below `folder`, in the order of the paths; files that do not parse give none."""
    for path in sorted(folder.rglob("*.py")):
        if not path.is_file() or path.stat().st_size > MAX_FILE_SIZE:
            continue
        yield from pairs_of(path.read_text(encoding="utf-8", errors="replace"), path.relative_to(folder).as_posix())


def pairs_of(source: str, place: str) -> Iterator[Pair]:
    """Yield the pairs of one file's `source`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    lines = source.split("\n")
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or len(node.body) < 2:
            continue
        docstring = ast.get_docstring(node)
        if docstring is None:
            continue
        description = first_paragraph(docstring)
        if len(description.split()) < MIN_WORDS:
            continue
        first = node.body[0]
        code = lines[node.lineno - 1 : first.lineno - 1] + lines[first.end_lineno or 0 : node.end_lineno]
        yield Pair(description, "\n".join(code)[:MAX_CODE], node.name, place)


def without_repeats(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs whose description and code are both met for the first time, so that every question has one answer."""
    descriptions: set[str] = set()
    codes: set[str] = set()
    kept = []
    for pair in pairs:
        description, code = pair.description.lower(), " ".join(pair.code.split())
        if description not in descriptions and code not in codes:
            kept.append(pair)
        descriptions.add(description)
        codes.add(code)
    return kept


def first_paragraph(docstring: str) -> str:
    """Return the docstring's text up to the first empty line, on one line, cut to `MAX_DESCRIPTION` characters."""
    return " ".join(docstring.strip().split("\n\n", 1)[0].split())[:MAX_DESCRIPTION]
