"""A source that calls its parts by names which their folders do not have."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.model.symbol import Import
from indexing.intake import open_source
from indexing.intake.package_names import package_names
from indexing.linking.directory import Directory
from indexing.linking.own_names import NO_NAMES, OwnNames, is_manifest, own_names
from indexing.linking.whole import link
from tests.indexing.linking.sources import calls, facts_of
from tests.indexing.trees import graph_of, index_tree, write_tree

FLASK = {
    "__init__.py": "from .app import Flask\n",
    "app.py": """import json
from flask.helpers import stream


class Flask:
    def run(self):
        return stream(json.dumps(1))
""",
    "helpers.py": "def stream(x):\n    from flask import Flask\n    return Flask().run()\n",
    "json/__init__.py": "def dumps(x):\n    return x\n",
    "cli.py": "import flask.app\n\nDEFAULT = 'flask.app.Flask'\n\n\ndef main():\n    flask.app.Flask().run()\n",
}


def linked(sources: dict[str, str], names: OwnNames) -> dict[str, list[str]]:
    return calls(link([facts_of(path, text) for path, text in sources.items()], CancellationToken(), names))


def test_a_package_that_is_the_root_of_a_source_is_imported_by_its_own_name() -> None:
    found = linked(FLASK, OwnNames({"": "flask"}))
    assert found["app.Flask.run"] == ["helpers.stream", "json.dumps"]  # the library's: `external` names are written alike
    assert found["helpers.stream"] == ["app.Flask", "app.Flask.run"]
    assert found["cli.main"] == ["app.Flask", "app.Flask.run"]


def test_within_a_package_a_name_of_the_standard_library_is_not_the_module_beside_it() -> None:
    names = OwnNames({"": "flask"})
    graph = link([facts_of(path, text) for path, text in FLASK.items()], CancellationToken(), names)
    held = {symbol.key: symbol for symbol in graph.symbols}
    dumped = [held[edge.target] for edge in graph.edges if held[edge.target].qualified_name == "json.dumps"]
    assert {symbol.path for symbol in dumped if symbol.kind == "external"} == {""}
    assert not [edge for edge in graph.edges if held[edge.target].path == "json/__init__.py" and edge.kind == "calls"]


def test_a_package_deep_within_others_is_imported_by_its_whole_name() -> None:
    sources = {
        "__init__.py": "",
        "options.py": "def register():\n    pass\n",
        "sites.py": "from django.contrib.admin import options\nfrom django.contrib.admin.options import register\n"
        "from django.core import checks\n\n\ndef go():\n    options.register()\n    register()\n    checks.run()\n",
    }
    assert linked(sources, OwnNames({"": "django.contrib.admin"})) == {
        "sites.go": ["django.core.checks.run", "options.register"]
    }


@pytest.fixture
def flask(tmp_path: Path) -> Path:
    write_tree(tmp_path / "flask", FLASK)
    return tmp_path / "flask"


def test_the_name_is_known_from_the_folder(flask: Path, tmp_path: Path) -> None:
    index_tree(flask, tmp_path / "index")
    found = {(source, target) for source, target, kind, *_ in graph_of(tmp_path / "index") if kind == "calls"}
    assert {("cli.main", "app.Flask.run"), ("app.Flask.run", "helpers.stream")} <= found
    graph = graph_of(tmp_path / "index")
    assert ("cli.DEFAULT", "app.Flask", "references", "inferred", "cli.py", 3) in graph  # what the string names


def test_the_name_is_known_from_an_archive_from_packages_around_and_in_a_src_layout(flask: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for path, text in FLASK.items():
            archive.writestr(f"flask-3.0.1/{path}", text)
    write_tree(tmp_path, {"src/outer/__init__.py": "", "src/outer/inner/__init__.py": "", "src/outer/inner/a.py": "X = 1\n"})
    for source, names in (
        (tmp_path / "download.zip", {"": "flask"}),
        (flask, {"": "flask"}),
        (tmp_path / "src" / "outer" / "inner", {"": "outer.inner"}),
        (tmp_path / "src", {}),
    ):
        with open_source(str(source)) as workspace:
            assert package_names(workspace) == names


def test_a_source_of_several_knows_the_packages_among_them(flask: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("shop/__init__.py", "")
        archive.writestr("shop/till.py", "def open_till():\n    pass\n")
    write_tree(tmp_path / "use", {"use.py": "from shop.till import open_till\n\n\ndef go():\n    open_till()\n"})
    with open_source(f"{tmp_path / 'old.zip'}\n{tmp_path / 'use'}") as workspace:
        names = own_names(package_names(workspace), ())
    assert names.packages == {"old": "shop"}
    sources = {"old/__init__.py": "", "old/till.py": "def open_till():\n    pass\n", "use/use.py": FLASK["cli.py"]}
    sources["use/use.py"] = "from shop.till import open_till\n\n\ndef go():\n    open_till()\n"
    assert linked(sources, names) == {"use.use.go": ["old.till.open_till"]}


def test_a_go_module_is_imported_by_the_path_in_its_go_mod() -> None:
    sources = {
        "x.go": "package x\n\nfunc Run() {}\n",
        "cmd/main.go": 'package main\n\nimport "example.com/x"\n\nfunc main() { x.Run() }\n',
    }
    assert linked(sources, NO_NAMES) == {"cmd.main.main": ["example.com.x.Run"]}
    names = own_names({}, [("go.mod", b"// the module\nmodule example.com/x // here\n\ngo 1.22\n")])
    assert linked(sources, names) == {"cmd.main.main": ["x.Run"]}


def test_a_package_of_npm_is_imported_by_the_name_in_its_package_json() -> None:
    sources = {
        "packages/core/src/index.ts": "export { add } from './sums';\n",
        "packages/core/src/sums.ts": "export function add(a: number) { return a; }\n",
        "packages/app/src/main.ts": "import { add } from '@shop/core';\nimport * as s from '@shop/core/sums';\n"
        "import { gone } from '@shop/other';\nfunction go() { add(1); s.add(2); gone(); }\n",
    }
    manifests = [
        ("packages/core/package.json", b'{"name": "@shop/core", "exports": {".": {"import": "./dist/index.js"}}}'),
        ("packages/app/package.json", b'{"name": "app"'),
        ("node_modules/@shop/other/package.json", b'{"name": "@shop/other"}'),
    ]
    names = own_names({}, [entry for entry in manifests if is_manifest(entry[0])])
    assert linked(sources, names)["packages.app.src.main.go"] == ["@shop/other.gone", "packages.core.src.sums.add"]
    assert names.scripts.keys() == {"@shop/core"}


def test_a_crate_is_named_by_its_cargo_toml() -> None:
    sources = {
        "src/lib.rs": "pub fn run() {}\n",
        "src/main.rs": "use my_tool::run;\nfn main() { run(); }\n",
        "tests/it.rs": "fn works() { my_tool::run(); }\n",
        "extra/helper/src/lib.rs": "pub fn help() {}\n",
        "src/other.rs": "use helpful::help;\nfn go() { help(); }\n",
    }
    names = own_names(
        {},
        [
            ("Cargo.toml", b'[package]\nname = "my-tool"\n'),
            ("extra/helper/Cargo.toml", b'[package]\nname = "helper"\n[lib]\nname = "helpful"\n'),
        ],
    )
    assert linked(sources, names) == {
        "src.main.main": ["src.lib.run"],
        "tests.it.works": ["src.lib.run"],
        "src.other.go": ["extra.helper.src.lib.help"],
    }


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b"\xff\xfe", b'{"name": 3}', b"[" * 100_000])
@pytest.mark.parametrize("path", ["go.mod", "package.json", "Cargo.toml"])
def test_a_manifest_that_tells_nothing_is_passed_over(path: str, content: bytes) -> None:
    assert own_names({}, [(path, content)]) == NO_NAMES


def test_a_large_source_finds_the_files_that_its_own_names_mean() -> None:
    paths = ["__init__.py", "helpers.py", "packages/core/src/index.ts", "util/util.go", "other/helpers.py"]
    names = OwnNames(
        {"": "flask"}, {"example.com/x": ""}, own_names({}, [("packages/core/package.json", b'{"name": "c"}')]).scripts
    )
    directory = Directory(enumerate(paths), names)

    def found(module: str, name: str = "") -> set[str]:
        return {paths[key] for key in directory.resolve("a/b.py", Import(module, name, name, 0, 0, 1))}

    assert {"__init__.py", "helpers.py"} <= found("flask", "helpers")
    assert "packages/core/src/index.ts" in found("c", "run")
    assert "util/util.go" in found("example.com/x/util")


def test_a_manifest_that_changes_has_everything_linked_anew(tmp_path: Path) -> None:
    write_tree(
        tmp_path / "source",
        {
            "go.mod": "module example.com/y\n",
            "x.go": "package x\n\nfunc Run() {}\n",
            "cmd/main.go": 'package main\n\nimport "example.com/x"\n\nfunc main() { x.Run() }\n',
        },
    )
    index_tree(tmp_path / "source", tmp_path / "index")
    assert not any(edge[:3] == ("cmd.main.main", "x.Run", "calls") for edge in graph_of(tmp_path / "index"))
    write_tree(tmp_path / "source", {"go.mod": "module example.com/x\n"})
    index_tree(tmp_path / "source", tmp_path / "index")
    assert any(edge[:3] == ("cmd.main.main", "x.Run", "calls") for edge in graph_of(tmp_path / "index"))
