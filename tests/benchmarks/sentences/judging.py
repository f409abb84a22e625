"""Sentences about a code base, written by hand, held against an index of it.

A row names the code base, whether it is true (`+`, `-`), in what it is false, the definitions it cites, and the sentence.
What it cites is given to it as an answer's pack would: the lines of those definitions.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.answering.grounding import ground
from core.answering.wording import definition_passage
from core.context.builder import PackBuilder
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader, TokenCounter

BUDGET = 8_000


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with the truth about it."""

    base: str
    is_true: bool
    kind: str
    cites: tuple[str, ...]
    sentence: str


def rows(name: str) -> list[Row]:
    """The rows of `NAME.tsv` beside this module."""
    with Path(__file__).with_name(f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [
            Row(row["base"], row["truth"] == "+", row["kind"], tuple(row["cites"].split(",")), row["sentence"])
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def is_supported(row: Row, reader: IndexReader, counter: TokenCounter) -> bool:
    """What the program says of a sentence."""
    builder = PackBuilder(reader, counter)
    symbols = [_symbol(reader, name) for name in row.cites]
    pack = builder.build_from(
        row.sentence, [definition_passage(symbol, builder.texts, "cited") for symbol in symbols], BUDGET
    )
    numbers = "".join(f"[{excerpt.n}]" for excerpt in pack.excerpts)
    (found,) = ground(f"{row.sentence.rstrip('.')} {numbers}.", pack, reader)
    return found.supported


def _symbol(reader: IndexReader, name: str) -> Symbol:
    internal = [
        symbol for symbol in reader.find_symbols(name) if symbol.kind not in {SymbolKind.EXTERNAL, SymbolKind.MODULE}
    ]
    spelt = [symbol for symbol in internal if symbol.name == name.rpartition(".")[2]]
    assert spelt, f"{name} is no definition of the index"
    return max(spelt, key=lambda symbol: symbol.end_line - symbol.start_line)


def wrong(found: Sequence[tuple[Row, bool]]) -> tuple[float, float]:
    """The shares of false sentences that were not marked, and of true ones that were."""
    false = [supported for row, supported in found if not row.is_true]
    true = [supported for row, supported in found if row.is_true]
    return sum(false) / len(false), sum(not supported for supported in true) / len(true)
