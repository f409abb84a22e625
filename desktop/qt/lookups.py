"""Looking things up in the picker: commands, symbols and files, neighbours, definitions, references."""

from __future__ import annotations

from typing import Any

from desktop.qt import figures, finder
from desktop.qt.code_replies import DefinitionsReply, ReferencesReply
from desktop.qt.commands import CommandRegistry
from desktop.qt.engine_client import EngineError
from desktop.qt.history import PATH, TO, CodeLocation, DiagramLocation
from desktop.qt.replies import SymbolReply
from desktop.qt.session import Session
from desktop.qt.views.workspace import Workspace
from desktop.qt.widgets.banner import Banner
from desktop.qt.widgets.picker import Picker
from desktop.qt.words import tr

REFERENCES = 200


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

    def pick_way(self, start: str = "") -> None:
        """Draw how one symbol reaches another: choose where the way from `start` leads, or both its ends."""
        nothing = tr("Nothing is called that.")

        def leads_to(begin: str, title: str) -> None:
            source = finder.named_source(
                self._session, lambda end: self._workspace.visit(DiagramLocation(PATH, begin + TO + end["id"]))
            )
            self._picker.open(title, source, nothing)

        def begins_at(begin: SymbolReply) -> None:
            leads_to(begin["id"], tr("Where does the way from {name} lead?", name=begin["name"]))

        if start:
            leads_to(start, tr("Where does the way lead?"))
        else:
            self._picker.open(tr("Where does the way begin?"), finder.named_source(self._session, begins_at), nothing)

    def list_neighbours(self, symbol: str) -> None:
        """Who calls a symbol, and what it calls."""

        def received(shown: Any) -> None:
            source = finder.neighbour_source(shown, self._workspace.visit)
            self._picker.open(tr("Callers and callees of {name}", name=shown["name"]), source, tr("No calls are known."))

        self._session.call("show", {"symbol": symbol}, received, self._tell, channel="show")

    def ask_word(self, word: str, line: int, what: str) -> None:
        """Go to the definition of a word on a line of the open file, or list its uses (`what` is "references")."""
        received = self._list_uses if what == "references" else self._show_definitions
        params: dict[str, object] = {"path": self._workspace.code.path, "line": line, "name": word}
        self._session.call("definition", params, received, self._tell, channel="definition")

    def _show_definitions(self, found: DefinitionsReply) -> None:
        """Open the one definition of a name, or list them where there are several."""
        inside = [symbol for symbol in found["symbols"] if symbol["path"]]
        if len(inside) == 1:
            only = inside[0]
            self._workspace.visit(CodeLocation(only["path"], only["start_line"], only["end_line"]))
        elif inside:
            source = finder.listed_source(inside, self._workspace.visit)
            self._picker.open(tr("Definitions of {name}", name=found["name"]), source, tr("Nothing is called that."))
        else:
            symbols = found["symbols"]
            outside = tr("{name} comes from outside.", name=symbols[0]["qualified_name"]) if symbols else ""
            self._banner.tell("info", tr("{name} is not defined in this source.", name=found["name"]), outside)

    def _list_uses(self, found: DefinitionsReply) -> None:
        """List where the definition of a name is used; which one, is asked where there are several."""
        if len(found["symbols"]) == 1:
            self.list_references(found["symbols"][0]["id"])
        elif found["symbols"]:
            source = finder.chosen_source(found["symbols"], lambda symbol: self.list_references(symbol["id"]))
            self._picker.open(tr("References to which {name}?", name=found["name"]), source, tr("Nothing is called that."))
        else:
            self._banner.tell("info", tr("{name} is not known in this source.", name=found["name"]))

    def list_references(self, symbol: str) -> None:
        """Where a symbol is used, the first some hundred places."""

        def received(found: ReferencesReply) -> None:
            name, total, listed = found["symbol"]["name"], found["total"], len(found["references"])
            if not listed:
                self._banner.tell("info", tr("No use of {name} is known.", name=name))
                return
            count = figures.plural(total, "reference")
            if listed == total:
                title = tr("{count} to {name}", count=count, name=name)
            else:
                title = tr("The first {listed} of {count} to {name}", listed=listed, count=count, name=name)
            source = finder.reference_source(found["references"], self._workspace.visit)
            self._picker.open(title, source, tr("No use is like that."))

        params: dict[str, object] = {"symbol": symbol, "limit": REFERENCES}
        self._session.call("references", params, received, self._tell, channel="references")

    def _tell(self, error: EngineError) -> None:
        self._banner.tell_error(error.what, error.why, error.next_step)
