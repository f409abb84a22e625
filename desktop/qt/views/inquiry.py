"""The left pane: one input for questions and searches, and the files."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from core.settings import Settings
from desktop.qt import figures
from desktop.qt.replies import Status
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.ask import AskView
from desktop.qt.views.files import FilesView
from desktop.qt.views.marks import MarksView
from desktop.qt.views.search import SearchView
from desktop.qt.widgets.buttons import Segments
from desktop.qt.widgets.composer import Composer
from desktop.qt.words import tr

ASK, SEARCH, FILES, MARKS = "ask", "search", "files", "marks"
BUDGETS = (2_000, 4_000, 8_000, 16_000, 32_000)
_HINTS = {ASK: "Ask how something works", SEARCH: "Search words, symbols or meaning"}


class InquiryPane(QFrame):
    """Ask, Search and Files behind three tabs; the first two share the input."""

    opened = Signal(object)
    """A `CodeLocation` to show."""
    model_asked = Signal()
    """Somebody wants to choose who answers."""

    def __init__(self, session: Session, themes: ThemeManager, settings: Settings) -> None:
        super().__init__()
        set_role(self, "pane")
        tabs = ((ASK, tr("Ask")), (SEARCH, tr("Search")), (FILES, tr("Files")), (MARKS, tr("Marks")))
        self.tabs = Segments(tabs, tr("Ask, search, files or bookmarks"))
        self.tabs.chosen.connect(self.show_tab)
        self.composer = Composer(themes)
        self.composer.submitted.connect(self._submit)
        self.composer.edited.connect(self._on_edit)
        self.ask = AskView(session, themes, settings.provider, settings.retrieval.budget)
        self.search = SearchView(session, themes)
        self.files = FilesView(session, themes)
        self.marks = MarksView(themes)
        self.composer.stopped.connect(self.ask.stop)
        self.ask.busy_changed.connect(self.composer.set_busy)
        self.ask.suggested.connect(self.ask_question)
        for view in (self.ask, self.search, self.files, self.marks):
            view.opened.connect(self.opened)
        self._mode_row = self._make_mode_row(settings)
        self._stack = QStackedWidget()
        for page in (self.ask, self.search, self.files, self.marks):
            self._stack.addWidget(page)
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 16, 8)
        top.setSpacing(10)
        top.addWidget(self.tabs)
        top.addWidget(self.composer)
        top.addWidget(self._mode_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        self.setMinimumWidth(288)
        self.show_tab(ASK)

    @property
    def tab(self) -> str:
        return self.tabs.current

    def show_tab(self, tab: str) -> None:
        """Bring a tab to the front, with the keyboard in its input."""
        pages = {ASK: self.ask, SEARCH: self.search, FILES: self.files, MARKS: self.marks}
        if tab not in pages:  # remembered by another version
            return
        self.tabs.choose(tab)
        self._stack.setCurrentWidget(pages[tab])
        self.composer.setVisible(tab in _HINTS)
        self._mode_row.setVisible(tab == ASK)
        if tab == FILES:
            self.files.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        if tab == MARKS:
            self.marks.take_focus()
            return
        self.composer.set_hint(tr(_HINTS[tab]))
        self.composer.set_busy(tab == ASK and self.ask.busy)
        self.composer.input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if tab == SEARCH and self.composer.text:
            self.search.search(self.composer.text, at_once=True)

    def ask_question(self, question: str) -> None:
        self.show_tab(ASK)
        self.composer.set_text("")
        self.ask.ask(question)

    def show_status(self, status: Status) -> None:
        self.search.show_status(status)

    def clear(self) -> None:
        """For another project."""
        self.ask.clear()
        self.search.clear()
        self.files.clear()
        self.composer.set_text("")
        self.show_tab(ASK)

    def _submit(self, text: str) -> None:
        if self.tab == SEARCH:
            self.search.search(text, at_once=True)
            self.search.focus_results()
        else:
            self.ask_question(text)

    def _on_edit(self, text: str) -> None:
        if self.tab == SEARCH:
            self.search.search(text)

    def _make_mode_row(self, settings: Settings) -> QWidget:
        """Who answers, and how many tokens an answer may rest on."""
        self.who = QToolButton()
        set_role(self.who, "chip")
        self.who.clicked.connect(self.model_asked)
        self.budget = QToolButton()
        set_role(self.budget, "chip")
        self.budget.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.budget.setToolTip(tr("How many tokens of code an answer may rest on"))
        menu = QMenu(self.budget)
        for tokens in BUDGETS:
            action = menu.addAction(tr("{tokens} tokens", tokens=figures.count(tokens)))
            action.triggered.connect(lambda _checked=False, tokens=tokens: self._set_budget(tokens))
        self.budget.setMenu(menu)
        self.use(settings)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.who)
        row.addStretch(1)
        row.addWidget(self.budget)
        return holder

    def use(self, settings: Settings) -> None:
        """Ask whom the settings name, within their budget, from now on."""
        provider = settings.provider
        self.ask.provider = provider
        self.who.setText((provider.model or provider.provider) if provider.provider else tr("Evidence only"))
        tip = tr("Answers are put together from the index. Nothing leaves this machine.")
        self.who.setToolTip(tr("Questions go to {name}", name=provider.provider) if provider.provider else tip)
        self.who.setAccessibleName(tr("Who answers: {name}", name=self.who.text()))
        self._set_budget(settings.retrieval.budget)

    def _set_budget(self, tokens: int) -> None:
        self.ask.budget = tokens
        self.budget.setText(tr("{tokens} tokens", tokens=figures.count(tokens)))
        self.budget.setAccessibleName(tr("Budget: {tokens} tokens", tokens=tokens))
