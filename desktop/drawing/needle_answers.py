"""What a model answered to planted facts → SVG: depths downwards, kinds of prompt from left to right, and what each took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from core.model.needle import Asked, Trial, Way
from desktop.drawing.captions import NOTE_SIZE, SUBTITLE_SIZE, TITLE_SIZE
from desktop.drawing.export import write_picture
from desktop.drawing.palette import Palette, palette
from desktop.drawing.text import text_width
from desktop.drawing.writing import escaped, number, opening, text_line

TITLE = "A pack against a stuffed prompt"
_MARGIN = 28.0
_CELL_WIDTH = 92.0
_GAP = 2.0
_AXIS = 92.0
_TOP = 120.0
_SIZE = 12.0
_LEAST = 640.0
_BAR = 46.0
"""Height of the bars that compare what prompts took."""

Column = tuple[Way, float, int]


def write_answers(asked: Asked, file: Path, theme: str = "light") -> None:
    """Write `file` whole or not at all, in the format of its ending."""
    write_picture(answers_svg(asked, theme), file)


def answers_svg(asked: Asked, theme: str = "light") -> str:
    """The picture as the text of an SVG file, the same for the same trials."""
    colors = palette(theme)
    columns = asked.columns()
    row_height = 26.0 if len(asked.depths) <= 40 else 19.0
    measures = _measures(asked, columns)
    table = _TOP + len(asked.depths) * row_height
    bars = table + 24.0
    width = max(_AXIS + len(columns) * _CELL_WIDTH, _LEAST) + 2 * _MARGIN
    height = bars + len(measures) * (_BAR + 22.0) + 94.0 + _MARGIN
    parts = [*opening(width, height, TITLE, _description(asked, columns), colors.background)]
    parts.append(text_line(TITLE, _MARGIN, _MARGIN + 18, TITLE_SIZE, colors.title, weight=600))
    parts.append(text_line(_subtitle(asked), _MARGIN, _MARGIN + 40, SUBTITLE_SIZE, colors.subtitle))
    left = _MARGIN + _AXIS
    parts.append(text_line("depth", left - 12, _TOP - 10, NOTE_SIZE, colors.note, anchor="end"))
    for place, column in enumerate(columns):
        middle = left + (place + 0.5) * _CELL_WIDTH - _GAP / 2
        above, below = _heads(column)
        parts.append(text_line(above, middle, _TOP - 26, NOTE_SIZE, colors.label, weight=600, anchor="middle"))
        parts.append(text_line(below, middle, _TOP - 10, NOTE_SIZE, colors.note, anchor="middle"))
        by_depth = {trial.depth: trial for trial in asked.of(column)}
        for line, depth in enumerate(asked.depths):
            parts += _cell(by_depth.get(depth), left + place * _CELL_WIDTH, _TOP + line * row_height, row_height, colors)
    for line, depth in enumerate(asked.depths):
        baseline = _TOP + (line + 0.5) * row_height + 4.2
        parts.append(text_line(f"{depth:.0%}", left - 12, baseline, NOTE_SIZE, colors.note, anchor="end"))
    for line, (title, values, told) in enumerate(measures):
        parts += _bars(title, values, told, left, bars + line * (_BAR + 22.0), colors)
    parts += _legend(height - _MARGIN - 68.0, width, colors)
    return "\n".join([*parts, "</svg>", ""])


def _measures(asked: Asked, columns: Sequence[Column]) -> list[tuple[str, list[float | None], Callable[[float], str]]]:
    """What is compared below the table: a title, a value a column, and how it is written."""
    trials = [asked.of(column) for column in columns]
    costs = [[trial.usd for trial in of if trial.usd is not None] for of in trials]
    measures: list[tuple[str, list[float | None], Callable[[float], str]]] = [
        ("right", [sum(trial.right for trial in of) / len(of) for of in trials], lambda value: f"{value:.0%}"),
        ("tokens", [sum(trial.input_tokens for trial in of) / len(of) for of in trials], lambda value: f"{value:,.0f}"),
        ("seconds", [sum(trial.seconds for trial in of) / len(of) for of in trials], lambda value: f"{value:.1f}"),
    ]
    if any(costs):
        dollars = [sum(of) / len(of) if of else None for of in costs]
        measures.append(("dollars", dollars, lambda value: f"${value:.4f}"))
    return measures


def _bars(
    title: str, values: Sequence[float | None], told: Callable[[float], str], left: float, y: float, colors: Palette
) -> Iterable[str]:
    most = max((value for value in values if value is not None), default=0.0) or 1.0
    yield text_line(title, left - 12, y + _BAR, NOTE_SIZE, colors.note, anchor="end")
    for place, value in enumerate(values):
        if value is None:
            continue
        x, high = left + place * _CELL_WIDTH, max(1.5, value / most * (_BAR - 16.0))
        yield _box(x + 18, y + _BAR - high, _CELL_WIDTH - 36, high, colors.ranks[1])
        middle = x + _CELL_WIDTH / 2 - _GAP / 2
        yield text_line(told(value), middle, y + _BAR - high - 4, NOTE_SIZE, colors.label, anchor="middle")


def _cell(trial: Trial | None, x: float, y: float, height: float, colors: Palette) -> Iterable[str]:
    """Told by a word as well as by a colour."""
    word = _word(trial)
    color = colors.ranks[0] if word == "right" else colors.background if word == "–" else colors.ranks[-1]
    said = f"{trial.needle}: {trial.error or trial.answer or 'no answer'}"[:200] if trial else "not asked"
    yield f"<g><title>{escaped(said)}</title>"
    yield _box(x, y, _CELL_WIDTH - _GAP, height - _GAP, color)
    middle = x + (_CELL_WIDTH - _GAP) / 2
    yield text_line(word, middle, y + height / 2 + 4.2, _SIZE, colors.label, weight=600, anchor="middle")
    yield "</g>"


def _word(trial: Trial | None) -> str:
    if trial is None:
        return "–"
    if trial.error:
        return "error"
    return "right" if trial.right else "wrong" if trial.holds_fact else "not in pack"


def _heads(column: Column) -> tuple[str, str]:
    way, size_mb, length = column
    return ("pack", f"of {size_mb:g} MB") if way is Way.PACK else ("stuffed", f"{length / 1000:g} k tokens")


def _legend(y: float, width: float, colors: Palette) -> Iterable[str]:
    yield f'<path d="M{number(_MARGIN)} {number(y)}H{number(width - _MARGIN)}" stroke="{colors.rule}" fill="none"/>'
    x = _MARGIN
    for label, color in (("right answer", colors.ranks[0]), ("wrong answer, or none", colors.ranks[-1])):
        yield _box(x, y + 14, 24, 15, color)
        yield text_line(label, x + 30, y + 26, NOTE_SIZE, colors.note)
        x += 30 + text_width(label, NOTE_SIZE) + 24
    note = "A stuffed prompt always holds the fact, at that depth; bars are means of one request."
    yield text_line(note, _MARGIN, y + 54, NOTE_SIZE, colors.note)


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    size = f'width="{number(width)}" height="{number(height)}"'
    return f'<rect x="{number(x)}" y="{number(y)}" {size} rx="3" fill="{fill}"/>'


def _subtitle(asked: Asked) -> str:
    return (
        f"{asked.model} asked {len(asked.trials)} times for facts planted in real code; it reads {asked.window:,} LLM tokens"
    )


def _description(asked: Asked, columns: Sequence[Column]) -> str:
    told = [
        f"{' '.join(_heads(column))}: {sum(trial.right for trial in of)} of {len(of)} right"
        for column in columns
        if (of := asked.of(column))
    ]
    return f"Right answers of {asked.model} to planted facts. {'; '.join(told)}."
