"""The providers a person can choose from, as data, and where their models are reached."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.errors import UsageError
from core.settings import ProviderSettings
from desktop.adapters.keys import KeyStore

_OLLAMA_PORT = 11434
_ANY_ADDRESS = frozenset({"0.0.0.0", "::"})


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose models are asked. `protocol` is a name in `protocols.py`; an empty `base_url` has to be given."""

    name: str
    title: str
    protocol: str
    base_url: str
    address_variables: tuple[str, ...]
    """In the environment; looked at where the preferences name no address."""
    key_variable: str
    needs_key: bool
    package: str
    """What its protocol needs."""
    extra: str = ""
    """Of ours, which brings the package along; empty where it always comes."""
    reports_usage: bool = True
    """Whether its servers may be asked to report what they counted; an unknown server may refuse the question."""

    @property
    def install(self) -> str:
        """What `pip install` takes where the package is missing."""
        return f"'codestrata[{self.extra}]'" if self.extra else self.package


_OPENAI_PACKAGE = "llama-index-llms-openai-like"

PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider(
            "openai-like",
            "Any server that speaks OpenAI's protocol (LM Studio, vLLM, llama.cpp, OpenRouter, …)",
            "openai",
            "",
            ("OPENAI_BASE_URL",),
            "OPENAI_API_KEY",
            False,
            _OPENAI_PACKAGE,
            reports_usage=False,
        ),
        Provider(
            "openai",
            "OpenAI",
            "openai",
            "https://api.openai.com/v1",
            ("OPENAI_BASE_URL",),
            "OPENAI_API_KEY",
            True,
            _OPENAI_PACKAGE,
        ),
        Provider(
            "ollama",
            "Ollama",
            "ollama",
            f"http://127.0.0.1:{_OLLAMA_PORT}",
            ("OLLAMA_HOST",),
            "OLLAMA_API_KEY",
            False,
            "llama-index-llms-ollama",
        ),
        Provider(
            "anthropic",
            "Anthropic",
            "anthropic",
            "https://api.anthropic.com",
            ("ANTHROPIC_BASE_URL",),
            "ANTHROPIC_API_KEY",
            True,
            "llama-index-llms-anthropic",
            "anthropic",
        ),
        Provider(
            "gemini",
            "Google Gemini, at its address for OpenAI's protocol",
            "openai",
            "https://generativelanguage.googleapis.com/v1beta/openai",
            (),
            "GEMINI_API_KEY",
            True,
            _OPENAI_PACKAGE,
            reports_usage=False,
        ),
    )
}
"""By the name that `--provider` and the preferences use."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider at its address, with the key for it; the key is in no text made of this record."""

    provider: Provider
    base_url: str
    key: str = field(repr=False)
    timeout_seconds: float = 120.0

    @property
    def host(self) -> str | None:
        """Where text goes; None for an address of this very machine."""
        return remote_host(self.base_url)

    @property
    def told(self) -> str:
        """The server in words."""
        parts = urlsplit(self.base_url)
        return f"the model server at {parts.hostname}{f':{parts.port}' if parts.port else ''}"


def provider_named(name: str) -> Provider:
    """The provider called `name`. Raises UsageError for another."""
    if name not in PROVIDERS:
        raise UsageError(f"there is no provider {name!r}", "", f"choose {', '.join(PROVIDERS)}")
    return PROVIDERS[name]


def locate(settings: ProviderSettings, environment: Mapping[str, str]) -> str:
    """The base URL of the provider that `settings` name: as they say, else as the environment says, else the provider's own.

    Raises UsageError for an unknown provider, and for an address that is missing, no URL, or holds a password.
    """
    provider = provider_named(settings.provider)
    given = settings.base_url or next((url for name in provider.address_variables if (url := environment.get(name))), "")
    if not given and not provider.base_url:
        raise UsageError(
            f"no address for the provider {provider.name}", "", "pass --base-url, for example http://localhost:8000/v1"
        )
    url = (given or provider.base_url).strip().rstrip("/")
    if provider.name == "ollama":
        url = _ollama_url(url)
    if provider.protocol in {"ollama", "anthropic"}:  # whose libraries put the version of their protocol there themselves
        url = url.removesuffix("/v1")
    return _checked(url)


def find_endpoint(settings: ProviderSettings, environment: Mapping[str, str], keys: KeyStore) -> Endpoint:
    """Where the models of the chosen provider are reached, with the key kept for that host, else that of the environment.

    Raises UsageError as `locate` does, and where the provider needs a key and there is none.
    """
    provider = provider_named(settings.provider)
    url = locate(settings, environment)
    key = keys.get(key_account(url)) or environment.get(provider.key_variable, "").strip()
    if provider.needs_key and not key:
        next_step = f"store one with 'codestrata key set {provider.name}', or set {provider.key_variable}"
        raise UsageError(f"there is no key for {provider.name}", "", next_step)
    return Endpoint(provider, url, key, settings.timeout_seconds)


def key_account(base_url: str) -> str:
    """What the key for an address is kept under: its host, so that no key ever goes to another."""
    return urlsplit(base_url).hostname or ""


def remote_host(base_url: str) -> str | None:
    """The host a URL leads to, None where that is this machine."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return None
    try:
        return None if ipaddress.ip_address(host).is_loopback else host
    except ValueError:
        return host


def _ollama_url(given: str) -> str:
    """OLLAMA_HOST may be a host, a port or both, and the address a server listens at rather than one to connect to."""
    has_scheme = "://" in given
    parts = urlsplit(given if has_scheme else f"http://{given}")
    try:
        port = parts.port or ({"http": 80, "https": 443}.get(parts.scheme) if has_scheme else _OLLAMA_PORT)
    except ValueError:
        return given
    host = parts.hostname or "127.0.0.1"
    host = "127.0.0.1" if host in _ANY_ADDRESS else host
    credentials = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{credentials}{f'[{host}]' if ':' in host else host}:{port}{parts.path.rstrip('/')}"


def _checked(base_url: str) -> str:
    example = "pass --base-url http(s)://HOST[:PORT]/…"
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        shown = base_url.rpartition("@")[2]
        raise UsageError(f"{shown!r} is no address of a model server", "", example)
    if "@" in parts.netloc:
        raise UsageError(
            f"the address at {parts.hostname} holds a user or password",
            "an address is shown and kept in the open",
            "leave it out, and store the key with 'codestrata key set'",
        )
    return base_url
