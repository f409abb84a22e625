"""The row under the menus: where one is, back and forward, the way to everything, and the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton

from desktop.qt.commands import CommandRegistry, shortcut_text
from desktop.qt.replies import IndexEntry
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import follow_theme
from desktop.qt.words import tr


class TopBar(QFrame):
    """Buttons that run commands."""

    recent_chosen = Signal(object)

    def __init__(self, themes: ThemeManager, commands: CommandRegistry) -> None:
        super().__init__()
        self._commands = commands
        set_role(self, "topbar")
        self.project = QToolButton()
        self.project.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.project.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_role(self.project, "project")
        follow_theme(self.project, themes, "strata", "accent")
        self._menu = QMenu(self.project)
        self.project.setMenu(self._menu)
        self.search = QToolButton()
        self.search.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setMaximumWidth(440)
        self.search.setText(f" {tr('Go to symbol or file')}    {shortcut_text(commands['go.symbol'])}")
        self.search.setAccessibleName(tr("Go to symbol or file"))
        self.search.clicked.connect(lambda: commands.run("go.symbol"))
        set_role(self.search, "searchbox")
        follow_theme(self.search, themes, "search", size=15)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.project)
        row.addSpacing(8)
        self.back = self._button("go.back", "back", themes)
        self.forward = self._button("go.forward", "forward", themes)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        row.addStretch(1)
        for command, icon in (
            ("view.left", "panel-left"),
            ("view.middle", "panel-middle"),
            ("view.right", "panel-right"),
            ("view.theme", "half"),
            ("view.palette", "command"),
        ):
            row.addWidget(self._button(command, icon, themes))

    def show_project(self, name: str) -> None:
        self.project.setText(name)
        self.project.setAccessibleName(tr("Project {name}; open another", name=name))

    def show_recent(self, entries: list[IndexEntry]) -> None:
        """Fill the menu of the project's name."""
        self._menu.clear()
        for entry in entries[:10]:
            action = self._menu.addAction(entry["name"])
            action.setToolTip(entry["source"])
            action.triggered.connect(lambda _checked=False, chosen=entry: self.recent_chosen.emit(chosen))
        if entries:
            self._menu.addSeparator()
        for command in ("file.open", "file.close"):
            self._menu.addAction(self._commands.action(command))

    def _button(self, command_id: str, icon: str, themes: ThemeManager) -> QToolButton:
        command = self._commands[command_id]
        button = QToolButton()
        shortcut = shortcut_text(command)
        button.setToolTip(f"{tr(command.title)}  ({shortcut})" if shortcut else tr(command.title))
        button.setAccessibleName(tr(command.title))
        button.clicked.connect(lambda: self._commands.run(command_id))
        follow_theme(button, themes, icon)
        return button
