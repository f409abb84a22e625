"""`codestrata engine`."""

from __future__ import annotations

from importlib.metadata import version

import click

from core.cancellation import CancellationToken
from desktop import assembly
from desktop.cli.options import Common, common


@click.command("engine")
@click.option("--indexer", is_flag=True, help="Serve indexing instead of questions.")
@common
def engine_command(common: Common, indexer: bool) -> int:
    """Serve JSON lines over standard input and output, for the window and for editors."""
    from desktop.engine.methods import indexer_methods, query_methods
    from desktop.engine.server import Emit, Params, serve_standard_streams

    settings = assembly.settings_for()
    if indexer:
        return serve_standard_streams(indexer_methods(settings, version("codestrata")))
    service = assembly.open_service(settings)
    methods = query_methods(service, settings, version("codestrata"))

    def reload(_params: Params, _emit: Emit, _token: CancellationToken) -> dict[str, object]:
        methods.update(query_methods(service, assembly.settings_for(), version("codestrata")))
        return {}

    methods["reload"] = reload
    return serve_standard_streams(methods)
