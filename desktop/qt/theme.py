"""Light, dark, or as the system has it: colours from `resources/themes/*.json`, made into a palette, a stylesheet and icons.

A `Theme` is read-only data; `ThemeManager` holds the current one, applies it to the application and tells who paints by
hand. The names of the colours are those of the files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QTextCharFormat
from PySide6.QtWidgets import QApplication, QScrollArea

from desktop.qt.icons import IconMaker
from desktop.qt.stylesheet import scaled, stylesheet
from resources import read_text

UI_FAMILIES = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    ".AppleSystemUIFont",
    "Noto Sans",
    "Cantarell",
    "Ubuntu",
)
CODE_FAMILIES = ("JetBrains Mono", "Cascadia Code", "SF Mono", "Menlo", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono")
BODY_PIXELS = 13


class ThemeChoice(StrEnum):
    """What a person can choose."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme file. `colors`, `code` and `diagram` are its sections; colours are `#RRGGBB`."""

    name: str
    dark: bool
    colors: Mapping[str, str]
    code: Mapping[str, Any]
    diagram: Mapping[str, Any]

    def color(self, name: str) -> QColor:
        """A colour of the section `colors`."""
        return QColor(self.colors[name])

    def code_format(self, style: str) -> QTextCharFormat:
        """How code of a style is written; an unknown style looks like plain text."""
        entry = self.code["styles"].get(style, {})
        text_format = QTextCharFormat()
        text_format.setForeground(QColor(entry.get("color", self.code["text"])))
        if entry.get("bold"):
            text_format.setFontWeight(QFont.Weight.DemiBold)
        text_format.setFontItalic(bool(entry.get("italic")))
        return text_format


def load_theme(name: str) -> Theme:
    """The theme of a file in `resources/themes`."""
    data = json.loads(read_text("themes", f"{name}.json"))
    return Theme(data["name"], data["dark"], data["colors"], data["code"], data["diagram"])


class ThemeManager(QObject):
    """The theme in use; `changed` comes after the palette and stylesheet have been replaced."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = ThemeChoice.AUTO, text_size: int = 100) -> None:
        """`text_size` is in percent."""
        super().__init__(application)
        self._application = application
        self._themes = {name: load_theme(name) for name in (ThemeChoice.LIGHT, ThemeChoice.DARK)}
        self._icons: dict[bool, IconMaker] = {}
        self.choice = ThemeChoice(choice)
        self.text_size = text_size
        self.theme = self._themes[self._effective()]
        application.styleHints().colorSchemeChanged.connect(self._on_system_change)
        self._apply()

    def choose(self, choice: ThemeChoice) -> None:
        self.choice = choice
        self._refresh()

    def set_text_size(self, percent: int) -> None:
        """Show all text but that of diagrams larger or smaller, at once."""
        if percent != self.text_size:
            self.text_size = percent
            self._apply()

    def pixels(self, pixels: int) -> int:
        """A height of text, or of what holds a line of it, at the chosen size of text."""
        return scaled(pixels, self.text_size)

    def icon(self, name: str, color: str = "text_muted") -> QIcon:
        """An icon of `resources/icons`, tinted with a colour of the current theme."""
        return self._maker().icon(name, self.theme.colors[color], self.theme.colors["text_disabled"])

    def _maker(self) -> IconMaker:
        return self._icons.setdefault(self.theme.dark, IconMaker())

    def _effective(self) -> ThemeChoice:
        if self.choice != ThemeChoice.AUTO:
            return self.choice
        dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return ThemeChoice.DARK if dark else ThemeChoice.LIGHT

    def _on_system_change(self) -> None:
        if self.choice == ThemeChoice.AUTO:
            self._refresh()

    def _refresh(self) -> None:
        theme = self._themes[self._effective()]
        if theme is not self.theme:
            self.theme = theme
            self._apply()

    def _apply(self) -> None:
        """Put the theme on everything that is there.

        Replacing one stylesheet by another makes Qt polish each widget once for itself and once for everything around it;
        taking the old one off first makes it once and once more, which is a tenth. In between nothing has its size, so what
        scrolls must not lay itself out.
        """
        areas = [
            area
            for window in self._application.topLevelWidgets()
            for area in window.findChildren(QScrollArea)
            if area.widgetResizable()
        ]
        for area in areas:
            area.setWidgetResizable(False)
        self._application.setStyleSheet("")
        self._application.setFont(ui_font(self.pixels(BODY_PIXELS)))
        self._application.setPalette(_palette(self.theme))
        self._application.setStyleSheet(stylesheet(self.theme.colors, self._maker(), self.text_size))
        for area in areas:
            area.setWidgetResizable(True)
        self.changed.emit()


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    roles = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "surface_sunken",
        role.Text: "text",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "on_accent",
        role.Highlight: "selection",
        role.HighlightedText: "on_selection",
        role.Link: "link",
        role.LinkVisited: "link",
        role.PlaceholderText: "text_muted",
        role.ToolTipBase: "surface_raised",
        role.ToolTipText: "text",
        role.Accent: "accent",
        role.Mid: "border",
        role.Dark: "border_strong",
        role.Light: "surface_raised",
    }
    palette = QPalette()
    for color_role, name in roles.items():
        palette.setColor(color_role, theme.color(name))
    for color_role in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, theme.color("text_disabled"))
    return palette


@cache
def _installed(families: tuple[str, ...]) -> tuple[str, ...]:
    """Those that this system has; asking the font database takes a millisecond, so it is asked once."""
    return tuple(family for family in families if QFontDatabase.hasFamily(family))


def ui_font(pixels: int = BODY_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of everything but code: a modern grotesque where the system has one, else the system's own."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setFamilies([*_installed(UI_FAMILIES), font.family()])
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def code_font(pixels: int = BODY_PIXELS) -> QFont:
    """The font of code."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([*_installed(CODE_FAMILIES), font.family()])
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return font
