"""What a person has chosen, changed while the window is open: checked, written into the preferences, and told at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.errors import UsageError
from core.settings import Settings
from desktop.preferences import InvalidSettingsError, save_settings


class Choices(QObject):
    """The settings of this window. `change` is the only way they change."""

    changed = Signal(object, object)
    """The `Settings` before and after."""

    def __init__(self, file: Path, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file
        self.settings = settings

    def change(self, changes: Mapping[str, object]) -> Mapping[str, str]:
        """Change settings by their names; returns what is wrong, by setting, in which case nothing has changed."""
        try:
            after = save_settings(self.file, self.settings, changes)
        except InvalidSettingsError as error:
            return error.problems
        except UsageError as error:
            return dict.fromkeys(changes, str(error))
        before, self.settings = self.settings, after
        if after != before:
            self.changed.emit(before, after)
        return {}
