"""`codestrata key`."""

from __future__ import annotations

import os
import sys

import click

from core.errors import MissingPartError, UsageError
from desktop import assembly
from desktop.cli.options import Common, common


@click.command("key")
@click.argument("action", type=click.Choice(["set", "remove"]))
@click.argument("provider")
@click.option("--base-url", metavar="URL", help="Where the provider answers, where that is not its usual address.")
@common
def key_command(common: Common, action: str, provider: str, base_url: str | None) -> int:
    """Keep the key of PROVIDER in the system's keychain, or remove it.

    The key is asked for, or read from standard input; it is never an argument, which other programs could see. It is kept
    for the host of the provider and sent to no other.
    """
    from desktop.adapters.keys import KeyPlace
    from desktop.adapters.providers import key_account, locate, provider_named

    known = provider_named(provider)
    settings = assembly.settings_for({"provider": {"provider": provider, "base_url": base_url}}).provider
    host = key_account(locate(settings, os.environ))
    keys = assembly.open_keys()
    if action == "remove":
        removed = keys.remove(host)
        told = f"removed the key for {host} from the keychain" if removed else f"the keychain holds no key for {host}"
        common.output.note(told)
        return 0 if removed else 1
    if keys.set(host, _asked(known.title, host)) is KeyPlace.SESSION:
        raise MissingPartError(
            "there is no keychain on this machine that could keep the key",
            "it is kept nowhere",
            f"set {known.key_variable} for as long as it is needed",
        )
    common.output.note(f"kept the key for {host} in the keychain")
    return 0


def _asked(title: str, host: str) -> str:
    """The key, from a prompt that shows nothing or from standard input."""
    key = click.prompt(f"Key for {title} at {host}", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.read()
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError("what was given is no key", "it is empty, or more than one word", "give the key alone")
    return str(key)
