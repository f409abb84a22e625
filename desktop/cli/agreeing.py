"""Asking a person, once per host, whether evidence may be sent there."""

from __future__ import annotations

import sys

import click

from core.errors import ConsentNeededError
from core.ports import Consents
from desktop import assembly, locations
from desktop.cli.options import Command
from desktop.consents import set_consent

provider_options = (
    click.option("--provider", metavar="NAME", help="Whose model is asked; see 'codestrata providers'."),
    click.option("--base-url", metavar="URL", help="Where it answers."),
    click.option("--yes", is_flag=True, help="Agree to its host for this run, without being asked."),
)


def asks_a_provider(function: Command) -> Command:
    """Give a command the options that say whose models are asked."""
    for option in reversed(provider_options):
        function = option(function)
    return function


def make_sure(consents: Consents, host: str | None, provider: str, model: str) -> None:
    """Ask a person at a terminal who has not agreed to `host` yet, and keep a yes in the preferences.

    Raises ConsentNeededError where nobody can be asked, click.Abort for a no, and LocalOnlyError.
    """
    try:
        consents.check(host, provider, model)
    except ConsentNeededError as needed:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        asked = f"{provider} answers at {needed.host}. May evidence from your code be sent there, now and from now on?"
        click.confirm(asked, abort=True, err=True)
        set_consent(locations.preferences_file(), assembly.settings_for().provider, needed.host, agreed=True)
