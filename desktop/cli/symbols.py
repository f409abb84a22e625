"""`codestrata symbols` and `codestrata show`."""

from __future__ import annotations

import click

from core.model.symbol import Symbol
from desktop import assembly
from desktop.cli.options import Common, common
from desktop.cli.output import Output
from desktop.engine import wire


@click.command("symbols")
@click.argument("name")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@common
def symbols_command(common: Common, name: str, limit: int) -> int:
    """Find definitions called NAME."""
    service = assembly.open_service(assembly.settings_for())
    found = service.symbols(common.folder(), name, limit)
    if common.output.json:
        common.output.data([wire.symbol(symbol) for symbol in found])
    else:
        for symbol in found:
            common.output.text(line(symbol))
        if not found:
            common.output.text(f"nothing is called '{name}'")
    return 0 if found else 1


@click.command("show")
@click.argument("symbol")
@common
def show_command(common: Common, symbol: str) -> None:
    """Print SYMBOL with its callers and callees."""
    service = assembly.open_service(assembly.settings_for())
    folder = common.folder()
    if common.output.json:
        common.output.data(wire.symbol_view(service.show(folder, symbol)))
        return
    view = service.show(folder, symbol)
    common.output.text(line(view.symbol))
    common.output.text()
    common.output.text(view.text)
    _list("Called by", view.callers, common.output)
    _list("Calls", view.callees, common.output)


def line(symbol: Symbol) -> str:
    """A symbol on one line."""
    place = f"{symbol.path}:{symbol.start_line}" if symbol.path else "outside of the source"
    return (
        f"{click.style(str(symbol.kind), dim=True):<12} {click.style(symbol.id, bold=True)}  {click.style(place, fg='cyan')}"
    )


def _list(title: str, symbols: tuple[Symbol, ...], output: Output) -> None:
    output.text()
    output.text(f"{title} ({len(symbols)}):")
    for symbol in symbols:
        output.text(f"  {line(symbol)}")
