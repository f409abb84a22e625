"""`codestrata mcp`."""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import version
from types import FrameType

import click

from core.errors import CancelledError, UsageError
from desktop import assembly
from desktop.cli.options import Common, common


@click.command("mcp")
@common
def mcp_command(common: Common) -> int:
    """Serve an index to editors and agents over the Model Context Protocol, by standard input and output."""
    from desktop.mcp.desk import Desk
    from desktop.mcp.server import serve

    if sys.stdin is None or sys.stdout is None:
        raise UsageError("standard input or output is closed", "", "have an editor or agent start 'codestrata mcp'")
    settings = assembly.settings_for()
    folder = common.folder()
    desk = Desk(assembly.open_service(settings), folder, settings.retrieval.budget)
    desk.service.session(folder)  # an index that cannot be used is told here, where a person sees it
    if sys.stdin.isatty():
        common.output.note("waiting for an editor or agent on standard input; Ctrl-C ends")
    signal.signal(signal.SIGINT, _leave)
    return serve(desk, version("codestrata"))


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End at once: nothing is ever written, and the thread that waits for input could not be woken."""
    print(f"codestrata: {CancelledError('cancelled')}", file=sys.stderr, flush=True)
    os._exit(CancelledError.exit_code)
