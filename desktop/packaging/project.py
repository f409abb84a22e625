"""What the project says of itself."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
APP = "io.github.codestrata"
"""What desktops know the program by."""


def version() -> str:
    """The version that is packaged."""
    found: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return found


def run(*command: str, folder: Path = ROOT) -> None:
    """Run a tool without what would change its imports; CalledProcessError where it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    subprocess.run(command, cwd=folder, env=environment, check=True)
