"""Where the window keeps what belongs to a person and to no index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from desktop.bookmark_file import project_folder


@dataclass(frozen=True, slots=True)
class UserFiles:
    """The preferences file, and the folder for bookmarks, sessions and logs."""

    preferences: Path
    data: Path

    @classmethod
    def beside(cls, store: QSettings) -> UserFiles:
        """For a window whose settings lie in a file of their own: everything in that folder."""
        folder = Path(store.fileName()).parent
        return cls(folder / "preferences.toml", folder)

    @classmethod
    def usual(cls) -> UserFiles:
        """Where this system keeps such things, or the environment says."""
        from desktop import locations

        return cls(locations.preferences_file(), locations.data_folder())

    def of_project(self, index: str) -> Path:
        """The folder for what belongs to the project of an index."""
        return project_folder(self.data, index)
