"""What the code graph tells of a source as a whole, as the JSON of the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.graph.cycles import CycleLink, LinkPlace, Tangle
from core.graph.dead import Certainty, DeadCandidate, DeadCode
from core.graph.entries import Entry
from core.graph.hotspots import Hotspot
from desktop.engine.graph_desk import Entries
from desktop.engine.run_wire import Json
from desktop.engine.wire import symbol


def cycles(by: str, level: str, found: Sequence[Tangle]) -> Json:
    """Tangles with their shortest cycle and what would break them."""
    return {"by": by, "level": level, "cycles": [tangle(one) for one in found]}


def tangle(found: Tangle) -> Json:
    return {
        "nodes": list(found.nodes),
        "cycle": [_link(link) for link in found.cycle],
        "breaks": [_link(link) for link in found.breaks],
        "more_breaks": found.more_breaks,
    }


def _link(link: CycleLink) -> Json:
    return {
        "source": link.source,
        "target": link.target,
        "count": link.count,
        "deferred": link.deferred,
        "places": [_link_place(place) for place in link.places],
    }


def _link_place(place: LinkPlace) -> Json:
    return {
        "path": place.path,
        "line": place.line,
        "source": place.source,
        "target": place.target,
        "kind": str(place.kind),
        "confidence": str(place.confidence),
        "deferred": place.deferred,
    }


def dead(found: DeadCode) -> Json:
    """Candidates with their caveats, and how many of each certainty there are among them."""
    counts = Counter(one.certainty for one in found.candidates)
    return {
        "judged": found.judged,
        "counts": {str(certainty): counts[certainty] for certainty in Certainty},
        "candidates": [candidate(one) for one in found.candidates],
    }


def candidate(one: DeadCandidate) -> Json:
    return {
        **symbol(one.symbol),
        "lines": one.lines,
        "certainty": str(one.certainty),
        "caveats": [{"caveat": str(doubt.caveat), "why": doubt.why} for doubt in one.doubts],
        "used_by": list(one.used_by),
    }


def entries(found: Entries) -> Json:
    """Entry points with what marks them, and how many of each kind there are in all."""
    return {
        "counts": {str(kind): count for kind, count in found.counts.items()},
        "entries": [entry(one) for one in found.entries],
    }


def entry(one: Entry) -> Json:
    return {**symbol(one.symbol), "entry": str(one.kind), "why": one.why}


def hotspots(found: Sequence[Hotspot]) -> Json:
    """Files by churn and complexity."""
    return {"hotspots": [hotspot(one) for one in found]}


def hotspot(one: Hotspot) -> Json:
    return {
        "path": one.path,
        "score": round(one.score, 4),
        "commits": one.commits,
        "lines": one.lines,
        "nesting": round(one.nesting, 2),
        "complexity": round(one.complexity, 1),
    }
