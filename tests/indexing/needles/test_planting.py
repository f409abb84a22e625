"""Needles written into files: where, and on which lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError
from core.model.source import FileRole, SourceFile
from indexing.languages.grammar import parse_text
from indexing.needles.planting import Planted, plant
from indexing.needles.templates import NeedleKind, needles, spelled

BY_ID = {needle.id: needle for needle in needles()}
FILLER = {
    "python": "def filler():\n    return 1\n",
    "java": "class Filler {\n    int one() {\n        return 1;\n    }\n}\n",
    "c": "int filler(void)\n{\n\treturn 1;\n}\n",
    "javascript": "export const filler = 1;\n",
    "go": "package filler\n\nvar one = 1\n",
    "markdown": "# Filler\n\nWords.\n",
    "ini": "[filler]\none = 1\n",
    "rust": "fn filler() {}\n",
    "text": "words\n",
}
ENDINGS = {"python": "py", "java": "java", "c": "c", "javascript": "js", "go": "go", "markdown": "md", "ini": "ini",
           "rust": "rs", "text": "txt"}  # fmt: skip


def tree_of(root: Path, *languages: str, role: FileRole = FileRole.SOURCE) -> list[SourceFile]:
    files = []
    for number, language in enumerate(languages):
        path = f"{number:03}.{ENDINGS[language]}"
        (root / path).write_text(FILLER[language])
        files.append(SourceFile(path, language, role, 1_000, 0))
    return files


def planted(root: Path, files: list[SourceFile], *chosen: tuple[float, str]) -> list[Planted]:
    return list(plant(root, files, [(depth, i, BY_ID[id_], BY_ID[id_].names[0]) for i, (depth, id_) in enumerate(chosen)]))


@pytest.mark.parametrize("language", ["python", "java", "c", "javascript", "go"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_function_stands_where_it_is_said_to_and_the_file_is_still_code(
    tmp_path: Path, language: str, newline: str
) -> None:
    files = tree_of(tmp_path, language)
    path = tmp_path / files[0].path
    before = FILLER[language].replace("\n", newline).encode()
    path.write_bytes(before)
    [place] = planted(tmp_path, files, (0.5, "chess"))
    after = path.read_bytes()
    lines = after.decode().split("\n")[place.start_line - 1 : place.end_line]
    assert any(spelled(place.name, language) in line for line in lines[:3])
    assert lines[-1].strip() == {"python": "return mine + weight * (score - expected)"}.get(language, "}")
    assert not parse_text(language, after).root.has_error
    assert after.count(b"\r\n") == (after.count(b"\n") if newline == "\r\n" else 0)
    assert after.startswith(before[: before.rindex(b"}")] if language == "java" else before)


def test_each_depth_takes_the_nearest_file_of_a_fitting_language(tmp_path: Path) -> None:
    files = tree_of(tmp_path, *["rust", "python"] * 10)
    places = planted(tmp_path, files, (0.0, "chess"), (0.5, "parcel"), (1.0, "seats"))
    assert [place.path for place in places] == ["001.py", "009.py", "019.py"]
    assert [place.depth for place in places] == [0, 1, 2]
    assert [place.position for place in places] == pytest.approx([0.075, 0.475, 0.975])


def test_two_needles_of_one_depth_lie_in_two_files_where_there_are_two(tmp_path: Path) -> None:
    files = tree_of(tmp_path, "python", "python")
    assert [place.path for place in planted(tmp_path, files, (0.0, "chess"), (0.0, "tram"))] == ["000.py", "001.py"]
    alone = planted(tmp_path, files[:1], (0.0, "parcel"), (0.0, "elevator"))
    text = (tmp_path / "000.py").read_text().split("\n")
    assert all(place.name in "\n".join(text[place.start_line - 1 : place.end_line]) for place in alone)


def test_facts_go_to_documents_and_settings_that_are_near_and_else_become_comments(tmp_path: Path) -> None:
    near = planted(tmp_path, tree_of(tmp_path, "markdown", *["python"] * 18, "ini"), (0.0, "aquarium"), (1.0, "theatre"))
    assert [place.path for place in near] == ["000.md", "019.ini"]
    assert (tmp_path / "000.md").read_text().startswith(FILLER["markdown"] + "\n## Water chemistry\n")
    assert (tmp_path / "019.ini").read_text().endswith(f"\n{BY_ID['theatre'].names[0]} = 12\n")
    far = planted(tmp_path, tree_of(tmp_path, "markdown", *["python"] * 18, "ini"), (0.7, "aquarium"), (0.0, "theatre"))
    assert {place.path[-3:] for place in far} == {".py"}
    for place in far:
        lines = (tmp_path / place.path).read_text().split("\n")[place.start_line - 1 : place.end_line]
        assert all(line.startswith("# ") for line in lines)


def test_hand_written_code_is_preferred_to_tests(tmp_path: Path) -> None:
    source, test = tree_of(tmp_path, "python", "python")
    test = SourceFile(test.path, test.language, FileRole.TEST, test.size, 0)
    assert planted(tmp_path, [source, test], (1.0, "chess"))[0].path == source.path
    assert planted(tmp_path, [test], (1.0, "parcel"))[0].path == test.path


def test_files_that_a_needle_cannot_stand_in_are_passed_over(tmp_path: Path) -> None:
    files = tree_of(tmp_path, "python", "java", "java", "python")
    (tmp_path / "000.py").write_bytes(b"# caf\xe9\n")
    (tmp_path / "001.java").write_text("package filler;\n")
    (tmp_path / "002.java").write_text("class A {\n}\n/* not the end */\n")
    assert planted(tmp_path, files, (0.0, "chess"))[0].path == "003.py"


def test_a_function_that_fits_nowhere_is_left_out_and_nothing_at_all_is_an_error(tmp_path: Path) -> None:
    files = tree_of(tmp_path, "rust", "rust")
    assert [place.needle.kind for place in planted(tmp_path, files, (0.0, "chess"), (0.0, "tram"))] == [NeedleKind.COMMENT]
    with pytest.raises(UsageError, match="no needle can be planted"):
        planted(tmp_path, tree_of(tmp_path, "text"), (0.0, "chess"), (0.0, "tram"))
