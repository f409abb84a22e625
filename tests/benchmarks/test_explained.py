"""The onboarding documents of Django (23 MB), java.base (26 MB) and three.js as they are written: no sentence is without a
citation, every citation opens, and each call and repetition that is told stands where it is said to.

CODESTRATA_EXPLAINED names a folder to keep them in, to be read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.diagrams.source_map import SourceMap
from core.explaining.explanation import explain
from desktop.drawing.document import markdown
from indexing.stores.sqlite.reader import SnapshotReader

KEEP_VARIABLE = "CODESTRATA_EXPLAINED"
_CITED = re.compile(r"\[\[(\d+)\]\]\((\S+?)#L(\d+)-L(\d+)\)")
_CALL = re.compile(r"`(?P<caller>\S+)` calls `(?P<callee>\S+)` of `(?P<path>\S+)` at line (?P<line>\d+)")
_COPY = re.compile(r"`([^`]+)` at `([^`]+)`, line (\d+)")
_OTHER_TEXT = re.compile(r"^(?:#|```|- \[\d+\] )")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.mark.parametrize("name", ["django", "jdk", "three"])
def test_every_sentence_is_cited_and_right(name: str, snapshot: Callable[[str], SnapshotReader]) -> None:
    reader = snapshot(name)
    text = markdown(explain(SourceMap(reader)), "")
    if folder := os.environ.get(KEEP_VARIABLE):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.md").write_text(text, encoding="utf-8")
    lines = {file.path: reader.text(file.path).split("\n") for file in reader.files()}
    told = list(paragraphs(text))
    citations = calls = copies = 0
    for sentence in told:
        cited = _CITED.findall(sentence)
        assert cited, sentence
        assert sentence.endswith(")"), f"what stands after its last citation is not cited: {sentence}"
        for _, path, start, end in cited:
            citations += 1
            assert 1 <= int(start) <= int(end) <= len(lines[path])
        for call in _CALL.finditer(sentence):
            calls += 1
            assert stands(call["callee"], lines[cited[0][1]][int(call["line"]) - 1]), sentence
        for symbol, path, line in _COPY.findall(sentence):
            copies += 1
            [end] = {end for _, at, start, end in cited if (at, start) == (path, line)}
            assert stands(symbol, "\n".join(lines[path][int(line) - 1 : int(end)])), sentence
    print(f"{name}: {len(told)} sentences or more, {citations:,} citations open, {calls} calls and {copies} copies hold")
    assert calls > 10


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs, steps and items of a document, each a few sentences that end with their citations."""
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        if line.strip() and not fenced and not _OTHER_TEXT.match(line):
            yield from (part for part in re.split(r"(?<=\))\s+(?=[A-Z`])", line) if part)


def stands(symbol: str, code: str) -> bool:
    """Whether code has the name of a symbol, of a constructor that of its type, or `super`."""
    *around, name = symbol.split(".")
    if name in ("__init__", "constructor", *around[-1:]):
        return any(word in code for word in (name, *around[-1:], "super("))
    return name in code
