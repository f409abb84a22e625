"""Delays: how much slower than planned the vans have been lately."""

from __future__ import annotations

from collections.abc import Sequence

from parcels.routing.network import Network

RECENT_TRIPS = 5
WORTH_A_NOTE_MINUTES = 15


def moving_mean(samples: Sequence[float], span: int) -> list[float]:
    """The mean of every sample with up to `span` - 1 before it."""
    means = []
    running = 0.0
    for place, sample in enumerate(samples):
        running += sample
        if place >= span:
            running -= samples[place - span]
        filled = min(place + 1, span)
        means.append(running / filled)
    return means


def apply_delays(network: Network, trips: dict[tuple[str, str], list[float]]) -> int:
    """Slow down the roads whose latest trips took much longer than planned; returns how many.

    `trips` holds, for each road, by how many minutes each trip was late, oldest first.
    """
    slowed = 0
    for (start, end), late in trips.items():
        smooth = moving_mean(late, RECENT_TRIPS)
        if smooth and smooth[-1] >= WORTH_A_NOTE_MINUTES:
            network.delay(start, end, round(smooth[-1]))
            slowed += 1
    return slowed
