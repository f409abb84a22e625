"""Diagrams as the engine gives them: laid out, as a picture without what is hidden, and of an answer's own evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.cancellation import CancellationToken
from core.errors import UsageError
from desktop import assembly
from desktop.engine.diagram_methods import diagram_methods
from desktop.engine.service import Service
from tests.indexing.trees import index_tree, write_tree

SOURCE = {
    "shop/__init__.py": "",
    "shop/web/__init__.py": "",
    "shop/web/page.py": "from shop.till.pay import pay\n\n\ndef show():\n    return pay(1)\n",
    "shop/till/__init__.py": "",
    "shop/till/pay.py": "def pay(sum):\n    return sum\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("diagrams")
    write_tree(root / "source", SOURCE)
    index_tree(root / "source", root / "index")
    return root / "index"


@pytest.fixture(scope="module")
def ask(folder: Path) -> Any:
    methods = diagram_methods(assembly.open_service(assembly.settings_for()))
    return lambda method, **params: methods[method]({"index": str(folder), **params}, CancellationToken())


def excerpt(number: int, path: str, start: int, end: int, symbol: str) -> dict[str, object]:
    return {"n": number, "path": path, "start_line": start, "end_line": end, "symbol": symbol, "role": "hit", "tokens": 9}


def test_a_picture_leaves_out_what_is_hidden(ask: Any) -> None:
    drawn = ask("diagram", kind="architecture", scope="")["diagram"]
    labels = {node["id"]: node["label"] for node in drawn["nodes"]}
    [till] = [id_ for id_, label in labels.items() if label == "till"]
    whole = ask("picture", kind="architecture")["svg"]
    part = ask("picture", kind="architecture", theme="dark", hide={"boxes": [till]})["svg"]
    assert ">till<" in whole
    assert ">till<" not in part
    assert "1 box hidden by hand" in part
    assert ">web<" in part


def test_a_file_leaves_out_what_is_hidden(ask: Any, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    written = ask("export", kind="architecture", file=str(file), hide={"kinds": ["calls", "imports", "references"]})
    assert written["bytes"] == file.stat().st_size
    assert "hidden by hand" in file.read_text()


def test_the_evidence_of_an_answer_is_drawn_as_it_was(ask: Any) -> None:
    pack = {
        "budget": 100,
        "tokens": 18,
        "whole_source_tokens": 40,
        "excerpts": [
            excerpt(1, "shop/web/page.py", 4, 5, "shop.web.page.show"),
            excerpt(2, "shop/till/pay.py", 1, 2, "shop.till.pay.pay"),
        ],
    }
    drawn = ask("diagram", kind="pack", scope="How is it paid?", pack=pack)["diagram"]
    assert drawn["title"] == "Evidence for: How is it paid?"
    assert [node["label"] for node in drawn["nodes"]] == ["[1] show", "[2] pay"]
    assert [(edge["source"], edge["target"]) for edge in drawn["edges"]] == [("excerpt:1", "excerpt:2")]
    assert ">[2] pay<" in ask("picture", kind="pack", scope="How is it paid?", pack=pack)["svg"]


def test_evidence_that_is_not_there_any_more_is_told(ask: Any) -> None:
    with pytest.raises(UsageError, match="not indexed any more"):
        ask("diagram", kind="pack", scope="?", pack={"excerpts": [excerpt(1, "gone.py", 1, 2, "")]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"hide": []},
        {"hide": {"boxes": "all"}},
        {"hide": {"kinds": [1]}},
        {"pack": {"excerpts": 3}},
        {"pack": {"excerpts": [{"n": 1, "path": "shop/web/page.py", "role": "hero"}]}},
    ],
)
def test_what_is_no_request_is_told(ask: Any, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        ask("picture", kind="pack", scope="?", **wrong)


def test_the_picture_a_project_opens_with_is_drawn_once_for_a_state_of_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = {"index": str(tmp_path / "index"), "kind": "architecture"}
    write_tree(tmp_path / "source", SOURCE)
    index_tree(tmp_path / "source", tmp_path / "index")

    def draw(**params: object) -> Any:
        """By an engine that has just been started."""
        methods = diagram_methods(assembly.open_service(assembly.settings_for()))
        return methods["diagram"]({**index, **params}, CancellationToken())

    first = draw()
    with monkeypatch.context() as patched:
        patched.setattr(Service, "drawing", lambda *_: pytest.fail("it was drawn before"))
        assert draw() == first
    for kept in (tmp_path / "index").rglob("architecture-*.json"):
        kept.write_text("{", "utf-8")
    assert draw() == first, "what another program has cut off is drawn again"
    write_tree(tmp_path / "source", {"shop/bill.py": "from shop.till.pay import pay\n"})
    index_tree(tmp_path / "source", tmp_path / "index")
    assert draw() != first
    assert draw(scope="shop/till") != draw()
