"""`codestrata list` and `codestrata remove`."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path

import click

from core.errors import UsageError
from desktop import locations
from desktop.cli.options import Common, common
from desktop.cli.output import size
from indexing.intake.several import described


@click.command("list")
@common
def list_command(common: Common) -> None:
    """List the indexes on this machine."""
    known = locations.known_indexes()
    if common.output.json:
        common.output.data([dataclasses.asdict(entry) for entry in known])
        return
    for entry in known:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.updated))
        common.output.text(f"{click.style(entry.name, bold=True)}  {described(entry.source)}")
        common.output.text(f"    {entry.files:,} files, {size(entry.bytes)}, updated {when}, in {entry.index}")
    if not known:
        common.output.text("there are no indexes yet; 'codestrata index SOURCE' makes one")


@click.command("remove")
@click.argument("target", metavar="INDEX", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
@common
def remove_command(common: Common, target: str | None, yes: bool) -> None:
    """Delete INDEX: its folder, its name or its source, as 'list' shows them."""
    folder = _folder(target) if target else common.folder()
    locations.check_is_index(folder)
    if not yes:
        click.confirm(f"Delete the index in {folder}?", abort=True, err=True)
    locations.remove_index(folder)
    common.output.note(f"deleted {folder}")


def _folder(target: str) -> Path:
    known = locations.known_indexes()
    source = os.path.realpath(target)
    found = [entry for entry in known if target == entry.index or source in (entry.source, entry.index)]
    found = found or [entry for entry in known if target in (entry.name, entry.source)]
    if len(found) > 1:
        places = ", ".join(entry.index for entry in found)
        raise UsageError(f"'{target}' names {len(found)} indexes", "", f"choose one by its folder: {places}")
    return Path(found[0].index) if found else Path(target)
