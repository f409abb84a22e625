"""Tests of the Python part; `python -m unittest discover -s tests` from the project's folder."""

from __future__ import annotations

import sys
import unittest
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from parcels.api.application import Application
from parcels.api.server import dispatch
from parcels.customs import clean_code as clean_tariff
from parcels.errors import IllegalTransition, InvalidCode, NoRoute
from parcels.labels import clean_code, make_code, read_code
from parcels.models import Address, Status
from parcels.notify.channels import Channel, EmailChannel, Notice
from parcels.reports import overdue, throughput, window_average
from parcels.routing.delays import apply_delays, moving_mean
from parcels.routing.network import default_network
from parcels.routing.planner import quickest_route
from parcels.store.sqlite import SqliteStore

HAMBURG = Address("Ada", "Elbe 1", "20095", "Hamburg", "DE", "HAM")
MUNICH = Address("Max", "Isar 2", "80331", "Munich", "DE", "MUC")
BASEL = Address("Urs", "Rhein 3", "4051", "Basel", "CH", "BSL")
MONDAY = datetime(2024, 3, 4, 9, 0)


class LabelTest(unittest.TestCase):
    def test_a_code_checks_itself(self) -> None:
        code = make_code("S", "HAM", 42)
        self.assertEqual(read_code(f" {code[:4]}-{code[4:].lower()}"), code)
        broken = code[:-1] + ("0" if code[-1] != "0" else "1")
        with self.assertRaises(InvalidCode):
            read_code(broken)

    def test_both_cleaners_agree(self) -> None:
        self.assertEqual(clean_code("ab-1 2"), clean_tariff("ab-1 2"))


class RoutingTest(unittest.TestCase):
    def test_the_quickest_route(self) -> None:
        self.assertEqual(quickest_route(default_network(), "HAM", "MUC").depots, ("HAM", "BER", "LEJ", "MUC"))

    def test_a_closed_depot_is_avoided(self) -> None:
        network = default_network()
        network.close("LEJ")
        self.assertEqual(quickest_route(network, "HAM", "MUC").depots, ("HAM", "CGN", "FRA", "MUC"))
        network.close("CGN")
        with self.assertRaises(NoRoute):
            quickest_route(network, "HAM", "MUC")

    def test_late_trips_slow_a_road(self) -> None:
        network = default_network()
        self.assertEqual(apply_delays(network, {("LEJ", "MUC"): [5.0, 60.0, 90.0, 80.0, 70.0, 90.0]}), 1)
        self.assertEqual(quickest_route(network, "HAM", "MUC").depots, ("HAM", "CGN", "FRA", "MUC"))

    def test_both_averages_agree(self) -> None:
        self.assertEqual(moving_mean([1, 2, 3, 4], 2), window_average([1, 2, 3, 4], 2))
        self.assertEqual(moving_mean([1, 2, 3, 4], 2), [1.0, 1.5, 2.5, 3.5])


class TrackingTest(unittest.TestCase):
    def setUp(self) -> None:
        self.application = Application(SqliteStore(":memory:"))
        self.parcel, self.quote = self.application.desk.book(HAMBURG, MUNICH, 2_000, (300, 200, 100))

    def scan(self, status: Status, depot: str, hours: int) -> None:
        self.application.tracker.record_scan(self.parcel.code, depot, status, MONDAY + timedelta(hours=hours))

    def test_a_parcel_goes_its_way(self) -> None:
        mail = EmailChannel("post@example.com")
        self.application.dispatcher.subscribe(self.parcel.code, mail, "max@example.com")
        self.scan(Status.COLLECTED, "HAM", 1)
        self.scan(Status.IN_TRANSIT, "BER", 5)
        self.scan(Status.OUT_FOR_DELIVERY, "MUC", 22)
        self.scan(Status.DELIVERED, "", 26)
        stored = self.application.store.get(self.parcel.code)
        self.assertEqual(stored.status, Status.DELIVERED)
        self.assertEqual(stored.position(), "MUC")
        self.assertEqual(len(mail.outbox), 3)
        self.assertEqual(list(throughput([stored], "BER").values()), [1])

    def test_a_delivered_parcel_stays_delivered(self) -> None:
        for status, hours in ((Status.COLLECTED, 1), (Status.IN_TRANSIT, 2), (Status.OUT_FOR_DELIVERY, 3), (Status.DELIVERED, 4)):
            self.scan(status, "MUC", hours)
        with self.assertRaises(IllegalTransition):
            self.scan(Status.IN_TRANSIT, "MUC", 5)

    def test_a_scan_sent_twice_counts_once(self) -> None:
        self.scan(Status.COLLECTED, "HAM", 1)
        self.scan(Status.COLLECTED, "HAM", 1)
        self.assertEqual(len(self.application.tracker.history(self.parcel.code)), 1)

    def test_a_failing_channel_is_tried_again(self) -> None:
        class Flaky(Channel):
            fails = 2

            def send(self, notice: Notice) -> None:
                if self.fails:
                    self.fails -= 1
                    raise ConnectionError

        self.application.dispatcher.subscribe(self.parcel.code, Flaky(), "x")
        self.scan(Status.COLLECTED, "HAM", 1)
        self.assertEqual([self.application.dispatcher.retry() for _ in range(3)], [0, 1, 0])

    def test_what_does_not_move_is_overdue(self) -> None:
        self.scan(Status.COLLECTED, "HAM", 1)
        parcels = list(self.application.store.all())
        self.assertEqual(overdue(parcels, MONDAY.date()), [])
        self.assertEqual(len(overdue(parcels, MONDAY.date() + timedelta(days=6))), 1)


class PriceTest(unittest.TestCase):
    def test_customs_and_distance_cost(self) -> None:
        application = Application()
        _, inland = application.desk.book(HAMBURG, MUNICH, 2_000, (300, 200, 100))
        _, abroad = application.desk.book(HAMBURG, BASEL, 2_000, (300, 200, 100))
        self.assertEqual(inland.total, 590 + 182)
        self.assertEqual(abroad.customs, 700)


class ApiTest(unittest.TestCase):
    def test_book_scan_and_show(self) -> None:
        application = Application()
        body = {"sender": HAMBURG.__dict__, "recipient": MUNICH.__dict__, "weight_grams": 900, "size_mm": [200, 200, 200]}
        status, booked = dispatch(application, "POST", "/parcels", body)
        self.assertEqual(status, 200)
        code = booked["parcel"]["code"]
        scans = [{"code": code, "depot": "HAM", "status": "collected", "at": MONDAY.isoformat()}, {"code": "nonsense"}]
        _, answer = dispatch(application, "POST", "/scans", {"scans": scans})
        self.assertEqual((answer["accepted"], len(answer["refused"])), (1, 1))
        self.assertEqual(dispatch(application, "GET", f"/parcels/{code}", {})[1]["parcel"]["status"], "collected")
        self.assertEqual(dispatch(application, "POST", "/depots/LEJ/close", {})[1]["rerouted"], [code])
        self.assertEqual(dispatch(application, "GET", "/parcels/SHAM00000000", {})[0], 400)
        self.assertEqual(dispatch(application, "GET", "/nothing", {})[0], 404)


if __name__ == "__main__":
    unittest.main()
