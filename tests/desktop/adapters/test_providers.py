"""Where models are reached, and with which key."""

from __future__ import annotations

import pytest

from core.errors import UsageError
from core.settings import ProviderSettings
from desktop.adapters.keys import KeyStore
from desktop.adapters.providers import PROVIDERS, find_endpoint, locate, remote_host


@pytest.fixture(autouse=True)
def keychain(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    kept: dict[str, str] = {}
    monkeypatch.setattr("keyring.get_password", lambda _service, host: kept.get(host))
    return kept


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:11434/v1", None),
        ("http://127.0.0.1/v1", None),
        ("http://127.8.8.8/v1", None),
        ("http://[::1]:80/v1", None),
        ("https://api.openai.com/v1", "api.openai.com"),
        ("http://192.168.1.7:8000/v1", "192.168.1.7"),
        ("http://localhost.example.com/v1", "localhost.example.com"),
    ],
)
def test_only_loopback_stays_on_this_machine(url: str, host: str | None) -> None:
    assert remote_host(url) == host


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        (":8080", "http://127.0.0.1:8080"),
        ("box", "http://box:11434"),
        ("http://box:1234/", "http://box:1234"),
        ("https://box.example.com", "https://box.example.com:443"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://box:11434/v1", "http://box:11434"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(given: str, url: str) -> None:
    assert locate(ProviderSettings("ollama"), {"OLLAMA_HOST": given}) == url


@pytest.mark.parametrize(
    ("provider", "variable"),
    [("openai", "OPENAI_BASE_URL"), ("ollama", "OLLAMA_HOST"), ("anthropic", "ANTHROPIC_BASE_URL")],
)
def test_the_preferences_win_over_the_environment_which_wins_over_the_usual_address(provider: str, variable: str) -> None:
    there = {variable: "http://there:1"}
    assert locate(ProviderSettings(provider, base_url="http://mine:2"), there) == "http://mine:2"
    assert locate(ProviderSettings(provider), there) == "http://there:1"
    assert locate(ProviderSettings(provider), {}).startswith(PROVIDERS[provider].base_url)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (ProviderSettings("openai-like"), "--base-url"),
        (ProviderSettings("openai-like", base_url="localhost:80"), "no address of a model server"),
        (ProviderSettings("openai-like", base_url="http://h:port/v1"), "no address of a model server"),
        (ProviderSettings("nobody"), "choose openai-like, openai, ollama, anthropic, gemini"),
        (ProviderSettings("anthropic"), "ANTHROPIC_API_KEY"),
        (ProviderSettings("openai"), "codestrata key set openai"),
    ],
)
def test_what_is_missing_is_told(settings: ProviderSettings, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        find_endpoint(settings, {}, KeyStore())


@pytest.mark.parametrize("provider", ["openai-like", "ollama", "anthropic"])
def test_an_address_with_a_password_is_refused_without_telling_it(provider: str) -> None:
    with pytest.raises(UsageError, match="holds a user or password") as caught:
        locate(ProviderSettings(provider, base_url="https://me:hunter2@host.example.com/v1"), {})
    assert "hunter2" not in str(caught.value)


def test_a_kept_key_wins_over_the_environment_and_goes_to_its_own_host_alone(keychain: dict[str, str]) -> None:
    keychain["api.openai.com"] = "kept"
    environment = {"OPENAI_API_KEY": "from the environment"}
    assert find_endpoint(ProviderSettings("openai"), environment, KeyStore()).key == "kept"
    elsewhere = ProviderSettings("openai-like", base_url="https://elsewhere.example.com/v1")
    assert find_endpoint(elsewhere, environment, KeyStore()).key == "from the environment"
    assert find_endpoint(elsewhere, {}, KeyStore()).key == ""
