"""The calls of three Rust crates as rustc resolves them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.benchmarks.callgraph_truth import judging
from tests.benchmarks.callgraph_truth.projects import debian_packages, home, old_rustc
from tests.benchmarks.corpus import MissingCorpusError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
LEAST_F1 = 0.85
_CRATES = {
    "memchr": ("std",),
    "bitflags": (),
    "unicase": (),
    "aho-corasick": ("std",),
    "regex-syntax": ("unicode",),
    "pulldown-cmark": (),
}
"""In the order in which they need each other, with the features that are on."""
_JUDGED = ("aho-corasick", "regex-syntax", "pulldown-cmark")
_FLAGS = {
    "unicase": ("__unicase__iter_cmp", "__unicase__defauler_hasher", "__unicase__const_fns", "__unicase__core_and_alloc")
}
"""What the build script of a crate would find out about the compiler."""


def test_calls_of_rust(tmp_path: Path) -> None:
    try:
        rustc = old_rustc()
        registry = (
            debian_packages("rust", [f"librust-{name}-dev" for name in _CRATES]) / "usr" / "share" / "cargo" / "registry"
        )
    except MissingCorpusError as error:
        pytest.skip(str(error))
    roots = {name: next(iter(sorted(registry.glob(f"{name}-[0-9]*")))) for name in _CRATES}
    built = home() / "rust-built"
    for name, root in roots.items():
        _build(rustc, name, root, built)
    judging.judge("Rust", [_project(name, roots[name], built) for name in _JUDGED], tmp_path, LEAST_F1)


def _build(rustc: str, name: str, root: Path, built: Path) -> None:
    flags = [f'feature="{feature}"' for feature in _CRATES[name]] + list(_FLAGS.get(name, ()))
    command = [rustc, "--crate-type", "lib", "--emit", "metadata,link", "--cap-lints", "allow", "--edition", "2018"]
    command += ["--crate-name", name.replace("-", "_"), "-L", str(built), "--out-dir", str(built)]
    command += [part for flag in flags for part in ("--cfg", flag)]
    if name in _JUDGED:
        command += ["-Zsave-analysis"]
        # By their paths, since the compiler brings crates of these names along.
        used = (f"{other}={built}/lib{other}.rlib" for other in ("memchr", "bitflags", "unicase"))
        command += [part for one in used for part in ("--extern", one)]
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1"}
    judging.tell_by(["env", "-C", str(root), *command, "src/lib.rs"], environment)


def _project(name: str, root: Path, built: Path) -> judging.Project:
    module, analysis = (
        "tests.benchmarks.callgraph_truth.rust_calls",
        built / "save-analysis" / f"lib{name.replace('-', '_')}.json",
    )
    return judging.Project(
        name, root, lambda out: judging.tell_by([sys.executable, "-m", module, str(root), str(analysis), str(out)])
    )
