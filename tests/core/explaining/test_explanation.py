"""The onboarding document of the sample project, from its own index: what is in it, and that all of it can be checked."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.diagrams.source_map import SourceMap
from core.explaining.explanation import explain
from core.explaining.glossary import words_of
from core.explaining.sentences import listed, named, said_of
from core.explaining.survey import Survey
from core.model.explanation import Explanation, Told
from core.model.graph import Confidence, EdgeKind
from core.model.symbol import SymbolKind
from desktop import assembly
from desktop.drawing.document import markdown, page
from desktop.engine.kept_documents import kept_document
from indexing.stores.maintenance import DOCUMENTS_FOLDER
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from resources import resource_path
from tests.fakes import symbol


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained") / "index"
    settings = assembly.settings_for({"index": {"executor": "serial"}})
    for _ in assembly.start_indexing(str(resource_path("sample")), str(folder), settings, CancellationToken()):
        pass
    return folder


@pytest.fixture(scope="module")
def reader(index: Path) -> SnapshotReader:
    return open_snapshot(index)


@pytest.fixture(scope="module")
def explanation(reader: SnapshotReader) -> Explanation:
    return explain(SourceMap(reader))


def sentences(explanation: Explanation) -> list[Told]:
    return [told for chapter in explanation.chapters for paragraph in chapter.paragraphs for told in paragraph.sentences]


def test_a_sentence_that_cites_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="nothing is cited"):
        Told("It is said.", ())


def test_the_chapters(explanation: Explanation) -> None:
    headings = [chapter.heading for chapter in explanation.chapters]
    assert headings[:3] == ["Overview", "Where to start reading", "The parts, the largest first"]
    assert "Main flows" in headings
    assert sum(chapter.has_diagram for chapter in explanation.chapters) == 1


def test_every_place_is_in_its_file(explanation: Explanation, reader: SnapshotReader) -> None:
    lines = {file.path: file.lines for file in reader.files()}
    for told in sentences(explanation):
        assert told.places
        for place in told.places:
            assert 1 <= place.start_line <= place.end_line <= lines[place.path]


def test_what_is_named_stands_where_it_is_cited(explanation: Explanation, reader: SnapshotReader) -> None:
    for chapter in explanation.chapters:
        if chapter.heading not in ("Main flows", "Glossary"):
            continue
        for paragraph in chapter.paragraphs:
            for told in paragraph.sentences:
                shown = "\n".join(
                    "\n".join(reader.text(place.path).split("\n")[place.start_line - 1 : place.end_line])
                    for place in told.places
                )
                names = [name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)`", told.text)]
                assert names[-1] in shown or names[0] in shown, told.text


def test_flows_follow_the_graph(explanation: Explanation, reader: SnapshotReader) -> None:
    survey = Survey(SourceMap(reader))
    names = survey.source.symbols
    calls = {(names[edge.source].name, names[edge.target].name) for edge in survey.calls}
    steps = [
        re.findall(r"`([\w.]+)`", told.text)[:2]
        for chapter in explanation.chapters
        if chapter.heading == "Main flows"
        for paragraph in chapter.paragraphs
        for told in paragraph.sentences
        if " calls " in told.text
    ]
    assert steps
    assert {tuple(name.rpartition(".")[2] for name in step) for step in steps} <= calls
    assert all(edge.confidence is not Confidence.NAME for edge in survey.calls)


def test_the_same_index_gives_the_same_document(explanation: Explanation, reader: SnapshotReader) -> None:
    assert explain(SourceMap(reader)) == explanation


def test_markdown_and_html(explanation: Explanation, reader: SnapshotReader) -> None:
    text = markdown(explanation, "flowchart TB\n")
    assert text.startswith(f"# {explanation.title}\n")
    assert "```mermaid" in text
    cited = set(re.findall(r"\[\[(\d+)\]\]", text))
    assert cited == set(re.findall(r"(?m)^- \[(\d+)\] \[", text))
    html = page(explanation, "<?xml version='1.0'?><svg></svg>", reader)
    assert set(re.findall(r'href="#(p\d+)"', html)) == set(re.findall(r'<li id="(p\d+)"', html))
    assert "<svg>" in html
    assert not re.search(r'(?:src|href)="(?!#)', html), "nothing is fetched"


def test_a_document_is_kept_until_the_source_changes(index: Path) -> None:
    service = assembly.open_service(assembly.settings_for())
    first = service.explain(index, "md", CancellationToken())
    [kept] = (index / DOCUMENTS_FOLDER).glob("*.md")
    kept.write_text("kept", encoding="utf-8")
    assert service.explain(index, "md", CancellationToken()) == "kept"
    kept.unlink()
    assert service.explain(index, "md", CancellationToken()) == first


def test_an_index_that_cannot_be_written_to_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / DOCUMENTS_FOLDER).write_text("a file in the way", encoding="utf-8")
    assert kept_document(tmp_path, "1.md", lambda: "made") == "made"


@pytest.mark.parametrize(
    ("name", "words"),
    [("HTTPResponseBase", ("http", "response", "base")), ("get_or_create", ("get", "or", "create")), ("_x1", ("x", "1"))],
)
def test_words_of_names(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def survey_of(tmp_path: Path, files: dict[str, str]) -> Survey:
    source, folder = tmp_path / "source", tmp_path / "index"
    for path, text in files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(text, encoding="utf-8")
    settings = assembly.settings_for({"index": {"executor": "serial"}})
    for _ in assembly.start_indexing(str(source), str(folder), settings, CancellationToken()):
        pass
    return Survey(SourceMap(open_snapshot(folder)))


def test_an_override_is_no_fact_beside_what_it_overrides(tmp_path: Path) -> None:
    """`Field.clean` calls `Field.check`, of some objects `Text.check`: only the first is told."""
    survey = survey_of(
        tmp_path,
        {
            "field.py": "class Field:\n    def clean(self):\n        self.check()\n\n    def check(self):\n        pass\n",
            "text.py": "from field import Field\n\n\nclass Text(Field):\n    def check(self):\n        return 2\n",
        },
    )
    names = survey.source.symbols
    told = {(names[edge.source].qualified_name, names[edge.target].qualified_name) for edge in survey.calls}
    assert told == {("field.Field.clean", "field.Field.check")}


def test_parts_tell_what_they_use_by_exact_uses_of_all_files(tmp_path: Path) -> None:
    """Not by the arrows of the picture, which leaves the weaker ones out."""
    work = "from lib.tool import cut\n\n\ndef run():\n    cut()\n    cut()\n"
    tool, more = "def cut():\n    return 1\n", "def more():\n    return 2\n"
    survey = survey_of(tmp_path, {"app/work.py": work, "lib/tool.py": tool, "lib/more.py": more})
    uses, users = survey.uses
    [(number, part, place)] = uses["`app`"]
    assert (part, place.path) == ("`lib`", "app/work.py")
    assert number >= 2
    assert [(number, end) for number, end, _ in users["`lib`"]] == [(number, "`app`")]


def test_what_is_defined_in_a_package_at_the_root_has_its_own_name(tmp_path: Path) -> None:
    survey = survey_of(tmp_path, {"__init__.py": "def setup():\n    return 1\n"})
    [setup] = [one for one in survey.source.symbols.values() if one.name == "setup"]
    assert named(setup) == "`setup`"


def test_symbols_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    survey = survey_of(tmp_path, {"a.py": "class Store:\n    pass\n", "b.py": "class Store:\n    pass\n"})
    stores = [one for one in survey.source.symbols.values() if one.name == "Store"]
    assert listed(stores) == "`Store` of `a.py`; `Store` of `b.py`"


def test_a_call_of_what_was_handed_over_is_no_fact(tmp_path: Path) -> None:
    """`guarded` runs what it was made with, another function on another way: no flow goes from one way to the other."""
    source, folder = tmp_path / "source", tmp_path / "index"
    source.mkdir()
    (source / "guard.py").write_text(
        "def guard(work):\n    def guarded():\n        return work()\n    return guarded\n", encoding="utf-8"
    )
    (source / "run.py").write_text(
        "from guard import guard\n\n\ndef load():\n    return read()\n\n\ndef read():\n    return 1\n\n\n"
        "def main():\n    guard(load)()\n",
        encoding="utf-8",
    )
    settings = assembly.settings_for({"index": {"executor": "serial"}})
    for _ in assembly.start_indexing(str(source), str(folder), settings, CancellationToken()):
        pass
    survey = Survey(SourceMap(open_snapshot(folder)))
    names = survey.source.symbols
    stated = {(names[edge.source].name, names[edge.target].name) for edge in survey.reader.edges([EdgeKind.CALLS])}
    told = {(names[edge.source].name, names[edge.target].name) for edge in survey.calls}
    assert ("guarded", "load") in stated
    assert ("guarded", "load") not in told
    assert ("load", "read") in told


@pytest.mark.parametrize(
    ("doc", "said"),
    [
        ("References: https://example.org/x", ""),
        ("Work based on : https://example.org/x: A mirror.", ""),
        ("A wrapper for the class of shapes (see https://example.org/x)", "A wrapper for the class of shapes"),
        ("3D Manufacturing Format (3MF) specification: https://example.org", "3D Manufacturing Format (3MF) specification"),
        ("Holds shapes.", "Holds shapes"),
    ],
)
def test_an_address_is_no_description(doc: str, said: str) -> None:
    found = symbol(1, "app.Shape", SymbolKind.CLASS, "app.py")
    assert said_of(dataclasses.replace(found, doc=doc)) == said
