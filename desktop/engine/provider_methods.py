"""The methods about language models: whose there are, their keys, what a person has agreed to, and what was sent."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.settings import ProviderSettings, Settings
from desktop import assembly, locations
from desktop.engine import run_wire, wire
from desktop.engine.params import Params, flag, optional_text, path_text, text, whole
from desktop.preferences import with_provider

Simple = Callable[[Params, CancellationToken], Any]
_ENTRIES = 1_000


def provider_methods(settings: Settings) -> dict[str, Simple]:
    """What a query process answers about models."""
    return {
        "providers": lambda _params, _token: _providers(settings),
        "models": lambda params, _token: _models(settings, params),
        "key": lambda params, _token: _key(settings, params),
        "consent": lambda params, _token: _consent(params),
        "ledger": lambda params, _token: _ledger(params),
    }


def provider_settings(settings: ProviderSettings, params: Params) -> ProviderSettings:
    """The provider of one question: what it names, else what the settings say."""
    chosen = with_provider(settings, optional_text(params, "provider"))
    return dataclasses.replace(
        chosen,
        model=optional_text(params, "model", chosen.model),
        base_url=optional_text(params, "base_url", chosen.base_url),
    )


def _providers(settings: Settings) -> list[run_wire.Json]:
    from desktop.provider_rows import provider_rows

    preferred = assembly.settings_for().provider  # as it is now: consent may have been given since
    now = dataclasses.replace(settings.provider, consented_hosts=preferred.consented_hosts, local_only=preferred.local_only)
    return provider_rows(now, os.environ, assembly.open_keys())


def _models(settings: Settings, params: Params) -> run_wire.Json:
    from desktop.provider_rows import model_rows

    chosen = provider_settings(settings.provider, params)
    return model_rows(chosen, os.environ, assembly.open_keys(), assembly.open_consents())


def _key(settings: Settings, params: Params) -> run_wire.Json:
    """Keep a key, or forget it where none is given; it is told where it is kept, and never the key."""
    from desktop.adapters.providers import key_account, locate, provider_named

    chosen = provider_settings(settings.provider, {**params, "provider": text(params, "provider")})
    provider = provider_named(chosen.provider)
    host = key_account(locate(chosen, os.environ))
    given = params.get("key")
    if given is None:
        return {"host": host, "kept": None, "removed": assembly.open_keys().remove(host), "notice": ""}
    if not isinstance(given, str) or not given.strip() or not given.isascii():
        raise UsageError("what was given is no key", "", "send it as 'key'")
    place = str(assembly.open_keys().set(host, given.strip()))
    notice = "" if place == "keychain" else _no_keychain(provider.title)
    return {"host": host, "kept": place, "removed": False, "notice": notice}


def _no_keychain(title: str) -> str:
    return f"There is no keychain on this machine: the key for {title} is forgotten when the program ends."


def _consent(params: Params) -> run_wire.Json:
    """Agree to a host or withdraw that, switch all hosts off or on; what then holds."""
    from desktop.consents import set_consent, set_local_only

    file = locations.preferences_file()
    if host := optional_text(params, "host"):
        agreed = flag(params, "agreed") if "agreed" in params else True
        set_consent(file, assembly.settings_for().provider, host, agreed=agreed)
    if params.get("local_only") is not None:
        set_local_only(file, on=flag(params, "local_only"))
    now = assembly.settings_for().provider
    return {"hosts": list(now.consented_hosts), "local_only": now.local_only}


def _ledger(params: Params) -> list[run_wire.Json]:
    from indexing.stores.ledger import SqliteLedger

    folder = Path(path_text(params, "index"))
    locations.check_is_index(folder)
    return [wire.ledger_entry(entry) for entry in SqliteLedger(folder).entries(whole(params, "limit", _ENTRIES))]
