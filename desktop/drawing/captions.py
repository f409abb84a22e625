"""What stands around a picture: its title, the legend of what occurs in it, and what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from core.model.diagram import TILED, Drawing, Mark, Tie
from core.model.graph import Confidence, EdgeKind
from desktop.drawing.badges import KIND_NAMES, MARK_NAMES
from desktop.drawing.text import clean, elide, text_width, wrap

TITLE_SIZE = 20.0
SUBTITLE_SIZE = 12.5
NOTE_SIZE = 11.5
_MINIMUM_WIDTH = 620.0
_MAXIMUM_WIDTH = 1400.0
_GAP = 26.0

_CONFIDENCE_NAMES = {
    Confidence.EXACT: "exact: found by import, scope or type",
    Confidence.INFERRED: "inferred: evidence with a guess in it",
    Confidence.NAME: "by name alone",
}
_EDGE_NAMES = {
    "calls": "calls",
    "imports": "imports",
    "inherits": "inherits from",
    "implements": "implements",
    "overrides": "overrides",
    "references": "refers to",
    "contains": "contains",
    "cycle": "closes an import cycle",
    "shares": "the same logic in both, wider for more bytes",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry of the legend: a kind of box (`badge`), of arrow, a mark, or the heat of tiles; `width` includes the gap
    after it."""

    label: str
    width: float
    badge: str = ""
    edge: str = ""
    confidence: Confidence = Confidence.EXACT
    mark: str = ""
    heat: bool = False


HEAT_WIDTH = 92.0
"""Points of the scale of heats in a legend."""


@dataclass(frozen=True, slots=True)
class Captions:
    """Everything that is written around a drawing, broken into lines, in points."""

    title: str
    subtitle: tuple[str, ...]
    description: str
    rows: tuple[tuple[Sample, ...], ...]
    notes: tuple[str, ...]
    width: float

    @property
    def header_height(self) -> float:
        return 24 + 18 * len(self.subtitle) + 32

    @property
    def footer_height(self) -> float:
        return 32 + 26 * len(self.rows) + 18 * len(self.notes) if self.rows or self.notes else 12


def captions(drawing: Drawing) -> Captions:
    """The words around `drawing`, set in a width that fits it."""
    diagram = drawing.diagram
    width = min(max(drawing.width, _MINIMUM_WIDTH), max(_MAXIMUM_WIDTH, drawing.width))
    title = elide(clean(diagram.title), width, TITLE_SIZE, bold=True)
    subtitle = wrap(clean(diagram.subtitle), width, SUBTITLE_SIZE, 3)
    left_out = " · ".join(f"{omitted.count:,} {clean(omitted.what)}" for omitted in diagram.omitted)
    notes = wrap(f"Left out: {left_out}", width, NOTE_SIZE, 6) if left_out else ()
    description = f"{diagram.subtitle}. {len(diagram.nodes)} boxes and {len(diagram.edges)} arrows."
    if left_out:
        description += f" Left out: {left_out}."
    return Captions(title, subtitle, description, _rows(_samples(drawing), width), notes, width)


def _samples(drawing: Drawing) -> list[Sample]:
    diagram = drawing.diagram
    samples = []
    if diagram.kind not in TILED:
        kinds = Counter("external" if node.external else node.kind for node in diagram.nodes)
        for kind, name in KIND_NAMES.items():
            if kinds[kind]:
                samples.append(_sample(name, 27.0, badge=kind))
    elif any(node.heat is not None for node in diagram.nodes):
        samples.append(_sample("cold to hot; cold, too, where nothing is known", HEAT_WIDTH + 8, heat=True))
    positions = {node.id: number for number, node in enumerate(diagram.nodes)}
    edges: Counter[str] = Counter()
    for edge in diagram.edges:
        cycle = diagram.kind == "imports" and positions[edge.source] > positions[edge.target]
        edges["cycle" if cycle else edge.kind.value] += 1
    for kind in (*(kind.value for kind in EdgeKind), *(tie.value for tie in Tie), "cycle"):
        if edges[kind]:
            samples.append(_sample(f"{_EDGE_NAMES[kind]} ({edges[kind]:,})", 40.0, edge=kind))
    confidences = Counter(edge.confidence for edge in diagram.edges)
    if set(confidences) - {Confidence.EXACT}:
        commonest = edges.most_common(1)[0][0]
        for confidence in Confidence:
            if confidences[confidence]:
                label = f"{_CONFIDENCE_NAMES[confidence]} ({confidences[confidence]:,})"
                samples.append(_sample(label, 40.0, edge=commonest, confidence=confidence))
    marks = Counter([*(node.mark for node in diagram.nodes), *(edge.mark for edge in diagram.edges)])
    for mark, name in MARK_NAMES.items():
        if marks[Mark(mark)]:
            samples.append(_sample(f"{name} ({marks[Mark(mark)]:,})", 24.0, mark=mark))
    return samples


def _sample(
    label: str,
    offset: float,
    *,
    badge: str = "",
    edge: str = "",
    confidence: Confidence = Confidence.EXACT,
    mark: str = "",
    heat: bool = False,
) -> Sample:
    return Sample(label, offset + text_width(label, NOTE_SIZE) + _GAP, badge, edge, confidence, mark, heat)


def _rows(samples: list[Sample], width: float) -> tuple[tuple[Sample, ...], ...]:
    rows: list[list[Sample]] = []
    used = 0.0
    for sample in samples:
        if not rows or used + sample.width - _GAP > width:
            rows.append([])
            used = 0.0
        rows[-1].append(sample)
        used += sample.width
    return tuple(map(tuple, rows))
