"""Keys go to the keychain, or to memory where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from desktop.adapters.keys import KeyPlace, KeyStore


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keychain that holds what it is given."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not found")


class PlaintextKeyring(MemoryKeyring):
    """As `keyrings.alt` has one: it writes keys into a file."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_key_is_kept_in_the_keychain_and_found_by_another_process() -> None:
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    assert KeyStore().set("host", "k") is KeyPlace.KEYCHAIN
    assert (KeyStore().get("host"), KeyStore().place("host")) == ("k", KeyPlace.KEYCHAIN)
    assert KeyStore().get("other") == ""
    assert KeyStore().remove("host")
    assert not KeyStore().remove("host")
    assert ring.kept == {}


@pytest.mark.parametrize("ring", [keyring.backends.fail.Keyring(), PlaintextKeyring()])
def test_without_a_keychain_a_key_lasts_as_long_as_the_process(ring: keyring.backend.KeyringBackend) -> None:
    keyring.set_keyring(ring)
    keys = KeyStore()
    assert keys.set("host", "k") is KeyPlace.SESSION
    assert (keys.get("host"), keys.place("host")) == ("k", KeyPlace.SESSION)
    assert KeyStore().get("host") == ""
    assert keys.remove("host")
    assert keys.place("host") is None
