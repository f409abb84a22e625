"""Every command with its keys, as the registry has them; typing finds one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.qt import fuzzy
from desktop.qt.commands import MENUS, Command, CommandRegistry, shortcut_texts
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.key_caps import KeyCaps
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

Row = tuple[str, list[str]]
"""A title and keys."""
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
        self._commands = commands
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Find a command or a key"))
        self.filter.setAccessibleName(tr("Find a command or a key"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self.column.addWidget(self.filter)
        self._nothing = label(tr("No command is called that."), "muted")
        self._nothing.hide()
        self.column.addWidget(self._nothing)
        self._listed = [(name, rows) for name, rows in self._all() if rows]
        self._sections: list[_Section] = []
        for name, rows in self._listed:
            self.add(partial(self._make_section, name, rows))
        self.rows: list[tuple[str, str]] = []
        """(title, keys) of what is to be seen."""
        self._narrow("")

    def refresh(self) -> None:
        self.filter.clear()
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _narrow(self, text: str) -> None:
        self.rows = [
            (title, " ".join(keys)) for _, rows in self._listed for title, keys in rows if _answers(text, title, keys)
        ]
        self._nothing.setVisible(not self.rows)
        for section in self._sections:
            section.narrow(text)

    def _make_section(self, name: str, rows: Sequence[Row]) -> QWidget:
        section = _Section(name, rows, self._themes)
        section.narrow(self.filter.text())
        self._sections.append(section)
        return section

    def _all(self) -> list[tuple[str, list[Row]]]:
        sections = [(tr(name), [_row(command) for command in self._commands if command.menu == name]) for name in MENUS]
        anywhere = [(tr(words), [key]) for key, words in _ANYWHERE]
        return [*sections, (tr("Anywhere"), anywhere)]


class _Section(QWidget):
    """The commands of a menu under its name."""

    def __init__(self, name: str, rows: Sequence[Row], themes: ThemeManager) -> None:
        super().__init__()
        heading = label(name, "label")
        heading.setContentsMargins(0, 16, 0, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(heading)
        self._rows: list[tuple[str, list[str], QWidget]] = []
        for title, keys in rows:
            shown = KeyCaps(title, keys, themes)
            column.addWidget(shown)
            self._rows.append((title, keys, shown))
        self._fit = [True] * len(rows)
        """Which rows are to be seen."""

    def narrow(self, text: str) -> None:
        """Show only what answers a text."""
        fits = [_answers(text, title, keys) for title, keys, _ in self._rows]
        for fit, was_fit, (_, _, shown) in zip(fits, self._fit, self._rows, strict=True):
            if fit != was_fit:  # what is not yet in view is looked through for its style as soon as it is told to be
                shown.setVisible(fit)
        if any(fits) != any(self._fit):
            self.setVisible(any(fits))
        self._fit = fits


def _row(command: Command) -> tuple[str, list[str]]:
    return tr(command.title), shortcut_texts(command)


def _answers(text: str, title: str, keys: list[str]) -> bool:
    """Whether a row has the letters of a text in its title, or is one of the keys it names."""
    return fuzzy.score(text, title) is not None or any(text.lower() in key.lower() for key in keys)
