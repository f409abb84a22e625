"""`codestrata graph`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from core.errors import UsageError
from core.model.graph import CodeGraph
from desktop import assembly
from desktop.cli.options import Common, common
from desktop.cli.output import write_utf8
from desktop.engine import wire


@click.command("graph")
@click.option(
    "--format", "form", type=click.Choice(["json", "graphml", "dot", "callgraph"]), default="json", show_default=True
)
@click.option("-o", "--output", "file", metavar="FILE", help="Write to FILE instead of standard output.")
@common
def graph_command(common: Common, form: str, file: str | None) -> None:
    """Export the whole code graph."""
    graph = assembly.open_service(assembly.settings_for()).graph(common.folder())
    text = _text(graph, form)
    if file is None:
        write_utf8(text)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written", error.strerror or str(error), "choose another file with -o") from error
    common.output.note(f"{len(graph.symbols):,} nodes and {len(graph.edges):,} edges written to {file}")


def _text(graph: CodeGraph, form: str) -> str:
    from core.graph.formats import callgraph, graphml
    from desktop.drawing.graph_dot import code_graph_dot

    if form == "graphml":
        return graphml(graph)
    if form == "dot":
        return code_graph_dot(graph)
    value = callgraph(graph) if form == "callgraph" else wire.graph(graph)
    return json.dumps(value, ensure_ascii=False) + "\n"
