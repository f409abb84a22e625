"""The command-line contract on the sample project: every shape, with values that the index bears out."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command import Run

PLACE = {"path", "start_line", "end_line"}
SYMBOL = {"id", "name", "qualified_name", "kind", "language", "path", "start_line", "end_line", "signature"}


def lines_of(sample: Path, place: dict[str, Any]) -> str:
    text = (sample / place["path"]).read_text("utf-8").split("\n")
    assert 1 <= place["start_line"] <= place["end_line"] <= len(text)
    return "\n".join(text[place["start_line"] - 1 : place["end_line"]])


def test_the_report(run: Run, sample: Path, tmp_path: Path) -> None:
    report = run("index", str(sample), "--index", str(tmp_path / "index"), "--json").json
    assert {"index", "source", "revision", "files", "bytes", "languages", "chunks", "symbols", "edges", "folding", "vectors",
            "seconds", "peak_rss_bytes", "index_bytes"} <= report.keys()  # fmt: skip
    assert set(report["files"]) == {
        "seen",
        "indexed",
        "unchanged",
        "removed",
        "skipped",
        "skipped_paths",
        "failed",
        "degraded",
    }
    assert report["files"]["failed"] == report["files"]["degraded"] == []
    assert {"python", "javascript"} <= report["languages"].keys()
    assert sum(count["files"] for count in report["languages"].values()) == report["files"]["indexed"]
    assert set(report["folding"]["after"]) >= {"identical_files", "type1", "type2", "type3"}
    assert report["edges"]["calls"]["exact"] > 20
    assert report["vectors"]["count"] == report["chunks"]
    again = run("index", str(sample), "--index", str(tmp_path / "index"), "--json").json
    assert (again["files"]["indexed"], again["files"]["unchanged"]) == (0, report["files"]["indexed"])


def test_json_stands_alone_on_standard_output_and_progress_on_standard_error(run: Run, sample: Path, tmp_path: Path) -> None:
    loud = run("index", str(sample), "--index", str(tmp_path / "a"), "--json")
    quiet = run("index", str(sample), "--index", str(tmp_path / "b"), "--json", "--quiet")
    assert len(loud.out.splitlines()) == len(quiet.out.splitlines()) == 1
    assert "indexing" in loud.err.splitlines()
    assert quiet.err == ""


def test_words_that_stand_nowhere_are_told(run: Run, sample_index: Path) -> None:
    command = ["search", "read the zzzzqqqq", "-k", "1", "--index", str(sample_index)]
    assert run(*command, "--json").json["nowhere"] == ["zzzzqqqq"]
    told = run(*command).err.splitlines()
    assert told[0] == "nowhere in this source: zzzzqqqq"
    assert told[1].startswith("1 result in")


def test_a_ranking(run: Run, sample: Path, sample_index: Path) -> None:
    ranking = run("search", "read the configuration", "-k", "5", "--index", str(sample_index), "--json").json
    assert ranking["query"] == "read the configuration"
    assert 1 <= len(ranking["results"]) <= 5
    assert ranking["stale_files"] == 0
    scores = [result["score"] for result in ranking["results"]]
    assert scores == sorted(scores, reverse=True)
    seen: list[tuple[str, int, int]] = []
    for result in ranking["results"]:
        assert {*PLACE, "symbol", "kind", "score", "origins", "copies"} <= result.keys()
        assert result["text"] == lines_of(sample, result)
        path, first, last = result["path"], result["start_line"], result["end_line"]
        assert not [place for place in seen if place[0] == path and place[1] <= last and place[2] >= first]
        seen.append((path, first, last))


def test_many_queries_are_answered_in_order(run: Run, sample_index: Path) -> None:
    queries = [{"id": "b", "query": "tracking a parcel"}, {"id": "a", "query": "zzzz qqqq"}, {"id": "c", "query": "routes"}]
    stdin = "\n".join(map(json.dumps, queries)) + "\n"
    done = run("search", "--queries", "-", "-k", "3", "--index", str(sample_index), stdin=stdin)
    rankings = [json.loads(line) for line in done.out.splitlines()]
    assert [(ranking["id"], ranking["query"]) for ranking in rankings] == [(q["id"], q["query"]) for q in queries]
    assert all(len(ranking["results"]) <= 3 for ranking in rankings)


def test_filters_hold(run: Run, sample: Path, sample_index: Path) -> None:
    found = run("search", "function", "--language", "javascript", "--index", str(sample_index), "--json").json["results"]
    assert found
    assert {Path(result["path"]).suffix for result in found} <= {".js", ".mjs", ".jsx"}
    folder = found[0]["path"].rpartition("/")[0]
    below = run("search", "function", "--path", f"{folder}/**", "--index", str(sample_index), "--json").json["results"]
    assert below
    assert all(result["path"].startswith(folder) for result in below)


def test_a_regular_expression(run: Run, sample: Path, sample_index: Path) -> None:
    pattern = r"^class \w+"
    found = run("search", "--regex", pattern, "-k", "100", "--index", str(sample_index), "--json").json["results"]
    assert found
    for result in found:
        assert re.search(pattern, lines_of(sample, result), re.MULTILINE)
    assert run("search", "--regex", "no such text anywhere", "--index", str(sample_index)).code == 1
    assert run("search", "--regex", "(", "--index", str(sample_index)).code == 2


@pytest.mark.parametrize("budget", [600, 2_000, 8_000])
def test_a_pack_stays_within_its_budget(run: Run, sample: Path, sample_index: Path, budget: int) -> None:
    arguments = ["context", "how is a parcel delivered", "--budget", str(budget), "--index", str(sample_index), "--json"]
    pack = run(*arguments).json
    assert 0 < pack["tokens"] <= pack["budget"] == budget
    assert pack["whole_source_tokens"] > 1_000
    assert [excerpt["n"] for excerpt in pack["excerpts"]] == list(range(1, len(pack["excerpts"]) + 1))
    for excerpt in pack["excerpts"]:
        assert excerpt["role"] in {"hit", "definition", "caller", "callee", "outline", "summary"}
        assert excerpt["path"] in pack["text"]
        lines_of(sample, excerpt)
    assert {"kv_cache_bytes", "attention_flops", "attention_ratio"} <= pack["cost"].keys()


def test_an_answer_without_a_model_cites_places_of_the_source(run: Run, sample: Path, sample_index: Path) -> None:
    answer = run("ask", "how is a parcel delivered", "--no-llm", "--index", str(sample_index), "--json").json
    assert (answer["provider"], answer["model"], answer["sent_to"]) == ("", "", None)
    assert answer["citations"]
    numbers = {citation["n"] for citation in answer["citations"]}
    for citation in answer["citations"]:
        lines_of(sample, citation)
        assert f"[{citation['n']}]" in answer["text"]
    assert set(map(int, re.findall(r"\[(\d+)\]", answer["text"]))) <= numbers
    assert all(sentence["supported"] for sentence in answer["sentences"])
    assert {"input_tokens", "output_tokens", "seconds_to_first_token"} <= answer["usage"].keys()


def test_a_key_in_the_environment_sends_nothing(run: Run, sample_index: Path) -> None:
    env = {"OPENAI_API_KEY": "sk-secret-secret-secret", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    answer = run("ask", "how is a parcel delivered", "--index", str(sample_index), "--json", env=env).json
    assert answer["sent_to"] is None


def test_a_provider_that_cannot_be_reached_is_one_line_without_the_key(run: Run, sample_index: Path) -> None:
    env = {"OPENAI_API_KEY": "sk-secret-secret-secret"}
    options = ["--provider", "openai-like", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"]
    done = run("ask", "how is a parcel delivered", *options, "--index", str(sample_index), env=env)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert "127.0.0.1:9" in done.err
    assert "secret" not in done.err + done.out


def test_symbols_show_and_walks(run: Run, sample: Path, sample_index: Path) -> None:
    index = ["--index", str(sample_index), "--json"]
    graph = run("graph", *index).json
    ids = {node["id"]: node for node in graph["nodes"]}
    assert len(ids) == len(graph["nodes"])
    assert all(node.keys() >= SYMBOL for node in graph["nodes"])
    kinds = {"calls", "imports", "inherits", "implements", "overrides", "references", "contains"}
    for edge in graph["edges"]:
        assert edge["kind"] in kinds
        assert edge["confidence"] in {"exact", "inferred", "name"}
        assert {edge["source"], edge["target"]} <= ids.keys()
    call = next(
        e
        for e in graph["edges"]
        if e["kind"] == "calls" and ids[e["target"]]["path"] and ids[e["source"]]["kind"] != "module"
    )
    caller, callee = call["source"], call["target"]
    assert any(found["id"] == callee for found in run("symbols", ids[callee]["name"], *index).json)
    shown = run("show", callee, *index).json
    assert caller in {found["id"] for found in shown["callers"]}
    assert shown["text"] == lines_of(sample, shown)
    for command, start in (("callers", callee), ("callees", caller)):
        part = run(command, start, *index).json
        assert (caller, callee) in {(edge["source"], edge["target"]) for edge in part["edges"]}
    way = run("path", caller, callee, *index).json
    assert [(edge["source"], edge["target"]) for edge in way["edges"]] == [(caller, callee)]


def test_graph_formats(run: Run, sample_index: Path, tmp_path: Path) -> None:
    index = ["--index", str(sample_index), "--quiet"]
    calls = run("graph", "--format", "callgraph", *index).json
    assert all(isinstance(name, str) and isinstance(callees, list) for name, callees in calls.items())
    assert any(callees for callees in calls.values())
    graphml = tmp_path / "graph.graphml"
    assert run("graph", "--format", "graphml", "-o", str(graphml), *index).code == 0
    nodes = json.loads(run("graph", *index).out)["nodes"]
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(ET.parse(graphml).getroot().findall(f".//{space}node")) == len(nodes)
    assert run("graph", "--format", "dot", *index).out.startswith("digraph")


def test_clones_are_those_that_were_put_there(run: Run, sample: Path, sample_index: Path) -> None:
    index = ["--index", str(sample_index), "--json"]
    found = run("clones", *index).json
    assert {1, 2} <= {clones["type"] for clones in found["classes"]}
    for clones in found["classes"]:
        assert clones["members"]
        for member in (clones["representative"], *clones["members"]):
            lines_of(sample, member)
    pairs = run("clones", "--pairs", *index).json["pairs"]
    assert len(pairs) >= sum(len(clones["members"]) for clones in found["classes"])


def test_rules_fail_the_check_where_they_are_broken(run: Run, sample_index: Path, tmp_path: Path) -> None:
    index = ["--index", str(sample_index)]
    tops = {file["path"].split("/")[0] for file in run("graph", *index).json["nodes"] if "/" in file["path"]}
    top = sorted(tops)[0]
    rules = tmp_path / "rules.toml"
    rules.write_text(f'[[forbid]]\nfrom = "{top}"\nto = "library:nowhere"\n', encoding="utf-8")
    kept = run("diagram", "--check", "--rules", str(rules), "--json", *index)
    assert (kept.code, kept.json) == (0, {"violations": []})
    rules.write_text('[[forbid]]\nfrom = "**"\nto = "**"\n', encoding="utf-8")
    broken = run("diagram", "--check", "--rules", str(rules), "--json", *index)
    assert broken.code == 1
    assert {"rule", "path", "start_line", "target", "confidence"} <= broken.json["violations"][0].keys()
    rules.write_text("layers = 3\n", encoding="utf-8")
    bad = run("diagram", "--check", "--rules", str(rules), *index)
    assert bad.code == 2
    assert len(bad.err.strip().splitlines()) == 1


@pytest.mark.parametrize("kind", ["architecture", "imports", "classes", "treemap", "complexity"])
def test_diagrams_draw_only_what_is_there(run: Run, sample_index: Path, tmp_path: Path, kind: str) -> None:
    picture = tmp_path / "picture.svg"
    done = run("diagram", kind, "-o", str(picture), "--index", str(sample_index), "--json")
    assert done.code == 0, done.err
    assert {"nodes", "edges", "clusters", "omitted"} <= done.json.keys()
    ids = {node["id"] for node in done.json["nodes"]}
    assert all({edge["source"], edge["target"]} <= ids for edge in done.json["edges"])
    root = ET.parse(picture).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    drawn = "".join(root.itertext())
    assert all(node["label"] in drawn for node in done.json["nodes"] if len(node["label"]) < 12)


@pytest.mark.parametrize(("ending", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph"), ("json", b"{")])
def test_diagrams_in_other_formats(run: Run, sample_index: Path, tmp_path: Path, ending: str, begins: bytes) -> None:
    picture = tmp_path / f"picture.{ending}"
    done = run("diagram", "architecture", "-o", str(picture), "--index", str(sample_index), "--quiet")
    assert done.code == 0, done.err
    assert picture.read_bytes().lstrip().startswith(begins)


def test_a_picture_needs_no_graphviz_on_the_path(run: Run, sample_index: Path, tmp_path: Path) -> None:
    picture = tmp_path / "picture.svg"
    env = {"PATH": str(tmp_path)}
    done = run("diagram", "architecture", "-o", str(picture), "--index", str(sample_index), env=env)
    assert done.code == 0, done.err
    assert picture.stat().st_size > 1_000


def test_fold_writes_the_source_and_leaves_other_folders_alone(
    run: Run, sample: Path, sample_index: Path, tmp_path: Path
) -> None:
    target = tmp_path / "folded"
    done = run("fold", "-o", str(target), "--index", str(sample_index), "--json")
    assert done.code == 0, done.err
    assert done.json["files"] == sum(1 for path in target.rglob("*") if path.is_file() and not path.name.startswith("."))
    assert done.json["folding"]["after"]["type2"] < done.json["folding"]["raw_bytes"]
    document = tmp_path / "folded.md"
    done = run("fold", "-o", str(document), "--budget", "2000", "--index", str(sample_index), "--json")
    assert done.json["tokens"] <= 2_000
    assert run("fold", "-o", str(sample / "folded"), "--index", str(sample_index)).code == 2
    assert not (sample / "folded").exists()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "mine.txt").write_text("mine")
    assert run("fold", "-o", str(foreign), "--index", str(sample_index)).code == 2
    assert [path.name for path in foreign.iterdir()] == ["mine.txt"]


def test_the_default_index_is_found_from_the_source_and_from_below_it_and_is_removed(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    source = tmp_path / "project"
    shutil.copytree(sample, source)
    env = {"CODESTRATA_DATA_DIR": str(tmp_path / "data")}
    report = run("index", str(source), "--json", env=env).json
    assert Path(report["index"]).stat().st_mode & 0o077 == 0
    below = next(path for path in source.iterdir() if path.is_dir())
    assert run("search", "parcel", "--json", env=env, cwd=below).json["results"]
    assert run("--source", str(source), "search", "parcel", "--json", env=env).json["results"]
    [known] = run("list", "--json", env=env).json
    assert known["source"] == str(source.resolve())
    (source / "new.py").write_text("def fresh():\n    return 1\n")
    changed = next(source.rglob("*.py"))
    changed.write_text(changed.read_text() + "\n# changed\n")
    assert run("search", "parcel", "--json", env=env, cwd=source).json["stale_files"] == (changed.name != "new.py")
    assert run("remove", known["index"], env=env, stdin="n\n").code == 130
    assert run("remove", known["name"], "--yes", env=env).code == 0
    assert run("list", "--json", env=env).json == []


def test_verify_and_doctor(run: Run, sample_index: Path) -> None:
    found = run("verify", "--index", str(sample_index), "--json").json
    assert found["mismatches"] == []
    assert found["files"] > 10
    told = run("doctor", "--json", env={"OPENAI_API_KEY": "sk-secret-secret-secret"})
    assert {"format_version", "feature_version"} <= told.json["index"].keys()
    assert "sk-secret" not in told.out
