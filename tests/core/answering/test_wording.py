"""What symbols say of themselves."""

from __future__ import annotations

from dataclasses import replace

from core.answering.wording import described
from core.model.symbol import SymbolKind
from tests.fakes import symbol


def test_a_long_signature_ends_with_a_whole_word() -> None:
    """Half a word stands nowhere in the code, so that a true sentence was said not to hold."""
    long = replace(
        symbol(1, "app.send", SymbolKind.FUNCTION), signature=f"def send({', '.join(['parameter'] * 14)})", doc=""
    )
    told = described(long).strip("`")
    assert told.endswith(" …")
    assert long.signature.startswith(told.removesuffix(" …"))
    assert set(told.removesuffix(" …").replace(",", " ").replace("(", " ").split()) == {"def", "send", "parameter"}
