"""`codestrata doctor`."""

from __future__ import annotations

import click

from desktop import assembly
from desktop.cli.options import Common, common


@click.command("doctor")
@common
def doctor_command(common: Common) -> int:
    """Show versions, devices and models, what is missing and how to get it."""
    from desktop.doctor import examine

    found = examine(assembly.settings_for())
    if common.output.json:
        common.output.data(found)
        return 0
    for section, values in found.items():
        common.output.text(click.style(section, bold=True))
        if isinstance(values, dict):
            for name, value in values.items():
                common.output.text(f"  {name:<24} {value}")
        else:
            for value in values:
                common.output.text(f"  {value}")
    return 0
