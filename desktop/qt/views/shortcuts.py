"""Every command with its keys, as the registry has them; typing finds one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from desktop.qt import fuzzy
from desktop.qt.commands import MENUS, Command, CommandRegistry, shortcut_texts
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.key_caps import KeyCaps
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

ROW = 26
_ANYWHERE = (
    ("Esc", "Close what is in front, or stop an answer"),
    ("Tab", "To the next control; Shift+Tab back"),
    ("F10", "To the menus"),
)
"""What every control does; no command of the window."""


class ShortcutsSheet(Sheet):
    """Rows of titles and keys, a section a menu."""

    def __init__(self, themes: ThemeManager, commands: CommandRegistry) -> None:
        super().__init__(themes, tr("Keyboard shortcuts"))
        self._themes = themes
        self._commands = commands
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Find a command or a key"))
        self.filter.setAccessibleName(tr("Find a command or a key"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._fill)
        self.column.addWidget(self.filter)
        self._rows: list[tuple[str, str]] = []
        self._list = QWidget()
        self.column.addWidget(self._list)
        self.column.addStretch(1)
        self._fill("")

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(title, keys) of what is listed."""
        return self._rows

    def refresh(self) -> None:
        self.filter.clear()
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, text: str) -> None:
        self._rows = []
        filled = QWidget()
        grid = QGridLayout(filled)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        for name, rows in self._sections():
            found = [row for row in rows if _answers(text, *row)]
            if not found:
                continue
            heading = label(name, "label")
            heading.setContentsMargins(0, 16, 0, 4)
            grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            for title, keys in found:
                self._rows.append((title, " ".join(keys)))
                at = grid.rowCount()
                grid.setRowMinimumHeight(at, ROW)
                grid.addWidget(label(title), at, 0)
                grid.addWidget(KeyCaps(keys, self._themes), at, 1, Qt.AlignmentFlag.AlignRight)
        if not self._rows:
            grid.addWidget(label(tr("No command is called that."), "muted"), 0, 0)
        self.column.replaceWidget(self._list, filled)
        self._list.deleteLater()
        self._list = filled

    def _sections(self) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        sections = [(tr(name), [_row(command) for command in self._commands if command.menu == name]) for name in MENUS]
        anywhere = [(tr(words), [key]) for key, words in _ANYWHERE]
        return [*sections, (tr("Anywhere"), anywhere)]


def _row(command: Command) -> tuple[str, list[str]]:
    return tr(command.title), shortcut_texts(command)


def _answers(text: str, title: str, keys: list[str]) -> bool:
    """Whether a row has the letters of a text in its title, or is one of the keys it names."""
    return fuzzy.score(text, title) is not None or any(text.lower() in key.lower() for key in keys)
