"""What a person has agreed to being sent where, kept in the preferences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import ConsentNeededError, LocalOnlyError
from core.settings import ProviderSettings
from desktop.preferences import change


class PreferredConsents:
    """A `core.ports.Consents`. The preferences are read at every check, so that what is withdrawn holds at once; with
    `everything` a person has agreed for this run to whatever host is asked, unless all are switched off."""

    def __init__(self, preferred: Callable[[], ProviderSettings], *, everything: bool = False) -> None:
        self._preferred = preferred
        self._everything = everything

    def check(self, host: str | None, provider: str, model: str) -> None:
        """Raise ConsentNeededError or LocalOnlyError where nothing may be sent to `host`."""
        if host is None:
            return
        preferred = self._preferred()
        if preferred.local_only:
            raise LocalOnlyError(
                f"nothing is sent to {host}",
                "the preferences say local only",
                "choose a model on this machine, or allow others with 'codestrata consent --no-local-only'",
            )
        if not self._everything and host.lower() not in map(str.lower, preferred.consented_hosts):
            raise ConsentNeededError(host, provider, model)


def set_consent(file: Path, before: ProviderSettings, host: str, *, agreed: bool) -> tuple[str, ...]:
    """Keep in the preferences that evidence may be sent to `host`, or no longer; returns the hosts it may be sent to."""
    others = [known for known in before.consented_hosts if known.lower() != host.lower()]
    hosts = [*others, host.lower()] if agreed else others
    change(file, "provider", {"consented_hosts": hosts})
    return tuple(hosts)


def set_local_only(file: Path, *, on: bool) -> None:
    """Keep in the preferences whether every host but this machine is switched off."""
    change(file, "provider", {"local_only": on})
