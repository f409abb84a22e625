"""`codestrata engine`."""

from __future__ import annotations

import functools
import os
from importlib.metadata import version

import click

from core.cancellation import CancellationToken
from core.settings import Settings
from desktop import assembly
from desktop.cli.options import Common, common

_NICENESS = 10
"""Of a process that indexes: answers, and the next picture of a window, go first. Its workers are below it."""


@click.command("engine")
@click.option("--indexer", is_flag=True, help="Serve indexing instead of questions.")
@common
def engine_command(common: Common, indexer: bool) -> int:
    """Serve JSON lines over standard input and output, for the window and for editors."""
    return _serve_indexing() if indexer else _serve_questions()


def _serve_indexing() -> int:
    from desktop.engine.methods import indexer_methods
    from desktop.engine.server import serve_standard_streams

    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    return serve_standard_streams(indexer_methods(assembly.settings_for(), version("codestrata")))


def _serve_questions() -> int:
    from desktop.engine.first_methods import LateMethods, first_methods
    from desktop.engine.server import Emit, Method, Params, serve_standard_streams

    settings = assembly.settings_for()
    sessions = assembly.open_sessions(settings)
    service = functools.cache(lambda: assembly.open_service(settings, sessions))

    def first(settings: Settings) -> dict[str, Method]:
        return {**first_methods(sessions, settings, version("codestrata")), "reload": reload}

    def others(settings: Settings) -> dict[str, Method]:
        from desktop.engine.methods import query_methods

        return query_methods(service(), settings)

    def reload(_params: Params, _emit: Emit, _token: CancellationToken) -> dict[str, object]:
        changed = assembly.settings_for()
        methods.change(first(changed), lambda: others(changed))
        return {}

    methods = LateMethods(first(settings), lambda: others(settings))
    return serve_standard_streams(methods)
