"""`codestrata clones`."""

from __future__ import annotations

import click

from desktop import assembly
from desktop.cli.options import Common, common
from desktop.cli.output import size
from desktop.engine import wire

_SHOWN_CLASSES = 20
_SHOWN_MEMBERS = 5


@click.command("clones")
@click.option("--min-similarity", type=click.FloatRange(0.0, 1.0), default=0.0, help="Only classes at least so alike.")
@click.option("--pairs", is_flag=True, help="List every pair instead of classes.")
@common
def clones_command(common: Common, min_similarity: float, pairs: bool) -> int:
    """Show repeated logic, what saves most first."""
    folder = common.folder()
    service = assembly.open_service(assembly.settings_for())
    classes = service.clones(folder, min_similarity)
    if pairs:
        common.output.data(wire.clone_pairs(classes))
    elif common.output.json:
        common.output.data(wire.clones(classes, service.session(folder).reader.folding()))
    else:
        for found in classes[:_SHOWN_CLASSES]:
            kept = found.representative.place
            common.output.text(
                f"{click.style(f'{kept.path}:{kept.start_line}-{kept.end_line}', fg='cyan', bold=True)}  {kept.symbol}"
                f"  type {int(found.type)}, {len(found.members)} copies, {size(found.bytes_saved)} saved"
            )
            for member in found.members[:_SHOWN_MEMBERS]:
                place = member.place
                common.output.text(f"    {place.path}:{place.start_line}-{place.end_line}  {place.symbol}")
            if len(found.members) > _SHOWN_MEMBERS:
                common.output.text(f"    and {len(found.members) - _SHOWN_MEMBERS} more")
        saved = sum(found.bytes_saved for found in classes)
        common.output.note(f"{len(classes)} classes, {size(saved)} of repeated code")
    return 0 if classes else 1
