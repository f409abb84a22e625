"""Prices: a base for the weight class, more for bulk and distance, less for who ships much."""

from __future__ import annotations

from dataclasses import dataclass

from parcels.customs import needs_declaration
from parcels.errors import TooLarge
from parcels.models import Parcel
from parcels.routing.network import Network

WEIGHT_CLASSES_GRAMS = ((1_000, 390), (5_000, 590), (10_000, 890), (31_500, 1_590))
"""Upper limits with their prices in cents."""
BULK_LITRES = 60.0
BULK_SURCHARGE_CENTS = 450
CENTS_PER_100_KM = 20
DECLARATION_CENTS = 700


@dataclass(frozen=True)
class Quote:
    """A price in cents with its parts, so that a bill can explain itself."""

    base: int
    distance: int
    bulk: int
    customs: int
    discount: int

    @property
    def total(self) -> int:
        """What the customer pays."""
        return self.base + self.distance + self.bulk + self.customs - self.discount


class PriceList:
    """Prices parcels by the network they travel on."""

    def __init__(self, network: Network, discounts: dict[str, float] | None = None) -> None:
        self._network = network
        self._discounts = discounts or {}

    def quote(self, parcel: Parcel) -> Quote:
        """What a parcel costs; raises TooLarge where no van would take it."""
        base = self._weight_price(parcel.weight_grams)
        distance = self._distance_price(parcel.route)
        bulk = BULK_SURCHARGE_CENTS if parcel.volume_litres > BULK_LITRES else 0
        customs = DECLARATION_CENTS if needs_declaration(parcel) else 0
        share = self._discounts.get(parcel.sender.name, 0.0)
        return Quote(base, distance, bulk, customs, round((base + distance) * share))

    def _weight_price(self, grams: int) -> int:
        for limit, cents in WEIGHT_CLASSES_GRAMS:
            if grams <= limit:
                return cents
        raise TooLarge(f"{grams / 1000:.1f} kg is more than the vans carry")

    def _distance_price(self, route: tuple[str, ...]) -> int:
        kilometres = sum(self._network.distance(a, b) for a, b in zip(route, route[1:]))
        return round(kilometres / 100 * CENTS_PER_100_KM)
