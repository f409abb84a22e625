"""Which page stands in front of the window's own, and what it leads back to. A sheet is made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from desktop.qt.widgets.sheet import Sheet

Make = Callable[[], Sheet]


class Sheets:
    """The sheets of one window, by name."""

    def __init__(self, pages: QStackedWidget, show: Callable[[QWidget], None], makers: Mapping[str, Make]) -> None:
        """`show` brings a page of `pages` to the front."""
        self._pages = pages
        self._show = show
        self._makers = makers
        self._made: dict[str, Sheet] = {}
        self._below: QWidget | None = None
        self._focus: QWidget | None = None

    def __getitem__(self, name: str) -> Sheet:
        """The sheet of a name, made where it is not there yet."""
        if name not in self._made:
            sheet = self._makers[name]()
            sheet.closed.connect(self.close)
            self._pages.addWidget(sheet)
            sheet.enter()
            self._made[name] = sheet
        return self._made[name]

    @property
    def current(self) -> Sheet | None:
        """The sheet in front, if one is."""
        page = self._pages.currentWidget()
        return page if isinstance(page, Sheet) else None

    @property
    def page(self) -> QWidget:
        """The window's own page: the one in front, or the one a sheet leads back to."""
        page: QWidget | None = self._pages.currentWidget()
        assert page is not None
        return self._below if self._below is not None else page

    def open(self, name: str) -> None:
        """Bring a sheet to the front; where it is there already it stays."""
        sheet = self[name]
        if self.current is None:
            self._below, self._focus = self._pages.currentWidget(), QApplication.focusWidget()
        self._show(sheet)
        sheet.refresh()

    def close(self) -> None:
        """Back to the page below, with the keyboard where it was."""
        below, self._below = self._below, None
        if self.current is None or below is None:
            return
        self._show(below)
        if self._focus is not None and self._focus.isVisible():
            self._focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus = None

    def keeps(self, page: QWidget) -> bool:
        """Whether `page` has to wait below the sheet that is in front; it is then what that sheet leads back to."""
        if self.current is None or self._below is None or isinstance(page, Sheet):
            return False
        self._below = page
        return True
