"""Edits as a person makes them: a line within the file changed, a function added at its end."""

from __future__ import annotations

import re
from pathlib import Path

_JAVA = "\nclass Edited{n} {{\n    static int edited{n}(int value) {{\n        return value + {n};\n    }}\n}}\n"
_C = "\nstatic int edited{n}(int value)\n{{\n\treturn value + {n};\n}}\n"
_JAVASCRIPT = "\nfunction edited{n}(value) {{\n\treturn value + {n};\n}}\n"
_PYTHON = "\n\ndef edited{n}(value):\n    return value + {n}\n"

_ADDED = {".py": _PYTHON, ".c": _C, ".js": _JAVASCRIPT, ".java": _JAVA}
_RETURN = re.compile(rb"^[ \t]*return ([^\n;#\\\\\"']+)(;?)$", re.MULTILINE)
_BRACKETS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"))
_MOST_BYTES = 200_000


def editable(source: Path) -> list[Path]:
    """The hand-sized code files of a tree, in the order of their paths."""
    return sorted(
        path
        for path in source.rglob("*")
        if path.suffix in _ADDED and path.is_file() and not path.is_symlink() and path.stat().st_size < _MOST_BYTES
    )


def edited(content: bytes, suffix: str, n: int) -> bytes:
    """The content with a call put around what its middle `return` gives back, and the function `editedN` added."""
    returns = [found for found in _RETURN.finditer(content) if _is_whole(found, suffix)]
    if returns:
        begin, end = returns[len(returns) // 2].span(1)
        content = b"%sedited%d(%s)%s" % (content[:begin], n, content[begin:end], content[end:])
    return content + _ADDED[suffix].format(n=n).encode()


def _is_whole(found: re.Match[bytes], suffix: str) -> bool:
    """Whether the statement ends on its line."""
    value, end = found.groups()
    balanced = all(value.count(left) == value.count(right) for left, right in _BRACKETS)
    return balanced and bool(end) != (suffix == ".py")


def edit(path: Path, n: int) -> None:
    """Edit a file in place."""
    path.write_bytes(edited(path.read_bytes(), path.suffix, n))
