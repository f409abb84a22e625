"""`codestrata diagram`."""

from __future__ import annotations

from pathlib import Path

import click

from desktop import assembly
from desktop.cli.options import Common, cancellable, common
from desktop.engine import wire


@click.command("diagram")
@click.argument("kind")
@click.argument("scope", default="")
@click.option(
    "-o", "--output", "file", metavar="FILE", help="Where to write; the ending chooses svg, png, pdf, dot, mmd or json."
)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@common
def diagram_command(common: Common, kind: str, scope: str, file: str | None, theme: str) -> int:
    """Draw the diagram KIND (architecture, calls, imports, classes, treemap) of SCOPE."""
    from desktop.drawing.export import format_of, write_diagram

    folder = common.folder()
    service = assembly.open_service(assembly.settings_for())
    target = None if file is None else Path(file)
    if target is not None:
        format_of(target)
    diagram = service.diagram(folder, kind, scope)
    if target is not None:
        with cancellable() as token:
            write_diagram(service.drawing(folder, kind, scope, token), target, theme=theme)
        common.output.note(f"{diagram.title}: {len(diagram.nodes)} boxes, {len(diagram.edges)} arrows → {file}")
    if common.output.json:
        common.output.data(wire.diagram(diagram))
    elif target is None:
        for node in diagram.nodes:
            common.output.text(f"{click.style(node.label, bold=True)}  {node.detail}")
        labels = {node.id: node.label for node in diagram.nodes}
        for edge in diagram.edges:
            common.output.text(
                f"  {labels[edge.source]} → {labels[edge.target]}  {edge.kind} × {edge.count} ({edge.confidence})"
            )
        for left in diagram.omitted:
            common.output.text(f"  left out: {left.count} {left.what}")
    return 0 if diagram.nodes else 1
