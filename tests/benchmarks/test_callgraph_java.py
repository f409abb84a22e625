"""The calls of three Java projects as javac attributes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.callgraph_truth import judging
from tests.benchmarks.callgraph_truth.projects import debian_source, needed
from tests.benchmarks.corpus import MissingCorpusError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LEAST_F1 = 0.93
_EXTRACTOR = Path(judging.__file__).with_name("JavaCalls.java")
_PROJECTS = {
    "commons-lang": "libcommons-lang3-java",
    "commons-collections": "libcommons-collections4-java",
    "jackson-core": "jackson-core",
}


def test_calls_of_java(tmp_path: Path) -> None:
    try:
        java = needed("javac", "openjdk-17-jdk-headless").removesuffix("c")
        sources = {name: debian_source(package) / "src" / "main" / "java" for name, package in _PROJECTS.items()}
    except MissingCorpusError as error:
        pytest.skip(str(error))
    judging.judge("Java", [_project(java, name, root) for name, root in sources.items()], tmp_path, LEAST_F1)


def _project(java: str, name: str, root: Path) -> judging.Project:
    return judging.Project(name, root, lambda out: judging.tell_by([java, str(_EXTRACTOR), str(root), str(out), "."]))
