"""Diagrams for tests of drawing: a usual one, and any."""

from __future__ import annotations

from hypothesis import strategies as st

from core.model.diagram import Diagram, DiagramCluster, DiagramEdge, DiagramNode, Omitted
from core.model.graph import Confidence, EdgeKind
from core.model.source import Place

KINDS = ("package", "folder", "file", "class", "interface", "type", "function", "value", "bundle", "context", "external")


def usual(kind: str = "architecture") -> Diagram:
    """Two frames, one box outside, one library; arrows of every confidence, two between the same boxes."""
    boxes = (("web", "front", 3), ("admin", "front", 5), ("orm", "data", 9), ("cache", "data", 2), ("util", "", 1))
    nodes = [
        DiagramNode(name, name, f"{weight} files", "package", Place(f"{name}/a.py", 1, 9), frame, weight * 100, f"{name}/")
        for name, frame, weight in boxes
    ]
    nodes.append(DiagramNode("lib", "12 libraries", "redis, requests", "external", None, "outside", external=True))
    links = (
        ("web", "orm", Confidence.EXACT, 40),
        ("admin", "orm", Confidence.INFERRED, 3),
        ("orm", "admin", Confidence.NAME, 1),
        ("web", "cache", Confidence.EXACT, 2),
        ("cache", "util", Confidence.EXACT, 700),
    )
    edges = tuple(
        DiagramEdge(source, target, EdgeKind.CALLS, confidence, count, (Place(f"{source}/a.py", 3, 3),))
        for source, target, confidence, count in links
    )
    clusters = (DiagramCluster("front", "front"), DiagramCluster("data", "data"), DiagramCluster("outside", "outside"))
    return Diagram(kind, "Usual", "six boxes", tuple(nodes), edges, clusters, (Omitted("test files", 12),))


_TEXT = st.text(max_size=40) | st.sampled_from(
    [
        "<b>&\"'</b>",
        "\\N\\G\\l\\",
        "]]>",
        "\x00\x1b\ud800\uffff",
        'end\n"] --> x',
        "日本語の長い名前",
        "🙂" * 9,
        "x" * 90,
        "<i>html</i>",
    ]
)


@st.composite
def diagrams(draw: st.DrawFn, kinds: tuple[str, ...] = ("architecture", "imports", "classes", "calls")) -> Diagram:
    """Any diagram, with labels nobody expects."""
    count = draw(st.integers(0, 12))
    frames = draw(st.integers(0, 3))
    clusters = tuple(
        DiagramCluster(f"c{number}", draw(_TEXT), draw(st.sampled_from(["", *(f"c{other}" for other in range(number))])))
        for number in range(frames)
    )
    homes = st.sampled_from(["", *(cluster.id for cluster in clusters)])
    nodes = tuple(
        DiagramNode(
            f"{number}{draw(_TEXT)}",
            draw(_TEXT),
            draw(_TEXT),
            draw(st.sampled_from(KINDS)),
            draw(st.none() | _TEXT.map(lambda path: Place(path, 1, 2))),
            draw(homes),
            draw(st.integers(0, 10_000)),
            external=draw(st.booleans()),
        )
        for number in range(count)
    )
    pairs = draw(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20, unique=True))
    edges = tuple(
        DiagramEdge(
            nodes[source].id,
            nodes[target].id,
            draw(st.sampled_from(list(EdgeKind))),
            draw(st.sampled_from(list(Confidence))),
            draw(st.integers(1, 100_000)),
        )
        for source, target in pairs
        if source < count and target < count and source != target
    )
    omitted = (Omitted(draw(_TEXT), draw(st.integers(1, 99))),)
    return Diagram(draw(st.sampled_from(kinds)), draw(_TEXT), draw(_TEXT), nodes, edges, clusters, omitted)


def hostile_names() -> list[str]:
    """A hundred names that mean something to XML, to DOT, to Mermaid or to the eye, most in several forms."""
    seeds = [
        "<script>alert(1)</script>",
        "</text></svg><script>alert(1)</script>",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "&amp;&lt;&#x3c;",
        "&nosuch;",
        "\"quotes' and `ticks`",
        "'/onload='alert(1)",
        'x" onmouseover="alert(1)',
        "javascript:alert(1)",
        "url(http://example.com/x)",
        "operator<<",
        "operator&&",
        "std::vector<std::pair<int, char*>>",
        "{a|b}",
        "\\N\\G\\n\\l",
        'end\n"] --> x',
        "日本語の名前",
        "👩‍👩‍👧‍👦🙂🏳️‍🌈",
        "שלום עולם",
        "مرحبا بالعالم",
        "\u202ereversed",
        "a\u0301\u0302\u0303" * 5,
        "\x00\x01\x1b\x7f",
        "\ud800 half",
        "\uffff\ufffe",
        "tab\tand\r\nlines",
        "x" * 500,
        "longword " * 55,
        "W" * 500,
        "",
    ]
    forms = [form for seed in seeds for form in (seed, f"{seed}()", f"p.{seed}.q")]
    return [*forms[:99], "%s %d {0} $HOME"]


def hostile() -> Diagram:
    """A diagram of hostile names alone: boxes, their details and paths, frames, arrows, what was left out."""
    names = hostile_names()
    nodes = tuple(
        DiagramNode(f"{number}{name}", name, name[::-1], KINDS[number % len(KINDS)], Place(name, 1, 2), f"frame{number % 4}")
        for number, name in enumerate(names)
    )
    edges = tuple(
        DiagramEdge(one.id, other.id, EdgeKind.CALLS, Confidence.EXACT, 1, (Place(one.label, 3, 3),), label=one.label)
        for one, other in zip(nodes, nodes[7:], strict=False)
    )
    frames = tuple(DiagramCluster(f"frame{number}", names[number * 5]) for number in range(4))
    left = tuple(Omitted(name, 2) for name in names[:3])
    return Diagram("architecture", names[0], names[1], nodes, edges, frames, left)
