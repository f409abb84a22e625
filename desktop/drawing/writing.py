"""The pieces that every SVG is written with: numbers, text, the head of the file."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from desktop.drawing.text import FONT_FAMILIES, clean


def opening(width: float, height: float, title: str, description: str, background: str) -> Iterable[str]:
    """The first lines of a picture of that size, up to its background; `</svg>` ends it."""
    families = ", ".join(f"'{family}'" if " " in family else family for family in FONT_FAMILIES)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{number(width)}" height="{number(height)}" '
        f'viewBox="0 0 {number(width)} {number(height)}" role="img" aria-labelledby="title description" '
        f"font-family={quoteattr(families)}>"
    )
    yield f'<title id="title">{escaped(title)}</title>'
    yield f'<desc id="description">{escaped(description)}</desc>'
    yield f'<rect width="{number(width)}" height="{number(height)}" fill="{background}"/>'


def text_line(text: str, x: float, y: float, size: float, color: str, weight: int = 0, anchor: str = "") -> str:
    """One line of text, its baseline beginning (or as `anchor` says) at `x`, `y`."""
    bold = f' font-weight="{weight}"' if weight else ""
    aligned = f' text-anchor="{anchor}"' if anchor else ""
    look = f'font-size="{number(size)}" fill="{color}"{bold}{aligned}'
    return f'<text x="{number(x)}" y="{number(y)}" {look}>{escaped(text)}</text>'


def escaped(text: str) -> str:
    """Text as it may stand in XML."""
    return escape(clean(text))


def number(value: float) -> str:
    """A number, short."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
