"""Builds a Debian package of the frozen program: `python -m desktop.packaging.build_deb dist/codestrata [-o dist]`.

The folder goes to `/usr/lib/codestrata` as it is, so the package needs no Python; what Qt and Graphviz load from the system
it depends on. `dpkg-deb` packs it, with the times of SOURCE_DATE_EPOCH where that is set.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from desktop.display import LIBRARIES, WINDOW_LIBRARIES
from desktop.packaging.project import APP, HERE, ROOT, run, version

PACKAGE = "codestrata"
SHARED = {
    HERE / "codestrata.desktop": "share/applications/codestrata.desktop",
    HERE / f"{APP}.metainfo.xml": f"share/metainfo/{APP}.metainfo.xml",
    HERE / "codestrata-mime.xml": "share/mime/packages/codestrata.xml",
    ROOT / "resources/icons/strata.svg": "share/icons/hicolor/scalable/apps/codestrata.svg",
    ROOT / "LICENSE": "share/doc/codestrata/copyright",
}
CONTROL = """\
Package: {package}
Version: {version}
Architecture: {architecture}
Maintainer: The Codestrata authors <codestrata@example.invalid>
Installed-Size: {kilobytes}
Depends: libc6 (>= {glibc}), {libraries}
Recommends: git
Section: devel
Priority: optional
Description: understand a codebase that no model can read whole
 Drop a codebase on the window: repeated logic is folded away, what remains is
 indexed, and each question is answered from a few well-chosen places, with
 citations that open the code. The architecture is drawn from the code itself.
 Nothing leaves the machine unless a provider is chosen.
"""


def build_deb(frozen: Path, output: Path) -> Path:
    """The package of a frozen program, made in `output`."""
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], check=True, capture_output=True, text=True
    ).stdout.strip()
    output.mkdir(parents=True, exist_ok=True)
    made = output / f"{PACKAGE}_{version()}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="codestrata-deb-") as temporary:
        root = Path(temporary) / "root"
        _fill(root / "usr", frozen)
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN" / "control").write_text(_control(root, architecture), "utf-8")
        (root / "DEBIAN" / "md5sums").write_text("".join(_sums(root)), "utf-8")
        for path in (root, *root.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        run("dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(root), str(made.resolve()))
    return made


def _fill(usr: Path, frozen: Path) -> None:
    shutil.copytree(frozen, usr / "lib" / PACKAGE, symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin" / "codestrata").symlink_to("../lib/codestrata/codestrata")
    for source, place in SHARED.items():
        (usr / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, usr / place)
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (usr / "share/doc/codestrata/changelog.gz").write_bytes(gzip.compress(changes, 9, mtime=0))


def _control(root: Path, architecture: str) -> str:
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return CONTROL.format(
        package=PACKAGE,
        version=version(),
        architecture=architecture,
        kilobytes=-(-size // 1024),
        glibc=platform.libc_ver()[1],  # what the interpreter inside was built on
        libraries=", ".join(sorted({*LIBRARIES.values(), *WINDOW_LIBRARIES.values()})),
    )


def _sums(root: Path) -> Iterator[str]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.relative_to(root).parts:
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            yield f"{digest}  {path.relative_to(root).as_posix()}\n"


def main() -> int:
    """Build it and say where it lies."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("frozen", type=Path, help="the folder of the frozen program")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", help="where the package is made")
    chosen = parser.parse_args()
    sys.stdout.write(f"{build_deb(chosen.frozen, chosen.output)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
