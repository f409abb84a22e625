"""Whole projects to measure folding with: fetched once, like the corpora, and kept beside them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import corpus, debian, machine
from tests.benchmarks.corpus import MissingCorpusError


def get(name: str) -> Path:
    """The sources of a project. Raises MissingCorpusError where they cannot be had."""
    target = machine.cache() / "projects" / name
    if not corpus.fetch_once(name, _PROJECTS[name], target):
        raise MissingCorpusError(f"the sources of {name} could not be fetched")
    return target


def _fetch_go(scratch: Path, _target: Path) -> Path:
    return corpus.debian("golang-1.19-src", scratch) / "usr/share/go-1.19/src"


def _fetch_docker(scratch: Path, _target: Path) -> Path:
    return corpus.debian("golang-github-docker-docker-dev", scratch) / "usr/share/gocode/src"


def _fetch_tomcat(scratch: Path, _target: Path) -> Path:
    return debian.source("tomcat10", scratch) / "java"


def _fetch_libuv(scratch: Path, _target: Path) -> Path:
    return corpus.python_source("uvloop", "0.21.0", scratch) / "vendor" / "libuv"


def _fetch_codemirror(scratch: Path, _target: Path) -> Path:
    corpus.run("npm", "pack", "--silent", "codemirror@5.65.18", folder=scratch)
    corpus.unpack(corpus.only(scratch, "*.tgz"), scratch)
    return scratch / "package"


def _fetch_django(scratch: Path, _target: Path) -> Path:
    return corpus.python_source("django", "5.2.19", scratch)


def _fetch_prometheus(scratch: Path, _target: Path) -> Path:
    return debian.source("prometheus", scratch)


def _fetch_whole_tomcat(scratch: Path, _target: Path) -> Path:
    return debian.source("tomcat10", scratch)


def _fetch_celery(scratch: Path, _target: Path) -> Path:
    return corpus.python_source("celery", "5.4.0", scratch)


def _fetch_nginx(scratch: Path, _target: Path) -> Path:
    return debian.source("nginx", scratch)


def _fetch_scrapy(scratch: Path, _target: Path) -> Path:
    return corpus.python_source("scrapy", "2.12.0", scratch)


def _fetch_curl(scratch: Path, _target: Path) -> Path:
    return debian.source("curl", scratch)


def _fetch_webpack(scratch: Path, _target: Path) -> Path:
    corpus.run("npm", "pack", "--silent", "webpack@5.97.1", folder=scratch)
    corpus.unpack(corpus.only(scratch, "*.tgz"), scratch)
    return scratch / "package"


def _fetch_sidekiq(scratch: Path, _target: Path) -> Path:
    return debian.source("ruby-sidekiq", scratch)


def _fetch_vue(scratch: Path, _target: Path) -> Path:
    corpus.run("git", "clone", "-q", "--depth", "1", "--branch", "v3.5.13", "https://github.com/vuejs/core", folder=scratch)
    return scratch / "core"


_PROJECTS: dict[str, Callable[[Path, Path], Path]] = {
    "golang": _fetch_go,
    "docker": _fetch_docker,
    "tomcat": _fetch_tomcat,
    "libuv": _fetch_libuv,
    "codemirror": _fetch_codemirror,
    "django-whole": _fetch_django,
    "prometheus": _fetch_prometheus,
    "tomcat-whole": _fetch_whole_tomcat,
    "vue": _fetch_vue,
    "celery": _fetch_celery,
    "nginx": _fetch_nginx,
    "scrapy": _fetch_scrapy,
    "curl": _fetch_curl,
    "webpack": _fetch_webpack,
    "sidekiq": _fetch_sidekiq,
}


if __name__ == "__main__":
    for name in _PROJECTS:
        try:
            print(get(name))
        except MissingCorpusError as error:
            print(error, file=sys.stderr)
