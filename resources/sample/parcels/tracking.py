"""Tracking: scans come in, parcels change their state, everyone concerned hears of it."""

from __future__ import annotations

from datetime import datetime

from parcels.errors import IllegalTransition
from parcels.labels import read_code
from parcels.models import Event, Parcel, Status
from parcels.notify.dispatcher import Dispatcher
from parcels.store.base import ParcelStore

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.BOOKED: frozenset({Status.COLLECTED, Status.LOST}),
    Status.COLLECTED: frozenset({Status.IN_TRANSIT, Status.LOST}),
    Status.IN_TRANSIT: frozenset({Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.RETURNING, Status.LOST}),
    Status.OUT_FOR_DELIVERY: frozenset({Status.DELIVERED, Status.IN_TRANSIT, Status.RETURNING, Status.LOST}),
    Status.RETURNING: frozenset({Status.RETURNING, Status.RETURNED, Status.LOST}),
    Status.DELIVERED: frozenset(),
    Status.RETURNED: frozenset(),
    Status.LOST: frozenset({Status.IN_TRANSIT}),
}
"""What may follow what. A lost parcel that is found goes on; a delivered one never moves again."""


class Tracker:
    """The one way a parcel changes: checks the step, stores it, tells it."""

    def __init__(self, store: ParcelStore, dispatcher: Dispatcher) -> None:
        self._store = store
        self._dispatcher = dispatcher

    def record_scan(self, code: str, depot: str, status: Status, at: datetime, note: str = "") -> Parcel:
        """Move a parcel to its next state. A scan that was sent twice changes nothing.

        Raises InvalidCode, UnknownParcel or IllegalTransition.
        """
        parcel = self._store.get(read_code(code))
        event = Event(at, status, depot, note)
        if event in parcel.events:
            return parcel
        self._check_transition(parcel, event)
        moved = parcel.with_event(event)
        self._store.save(moved)
        self._dispatcher.announce(moved, event)
        return moved

    def history(self, code: str) -> list[Event]:
        """What happened to a parcel, the latest first."""
        return list(reversed(self._store.get(read_code(code)).events))

    def _check_transition(self, parcel: Parcel, event: Event) -> None:
        allowed = TRANSITIONS[parcel.status]
        if event.status not in allowed:
            raise IllegalTransition(f"{parcel.code} is {parcel.status.value} and cannot become {event.status.value}")
        if parcel.events and event.at < parcel.events[-1].at:
            raise IllegalTransition(f"{parcel.code} was scanned later than {event.at:%Y-%m-%d %H:%M} already")
