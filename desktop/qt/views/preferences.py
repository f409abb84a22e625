"""The preferences: every change is checked, written and in force at once; what is wrong is told at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from core.settings import Settings
from desktop.preferences import forced_by, setting_of
from desktop.qt import editors
from desktop.qt.choices import Choices
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.fields import ChoiceField, Field, SwitchField, TextField, heading
from desktop.qt.widgets.labels import label, rule
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

MEGABYTE = 1_000_000
Makers = Mapping[str, Callable[[], Field]]
"""What makes the field of a setting, once it is its turn."""


class PreferencesSheet(Sheet):
    """One field a setting, under the setting's name."""

    file_asked = Signal()
    """Somebody wants to see the preferences file."""
    reset = Signal(object)
    """What was set before everything became as it came: values by setting."""

    def __init__(self, themes: ThemeManager, choices: Choices) -> None:
        super().__init__(themes, tr("Preferences"))
        self._choices = choices
        self.fields: dict[str, Field] = {}
        """The fields that are there by now."""
        for title, makers in self._parts().items():
            above: tuple[Callable[[], QWidget], ...] = (partial(heading, title),)
            for setting, make in makers.items():
                self.add(*above, partial(self._make_field, setting, make))
                above = ()
        self.add(self._make_foot)
        choices.changed.connect(lambda _before, _after: self._fill())

    def refresh(self) -> None:
        for field in self.fields.values():
            field.show_problem("")
        self._fill()
        first = next((field.control for field in self.fields.values() if field.control.isEnabled()), None)
        if first is None:
            super().refresh()
        else:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def change(self, setting: str, value: object) -> None:
        """Try to change a setting."""
        problems = self._choices.change({setting: value})
        self.fields[setting].show_problem(problems.get(setting, ""))
        self._fill()

    def reset_all(self) -> None:
        """Everything on this page as it came."""
        before = {name: setting_of(self._choices.settings, name) for name in self.fields}
        defaults = Settings()
        if not self._choices.change({name: setting_of(defaults, name) for name in self.fields}):
            self.refresh()
            self.reset.emit(before)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field that gets the keyboard is scrolled into view."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.area.ensureWidgetVisible(watched, 0, 48)
        return super().eventFilter(watched, event)

    def _parts(self) -> Mapping[str, Makers]:
        return {
            tr("Appearance"): self._appearance(),
            tr("Index"): _index(),
            tr("Answers"): self._answers(),
            tr("Privacy"): _privacy(),
            tr("Editor"): {"editor": self._editor_field},
        }

    def _appearance(self) -> Makers:
        themes = (("auto", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark")))
        sizes = tuple((percent, f"{percent} %") for percent in (80, 90, 100, 110, 125, 150, 175, 200))
        return {
            "theme": partial(ChoiceField, tr("Theme"), "", themes),
            "text_size": partial(ChoiceField, tr("Size of text"), tr("Diagrams have their own zoom."), sizes),
        }

    def _answers(self) -> Makers:
        return {
            "provider.provider": self._provider_field,
            "provider.model": partial(TextField, tr("Model"), tr("As the provider calls it.")),
            "provider.base_url": partial(TextField, tr("Address"), tr("Of the server; empty for the provider's own.")),
            "retrieval.budget": partial(
                TextField,
                tr("Budget of an answer"),
                tr("How many tokens of code an answer may rest on."),
                read=_whole,
                write=lambda value: f"{value:,}",
            ),
        }

    def _provider_field(self) -> Field:
        from desktop.adapters.providers import PROVIDERS

        nobody = ("", tr("None: answers come from the index alone"))
        self._addresses = {provider.name: provider.base_url for provider in PROVIDERS.values()}
        return ChoiceField(
            tr("Who writes answers"),
            tr("A key alone chooses nobody: a question goes to the one chosen here."),
            (nobody, *((provider.name, tr(provider.title)) for provider in PROVIDERS.values())),
        )

    def _editor_field(self) -> Field:
        words = tr("Opens a file in your editor, with {path} and {line} in it. Empty: what the system opens it with.")
        field = TextField(tr("Command"), words)
        if found := editors.installed():
            field.column.addLayout(self._offered(found[:6]))
        return field

    def _make_field(self, setting: str, make: Callable[[], Field]) -> Field:
        field = make()
        if variable := forced_by(setting):
            field.fix(tr("{variable} in the environment decides this.", variable=variable))
        field.words.setVisible(bool(field.words.text()))
        field.edited.connect(partial(self.change, setting))
        field.control.installEventFilter(self)
        self.fields[setting] = field
        self._show(setting, field)
        return field

    def _fill(self) -> None:
        for setting, field in self.fields.items():
            self._show(setting, field)

    def _show(self, setting: str, field: Field) -> None:
        if field.problem.isHidden():  # else what was typed stays, to be mended
            field.show_value(setting_of(self._choices.settings, setting))
        if setting == "provider.base_url" and isinstance(field.control, QLineEdit):
            field.control.setPlaceholderText(self._addresses.get(self._choices.settings.provider.provider, ""))

    def _offered(self, found: Sequence[tuple[str, str]]) -> QHBoxLayout:
        """Chips that fill in the command of an editor that is on this machine."""
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(label(tr("Found here:"), "small"))
        for name, command in found:
            chip = QToolButton()
            chip.setText(name)
            chip.setToolTip(command)
            chip.setAccessibleName(tr("Use {name}", name=name))
            chip.clicked.connect(partial(self._take_editor, command))
            set_role(chip, "chip")
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _take_editor(self, command: str) -> None:
        self.change("editor", command)

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(16)
        column.addWidget(rule())
        row = QHBoxLayout()
        row.addWidget(push_button(tr("Open the file"), self.file_asked.emit, "quiet"))
        row.addStretch(1)
        row.addWidget(push_button(tr("Reset to defaults"), self.reset_all))
        column.addLayout(row)
        return foot


def _index() -> Makers:
    return {
        "scan.ignore": partial(
            TextField,
            tr("Leave out"),
            tr("Patterns as in .gitignore, one a line. The rules of a source's own files win over them."),
            read=lambda text: tuple(line.strip() for line in text.splitlines() if line.strip()),
            write=lambda value: "\n".join(value) if isinstance(value, tuple) else str(value),
            lines=True,
        ),
        "scan.max_file_bytes": partial(
            TextField,
            tr("Largest file, in MB"),
            tr("A larger file is nearly always data; it is left out and told. An open folder takes both up at once."),
            read=_megabytes,
            write=lambda value: f"{int(str(value)) / MEGABYTE:g}",
        ),
    }


def _privacy() -> Makers:
    return {
        "provider.local_only": partial(
            SwitchField,
            tr("Models"),
            tr("Only ask models on this machine"),
            tr("One elsewhere is refused, whatever is chosen above."),
        ),
        "watch": partial(
            SwitchField,
            tr("Changes"),
            tr("Update while files change"),
            tr("Folders are watched while they are open. Nothing is sent."),
        ),
    }


def _whole(text: str) -> int:
    """A whole number, with or without marks of thousands."""
    digits = "".join(char for char in text if char not in ",. '’\u202f\u00a0_")
    if not digits.isdecimal():
        raise ValueError(tr("Give a whole number, as in 8,000."))
    return int(digits)


def _megabytes(text: str) -> int:
    try:
        number = float(text.replace(",", "."))
        return round(number * MEGABYTE)
    except (ValueError, OverflowError):
        raise ValueError(tr("Give a number, as in 4 or 0.5.")) from None
