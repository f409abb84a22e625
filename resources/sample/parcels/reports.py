"""Reports for the people who run the depots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from parcels.models import Parcel, Status


def window_average(values: Sequence[float], width: int) -> list[float]:
    """The average of each value and those right before it, `width` in all."""
    averages = []
    total = 0.0
    for index, value in enumerate(values):
        total += value
        if index >= width:
            total -= values[index - width]
        count = min(index + 1, width)
        averages.append(total / count)
    return averages


def throughput(parcels: Iterable[Parcel], depot: str) -> dict[date, int]:
    """How many parcels a depot has scanned on each day."""
    days: Counter[date] = Counter()
    for parcel in parcels:
        for event in parcel.events:
            if event.depot == depot and event.status == Status.IN_TRANSIT:
                days[event.at.date()] += 1
    return dict(sorted(days.items()))


def trend(parcels: Iterable[Parcel], depot: str, width: int = 7) -> list[float]:
    """The throughput of a depot, smoothed over a week."""
    return window_average([float(count) for count in throughput(parcels, depot).values()], width)


def overdue(parcels: Iterable[Parcel], today: date, days: int = 5) -> list[Parcel]:
    """Parcels that have not moved for `days`, those that wait longest first."""
    waiting = [
        parcel
        for parcel in parcels
        if parcel.events and not parcel.status.is_final and (today - parcel.events[-1].at.date()).days >= days
    ]
    return sorted(waiting, key=lambda parcel: parcel.events[-1].at)
