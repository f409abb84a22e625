"""Planning: the quickest way between two depots, and new ways when something breaks."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from parcels.errors import NoRoute
from parcels.models import Parcel, Status
from parcels.routing.network import Network


@dataclass(frozen=True)
class Plan:
    """A way from depot to depot and the minutes it takes."""

    depots: tuple[str, ...]
    minutes: int


def quickest_route(network: Network, start: str, end: str) -> Plan:
    """The plan with the fewest minutes, by Dijkstra's algorithm; raises NoRoute where there is none."""
    best: dict[str, int] = {start: 0}
    before: dict[str, str] = {}
    queue = [(0, start)]
    while queue:
        minutes, depot = heapq.heappop(queue)
        if depot == end:
            return Plan(_trace_back(before, start, end), minutes)
        if minutes > best[depot]:
            continue
        for neighbour, takes in network.neighbours(depot):
            arrival = minutes + takes
            if arrival < best.get(neighbour, arrival + 1):
                best[neighbour] = arrival
                before[neighbour] = depot
                heapq.heappush(queue, (arrival, neighbour))
    raise NoRoute(f"no way from {start} to {end}")


def _trace_back(before: dict[str, str], start: str, end: str) -> tuple[str, ...]:
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))


def reroute(network: Network, parcels: Iterable[Parcel]) -> list[Parcel]:
    """The parcels whose way has changed, each on its new one from where it is now.

    Parcels that are out for delivery or done keep theirs; a parcel that cannot reach its depot any more stays where it is
    until a later run.
    """
    changed = []
    for parcel in parcels:
        if parcel.status.is_final or parcel.status == Status.OUT_FOR_DELIVERY:
            continue
        try:
            plan = quickest_route(network, parcel.position(), parcel.recipient.depot)
        except NoRoute:
            continue
        if plan.depots != _remaining(parcel):
            changed.append(parcel.with_route(plan.depots))
    return changed


def _remaining(parcel: Parcel) -> tuple[str, ...]:
    """The part of a parcel's route that lies ahead."""
    position = parcel.position()
    if position in parcel.route:
        return parcel.route[parcel.route.index(position) :]
    return parcel.route
