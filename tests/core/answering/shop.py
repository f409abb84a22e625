"""A small shop whose graph is known line by line, for tests of conversations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.answering.tools import Rank, Tools
from core.context.builder import PackBuilder
from core.model.ranking import Hit, Origin, Ranking
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.words import spaced_terms
from tests.fakes import MemoryReader, edge

MAIN = '''def main():
    """Starts the shop."""
    place_order("book")


def place_order(item):
    """Take an order and charge the customer."""
    price = total_price(item)
    Till().charge(price)
'''
PRICES = '''def total_price(item):
    """The price of an order with taxes."""
    return 10 + tax(10)


def tax(amount):
    """What the state wants."""
    return amount // 5
'''
TILL = '''class Till:
    """Charges customers and keeps what they pay."""

    def charge(self, amount):
        """Take money from a customer."""
        self.held = amount
'''


class WordCounter:
    name = "words"

    def count(self, text: str) -> int:
        return len(re.findall(r"\w+|[^\w\s]|\n", text))


def defined(
    key: int, name: str, kind: SymbolKind, path: str, lines: tuple[int, int], doc: str = "", parent: int = -1
) -> Symbol:
    return Symbol(key, name, name.rsplit(".", 1)[-1], name, kind, "python", path, *lines, "", doc, parent)


def reader(contents: dict[str, str] | None = None) -> MemoryReader:
    """The shop, with other files in the place of its own where they are given."""
    function, method, class_ = SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS
    symbols = [
        defined(0, "shop.main.main", function, "shop/main.py", (1, 3), "Starts the shop."),
        defined(1, "shop.main.place_order", function, "shop/main.py", (6, 9), "Take an order and charge the customer."),
        defined(2, "shop.prices.total_price", function, "shop/prices.py", (1, 3), "The price of an order with taxes."),
        defined(3, "shop.prices.tax", function, "shop/prices.py", (6, 8), "What the state wants."),
        defined(4, "shop.till.Till", class_, "shop/till.py", (1, 6), "Charges customers and keeps what they pay."),
        defined(5, "shop.till.Till.charge", method, "shop/till.py", (4, 6), "Take money from a customer.", 4),
        defined(6, "shop.main", SymbolKind.MODULE, "shop/main.py", (1, 9)),
        defined(7, "shop.prices", SymbolKind.MODULE, "shop/prices.py", (1, 8)),
        defined(8, "shop.till", SymbolKind.MODULE, "shop/till.py", (1, 6)),
    ]
    edges = [
        edge(0, 1, path="shop/main.py", line=3),
        edge(1, 2, path="shop/main.py", line=8),
        edge(1, 5, path="shop/main.py", line=9),
        edge(2, 3, path="shop/prices.py", line=3),
    ]
    texts = {"shop/main.py": MAIN, "shop/prices.py": PRICES, "shop/till.py": TILL, **(contents or {})}
    return MemoryReader(symbols, edges, contents={path: text.encode() for path, text in texts.items()})


def builder(of: MemoryReader) -> PackBuilder:
    return PackBuilder(of, WordCounter())


def tools(of: MemoryReader, rank: Rank) -> Tools:
    """What answers from this index; every file says something."""

    def files_saying(terms: Mapping[str, float], count: int) -> list[str]:
        assert all(weight > 0.0 for weight in terms.values())
        return [file.path for file in of.files()][:count]

    def holds(term: str) -> bool:
        return any(term in spaced_terms(of.text(file.path)).split() for file in of.files())

    return Tools(of, builder(of), WordCounter(), rank, files_saying, holds)


def ranked(question: str, names: Sequence[str], of: MemoryReader) -> Ranking:
    """A ranking of the definitions of these names, as if words had found them."""
    known = {symbol.qualified_name: symbol for symbol in of.all_symbols()}
    hits = tuple(
        Hit(number, s.path, s.start_line, s.end_line, s.qualified_name, str(s.kind), 1.0 / number, (Origin.LEXICAL,), 0)
        for number, s in enumerate((known[name] for name in names), 1)
    )
    return Ranking(question, 1.0, hits)
