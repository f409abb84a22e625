"""How wide text is, without a font at hand.

The widths are the advances of DejaVu Sans, the widest of the fonts that a system is likely to show a diagram in: whatever
takes its place leaves a little air, and nothing is ever cut off.
"""

from __future__ import annotations

import unicodedata

FONT_FAMILIES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Roboto",
    "Helvetica Neue",
    "Noto Sans",
    "Cantarell",
    "DejaVu Sans",
    "Arial",
    "sans-serif",
)
"""The fonts of every picture, the first that is there."""

_FIRST = 0x20
# Advances in thousandths of the font's size for U+0020 to U+007E.
_REGULAR = (
    "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 636 337 337 "
    "838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 603 787 695 635 611 732 684 989 "
    "685 611 685 390 337 390 838 500 500 613 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 "
    "392 634 592 818 592 592 525 636 337 636 838"
)
_BOLD = (
    "348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 696 696 696 400 400 "
    "838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 775 637 995 837 850 733 850 770 720 682 812 774 "
    "1103 771 724 725 457 365 457 838 500 500 675 716 593 716 678 435 716 712 343 343 665 343 1042 712 687 716 716 "
    "493 595 478 712 652 924 645 652 582 712 365 712 838"
)
_WIDTHS = {False: tuple(map(int, _REGULAR.split())), True: tuple(map(int, _BOLD.split()))}
_NARROW = {"·": 380, "’": 380, "‘": 380, "…": 1000, "–": 500}
_OTHER = {False: 760, True: 860}
"""Letters of other alphabets: most are narrower."""
_WIDE = 1250
"""East Asian letters are a whole size wide, emoji somewhat more."""


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width in points of one line set in `size` points."""
    widths = _WIDTHS[bold]
    total = 0
    for character in text:
        index = ord(character) - _FIRST
        if 0 <= index < len(widths):
            total += widths[index]
        elif character in _NARROW:
            total += _NARROW[character]
        elif unicodedata.combining(character):
            continue
        else:
            total += _WIDE if unicodedata.east_asian_width(character) in "WF" else _OTHER[bold]
    return total * size / 1000


def clean(text: str) -> str:
    """`text` on one line, without what XML or a C string cannot hold, or what would turn the order of letters round: with
    an override in it, a name would be read as another."""
    return "".join(
        " " if character in "\t\n\r" else character if _is_printable(ord(character)) else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def _is_printable(code: int) -> bool:
    """Whether XML 1.0 (§2.2) and its advice on discouraged characters admit it, and it is no override of direction."""
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return False
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or 0xFDD0 <= code <= 0xFDEF:
        return False
    return code & 0xFFFE != 0xFFFE


def elide(text: str, width: float, size: float, bold: bool = False) -> str:
    """`text`, its end replaced by `…` where it is wider than `width`."""
    if text_width(text, size, bold) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size, bold) > width:
        kept = kept[:-1]
    return kept.rstrip(" .,·") + "…" if kept else "…"


def elide_middle(text: str, width: float, size: float, bold: bool = False) -> str:
    """`text` with `…` in its middle where it is too wide: names differ at both ends."""
    if text_width(text, size, bold) <= width:
        return text
    low, high = 0, len(text) - 1
    best = "…"
    while low <= high:
        kept = (low + high) // 2
        head = (kept + 1) // 2
        candidate = text[:head] + "…" + (text[len(text) - (kept - head) :] if kept > head else "")
        if text_width(candidate, size, bold) <= width:
            best, low = candidate, kept + 1
        else:
            high = kept - 1
    return best


def wrap(text: str, width: float, size: float, lines: int, bold: bool = False) -> tuple[str, ...]:
    """At most `lines` lines, broken between words; what does not fit is elided."""
    words = text.split()
    wrapped: list[str] = []
    current = ""
    for number, word in enumerate(words):
        longer = f"{current} {word}" if current else word
        if not current or text_width(longer, size, bold) <= width:
            current = longer
            continue
        if len(wrapped) == lines - 1:
            current = " ".join([current, *words[number:]])
            break
        wrapped.append(current)
        current = word
    if current:
        wrapped.append(current)
    # A line without a space is a path or a name, whose ends both matter.
    return tuple((elide if " " in line else elide_middle)(line, width, size, bold) for line in wrapped)
