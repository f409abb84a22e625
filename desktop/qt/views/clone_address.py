"""The page that the address of a git repository is given on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from desktop.qt.dropped_sources import git_address
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

EXAMPLE = "https://host/owner/repository.git"


class CloneSheet(Sheet):
    """One line and a button; what comes of it is the card of every other source."""

    asked = Signal(str)
    """An address."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__(themes, tr("Clone from git"))
        words = tr(
            "git fetches the newest commit from its host, without the history, into a folder of Codestrata. "
            "What would be indexed is shown before anything starts. Nothing else is contacted."
        )
        self.column.addWidget(label(words, wrap=True))
        self.column.addSpacing(8)
        title = label(tr("Address of the repository"))
        self._problem = label("", "error", wrap=True)
        self._problem.hide()
        self.address = QLineEdit()
        self.address.setPlaceholderText(EXAMPLE)
        self.address.setAccessibleName(tr("Address of the repository"))
        self.address.setAccessibleDescription(words)
        self.address.setClearButtonEnabled(True)
        self.address.returnPressed.connect(self._ask)
        self.address.textChanged.connect(lambda _text: self._problem.hide())
        title.setBuddy(self.address)
        self.clone_button = push_button(tr("Clone"), self._ask, "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.address, 1)
        row.addWidget(self.clone_button)
        self.column.addWidget(title)
        self.column.addLayout(row)
        self.column.addWidget(self._problem)
        note = tr("A private repository is reached over ssh with your keys, as git itself would.")
        self.column.addWidget(label(note, "small", wrap=True))
        self.column.addStretch(1)

    @property
    def problem(self) -> str:
        """What is wrong with what was put in, empty where nothing is."""
        return "" if self._problem.isHidden() else self._problem.text()

    def refresh(self) -> None:
        """An address that was copied elsewhere is there already."""
        if not self.address.text():
            self.address.setText(git_address(QGuiApplication.clipboard().text()))
        self.address.selectAll()
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self) -> None:
        text = self.address.text().strip()
        address = git_address(text) or (text if text.startswith("file://") else "")
        if address:
            self.asked.emit(address)
        else:
            self._problem.setText(tr("This is no address of a git repository, as {example} is.", example=EXAMPLE))
            self._problem.show()
