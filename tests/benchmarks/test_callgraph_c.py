"""The calls of three C projects as clang's parser resolves them; a macro's calls belong to whoever uses the macro."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.benchmarks.callgraph_truth.judging import Project, judge, tell_by
from tests.benchmarks.callgraph_truth.projects import debian_source, needed
from tests.benchmarks.corpus import MissingCorpusError, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LEAST_F1 = 0.97


def test_calls_of_c(tmp_path: Path) -> None:
    try:
        pytest.importorskip("clang.cindex", reason="libclang is missing: pip install libclang")
        needed("gcc", "gcc")
        lua = debian_source("lua5.4", _prepare_lua)
        redis = debian_source("redis", _prepare_redis)
        uv = debian_source("libuv1")
    except MissingCorpusError as error:
        pytest.skip(str(error))
    deps = ("hiredis", "linenoise", "lua/src", "hdr_histogram")
    projects = [
        _project("lua", lua, ["src"], ["-Isrc", "-DLUA_USE_LINUX"]),
        _project("libuv", uv, ["src", "src/unix", "test"], ["-Iinclude", "-Isrc", "-D_GNU_SOURCE"]),
        _project(
            "redis",
            redis,
            ["src", *(f"deps/{one}" for one in deps)],
            [*(f"-Ideps/{one}" for one in deps), "-DREDIS_STATIC="],
        ),
    ]
    judge("C", projects, tmp_path, LEAST_F1, macros=True)


def _project(name: str, root: Path, folders: Sequence[str], options: Sequence[str]) -> Project:
    module = "tests.benchmarks.callgraph_truth.clang_calls"

    def tell(out: Path) -> None:
        tell_by([sys.executable, "-m", module, str(root), str(out), ",".join(folders), *options])

    return Project(name, root, tell)


def _prepare_lua(root: Path) -> None:
    """Debian's build makes a header with the name of the machine."""
    (root / "src" / "lua5.4-deb-multiarch.h").write_text('#define DEB_HOST_MULTIARCH "any"\n', encoding="utf-8")


def _prepare_redis(root: Path) -> None:
    run("sh", "mkreleasehdr.sh", folder=root / "src")
