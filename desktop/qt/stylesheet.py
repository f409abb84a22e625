"""The one stylesheet, filled in with a theme's colours, for the parts that `ThemeManager.dress` puts it on.

Distances are multiples of 4 on a grid of 8 pixels. Widgets say what they are with the dynamic property `role`; nothing
else in the window sets a stylesheet. There is no rule for every widget: the application's font and palette say what holds
for all, and a rule would be passed down from each widget to everything in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Template

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from desktop.qt.icons import IconMaker

_FONT_SIZE = re.compile(r"font-size: (\d+)px")
_SHEET = Template("""
QAbstractItemView, QPushButton, QToolButton { outline: none; }
QToolTip { background: $surface_raised; color: $text; border: 1px solid $border_strong; padding: 6px 8px; }

QLabel { background: transparent; }
QLabel[role="hero"] { font-size: 22px; font-weight: 600; color: $text; }
QLabel[role="title"] { font-size: 18px; font-weight: 600; color: $text; }
QLabel[role="heading"] { font-size: 14px; font-weight: 600; color: $text; }
QLabel[role="label"] { font-size: 11px; font-weight: 600; color: $text_muted; }
QLabel[role="muted"] { color: $text_muted; }
QLabel[role="small"] { font-size: 12px; color: $text_muted; }
QLabel[role="error"] { color: $error; }
QLabel[role="figure"] { font-size: 18px; font-weight: 600; color: $text; }

QPushButton { background: $surface; color: $text; border: 1px solid $border_strong; border-radius: 6px;
    padding: 6px 14px; min-height: 18px; }
QPushButton:hover { background: $surface_hover; }
QPushButton:pressed { background: $surface_sunken; }
QPushButton:focus { border: 2px solid $focus; padding: 5px 13px; }
QPushButton:disabled { color: $text_disabled; border-color: $border; background: $window; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; padding: 5px 13px; }
QPushButton[role="primary"]:disabled { background: $surface_sunken; color: $text_disabled; border-color: $border; }
QPushButton[role="quiet"], QPushButton[role="link"] { background: transparent; border: 1px solid transparent; }
QPushButton[role="quiet"]:hover { background: $surface_hover; }
QPushButton[role="link"] { color: $link; padding: 2px 4px; text-align: left; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="quiet"]:focus, QPushButton[role="link"]:focus { border: 1px solid $focus; }
QPushButton[role="quiet"]:focus { padding: 6px 14px; }
QPushButton[role="link"]:focus { padding: 2px 4px; }
QPushButton[role="status"] { background: transparent; border: 1px solid transparent; border-radius: 4px; color: $link;
    padding: 1px 8px; min-height: 16px; font-size: 12px; }
QPushButton[role="status"]:hover { background: $surface_hover; }
QPushButton[role="status"]:focus { border-color: $focus; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; color: $text_muted; }
QToolButton:hover { background: $surface_hover; color: $text; }
QToolButton:pressed { background: $surface_sunken; }
QToolButton:focus { border-color: $focus; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton:disabled { color: $text_disabled; }
QToolButton::menu-indicator { image: none; }
QToolButton[role="segment"] { font-size: 12px; border-radius: 5px; padding: 4px 6px; color: $text_muted; font-weight: 500; }
QToolButton[role="segment"]:hover { color: $text; background: $surface_hover; }
QToolButton[role="segment"]:checked { background: $surface_raised; color: $text; border: 1px solid $border;
    font-weight: 600; }
QToolButton[role="segment"]:focus { border: 1px solid $focus; }
QFrame[role="segments"] { background: $surface_sunken; border: 1px solid $border; border-radius: 7px; }
QToolButton[role="chip"] { font-size: 12px; padding: 1px 8px; border-radius: 10px; border: 1px solid $border;
    color: $text_muted; }
QToolButton[role="chip"]:hover { color: $text; border-color: $border_strong; }
QToolButton[role="chip"]:checked { color: $accent; border-color: $accent; background: $accent_soft; }
QToolButton[role="chip"]:focus { border-color: $focus; }
QToolButton[role="crumb"] { padding: 2px 4px; border-radius: 4px; color: $text_muted; }
QToolButton[role="crumb"]:hover { color: $text; background: $surface_hover; }
QToolButton[role="crumb-last"] { padding: 2px 4px; border-radius: 4px; color: $text; font-weight: 600; }
QToolButton[role="project"] { padding: 4px 8px; color: $text; font-weight: 600; }
QToolButton[role="searchbox"] { background: $surface; border: 1px solid $border; border-radius: 6px; color: $text_muted;
    padding: 4px 12px; text-align: left; }
QToolButton[role="searchbox"]:hover { border-color: $border_strong; background: $surface; }
QToolButton[role="searchbox"]:focus { border-color: $focus; }
QToolButton[role="send"] { background: $accent; border-radius: 6px; padding: 4px; }
QToolButton[role="send"]:hover { background: $accent_hover; }
QToolButton[role="send"]:focus { border: 2px solid $text; padding: 3px; }
QToolButton[role="send"]:disabled { background: $surface_sunken; }

QLineEdit, QPlainTextEdit[role="input"], QComboBox { background: $surface; color: $text; border: 1px solid $border_strong;
    border-radius: 6px; padding: 5px 8px; selection-background-color: $selection; selection-color: $on_selection; }
QLineEdit:focus, QPlainTextEdit[role="input"]:focus, QComboBox:focus { border: 2px solid $focus; padding: 4px 7px; }
QLineEdit[role="bare"], QLineEdit[role="bare"]:focus { border: none; background: transparent; font-size: 15px;
    padding: 4px; }
QLineEdit[role="find"] { padding: 2px 8px; }
QLineEdit[role="find"]:focus { padding: 1px 7px; }
QFrame[role="composer"] { background: $surface; border: 1px solid $border_strong; border-radius: 8px; }
QFrame[role="composer"][active="true"] { border: 2px solid $focus; }
QPlainTextEdit[role="composer"] { background: transparent; border: none; padding: 0; font-size: 14px; color: $text;
    selection-background-color: $selection; selection-color: $on_selection; }

QComboBox { min-height: 18px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$chevron_down"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $surface_raised; border: 1px solid $border_strong; padding: 4px; }
QComboBox:disabled, QLineEdit:disabled { color: $text_disabled; border-color: $border; background: $window; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border: 2px solid $error; padding: 4px 7px; }
QCheckBox { spacing: 8px; padding: 2px; border: 1px solid transparent; border-radius: 4px; }
QCheckBox:focus { border-color: $focus; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $text_muted; border-radius: 4px; background: $surface; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check_on"); }
QCheckBox:disabled { color: $text_disabled; }

QFrame[role="bar"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame[role="pane-title"] { background: $surface; border: none; }
QToolButton[role="pane"] { padding: 2px; border-radius: 4px; }
QFrame[role="topbar"] { background: $window; border: none; border-bottom: 1px solid $border; }
QFrame[role="card"] { background: $surface_raised; border: 1px solid $border; border-radius: 12px; }
QFrame[role="recent"] { background: transparent; border: 1px solid transparent; border-radius: 8px; }
QFrame[role="recent"]:hover { background: $surface_hover; }
QFrame[role="recent"]:focus { border-color: $focus; }
QFrame[role="rule"] { background: $border; border: none; min-height: 1px; max-height: 1px; }
QFrame[role="popup"] { background: $surface_raised; border: 1px solid $border_strong; border-radius: 10px; }
QFrame[role="banner"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame[role="banner"][kind="error"] { background: $error_soft; border-bottom: 1px solid $error; }
QFrame[role="banner"][kind="warning"] { background: $warning_soft; border-bottom: 1px solid $warning; }
QFrame[role="banner"][kind="info"] { background: $accent_soft; border-bottom: 1px solid $accent; }
QFrame[role="banner"][kind="success"] { background: $success_soft; border-bottom: 1px solid $success; }
QFrame[role="note"] { background: $surface_sunken; border: none; border-radius: 6px; }

QTextBrowser { background: transparent; border: none;
    selection-background-color: $selection; selection-color: $on_selection; }
QScrollArea, QAbstractScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="canvas"] { background: $surface; }
QListView, QTreeView { background: $surface; border: none; selection-background-color: $selection;
    selection-color: $on_selection; show-decoration-selected: 1; }
QListView[role="picks"] { background: $surface_raised; }
QTreeView::item { min-height: 24px; border: none; color: $text; }
QTreeView::item:hover { background: $surface_hover; }
QTreeView::item:selected { background: $accent_soft; color: $text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:hover { background: $surface_hover; }
QTreeView::branch:selected { background: $accent_soft; }
QTreeView::branch:has-children:closed { image: url("$chevron_right"); }
QTreeView::branch:has-children:open { image: url("$chevron_down"); }

QTabBar { background: $window; border: none; }
QTabBar::tab { background: transparent; color: $text_muted; font-size: 12px; padding: 5px 12px 3px;
    border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; background: $surface_hover; }
QTabBar::tab:selected { color: $text; background: $surface; border-bottom-color: $accent; }

QMenuBar { background: $window; color: $text; padding: 2px 4px; border: none; }
QMenuBar::item { background: transparent; padding: 4px 10px; border-radius: 4px; }
QMenuBar::item:selected { background: $surface_hover; }
QMenu { background: $surface_raised; color: $text; border: 1px solid $border_strong; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 24px; border-radius: 4px; }
QMenu::item:selected { background: $surface_hover; color: $text; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $border; margin: 6px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::indicator:checked { image: url("$check"); }

QStatusBar { background: $window; border-top: 1px solid $border; color: $text_muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $text_muted; font-size: 12px; }

QSlider { min-height: 20px; border: 1px solid transparent; border-radius: 4px; }
QSlider:focus { border-color: $focus; }
QSlider::groove:horizontal { background: $surface_sunken; border: 1px solid $border; border-radius: 3px; height: 4px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 3px; }
QSlider::handle:horizontal { background: $surface_raised; border: 2px solid $accent; border-radius: 7px; width: 10px;
    margin: -5px 0; }
QSlider::handle:horizontal:hover { background: $accent_soft; }

QProgressBar { background: $surface_sunken; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; border: none; }
QScrollBar::handle { background: $border_strong; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; }
""")


def scaled(pixels: int, percent: int) -> int:
    """A height of text at a size of text, in whole pixels."""
    return max(1, round(pixels * percent / 100))


def stylesheet(colors: Mapping[str, str], icons: IconMaker, text_size: int = 100) -> str:
    """The whole stylesheet, its text at a size in percent; KeyError where a theme lacks a colour."""
    pictures = {
        "chevron_right": icons.file("chevron-right", colors["text_muted"]),
        "chevron_down": icons.file("chevron-down", colors["text_muted"]),
        "check": icons.file("check", colors["accent"]),
        "check_on": icons.file("check", colors["on_accent"]),
    }
    sheet = _SHEET.substitute({**colors, **pictures})
    return _FONT_SIZE.sub(lambda found: f"font-size: {scaled(int(found[1]), text_size)}px", sheet)


def set_role(widget: QWidget, role: str) -> None:
    """Say what a widget is, for the stylesheet."""
    widget.setProperty("role", role)


def set_ground(widget: QWidget) -> None:
    """Stand on the colour of what is read, which comes from the palette: for what holds parts that are dressed."""
    widget.setAutoFillBackground(True)
    widget.setBackgroundRole(QPalette.ColorRole.Base)


def restyle(widget: QWidget) -> None:
    """Let the stylesheet look again after a dynamic property has changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
