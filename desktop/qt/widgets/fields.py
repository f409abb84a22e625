"""Fields of a form: a title, a control, what it is about, and what is wrong with what was put in.

A field shows a value and tells when a person has put in another; a text is told once typing rests or the keyboard leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.qt.stylesheet import restyle, set_role
from desktop.qt.widgets.labels import label

TITLE_LETTERS = 25
"""The width of the titles."""
REST_MS = 700
"""How long typing rests before what was typed is taken."""


class Field(QWidget):
    """One setting. Subclasses make the control, and say how a value is shown and read."""

    edited = Signal(object)
    """A value a person has put in."""

    def __init__(self, title: str, words: str, control: QWidget) -> None:
        super().__init__()
        self.control = control
        control.setAccessibleName(title)
        control.setAccessibleDescription(words)
        self.words = label(words, "small", wrap=True)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self._title = label(title, wrap=True)
        self._title.setBuddy(control)
        self._title.setContentsMargins(0, 7, 0, 0)
        self.column = QVBoxLayout()
        self.column.setSpacing(4)
        for part in (control, self.problem, self.words):
            self.column.addWidget(part)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 8)
        grid.setHorizontalSpacing(16)
        grid.addWidget(self._title, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(self.column, 0, 1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self._title.setFixedWidth(self._title.fontMetrics().horizontalAdvance("n") * TITLE_LETTERS)

    def show_value(self, value: object) -> None:
        raise NotImplementedError

    def show_problem(self, problem: str) -> None:
        """Say what is wrong, or that nothing is."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if bool(self.control.property("wrong")) != bool(problem):
            self.control.setProperty("wrong", bool(problem))
            restyle(self.control)

    def fix(self, why: str) -> None:
        """Nobody can change this here."""
        self.control.setEnabled(False)
        self.words.setText(why)
        self.control.setAccessibleDescription(why)


class ChoiceField(Field):
    """One of several."""

    def __init__(self, title: str, words: str, choices: Sequence[tuple[object, str]]) -> None:
        """`choices` are (value, title)."""
        self.box = QComboBox()
        super().__init__(title, words, self.box)
        for value, text in choices:
            self.box.addItem(text, value)
        self.box.activated.connect(lambda at: self.edited.emit(self.box.itemData(at)))

    def show_value(self, value: object) -> None:
        at = self.box.findData(value)
        if at < 0:  # one that is known elsewhere
            self.box.addItem(str(value), value)
            at = self.box.count() - 1
        self.box.setCurrentIndex(at)


class SwitchField(Field):
    """Yes or no."""

    def __init__(self, title: str, text: str, words: str) -> None:
        self.box = QCheckBox(text)
        super().__init__(title, words, self.box)
        self.box.setAccessibleName(text)
        self.words.setVisible(bool(words))
        self.box.clicked.connect(lambda *_: self.edited.emit(self.box.isChecked()))

    def show_value(self, value: object) -> None:
        self.box.setChecked(bool(value))


class TextField(Field):
    """A line, or several. `read` makes a value of the text and raises ValueError, with a sentence, where it cannot."""

    def __init__(
        self,
        title: str,
        words: str,
        *,
        read: Callable[[str], object] = str.strip,
        write: Callable[[object], str] = str,
        lines: bool = False,
    ) -> None:
        self.input: QLineEdit | QPlainTextEdit = QPlainTextEdit() if lines else QLineEdit()
        super().__init__(title, words, self.input)
        self._read, self._write = read, write
        self._shown = ""
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.take)
        if isinstance(self.input, QPlainTextEdit):
            set_role(self.input, "input")
            self.input.setTabChangesFocus(True)
            self.input.setFixedHeight(96)
        self.input.textChanged.connect(lambda *_: self._rest.start())
        self.input.installEventFilter(self)

    @property
    def text(self) -> str:
        return self.input.text() if isinstance(self.input, QLineEdit) else self.input.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a text in, as a person would."""
        if isinstance(self.input, QLineEdit):
            self.input.setText(text)
        else:
            self.input.setPlainText(text)

    def show_value(self, value: object) -> None:
        self._shown = self._write(value)
        if not self.input.hasFocus() or not self.text:
            self.set_text(self._shown)
        self._rest.stop()

    def take(self) -> None:
        """Tell what was typed, if it is something else than before."""
        self._rest.stop()
        text = self.text
        if text == self._shown and self.problem.isHidden():
            return
        try:
            value = self._read(text)
        except ValueError as error:
            self.show_problem(str(error))
            return
        self._shown = text
        self.edited.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.input and event.type() == QEvent.Type.FocusOut:
            self.take()
        return super().eventFilter(watched, event)


def heading(text: str) -> QLabel:
    """The title of a part of a form."""
    made = label(text, "heading")
    made.setContentsMargins(0, 20, 0, 4)
    return made
