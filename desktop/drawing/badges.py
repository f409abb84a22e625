"""The little signs in boxes that tell a node's kind: a letter or a few strokes on a square of 20 points."""

from __future__ import annotations

BADGE_LETTERS = {"class": "C", "interface": "I", "type": "T", "function": "ƒ", "value": "v"}

BADGE_PATHS = {
    "system": "M5 6h10v8H5zM8 17h4M10 14v3",
    "package": "M10 4l5.2 2.9v6.2L10 16l-5.2-2.9V6.9zM4.8 6.9L10 9.8l5.2-2.9M10 9.8V16",
    "folder": "M4.5 14.5v-9h3.8l1.5 1.9h5.7v7.1z",
    "file": "M6.2 4.5h4.9l2.9 2.9v8.1H6.2zM11 4.6v3h3",
    "bundle": "M10 4.6l5.4 2.7L10 10 4.6 7.3zM4.6 10.1L10 12.8l5.4-2.7M4.6 12.9L10 15.6l5.4-2.7",
    "context": "M4.5 10h9.5M10.4 6.2L14.2 10l-3.8 3.8",
    "external": (
        "M10 4.4a5.6 5.6 0 1 0 0 11.2a5.6 5.6 0 1 0 0-11.2M4.4 10h11.2"
        "M10 4.4c-3.4 3.4-3.4 7.8 0 11.2M10 4.4c3.4 3.4 3.4 7.8 0 11.2"
    ),
}
"""Strokes as SVG path data."""

KIND_NAMES = {
    "package": "package",
    "folder": "folder",
    "file": "file",
    "class": "class",
    "interface": "interface",
    "type": "type",
    "function": "function or method",
    "value": "variable",
    "bundle": "several, told together",
    "context": "around the scope",
    "external": "outside of the source",
}
"""Kinds as a legend calls them."""

MARK_PATHS = {
    "forbidden": "M-3.2 -3.2L3.2 3.2M3.2 -3.2L-3.2 3.2",
    "added": "M-3.6 0H3.6M0 -3.6V3.6",
    "removed": "M-3.6 0H3.6",
    "changed": "M-3.6 -1.6H3.6M-3.6 1.6H3.6M1.6 -3.6L-1.6 3.6",
}
"""Signs of marks around their middle, so that a mark is told by more than its colour: a cross, plus, minus, unequal."""

MARK_NAMES = {
    "forbidden": "against a rule",
    "added": "added",
    "removed": "removed",
    "changed": "changed",
}
"""Marks as a legend calls them."""
