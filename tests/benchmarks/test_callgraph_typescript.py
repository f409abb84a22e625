"""The calls of three TypeScript projects as the compiler resolves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.callgraph_truth import judging
from tests.benchmarks.callgraph_truth.projects import needed, npm_package
from tests.benchmarks.corpus import MissingCorpusError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LEAST_F1 = 0.85
_COMPILER = ("typescript", "5.9.3")
_EXTRACTOR = Path(judging.__file__).with_name("typescript_calls.cjs")
_PROJECTS = (("rxjs", "7.8.2", "src"), ("ajv", "8.20.0", "lib"), ("ethers", "6.17.0", "src.ts"))


def test_calls_of_typescript(tmp_path: Path) -> None:
    try:
        node = needed("node", "nodejs")
        compiler = npm_package(*_COMPILER)
        sources = {name: npm_package(name, version) / folder for name, version, folder in _PROJECTS}
    except MissingCorpusError as error:
        pytest.skip(str(error))
    judging.judge("TypeScript", [_project(node, compiler, name, root) for name, root in sources.items()], tmp_path, LEAST_F1)


def _project(node: str, compiler: Path, name: str, root: Path) -> judging.Project:
    command = [node, str(_EXTRACTOR), str(compiler), str(root)]
    return judging.Project(name, root, lambda out: judging.tell_by([*command, str(out)]))
