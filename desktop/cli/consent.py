"""`codestrata consent`."""

from __future__ import annotations

import click

from core.errors import UsageError
from desktop import assembly, locations
from desktop.cli.options import Common, common


@click.command("consent")
@click.argument("host", required=False)
@click.option("--revoke", is_flag=True, help="Nothing may be sent to HOST any more.")
@click.option("--local-only/--no-local-only", default=None, help="Switch every host but this machine off, or on again.")
@common
def consent_command(common: Common, host: str | None, revoke: bool, local_only: bool | None) -> int:
    """Agree to evidence being sent to HOST; without HOST, show what was agreed to."""
    from desktop.consents import set_consent, set_local_only

    if revoke and host is None:
        raise UsageError("no host is named", "", "say which: codestrata consent HOST --revoke")
    if host is not None and (not host or any(mark in host for mark in "/@ ")):
        raise UsageError("a host is named without anything before or after it", "", "for example api.example.com")
    file = locations.preferences_file()
    if host is not None:
        set_consent(file, assembly.settings_for().provider, host, agreed=not revoke)
    if local_only is not None:
        set_local_only(file, on=local_only)
    now = assembly.settings_for().provider
    if common.output.json:
        common.output.data({"hosts": list(now.consented_hosts), "local_only": now.local_only})
        return 0
    for known in now.consented_hosts:
        common.output.text(known)
    if now.local_only:
        common.output.note("local only: every host but this machine is switched off")
    elif not now.consented_hosts:
        common.output.note("nothing may be sent to any host but this machine")
    return 0
