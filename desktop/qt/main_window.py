"""The window: puts the views together and says which of them is to be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from core.settings import Settings
from desktop.bookmark_file import Bookmark
from desktop.own_process import own_command
from desktop.qt import figures
from desktop.qt.choices import Choices
from desktop.qt.commands import CommandRegistry
from desktop.qt.conversations import Conversations
from desktop.qt.detached import start_detached
from desktop.qt.drops import Drops
from desktop.qt.editors import open_in_editor
from desktop.qt.engine_client import EngineError
from desktop.qt.follower import Follower
from desktop.qt.history import CodeLocation, PageLocation
from desktop.qt.job_display import JobDisplay
from desktop.qt.jobs import Jobs
from desktop.qt.lookups import Lookups
from desktop.qt.memory import Memory, open_last
from desktop.qt.openings import Openings
from desktop.qt.replies import IndexEntry, Status
from desktop.qt.reports import Reports
from desktop.qt.session import Session
from desktop.qt.sheets import Sheets
from desktop.qt.theme import ThemeChoice, ThemeManager
from desktop.qt.user_files import UserFiles
from desktop.qt.views.about import AboutSheet
from desktop.qt.views.jobs import JobsSheet
from desktop.qt.views.looking import LookingView
from desktop.qt.views.panes import Pane
from desktop.qt.views.preferences import PreferencesSheet
from desktop.qt.views.preview import PreviewView
from desktop.qt.views.problems import PROBLEMS
from desktop.qt.views.progress import ProgressView
from desktop.qt.views.report import ReportSheet
from desktop.qt.views.sending import SendingSheet
from desktop.qt.views.shortcuts import ShortcutsSheet
from desktop.qt.views.status_line import StatusLine
from desktop.qt.views.top_bar import TopBar
from desktop.qt.views.welcome import WelcomeView
from desktop.qt.views.workspace import Workspace
from desktop.qt.widgets.banner import Banner, Step
from desktop.qt.widgets.drop_area import DropOverlay
from desktop.qt.widgets.picker import Picker
from desktop.qt.widgets.sheet import Sheet
from desktop.qt.window_commands import window_commands
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.links import Place

SMALLEST = (960, 600)
FIRST_SIZE = (1440, 900)
_GEOMETRY = "window/geometry"
_FORMATS = (
    "SVG picture (*.svg);;PNG picture (*.png);;PDF document (*.pdf);;"
    "Graphviz (*.dot);;Mermaid (*.mmd);;GraphML (*.graphml);;JSON (*.json)"
)


class MainWindow(QMainWindow):
    """One project at a time."""

    def __init__(self, session: Session, themes: ThemeManager, choices: Choices, store: QSettings, files: UserFiles) -> None:
        super().__init__()
        settings = choices.settings
        self.choices = choices
        self.files = files
        self.session = session
        self.themes = themes
        self._store = store
        self._wanted: Place | None = None
        self.follower = Follower(session, enabled=settings.watch)
        self.jobs = Jobs(session, self)
        self.setMinimumSize(*SMALLEST)
        self.welcome = WelcomeView(themes)
        self.looking = LookingView()
        self.preview = PreviewView(themes)
        self.openings = Openings(self, self.looking, self.preview)
        self.progress = ProgressView(themes)
        self.workspace = Workspace(session, themes, settings, store)
        self.memory = Memory(files, store, self.workspace)
        self.status_line = StatusLine(themes)
        self.setStatusBar(self.status_line)
        self.job_display = JobDisplay(self)
        self.banner = Banner(themes)
        self.picker = Picker(themes, self)
        self.overlay = DropOverlay(themes, self)
        self.commands = CommandRegistry(self)
        self.lookups = Lookups(session, self.commands, self.picker, self.workspace, self.banner)
        workspace = self.workspace
        self.conversations = Conversations(session, self.picker, workspace.inquiry, workspace.code, self.banner)
        self.commands.add(window_commands(self))
        self.commands.build_menus(self.menuBar())
        self.top_bar = TopBar(themes, self.commands)
        self._pages = QStackedWidget()
        for page in (self.welcome, self.looking, self.preview, self.progress, self.workspace):
            self._pages.addWidget(page)
        self.reports = Reports(files.data / "logs", self)
        makers: dict[str, Callable[[], Sheet]] = {
            "shortcuts": lambda: ShortcutsSheet(themes, self.commands),
            "preferences": self._make_preferences,
            "about": lambda: AboutSheet(themes, session),
            "report": lambda: ReportSheet(themes, self.reports),
            "clone": self.openings.make_clone_sheet,
            "jobs": lambda: JobsSheet(themes, self.jobs, self.job_display.cancel),
            "sending": lambda: SendingSheet(themes, session, workspace.inquiry.asked_now),
        }
        self.sheets = Sheets(self._pages, self.show_page, makers)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.top_bar, self.banner):
            column.addWidget(part)
        column.addWidget(self._pages, 1)
        self.setCentralWidget(centre)
        themes.dress(self.menuBar(), self.top_bar, self.banner, self.status_line, self.picker, self.overlay)
        themes.dress(self.welcome, self.looking, self.preview, self.progress)
        Drops(self)
        self._connect()
        self._restore()
        self.show_welcome()

    # Opening

    def open_source(self, source: str) -> None:
        self.openings.open(source)

    def open_place(self, place: Place) -> None:
        """Open an index, and show a line of it once it is there."""
        self._wanted = place
        self.session.open_index(str(place.index))

    def open_last(self) -> None:
        """The project that was open when the window was closed, where it is still there."""
        open_last(self.memory, self.session.open_index)

    def come_to_front(self, source: str) -> None:
        """Another start of the program wants this window, and perhaps a source in it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if source:
            self.open_source(source)

    def open_another(self) -> None:
        """One more window, for another project; it is a program of its own, which this one does not wait for."""
        if not start_detached(own_command("window", "--new")):
            self.banner.tell("error", tr("Another window cannot be opened."), tr("The system did not start it."), [])

    def show_welcome(self) -> None:
        self.show_page(self.welcome)
        self.setWindowTitle("Codestrata")
        self.status_line.clear()
        self.session.recent(self._show_recent)

    def rebuild(self) -> None:
        """Build the open index from nothing."""
        status = self.session.status
        if status is not None:
            self.session.rebuild(status["source"], status["index"])

    # What commands do

    def is_open(self) -> bool:
        return bool(self.session.index)

    def has_drawing(self) -> bool:
        return self.is_open() and self.workspace.diagram.canvas.drawing is not None

    def has_answer(self) -> bool:
        return self.is_open() and bool(self.workspace.inquiry.ask.turns)

    def show_tab(self, tab: str) -> None:
        self.sheets.close()
        self.workspace.bring(Pane.INQUIRY)
        self.workspace.inquiry.show_tab(tab)

    def copy_answer(self) -> None:
        QGuiApplication.clipboard().setText(self.workspace.inquiry.ask.turns[0].as_markdown())

    def export_diagram(self) -> None:
        """Ask where to, and let the engine write the file."""
        suggested = f"{self.workspace.diagram.suggested_name()}.svg"
        file, chosen = QFileDialog.getSaveFileName(self, tr("Export diagram"), suggested, _FORMATS)
        if file:
            ending = chosen.rpartition("*")[2].rstrip(")") if chosen else ".svg"
            self.export_to(file if "." in file.rpartition("/")[2] else f"{file}{ending}")

    def export_to(self, file: str) -> None:
        """Write the diagram that is shown to a file."""
        theme = "dark" if self.themes.theme.dark else "light"

        def told(reply: Any) -> None:
            self.banner.tell("success", tr("Saved {file}", file=reply["file"]), figures.size(reply["bytes"]))

        self.workspace.diagram.export(file, theme, told, self._tell)

    def find_here(self) -> None:
        """Find in what the keyboard is in: the diagram, else the open file."""
        diagram, focus = self.workspace.diagram, QApplication.focusWidget()
        in_diagram = focus is not None and diagram.isAncestorOf(focus)
        if in_diagram or self.workspace.code.location is None:
            diagram.open_find()
        else:
            self.workspace.code.open_find()

    def choose_theme(self, choice: ThemeChoice) -> None:
        self.themes.choose(choice)
        self.change({"theme": str(choice)})

    def switch_theme(self) -> None:
        self.choose_theme(ThemeChoice.LIGHT if self.themes.theme.dark else ThemeChoice.DARK)

    def change(self, changes: Mapping[str, object]) -> None:
        """Change preferences from outside their page, saying what is wrong."""
        for problem in self.choices.change(changes).values():
            self.banner.tell("error", tr("The preferences were not changed."), problem)

    def show_sheet(self, name: str) -> Callable[[], None]:
        """What opens a sheet."""
        return lambda: self.sheets.open(name)

    # Answers to the session

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self._on_opened)
        session.refreshed.connect(self._on_refreshed)
        session.counted.connect(self._show_status)
        session.updated.connect(self._on_updated)
        self.follower.said.connect(self.status_line.activity.setText)
        session.closed.connect(self.show_welcome)
        session.engine_crashed.connect(self._on_crash)
        self.reports.failed.connect(self._on_own_failure, Qt.ConnectionType.QueuedConnection)
        self.choices.changed.connect(self._on_choices)
        self.welcome.open_asked.connect(self.openings.choose_folder)
        self.welcome.archive_asked.connect(self.openings.choose_archive)
        self.welcome.clone_asked.connect(self.show_sheet("clone"))
        self.welcome.sample_asked.connect(self.openings.open_sample)
        self.welcome.recent_chosen.connect(self.openings.open_recent)
        self.top_bar.recent_chosen.connect(self.openings.open_recent)
        self.status_line.update_asked.connect(session.update)
        self.status_line.problems_asked.connect(lambda: self.workspace.visit(PageLocation(PROBLEMS)))
        workspace = self.workspace
        workspace.visited.connect(self._refresh_history)
        workspace.pane_menu_asked.connect(lambda where: self.commands.open_menu("Pane", where))
        workspace.visited.connect(self.sheets.close)
        workspace.inquiry.model_asked.connect(self.show_sheet("preferences"))
        workspace.inquiry.ask.consent_asked.connect(self._ask_consent)
        workspace.diagram.export_asked.connect(self.export_diagram)
        workspace.diagram.way_asked.connect(self.lookups.pick_way)
        workspace.diagram.failed.connect(self._tell)
        workspace.code.update_asked.connect(session.update)
        workspace.code.neighbours_asked.connect(self.lookups.list_neighbours)
        workspace.code.word_asked.connect(self.lookups.ask_word)
        workspace.code.editor_asked.connect(self._open_in_editor)
        workspace.code.blame_failed.connect(self._tell)
        workspace.inquiry.marks.removed.connect(self._on_mark_removed)
        session.closed.connect(lambda: self.memory.leave(closing=False))
        session.closed.connect(workspace.leave)

    def _on_choices(self, before: Settings, after: Settings) -> None:
        """What a person has chosen holds from now on."""
        self.themes.choose(ThemeChoice(after.theme))
        self.themes.set_text_size(after.text_size)
        self.workspace.inquiry.use(after)
        self.follower.follow(after.watch)
        rules = self.follower.start_again if before.scan != after.scan else lambda: None
        self.session.engine.call("reload", {}, lambda _reply: rules(), self._tell)

    def _make_preferences(self) -> PreferencesSheet:
        sheet = PreferencesSheet(self.themes, self.choices)
        sheet.reset.connect(self._on_reset)
        sheet.file_asked.connect(self._open_preferences_file)
        return sheet

    def _ask_consent(self, host: str, question: str) -> None:
        """A question would send evidence to a host nobody has agreed to: ask, with the evidence in view."""
        index = self.session.index

        def ask_again(_reply: object) -> None:
            if self.session.index == index:
                self.workspace.inquiry.ask_question(question)

        def allow() -> None:
            self.session.engine.call("consent", {"host": host}, ask_again, self._tell)

        why = tr(
            "The question and the evidence listed under it would leave this machine. Once allowed, no later question asks."
        )
        steps: list[Step] = [
            (tr("Allow {host}", host=host), allow),
            (tr("What would be sent"), self.show_sheet("sending")),
            (tr("Preferences"), self.show_sheet("preferences")),
        ]
        self.banner.tell("info", tr("Send this question to {host}?", host=host), why, steps)

    def _on_reset(self, before: Mapping[str, object]) -> None:
        self.banner.tell("info", tr("The preferences are as they came."), "", [(tr("Undo"), lambda: self.change(before))])

    def _open_in_editor(self, file: str, line: int) -> None:
        steps: list[Step] = [(tr("Preferences"), self.show_sheet("preferences"))]
        if not file:
            why = tr("It is in an archive or a repository, or has been deleted since.")
            self.banner.tell("info", tr("This file does not lie in a folder."), why)
        elif not open_in_editor(self.choices.settings.editor, Path(file), line):
            command = self.choices.settings.editor or tr("the system's own program")
            self.banner.tell("error", tr("The editor could not be started."), command, steps)

    def _on_mark_removed(self, mark: Bookmark) -> None:
        undo: Step = (tr("Undo"), lambda: self.workspace.bookmarks.put(mark))
        self.banner.tell("success", tr("The bookmark at {place} is removed.", place=f"{mark.path}:{mark.line}"), "", [undo])

    def _open_preferences_file(self) -> None:
        self.choices.file.parent.mkdir(parents=True, exist_ok=True)
        self.choices.file.touch()
        open_in_editor(self.choices.settings.editor, self.choices.file, 1)

    def _on_opened(self, status: Status) -> None:
        self.show_page(self.workspace)
        self.memory.leave(closing=False)
        self.workspace.open_project(status, drawable=status["complete"] or not self.session.indexing)
        self._show_status(status)
        self.workspace.inquiry.composer.input.setFocus()
        wanted, self._wanted = self._wanted, None
        if wanted is not None and str(wanted.index) == status["index"]:
            self.workspace.visit(CodeLocation(wanted.path, wanted.line))
        else:
            self.memory.enter(status)
        self.session.recent(self._show_recent)
        if not status["stale_files"] or self.session.indexing:
            return
        if self.follower.follows(status):
            self.follower.catch_up()
        else:
            changed = figures.plural(status["stale_files"], "file has", "files have")
            why = tr("Answers quote the code as it was then.")
            self.banner.tell(
                "info",
                tr("{changed} changed since the last indexing.", changed=changed),
                why,
                [(tr("Update"), self.session.update)],
            )

    def _on_refreshed(self, status: Status) -> None:
        self._show_status(status)
        self.openings.leave_looking()
        self.workspace.refresh_project(status)

    def _on_updated(self, status: Status) -> None:
        self._show_status(status)
        self.workspace.follow_project(status)

    def _show_status(self, status: Status) -> None:
        self.setWindowTitle(f"{status['name']} – Codestrata")
        self.top_bar.show_project(status["name"])
        self.status_line.show_status(status)
        if self.session.indexing:
            self.status_line.stale.hide()

    def _on_crash(self, why: str) -> None:
        self.banner.tell(
            "warning", tr("The engine stopped and has been started again."), tr("Nothing is lost; {why}.", why=why)
        )

    def _on_own_failure(self, line: str) -> None:
        self.banner.tell("error", tr("Something in the window failed."), line, [self._show_report])

    def tell_earlier_crash(self) -> None:
        """Where the run before ended in a crash, say so."""
        if self.reports.earlier:
            why = tr("What is open is kept. Nothing was sent.")
            self.banner.tell("warning", tr("The window crashed the last time."), why, [self._show_report])

    @property
    def _show_report(self) -> Step:
        return tr("Show report"), self.show_sheet("report")

    def _tell(self, error: EngineError, steps: Sequence[Step] = ()) -> None:
        self.banner.tell_error(error.what, error.why, error.next_step, steps)

    # The frame

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front, or below the sheet that is there."""
        if self.sheets.keeps(page):
            return
        in_project = page is self.workspace
        with self.workspace.painted_one_by_one():
            self._pages.setCurrentWidget(page)
            self.top_bar.setVisible(in_project)
            self.status_line.setVisible(in_project)
            self.job_display.place_strip()
        self._refresh_history()

    def _show_recent(self, entries: list[IndexEntry]) -> None:
        self.welcome.show_recent(entries)
        self.top_bar.show_recent(entries)

    def _refresh_history(self) -> None:
        self.top_bar.back.setEnabled(self.workspace.history.can_go_back)
        self.top_bar.forward.setEnabled(self.workspace.history.can_go_forward)

    def _restore(self) -> None:
        geometry = self._store.value(_GEOMETRY)
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            room = self.screen().availableGeometry()
            self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.overlay.cover()
        if self.picker.isVisible():
            self.picker.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing nearer took it, stops an answer. A shortcut would take it from everything else."""
        if event.key() == Qt.Key.Key_Escape:
            self.commands.run("ask.stop")
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._store.setValue(_GEOMETRY, self.saveGeometry())
        self.workspace.save()
        self.memory.leave(closing=True)
        self._store.sync()
        self.session.shut_down()
        super().closeEvent(event)
