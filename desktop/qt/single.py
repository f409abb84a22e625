"""One window a person and data folder, unless more are asked for: a second start hands its SOURCE to the first, which comes
to the front.

The two speak over a local socket that only this person can open: one JSON line there, `ok` back.
"""

from __future__ import annotations

import functools
import getpass
import hashlib
import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 1_000
_LONGEST = 100_000


def instance_name(data: Path) -> str:
    """What the first window of a data folder listens at."""
    who = f"{getpass.getuser()}\n{data.absolute()}"
    return f"codestrata-{hashlib.sha256(who.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def is_there(name: str) -> bool:
    """Whether a window listens."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    found = socket.waitForConnected(WAIT_MS)
    socket.disconnectFromServer()
    return found


def hand_over(name: str, source: str | None) -> bool:
    """Give a source (None: nothing but attention) to the window that is there; False where there is none to take it."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(WAIT_MS):
        return False
    socket.write(json.dumps({"source": source}).encode() + b"\n")
    taken = socket.waitForReadyRead(WAIT_MS) and bytes(socket.readAll().data()).startswith(b"ok")
    socket.disconnectFromServer()
    return taken


class FirstWindow(QObject):
    """Listens for later starts."""

    asked = Signal(str)
    """A source to open; empty when the window is only to come to the front."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sockets: set[QLocalSocket] = set()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        if not self._server.listen(name):  # what a window that crashed has left there
            QLocalServer.removeServer(name)
            self._server.listen(name)

    @property
    def listening(self) -> bool:
        return self._server.isListening()

    def close(self) -> None:
        """Listen no more, and let go of whoever is still connected."""
        self._server.close()
        for socket in list(self._sockets):
            self._release(socket)

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            # A socket that ends along with its server, in the middle of an event of its own, crashes.
            socket.setParent(None)
            self._sockets.add(socket)
            socket.readyRead.connect(functools.partial(self._read, socket))
            socket.disconnected.connect(functools.partial(self._release, socket))
            if socket.bytesAvailable():
                self._read(socket)

    def _release(self, socket: QLocalSocket) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
            socket.readyRead.disconnect()
            socket.disconnected.disconnect()
            socket.abort()
            socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST:
                socket.abort()
            return
        try:
            request = json.loads(bytes(socket.readLine(_LONGEST).data()))
            source = request["source"] or ""
        except (ValueError, TypeError, KeyError, RecursionError):
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        if isinstance(source, str):
            self.asked.emit(source)
