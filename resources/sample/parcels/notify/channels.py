"""Channels: the ways a notice can take."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """A short text for one person."""

    to: str
    subject: str
    text: str


class Channel(ABC):
    """A way to reach people. `send` may fail; the dispatcher tries again."""

    name = "channel"

    @abstractmethod
    def send(self, notice: Notice) -> None:
        """Deliver a notice, or raise ConnectionError."""


class EmailChannel(Channel):
    """Notices as plain text mails, put into an outbox that the mail server empties."""

    name = "email"

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self.outbox: list[str] = []

    def send(self, notice: Notice) -> None:
        self.outbox.append(f"From: {self._sender}\nTo: {notice.to}\nSubject: {notice.subject}\n\n{notice.text}")


class SmsChannel(Channel):
    """Notices as text messages, cut to what one message holds."""

    name = "sms"
    LIMIT = 160

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, notice: Notice) -> None:
        text = notice.text if len(notice.text) <= self.LIMIT else notice.text[: self.LIMIT - 1] + "…"
        self.sent.append((notice.to, text))
