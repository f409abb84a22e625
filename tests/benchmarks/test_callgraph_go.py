"""The calls of three Go projects as go/types resolves them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.benchmarks.callgraph_truth import judging
from tests.benchmarks.callgraph_truth.projects import debian_packages, home, needed
from tests.benchmarks.corpus import MissingCorpusError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LEAST_F1 = 0.95
_EXTRACTOR = Path(judging.__file__).with_name("go_calls.go")
_PACKAGES = (
    "golang-github-yuin-goldmark-dev",
    "golang-github-coreos-bbolt-dev",
    "golang-golang-x-tools-dev",
    "golang-golang-x-mod-dev",
    "golang-golang-x-sys-dev",
)
_PROJECTS = {"goldmark": "github.com/yuin/goldmark", "bbolt": "go.etcd.io/bbolt", "x-tools": "golang.org/x/tools"}


def test_calls_of_go(tmp_path: Path) -> None:
    try:
        go = needed("go", "golang-go")
        workspace = debian_packages("go", _PACKAGES) / "usr" / "share" / "gocode"
    except MissingCorpusError as error:
        pytest.skip(str(error))
    environment = {
        **os.environ,
        "GOPATH": str(workspace),
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOCACHE": str(home() / "gocache"),
    }
    extractor = home() / "go_calls"
    judging.tell_by([go, "build", "-o", str(extractor), str(_EXTRACTOR)], environment)
    projects = [_project(extractor, name, path, workspace / "src" / path, environment) for name, path in _PROJECTS.items()]
    judging.judge("Go", projects, tmp_path, LEAST_F1)


def _project(extractor: Path, name: str, path: str, root: Path, environment: dict[str, str]) -> judging.Project:
    return judging.Project(name, root, lambda out: judging.tell_by([str(extractor), str(root), path, str(out)], environment))
