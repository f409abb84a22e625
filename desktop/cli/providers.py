"""`codestrata providers` and `codestrata models`."""

from __future__ import annotations

import os
from typing import Any

import click

from desktop import assembly
from desktop.cli.agreeing import asks_a_provider, make_sure
from desktop.cli.options import Common, common


@click.command("providers")
@common
def providers_command(common: Common) -> int:
    """Show whose models can be asked, and what each needs; nobody is contacted."""
    from desktop.provider_rows import provider_rows

    rows = provider_rows(assembly.settings_for().provider, os.environ, assembly.open_keys())
    if common.output.json:
        common.output.data(rows)
        return 0
    for row in rows:
        chosen = f"  (chosen, {row['model'] or 'without a model'})" if row["chosen"] else ""
        common.output.text(f"{click.style(row['name'], bold=True)}  {row['title']}{chosen}")
        common.output.text(f"    {'; '.join([row['base_url'] or 'needs --base-url', *_state(row)])}")
    return 0


def _state(row: dict[str, Any]) -> list[str]:
    """What stands between a person and an answer, in words."""
    told = ["on this machine" if row["base_url"] and row["host"] is None else ""]
    if row["switched_off"]:
        told.append("switched off: local only")
    elif row["host"]:
        told.append("agreed to" if row["consented"] else "not agreed to yet")
    if row["key"]:
        told.append(f"key in the {row['key']}")
    elif row["needs_key"]:
        told.append(f"no key ('codestrata key set {row['name']}', or {row['key_variable']})")
    if not row["installed"]:
        told.append(row["install"])
    return [part for part in told if part]


@click.command("models")
@asks_a_provider
@common
def models_command(common: Common, provider: str | None, base_url: str | None, yes: bool) -> int:
    """List the models of a provider as its server tells them, with their windows and prices where known."""
    from desktop.adapters.providers import locate, remote_host
    from desktop.provider_rows import model_rows

    settings = assembly.settings_for({"provider": {"provider": provider, "base_url": base_url}}).provider
    consents = assembly.open_consents(everything=yes)
    if settings.provider:
        make_sure(consents, remote_host(locate(settings, os.environ)), settings.provider, "")
    found = model_rows(settings, os.environ, assembly.open_keys(), consents)
    if common.output.json:
        common.output.data(found)
    else:
        for row in found["models"]:
            common.output.text(f"{row['name']}{_facts(row)}")
        if any(row["usd_per_million"] for row in found["models"]):
            common.output.note(f"prices as of {found['prices']['checked']}, from {found['prices']['source']}")
    return 0 if found["models"] else 1


def _facts(row: dict[str, Any]) -> str:
    window, price = row["context_window"], row["usd_per_million"]
    facts = [
        f"reads {window:,} LLM tokens" if window else "",
        f"${price['input']:g} in and ${price['output']:g} out a million" if price else "",
        f"answered by {row['remote']}" if row["remote"] else "",
    ]
    told = "; ".join(fact for fact in facts if fact)
    return f"  {click.style(told, dim=True)}" if told else ""
