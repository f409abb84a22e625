"""Rules for an architecture: read from a file, broken by certain uses alone, drawn, and listed with their places."""

import pytest

from core.diagrams import SourceMap, draw
from core.diagrams.rules import RULES_FILE, parse_rules
from core.errors import UsageError
from core.model.diagram import Mark
from core.model.graph import Confidence
from core.model.source import FileRole
from tests.core.diagrams.projects import Project, shop

LAYERS = 'layers = ["shop/web", ["shop/orders", "shop/store"], "shop/util"]\n'


def upside_down() -> Project:
    """The shop, in which `util` calls `web` at two places, and `store` guesses at it."""
    project = shop().use("shop.util.part1.run", "shop.web.part0.run", times=2)
    return project.use("shop.util.part0.run", "shop.web.part1.run", confidence=Confidence.INFERRED)


def violations(project: Project, text: str):
    return SourceMap(project.reader(), given_rules=parse_rules(text, "rules.toml")).violations


def test_layers_may_use_what_is_below_them_alone():
    assert violations(shop(), LAYERS) == []
    found = violations(upside_down(), LAYERS)
    assert [(one.source, one.target, one.place.path) for one in found] == [
        ("shop/util/part1.py", "shop/web/part0.py", "shop/util/part1.py")
    ] * 2
    assert found[0].place.start_line < found[1].place.start_line
    assert found[0].rule.told == "shop/util must not depend on shop/web: layer shop/web is above shop/util"


def test_parts_may_be_files_globs_and_libraries_and_some_are_exempt():
    text = '[[forbid]]\nfrom = "shop/store"\nto = ["library:redis", "shop/ut*/part1.py"]\nwhy = "no"\n'
    assert [one.target_name for one in violations(shop(), text)] == ["shop.util.part1.run"] * 4 + ["redis.Redis"] * 3
    assert violations(shop(), text + 'except = ["shop/store/part0.py"]\n') == []


def test_what_a_document_mentions_is_no_dependency():
    project = shop().file("shop/util/notes.py", role=FileRole.DOCUMENT).use("shop.util.notes.main", "shop.web.part0.run")
    assert violations(project, LAYERS) == []


def test_a_breach_is_drawn_and_marked_with_its_places():
    project = upside_down().text(RULES_FILE, LAYERS, FileRole.DATA)
    for kind in ("architecture", "imports"):
        diagram = draw(kind, "", project.reader())
        marked = [edge for edge in diagram.edges if edge.mark]
        if kind == "architecture":
            (edge,) = marked
            assert edge.mark == Mark.FORBIDDEN
            assert {place.path for place in edge.places} == {"shop/util/part1.py"}
            assert "against the rules" in diagram.subtitle
        else:
            assert marked == [], "nothing is imported"


def test_a_breach_within_one_box_is_counted():
    project = Project().file("a/x.py").file("a/y.py").file("b/z.py").use("a.x.main", "a.y.main")
    project.text(RULES_FILE, '[[forbid]]\nfrom = "a/x.py"\nto = "a/y.py"\n', FileRole.DATA)
    omitted = {item.what: item.count for item in draw("architecture", "", project.reader()).omitted}
    assert omitted["use against a rule within one box or of a library"] == 1


def test_a_picture_is_drawn_though_the_rules_cannot_be_read():
    project = shop().text(RULES_FILE, "layers = 1", FileRole.DATA)
    assert draw("architecture", "", project.reader()).nodes
    with pytest.raises(UsageError, match=RULES_FILE):
        SourceMap(project.reader()).violations  # noqa: B018 - reading is what raises


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("layers = [", "rules.toml"),
        ("layers = 3", "is a list"),
        ("", "holds no rule"),
        ("layer = []", "'layer' is not known"),
        ("layers = [3]", "layer 1 names no part"),
        ('layers = ["a", ""]', "layer 2 names no part"),
        ("[[forbid]]\nfrom = 'a'", "rule 1 lacks 'to'"),
        ("[[forbid]]\nfrom = 'a'\nto = []", "rule 1 names no part"),
        ("[[forbid]]\nfrom = 'a'\nto = 'b'\nunless = 'c'", "'unless' in rule 1"),
        ("[[forbid]]\nfrom = 'a'\nto = 'b'\nwhy = 3", "'why' of rule 1"),
        ("forbid = 'a'", "begins with"),
        ("forbid = ['a']", "rule 1 is no table"),
        ("[[forbid]]\nfrom = '[z-a]'\nto = 'b'", "pattern"),
    ],
)
def test_a_bad_file_is_told_in_one_line(text, why):
    with pytest.raises(UsageError) as caught:
        parse_rules(text, "rules.toml")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_part_that_is_not_there_is_found():
    rules = parse_rules('layers = ["shop/web", "shop/weeb"]', "rules.toml")
    assert rules.unknown(["shop/web/a.py"]) == "shop/weeb"
    assert parse_rules(LAYERS, "r").unknown([f"shop/{part}/x" for part in ("web", "orders", "store", "util")]) == ""
