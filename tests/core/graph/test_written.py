"""Where names are written: what stands in for regular expressions finds the same as they do."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.graph.visibility import word_at
from core.graph.written import Writing, Written, _is_prototype, _is_quoted, _is_word, _runs, written_elsewhere
from core.model.source import FileRole, IndexedFile
from core.model.symbol import SymbolKind
from tests.fakes import symbol

LINES = st.text(st.sampled_from("abAB_09é²٣ ().:/\\$-'\"`*&<>,{;"), max_size=24)
NAMES = st.text(st.sampled_from("abA_09-é"), min_size=1, max_size=4)
WORDS = st.from_regex(r"[abA_é][abA_09é]{0,3}", fullmatch=True)


@given(LINES, NAMES)
def test_a_word_stands_where_boundaries_are(line: str, name: str) -> None:
    found = re.search(rf"\b{re.escape(name)}\b", line)
    assert word_at(line, name) == (found.start() if found else -1)


@given(LINES, WORDS)
@example("1.0ab", "ab")
@example("0ab", "ab")
def test_a_name_is_a_word_behind_digits_too(line: str, name: str) -> None:
    starts = [found.start() for found in re.finditer(r"[^\W\d]\w*", line) if found[0] == name]
    places = [at for at in range(len(line)) if line.startswith(name, at) and _is_word(line, at, name)]
    assert places == starts


@given(LINES)
def test_runs_are_those_of_a_regular_expression(line: str) -> None:
    assert _runs(line) == set(re.findall(r"\w+", line))


@given(LINES, NAMES)
@example("'a/ab (b)'", "ab")
def test_quoted(line: str, name: str) -> None:
    pattern = rf"""["'`][\w.:/\\ $-]*\b{re.escape(name)}\b[\w.:/\\ $()-]*["'`]"""
    assert _is_quoted(line, name) == (re.search(pattern, line) is not None)


@given(LINES, NAMES)
@example("a * ab (b);", "ab")
def test_prototypes(line: str, name: str) -> None:
    pattern = rf"^[A-Za-z_][\w\s*&:<>,]*[\s*&]{re.escape(name)}\s*\([^{{]*(?:$|;)"
    assert _is_prototype(line, name) == (re.match(pattern, line) is not None)


class _Texts:
    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def text(self, path: str) -> str:
        return self._texts[path]


def test_the_weightiest_place_is_told_and_the_first_of_its_kind() -> None:
    texts = {
        "README.md": "call `lost`\n",
        "a.py": "def lost():\n    return lost\n\n\ndef kept():\n    pass\n\n\ndef set_colour():\n    pass\n",
        "b.py": "# lost\nx = 'lost'\ny = lost + lost\nz = lost\nkept = 1\ngetattr(o, 'set_' + name)\n",
    }
    roles = {"README.md": FileRole.DOCUMENT}
    files = {
        path: IndexedFile(path, "python", roles.get(path, FileRole.SOURCE), len(text), 0, "", "utf-8", text.count("\n"))
        for path, text in texts.items()
    }
    wanted = [
        symbol(0, "a.lost", SymbolKind.FUNCTION, path="a.py", start_line=1, end_line=2),
        symbol(1, "a.kept", SymbolKind.FUNCTION, path="a.py", start_line=5, end_line=6),
        symbol(2, "a.set_colour", SymbolKind.FUNCTION, path="a.py", start_line=9, end_line=10),
    ]
    explained = {("b.py", 5, "kept")}
    found = written_elsewhere(_Texts(texts), files, wanted, explained, CancellationToken())
    assert found == {0: Written("b.py", 3, Writing.CODE), 2: Written("b.py", 6, Writing.STRING)}
