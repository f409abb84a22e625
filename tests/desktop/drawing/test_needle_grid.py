"""The picture of a needle grid: whole, told in words, readable, the same every time."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.errors import UsageError
from core.model.needle import NeedleFinding, NeedleGrid, NeedleRow
from desktop.drawing.export import PICTURES
from desktop.drawing.needle_grid import check_target, color_of, grid_svg, write_grid
from desktop.drawing.palette import THEMES, palette

SVG = "{http://www.w3.org/2000/svg}"
SIZES = (1, 10, 100)
RANKS = (1, 2, 3, 4, 10, 11, 50, None)


def grid(sizes: int = 3, depths: int = 8) -> NeedleGrid:
    def cell(size: int, depth: int) -> tuple[NeedleFinding, ...]:
        rank = RANKS[(size + depth) % len(RANKS)]
        return (NeedleFinding("chess", "function", "elo_gain", "a.py", 3, 9, 0.5, 1, rank),)

    rows = tuple(
        NeedleRow(float(SIZES[n % 3] + n - n % 3), 10, 1, tuple(cell(n, depth) for depth in range(depths)))
        for n in range(sizes)
    )
    return NeedleGrid(tuple(depth / max(1, depths - 1) for depth in range(depths)), rows, 50)


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(item.itertext()) for item in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("sizes", "depths"), [(1, 1), (3, 8), (12, 41), (64, 100)])
def test_everything_lies_within_the_picture_and_no_two_cells_overlap(theme: str, sizes: int, depths: int) -> None:
    root = ElementTree.fromstring(grid_svg(grid(sizes, depths), theme))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    boxes = []
    for item in list(root.iter(f"{SVG}rect"))[1:]:
        x, y, w, h = (float(item.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert x + w <= width
        assert y >= 0
        assert y + h <= height
        boxes.append((x, y))
    assert len(set(boxes)) == len(boxes) == 2 * sizes * depths + 5
    for item in root.iter(f"{SVG}text"):
        assert 0 <= float(item.attrib["x"]) <= width
        assert 0 <= float(item.attrib["y"]) <= height


def test_ranks_are_told_as_text_and_in_tooltips() -> None:
    root = ElementTree.fromstring(grid_svg(grid()))
    assert root.find(f"{SVG}title").text == "Needles in a haystack"  # type: ignore[union-attr]
    assert "in other words 62%" in root.find(f"{SVG}desc").text  # type: ignore[union-attr, operator]
    said = texts(root)
    assert {"1 MB", "10 MB", "100 MB", "0%", "100%", "11", "50", "–", "not among 50", "62% among the first 10"} <= set(said)
    tips = [item.text for item in root.iter(f"{SVG}title")]
    assert "Asked in other words: 1 MB, 100% deep, not found" in tips
    assert "Asked in other words: 100 MB, 0% deep, rank 3" in tips


def test_the_picture_needs_nothing_else_and_is_the_same_every_time() -> None:
    text = grid_svg(grid())
    assert text == grid_svg(grid())
    assert "href" not in text
    tags = {item.tag.removeprefix(SVG) for item in ElementTree.fromstring(text).iter()}
    assert tags == {"svg", "title", "desc", "rect", "text", "g", "path"}


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable_on_every_colour(theme: str) -> None:
    colors = palette(theme)
    assert len({color_of(rank, colors) for rank in RANKS}) == len(colors.ranks) == 5
    for fill in colors.ranks:
        light, dark = sorted((luminance(fill), luminance(colors.label)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ending", PICTURES)
def test_every_format_is_written(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"grid.{ending}"
    write_grid(grid(2, 3), file)
    assert file.read_bytes().startswith({"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF-"}[ending])


def test_what_cannot_be_written_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    for name, why in (
        ("grid.docx", "svg, png, pdf"),
        ("none/grid.svg", "folder does not exist"),
        ("folder.svg", "a folder"),
    ):
        (tmp_path / "folder.svg").mkdir(exist_ok=True)
        with pytest.raises(UsageError, match=why):
            check_target(tmp_path / name)
    check_target(tmp_path / "grid.svg")
    assert not (tmp_path / "grid.svg").exists()
