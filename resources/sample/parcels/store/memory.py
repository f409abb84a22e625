"""A store for tests and for trying things out."""

from __future__ import annotations

from collections.abc import Iterator

from parcels.errors import UnknownParcel
from parcels.models import Parcel
from parcels.store.base import ParcelStore


class MemoryStore(ParcelStore):
    """Keeps parcels as long as the process lives."""

    def __init__(self) -> None:
        self._parcels: dict[str, Parcel] = {}

    def get(self, code: str) -> Parcel:
        try:
            return self._parcels[code]
        except KeyError:
            raise UnknownParcel(f"no parcel has the code {code}") from None

    def save(self, parcel: Parcel) -> None:
        self._parcels[parcel.code] = parcel

    def all(self) -> Iterator[Parcel]:
        for code in sorted(self._parcels):
            yield self._parcels[code]
