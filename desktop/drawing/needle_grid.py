"""A needle grid → SVG: one panel for each kind of words, sizes from left to right, depths downwards, ranks in the cells."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from core.errors import UsageError
from core.model.needle import RECALL_WITHIN, NeedleGrid, Wording
from desktop.drawing.captions import NOTE_SIZE, SUBTITLE_SIZE, TITLE_SIZE
from desktop.drawing.export import PICTURES, check_folder, format_of, write_picture
from desktop.drawing.palette import Palette, palette
from desktop.drawing.text import text_width
from desktop.drawing.writing import escaped, number, opening, text_line

TITLE = "Needles in a haystack"
LOST = "–"

_PANELS = {Wording.PARAPHRASE: "Asked in other words", Wording.SHARED: "Asked in words of the needle"}
_STEPS = ((1, "first"), (3, "2 to 3"), (RECALL_WITHIN, "4 to 10"))
"""The last rank of each colour but the last two, and how the legend calls it."""
_MARGIN = 28.0
_CELL_WIDTH = 64.0
_GAP = 2.0
_AXIS = 62.0
_BETWEEN = 44.0
_WIDEST = 1400.0
"""Panels that do not fit into so many points beside each other stand below each other."""
_LEAST = 620.0
_CELL_SIZE = 12.0
_PANEL_TITLE = 14.0
_PANEL_HEAD = 60.0


def check_target(file: Path) -> None:
    """Raise `UsageError` for a file that no grid can be written to, before anything is measured."""
    format_of(file, PICTURES)
    check_folder(file)
    if file.is_dir():
        raise UsageError(f"{file} cannot be written", "it is a folder", "choose another file with -o")
    if not os.access(file.parent, os.W_OK):
        raise UsageError(f"{file} cannot be written", "its folder is not writable", "choose another file with -o")


def write_grid(grid: NeedleGrid, file: Path, theme: str = "light") -> None:
    """Write `file` whole or not at all, in the format of its ending."""
    write_picture(grid_svg(grid, theme), file)


def grid_svg(grid: NeedleGrid, theme: str = "light") -> str:
    """The picture as the text of an SVG file, the same for the same grid."""
    colors = palette(theme)
    titles = max(text_width(title, _PANEL_TITLE, bold=True) for title in _PANELS.values())
    panel_width = max(titles, _AXIS + len(grid.rows) * _CELL_WIDTH)
    row_height = 26.0 if len(grid.depths) <= 40 else 19.0
    panel_height = _PANEL_HEAD + len(grid.depths) * row_height
    beside = 2 * panel_width + _BETWEEN <= _WIDEST
    inner = 2 * panel_width + _BETWEEN if beside else panel_width
    width = max(inner, _LEAST) + 2 * _MARGIN
    top = _MARGIN + 66.0
    panels_height = panel_height if beside else 2 * panel_height + _BETWEEN
    height = top + panels_height + 68.0 + _MARGIN
    parts = [*opening(width, height, TITLE, _description(grid), colors.background)]
    parts.append(text_line(TITLE, _MARGIN, _MARGIN + 18, TITLE_SIZE, colors.title, weight=600))
    parts.append(text_line(_subtitle(grid), _MARGIN, _MARGIN + 40, SUBTITLE_SIZE, colors.subtitle))
    for place, wording in enumerate(_PANELS):
        x = _MARGIN + (place * (panel_width + _BETWEEN) if beside else 0.0)
        y = top + (0.0 if beside else place * (panel_height + _BETWEEN))
        parts += _panel(grid, wording, x, y, row_height, colors)
    parts += _legend(grid, top + panels_height + 18.0, width, colors)
    return "\n".join([*parts, "</svg>", ""])


def _panel(grid: NeedleGrid, wording: Wording, x: float, y: float, row_height: float, colors: Palette) -> Iterable[str]:
    recall = f"{grid.recall(wording):.0%} among the first {RECALL_WITHIN}"
    title = _PANELS[wording]
    yield text_line(title, x, y + 12, _PANEL_TITLE, colors.label, weight=600)
    yield text_line(recall, x, y + 30, NOTE_SIZE, colors.note)
    left, first = x + _AXIS, y + _PANEL_HEAD
    yield text_line("depth", left - 10, y + 52, NOTE_SIZE, colors.note, anchor="end")
    for column, row in enumerate(grid.rows):
        middle = left + (column + 0.5) * _CELL_WIDTH
        yield text_line(f"{row.size_mb:g} MB", middle, y + 52, NOTE_SIZE, colors.note, anchor="middle")
    found = grid.found_at(wording)
    for line, depth in enumerate(grid.depths):
        baseline = first + (line + 0.5) * row_height + 4.2
        yield text_line(f"{depth:.0%}", left - 10, baseline, NOTE_SIZE, colors.note, anchor="end")
        for column, row in enumerate(grid.rows):
            rank = found[column][line]
            told = "not found" if rank is None else f"rank {rank}"
            yield f"<g><title>{escaped(f'{title}: {row.size_mb:g} MB, {depth:.0%} deep, {told}')}</title>"
            yield _box(
                left + column * _CELL_WIDTH, first + line * row_height, _CELL_WIDTH, row_height, color_of(rank, colors)
            )
            middle = left + (column + 0.5) * _CELL_WIDTH
            text = LOST if rank is None else str(rank)
            yield text_line(text, middle - _GAP / 2, baseline, _CELL_SIZE, colors.label, weight=600, anchor="middle")
            yield "</g>"


def color_of(rank: int | None, colors: Palette) -> str:
    """The colour of a rank; None is one that was not found."""
    if rank is None:
        return colors.ranks[-1]
    return next((color for (last, _), color in zip(_STEPS, colors.ranks, strict=False) if rank <= last), colors.ranks[-2])


def _legend(grid: NeedleGrid, y: float, width: float, colors: Palette) -> Iterable[str]:
    yield f'<path d="M{number(_MARGIN)} {number(y)}H{number(width - _MARGIN)}" stroke="{colors.rule}" fill="none"/>'
    labels = [*(label for _, label in _STEPS), f"{RECALL_WITHIN + 1} to {grid.searched}", f"not among {grid.searched}"]
    x = _MARGIN
    for label, color in zip(labels, colors.ranks, strict=True):
        yield _box(x, y + 14, 24, 17, color)
        yield text_line(label, x + 30, y + 27, NOTE_SIZE, colors.note)
        x += 30 + text_width(label, NOTE_SIZE) + 24
    note = "The number is the worst rank of the needles at that depth of a tree of that size."
    yield text_line(note, _MARGIN, y + 54, NOTE_SIZE, colors.note)


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width - _GAP)}" height="{number(height - _GAP)}" rx="3" '
        f'fill="{fill}"/>'
    )


def _subtitle(grid: NeedleGrid) -> str:
    count = sum(1 for _ in grid.all_findings())
    return f"{count:,} functions and facts planted in real code, and the rank at which a search finds them"


def _description(grid: NeedleGrid) -> str:
    sizes = ", ".join(f"{row.size_mb:g}" for row in grid.rows)
    recalls = "; ".join(f"{title.lower()} {grid.recall(wording):.0%}" for wording, title in _PANELS.items())
    return (
        f"Ranks of planted needles in trees of {sizes} MB at {len(grid.depths)} depths. "
        f"Found among the first {RECALL_WITHIN} results: {recalls}."
    )
