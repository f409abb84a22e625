"""Two states of a small project in one picture."""

import dataclasses

import pytest

from core.diagrams import SourceMap
from core.diagrams.comparing import compare_architecture
from core.errors import UsageError
from core.model.diagram import Mark
from tests.core.diagrams.projects import Project, shop


def compared(new: Project, old: Project, scope: str = ""):
    return compare_architecture(SourceMap(new.reader()), SourceMap(old.reader()), scope, "v1")


def marks(diagram):
    labels = {node.id: node.label for node in diagram.nodes}
    arrows = {(labels[edge.source], labels[edge.target]): edge.mark for edge in diagram.edges}
    return {node.label: node.mark for node in diagram.nodes}, arrows


def test_nothing_is_marked_where_nothing_differs():
    diagram = compared(shop(), shop())
    boxes, arrows = marks(diagram)
    assert set(boxes.values()) == set(arrows.values()) == {Mark.NONE}
    assert diagram.subtitle.count("none differs") == 2


def test_what_came_went_and_changed_is_marked():
    old = shop().file("shop/fax/send.py").use("shop.fax.send.main", "shop.web.part0.run", times=4)
    new = shop().file("shop/mail/send.py").use("shop.web.part0.run", "shop.mail.send.main", times=4)
    new.use("shop.web.part0.run", "shop.orders.part1.run", times=2)
    new.files["shop/util/part0.py"] = dataclasses.replace(new.files["shop/util/part0.py"], content_hash="1" * 32)
    diagram = compared(new, old)
    boxes, arrows = marks(diagram)
    changed = {label: mark for label, mark in boxes.items() if mark}
    assert changed == {"fax": Mark.REMOVED, "mail": Mark.ADDED, "util": Mark.CHANGED}
    assert arrows["fax", "web"] == Mark.REMOVED
    assert arrows["web", "mail"] == Mark.ADDED
    assert arrows["web", "orders"] == Mark.CHANGED
    assert arrows["orders", "store"] == Mark.NONE
    details = {node.label: node.detail for node in diagram.nodes}
    assert details["util"] == "1 file changed, 2 the same"
    gone = next(node for node in diagram.nodes if node.label == "fax")
    assert gone.place is None
    assert [edge.label for edge in diagram.edges if edge.mark == Mark.CHANGED] == ["9 → 11"]
    assert all(not edge.places for edge in diagram.edges if edge.mark == Mark.REMOVED)


def test_turning_it_round_turns_added_and_removed_round():
    old, new = shop().file("shop/fax/send.py"), shop()
    assert marks(compared(new, old))[0]["fax"] == Mark.REMOVED
    assert marks(compared(old, new))[0]["fax"] == Mark.ADDED


def test_a_folder_that_is_gone_can_be_compared_and_a_file_cannot():
    old = shop().file("shop/fax/send.py").file("shop/fax/line.py")
    assert {node.mark for node in compared(shop(), old, "shop/fax").nodes} == {Mark.REMOVED}
    with pytest.raises(UsageError, match="no folder"):
        compared(shop(), shop(), "shop/web/part0.py")
