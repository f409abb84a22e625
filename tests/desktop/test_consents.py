"""Consent is kept in the preferences, beside whatever else stands there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.errors import ConsentNeededError, LocalOnlyError, UsageError
from core.settings import ProviderSettings
from desktop.consents import PreferredConsents, set_consent, set_local_only
from desktop.preferences import change, load_settings, with_provider

HOST = "models.example.com"
WRITTEN = """\
# mine
theme = "dark" # at night

[provider] # chosen in spring
provider = "anthropic"
model = "m"

[index]
workers = 3
"""


def preferred(file: Path) -> ProviderSettings:
    return load_settings(file, {}).provider


def consents(file: Path, *, everything: bool = False) -> PreferredConsents:
    return PreferredConsents(lambda: preferred(file), everything=everything)


def test_consent_is_asked_for_once_and_can_be_withdrawn(tmp_path: Path) -> None:
    file = tmp_path / "new" / "preferences.toml"
    with pytest.raises(ConsentNeededError) as needed:
        consents(file).check(HOST, "openai-like", "m")
    assert (needed.value.host, needed.value.provider, needed.value.model) == (HOST, "openai-like", "m")
    assert set_consent(file, preferred(file), HOST.upper(), agreed=True) == (HOST,)
    consents(file).check(HOST, "openai-like", "m")
    with pytest.raises(ConsentNeededError):
        consents(file).check("other.example.com", "openai-like", "m")
    set_consent(file, preferred(file), HOST, agreed=False)
    with pytest.raises(ConsentNeededError):
        consents(file).check(HOST, "openai-like", "m")


def test_this_machine_needs_no_consent(tmp_path: Path) -> None:
    file = tmp_path / "preferences.toml"
    set_local_only(file, on=True)
    consents(file).check(None, "ollama", "m")


def test_local_only_wins_over_every_consent(tmp_path: Path) -> None:
    file = tmp_path / "preferences.toml"
    set_consent(file, ProviderSettings(), HOST, agreed=True)
    consents(file, everything=True).check("other.example.com", "openai-like", "m")
    set_local_only(file, on=True)
    for everything in (False, True):
        with pytest.raises(LocalOnlyError, match="local only"):
            consents(file, everything=everything).check(HOST, "openai-like", "m")
    set_local_only(file, on=False)
    consents(file).check(HOST, "openai-like", "m")


def test_everything_else_in_the_preferences_stays(tmp_path: Path) -> None:
    file = tmp_path / "preferences.toml"
    file.write_text(WRITTEN)
    file.chmod(0o600)
    set_consent(file, preferred(file), HOST, agreed=True)
    text = file.read_text()
    assert all(line in text for line in WRITTEN.splitlines())
    assert preferred(file).consented_hosts == (HOST,)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_link_to_the_preferences_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "preferences.toml"
    real.write_text(WRITTEN)
    link.symlink_to(real)
    set_local_only(link, on=True)
    assert link.is_symlink()
    assert preferred(real).local_only


def test_preferences_that_cannot_be_read_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "preferences.toml"
    file.write_text("not toml")
    with pytest.raises(UsageError, match="cannot be read"):
        change(file, "provider", {"local_only": True})
    assert file.read_text() == "not toml"


def test_another_provider_does_not_inherit_the_address_of_the_one_before(tmp_path: Path) -> None:
    """Its key would go to a host that has nothing to do with it."""
    file = tmp_path / "preferences.toml"
    file.write_text('[provider]\nprovider = "openai-like"\nbase_url = "http://box/v1"\nmodel = "m"\nlocal_only = true\n')
    found = load_settings(file, {}, {"provider": {"provider": "anthropic"}}).provider
    assert (found.base_url, found.model, found.local_only) == ("", "", True)
    same = load_settings(file, {}, {"provider": {"provider": "openai-like", "model": "n"}}).provider
    assert (same.base_url, same.model) == ("http://box/v1", "n")
    assert with_provider(same, "") == same
