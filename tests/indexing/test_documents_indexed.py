"""Documents in an index: what they name leads there, stays right when the source changes, and text is taken out of files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.model.graph import Confidence, EdgeKind
from core.model.source import FileRole, SkipReason
from core.settings import IndexSettings, Settings
from indexing import link_tasks
from indexing.embedding.static import StaticEmbedder
from indexing.folding.folded_source import write_folded
from indexing.intake import open_source
from indexing.link_tasks import LinkResult, LinkTask
from indexing.pipeline import Job, build
from indexing.report import Report
from indexing.stores.sqlite.reader import open_snapshot
from tests.indexing.documents.office_files import docx, paragraph, pdf

GUIDE = """# Prices

`shop.prices.price_of` asks `Catalogue.find`, see shop/prices.py and [the notes](notes.md).

# Elsewhere

Look at `totalOf` in the browser, and at `nothing_of_ours`.
"""
PRICES = """class Catalogue:
    def find(self, item):
        return item


def price_of(item):
    return Catalogue().find(item)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    write(root, "docs/guide.md", GUIDE)
    write(root, "docs/notes.md", "# Notes\n\nNothing yet.\n")
    write(root, "shop/prices.py", PRICES)
    write(root, "web/total.js", "export function totalOf(items) {\n  return items.length;\n}\n")
    return root


def write(root: Path, path: str, content: str | bytes, when: int = 1_600_000_000) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(file, (when, when))


def index(source: Path, folder: Path) -> Report:
    with open_source(str(source)) as workspace:
        job = Job(workspace, folder, Settings(index=IndexSettings(executor="serial")), StaticEmbedder())
        run = build(job, CancellationToken())
        while True:
            try:
                next(run)
            except StopIteration as done:
                report: Report = done.value
                return report


def named(folder: Path, path: str = "docs/guide.md") -> set[tuple[str, int]]:
    """What a document leads to, and the lines it says so."""
    with open_snapshot(folder) as reader:
        edges = reader.edges_from([symbol.key for symbol in reader.symbols_of(path)], (EdgeKind.REFERENCES,))
        assert all(edge.confidence is Confidence.INFERRED for edge in edges)
        return {(reader.symbols([edge.target])[0].id, edge.line) for edge in edges}


ALL = {
    ("shop.prices.price_of", 3), ("shop.prices.Catalogue.find", 3), ("shop.prices", 3), ("docs.notes", 3),
    ("web.total.totalOf", 7),
}  # fmt: skip


def test_what_a_document_names_leads_there_in_all_languages(source: Path, tmp_path: Path) -> None:
    index(source, tmp_path / "index")
    assert named(tmp_path / "index") == ALL


def test_links_follow_the_source(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "index"
    index(source, folder)
    write(source, "web/total.js", "export function sumOf(items) {\n  return items.length;\n}\n", 1_600_000_001)
    (source / "docs/notes.md").unlink()
    index(source, folder)
    assert named(folder) == ALL - {("web.total.totalOf", 7), ("docs.notes", 3)}
    write(source, "web/other.js", "export const totalOf = (items) => items.length;\n")
    write(source, "docs/notes.md", "# Notes\n\nAgain.\n")
    index(source, folder)
    assert named(folder) == ALL - {("web.total.totalOf", 7)} | {("web.other.totalOf", 7)}
    write(source, "web/total.js", "export function totalOf() {}\n", 1_600_000_002)  # now there are two
    index(source, folder)
    assert named(folder) == ALL - {("web.total.totalOf", 7)}


def test_an_edit_that_documents_do_not_mention_leaves_them_alone(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "index"
    index(source, folder)
    families: list[str] = []
    monkeypatch.setattr("indexing.link_tasks._link", _noting(families))
    write(source, "shop/prices.py", PRICES + "\n\ndef unsaid():\n    return 1\n", 1_600_000_003)
    index(source, folder)
    assert families == ["python"]
    assert named(folder) == ALL


def _noting(families: list[str]) -> Callable[[LinkTask], LinkResult]:
    real = link_tasks._link

    def link(task: LinkTask) -> LinkResult:
        families.append(task.family)
        return real(task)

    return link


def test_the_cells_of_a_notebook_are_linked_like_modules(source: Path, tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["from shop.prices import price_of\n", "price_of('pear')\n"]}]
    write(source, "try.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1))
    index(source, tmp_path / "index")
    with open_snapshot(tmp_path / "index") as reader:
        [module] = [symbol for symbol in reader.symbols_of("try.ipynb") if symbol.parent < 0]
        [call] = reader.edges_from([module.key], (EdgeKind.CALLS,))
        assert reader.symbols([call.target])[0].id == "shop.prices.price_of"
        assert call.confidence is Confidence.EXACT
        assert "price_of('pear')" in reader.text("try.ipynb").split("\n")[call.line - 1]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("docs/spec.docx", docx(paragraph("Orders") + paragraph("See price_of() alone."))),
        ("docs/spec.pdf", pdf("Pears are sold by price_of() alone")),
    ],
)
def test_a_document_is_quoted_from_its_text_and_kept_as_its_bytes(
    source: Path, tmp_path: Path, path: str, content: bytes
) -> None:
    if path.endswith(".pdf"):
        pytest.importorskip("pypdf")
    write(source, path, content)
    folder = tmp_path / "index"
    report = index(source, folder)
    assert not report.files.failed
    with open_snapshot(folder) as reader:
        assert reader.content(path) == content
        text = reader.text(path)
        [chunk] = reader.chunks_of(path)
        [file] = [file for file in reader.files() if file.path == path]
        assert "price_of" in text.encode()[chunk.span.start : chunk.span.end].decode()
        assert (file.role, file.encoding, file.lines) == (FileRole.DOCUMENT, path[-len(file.language) :], text.count("\n"))
        write_folded(reader, tmp_path / "folded", Counter(), CancellationToken())
    assert (tmp_path / "folded" / path).read_bytes() == content
    assert {symbol for symbol, _ in named(folder, path)} == {"shop.prices.price_of"}


class Counter:
    """Counts words."""

    name = "words"

    def count(self, text: str) -> int:
        return len(text.split())


def test_copied_documents_stay_whole_in_the_folded_source(source: Path, tmp_path: Path) -> None:
    content = docx("".join(paragraph(f"The {n}th reason why orders are kept for ten years.") for n in range(60)))
    write(source, "a.docx", content)
    write(source, "b.docx", content + b"\0")  # another file with the same text
    index(source, tmp_path / "index")
    with open_snapshot(tmp_path / "index") as reader:
        write_folded(reader, tmp_path / "folded", Counter(), CancellationToken())
        assert reader.text("a.docx") == reader.text("b.docx")
    assert (tmp_path / "folded/b.docx").read_bytes() == content + b"\0"


def test_without_the_extra_a_pdf_is_told_in_the_report(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexing.scan.available", lambda language: language != "pdf")
    write(source, "docs/spec.pdf", pdf("Orders"))
    write(source, "docs/spec.docx", docx(paragraph("Orders")))
    report = index(source, tmp_path / "index")
    assert [(file.path, file.reason) for file in report.files.skipped] == [("docs/spec.pdf", SkipReason.NEEDS_EXTRA)]
    assert "docx" in report.languages


def test_what_only_says_that_it_is_a_document_fails_or_is_text(source: Path, tmp_path: Path) -> None:
    write(source, "broken.docx", b"PK\x03\x04 and no more")
    write(source, "plain.pdf", "Not what it says.\n")
    write(source, "code.pdf.py", "x = 1\n")
    report = index(source, tmp_path / "index")
    failed = {file.path: file.reason for file in report.files.failed}
    assert failed["broken.docx"].startswith("cannot be read as .docx")
    assert "plain.pdf" in failed
    assert "code.pdf.py" not in failed
