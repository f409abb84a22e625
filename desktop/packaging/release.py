"""Makes a release of this tree: `python -m desktop.packaging.release 0.2.0 [--check] [-o dist]`.

The version is set, what the changelog holds as unreleased becomes its section, the metadata for desktops names it, sdist and
wheel are built and looked into. `--check` says what is wrong and changes nothing. Nothing is published, committed or tagged:
that is left to whoever releases, and said at the end.
"""

from __future__ import annotations

import argparse
import datetime
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from desktop.packaging.project import APP, HERE, ROOT, run, version

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_LINE = re.compile(r'^version = "[^"]+"$', re.MULTILINE)
_UNRELEASED = "## Unreleased\n"
_SECTION = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_RELEASES = "  <releases>\n"
NEEDED = (
    "codestrata_start.py",
    "codestrata_llama_index.py",
    "core/ports.py",
    "resources/models/static/codes.npy",
    "resources/icons/strata.svg",
    "resources/sample/parcels/pricing.py",
    "desktop/packaging/codestrata.desktop",
)
"""What a wheel has to hold, a file of each sort."""


class ReleaseError(Exception):
    """Why this tree cannot be released."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The files that name the version."""

    project: str
    changelog: str
    metainfo: str

    @classmethod
    def read(cls, root: Path = ROOT) -> Texts:
        """As they are now."""
        return cls(*(path.read_text("utf-8") for path in cls.paths(root)))

    def write(self, root: Path = ROOT) -> None:
        """In place of those that are there."""
        for path, text in zip(self.paths(root), (self.project, self.changelog, self.metainfo), strict=True):
            path.write_text(text, "utf-8")

    @staticmethod
    def paths(root: Path) -> tuple[Path, Path, Path]:
        """Where they are."""
        return root / "pyproject.toml", root / "CHANGELOG.md", root / HERE.relative_to(ROOT) / f"{APP}.metainfo.xml"


def released(texts: Texts, wanted: str, date: datetime.date) -> Texts:
    """The texts of a version. Raises ReleaseError where there is nothing to release, or the version does not come after
    the last one that was."""
    if _VERSION.fullmatch(wanted) is None:
        raise ReleaseError(f"'{wanted}' is no version: write three numbers, such as 0.2.0")
    done = [_number(found) for found in re.findall(r"^## (\d+\.\d+\.\d+)\b", texts.changelog, re.MULTILINE)]
    if done and _number(wanted) <= max(done):
        raise ReleaseError(f"{wanted} does not come after {'.'.join(map(str, max(done)))}, which was released")
    section = _SECTION.search(texts.changelog)
    if section is None or not re.search(r"^- ", section[1], re.MULTILINE):
        raise ReleaseError("the changelog tells of nothing that is unreleased")
    if len(_LINE.findall(texts.project)) != 1:
        raise ReleaseError("pyproject.toml does not name one version")
    release = f'    <release version="{wanted}" date="{date.isoformat()}"/>\n'
    if _RELEASES in texts.metainfo:
        metainfo = texts.metainfo.replace(_RELEASES, _RELEASES + release)
    else:
        metainfo = texts.metainfo.replace("</component>", f"{_RELEASES}{release}  </releases>\n</component>")
    return Texts(
        _LINE.sub(f'version = "{wanted}"', texts.project),
        texts.changelog.replace(_UNRELEASED, f"{_UNRELEASED}\n## {wanted} - {date.isoformat()}\n", 1),
        metainfo,
    )


def _number(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def build(output: Path) -> tuple[Path, Path]:
    """Sdist and wheel of this tree, the one made from the other. Raises ReleaseError for a package that lacks something."""
    run(sys.executable, "-m", "build", "--outdir", str(output.resolve()), str(ROOT))
    sdist = output / f"codestrata-{version()}.tar.gz"
    wheel = output / f"codestrata-{version()}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())
    if missing := [name for name in NEEDED if name not in names]:
        raise ReleaseError(f"the wheel lacks {', '.join(missing)}")
    if strange := sorted({name.split("/")[0] for name in names if name.startswith("tests/") or "__pycache__" in name}):
        raise ReleaseError(f"the wheel holds {', '.join(strange)}")
    with tarfile.open(sdist) as held_tar:
        if f"codestrata-{version()}/tests/fakes.py" not in held_tar.getnames():
            raise ReleaseError("the sdist lacks the tests")
    return sdist, wheel


def _check_tree() -> None:
    status = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    if status.strip():
        raise ReleaseError(f"there are changes that are not committed: {status.splitlines()[0].strip()} …")


def main() -> int:
    """Release, or say in one line why not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("version")
    parser.add_argument("--check", action="store_true", help="change and build nothing")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", help="where the packages are made")
    chosen = parser.parse_args()
    try:
        _check_tree()
        texts = released(Texts.read(), chosen.version, datetime.datetime.now(datetime.UTC).date())
        if chosen.check:
            sys.stdout.write(f"{chosen.version} can be released\n")
            return 0
        texts.write()
        made = build(chosen.output)
    except ReleaseError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("".join(f"{path}\n" for path in made))
    sys.stdout.write(f"next: make test, make package, make frozen; then commit, and tag v{chosen.version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
