"""`codestrata callers`, `callees`, `path` and `impact`."""

from __future__ import annotations

from collections.abc import Collection

import click

from core.graph.impact import DEFAULT_DEPTH, Impact
from core.model.graph import CodeGraph
from core.model.symbol import Symbol
from desktop import assembly
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output
from desktop.engine import wire

_NAMED = 5
"""Changed symbols that are named; the rest is counted."""
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


@click.command("impact")
@click.argument("what", metavar="SYMBOL-OR-RANGE")
@click.option("--depth", type=click.IntRange(1, 100), default=DEFAULT_DEPTH, show_default=True, help="How many steps.")
@common
def impact_command(common: Common, what: str, depth: int) -> int:
    """What a change of a symbol touches, or the changes of a range of commits (main..topic)."""
    service = assembly.open_service(assembly.settings_for())
    folder = common.folder()
    with cancellable() as token:
        found = service.impact(folder, what, depth, token)
    tests = service.tests(folder)
    if common.output.json:
        common.output.data(wire.impact(found, tests))
    else:
        _print_impact(common.output, found, tests)
    return 0 if found.reached else 1


def _print_impact(output: Output, found: Impact, tests: Collection[str]) -> None:
    """What changes, then what that reaches, file by file, the tests last."""
    if not found.changed:
        output.text("nothing that is indexed changed")
        return
    names = [symbol.id for symbol in found.changed]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    output.text(f"{', '.join(names[:_NAMED])}{more}")
    by_file: dict[str, list[Symbol]] = {}
    for symbol in found.reached:
        by_file.setdefault(symbol.path, []).append(symbol)
    count = sum(map(len, by_file.values()))
    output.text(f"touches {count:,} symbols in {len(by_file):,} files" if count else "touches nothing else that is known")
    for path in sorted(by_file, key=lambda path: path in tests):
        mark = "  test" if path in tests else ""
        output.text(f"{click.style(path, fg='cyan')}{click.style(mark, dim=True)}")
        for symbol in by_file[path]:
            output.text(f"  {symbol.start_line:>6}  {symbol.qualified_name}")


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
