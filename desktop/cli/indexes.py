"""`codestrata list` and `codestrata remove`."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import click

from desktop import locations
from desktop.cli.options import Common, common
from desktop.cli.output import size


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
        common.output.text(f"{click.style(entry.name, bold=True)}  {entry.source}")
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
    for entry in locations.known_indexes():
        if target in (entry.name, entry.source, entry.index):
            return Path(entry.index)
    return Path(target)
