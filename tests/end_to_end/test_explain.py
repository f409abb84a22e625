"""`codestrata explain`, as a user runs it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.end_to_end.command import Run
from tests.end_to_end.test_bad_input import refused


def test_markdown_html_and_json_say_the_same(run: Run, sample_index: Path, tmp_path: Path) -> None:
    printed = run("explain", "--index", str(sample_index), "--quiet")
    assert printed.code == 0, printed.err
    assert run("explain", "--index", str(sample_index), "-o", str(tmp_path / "start.md")).code == 0
    assert (tmp_path / "start.md").read_text(encoding="utf-8").strip() == printed.out.strip()
    assert run("explain", "--index", str(sample_index), "-o", str(tmp_path / "start.html")).code == 0
    page = (tmp_path / "start.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    made = run("explain", "--index", str(sample_index), "--json").json
    for chapter in made["chapters"]:
        assert f"## {chapter['heading']}" in printed.out
        for paragraph in chapter["paragraphs"]:
            for sentence in paragraph["sentences"]:
                assert sentence["text"] in printed.out
                assert sentence["places"]
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_what_it_cannot_write(run: Run, sample_index: Path, tmp_path: Path) -> None:
    refused(run("explain", "--index", str(sample_index), "-o", str(tmp_path / "start.docx")), "md, html")
    refused(run("explain", "--index", str(sample_index), "-o", str(tmp_path / "nowhere" / "start.md")))
