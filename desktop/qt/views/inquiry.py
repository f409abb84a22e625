"""The left pane: one input for questions and searches, and the files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.settings import Settings
from desktop.qt.dragging import dropped
from desktop.qt.replies import PlaceReply, Status
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_ground, set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.views.ask import AskView
from desktop.qt.views.files import FilesView
from desktop.qt.views.marks import MarksView
from desktop.qt.views.search import SearchView
from desktop.qt.widgets.budget_slider import BudgetSlider
from desktop.qt.widgets.buttons import ElidedButton, Segments, tool_button
from desktop.qt.widgets.chips import chip
from desktop.qt.widgets.composer import Composer
from desktop.qt.words import tr

ASK, SEARCH, FILES, MARKS = "ask", "search", "files", "marks"
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
        top.setContentsMargins(16, 6, 16, 8)
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
        self.setMinimumSize(288, 280)
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
        self.composer.input.selectAll()  # what stands there from another tab gives way to what is typed
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
        self._ask_costs()

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
        elif text:
            self.ask.prepare()

    def _make_mode_row(self, settings: Settings) -> QWidget:
        """Who answers, and how many tokens an answer may rest on."""
        self.who = ElidedButton()
        set_role(self.who, "chip")
        self.who.clicked.connect(self.model_asked)
        self.deep = chip(tr("Deep"), tr("Take questions apart, answer each part, and make one answer of them"))
        self.deep.setCheckable(True)
        self.deep.toggled.connect(self._set_deep)
        self.budget = BudgetSlider()
        self.budget.changed.connect(self._set_budget)
        self.use(settings)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.who)
        row.addWidget(self.deep)
        row.addStretch(1)
        earlier = tool_button(self._themes, "history", tr("Earlier questions…"), self.earlier_asked.emit, "Ctrl+Shift+H")
        row.addWidget(earlier)
        row.addWidget(tool_button(self._themes, "plus", tr("New conversation"), self.new_asked.emit, "Ctrl+Alt+N"))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.budget)
        return holder

    def use(self, settings: Settings) -> None:
        """Ask whom the settings name, within their budget, from now on."""
        provider = settings.provider
        self.ask.provider = provider
        self.who.setText((provider.model or provider.provider) if provider.provider else tr("Evidence only"))
        tip = tr("Answers are put together from the index. Nothing leaves this machine.")
        whose = f"{provider.model} ({provider.provider})" if provider.model else provider.provider
        self.who.setToolTip(tr("Questions go to {name}", name=whose) if provider.provider else tip)
        self.who.setAccessibleName(tr("Who answers: {name}", name=self.who.text()))
        self.budget.set_budget(settings.retrieval.budget)
        self._set_budget(settings.retrieval.budget)
        self._ask_costs()

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

    def _ask_costs(self) -> None:
        """Have told what each budget would cost in the open project, with whoever answers."""
        if self._session.status is None:
            self.budget.show_costs(None)
            return
        params = {**self.ask.whom(), "budgets": list(self.budget.stops)}
        self._session.call(
            "costs", params, self.budget.show_costs, lambda _error: self.budget.show_costs(None), channel="costs"
        )
