"""The dispatcher: which events are worth a notice, who gets it, and what happens when a channel fails."""

from __future__ import annotations

from collections import deque

from parcels.models import Event, Parcel, Status
from parcels.notify.channels import Channel, Notice

WORTH_TELLING = frozenset({Status.COLLECTED, Status.OUT_FOR_DELIVERY, Status.DELIVERED, Status.RETURNING, Status.LOST})
"""A parcel passes many depots; a customer wants to hear of the ends of the way only."""
MAX_ATTEMPTS = 3


class Dispatcher:
    """Sends notices to subscribers and keeps those that could not be sent for the next try."""

    def __init__(self) -> None:
        self._subscribers: dict[str, list[tuple[Channel, str]]] = {}
        self._waiting: deque[tuple[Channel, Notice, int]] = deque()

    def subscribe(self, code: str, channel: Channel, to: str) -> None:
        """Tell `to` over `channel` what happens to a parcel."""
        self._subscribers.setdefault(code, []).append((channel, to))

    def announce(self, parcel: Parcel, event: Event) -> int:
        """Tell everyone who subscribed to a parcel; returns how many notices went out at once."""
        if event.status not in WORTH_TELLING:
            return 0
        sent = 0
        for channel, to in self._subscribers.get(parcel.code, []):
            notice = Notice(to, f"Parcel {parcel.code}", describe(parcel, event))
            sent += self._try_to_send(channel, notice, attempt=1)
        return sent

    def retry(self) -> int:
        """Try again what could not be sent; returns how many notices went out."""
        sent = 0
        for _ in range(len(self._waiting)):
            channel, notice, attempt = self._waiting.popleft()
            sent += self._try_to_send(channel, notice, attempt)
        return sent

    def _try_to_send(self, channel: Channel, notice: Notice, attempt: int) -> bool:
        try:
            channel.send(notice)
        except ConnectionError:
            if attempt < MAX_ATTEMPTS:
                self._waiting.append((channel, notice, attempt + 1))
            return False
        return True


def describe(parcel: Parcel, event: Event) -> str:
    """An event in a sentence."""
    place = f" in {event.depot}" if event.depot else ""
    return f"Your parcel to {parcel.recipient.city} is {event.status.value}{place} ({event.at:%d %B, %H:%M})."
