"""The left pane: one input for questions and searches, and the files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from core.settings import Settings
from desktop.qt import figures
from desktop.qt.dragging import dropped
from desktop.qt.replies import PlaceReply, Status
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_ground, set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.ask import AskView
from desktop.qt.views.files import FilesView
from desktop.qt.views.marks import MarksView
from desktop.qt.views.search import SearchView
from desktop.qt.widgets.buttons import Segments, tool_button
from desktop.qt.widgets.chips import chip
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
    earlier_asked = Signal()
    """Somebody wants to see what was asked before."""
    new_asked = Signal()
    """Somebody wants to begin another conversation."""

    def __init__(self, session: Session, themes: ThemeManager, settings: Settings) -> None:
        super().__init__()
        set_ground(self)
        self._session = session
        self._themes = themes
        self.setAcceptDrops(True)
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
        top.addWidget(self.ask.chips)
        top.addWidget(self._mode_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        themes.dress(self.tabs, self.composer, self.ask.chips, self._mode_row, self.search, self.files, self.marks)
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
        self.ask.chips.setVisible(tab == ASK and bool(self.ask.chips.chips))
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

    def question(self) -> str:
        """The question that is being written, else the last that was asked; empty where there is neither."""
        written = self.composer.text if self.tab == ASK else ""
        return written or (self.ask.turns[0].question.text() if self.ask.turns else "")

    def asked_now(self) -> dict[str, object]:
        """What the engine would be asked for that question."""
        return self.ask.asked(self.question())

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
            self.search.submit(text)
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
        self.deep = chip(tr("Deep"), tr("Take questions apart, answer each part, and make one answer of them"))
        self.deep.setCheckable(True)
        self.deep.toggled.connect(self._set_deep)
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
        who, what = QHBoxLayout(), QHBoxLayout()
        who.addWidget(self.who)
        who.addWidget(self.deep)
        who.addStretch(1)
        what.addWidget(
            tool_button(self._themes, "history", tr("Earlier questions…"), self.earlier_asked.emit, "Ctrl+Shift+H")
        )
        what.addWidget(tool_button(self._themes, "plus", tr("New conversation"), self.new_asked.emit, "Ctrl+Alt+N"))
        what.addStretch(1)
        what.addWidget(self.budget)
        holder = QWidget()
        self._modes = QBoxLayout(QBoxLayout.Direction.LeftToRight, holder)
        self._modes.setContentsMargins(0, 0, 0, 0)
        for row in (self._modes, who, what):
            row.setSpacing(6)
        self._modes.addLayout(who, 1)
        self._modes.addLayout(what)
        return holder

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for all of it in one row, what is asked with stands below who is asked."""
        super().resizeEvent(event)
        buttons = [item for item in self._mode_row.findChildren(QToolButton) if not item.isHidden()]
        needed = sum(button.sizeHint().width() + self._modes.spacing() for button in buttons)
        fits = self._mode_row.width() >= needed
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._modes.direction() != direction:
            self._modes.setDirection(direction)

    def use(self, settings: Settings) -> None:
        """Ask whom the settings name, within their budget, from now on."""
        provider = settings.provider
        self.ask.provider = provider
        self.who.setText((provider.model or provider.provider) if provider.provider else tr("Evidence only"))
        tip = tr("Answers are put together from the index. Nothing leaves this machine.")
        self.who.setToolTip(tr("Questions go to {name}", name=provider.provider) if provider.provider else tip)
        self.who.setAccessibleName(tr("Who answers: {name}", name=self.who.text()))
        self._set_budget(settings.retrieval.budget)

    def _set_deep(self, deep: bool) -> None:
        self.ask.deep = deep

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event):
            event.acceptProposedAction()
        else:
            event.ignore()  # the window may open it

    def dropEvent(self, event: QDropEvent) -> None:
        for place in self._dropped(event):
            self.show_tab(ASK)
            self.ask.chips.pin(place)
        event.acceptProposedAction()

    def _dropped(self, event: QDropEvent) -> Sequence[PlaceReply]:
        status = self._session.status
        return dropped(event.mimeData(), status["source"]) if status is not None else ()

    def _set_budget(self, tokens: int) -> None:
        self.ask.budget = tokens
        self.budget.setText(tr("{tokens} tokens", tokens=figures.count(tokens)))
        self.budget.setAccessibleName(tr("Budget: {tokens} tokens", tokens=tokens))
