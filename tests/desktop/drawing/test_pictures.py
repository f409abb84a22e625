"""SVG and the other formats: well-formed for any label, whole, readable."""

import html
import json
import re
import struct
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.model.diagram import Diagram, Drawing
from core.model.graph import Confidence, EdgeKind
from desktop.drawing.badges import BADGE_LETTERS, BADGE_PATHS, KIND_NAMES
from desktop.drawing.boxes import box_text
from desktop.drawing.dot import readable_dot
from desktop.drawing.export import FORMATS, Look, format_of, render, write_diagram
from desktop.drawing.grid import grid_drawing
from desktop.drawing.layout import GraphvizLayout
from desktop.drawing.mermaid import mermaid, quoted
from desktop.drawing.palette import THEMES, palette
from desktop.drawing.strokes import stroke_width
from desktop.drawing.svg import DASHES, svg
from desktop.drawing.text import clean, elide, elide_middle, text_width, wrap
from resources import read_text
from tests.desktop.drawing.samples import KINDS, diagrams, hostile, hostile_names, usual

SVG = "{http://www.w3.org/2000/svg}"


def drawn(kind: str = "architecture") -> Drawing:
    return GraphvizLayout().lay_out(usual(kind), CancellationToken())


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(item.itertext()) for item in root.iter(f"{SVG}text")]


@given(diagrams(), st.sampled_from(THEMES))
@settings(max_examples=80, deadline=None)
def test_svg_of_any_diagram_is_well_formed(diagram, theme):
    text = svg(grid_drawing(diagram), theme)
    root = ElementTree.fromstring(text)
    x, y, width, height = map(float, root.attrib["viewBox"].split())
    assert (x, y) == (0, 0)
    assert (float(root.attrib["width"]), float(root.attrib["height"])) == (width, height)
    for item in root.iter(f"{SVG}rect"):
        assert float(item.attrib["width"]) <= width
        assert float(item.attrib["height"]) <= height
    assert not {item.tag for item in root.iter()} & {
        f"{SVG}a",
        f"{SVG}script",
        f"{SVG}image",
        f"{SVG}style",
        f"{SVG}foreignObject",
    }
    assert "href" not in text.replace(quote(diagram), "")


@pytest.mark.parametrize("theme", THEMES)
def test_a_hundred_hostile_names_are_words_and_nothing_else(theme):
    assert len(set(hostile_names())) == 100
    text = svg(grid_drawing(hostile()), theme)
    root = ElementTree.fromstring(text)
    assert {item.tag.removeprefix(SVG) for item in root.iter()} == {"svg", "title", "desc", "rect", "g", "path", "text"}
    assert {name for item in root.iter() for name in item.attrib if name.startswith("on") or "href" in name} == set()
    assert not any("url(" in value for item in root.iter() for value in item.attrib.values())
    shown = "".join(texts(root))
    for name in ("<script>", "operator<<", "日本語の名前", "שלום עולם"):
        assert name in shown
    assert not set("\x00\x01\x1b\x7f\u202e\uffff") & set(text)
    for ending in ("dot", "mmd", "graphml", "json"):
        assert render(grid_drawing(hostile()), ending)
    ElementTree.fromstring(render(grid_drawing(hostile()), "graphml"))


def quote(diagram: Diagram) -> str:
    return "href" if any("href" in text for text in (diagram.title, diagram.subtitle)) else "\0"


def test_svg_tells_what_is_drawn():
    root = ElementTree.fromstring(svg(drawn()))
    words = texts(root)
    for expected in ("Usual", "six boxes", "web", "front", "12 libraries", "Left out: 12 test files", "calls (5)"):
        assert expected in words
    assert any(word.startswith("exact") and word.endswith("(3)") for word in words)
    assert any(word.startswith("inferred") and word.endswith("(1)") for word in words)
    assert root.attrib["role"] == "img"
    assert root.find(f"{SVG}title").text == "Usual"
    assert "6 boxes and 5 arrows" in root.find(f"{SVG}desc").text
    tooltips = [item.text for item in root.iter(f"{SVG}title")]
    assert "web → orm: calls × 40 (exact); web/a.py:3" in tooltips


def test_arrows_tell_their_confidence_and_weight():
    text = svg(drawn())
    assert text.count(f'stroke-dasharray="{DASHES[Confidence.INFERRED]}"') == 2  # the arrow and the legend
    assert text.count(f'stroke-dasharray="{DASHES[Confidence.NAME]}"') == 2
    assert stroke_width(1) < stroke_width(40) < stroke_width(700) <= stroke_width(10**9) == 3.6


def test_arrows_lie_under_the_boxes():
    text = svg(drawn())
    assert text.rindex('fill="none" stroke=', 0, text.index(">web<")) < text.index(">web<")
    assert text.index(" → ") < text.index(">web<")


def test_an_import_cycle_is_marked():
    diagram = usual("imports")
    text = svg(GraphvizLayout().lay_out(diagram, CancellationToken()))
    assert palette("light").edges["cycle"] in text
    assert "closes an import cycle (1)" in texts(ElementTree.fromstring(text))


def test_an_empty_diagram_is_friendly():
    empty = Diagram("architecture", "Architecture", "nothing to draw: no file is indexed", (), (), (), ())
    drawing = GraphvizLayout().lay_out(empty, CancellationToken())
    assert "Nothing to draw" in texts(ElementTree.fromstring(svg(drawing)))


@given(diagrams())
@settings(max_examples=60, deadline=None)
def test_words_stay_within_their_boxes(diagram):
    for node in diagram.nodes:
        words = box_text(node)
        room = words.width - 40  # both paddings, the badge and its gap
        assert text_width(words.label, 13, bold=True) <= room
        assert all(text_width(line, 11) <= room for line in words.details)
        assert words.text_height <= words.height
        assert len(words.details) <= 2


@given(st.text(max_size=200), st.floats(20, 300), st.integers(1, 4))
def test_text_is_cut_to_fit(text, width, lines):
    for cut in (elide(text, width, 11), elide_middle(text, width, 11), *wrap(text, width, 11, lines)):
        assert text_width(cut, 11) <= max(width, text_width("…", 11))
    assert len(wrap(text, width, 11, lines)) <= lines


@given(diagrams())
@settings(max_examples=60, deadline=None)
def test_dot_means_the_same_to_graphviz(diagram):
    import pygraphviz

    graph = pygraphviz.AGraph(string=readable_dot(diagram))
    try:
        assert len(graph.nodes()) == len(diagram.nodes)
        assert len(graph.edges()) == len({frozenset((e.source, e.target)) for e in diagram.edges}) or len(
            graph.edges()
        ) == len(diagram.edges)
        for number, node in enumerate(diagram.nodes):
            label = graph.get_node(f"n{number}").attr["label"] or ""
            lines = [clean(text) for text in (node.label, node.detail) if text]
            # What Graphviz prints: an escaped backslash is one, the two letters `\n` break the line.
            printed = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], label)
            assert printed.split("\n") == (lines or [""])
    finally:
        graph.close()


@given(diagrams())
@settings(max_examples=80, deadline=None)
def test_mermaid_keeps_any_label_from_being_syntax(diagram):
    lines = mermaid(diagram).split("\n")
    ends = sum(line.strip() == "end" for line in lines)
    assert ends == sum(line.lstrip().startswith("subgraph ") for line in lines) == len(diagram.clusters)
    boxes = [line for line in lines if re.match(r'\s*n\d+\["', line)]
    assert len(boxes) == len(diagram.nodes)
    by_name = {line.split("[")[0].strip(): line for line in boxes}
    for number, node in enumerate(diagram.nodes):
        inner = re.fullmatch(r'\s*n\d+\["(.*)"\]', by_name[f"n{number}"])[1]
        label = inner.split("<br/>")[0]
        assert not set('"<>[]{}|`') & set(label)
        assert html.unescape(re.sub(r"#(\d+);", r"&#\1;", label)) == clean(node.label)
    assert sum(bool(re.search(r"--?\.?->\|", line)) for line in lines) == len(diagram.edges)


def test_mermaid_quotes_what_it_would_read():
    assert quoted('a "b" <c> #d;') == "a #34;b#34; #60;c#62; #35;d#59;"


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_written(tmp_path, ending):
    file = tmp_path / f"picture.{ending}"
    write_diagram(drawn(), file)
    content = file.read_bytes()
    starts = {
        "svg": b"<?xml",
        "graphml": b"<?xml",
        "png": b"\x89PNG",
        "pdf": b"%PDF",
        "dot": b"digraph",
        "mmd": b"---\ntitle",
        "json": b"{",
    }
    assert content.startswith(starts[ending])
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    if ending == "png":
        width, height = struct.unpack(">II", content[16:24])
        root = ElementTree.fromstring(svg(drawn()))
        assert width == pytest.approx(2 * float(root.attrib["width"]), abs=3)
        assert height == pytest.approx(2 * float(root.attrib["height"]), abs=3)
    if ending == "json":
        data = json.loads(content)
        assert [node["id"] for node in data["nodes"]] == ["web", "admin", "orm", "cache", "util", "lib"]
        assert {"nodes", "edges", "clusters", "omitted"} <= set(data)


def test_the_painted_picture_is_not_blank(tmp_path):
    import zlib

    file = tmp_path / "dark.png"
    write_diagram(drawn(), file, Look("dark"))
    content = file.read_bytes()
    data, position = b"", 8
    while position < len(content):
        (length,) = struct.unpack(">I", content[position : position + 4])
        if content[position + 4 : position + 8] == b"IDAT":
            data += content[position + 8 : position + 8 + length]
        position += length + 12
    assert len(set(zlib.decompress(data))) > 40


@pytest.mark.parametrize("name", ["picture", "picture.gif", ".svg"])
def test_an_unknown_ending_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="svg, png, pdf, dot, mmd, graphml, json"):
        format_of(tmp_path / name)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(UsageError, match="folder does not exist"):
        write_diagram(drawn(), tmp_path / "no" / "picture.svg")


def test_an_unknown_theme_is_told():
    with pytest.raises(UsageError, match="light, dark"):
        svg(drawn(), "sepia")


def luminance(color: str) -> float:
    parts = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_themes_can_be_read(name):
    theme = json.loads(read_text("themes", f"{name}.json"))
    colors, code, diagram = theme["colors"], theme["code"], theme["diagram"]
    surfaces = [colors[key] for key in ("window", "surface", "surface_raised", "surface_sunken", "surface_hover")]
    pairs = [(colors[key], surface) for key in ("text", "text_muted", "accent", "link", "error") for surface in surfaces]
    pairs += [(colors["on_accent"], colors["accent"]), (colors["on_selection"], colors["selection"])]
    pairs += [(style["color"], code[key]) for style in code["styles"].values() for key in ("background", "cited_line")]
    pairs += [(diagram[key], box["fill"]) for box in diagram["nodes"].values() for key in ("label", "detail")]
    pairs += [(box["badge"], box["fill"]) for box in diagram["nodes"].values()]
    pairs += [(diagram[key], tile) for tile in diagram["tiles"] for key in ("label", "detail")]
    pairs += [(diagram[key], diagram["background"]) for key in ("title", "subtitle", "note")]
    pairs += [(diagram["cluster"]["label"], diagram["cluster"]["fill"])]
    assert [(one, other) for one, other in pairs if contrast(one, other) < 4.5] == []
    lines = [diagram["edges"][kind] for kind in ("calls", "imports", "inherits", "implements", "cycle")]
    assert all(contrast(line, diagram["background"]) >= 3 for line in lines)  # graphics need 3:1


@pytest.mark.parametrize("name", THEMES)
def test_themes_know_every_kind(name):
    colors = palette(name)
    assert set(KINDS) <= set(colors.nodes)
    assert {kind.value for kind in EdgeKind} <= set(colors.edges)
    assert all(kind in BADGE_LETTERS or kind in BADGE_PATHS for kind in KINDS)
    assert set(KIND_NAMES) == set(KINDS)
    styles = json.loads(read_text("themes", f"{name}.json"))["code"]["styles"]
    expected = "keyword string comment number function type constant property operator decorator builtin variable heading"
    assert set(styles) == set(expected.split())
