"""The projects that compilers judge, fetched once into the cache; tools that a language needs are named where they lack."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks import machine
from tests.benchmarks.corpus import MissingCorpusError, fetch_once, only, run, unpack

_LISTS = Path("/etc/apt")
_OLD_RUSTC = 65
"""The last minor version of rustc 1 that writes its analysis down."""


def home() -> Path:
    """Where projects, truths and graphs are kept."""
    folder = machine.cache() / "callgraph"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def needed(tool: str, package: str) -> str:
    """The path of a program. Raises MissingCorpusError that says what to install."""
    found = shutil.which(tool)
    if found is None:
        raise MissingCorpusError(f"{tool} is missing: apt-get install {package}")
    return found


def old_rustc() -> str:
    """A compiler that knows `-Zsave-analysis`. Raises MissingCorpusError where there is none."""
    for candidate in ("/usr/bin/rustc", shutil.which("rustc")):
        if candidate and Path(candidate).is_file():
            told = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False).stdout
            version = re.match(r"rustc 1\.(\d+)", told)
            if version and int(version[1]) <= _OLD_RUSTC:
                return candidate
    raise MissingCorpusError(
        "a rustc up to 1.65 is missing, which -Zsave-analysis needs: apt-get install rustc, on Debian 12"
    )


def debian_source(package: str, prepare: Callable[[Path], None] | None = None) -> Path:
    """The sources of a Debian source package; `prepare` makes what its own build would make first."""

    def fetch(scratch: Path, _target: Path) -> Path:
        needed("dpkg-source", "dpkg-dev")
        parts, lists = scratch / "parts", scratch / "lists"
        parts.mkdir()
        (lists / "partial").mkdir(parents=True)
        for source in [
            *_LISTS.glob("sources.list.d/*.sources"),
            *_LISTS.glob("sources.list.d/*.list"),
            _LISTS / "sources.list",
        ]:
            if source.is_file():
                text = re.sub(r"(?m)^(Types: *)deb *$", r"\1deb-src", source.read_text(encoding="utf-8"))
                (parts / source.name).write_text(re.sub(r"(?m)^deb ", "deb-src ", text), encoding="utf-8")
        own = (
            "-o",
            "Dir::Etc::sourcelist=/dev/null",
            "-o",
            f"Dir::Etc::sourceparts={parts}",
            "-o",
            f"Dir::State::Lists={lists}",
        )
        run("apt-get", "-q", *own, "update", folder=scratch)
        run("apt-get", "-q", *own, "source", package, folder=scratch)
        found = (
            only(scratch, f"{package}*/debian").parent
            if list(scratch.glob(f"{package}*/debian"))
            else only(scratch, "*/debian").parent
        )
        if prepare is not None:
            prepare(found)
        return found

    return _had(package, fetch)


def debian_packages(name: str, packages: Sequence[str]) -> Path:
    """What several Debian packages install, in one tree."""

    def fetch(scratch: Path, _target: Path) -> Path:
        run("apt-get", "download", "-q", *packages, folder=scratch)
        for archive in sorted(scratch.glob("*.deb")):
            run("dpkg-deb", "-x", str(archive), "unpacked", folder=scratch)
        return scratch / "unpacked"

    return _had(name, fetch)


def npm_package(name: str, version: str) -> Path:
    """The files of a package of npm."""

    def fetch(scratch: Path, _target: Path) -> Path:
        run(needed("npm", "npm"), "pack", "--silent", f"{name}@{version}", folder=scratch)
        unpack(only(scratch, "*.tgz"), scratch)
        return scratch / "package"

    return _had(f"npm-{name}-{version}", fetch)


def _had(name: str, fetch: Callable[[Path, Path], Path]) -> Path:
    target = home() / "projects" / name
    if not fetch_once(name, fetch, target):
        raise MissingCorpusError(f"{name} could not be fetched")
    return target
