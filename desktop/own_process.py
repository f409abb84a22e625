"""How the program starts its own processes: through the interpreter, or, where it is frozen, through itself.

A frozen program (see `packaging/`) is one executable with an interpreter inside that takes no options. So its entry,
`packaging/frozen_start.py`, runs a module instead of the command line where the first argument is `RUN_MODULE`.
"""

from __future__ import annotations

import sys

RUN_MODULE = "--run-module"


def is_frozen() -> bool:
    """Whether this is the frozen program."""
    return bool(getattr(sys, "frozen", False))


def own_command(*words: str) -> list[str]:
    """The command line of this program, started safely: nothing of the working directory can be imported by it."""
    return [sys.executable, *words] if is_frozen() else [sys.executable, "-P", "-m", "codestrata_start", *words]
