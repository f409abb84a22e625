"""What the code graph tells of a small source as a whole: cycles, dead code, entry points, hotspots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.cancellation import CancellationToken
from core.errors import SourceError, UsageError
from desktop import assembly
from desktop.engine.graph_methods import graph_methods
from tests.indexing.trees import index_tree, write_tree

SOURCE = {
    "pyproject.toml": '[project.scripts]\nshop = "shop.cli:start"\n',
    "README.md": "Call `documented_helper` to help.\n",
    "shop/__init__.py": "from shop.api import handed_out, quiet\n",
    "shop/api.py": """from shop.models import Order


def handed_out():
    return Order().total()


def quiet():
    return 5


def _never():
    return _only_from_never()


def _only_from_never():
    return 1


def _named_in_a_string():
    return 2


def documented_helper():
    return 3


def _used_by_tests():
    return 4


CALL = getattr(api, "_named_in_a_string")
""",
    "shop/models.py": """import json
from enum import Enum


class Order:
    def __str__(self):
        return "order"

    def total(self):
        from shop.api import handed_out

        return handed_out

    def _unseen(self):
        return 0


class Encoder(json.JSONEncoder):
    def default(self, value):
        return str(value)


class _Forgotten:
    def one(self):
        return self.two()

    def two(self):
        return 2
""",
    "shop/web.py": """from flask import Flask

app = Flask("shop")


@app.route("/orders/<int:number>")
def show_order(number):
    return _shown(number)


def _shown(number):
    return number


@app.get("/health")
def _health():
    return "ok"
""",
    "shop/cli.py": """import click
from shop.models import Order


@click.command()
def run():
    pass


def start():
    Order().total()
    run()


if __name__ == "__main__":
    start()
""",
    "shop/orphan.py": "def alone():\n    return 1\n",
    "shop/migrations/0001_first.py": "class Migration:\n    steps = []\n",
    "tests/test_api.py": "from shop.api import _used_by_tests\n\n\ndef test_it():\n    assert _used_by_tests() == 4\n",
    "cmd/main.go": "package main\n\nfunc main() { used() }\n\nfunc used() {}\n\nfunc unused() {}\n\nfunc init() {}\n",
    "lib/Job.java": """package lib;
public class Job implements Runnable {
  public static void main(String[] args) { new Job().twice(1); }
  @Override public void run() {}
  private int twice(int x) { return x; }
  private int twice(String x) { return 2; }
  private void forgotten() {}
  @Scheduled(fixedRate = 5) void tick() {}
}
""",
    "web/app.js": """import { used } from './util.js';
used(function onDone() { return 1; });
export function handedOut() {}
function lost() {}
""",
    "web/util.js": "export function used(f) { return f(); }\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("graph")
    write_tree(root / "source", SOURCE)
    index_tree(root / "source", root / "index")
    return root / "index"


@pytest.fixture(scope="module")
def ask(folder: Path) -> Any:
    methods = graph_methods(assembly.open_service(assembly.settings_for()))
    return lambda method, **params: methods[method]({"index": str(folder), **params}, CancellationToken())


@pytest.fixture(scope="module")
def dead(ask: Any) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in ask("dead", doubtful=True)["candidates"]}


def caveats(one: dict[str, Any]) -> set[str]:
    return {found["caveat"] for found in one["caveats"]}


@pytest.mark.parametrize(
    "name",
    ["shop.api._never", "shop.api._only_from_never", "shop.models.Order._unseen", "shop.models._Forgotten",
     "cmd.main.unused", "lib.Job.Job.forgotten", "web.app.lost"],
)  # fmt: skip
def test_what_nothing_reaches_and_nothing_names_is_likely_dead(dead: dict[str, dict[str, Any]], name: str) -> None:
    assert (dead[name]["certainty"], dead[name]["caveats"]) == ("likely", [])


@pytest.mark.parametrize(
    ("name", "certainty", "why"),
    [
        ("shop.api._named_in_a_string", "doubtful", {"string"}),
        ("shop.api.quiet", "doubtful", {"exported", "public"}),
        ("shop.api.documented_helper", "doubtful", {"documented", "public"}),
        ("shop.api._used_by_tests", "doubtful", {"tests", "imported"}),
        ("shop.models.Encoder", "possible", {"public"}),
        ("shop.orphan", "possible", {"public"}),
        ("shop.migrations.0001_first", "doubtful", {"place", "public"}),
        ("web.app.handedOut", "possible", {"public"}),
    ],
)
def test_what_may_be_alive_says_why(dead: dict[str, dict[str, Any]], name: str, certainty: str, why: set[str]) -> None:
    assert (dead[name]["certainty"], caveats(dead[name])) == (certainty, why)


@pytest.mark.parametrize(
    "name",
    ["shop.api.handed_out", "shop.models.Order.total", "shop.models.Order.__str__", "shop.web.show_order",
     "shop.web._shown", "shop.web._health", "shop.cli.run", "shop.cli.start", "cmd.main.used", "cmd.main.init",
     "lib.Job.Job.twice", "lib.Job.Job.twice#2", "lib.Job.Job.tick", "web.util.used", "shop.models._Forgotten.one",
     "shop.orphan.alone"],
)  # fmt: skip
def test_what_is_reached_or_lies_in_a_candidate_is_not_listed(dead: dict[str, dict[str, Any]], name: str) -> None:
    assert name not in dead


def test_a_function_defined_where_it_is_handed_on_is_in_doubt(dead: dict[str, dict[str, Any]]) -> None:
    assert [caveats(one) for name, one in dead.items() if name.endswith("onDone")] in ([], [{"handed_on"}])


def test_a_candidate_says_who_among_them_uses_it(dead: dict[str, dict[str, Any]]) -> None:
    assert dead["shop.api._only_from_never"]["used_by"] == ["shop.api._never"]


def test_strong_caveats_are_left_out_unless_asked_for_and_a_path_narrows(ask: Any) -> None:
    told = ask("dead")
    assert {one["certainty"] for one in told["candidates"]} == {"likely", "possible"}
    assert told["counts"]["doubtful"] == 0
    assert {one["path"] for one in ask("dead", path="web/")["candidates"]} == {"web/app.js"}


def test_entry_points_by_kind(ask: Any) -> None:
    told = ask("entries")
    found = {(one["entry"], one["id"]) for one in told["entries"]}
    assert {
        ("main", "cmd.main.main"),
        ("main", "lib.Job.Job.main"),
        ("script", "shop.cli"),
        ("script", "shop.cli.start"),
        ("route", "shop.web.show_order"),
        ("route", "shop.web._health"),
        ("handler", "cmd.main.init"),
        ("handler", "lib.Job.Job.tick"),
        ("command", "shop.cli.run"),
        ("test", "tests.test_api.test_it"),
        ("exported", "shop.models.Order"),
        ("exported", "web.app.handedOut"),
    } <= found
    assert told["counts"]["route"] == 2
    assert {one["entry"] for one in ask("entries", kinds=["main"])["entries"]} == {"main"}
    assert ("exported", "shop.models.Order.__str__") not in found
    with pytest.raises(UsageError, match="no kind of entry point 'nothing'"):
        ask("entries", kinds=["nothing"])


def test_files_that_import_each_other(ask: Any) -> None:
    [found] = ask("cycles")["cycles"]
    assert found["nodes"] == ["shop/api.py", "shop/models.py"]
    links = {(link["source"], link["target"]): link for link in found["cycle"]}
    assert links["shop/models.py", "shop/api.py"]["deferred"]
    assert links["shop/models.py", "shop/api.py"]["places"][0]["line"] == 10
    assert len(found["breaks"]) == 1
    assert ask("cycles", level="symbol", by="calls")["cycles"] == []
    with pytest.raises(UsageError, match="symbols are not compared by imports"):
        ask("cycles", level="symbol")


def test_without_history_there_are_no_hotspots(ask: Any) -> None:
    with pytest.raises(SourceError, match="no history"):
        ask("hotspots")
