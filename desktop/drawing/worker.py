"""The layout process: graphs in, places out, then it ends.

Graphviz runs inside of this process, from the library that comes with pygraphviz, because it can neither be interrupted nor
be trusted with memory; whoever started the process kills it. Standard input: `{"graphs": [{"engine": "dot" | "nop", "dot":
text}, …], "seconds": n}`. Standard output, a line for each graph as soon as it is done: `{"width", "height", "nodes": {name:
[x, y, width, height]}, "clusters": {name: …}, "edges": {id: {"points": [[x, y], …], "tip": [x, y]}}}` in points with y
downwards and boxes by their upper left corner, or `{"error": text}`. The engine `nop` keeps the places that nodes have and
finds routes between them.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

_MARGIN_SECONDS = 5


def places(dot: str, engine: str = "dot") -> dict[str, Any]:
    """Lay a graph out with the engine that is bundled; points are rounded to hundredths."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=dot)
    try:
        laid_out = json.loads(graph.draw(format="json", prog=engine))
    finally:
        graph.close()
    left, bottom, right, top = map(float, laid_out["bb"].split(","))

    def point(text: str) -> list[float]:
        x, y = map(float, text.split(",")[-2:])
        return [round(x - left, 2), round(top - y, 2)]

    answer: dict[str, Any] = {"width": right - left, "height": top - bottom, "nodes": {}, "clusters": {}, "edges": {}}
    for item in laid_out.get("objects", ()):
        if "pos" in item:
            x, y = point(item["pos"])
            w, h = float(item["width"]) * 72, float(item["height"]) * 72
            answer["nodes"][item["name"]] = [round(x - w / 2, 2), round(y - h / 2, 2), round(w, 2), round(h, 2)]
        elif "bb" in item and item["name"].startswith("cluster_"):
            x1, y1, x2, y2 = map(float, item["bb"].split(","))
            answer["clusters"][item["name"]] = [
                round(x1 - left, 2),
                round(top - y2, 2),
                round(x2 - x1, 2),
                round(y2 - y1, 2),
            ]
    for item in laid_out.get("edges", ()):
        if "id" in item and "pos" in item:
            # An optional tip (`e,x,y` for an arrow at the end, `s,x,y` for one at the start), then the control points.
            parts = item["pos"].split(";")[0].split()
            points = [point(part) for part in parts if part[0] not in "es"]
            tips = [point(part) for part in parts if part[0] in "es"]
            answer["edges"][item["id"]] = {"points": points, "tip": tips[0] if tips else points[-1]}
    return answer


def main() -> int:
    """Answer the one request."""
    request = json.loads(sys.stdin.buffer.read())
    if hasattr(signal, "alarm"):
        # Should whoever started this process be gone, it still ends, even inside of native code.
        signal.alarm(int(request.get("seconds", 10)) + _MARGIN_SECONDS)
    for graph in request["graphs"]:
        try:
            answer = places(graph["dot"], graph["engine"])
        except (ValueError, KeyError, OSError, ImportError, RuntimeError, AttributeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
