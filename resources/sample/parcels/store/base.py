"""What a store must do; the rest of the program knows no more of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from parcels.models import Parcel


class ParcelStore(ABC):
    """Keeps the latest version of each parcel."""

    @abstractmethod
    def get(self, code: str) -> Parcel:
        """The parcel with this code; raises UnknownParcel."""

    @abstractmethod
    def save(self, parcel: Parcel) -> None:
        """Keep a parcel, in place of the one with its code."""

    @abstractmethod
    def all(self) -> Iterator[Parcel]:
        """Every parcel, by code."""

    def open_parcels(self) -> list[Parcel]:
        """Parcels something can still happen to."""
        return [parcel for parcel in self.all() if not parcel.status.is_final]
