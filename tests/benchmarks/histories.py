"""Public repositories with their histories: trees at a commit, and what fixes said and changed.

CODESTRATA_MIRRORS names a folder of bare clones to use, each as `OWNER+NAME/repo`; what is not there is cloned once from
GitHub into the cache. Of other projects nothing is kept in this repository but names and commits.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import corpus, machine
from tests.benchmarks.corpus import MissingCorpusError

MIRRORS_VARIABLE = "CODESTRATA_MIRRORS"

_FIX = re.compile(
    r"\b(?:fix(?:e[sd]|ing)?|bugs?|crash(?:es|ed)?|regression|panic(?:s|ked)?|wrong(?:ly)?|incorrect(?:ly)?)\b", re.I
)
_NO_FIX = re.compile(
    r"\b(?:typos?|docs?|documentation|readme|comments?|changelog|tests?|testing|flaky|lint(?:er)?|ci|build|warnings?|bump"
    r"|deps|dependabot|dependency|release|merge|revert|format(?:ting)?|spelling|style|mypy|workflow|spotless)\b",
    re.I,
)
_TRAILER = re.compile(r"^(?:[A-Z][\w-]+-by|Change-Id|PiperOrigin-RevId|Fixes|Closes|Resolves|Ref|PR)\s*:?\s.*$", re.I | re.M)
_NUMBER = re.compile(r"(?:https?://\S+|\(?\b(?:gh-|pr )?#\d+\)?)", re.I)
_ASIDE = re.compile(
    r"(?:^|[/_.-])(?:tests?|specs?|testing|testdata|bench(?:es|marks?)?|examples?|docs?|vendor)(?:[/_.-]|$)|Tests?\.\w+$",
    re.I,
)
_MOST_FILES = 2
"""A fix of more files has no one place."""
_LEAST_WORDS = 8
_MOST_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on GitHub, at a commit."""

    name: str
    commit: str
    endings: tuple[str, ...]

    @property
    def short(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Fix:
    """What a commit says, as it was written, and the source files it changed."""

    commit: str
    message: str
    paths: tuple[str, ...]


def bare(repository: Repository) -> Path:
    """Its bare clone. Raises MissingCorpusError where there is none and none can be made."""
    name = repository.name.replace("/", "+")
    if (given := os.environ.get(MIRRORS_VARIABLE)) and (Path(given) / name / "repo").is_dir():
        return Path(given) / name / "repo"

    def clone(scratch: Path, _target: Path) -> Path:
        corpus.run("git", "clone", "-q", "--bare", f"https://github.com/{repository.name}", "repo", folder=scratch)
        return scratch / "repo"

    target = machine.cache() / "histories" / name
    if not corpus.fetch_once(repository.name, clone, target):
        raise MissingCorpusError(f"{repository.name} could not be cloned; {MIRRORS_VARIABLE} may name a folder of clones")
    return target


def git(folder: Path, *words: str) -> str:
    """What git prints about a bare repository."""
    done = subprocess.run(["git", f"--git-dir={folder}", *words], capture_output=True, check=True, timeout=600)
    return done.stdout.decode("utf-8", "replace")


def ancestor(repository: Repository, distance: int) -> str:
    """The commit so many steps before, along first parents."""
    return git(bare(repository), "rev-parse", f"{repository.commit}~{distance}").strip()


def check_out(repository: Repository, commit: str, target: Path) -> Path:
    """Write the tree at a commit into `target`, once."""
    if not target.is_dir():
        packed = subprocess.run(
            ["git", f"--git-dir={bare(repository)}", "archive", "--format=tar", commit], capture_output=True, check=True
        )
        part = target.with_name(f"{target.name}.part")
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tar:
            tar.extractall(part, filter="data")
        part.rename(target)
    return target


def fixes(repository: Repository, older: str, newer: str, known: Sequence[str], count: int) -> list[Fix]:
    """The first `count` fixes between two commits that changed one or two source files, all of them among `known`."""
    paths = frozenset(known)
    found: list[Fix] = []
    for fix in _commits(repository, older, newer):
        changed = [path for path in fix.paths if path.endswith(repository.endings) and not _ASIDE.search(path)]
        if 0 < len(changed) <= _MOST_FILES and paths.issuperset(changed) and len(fix.message.split()) >= _LEAST_WORDS:
            found.append(Fix(fix.commit, fix.message, tuple(changed)))
    return found[:count]


def _commits(repository: Repository, older: str, newer: str) -> Iterator[Fix]:
    printed = git(
        bare(repository), "log", "--no-merges", "--reverse", "--name-only", "--format=%x01%H%x02%B%x02", f"{older}..{newer}"
    )
    for record in printed.split("\x01")[1:]:
        commit, message, names = record.split("\x02", 2)
        subject = message.split("\n", 1)[0]
        if _FIX.search(subject) and not _NO_FIX.search(subject):
            yield Fix(commit, _asked(message), tuple(filter(None, names.split("\n"))))


def _asked(message: str) -> str:
    """The message without numbers of issues, links and the lines that say who signed it."""
    return _NUMBER.sub("", _TRAILER.sub("", message)).strip()[:_MOST_CHARACTERS]
