"""The picture of what a model answered."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.model.needle import Asked, Trial, Way
from desktop.drawing.needle_answers import answers_svg, write_answers

SVG = "{http://www.w3.org/2000/svg}"


def trial(way: Way, depth: float, length: int, right: bool, **more: object) -> Trial:
    values = {"usd": 0.01 * length, "holds_fact": True, "answer": "so & <so>", "error": "", **more}
    return Trial("tram", way, depth, 1.0, length, 100 + length, 5, 1.5, right=right, **values)  # type: ignore[arg-type]


ASKED = Asked(
    "openai",
    "gpt <x>",
    32_000,
    (0.0, 0.5, 1.0),
    (
        trial(Way.PACK, 0.0, 0, True),
        trial(Way.PACK, 0.5, 0, False, holds_fact=False),
        trial(Way.PACK, 1.0, 0, True),
        trial(Way.STUFFED, 0.0, 4_000, True),
        trial(Way.STUFFED, 0.5, 4_000, False),
        trial(Way.STUFFED, 0.0, 32_000, False, error="too long"),
    ),
)


def texts(svg: str) -> list[str]:
    return ["".join(item.itertext()) for item in ElementTree.fromstring(svg.encode()).iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_answer_is_told_in_its_place_with_what_it_took(theme: str) -> None:
    said = texts(answers_svg(ASKED, theme))
    assert said.count("right") == 3 + 1  # and the name of a row of bars
    assert (said.count("wrong"), said.count("not in pack"), said.count("error"), said.count("–")) == (1, 1, 1, 3)
    assert {"67%", "50%", "0%", "100", "4,100", "32,100", "1.5", "$40.0000"} <= set(said)
    assert "gpt <x> asked 6 times" in " ".join(said)


def test_nothing_stands_outside_of_the_picture() -> None:
    root = ElementTree.fromstring(answers_svg(ASKED).encode())
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for item in root.iter(f"{SVG}text"):
        assert 0 <= float(item.attrib["x"]) <= width
        assert 0 <= float(item.attrib["y"]) <= height - 10
    for item in root.iter(f"{SVG}rect"):
        assert float(item.attrib.get("x", 0)) + float(item.attrib["width"]) <= width


def test_a_model_without_prices_has_no_row_of_dollars_and_nothing_asked_is_no_error() -> None:
    free = Asked("x", "y", 1, (0.5,), (trial(Way.PACK, 0.5, 0, True, usd=None),))
    assert "dollars" not in texts(answers_svg(free))
    assert "A pack against a stuffed prompt" in texts(answers_svg(Asked("x", "y", 1, (0.5,), ())))


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_it_is_written_in_the_format_of_its_ending(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"answers.{ending}"
    write_answers(ASKED, file)
    assert file.read_bytes()[:4] in (b"<?xm", b"\x89PNG", b"%PDF")
