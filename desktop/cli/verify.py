"""`codestrata verify`."""

from __future__ import annotations

import click

from desktop import assembly
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import size


@click.command("verify")
@common
def verify_command(common: Common) -> int:
    """Check that the index is whole and gives every indexed file back byte for byte."""
    service = assembly.open_service(assembly.settings_for())
    with cancellable() as token:
        found = service.verify(common.folder(), token)
    if common.output.json:
        common.output.data({"files": found.files, "bytes": found.bytes, "mismatches": list(found.mismatches)})
    else:
        for mismatch in found.mismatches:
            common.output.text(mismatch)
        common.output.text(f"{found.files:,} files, {size(found.bytes)}: {len(found.mismatches) or 'no'} mismatches")
    return 1 if found.mismatches else 0
