"""Exports that others read: links, GraphML, marks, heat, and names that nobody should have chosen."""

import shutil
import subprocess
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.model.diagram import Diagram, DiagramEdge, DiagramNode, Mark, Rectangle, Tie
from core.model.graph import Confidence, EdgeKind
from core.model.source import Place
from desktop.drawing.badges import MARK_NAMES, MARK_PATHS
from desktop.drawing.boxes import BADGE, BADGE_GAP, DETAIL_LINE, LABEL_LINE, PADDING, box_text
from desktop.drawing.export import FORMATS, render
from desktop.drawing.layout import GraphvizLayout
from desktop.drawing.links import link_pattern, web_pattern
from desktop.drawing.palette import THEMES, palette, warmth
from desktop.drawing.svg import svg
from tests.desktop.drawing.samples import usual
from tests.desktop.drawing.test_layout import holds, overlap
from tests.desktop.drawing.test_pictures import contrast

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
_HOSTILE = (
    "<script>alert(1)</script>",
    "'\"--></title><svg onload=x>",
    "]]>&amp;&#0;",
    "مرحبا \u202eevil\u202c עולם",
    "🙂👩‍👩‍👧🏳️‍🌈",
    "x" * 500,
    "{{}}%s%n${jndi:ldap}",
    '\\N\\l"; node [shape=none]',
    "a\x00b\x1b[31m\uffff",
    "日本語" * 30,
)


def laid_out(diagram: Diagram):
    return GraphvizLayout().lay_out(diagram, CancellationToken())


def hostile(kind: str) -> Diagram:
    """A hundred boxes with names of every bad kind, and arrows between them."""
    names = [f"{name}{number}" if len(name) < 400 else name for number in range(10) for name in _HOSTILE]
    nodes = tuple(
        DiagramNode(f"{number}:{name}", name, name, "function", Place(name, 1, 2, name), weight=number + 1)
        for number, name in enumerate(names)
    )
    edges = tuple(
        DiagramEdge(one.id, other.id, EdgeKind.CALLS, Confidence.EXACT, 1, (Place(one.label, 1, 1),), other.label)
        for one, other in pairwise(nodes)
    )
    return Diagram(kind, _HOSTILE[0], _HOSTILE[1], nodes, () if kind == "treemap" else edges, (), ())


@pytest.mark.parametrize("kind", ["calls", "sequence", "treemap"])
def test_a_hundred_hostile_names_stay_text(kind):
    drawing = laid_out(hostile(kind))
    links = link_pattern("https://example.org/{path}#L{line}")
    text = svg(drawing, "light", links)
    root = ElementTree.fromstring(text)
    allowed = {"svg", "title", "desc", "g", "rect", "path", "text", "circle", "a"}
    assert {item.tag.removeprefix(SVG) for item in root.iter()} <= allowed
    assert not [name for item in root.iter() for name in item.attrib if name.startswith("on")]
    addresses = [item.attrib[XLINK] for item in root.iter(f"{SVG}a")]
    assert len(addresses) == 100
    assert all(address.startswith("https://example.org/") and " " not in address for address in addresses)
    ElementTree.fromstring(render(drawing, "graphml"))


def test_a_second_run_gives_the_same_bytes():
    once, again = laid_out(usual()), laid_out(usual())
    for ending in FORMATS:
        if ending not in ("png", "pdf"):
            assert render(once, ending) == render(again, ending)


def test_boxes_lead_to_their_code_where_that_is_asked_for():
    drawing = laid_out(usual())
    assert "<a " not in svg(drawing)
    root = ElementTree.fromstring(svg(drawing, "light", link_pattern("https://host/x/{path}#L{line}-L{end_line}")))
    assert {item.attrib[XLINK] for item in root.iter(f"{SVG}a")} == {
        f"https://host/x/{name}/a.py#L1-L9" for name in ("web", "admin", "orm", "cache", "util")
    }


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("https://host/", "no {path}"),
        ("https://host/{path}/{user}", "{user} is not known"),
        ("javascript:alert('{path}')", "does not link to javascript:"),
        ("data:text/html,{path}", "does not link to data:"),
        ("{path", "is no pattern"),
        ("{path.__class__}", "is not known"),
    ],
)
def test_a_bad_pattern_is_told(pattern, why):
    with pytest.raises(UsageError) as caught:
        link_pattern(pattern)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("remote", "below", "pattern"),
    [
        ("https://github.com/o/r.git", "", "https://github.com/o/r/blob/abc/{path}#L{line}"),
        ("https://user:secret@github.com/o/r", "src/a b", "https://github.com/o/r/blob/abc/src/a%20b/{path}#L{line}"),
        ("git@gitlab.example.org:g/s/r.git", "", "https://gitlab.example.org/g/s/r/-/blob/abc/{path}#L{line}"),
        ("ssh://git@bitbucket.org:22/o/r", "", "https://bitbucket.org/o/r/src/abc/{path}#lines-{line}"),
        ("https://codeberg.org/o/r", "", "https://codeberg.org/o/r/src/commit/abc/{path}#L{line}"),
        ("/home/me/r", "", ""),
        ("file:///home/me/r", "", ""),
    ],
)
def test_the_pages_of_a_remote_are_known(remote, below, pattern):
    assert web_pattern(remote, "abc", below) == pattern
    assert web_pattern(remote, "", below) == ""


def test_graphml_holds_every_box_and_arrow():
    root = ElementTree.fromstring(render(laid_out(usual()), "graphml"))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    labels = [item.text for item in root.findall(".//g:node/g:data[@key='node_label']", space)]
    assert labels == ["web", "admin", "orm", "cache", "util", "12 libraries"]
    edges = root.findall(".//g:edge", space)
    assert (edges[0].attrib["source"], edges[0].attrib["target"]) == ("n0", "n2")
    assert len(edges) == 5
    declared = {item.attrib["id"] for item in root.findall("g:key", space)}
    assert {item.attrib["key"] for item in root.iter("{http://graphml.graphdrawing.org/xmlns}data")} <= declared


@pytest.mark.parametrize("theme", THEMES)
def test_marks_are_told_by_sign_and_colour_and_legend(theme):
    diagram = usual()
    marks = [mark for mark in Mark if mark]
    nodes = [replace(node, mark=mark) for node, mark in zip(diagram.nodes, marks, strict=False)]
    edges = [replace(edge, mark=mark) for edge, mark in zip(diagram.edges, marks, strict=False)]
    marked = replace(diagram, nodes=(*nodes, *diagram.nodes[len(nodes) :]), edges=(*edges, *diagram.edges[len(edges) :]))
    text = svg(laid_out(marked), theme)
    for mark in marks:
        assert text.count(f'd="{MARK_PATHS[mark]}"') == 3, "a box, an arrow, the legend"
        assert f"{MARK_NAMES[mark]} (2)" in text
        assert contrast(palette(theme).marks[mark], palette(theme).background) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_heat_is_read_on_every_tile(theme):
    colors = palette(theme)
    assert all(contrast(ink, fill) >= 4.5 for ink in (colors.label, colors.detail) for fill in colors.heat)
    assert contrast(colors.edges["shares"], colors.background) >= 3
    assert [warmth(colors.heat, heat) for heat in (None, 0.0, 1.0)] == [colors.heat[0], colors.heat[0], colors.heat[-1]]


def test_shared_logic_has_no_direction():
    diagram = usual("clones")
    shared = replace(diagram, edges=tuple(replace(edge, kind=Tie.SHARES) for edge in diagram.edges))
    text = svg(laid_out(shared))
    assert "web and orm share 40 bytes of logic" in text
    assert text.count("Z") == 0, "no head of an arrow"


def texts(drawing) -> list[Rectangle]:
    """Where the words of every box stand."""
    found = []
    for node in drawing.diagram.nodes:
        area, words = drawing.nodes[node.id], box_text(node)
        x = area.x + PADDING + BADGE + BADGE_GAP
        y = area.y + (area.height - words.text_height) / 2
        room = area.x + area.width - x - 3
        found.append(Rectangle(x, y, room, LABEL_LINE + DETAIL_LINE * len(words.details)))
    return found


@pytest.mark.parametrize("kind", ["architecture", "classes", "calls", "path"])
def test_no_labels_overlap(kind):
    for diagram in (usual(kind), hostile(kind)):
        drawing = laid_out(diagram)
        words = texts(drawing)
        assert not any(overlap(one, other) for one, other in combinations(words, 2))
        boxes = [drawing.nodes[node.id] for node in drawing.diagram.nodes]
        assert all(holds(box, text) for box, text in zip(boxes, words, strict=True))


@pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="rsvg-convert is not there to compare with")
def test_another_renderer_shows_the_same_picture(tmp_path):
    """librsvg and Qt agree on where ink is: on few of the small squares of the picture do they differ much."""
    from PySide6.QtGui import QImage

    drawing = laid_out(usual())
    ours = QImage.fromData(render(drawing, "png"))
    source = tmp_path / "picture.svg"
    source.write_bytes(render(drawing, "svg"))
    target = tmp_path / "other.png"
    command = ["rsvg-convert", "--width", str(ours.width()), "--height", str(ours.height()), "-o", str(target), str(source)]
    subprocess.run(command, check=True, timeout=60)
    theirs = QImage(str(target))
    small = [image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(90, 60) for image in (ours, theirs)]
    differing = sum(
        abs(small[0].pixelColor(x, y).lightness() - small[1].pixelColor(x, y).lightness()) > 60
        for x in range(90)
        for y in range(60)
    )
    assert differing < 0.03 * 90 * 60
