"""A folder for one run that nobody else can look into, and that goes away however the run ends.

Closing removes it; so does the end of the interpreter. The first SIGTERM cancels the run, which then unwinds as after
Ctrl-C. What a killed run could not remove, the next one does: it is known by its name and by a lock that nobody holds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import filelock

from core.cancellation import CancellationToken
from core.errors import SourceError

_PREFIX = "codestrata-source-"
_LOCK = "lock"
_TERMINATED = 128 + signal.SIGTERM


class PrivateFolder:
    """`tree` takes what is unpacked, `scratch` what is needed on the way.

    A `.git` beside the tree holds nothing but says that a repository begins here: ignore rules from above the temporary
    folder, which is not the source's own, end at it.
    """

    def __init__(self, cancellation: CancellationToken) -> None:
        _sweep()
        try:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
            self._lock = filelock.FileLock(self.path / _LOCK, thread_local=False)
            self._lock.acquire(blocking=False)
            self._finalizer = weakref.finalize(self, _remove, self.path, self._lock)
            self.tree = self.path / "tree"
            self.scratch = self.path / "scratch"
            for folder in (self.tree, self.scratch, self.path / ".git"):
                folder.mkdir()
            (self.path / ".git" / "HEAD").touch()
        except (OSError, NotImplementedError) as error:  # the latter where files cannot be locked
            why = f"no temporary folder can be made ({getattr(error, 'strerror', None) or error})"
            raise SourceError("cannot unpack the source", why, "name a folder with room in TMPDIR") from None
        self._restore = _cancel_on_terminate(cancellation)

    def clear_scratch(self) -> None:
        """Give the room back that only unpacking needed."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def remove(self) -> None:
        """Remove the folder and everything in it; again is no error."""
        self._restore()
        self._finalizer()


def _remove(path: Path, lock: filelock.BaseFileLock) -> None:
    shutil.rmtree(path / "tree", ignore_errors=True)
    shutil.rmtree(path / "scratch", ignore_errors=True)
    lock.release()  # Windows removes no file that is held
    shutil.rmtree(path, ignore_errors=True)


def _sweep() -> None:
    """Remove what runs left that were killed; those that go on hold their locks."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # also what a lock that is held raises
            if not path.is_symlink() and (path / _LOCK).is_file() and _is_ours(path):
                lock = filelock.FileLock(path / _LOCK)
                lock.acquire(blocking=False)
                _remove(path, lock)


def _is_ours(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()


def _cancel_on_terminate(cancellation: CancellationToken) -> Callable[[], None]:
    """Have the first SIGTERM cancel the run and a second end it; returns what takes that back.

    Only where nobody else handles the signal, and only from the main thread, which alone may: an engine's thread is
    cancelled by the end of its input.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return lambda: None

    def on_terminate(_number: int, _frame: FrameType | None) -> None:
        if cancellation.cancelled:
            raise SystemExit(_TERMINATED)
        cancellation.cancel()

    def restore() -> None:
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is on_terminate:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, on_terminate)
    return restore
