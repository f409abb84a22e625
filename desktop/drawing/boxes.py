"""The size of a box and how its words are set: shared by the layout and by everyone who paints."""

from __future__ import annotations

from dataclasses import dataclass

from core.model.diagram import DiagramNode
from desktop.drawing.text import clean, elide_middle, text_width, wrap

LABEL_SIZE = 13.0
DETAIL_SIZE = 11.0
CLUSTER_LABEL_SIZE = 12.0
"""Font sizes in points; the label is semibold."""
LABEL_LINE = 17.0
DETAIL_LINE = 14.0
"""Heights of lines."""
PADDING = 11.0
BADGE = 20.0
"""The square at the left that tells the kind."""
BADGE_GAP = 9.0
RADIUS = 7.0
CLUSTER_LABEL_HEIGHT = 22.0
CLUSTER_MARGIN = 14.0

_TEXT_WIDTH = 200.0
_LABEL_WIDTH = 250.0
_MINIMUM_WIDTH = 96.0
_DETAIL_LINES = 2


@dataclass(frozen=True, slots=True)
class BoxText:
    """A node's words as they are set, and the box around them, in points."""

    label: str
    details: tuple[str, ...]
    width: float
    height: float

    @property
    def text_height(self) -> float:
        return LABEL_LINE + DETAIL_LINE * len(self.details)


def box_text(node: DiagramNode) -> BoxText:
    """How a node is written. A label is elided in its middle, a detail broken into at most two lines."""
    label = elide_middle(clean(node.label), _LABEL_WIDTH, LABEL_SIZE, bold=True)
    label_width = text_width(label, LABEL_SIZE, bold=True)
    details = wrap(clean(node.detail), max(_TEXT_WIDTH, label_width), DETAIL_SIZE, _DETAIL_LINES)
    width = max([label_width, *(text_width(line, DETAIL_SIZE) for line in details)])
    width = max(_MINIMUM_WIDTH, PADDING + BADGE + BADGE_GAP + width + PADDING + 3)
    text = LABEL_LINE + DETAIL_LINE * len(details)
    return BoxText(label, details, round(width), round(max(BADGE, text) + 2 * PADDING - 4))
