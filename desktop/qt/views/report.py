"""The last failure and the end of the log, to read and to copy."""

from __future__ import annotations

from threading import Thread

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from desktop.qt.reports import Reports
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import BODY_PIXELS, ThemeManager, code_font
from desktop.qt.widgets.buttons import push_button
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.words import tr

HEIGHT = 420


class ReportSheet(Sheet):
    """One text and two buttons."""

    _written = Signal(str)

    def __init__(self, themes: ThemeManager, reports: Reports) -> None:
        super().__init__(themes, tr("Report"))
        self._themes = themes
        self._reports = reports
        words = tr("What a person who mends Codestrata would like to see. It is sent nowhere; read it before passing it on.")
        self.column.addWidget(label(words, wrap=True))
        self.text = QPlainTextEdit()
        set_role(self.text, "input")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(tr("Report"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumHeight(HEIGHT)
        self.column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(push_button(tr("Copy"), self._copy, "primary"))
        row.addWidget(push_button(tr("Open the folder of the log"), self._open_folder))
        row.addStretch(1)
        self.column.addLayout(row)
        self._written.connect(self.text.setPlainText)
        themes.changed.connect(self._retheme)
        self._retheme()

    def refresh(self) -> None:
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        # Reading the log, and what is installed, takes longer than a frame.
        Thread(target=lambda: self._written.emit(self._reports.text()), name="report").start()

    def _retheme(self) -> None:
        self.text.setFont(code_font(self._themes.pixels(BODY_PIXELS - 1)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._reports.folder)))
