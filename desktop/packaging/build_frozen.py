"""Builds the frozen program: `python -m desktop.packaging.build_frozen [-o dist]` makes the folder `dist/codestrata`.

The wheel is installed into a fresh environment first: what a developer has installed besides would be found by PyInstaller
and come along. It has to run on the system that the program is for; nothing is built for another.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from desktop.packaging.project import HERE, ROOT, run

EXTRAS = "cpu,documents,packaging"


def build_frozen(output: Path, wheel: Path | None = None) -> Path:
    """The folder of the program, made in `output` from a wheel (of this tree, where none is named)."""
    with tempfile.TemporaryDirectory(prefix="codestrata-frozen-") as temporary:
        scratch = Path(temporary)
        if wheel is None:
            run(sys.executable, "-m", "build", "--wheel", "--outdir", str(scratch / "wheel"), str(ROOT))
            wheel = next((scratch / "wheel").glob("*.whl"))
        run(sys.executable, "-m", "venv", str(scratch / "environment"))
        python = scratch / "environment" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        run(str(python), "-m", "pip", "-q", "install", "-c", str(ROOT / "constraints.txt"), f"{wheel}[{EXTRAS}]")
        # From elsewhere: the packages of this tree must not stand in for those of the wheel.
        run(
            *(str(python), "-P", "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(output.resolve()), "--workpath", str(scratch / "work"), str(HERE / "codestrata.spec")),
            folder=scratch,
        )
    return output / "codestrata"


def main() -> int:
    """Build it and say where it lies."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", help="where the folder is made")
    parser.add_argument("--wheel", type=Path, help="an existing wheel to freeze")
    chosen = parser.parse_args()
    sys.stdout.write(f"{build_frozen(chosen.output, chosen.wheel)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
