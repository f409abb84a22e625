"""What a source uses from outside: the libraries, named and counted but never drawn one by one."""

from __future__ import annotations

import re
import sys
from collections.abc import Container

from core.diagrams.links import Link, Links
from core.diagrams.source_map import EXTERNAL
from core.diagrams.wording import count, names, shorten
from core.model.diagram import DiagramCluster, DiagramNode

OUTSIDE = DiagramCluster("outside", "outside of the source")
"""The frame around what is not part of the source."""

_STANDARD_LIBRARY = "standard library"
# Go's and Node's own packages; Python's are known to the interpreter.
_STANDARD_ROOTS = frozenset(
    [
        *("bufio", "bytes", "context", "crypto", "database", "embed", "encoding", "errors", "fmt"),
        *("go", "hash", "html", "image", "io", "log", "maps", "math", "mime"),
        *("net", "os", "path", "reflect", "regexp", "runtime", "slices", "sort", "strconv"),
        *("strings", "sync", "syscall", "testing", "text", "time", "unicode", "unsafe", "assert"),
        *("buffer", "child_process", "events", "fs", "https", "stream", "tty", "url", "util"),
        *("vm", "zlib", "std", "core", "alloc"),
    ]
)


def library_boxes(links: Links, inside: Container[str]) -> list[DiagramNode]:
    """One box for what comes with the language and one for all else, the most used named first."""
    uses: dict[bool, dict[str, Link]] = {False: {}, True: {}}
    for (source, target), link in links.items():
        if source in inside and target.startswith(EXTERNAL):
            name = target[len(EXTERNAL) :]
            uses[is_standard(name)].setdefault(name, Link()).merge(link)
    nodes = []
    for standard, libraries in uses.items():
        ranked = sorted(libraries, key=lambda name: (-libraries[name].count, name))
        if ranked:
            total = sum(link.count for link in libraries.values())
            best = libraries[ranked[0]].places
            label = _STANDARD_LIBRARY if standard else count(len(ranked), "library", "libraries")
            nodes.append(
                DiagramNode(
                    f"{OUTSIDE.id}:{'standard' if standard else 'libraries'}",
                    label,
                    shorten(f"{names(ranked, 44)} · {count(total, 'use')}"),
                    "external",
                    best[0] if best else None,
                    OUTSIDE.id,
                    external=True,
                )
            )
    return nodes


def is_standard(library: str) -> bool:
    """Whether a library comes with its language."""
    root = re.split(r"[./]", library.removeprefix("node:"), maxsplit=1)[0]
    if library.startswith(("node:", "java.", "javax.", "kotlin.", "scala.")) or root in sys.stdlib_module_names:
        return True
    return library.endswith(".h") or root in _STANDARD_ROOTS
