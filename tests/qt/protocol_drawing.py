"""Diagrams of the protocol engine, laid out in rows."""

from __future__ import annotations

import itertools
from pathlib import Path

from protocol_sources import EngineError, load, source_files


def diagram(params):
    if params["kind"] == "calls" and not params["scope"]:
        raise EngineError("this diagram needs a symbol", "", "name one")
    root = Path(load(params)["source"])
    scope = params["scope"]
    paths = [path.relative_to(root).as_posix() for path in source_files(root)]
    inside = [path for path in paths if path.startswith(f"{scope}/")] if scope else paths
    names = sorted({path[len(scope) + 1 if scope else 0 :].split("/")[0] for path in inside}) or [scope]
    nodes, boxes = [], {}
    for number, name in enumerate(names):
        full = f"{scope}/{name}" if scope else name
        members = [path for path in paths if path == full or path.startswith(f"{full}/")] or paths[:1]
        is_folder = full not in paths
        nodes.append(
            {
                "id": full,
                "label": name,
                "detail": f"{len(members)} files",
                "kind": "folder" if is_folder else "file",
                "place": {"path": members[0], "start_line": 1, "end_line": 2, "symbol": ""},
                "cluster": "",
                "weight": 1,
                "scope": full if is_folder else "",
                "external": False,
                "mark": "",
                "heat": None,
            }
        )
        boxes[full] = [40 + 220 * (number % 3), 40 + 100 * (number // 3), 180, 48]
    edges, routes = [], []
    for before, after in itertools.pairwise(nodes):
        place = before["place"]
        edges.append(
            {
                "source": before["id"],
                "target": after["id"],
                "kind": "imports",
                "confidence": "exact",
                "label": "",
                "depth": 0,
                "mark": "",
                "count": 3,
                "places": [place],
            }
        )
        (x, y, w, h), (x2, y2, _, _) = boxes[before["id"]], boxes[after["id"]]
        start, end = [x + w / 2, y + h], [x2 + 90, y2]
        routes.append({"points": [start, start, end, end], "tip": end, "label": None})
    return {
        "diagram": {
            "kind": params["kind"],
            "title": root.name,
            "subtitle": scope,
            "nodes": nodes,
            "edges": edges,
            "clusters": [],
            "omitted": [{"what": "more files", "count": 2}],
        },
        "layout": {
            "width": 700,
            "height": 40 + 100 * (len(nodes) // 3 + 1),
            "nodes": boxes,
            "clusters": {},
            "routes": routes,
            "bars": [],
        },
    }


def export(params):
    target = Path(params["file"])
    try:
        target.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'><title>{params['kind']}</title></svg>")
    except OSError as error:
        raise EngineError(f"{target} cannot be written", str(error), "choose another folder") from None
    return {"file": str(target), "bytes": target.stat().st_size}


def picture(params):
    """A picture that says what was to be left out of it."""
    left_out = " ".join(params.get("hide", {}).get("boxes", []))
    size = "width='40' height='30' viewBox='0 0 40 30'"
    title = f"<title>{params['kind']} without {left_out}</title>"
    return {"svg": f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{title}<rect width='40' height='30' fill='red'/></svg>"}
