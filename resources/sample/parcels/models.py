"""The records of the program: what a parcel is, where it goes, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum


class Status(Enum):
    """The states of a parcel, in the order they are usually reached."""

    BOOKED = "booked"
    COLLECTED = "collected"
    IN_TRANSIT = "in transit"
    OUT_FOR_DELIVERY = "out for delivery"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to the parcel any more."""
        return self in (Status.DELIVERED, Status.RETURNED, Status.LOST)


@dataclass(frozen=True)
class Address:
    """Where someone lives, and the depot that serves the place."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    depot: str


@dataclass(frozen=True)
class Event:
    """Something that happened to a parcel: a scan, a delivery, a note of the driver."""

    at: datetime
    status: Status
    depot: str
    note: str = ""


@dataclass(frozen=True)
class Parcel:
    """A parcel with its history, oldest event first. Parcels are never changed, only replaced."""

    code: str
    sender: Address
    recipient: Address
    weight_grams: int
    size_mm: tuple[int, int, int]
    route: tuple[str, ...] = ()
    events: tuple[Event, ...] = field(default_factory=tuple)

    @property
    def status(self) -> Status:
        """The state after the latest event."""
        return self.events[-1].status if self.events else Status.BOOKED

    @property
    def volume_litres(self) -> float:
        """The space the parcel takes, from its outer sizes."""
        length, width, height = self.size_mm
        return length * width * height / 1_000_000

    def with_event(self, event: Event) -> Parcel:
        """The parcel after `event`."""
        return replace(self, events=(*self.events, event))

    def with_route(self, route: tuple[str, ...]) -> Parcel:
        """The same parcel on another way."""
        return replace(self, route=route)

    def position(self) -> str:
        """The depot where the parcel was seen last; before its first scan, the sender's."""
        for event in reversed(self.events):
            if event.depot:
                return event.depot
        return self.sender.depot
