"""SCIP indexes that lie in a source: what they say becomes exact edges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.scip import ScipError, read_documents
from tests.indexing.trees import graph_of, index_tree, write_tree

PY = "scip-python python shop 1.0 "
Field = tuple[int, int | bytes]


def varint(number: int) -> bytes:
    out = bytearray()
    while True:
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(out)


def message(*fields: Field) -> bytes:
    parts = []
    for number, value in fields:
        if isinstance(value, int):
            parts.append(varint(number << 3) + varint(value))
        else:
            parts.append(varint(number << 3 | 2) + varint(len(value)) + value)
    return b"".join(parts)


def occurrence(line: int, start: int, end: int, symbol: str, roles: int = 0) -> bytes:
    return message((1, b"".join(map(varint, (line, start, end)))), (2, symbol.encode()), (3, roles))


def document(path: str, occurrences: Sequence[bytes], relations: Sequence[tuple[str, str]] = ()) -> bytes:
    symbols = [message((1, own.encode()), (4, message((1, other.encode()), (3, 1)))) for own, other in relations]
    return message((1, path.encode()), *((2, one) for one in occurrences), *((3, one) for one in symbols), (4, b"python"))


def index(*documents: bytes) -> bytes:
    return message((1, message((1, 0), (4, 1))), *((2, one) for one in documents))


SHOP = {
    "shop/models.py": """class Order:
    def total(self):
        return 1


class Offer:
    def total(self):
        return 2
""",
    "shop/use.py": "def show(thing):\n    return thing.total()\n",
}
FOUND = [
    occurrence(0, 6, 11, PY + "`shop.models`/Order#", 1),
    occurrence(1, 8, 13, PY + "`shop.models`/Order#total().", 1),
    occurrence(5, 6, 11, PY + "`shop.models`/Offer#", 1),
    occurrence(6, 8, 13, PY + "`shop.models`/Offer#total().", 1),
    occurrence(2, 8, 14, "local 1", 1),
]
OVERRIDES = [(PY + "`shop.models`/Offer#total().", PY + "`shop.models`/Order#total().")]
MODELS = document("shop/models.py", FOUND, OVERRIDES)
USE = document("shop/use.py", [occurrence(1, 17, 22, PY + "`shop.models`/Order#total().")])


def test_an_index_in_the_tree_gives_exact_edges(tmp_path: Path) -> None:
    write_tree(tmp_path / "source", SHOP)
    index_tree(tmp_path / "source", tmp_path / "index")
    wanted = ("shop.use.show", "shop.models.Order.total", "calls", "exact", "shop/use.py", 2)
    assert wanted not in graph_of(tmp_path / "index")
    (tmp_path / "source" / "index.scip").write_bytes(index(MODELS, USE))
    report = index_tree(tmp_path / "source", tmp_path / "index")
    assert not report.files.degraded
    graph = graph_of(tmp_path / "index")
    assert wanted in graph
    assert ("shop.models.Offer.total", "shop.models.Order.total", "overrides", "exact", "shop/models.py", 7) in graph
    (tmp_path / "source" / "index.scip").unlink()
    index_tree(tmp_path / "source", tmp_path / "index")
    assert wanted not in graph_of(tmp_path / "index")


def test_a_guess_goes_where_the_index_knows_better_unless_it_overrides_that(tmp_path: Path) -> None:
    lines = ["from shop.models import Order, Offer", "", "", "def show(x):", "    t = Order() if x else Offer()"]
    lines.append("    return t.total()")
    write_tree(tmp_path / "source", {**SHOP, "shop/use.py": "\n".join(lines)})
    index_tree(tmp_path / "source", tmp_path / "index")
    called = {edge[1:4] for edge in graph_of(tmp_path / "index") if edge[0] == "shop.use.show" and edge[1].endswith("total")}
    assert called == {("shop.models.Order.total", "calls", "inferred"), ("shop.models.Offer.total", "calls", "inferred")}
    use = document("shop/use.py", [occurrence(5, 13, 18, PY + "`shop.models`/Order#total().")])
    unrelated = [(PY + "`shop.models`/Offer#", PY + "`shop.models`/Order#")]
    for relations, left in ((unrelated, set()), (OVERRIDES, {("shop.models.Offer.total", "calls", "inferred")})):
        models = document("shop/models.py", FOUND, relations)
        (tmp_path / "source" / "index.scip").write_bytes(index(models, use))
        index_tree(tmp_path / "source", tmp_path / "index")
        graph = graph_of(tmp_path / "index")
        called = {edge[1:4] for edge in graph if edge[0] == "shop.use.show" and edge[1].endswith("total")}
        assert called == {("shop.models.Order.total", "calls", "exact"), *left}


def test_an_index_below_a_folder_counts_from_there_and_an_old_one_is_not_believed(tmp_path: Path) -> None:
    write_tree(tmp_path / "source", {f"part/{path}": text for path, text in SHOP.items()})
    (tmp_path / "source" / "part" / "index.scip").write_bytes(index(MODELS, USE))
    index_tree(tmp_path / "source", tmp_path / "index")
    calls = {edge[:4] for edge in graph_of(tmp_path / "index") if edge[2] == "calls"}
    assert calls == {("part.shop.use.show", "part.shop.models.Order.total", "calls", "exact")}
    moved = "# a\n# b\n" + SHOP["shop/models.py"].replace("Order", "Bill").replace("Offer", "Bid")
    write_tree(tmp_path / "source", {"part/shop/models.py": moved})
    index_tree(tmp_path / "source", tmp_path / "index", settle=True)
    assert not {edge[:4] for edge in graph_of(tmp_path / "index") if edge[2] == "calls"}


def test_a_damaged_index_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    write_tree(tmp_path / "source", SHOP)
    (tmp_path / "source" / "index.scip").write_bytes(index(MODELS)[:-3])
    report = index_tree(tmp_path / "source", tmp_path / "index")
    [failed] = report.files.degraded
    assert (failed.path, failed.reason) == ("index.scip", "cannot be read as a SCIP index: it ends early")


@given(st.binary(max_size=60))
def test_any_bytes_are_an_index_or_an_error(data: bytes) -> None:
    try:
        for found in read_documents(data):
            list(found.occurrences())
            list(found.implementations())
    except ScipError:
        pass


def test_occurrences_and_relations_are_read() -> None:
    [models] = read_documents(index(MODELS))
    assert models.path == "shop/models.py"
    assert [(one.line, one.start, one.end, one.roles) for one in models.occurrences()][:2] == [(0, 6, 11, 1), (1, 8, 13, 1)]
    assert list(models.implementations()) == [(PY + "`shop.models`/Offer#total().", PY + "`shop.models`/Order#total().")]
    with pytest.raises(ScipError, match="no path"):
        list(read_documents(index(message((4, b"python")))))
