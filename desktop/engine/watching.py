"""Tells when a source has changed, while somebody looks at its index.

The system tells of changes to folders; what a scan leaves out is left out here too. Where it cannot (too many folders to
watch, a system without such news) the source is looked at now and then, and from time to time it is anyway: news can be lost
when there is too much of it, and network drives bring none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import SourceError
from core.model.source import SourceFile
from core.paths import to_os
from core.settings import ScanSettings
from indexing.intake.opening import open_source
from indexing.intake.stamp import parts_of
from indexing.rule_files import Sieve
from indexing.scan import scan

_STEP_MS = 50
_QUIET_MS = 600
"""Changes that come closer together than this are one."""
_LONGEST_SECONDS = 10.0
"""Of changes without a pause, told after this time."""
_LOOK_SECONDS = 300.0
"""How often the source is looked at although the system brings news."""
_POLL_SECONDS = 15.0
_SHARE = 20
"""Looking may take one part in so many of the time."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that is indexed, or could be, has changed."""


@dataclass(frozen=True, slots=True)
class Watching:
    """How the source is watched from now on; `why` says why only now and then, or is empty."""

    why: str = ""


def watched_roots(identity: str, stamp: str) -> list[Path]:
    """The folders of a source that can be watched: none of an archive, a repository or a URL."""
    roots = [Path(to_os(source)) for _, source, own in parts_of(identity, stamp) if not own]
    return [root for root in roots if root.is_dir()]


def watch(
    roots: list[Path], exclude: Path, settings: ScanSettings, token: CancellationToken
) -> Iterator[Watching | Changed]:
    """Yields whenever the folders have changed, until cancelled (CancelledError). `exclude` is where the index lies."""
    try:
        yield from _listen(roots, exclude, settings, token)
    except OSError as error:
        yield Watching(f"changes are looked for now and then: {(error.strerror or str(error)).lower()}")
        yield from _poll(roots, exclude, settings, token)


def _listen(
    roots: list[Path], exclude: Path, settings: ScanSettings, token: CancellationToken
) -> Iterator[Watching | Changed]:
    """Raises OSError where the system does not tell of changes."""
    sieves = [Sieve(root, settings, exclude) for root in roots]
    look = _Look(roots, exclude, settings, token)
    first, next_look = 0.0, time.monotonic() + _LOOK_SECONDS
    told = False
    for paths in _news(roots, token):
        token.check("watching")
        if not told:
            yield Watching()
            told = True
        now = time.monotonic()
        if any(all(sieve.passes(path) for sieve in sieves) for path in paths):
            first = first or now
            look.forget()
        if first and (not paths or now - first > _LONGEST_SECONDS):
            first = 0.0
            yield Changed()
        elif not first and now > next_look:
            if look.differs():
                yield Changed()
            next_look = time.monotonic() + max(_LOOK_SECONDS, _SHARE * look.seconds)
    token.check("watching")


def _news(roots: list[Path], token: CancellationToken) -> Iterator[list[str]]:
    """What has changed, a few at a time; nothing after every pause. Ends when cancelled, raises OSError as `_listen`."""
    import watchfiles

    news = watchfiles.watch(
        *roots,
        watch_filter=None,
        debounce=_QUIET_MS,
        step=_STEP_MS,
        rust_timeout=_QUIET_MS,
        yield_on_timeout=True,
        stop_event=_Stop(token),
        raise_interrupt=False,
        ignore_permission_denied=False,  # True would also hide that there are too many folders to watch
        force_polling=False,
    )
    while True:
        try:
            changes = next(news, None)
        except RuntimeError as error:  # what it makes of errors that it has no name for
            raise OSError(0, str(error)) from error
        if changes is None:
            return
        yield [path for _, path in changes]


def _poll(roots: list[Path], exclude: Path, settings: ScanSettings, token: CancellationToken) -> Iterator[Changed]:
    look = _Look(roots, exclude, settings, token)
    while True:
        if look.differs():
            yield Changed()
        until = time.monotonic() + max(_POLL_SECONDS, _SHARE * look.seconds)
        while time.monotonic() < until:
            token.check("watching")
            time.sleep(_QUIET_MS / 1_000)


class _Look:
    """Compares a source with how it was at the last look."""

    def __init__(self, roots: list[Path], exclude: Path, settings: ScanSettings, token: CancellationToken) -> None:
        self._roots, self._exclude, self._settings, self._token = roots, exclude, settings, token
        self._before: dict[str, SourceFile] | None = None
        self.seconds = 0.0
        """What the last look took."""

    def forget(self) -> None:
        """What changed until now is known: the next look only remembers."""
        self._before = None

    def differs(self) -> bool:
        """Whether anything is otherwise; never at the first look. What is gone altogether differs."""
        began = time.monotonic()
        try:
            with open_source("\n".join(str(root) for root in self._roots), self._token) as workspace:
                found = scan(workspace, self._settings, self._token, self._before or {}, self._exclude)
            now = {file.path: file for file in found.files}
        except SourceError:
            now = {}
        before, self._before = self._before, now
        self.seconds = time.monotonic() - began
        return before is not None and before != now


@dataclass(frozen=True, slots=True)
class _Stop:
    """A cancellation token as watchfiles asks for it."""

    token: CancellationToken

    def is_set(self) -> bool:
        return self.token.cancelled

    def set(self) -> None:
        self.token.cancel()
