"""Booking: from a filled-in form to a parcel with a code, a route and a price."""

from __future__ import annotations

import itertools

from parcels.labels import make_code
from parcels.models import Address, Parcel
from parcels.pricing import PriceList, Quote
from parcels.routing.network import Network
from parcels.routing.planner import quickest_route
from parcels.store.base import ParcelStore

STANDARD = "S"
MAX_SIDE_MM = 1_200


class BookingDesk:
    """Books parcels, one after another."""

    def __init__(self, store: ParcelStore, network: Network, prices: PriceList) -> None:
        self._store = store
        self._network = network
        self._prices = prices
        self._numbers = itertools.count(1)

    def book(
        self, sender: Address, recipient: Address, weight_grams: int, size_mm: tuple[int, int, int]
    ) -> tuple[Parcel, Quote]:
        """Plan, price and store a parcel; raises NoRoute or TooLarge, and then nothing is stored."""
        plan = quickest_route(self._network, sender.depot, recipient.depot)
        code = make_code(STANDARD, sender.depot, next(self._numbers))
        parcel = Parcel(code, sender, recipient, weight_grams, size_mm, plan.depots)
        quote = self._prices.quote(parcel)
        self._store.save(parcel)
        return parcel, quote
