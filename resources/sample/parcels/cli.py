"""The command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from parcels.api.application import Application
from parcels.api.server import make_server
from parcels.errors import WaybillError
from parcels.labels import read_code
from parcels.routing.network import default_network
from parcels.routing.planner import quickest_route


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="parcels")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer HTTP requests")
    serve.add_argument("--port", type=int, default=8080)
    route = commands.add_parser("route", help="the quickest way between two depots")
    route.add_argument("start")
    route.add_argument("end")
    check = commands.add_parser("check", help="whether a code is one")
    check.add_argument("code")
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except WaybillError as error:
        print(error)
        return 2


def _run(options: argparse.Namespace) -> int:
    if options.command == "serve":
        make_server(Application(), options.port).serve_forever()
    elif options.command == "route":
        plan = quickest_route(default_network(), options.start, options.end)
        print(" → ".join(plan.depots), f"({plan.minutes} min)")
    else:
        print(read_code(options.code))
    return 0
