"""What the views ask of a small index, as the engine's methods answer it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.settings import IndexSettings, Settings
from desktop import assembly
from desktop.engine.view_methods import view_methods
from tests.indexing.trees import index_tree, write_tree

COLLECT = """def {name}(records, limit):
    {doc}
    {found} = []
    for record in records:
        if record.active and record.age > limit:
            {found}.append(record.name.strip().lower())
    {found}.sort(key=len)
    write_log("collected", len({found}))
    return {found}
"""
SOURCE = {
    "app/first.py": COLLECT.format(name="collect", found="found", doc='"""Gathers names."""'),
    "app/second.py": COLLECT.format(name="gather", found="names", doc='"""Gathers names, too."""'),
    "lib/third.py": COLLECT.format(name="pick", found="picked", doc='"""Picks."""').replace("age > limit", "age >= limit"),
    "app/use.py": "from app.first import collect\n\n\ndef main():\n    collect([], 1)\n    return collect([], 2)\n",
    "tests/test_first.py": "from app.first import collect\n\n\ndef test_collect():\n    assert collect([], 1) == []\n",
    "empty.py": "",
    "picture.bin": "\x00\x01\x02",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("views")
    write_tree(root / "source", SOURCE)
    index_tree(root / "source", root / "index")
    return root / "index"


@pytest.fixture(scope="module")
def methods() -> dict[str, Any]:
    return view_methods(assembly.open_service(assembly.settings_for()))


@pytest.fixture
def ask(methods: dict[str, Any], folder: Path) -> Any:
    return lambda method, **params: methods[method]({"index": str(folder), **params}, CancellationToken())


def test_classes_are_listed_filtered_and_paged(ask: Any) -> None:
    page = ask("clone_list")
    [found] = [found for found in page["classes"] if found["folded"]]
    assert found["copies"] >= 1
    assert page["total"] == len(page["classes"])
    assert page["bytes_saved"] == sum(listed["bytes_saved"] for listed in page["classes"]) > 0
    assert page["folding"]["after"]["type2"] < page["folding"]["code_bytes"]
    assert ask("clone_list", path="docs/**")["total"] == 0
    assert ask("clone_list", path="app/**")["total"] >= 1
    assert ask("clone_list", type=1, treatment="folded")["total"] == 0
    assert ask("clone_list", offset=page["total"])["classes"] == []
    assert ask("clone_list", treatment="unfolded")["total"] == 0
    for wrong in ({"type": 4}, {"min_similarity": 2}, {"treatment": "burnt"}, {"offset": -1}, {"limit": 0}):
        with pytest.raises(UsageError):
            ask("clone_list", **wrong)


def test_repeated_code_is_listed_before_documents_that_repeat_more(methods: dict[str, Any], tmp_path: Path) -> None:
    """Package metadata and change logs led the list of whoever had them."""
    notes = "\n".join(
        f"Release {number} reads the settings of part {number * 7} before those of the others." for number in range(40)
    )
    documents = {f"{name}/PKG-INFO": f"# {name}\n\n{notes}\n" for name in ("one", "two")}
    write_tree(tmp_path / "source", {**SOURCE, **documents})
    index_tree(tmp_path / "source", tmp_path / "index")
    found = methods["clone_list"]({"index": str(tmp_path / "index")}, CancellationToken())["classes"]
    paths = [listed["representative"]["path"] for listed in found]
    assert paths[0].endswith(".py")
    code = [path.endswith(".py") for path in paths]
    assert code == sorted(code, reverse=True)
    assert any(path.endswith("/PKG-INFO") for path in paths)
    assert max(listed["bytes_saved"] for listed in found) > found[0]["bytes_saved"] > 0


def test_a_class_tells_why_each_member_is_in_it(ask: Any) -> None:
    found = ask("clone_class", path="app/second.py", line=3)
    places = [found["representative"], *found["members"]]
    assert {"app/first.py", "app/second.py"} <= {place["path"] for place in places}
    folded = next(member for member in found["members"] if member["verdict"] == "folded")
    assert (folded["type"], folded["similarity"]) == (2, 1.0)
    assert "names" in folded["difference"]
    assert "found" in folded["difference"]
    assert len(ask("clone_class", path="app/second.py", line=3, limit=1)["members"]) == 1
    assert ask("clone_class", path="app/second.py", line=3, **{"class": found["id"]})["id"] == found["id"]
    with pytest.raises(UsageError, match="nothing is like"):
        ask("clone_class", path="app/use.py", line=1)


def test_a_copy_beside_its_representative(ask: Any) -> None:
    found = ask("clone_class", path="app/second.py", line=3)
    member = next(member for member in found["members"] if member["verdict"] == "folded")
    diff = ask("clone_diff", path=member["path"], line=member["start_line"])
    assert diff["counts"]["changed"] == diff["counts"]["added"] == diff["counts"]["removed"] == 0
    assert diff["counts"]["renamed"] > 3
    assert sorted(map(sorted, diff["renamed"])) == [["collect", "gather"], ["found", "names"]]
    assert [row["left"] for row in diff["rows"] if row["left"] is not None] == list(range(len(diff["left"]["lines"])))
    assert any(spans for spans in diff["left"]["highlights"])
    apart = ask("clone_diff", path="lib/third.py", line=2)
    [changed] = [row for row in apart["rows"] if row["kind"] == "changed"]
    line, marks = apart["right"]["lines"][changed["right"]], changed["right_marks"]
    assert [line[column : column + length] for column, length, kind in marks if kind == "changed"] in ([">="], [">"])


def test_choices_are_told_and_hold_after_another_run(ask: Any, methods: Any, tmp_path: Path) -> None:
    write_tree(tmp_path / "source", SOURCE)
    index_tree(tmp_path / "source", tmp_path / "index")
    own = {"index": str(tmp_path / "index")}
    before = methods["clone_class"]({**own, "path": "app/second.py", "line": 3}, CancellationToken())
    other = next(member for member in before["members"] if member["verdict"] == "folded")
    settings = Settings(index=IndexSettings(executor="serial"))
    assembly.choose_folding(tmp_path / "index", [(other["path"], 3, "pin")], settings, CancellationToken())
    pinned = methods["clone_class"]({**own, "path": "app/second.py", "line": 3}, CancellationToken())
    assert pinned["representative"]["path"] == other["path"]
    assert pinned["representative"]["choice"] == "pin"
    write_tree(tmp_path / "source", {"app/other.py": "def other():\n    return 1\n"})
    index_tree(tmp_path / "source", tmp_path / "index")
    again = methods["clone_class"]({**own, "path": "app/second.py", "line": 3}, CancellationToken())
    assert again["representative"]["path"] == other["path"]
    choices = [(other["path"], 3, ""), ("app/first.py", 3, "unfold")]
    assembly.choose_folding(tmp_path / "index", choices, settings, CancellationToken())
    assert methods["clone_list"]({**own, "treatment": "unfolded"}, CancellationToken())["total"] == 1


def test_the_margin_counts_callers_and_copies(ask: Any) -> None:
    margin = ask("margin", path="app/first.py")
    [called] = [called for called in margin["called"] if called["name"] == "collect"]
    assert (called["line"], called["callers"], called["calls"]) == (1, 2, 3)
    [copied] = [span for span in margin["copied"] if span["folded"]]
    assert (copied["start_line"], copied["end_line"]) == (1, 9)
    assert ask("margin", path="app/use.py")["copied"] == []


def test_references_and_definitions(ask: Any) -> None:
    found = ask("references", symbol="app.first.collect")
    assert found["counts"]["calls"] == 3
    assert found["total"] == len(found["references"])
    calls = [use for use in found["references"] if use["kind"] == "calls"]
    assert [(use["path"], use["line"], use["text"]) for use in calls] == [
        ("app/use.py", 5, "collect([], 1)"),
        ("app/use.py", 6, "return collect([], 2)"),
        ("tests/test_first.py", 5, "assert collect([], 1) == []"),
    ]
    assert ask("references", symbol="app.first.collect", offset=found["total"])["references"] == []
    certain = ask("definition", path="app/use.py", line=5, name="collect")
    assert certain["certain"]
    assert [symbol["id"] for symbol in certain["symbols"]] == ["app.first.collect"]
    guessed = ask("definition", path="lib/third.py", line=1, name="main")
    assert not guessed["certain"]
    assert [symbol["id"] for symbol in guessed["symbols"]] == ["app.use.main"]
    assert ask("definition", path="lib/third.py", line=1, name="nowhere")["symbols"] == []


def test_problems_are_listed_by_reason(ask: Any) -> None:
    found = ask("problems")
    reasons = {(count["kind"], count["reason"]): (count["files"], count["listed"]) for count in found["reasons"]}
    assert reasons == {("skipped", "empty"): (1, 1), ("skipped", "binary"): (1, 1)}
    assert {file["path"] for file in found["files"]} == {"empty.py", "picture.bin"}
    assert [file["path"] for file in ask("problems", reason="binary")["files"]] == ["picture.bin"]
    assert ask("problems", text="PICT")["total"] == 1
    assert ask("problems", kind="failed")["total"] == 0
    with pytest.raises(UsageError):
        ask("problems", kind="odd")


def test_the_overview_tells_what_is_largest_most_called_and_where_it_begins(ask: Any) -> None:
    found = ask("overview")
    assert found["files"] == sum(share["files"] for share in found["roles"].values()) == 5
    assert found["languages"]["python"]["lines"] == found["lines"]
    assert found["called"][0]["symbol"] == "app.first.collect"
    assert found["called"][0]["calls"] == 3
    assert [(entry["entry"], entry["path"]) for entry in found["entries"]] == [("main", "app/use.py")]
    assert found["tests"] == [{"path": "tests", "files": 1}]
    assert found["largest"][0]["lines"] == max(file["lines"] for file in found["largest"])
