"""Starting a child process that runs our code and no one else's.

The child imports what this process imported: our packages are looked for in the folder they were loaded from, after the
standard library and the installed packages, and neither in the working directory nor in PYTHONPATH.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop.own_process import RUN_MODULE, is_frozen

_HOME = Path(__file__).resolve().parents[2]
_BOOT = "import runpy, sys; sys.path.append({home!r}); runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"


def child_command(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules in a new interpreter, or in another process of the frozen program."""
    if is_frozen():
        return [sys.executable, RUN_MODULE, module, *arguments]
    return [sys.executable, "-P", "-c", _BOOT.format(home=str(_HOME), module=module), *arguments]


def child_environment() -> dict[str, str]:
    """This process's environment without PYTHONPATH, safe for the child and its own children."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    environment["PYTHONSAFEPATH"] = "1"
    environment["PYTHONUTF8"] = "1"
    return environment
