"""`codestrata callers`, `callees` and `path`."""

from __future__ import annotations

import click

from core.model.graph import CodeGraph
from desktop import assembly
from desktop.cli.options import Common, common
from desktop.engine import wire

_DEPTH = click.option("--depth", type=click.IntRange(1, 100), default=1, show_default=True, help="How many steps.")


@click.command("callers")
@click.argument("symbol")
@_DEPTH
@common
def callers_command(common: Common, symbol: str, depth: int) -> int:
    """Who calls SYMBOL."""
    service = assembly.open_service(assembly.settings_for())
    return _print(common, service.callers(common.folder(), symbol, depth))


@click.command("callees")
@click.argument("symbol")
@_DEPTH
@common
def callees_command(common: Common, symbol: str, depth: int) -> int:
    """What SYMBOL calls."""
    service = assembly.open_service(assembly.settings_for())
    return _print(common, service.callees(common.folder(), symbol, depth))


@click.command("path")
@click.argument("source_symbol", metavar="FROM")
@click.argument("target_symbol", metavar="TO")
@common
def path_command(common: Common, source_symbol: str, target_symbol: str) -> int:
    """How FROM reaches TO by calls."""
    service = assembly.open_service(assembly.settings_for())
    return _print(common, service.path(common.folder(), source_symbol, target_symbol))


def _print(common: Common, part: CodeGraph) -> int:
    if common.output.json:
        common.output.data(wire.graph(part))
    else:
        names = {symbol.key: symbol for symbol in part.symbols}
        for edge in part.edges:
            source, target = names[edge.source], names[edge.target]
            place = click.style(f"{edge.path}:{edge.line}", fg="cyan")
            common.output.text(f"{source.id} → {target.id}  {place}  {click.style(str(edge.confidence), dim=True)}")
        if not part.edges:
            common.output.text("nothing found")
    return 0 if part.edges else 1
