"""The network: depots and the roads between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parcels.errors import NoRoute


@dataclass(frozen=True)
class Road:
    """A road that is driven in both directions; `minutes` is how long a van takes on a good day."""

    start: str
    end: str
    kilometres: int
    minutes: int


class Network:
    """Depots by their three-letter codes, with roads that can be closed and slowed."""

    def __init__(self, roads: Iterable[Road]) -> None:
        self._roads: dict[str, dict[str, Road]] = {}
        self._closed: set[str] = set()
        self._delays: dict[frozenset[str], int] = {}
        for road in roads:
            self._roads.setdefault(road.start, {})[road.end] = road
            self._roads.setdefault(road.end, {})[road.start] = road

    def depots(self) -> list[str]:
        """All depots, closed ones included."""
        return sorted(self._roads)

    def close(self, depot: str) -> None:
        """Take a depot out of every way that is planned from now on."""
        self._closed.add(depot)

    def reopen(self, depot: str) -> None:
        """Undo `close`."""
        self._closed.discard(depot)

    def delay(self, start: str, end: str, minutes: int) -> None:
        """Note that a road takes longer for now; 0 lifts the delay."""
        self._delays[frozenset((start, end))] = minutes

    def neighbours(self, depot: str) -> Iterator[tuple[str, int]]:
        """The open depots next to one, with the minutes to get there."""
        for other, road in sorted(self._roads.get(depot, {}).items()):
            if other not in self._closed:
                yield other, road.minutes + self._delays.get(frozenset((depot, other)), 0)

    def distance(self, start: str, end: str) -> int:
        """Kilometres of the road between two neighbouring depots."""
        try:
            return self._roads[start][end].kilometres
        except KeyError:
            raise NoRoute(f"no road from {start} to {end}") from None


def default_network() -> Network:
    """The network of the example: nine depots in three countries."""
    return Network(
        [
            Road("HAM", "BER", 290, 190),
            Road("HAM", "CGN", 425, 270),
            Road("BER", "LEJ", 190, 125),
            Road("LEJ", "MUC", 430, 265),
            Road("CGN", "FRA", 190, 120),
            Road("FRA", "MUC", 390, 240),
            Road("CGN", "AMS", 265, 170),
            Road("MUC", "VIE", 400, 250),
            Road("FRA", "BSL", 330, 205),
            Road("BSL", "MUC", 395, 260),
        ]
    )
