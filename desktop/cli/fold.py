"""`codestrata fold`."""

from __future__ import annotations

from pathlib import Path

import click

from core.errors import BrokenIndexError, UsageError
from desktop import assembly, locations
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import size
from desktop.engine import run_wire


@click.command("fold")
@click.argument("source", required=False)
@click.option("-o", "--output", "target", metavar="DIR", required=True, help="A new or empty folder to write into.")
@click.option("--expand", "folded", metavar="FOLDED", help="Make the source of a folder that this command wrote.")
@click.option("--budget", type=click.IntRange(1), help="Write one Markdown file of so many LLM tokens instead.")
@common
def fold_command(common: Common, source: str | None, target: str, folded: str | None, budget: int | None) -> None:
    """Write SOURCE with repeated logic folded away: one copy kept, the others named in its place with their differences.

    A source that has no index yet is indexed first.
    """
    from indexing.folding.folded_source import expand_folded, write_folded

    if folded is not None:
        with cancellable() as token:
            files = expand_folded(Path(folded), Path(target).resolve(), token)
        if common.output.json:
            common.output.data({"files": files})
        else:
            common.output.text(f"{files:,} files in {target}")
        return
    settings = assembly.settings_for()
    named = source or common.source
    with cancellable() as token:
        try:
            folder = locations.find_index(common.index, named)
        except BrokenIndexError:
            if named is None:
                raise
            report = common.output.follow(assembly.start_indexing(named, None, settings, token))
            folder = Path(report.index)
        reader = assembly.open_service(settings).session(folder).reader
        destination = Path(target).resolve()
        _check_outside(destination, reader.meta("source"))
        written = write_folded(reader, destination, assembly.open_counter(), token, budget)
    if common.output.json:
        common.output.data(
            {
                "files": written.files,
                "bytes": written.bytes,
                "tokens": written.tokens,
                "folding": run_wire.folding(written.folding),
            }
        )
    else:
        before = sum(file.size for file in reader.files())
        common.output.text(
            f"{written.files:,} files, {size(written.bytes)} of {size(before)}, {written.tokens:,} LLM tokens, in {target}"
        )


def _check_outside(target: Path, source: str) -> None:
    """The source is only read: nothing is written into it, nor would the next run index what was folded."""
    if target.is_relative_to(source):
        raise UsageError(f"cannot write to {target}", "it lies within the source", "name a folder outside of it with -o")
