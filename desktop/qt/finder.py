"""What the picker offers: commands, symbols and files by name, and the neighbours of a symbol."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any

from desktop.qt import fuzzy
from desktop.qt.code_replies import ReferenceReply
from desktop.qt.commands import Command, CommandRegistry, shortcut_text
from desktop.qt.history import CodeLocation
from desktop.qt.replies import SymbolReply
from desktop.qt.session import Session
from desktop.qt.slices import Slices
from desktop.qt.widgets.picker import Give, PickItem, Source
from desktop.qt.words import tr

FILES_SHOWN = 8
SYMBOLS_SHOWN = 60
COMMANDS_SHOWN = 100
REFERENCES_SHOWN = 200
Open = Callable[[CodeLocation], object]
_CERTAIN = {"exact": "{kind}", "name": "{kind} by name"}
"""How a use is told, by the confidence in it."""
_ICONS = {"module": "file", "class": "strata", "interface": "strata", "struct": "strata", "enum": "strata", "type": "strata"}


def command_source(commands: CommandRegistry) -> Source:
    """Every command: first those that can be run now, then the others with what they need."""

    def find(text: str, give: Give) -> None:
        found = fuzzy.best_of(text, commands, _names, COMMANDS_SHOWN)
        items = [_command_item(command) for command in found]
        give(sorted(items, key=lambda item: not item.enabled))

    return find


def _names(command: Command) -> tuple[str, str]:
    """By its title, and by the menu it is in with it."""
    title = tr(command.title)
    return title, f"{tr(command.menu)} {title}"


def symbol_source(session: Session, paths: Callable[[], Sequence[str]], open_location: Open) -> Source:
    """Files whose path matches, at once, and symbols by name as soon as the engine has them."""

    slices = Slices()

    def find(text: str, give: Give) -> None:
        files: list[PickItem] = []
        found: list[PickItem] = []

        def tell() -> None:
            give(sorted([*found, *files], key=lambda item: -(fuzzy.score(text, item.title) or 0)) if found else files)

        def list_files(matches: list[str]) -> None:
            files.extend(_file_item(path, open_location) for path in matches)
            tell()

        def received(symbols: Any) -> None:
            found.extend(symbol_item(symbol, open_location) for symbol in symbols if symbol["path"])
            tell()

        slices.run(fuzzy.steps_to_best(text, paths(), str, FILES_SHOWN, list_files))
        if not text:
            return
        session.call("symbols", {"name": text, "limit": SYMBOLS_SHOWN}, received, lambda _error: None, channel="symbols")

    return find


def named_source(session: Session, choose: Callable[[SymbolReply], object]) -> Source:
    """Definitions by name, to be chosen for something else than to open them."""

    def find(text: str, give: Give) -> None:
        give(())
        if not text:
            return

        def received(symbols: Any) -> None:
            inside = [symbol for symbol in symbols if symbol["path"]]
            ranked = sorted(inside, key=lambda symbol: -(fuzzy.score(text, symbol["name"]) or 0))
            give([_chosen_item(symbol, choose) for symbol in ranked])

        session.call("symbols", {"name": text, "limit": SYMBOLS_SHOWN}, received, lambda _error: None, channel="symbols")

    return find


def _chosen_item(symbol: SymbolReply, choose: Callable[[SymbolReply], object]) -> PickItem:
    item = symbol_item(symbol, lambda _location: None)
    return dataclasses.replace(item, choose=functools.partial(choose, symbol))


def neighbour_source(shown: dict[str, Any], open_location: Open) -> Source:
    """Callers first, then callees, of a reply of `show`."""
    neighbours = [(symbol, tr("calls this")) for symbol in shown["callers"]] + [
        (symbol, tr("called here")) for symbol in shown["callees"]
    ]
    items = [symbol_item(symbol, open_location, side) for symbol, side in neighbours if symbol["path"]]
    return lambda text, give: give(fuzzy.best(text, items, lambda item: f"{item.title} {item.detail}", SYMBOLS_SHOWN))


def listed_source(symbols: Sequence[SymbolReply], open_location: Open) -> Source:
    """Some symbols to choose from."""
    items = [symbol_item(symbol, open_location) for symbol in symbols]
    return lambda text, give: give(fuzzy.best(text, items, lambda item: f"{item.title} {item.detail}", SYMBOLS_SHOWN))


def chosen_source(symbols: Sequence[SymbolReply], choose: Callable[[SymbolReply], object]) -> Source:
    """Some symbols to choose from for something else than to open them."""
    items = [_chosen_item(symbol, choose) for symbol in symbols]
    return lambda text, give: give(fuzzy.best(text, items, lambda item: f"{item.title} {item.detail}", SYMBOLS_SHOWN))


def reference_source(references: Sequence[ReferenceReply], open_location: Open) -> Source:
    """Places where something is used: the line, where it is, and how."""

    def item(use: ReferenceReply) -> PickItem:
        location = CodeLocation(use["path"], use["line"], use["line"])
        said = _CERTAIN.get(use["confidence"], "{kind} (inferred)")
        where = f"{use['path']}:{use['line']}"
        return PickItem(use["text"] or where, where, tr(said, kind=tr(use["kind"])), "code", lambda: open_location(location))

    items = [item(use) for use in references]
    return lambda text, give: give(fuzzy.best(text, items, lambda item: f"{item.title} {item.detail}", REFERENCES_SHOWN))


def symbol_item(symbol: SymbolReply, open_location: Open, side: str = "") -> PickItem:
    """A line for a definition; choosing opens it."""
    location = CodeLocation(symbol["path"], symbol["start_line"], symbol["end_line"])
    where = f"{symbol['path']}:{symbol['start_line']}"
    owner = owner_of(symbol)
    return PickItem(
        symbol["name"],
        f"{owner} · {where}" if owner else where,
        side or tr(symbol["kind"]),
        _ICONS.get(symbol["kind"], "code"),
        lambda: open_location(location),
    )


def owner_of(symbol: SymbolReply) -> str:
    """What a definition is in, unless that is but its file: of eleven methods of one name nobody knew whose."""
    parts = re.findall(r"[\w$]+", symbol["qualified_name"].removesuffix(symbol["name"]))
    stem = PurePosixPath(symbol["path"]).stem
    return parts[-1] if parts and parts[-1] not in (stem, PurePosixPath(symbol["path"]).parent.name) else ""


def _file_item(path: str, open_location: Open) -> PickItem:
    folder, _, name = path.rpartition("/")
    return PickItem(name, folder, tr("file"), "file", lambda: open_location(CodeLocation(path)))


def _command_item(command: Command) -> PickItem:
    missing = command.missing
    detail = missing or tr(command.menu)
    return PickItem(tr(command.title), detail, shortcut_text(command), "command", command.handler, enabled=not missing)
