"""`codestrata [SOURCE]`: the window."""

from __future__ import annotations

import click

from core.errors import UsageError
from desktop.cli.options import Common, common


@click.command("window")
@click.argument("source", required=False)
@click.option("--new", "another", is_flag=True, help="Open one more window beside those that are open.")
@common
def window_command(common: Common, source: str | None, another: bool) -> int:
    """Open the window, importing SOURCE when it is given; a link (codestrata://PATH:LINE) opens it at that line."""
    from desktop import assembly, display
    from desktop.links import SCHEME, handed_over, resolve_link

    place = resolve_link(source) if source is not None and source.startswith(SCHEME) else None
    if not display.available():
        raise UsageError(
            "the window cannot be opened",
            "there is no display here",
            "use the commands ('codestrata --help'), such as 'codestrata index SOURCE' and 'codestrata ask QUESTION'",
        )
    display.check_libraries()
    from desktop.qt.application import run_window
    from desktop.qt.user_files import UserFiles

    given = source or common.source
    asked = handed_over(given) if given is not None and place is None else None
    return run_window(asked, assembly.engine_command(), assembly.settings_for(), UserFiles.usual(), place, another=another)
