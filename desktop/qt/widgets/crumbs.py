"""Where one is, from the outside in, each step a button; what does not fit is left out at the outside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from desktop.qt.stylesheet import restyle, set_role
from desktop.qt.widgets.labels import label
from desktop.qt.words import tr

MOST = 6


class Crumbs(QWidget):
    """At most `MOST` steps, the innermost last."""

    chosen = Signal(int)
    """The position of a step, counted from the outside among all that were given."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._texts: Sequence[str] = ()
        self._first = 0
        self._buttons: list[QToolButton] = []
        self._marks: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for at in range(MOST):
            mark = label("›", "small")
            button = QToolButton()
            button.clicked.connect(lambda _checked=False, at=at: self.chosen.emit(self._first + at))
            self._marks.append(mark)
            self._buttons.append(button)
            row.addWidget(mark)
            row.addWidget(button)
        row.addStretch(1)
        self.show_texts(())

    @property
    def texts(self) -> Sequence[str]:
        return self._texts

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show other steps."""
        self._texts = texts
        self._first = max(0, len(texts) - MOST)
        shown = texts[self._first :]
        for at, button in enumerate(self._buttons):
            text = shown[at] if at < len(shown) else ""
            button.setText(text)
            button.setAccessibleName(tr("Go to {name}", name=text) if text else tr("No definition"))
            role = "crumb-last" if at == len(shown) - 1 else "crumb"
            if button.property("role") != role:
                set_role(button, role)
                restyle(button)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide steps from the outside until the rest fits."""
        room = self.width()
        shown = [button for button in self._buttons if button.text()]
        for at in range(len(shown) - 1, -1, -1):
            room -= shown[at].sizeHint().width() + (self._marks[at].sizeHint().width() if at else 0)
            fits = room >= 0 or at == len(shown) - 1
            shown[at].setVisible(fits)
            self._marks[at].setVisible(False)
            if fits and at + 1 < len(shown):
                self._marks[at + 1].setVisible(True)
        for at in range(len(shown), MOST):
            self._buttons[at].hide()
            self._marks[at].hide()
