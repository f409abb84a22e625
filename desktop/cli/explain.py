"""`codestrata explain`."""

from __future__ import annotations

from pathlib import Path

import click

from desktop import assembly
from desktop.cli.options import Common, cancellable, common
from desktop.engine import wire


@click.command("explain")
@click.option("-o", "--output", "file", metavar="FILE", help="Where to write; the ending chooses md or html.")
@common
def explain_command(common: Common, file: str | None) -> int:
    """Write what a new colleague reads first: overview, parts, main flows, where to start, repeated logic, glossary.

    It is made from the index alone; every sentence cites the places it was read from.
    """
    from desktop.drawing.document import FORMATS
    from desktop.drawing.export import check_folder, format_of, write_whole

    target = None if file is None else Path(file)
    ending = "md" if target is None else format_of(target, FORMATS)
    if target is not None:
        check_folder(target)
    folder = common.folder()
    service = assembly.open_service(assembly.settings_for())
    if common.output.json:
        common.output.data(wire.explanation(service.explanation(folder)))
    if target is None and common.output.json:
        return 0
    with cancellable() as token:
        document = service.explain(folder, ending, token)
    if target is None:
        common.output.text(document.rstrip("\n"))
        return 0
    write_whole(target, document.encode("utf-8", "replace"))
    common.output.note(f"{len(document.encode('utf-8', 'replace')) / 1e3:,.0f} kB → {file}")
    return 0
