"""Handlers: one function a route, from a decoded request to something that can be written as JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from parcels.api.application import Application
from parcels.models import Address, Event, Parcel, Status
from parcels.pricing import Quote
from parcels.routing.planner import reroute

JsonObject = dict[str, object]


def book_parcel(application: Application, body: JsonObject) -> JsonObject:
    """`POST /parcels`: book a parcel and say what it costs."""
    length, width, height = (int(side) for side in body["size_mm"])
    parcel, quote = application.desk.book(
        Address(**body["sender"]), Address(**body["recipient"]), int(body["weight_grams"]), (length, width, height)
    )
    return {"parcel": parcel_to_json(parcel), "quote": quote_to_json(quote)}


def show_parcel(application: Application, body: JsonObject) -> JsonObject:
    """`GET /parcels/CODE`: where a parcel is and what happened to it."""
    code = str(body["code"])
    events = application.tracker.history(code)
    parcel = application.store.get(code)
    return {"parcel": parcel_to_json(parcel), "events": [event_to_json(event) for event in events]}


def record_scans(application: Application, body: JsonObject) -> JsonObject:
    """`POST /scans`: a batch of scans from a gateway. A bad scan is told and does not stop the others."""
    accepted, refused = 0, []
    for scan in body["scans"]:
        try:
            application.tracker.record_scan(
                scan["code"], scan["depot"], Status(scan["status"]), datetime.fromisoformat(scan["at"]), scan.get("note", "")
            )
            accepted += 1
        except (ValueError, KeyError, application.errors) as error:
            refused.append({"code": scan.get("code", ""), "reason": str(error)})
    return {"accepted": accepted, "refused": refused}


def close_depot(application: Application, body: JsonObject) -> JsonObject:
    """`POST /depots/CODE/close`: plan around a depot from now on."""
    application.network.close(str(body["code"]))
    changed = reroute(application.network, application.store.open_parcels())
    for parcel in changed:
        application.store.save(parcel)
    return {"rerouted": [parcel.code for parcel in changed]}


def parcel_to_json(parcel: Parcel) -> JsonObject:
    """What the web page and the printer need of a parcel."""
    return {
        "code": parcel.code,
        "status": parcel.status.value,
        "position": parcel.position(),
        "route": list(parcel.route),
        "recipient": asdict(parcel.recipient),
        "weight_grams": parcel.weight_grams,
    }


def event_to_json(event: Event) -> JsonObject:
    """An event with its time as text."""
    return {"at": event.at.isoformat(), "status": event.status.value, "depot": event.depot, "note": event.note}


def quote_to_json(quote: Quote) -> JsonObject:
    """A quote with its total."""
    return {**asdict(quote), "total": quote.total}
