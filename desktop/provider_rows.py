"""The providers and their models as a person chooses among them."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from typing import Any

from core.answering.prices import price_table
from core.errors import UsageError
from core.model.language_model import ModelInfo
from core.ports import Consents
from core.settings import ProviderSettings
from desktop.adapters.keys import KeyStore
from desktop.adapters.language_model import list_models
from desktop.adapters.providers import PROVIDERS, Provider, key_account, locate, remote_host
from desktop.preferences import with_provider

Json = dict[str, Any]


def provider_rows(settings: ProviderSettings, environment: Mapping[str, str], keys: KeyStore) -> list[Json]:
    """Every provider: where it is reached, whether it could be asked, and what is missing. Nobody is contacted."""
    return [
        _row(provider, with_provider(settings, provider.name), settings, environment, keys)
        for provider in PROVIDERS.values()
    ]


def _row(
    provider: Provider, own: ProviderSettings, chosen: ProviderSettings, environment: Mapping[str, str], keys: KeyStore
) -> Json:
    try:
        url = locate(own, environment)
    except UsageError:
        url = ""
    host = remote_host(url) if url else None
    return {
        "name": provider.name,
        "title": provider.title,
        "chosen": provider.name == chosen.provider,
        "model": own.model if provider.name == chosen.provider else "",
        "base_url": url,
        "host": host,
        "consented": host is None or host.lower() in map(str.lower, chosen.consented_hosts),
        "switched_off": host is not None and chosen.local_only,
        "needs_key": provider.needs_key,
        "key": _key_place(provider, url, environment, keys),
        "key_variable": provider.key_variable,
        "installed": is_installed(provider),
        "install": f"pip install {provider.install}",
    }


def _key_place(provider: Provider, url: str, environment: Mapping[str, str], keys: KeyStore) -> str | None:
    """Where a key is found, never the key."""
    if url and (place := keys.place(key_account(url))):
        return str(place)
    return "environment" if environment.get(provider.key_variable) else None


def is_installed(provider: Provider) -> bool:
    """Whether the package that speaks the provider's protocol is here."""
    try:
        importlib.metadata.version(provider.package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def model_rows(settings: ProviderSettings, environment: Mapping[str, str], keys: KeyStore, consents: Consents) -> Json:
    """The models of one provider, asked of its server: `{"provider", "base_url", "host", "models", "prices"}`.

    Raises ConsentNeededError or LocalOnlyError before a remote host is asked anything.
    """
    if not settings.provider:
        raise UsageError("no provider is chosen", "", f"name one with --provider: {', '.join(PROVIDERS)}")
    url = locate(settings, environment)
    host = remote_host(url)
    consents.check(host, settings.provider, "")
    table = price_table()
    return {
        "provider": settings.provider,
        "base_url": url,
        "host": host,
        "models": [_model(found, table.find(host, found.name)) for found in list_models(settings, environment, keys)],
        "prices": {"checked": table.checked, "source": table.source},
    }


def _model(found: ModelInfo, known: ModelInfo | None) -> Json:
    price = found.price or (known.price if known else None)
    return {
        "name": found.name,
        "context_window": found.context_window or (known.context_window if known else None),
        "usd_per_million": {"input": price.input_usd, "output": price.output_usd} if price else None,
        "remote": found.remote,
    }
