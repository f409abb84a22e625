"""Light, dark, or as the system has it: colours from `resources/themes/*.json`, made into a palette, a stylesheet and icons.

A `Theme` is read-only data; `ThemeManager` holds the current one, applies it to the application and tells who paints by
hand. The names of the colours are those of the files.

The stylesheet is not the application's: Qt would look at every widget of every page again, in one go of a fifth of a second.
It is put on the parts of the window that are *dressed*, each with all that is in it. When the theme changes, the window
stands still while the parts in view change, a few milliseconds a turn of the event loop, and is then painted part by part;
parts out of view follow. The price: what holds dressed parts has its look from the palette, and a part must not hold
more than some 150 widgets.
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QTextCharFormat
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop.qt.icons import IconMaker
from desktop.qt.slices import PAUSE, Slices
from desktop.qt.stillness import Stillness
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
COMMON_FAMILIES = ("Roboto", "Liberation Sans", "DejaVu Sans", "Nimbus Sans", "FreeSans")
"""Where the system's own is none that is installed; one of these is on nearly every Linux."""
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
    """The theme in use."""

    changed = Signal()
    """Soon after the palette has been replaced: for who paints by hand or has icons."""
    settled = Signal()
    """Every part wears the current stylesheet."""

    def __init__(self, application: QApplication, choice: str = ThemeChoice.AUTO, text_size: int = 100) -> None:
        """`text_size` is in percent."""
        super().__init__(application)
        self._application = application
        self._themes = {name: load_theme(name) for name in (ThemeChoice.LIGHT, ThemeChoice.DARK)}
        self._icons: dict[bool, IconMaker] = {}
        self._wanted: set[tuple[str, str]] = set()
        """Names and colours of icons so far."""
        self.choice = ThemeChoice(choice)
        self.text_size = text_size
        self.theme = self._themes[self._effective()]
        self._sheet = ""
        self._dressed: list[weakref.ref[QWidget]] = []
        self._still = Stillness()
        """What is not painted while the theme changes."""
        self._tailor = Slices(self)
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
        self._wanted.add((name, color))
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

    def dress(self, *parts: QWidget) -> None:
        """Let parts of the window wear the stylesheet, of this theme and of those that follow."""
        self._dressed = [known for known in self._dressed if _alive(known) is not None]
        for part in parts:
            self._dressed.append(weakref.ref(part))
            part.setStyleSheet(self._sheet)

    @property
    def changing(self) -> bool:
        """Whether parts still wear another theme."""
        return self._tailor.running

    def _apply(self) -> None:
        """Put the theme on everything that is there: fonts, colours and pictures at once, the stylesheet in slices."""
        self._sheet = stylesheet(self.theme.colors, self._maker(), self.text_size)
        parts = [(known, part) for known in self._dressed if (part := _alive(known)) is not None]
        seen = [known for known, part in parts if part.isVisible()]
        unseen = [known for known, part in parts if not part.isVisible()]
        self._stand_still([part for _, part in parts if part.isVisible()])
        self._application.setFont(ui_font(self.pixels(BODY_PIXELS)))
        self._application.setPalette(_palette(self.theme))
        self._tailor.run(self._steps(seen, unseen), self._settle)

    def _steps(self, seen: Sequence[weakref.ref[QWidget]], unseen: Sequence[weakref.ref[QWidget]]) -> Iterator[object]:
        yield PAUSE  # what asked for the theme goes on first
        for name, color in sorted(self._wanted):
            self.icon(name, color)
            yield None
        self.changed.emit()
        yield None
        for known in seen:
            self._clothe(known)
            yield None
        yield from self._still.let_go()
        yield PAUSE
        for known in unseen:
            self._clothe(known)
            yield None

    def _settle(self) -> None:
        for window in self._application.topLevelWidgets():
            window.removeEventFilter(self)
        self.settled.emit()

    def _stand_still(self, parts: Sequence[QWidget]) -> None:
        """Paint nothing until the parts in view are dressed: half a window in another theme hurts the eyes."""
        windows = {part.window() for part in parts}
        # A part of a window that stands still counts as standing still itself, so parts come first; they are painted last.
        for window in windows:
            window.installEventFilter(self)
        self._still.hold((*parts, *windows))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that gets another size, or comes back into view, has nothing to show but what is painted now."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._still.let_all_go()
            watched.removeEventFilter(self)
        return False

    def _clothe(self, known: weakref.ref[QWidget]) -> None:
        if (part := _alive(known)) is not None:
            part.setStyleSheet(self._sheet)


def _alive(known: weakref.ref[QWidget]) -> QWidget | None:
    """A widget, unless it has been destroyed."""
    widget = known()
    return widget if widget is not None and isValid(widget) else None


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
def _families(wanted: tuple[str, ...], system: str, others: tuple[str, ...] = ()) -> list[str]:
    """Those that this system has; asking the font database takes a millisecond, so it is asked once. The system's own may be
    a name that nothing is installed under ("Sans Serif"): looking for what is meant by it takes long, of which Qt warns."""
    found = [family for family in (*wanted, system, *others) if QFontDatabase.hasFamily(family)]
    return found or [system]  # where there is nothing at all, Qt has its own to say


def ui_font(pixels: int = BODY_PIXELS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of everything but code: a modern grotesque where the system has one, else the system's own."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setFamilies(_families(UI_FAMILIES, font.family(), COMMON_FAMILIES))
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def code_font(pixels: int = BODY_PIXELS) -> QFont:
    """The font of code."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies(_families(CODE_FAMILIES, font.family()))
    font.setPixelSize(pixels)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return font
