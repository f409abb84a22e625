"""The application: every part, put together once."""

from __future__ import annotations

from parcels.booking import BookingDesk
from parcels.errors import WaybillError
from parcels.notify.dispatcher import Dispatcher
from parcels.pricing import PriceList
from parcels.routing.network import Network, default_network
from parcels.store.base import ParcelStore
from parcels.store.memory import MemoryStore
from parcels.tracking import Tracker


class Application:
    """What the handlers work with."""

    errors = WaybillError

    def __init__(self, store: ParcelStore | None = None, network: Network | None = None) -> None:
        self.store = store or MemoryStore()
        self.network = network or default_network()
        self.dispatcher = Dispatcher()
        self.tracker = Tracker(self.store, self.dispatcher)
        self.desk = BookingDesk(self.store, self.network, PriceList(self.network))
