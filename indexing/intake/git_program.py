"""The `git` program, run on a repository of our own making, so that nothing a source says is carried out.

The repository is made without a template in a private folder and knows no hooks, filters or remotes. Git reads neither the
machine's nor the user's configuration, nor that of the source, of which it is only ever given objects and an address. A
password is in the environment alone, never among the arguments that other users can list.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from core.cancellation import CancellationToken
from core.errors import MissingPartError, SourceError

_SAFE_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "core.attributesFile": os.devnull,
    "core.askPass": "",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.fsckObjects": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
}
_USERS_OWN = {"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_EXEC_PATH"}
"""What of git's environment is about its own parts or about reaching a host, and stays."""
_USER, _PASSWORD = "CODESTRATA_GIT_USER", "CODESTRATA_GIT_PASSWORD"
_CREDENTIAL_HELPER = f'!f() {{ printf "username=%s\\npassword=%s\\n" "${_USER}" "${_PASSWORD}"; }}; f'
_POLL_SECONDS = 0.05
_PIECE = 1 << 20
_SILENCE_SECONDS = 60.0
_MAX_MESSAGES = 10_000_000
_TAIL = 20_000
_BLANK = re.compile(r"\s+")


class GitFailedError(Exception):
    """Git ended with an error; the text is what it said, in one line."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What `host` (a URL without a path) is told that asks who is there; no other host is, should that one send on to it."""

    host: str
    user: str
    password: str = field(repr=False)


class GitProgram:
    """Git on the bare repository `repository`, which `initialise` makes. Raises MissingPartError where there is none."""

    def __init__(self, repository: Path, cancellation: CancellationToken) -> None:
        program = shutil.which("git")
        if program is None:
            raise MissingPartError(
                "git is needed to open this source",
                "there is no program 'git'",
                "install git, or give the folder with its files",
            )
        self._program = program
        self.repository = repository
        self._cancellation = cancellation

    def initialise(self, object_format: str = "sha1", objects: Path | None = None) -> None:
        """Make the repository; with `objects`, those of another repository are found in it too."""
        options = ["--quiet", "--bare", "--template=", f"--object-format={object_format}"]
        self.run(["init", *options, "--", str(self.repository)])
        if objects is not None:
            (self.repository / "objects" / "info").mkdir(exist_ok=True)
            (self.repository / "objects" / "info" / "alternates").write_bytes(_quoted(os.fsencode(objects)) + b"\n")

    def run(
        self,
        arguments: Sequence[str],
        protocols: str = "",
        credentials: Credentials | None = None,
        limit: int | None = None,
    ) -> None:
        """Run git to its end. `protocols` are those it may speak (none: no other repository is reached), `limit` bounds the
        bytes that may come to lie in the repository.

        Raises GitFailedError, SourceError where a host says nothing for long or sends more than the limit, CancelledError.
        """
        with tempfile.TemporaryFile(dir=self.repository.parent) as messages:
            process = self._start(arguments, protocols, credentials, subprocess.DEVNULL, subprocess.DEVNULL, messages)
            try:
                self._wait(process, messages, limit)
            finally:
                _end(process)
            if process.returncode != 0:
                raise GitFailedError(_summary(messages))

    def pieces(self, arguments: Sequence[str]) -> Generator[bytes, None, None]:
        """What git prints, piece by piece. Raises GitFailedError at the end where git failed."""
        with tempfile.TemporaryFile(dir=self.repository.parent) as messages:
            process = self._start(arguments, "", None, subprocess.DEVNULL, subprocess.PIPE, messages)
            assert process.stdout is not None
            try:
                while piece := process.stdout.read(_PIECE):
                    yield piece
                process.wait()
            finally:
                _end(process)
                process.stdout.close()
            if process.returncode != 0:
                raise GitFailedError(_summary(messages))

    @contextlib.contextmanager
    def talking(self, arguments: Sequence[str]) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """Run git while the caller writes to it and reads from it."""
        process = self._start(arguments, "", None, subprocess.PIPE, subprocess.PIPE, subprocess.DEVNULL)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdin, process.stdout
        finally:
            _end(process)
            with contextlib.suppress(OSError):
                process.stdin.close()
            process.stdout.close()

    def _start(
        self,
        arguments: Sequence[str],
        protocols: str,
        credentials: Credentials | None,
        input_: int,
        output: int,
        errors: int | IO[bytes],
    ) -> subprocess.Popen[bytes]:
        settings = dict(_SAFE_SETTINGS)
        if credentials is not None:
            settings[f"credential.{credentials.host}.helper"] = _CREDENTIAL_HELPER
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return subprocess.Popen(
            [self._program, *options, f"--git-dir={self.repository}", *arguments],
            cwd=self.repository.parent,
            env=_environment(os.environ, protocols, credentials),
            stdin=input_,
            stdout=output,
            stderr=errors,
            start_new_session=True,  # no terminal to ask on, and its helpers end with it
        )

    def _wait(self, process: subprocess.Popen[bytes], messages: IO[bytes], limit: int | None) -> None:
        seen, since = (0, 0), time.monotonic()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
                return
            self._cancellation.check("opening the source")
            now = (os.fstat(messages.fileno()).st_size, _size(self.repository / "objects" / "pack"))
            if now != seen:
                seen, since = now, time.monotonic()
            elif limit is not None and time.monotonic() - since > _SILENCE_SECONDS:
                raise GitFailedError(f"timed out: nothing was heard for {_SILENCE_SECONDS:.0f} seconds")
            if limit is not None and now[1] > limit:
                raise SourceError(
                    "cannot open the repository", f"it is larger than {limit / 1e6:,.0f} MB", "clone it and give the folder"
                )
            if now[0] > _MAX_MESSAGES:
                raise GitFailedError("the host sends messages without end")


def _environment(own: Mapping[str, str], protocols: str, credentials: Credentials | None) -> dict[str, str]:
    kept = {name: value for name, value in own.items() if not name.startswith("GIT_") or name in _USERS_OWN}
    kept.pop("SSH_ASKPASS", None)
    return {
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=20",
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_PROTOCOL_FROM_USER": "0",
        "LC_ALL": "C",
        _USER: credentials.user if credentials else "",
        _PASSWORD: credentials.password if credentials else "",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git, should it still run, and the helpers it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    process.wait()


def _summary(messages: IO[bytes]) -> str:
    """The last error line, else the last line."""
    size = messages.seek(0, os.SEEK_END)
    messages.seek(max(0, size - _TAIL))
    text = messages.read().decode("utf-8", "replace")
    lines = [_BLANK.sub(" ", line).strip() for line in re.split(r"[\r\n]+", text)]
    lines = ["".join(char for char in line if char.isprintable()) for line in lines if line]
    errors = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:", "ssh:", "remote: ERROR"))]
    return " / ".join(errors[-3:] or lines[-1:])[:400] or "git said nothing"


def _size(folder: Path) -> int:
    total = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                total += entry.stat(follow_symlinks=False).st_size
    return total


def _quoted(path: bytes) -> bytes:
    """A path as git reads it in its own files, whatever characters it holds."""
    return b'"' + b"".join(bytes([byte]) if _is_plain(byte) else b"\\%03o" % byte for byte in path) + b'"'


def _is_plain(byte: int) -> bool:
    return (chr(byte).isalnum() and byte < 128) or byte in b"/._-:"
