"""Two small plots side by side, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 420, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 40, 44


@dataclass(frozen=True)
class Panel:
    """Points (x, y), both axes beginning at 0, and the straight line through 0 and the first of them."""

    title: str
    x: str
    y: str
    points: Sequence[tuple[float, float]]


def svg(panels: Sequence[Panel]) -> str:
    """The panels in a row, as the text of an SVG file."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(panels)} {HEIGHT}" '
        f'width="{WIDTH * len(panels)}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH * len(panels)}" height="{HEIGHT}" fill="white"/>',
    ]
    for i, panel in enumerate(panels):
        parts += [f'<g transform="translate({i * WIDTH} 0)">', *_panel(panel), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel) -> list[str]:
    right = max(x for x, _ in panel.points) * 1.05
    slope = panel.points[0][1] / panel.points[0][0]
    top = max(*(y for _, y in panel.points), slope * right) * 1.05
    wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + wide * x / right, _TOP + high * (1 - y / top)

    def line(points: Sequence[tuple[float, float]], style: str) -> str:
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        return f'<polyline points="{drawn}" fill="none" {style}/>'

    parts = [
        f'<text x="{_LEFT}" y="22" font-size="14" font-weight="bold">{escape(panel.title)}</text>',
        line([(0, top), (0, 0), (right, 0)], 'stroke="#888"'),
        line([(0, 0), (right, slope * right)], 'stroke="#aaa" stroke-dasharray="4 4"'),
        line([(0, 0), *panel.points], 'stroke="#2563eb" stroke-width="2"'),
        f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{escape(panel.x)}</text>',
        f'<text x="8" y="{_TOP - 4}">{escape(panel.y)}</text>',
    ]
    for x, y in panel.points:
        left, down = place(x, y)
        parts += [
            f'<circle cx="{left:.1f}" cy="{down:.1f}" r="3.5" fill="#2563eb"/>',
            f'<text x="{left:.1f}" y="{HEIGHT - _BOTTOM + 16}" text-anchor="middle">{x:.0f}</text>',
            f'<text x="{left - 6:.1f}" y="{down - 6:.1f}" text-anchor="end">{y:.0f}</text>',
        ]
    return parts
