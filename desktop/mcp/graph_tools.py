"""What tools tell of the code graph as a whole, a page at a time."""

from __future__ import annotations

from core.cancellation import CancellationToken
from core.graph.conventions import EntryKind
from core.graph.cycles import CycleKind, CycleLevel, CycleLink
from desktop.engine import graph_desk, graph_wire
from desktop.engine.params import flag, optional_text
from desktop.engine.run_wire import Json
from desktop.mcp.desk import Arguments, Desk, Reply
from desktop.mcp.pages import PROPERTIES as PAGE
from desktop.mcp.pages import page_of
from desktop.mcp.places import at

_NODES = 20
_BREAKS = 5

CYCLE_PROPERTIES: Json = {
    "by": {"enum": [*CycleKind], "default": CycleKind.IMPORTS},
    "level": {"enum": [*CycleLevel], "default": CycleLevel.FILE},
    **PAGE,
}
ENTRY_PROPERTIES: Json = {"kind": {"enum": [*EntryKind]}, **PAGE}
DEAD_PROPERTIES: Json = {"doubtful": {"type": "boolean", "default": False}, **PAGE}


def cycles(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    """Tangles, the largest first."""
    page = page_of(arguments)
    by, level = optional_text(arguments, "by", CycleKind.IMPORTS), optional_text(arguments, "level", CycleLevel.FILE)
    session = desk.service.session(desk.index)
    found = graph_desk.cycles(session, by, level, "", token)
    told = [
        {
            "size": len(tangle.nodes),
            "nodes": list(tangle.nodes[:_NODES]),
            "shortest": [_link(link) for link in tangle.cycle],
            "breaks": [_link(link) for link in tangle.breaks[:_BREAKS]],
            "breaks_total": len(tangle.breaks) + tangle.more_breaks,
        }
        for tangle in page.of(found)
    ]
    return Reply({"cycles": told, "total": len(found), **page.onward(len(found))})


def _link(link: CycleLink) -> Json:
    place = link.places[0]
    later = {"deferred": True} if link.deferred else {}
    return {"from": link.source, "to": link.target, "at": f"{place.path}:{place.line}", "places": link.count, **later}


def dead(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    """Dead-code candidates, the surest first."""
    page, doubtful = page_of(arguments), flag(arguments, "doubtful")
    path = optional_text(arguments, "path")
    found = graph_desk.dead(desk.service.session(desk.index), path, token, doubtful=doubtful)
    told = []
    for one in page.of(found.candidates):
        row: Json = {"at": at(one.symbol), "symbol": one.symbol.id, "kind": str(one.symbol.kind)}
        row["certainty"] = str(one.certainty)
        if one.doubts:
            row["caveats"] = [f"{doubt.caveat}: {doubt.why}" if doubt.why else str(doubt.caveat) for doubt in one.doubts]
        told.append(row)
    return Reply({"candidates": told, "total": len(found.candidates), **page.onward(len(found.candidates))})


def entries(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    """Entry points by kind."""
    page, kind = page_of(arguments), optional_text(arguments, "kind")
    session, path = desk.service.session(desk.index), optional_text(arguments, "path")
    found = graph_desk.entries(session, [kind] if kind else [], path, token)
    told = [
        {"at": at(entry.symbol), "symbol": entry.symbol.id, "entry": str(entry.kind), "why": entry.why}
        for entry in page.of(found.entries)
    ]
    counts = {str(kind): count for kind, count in found.counts.items()}
    return Reply({"entries": told, "counts": counts, "total": len(found.entries), **page.onward(len(found.entries))})


def hotspots(desk: Desk, arguments: Arguments, token: CancellationToken) -> Reply:
    """Files by churn and complexity."""
    page = page_of(arguments)
    found = graph_desk.hotspots(desk.service.session(desk.index), "", token)
    told = [graph_wire.hotspot(one) for one in page.of(found)]
    return Reply({"hotspots": told, "total": len(found), **page.onward(len(found))})
