"""Looking things up in the picker: commands, symbols and files, neighbours, definitions, failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop.qt import finder
from desktop.qt.commands import CommandRegistry
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation
from desktop.qt.replies import SymbolReply
from desktop.qt.session import Session
from desktop.qt.views.workspace import Workspace
from desktop.qt.widgets.banner import Banner
from desktop.qt.widgets.picker import Picker
from desktop.qt.words import tr

DEFINITIONS = 100


class Lookups:
    """Opens the picker of a window on one source or another."""

    def __init__(
        self, session: Session, commands: CommandRegistry, picker: Picker, workspace: Workspace, banner: Banner
    ) -> None:
        self._session = session
        self._commands = commands
        self._picker = picker
        self._workspace = workspace
        self._banner = banner

    def pick_command(self) -> None:
        self._picker.open(tr("Run a command"), finder.command_source(self._commands), tr("No command is called that."))

    def pick_symbol(self) -> None:
        files = self._workspace.inquiry.files.model
        source = finder.symbol_source(self._session, lambda: files.paths, self._workspace.visit)
        self._picker.open(tr("Go to symbol or file"), source, tr("Nothing is called that."))

    def list_failures(self, failures: Sequence[Mapping[str, str]]) -> None:
        """Files that could not be indexed, each with its reason."""
        source = finder.failure_source(failures)
        self._picker.open(tr("Files that could not be indexed"), source, tr("No file is called that."))

    def list_neighbours(self, symbol: str) -> None:
        """Who calls a symbol, and what it calls."""

        def received(shown: Any) -> None:
            source = finder.neighbour_source(shown, self._workspace.visit)
            self._picker.open(tr("Callers and callees of {name}", name=shown["name"]), source, tr("No calls are known."))

        self._session.call("show", {"symbol": symbol}, received, self._tell, channel="show")

    def go_to_definition(self, word: str) -> None:
        """Open the one definition of a name, or list them where there are several."""

        def received(found: Any) -> None:
            symbols: list[SymbolReply] = [symbol for symbol in found if symbol["path"] and symbol["name"] == word]
            if len(symbols) == 1:
                only = symbols[0]
                self._workspace.visit(CodeLocation(only["path"], only["start_line"], only["end_line"]))
            elif symbols:
                source = finder.listed_source(symbols, self._workspace.visit)
                self._picker.open(tr("Definitions of {word}", word=word), source, tr("Nothing is called that."))
            else:
                self._banner.tell("info", tr("{word} is not defined in this source.", word=word))

        self._session.call("symbols", {"name": word, "limit": DEFINITIONS}, received, self._tell, channel="definition")

    def _tell(self, error: EngineError) -> None:
        self._banner.tell_error(error.what, error.why, error.next_step)
