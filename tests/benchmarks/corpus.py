"""Real code to measure with: fetched once from where everybody gets it, kept in the user's cache, never in the repository.

CODESTRATA_CORPUS names a folder to use instead of the 100 MB, CODESTRATA_KERNEL one instead of the kernel; they are used as
they are. `python -m tests.benchmarks.corpus` fetches both and says where they lie.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import machine

CORPUS_VARIABLE = "CODESTRATA_CORPUS"
KERNEL_VARIABLE = "CODESTRATA_KERNEL"
LEAST_BYTES = 80_000_000
"""Of less the figures for 100 MB would say nothing."""

_FETCH_SECONDS = 900


class MissingCorpusError(Exception):
    """What is to be measured cannot be had here."""


def mixed() -> Path:
    """About 100 MB of C, Java, Python and JavaScript. Raises MissingCorpusError where less than 80 MB can be had."""
    if chosen := os.environ.get(CORPUS_VARIABLE):
        return Path(chosen)
    target = machine.cache() / "mixed"
    for name, fetch in _PARTS.items():
        fetch_once(name, fetch, target / name)
    if (found := bytes_of(target)) < LEAST_BYTES:
        raise MissingCorpusError(f"only {found / 1e6:.0f} MB of sources could be fetched; {CORPUS_VARIABLE} may name others")
    return target


def kernel() -> Path:
    """Linux 6.1 whole. Raises MissingCorpusError where it cannot be had."""
    if chosen := os.environ.get(KERNEL_VARIABLE):
        return Path(chosen)
    target = machine.cache() / "kernel"
    if not fetch_once("the kernel", _fetch_kernel, target):
        raise MissingCorpusError(f"linux-source-6.1 could not be fetched; {KERNEL_VARIABLE} may name a kernel's sources")
    return target


def bytes_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def add_part(source: Path, target: Path, limit: int, seed: int = 1) -> int:
    """Copy folders of `source`, drawn at random, into `target` until some `limit` bytes are copied; returns how many."""
    folders = sorted(Path(folder) for folder, _, names in os.walk(source) if names)
    random.Random(seed).shuffle(folders)
    copied = 0
    for folder in folders:
        files = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
        size = sum(path.stat().st_size for path in files)
        if copied + size > limit:
            continue
        place = target / folder.relative_to(source)
        place.mkdir(parents=True, exist_ok=True)
        for path in files:
            shutil.copy(path, place / path.name)
        copied += size
    return copied


def fetch_once(name: str, fetch: Callable[[Path, Path], Path], target: Path) -> bool:
    """Have `fetch` find the sources in a scratch folder, then move them to `target`; False, said aloud, where that fails."""
    if target.is_dir():
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        try:
            found = fetch(Path(scratch), target)
        except (OSError, subprocess.SubprocessError, tarfile.TarError, zipfile.BadZipFile) as error:
            print(f"{name} could not be fetched and is left out: {error}", file=sys.stderr)
            return False
        found.rename(target)
    return True


def run(*command: str, folder: Path) -> None:
    """Run a command in `folder`; raises what `subprocess.run` does where it fails."""
    # pip, npm and apt reach the machine's own registries: their settings are those of the environment.
    subprocess.run(command, cwd=folder, check=True, timeout=_FETCH_SECONDS, stdout=subprocess.DEVNULL)


def unpack(archive: Path, folder: Path, below: str = "") -> None:
    """Unpack a tar into `folder`; of `below`, only what lies in that folder."""
    with tarfile.open(archive) as tar:
        members = (member for member in tar if not below or member.name.startswith(below))
        tar.extractall(folder, members=members, filter="data")


def only(folder: Path, pattern: str) -> Path:
    """The first path below `folder` that fits; raises FileNotFoundError where none does."""
    found = sorted(folder.glob(pattern))
    if not found:
        raise FileNotFoundError(f"no {pattern} was fetched")
    return found[0]


def debian(package: str, scratch: Path) -> Path:
    """Download and unpack a Debian package."""
    run("apt-get", "download", "-q", package, folder=scratch)
    run("dpkg-deb", "-x", str(only(scratch, "*.deb")), "unpacked", folder=scratch)
    return scratch / "unpacked"


def _linux_tar(scratch: Path) -> Path:
    return debian("linux-source-6.1", scratch) / "usr/src/linux-source-6.1.tar.xz"


def _fetch_kernel(scratch: Path, _target: Path) -> Path:
    unpack(_linux_tar(scratch), scratch)
    return scratch / "linux-source-6.1"


def _fetch_file_systems(scratch: Path, target: Path) -> Path:
    whole = machine.cache() / "kernel" / "fs"
    if whole.is_dir():
        return Path(shutil.copytree(whole, scratch / "linux" / "fs", symlinks=True)).parent
    unpack(_linux_tar(scratch), scratch, "linux-source-6.1/fs/")
    return scratch / "linux-source-6.1"


def _fetch_java(scratch: Path, _target: Path) -> Path:
    archive = debian("openjdk-17-source", scratch) / "usr/lib/jvm/openjdk-17/lib/src.zip"
    if not archive.is_file():
        archive = only(scratch / "unpacked", "usr/lib/jvm/**/src.zip")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(scratch / "jdk", [name for name in packed.namelist() if name.startswith("java.base/java/")])
    return scratch / "jdk"


def python_source(package: str, version: str, scratch: Path) -> Path:
    """Download and unpack a source distribution of PyPI; its top folder."""
    wanted = f"{package}=={version}"
    run(sys.executable, "-m", "pip", "-q", "download", "--no-deps", "--no-binary", ":all:", wanted, folder=scratch)
    unpack(only(scratch, "*.tar.gz"), scratch / "unpacked")
    return scratch / "unpacked" / f"{package}-{version}"


def _python(package: str, version: str) -> Callable[[Path, Path], Path]:
    def fetch(scratch: Path, _target: Path) -> Path:
        found = python_source(package, version, scratch) / package
        for tests in sorted(found.rglob("tests")):
            shutil.rmtree(tests, ignore_errors=True)
        return found

    return fetch


def _fetch_three(scratch: Path, _target: Path) -> Path:
    run("npm", "pack", "--silent", "three@0.170.0", folder=scratch)
    unpack(only(scratch, "*.tgz"), scratch)
    # The sources and the add-ons, without what is built from them, textures, fonts and other people's libraries.
    (scratch / "three").mkdir()
    shutil.rmtree(scratch / "package" / "examples" / "jsm" / "libs")
    (scratch / "package" / "src").rename(scratch / "three" / "src")
    (scratch / "package" / "examples" / "jsm").rename(scratch / "three" / "jsm")
    return scratch / "three"


_PARTS: dict[str, Callable[[Path, Path], Path]] = {
    "linux": _fetch_file_systems,
    "jdk": _fetch_java,
    "django": _python("django", "5.2.19"),
    "sympy": _python("sympy", "1.13.3"),
    "three": _fetch_three,
}


if __name__ == "__main__":
    print(kernel())
    print(mixed())
