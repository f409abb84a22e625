"""A walk over every control of a page: each has a name, and Tab reaches it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractItemView)
PLAIN = Qt.KeyboardModifier.NoModifier
MOST_TABS = 120


def press(key, modifiers=PLAIN):
    """A key, to whatever has the keyboard."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    QTest.keyClick(target, key, modifiers)


def named(control):
    said = QAccessible.queryAccessibleInterface(control)
    return control.accessibleName() or (said.text(QAccessible.Text.Name) if said is not None else "")


def controls(root):
    for control in root.findChildren(QWidget):
        inner = control.objectName().startswith("qt_") or isinstance(control.parent(), (QLineEdit, QComboBox))
        in_popup = control.window() is not root.window()
        if isinstance(control, CONTROLS) and control.isVisible() and control.isEnabled() and not inner and not in_popup:
            yield control


def reached_by_tab(window):
    """The widgets that Tab leads to, going round once."""
    first = QApplication.focusWidget()
    reached = [first]
    for _ in range(MOST_TABS):
        press(Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is first or now is None:
            break
        reached.append(now)
    return reached


def check_walk(window, root):
    nameless = [f"{control!r} in {control.parent()!r}" for control in controls(root) if not named(control)]
    assert "\n".join(nameless) == ""
    reached = reached_by_tab(window)
    assert len(set(reached)) >= 2, "Tab has to lead somewhere for the walk to say anything"
    missed = []
    for control in controls(root):
        grouped = isinstance(control, QAbstractButton) and control.group() is not None
        if grouped and any(button in reached for button in control.group().buttons()):
            continue  # Tab reaches the chosen one, and the arrow keys the others
        if control not in reached:
            missed.append(f"{named(control)} ({type(control).__name__})")
    assert "\n".join(missed) == ""
