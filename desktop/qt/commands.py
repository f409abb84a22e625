"""Every action of the window as data; menus, shortcuts and the palette are built from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop.qt.words import tr

MENUS = ("File", "Edit", "Ask", "Diagram", "Go", "View", "Pane", "Help")
"""In the order of the menu bar."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Condition:
    """What a command needs: whether it holds now, and what to say where it does not."""

    holds: Callable[[], bool]
    reason: str

    def __call__(self) -> bool:
        return self.holds()


@dataclass(frozen=True, slots=True)
class Command:
    """An action.

    `id` is unique and stable ("file.open"), `title` is in English (who shows it translates it), `shortcuts` are in Qt's
    portable text ("Ctrl+O"), the first is shown. `menu` is one of `MENUS`, empty for the palette alone; `group` numbers the
    sections of a menu. `enabled` is asked whenever a menu or the palette opens and when the shortcut is pressed; where it
    is a `Condition`, the palette says what is missing. `checked` makes it a switch.
    """

    id: str
    title: str
    handler: Callable[[], object]
    shortcuts: tuple[str, ...] = ()
    menu: str = ""
    group: int = 0
    enabled: Callable[[], bool] = _always
    checked: Callable[[], bool] | None = None

    @property
    def missing(self) -> str:
        """Why the command cannot be run now, in a few words; empty where it can be."""
        if self.enabled():
            return ""
        return self.enabled.reason if isinstance(self.enabled, Condition) else tr("Not possible now")


class CommandRegistry:
    """The commands of one window and their QActions."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, command_id: str) -> Command:
        return self._commands[command_id]

    def add(self, commands: Sequence[Command]) -> None:
        """Register commands; ValueError for an id or a shortcut that is taken."""
        for command in commands:
            self._check_free(command)
            self._commands[command.id] = command
            self._actions[command.id] = self._make_action(command)

    def action(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def run(self, command_id: str) -> None:
        """Run a command if it can be run now."""
        command = self._commands[command_id]
        if command.enabled():
            command.handler()

    def build_menus(self, bar: QMenuBar) -> None:
        """One menu for every name in `MENUS` that has commands."""
        for name in MENUS:
            members = [command for command in self if command.menu == name]
            if members:
                menu = bar.addMenu(tr(name))
                self._fill(menu, members)
                menu.aboutToShow.connect(self.refresh)

    def open_menu(self, name: str, where: QPoint) -> None:
        """One of `MENUS` at a point of the screen."""
        menu = QMenu(self._window)
        self.refresh()
        self._fill(menu, [command for command in self if command.menu == name])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def refresh(self) -> None:
        """Bring enabled and checked states up to date."""
        for command in self:
            action = self._actions[command.id]
            action.setEnabled(command.enabled())
            if command.checked is not None:
                action.setChecked(command.checked())

    def _fill(self, menu: QMenu, members: Sequence[Command]) -> None:
        group = members[0].group
        for command in sorted(members, key=lambda member: member.group):
            if command.group != group:
                menu.addSeparator()
                group = command.group
            menu.addAction(self._actions[command.id])

    def _make_action(self, command: Command) -> QAction:
        action = QAction(tr(command.title), self._window)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(shortcut) for shortcut in command.shortcuts])
        action.setCheckable(command.checked is not None)
        action.triggered.connect(lambda _checked=False, name=command.id: self.run(name))
        self._window.addAction(action)
        return action

    def _check_free(self, command: Command) -> None:
        if command.id in self._commands:
            raise ValueError(f"two commands have the id {command.id}")
        taken = {shortcut: other.id for other in self for shortcut in other.shortcuts}
        for shortcut in command.shortcuts:
            if shortcut in taken:
                raise ValueError(f"{shortcut} belongs to {taken[shortcut]} and {command.id}")


def shortcut_texts(command: Command) -> list[str]:
    """All shortcuts as this platform writes them."""
    return [QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in command.shortcuts]


def shortcut_text(command: Command) -> str:
    """The first shortcut, or nothing."""
    return next(iter(shortcut_texts(command)), "")
