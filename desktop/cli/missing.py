"""Commands of the contract that are not there yet; each says so and exits 2."""

from __future__ import annotations

import click

from core.errors import NotThereYetError
from desktop.cli.options import Common, common


def _command(name: str, what: str, instead: str) -> click.Command:
    @click.command(name, context_settings={"ignore_unknown_options": True})
    @click.argument("rest", nargs=-1)
    @common
    def command(common: Common, rest: tuple[str, ...]) -> None:
        raise NotThereYetError(f"'codestrata {name}' is not there yet", f"{what} has not been built", instead)

    return command


mcp_command = _command("mcp", "the server for editors and agents", "use 'codestrata engine', which speaks JSON lines")
