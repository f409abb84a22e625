"""Keys of providers: in the system's keychain, by host; in this process's memory where there is no keychain. Never in a file
of ours."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Any

SERVICE = "codestrata"
"""What the keychain's entries are filed under."""
_IN_THE_OPEN = ("keyrings.alt.file", "keyring.backends.null")
"""Backends that keep a key readable in a file, or not at all."""
_log = logging.getLogger(__name__)


class KeyPlace(StrEnum):
    """Where a key is kept."""

    KEYCHAIN = "keychain"
    SESSION = "session"
    """The memory of this process alone."""


class KeyStore:
    """The keys by host; threads may share it."""

    def __init__(self) -> None:
        self._session: dict[str, str] = {}

    def get(self, host: str) -> str:
        """The key kept for a host, or an empty text."""
        if host in self._session:
            return self._session[host]
        ring = _keyring()
        if ring is None:
            return ""
        try:
            return ring.get_password(SERVICE, host) or ""
        except _failures(ring) as error:
            _log.info("the keychain does not answer: %s", type(error).__name__)
            return ""

    def place(self, host: str) -> KeyPlace | None:
        """Where the key of a host is kept, None where there is none."""
        if host in self._session:
            return KeyPlace.SESSION
        return KeyPlace.KEYCHAIN if self.get(host) else None

    def set(self, host: str, key: str) -> KeyPlace:
        """Keep a key in the place of an earlier one; tells where."""
        ring = _keyring()
        if ring is not None:
            try:
                ring.set_password(SERVICE, host, key)
            except _failures(ring) as error:
                _log.info("the keychain takes no key: %s", type(error).__name__)
            else:
                self._session.pop(host, None)
                return KeyPlace.KEYCHAIN
        self._session[host] = key
        return KeyPlace.SESSION

    def remove(self, host: str) -> bool:
        """Forget the key of a host; whether there was one."""
        found = self._session.pop(host, None) is not None
        ring = _keyring()
        if ring is None:
            return found
        try:
            ring.delete_password(SERVICE, host)
        except _failures(ring):
            return found
        return True


def keychain_name() -> str | None:
    """What the system's keychain is called, None where there is none."""
    ring = _keyring()
    if ring is None or not ring.get_keyring().priority > 0:
        return None
    return str(ring.get_keyring().name)


def _keyring() -> Any:
    """The system's keychain, None where there is none that keeps a key from being read."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    return None if type(keyring.get_keyring()).__module__.startswith(_IN_THE_OPEN) else keyring


def _failures(ring: Any) -> tuple[type[Exception], ...]:
    """What a keychain that is locked, absent or broken raises."""
    return ring.errors.KeyringError, RuntimeError, OSError
