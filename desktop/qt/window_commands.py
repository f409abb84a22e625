"""The commands of the window, in the order of its menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.qt.commands import Command, Condition
from desktop.qt.history import PACK, PATH, DiagramLocation, PageLocation
from desktop.qt.theme import ThemeChoice
from desktop.qt.views.clones import CLONES
from desktop.qt.views.diagram import KINDS, NEEDS_SYMBOL, VARIANTS
from desktop.qt.views.inquiry import ASK, FILES, MARKS, SEARCH
from desktop.qt.views.overview import OVERVIEW
from desktop.qt.views.panes import Edge, Pane
from desktop.qt.views.problems import PROBLEMS
from desktop.qt.words import tr

if TYPE_CHECKING:
    from desktop.qt.main_window import MainWindow


def window_commands(window: MainWindow) -> list[Command]:
    """All of them."""
    return [
        *_file(window),
        *_edit(window),
        *_ask(window),
        *_diagram(window),
        *_go(window),
        *_view(window),
        *_panes(window),
        *_help(window),
    ]


def _open(window: MainWindow) -> Condition:
    return Condition(window.is_open, tr("Open a project first"))


def _drawn(window: MainWindow) -> Condition:
    return Condition(window.has_drawing, tr("Draw a diagram first"))


def _file_shown(window: MainWindow) -> Condition:
    return Condition(lambda: window.workspace.code.location is not None, tr("Open a file first"))


def _in_symbol(window: MainWindow) -> Condition:
    code = window.workspace.code
    return Condition(lambda: code.symbol is not None or code.is_coming, tr("Put the caret into a definition first"))


def _copied(window: MainWindow) -> Condition:
    return Condition(lambda: window.workspace.code.copies_at() is not None, tr("Put the caret into a repeated definition"))


def _file(window: MainWindow) -> list[Command]:
    session = window.session
    is_open, indexing = _open(window), Condition(lambda: session.indexing, tr("Nothing is being indexed"))
    open_and_idle = Condition(
        lambda: is_open() and not session.indexing, tr("Open a project first, and let indexing come to its end")
    )
    return [
        Command("file.open", "Open folder…", window.openings.choose_folder, ("Ctrl+O",), "File"),
        Command("file.archive", tr("Open archive…"), window.openings.choose_archive, (), "File"),
        Command("file.clone", tr("Clone from git…"), window.show_sheet("clone"), (), "File"),
        Command("file.another", tr("New window"), window.open_another, ("Ctrl+Shift+N",), "File"),
        Command("file.sample", "Open the sample project", window.openings.open_sample, (), "File"),
        Command("file.close", "Close project", session.close_project, ("Ctrl+W",), "File", enabled=is_open),
        Command("file.update", "Update index", session.update, ("F5",), "File", 1, open_and_idle),
        Command("file.rebuild", "Rebuild index", window.rebuild, (), "File", 1, open_and_idle),
        Command("file.cancel", "Cancel indexing", window.job_display.cancel, (), "File", 1, indexing),
        Command(
            "file.follow",
            "Update while files change",
            lambda: window.change({"watch": not window.follower.enabled}),
            (),
            "File",
            1,
            checked=lambda: window.follower.enabled,
        ),
        Command("file.jobs", tr("Jobs"), window.show_sheet("jobs"), ("Ctrl+Shift+J",), "File", 1),
        Command("file.export", "Export diagram…", window.export_diagram, ("Ctrl+E",), "File", 2, _drawn(window)),
        Command("file.preferences", "Preferences…", window.show_sheet("preferences"), ("Ctrl+,",), "File", 3),
        Command("file.quit", "Quit", window.close, ("Ctrl+Q",), "File", 4),
    ]


def _edit(window: MainWindow) -> list[Command]:
    code, shown = window.workspace.code, _file_shown(window)
    findable = Condition(lambda: shown() or window.has_drawing(), tr("Open a file or draw a diagram first"))
    return [
        Command("edit.find", "Find in file or diagram", window.find_here, ("Ctrl+F",), "Edit", enabled=findable),
        Command("edit.mark", tr("Bookmark this line…"), code.mark_line, ("Ctrl+B",), "Edit", enabled=shown),
        Command("edit.copy_place", tr("Copy path and line"), code.copy_place, ("Ctrl+Alt+C",), "Edit", 1, shown),
        Command(
            "edit.copy_answer",
            "Copy answer as Markdown",
            window.copy_answer,
            ("Ctrl+Shift+C",),
            "Edit",
            1,
            Condition(window.has_answer, tr("Ask a question first")),
        ),
    ]


def _ask(window: MainWindow) -> list[Command]:
    inquiry = window.workspace.inquiry
    is_open, busy = _open(window), Condition(lambda: inquiry.ask.busy, tr("Nothing is being answered"))
    return [
        Command("ask.ask", "Ask a question", lambda: window.show_tab(ASK), ("Ctrl+L",), "Ask", enabled=is_open),
        Command("ask.search", "Search the code", lambda: window.show_tab(SEARCH), ("Ctrl+Shift+F",), "Ask", enabled=is_open),
        Command("ask.files", "Show files", lambda: window.show_tab(FILES), ("Ctrl+Shift+E",), "Ask", enabled=is_open),
        Command(
            "ask.marks", tr("Show bookmarks"), lambda: window.show_tab(MARKS), ("Ctrl+Shift+B",), "Ask", enabled=is_open
        ),
        Command("ask.stop", "Stop answering", inquiry.ask.stop, (), "Ask", 1, busy),
        *_conversation(window),
    ]


def _conversation(window: MainWindow) -> list[Command]:
    talk, ask, is_open = window.conversations, window.workspace.inquiry.ask, _open(window)
    kept = Condition(lambda: talk.can_be_exported, tr("Ask a question first"))
    asked = Condition(lambda: is_open() and bool(window.workspace.inquiry.question()), tr("Write a question first"))
    last = Condition(lambda: bool(ask.turns) and ask.turns[0].number > 0, tr("Ask a question first"))
    return [
        Command("ask.earlier", tr("Earlier questions…"), talk.pick_earlier, ("Ctrl+Shift+H",), "Ask", 2, is_open),
        Command("ask.new", tr("New conversation"), talk.start_anew, ("Ctrl+Alt+N",), "Ask", 2, is_open),
        Command("ask.export", tr("Export conversation…"), lambda: talk.export(window), ("Ctrl+Shift+X",), "Ask", 2, kept),
        Command("ask.sent", tr("What would be sent"), window.show_sheet("sending"), (), "Ask", 2, asked),
        Command("ask.accept", tr("Accept the last answer"), talk.accept_last, ("Ctrl+Shift+A",), "Ask", 2, last),
        Command("ask.deep", tr("Deep questions"), talk.switch_deep, (), "Ask", 3, is_open, checked=lambda: ask.deep),
        Command("ask.pin", tr("Pin this definition"), talk.pin_definition, (), "Ask", 3, _in_symbol(window)),
    ]


def _diagram(window: MainWindow) -> list[Command]:
    diagram, is_open, has_drawing = window.workspace.diagram, _open(window), _drawn(window)
    inside = Condition(lambda: bool(diagram.location.scope), tr("This is the whole already"))
    hiding = Condition(lambda: diagram.canvas.filter.is_active, tr("Nothing is hidden"))

    def kind(number: int, name: str, title: str) -> Command:
        draw = lambda: window.workspace.visit(DiagramLocation(name))  # noqa: E731
        return Command(f"diagram.{name}", f"{title} diagram", draw, (f"Ctrl+{number}",), "Diagram", 0, is_open)

    def variant(name: str, title: str) -> Command:
        """The same part drawn otherwise, or the whole where the part is of another sort."""

        def draw() -> None:
            drawn_now = diagram.location
            fits = (name in NEEDS_SYMBOL) == (drawn_now.kind in NEEDS_SYMBOL) and drawn_now.kind not in (PATH, PACK)
            window.workspace.visit(DiagramLocation(name, drawn_now.scope if fits else ""))

        if name == PATH:
            return Command("diagram.path", "Way between two symbols…", window.lookups.pick_way, (), "Diagram", 0, is_open)
        return Command(f"diagram.{name}", f"{title} diagram", draw, (), "Diagram", 0, is_open)

    drawn = dict(KINDS)
    return [
        *(kind(number, name, title) for number, (name, title) in enumerate(KINDS, 1)),
        *(variant(name, title) for variants in VARIANTS.values() for name, title in variants if name not in drawn),
        Command("diagram.filter", "Choose what is to be seen", diagram.open_filter, (), "Diagram", 1, has_drawing),
        Command("diagram.show_all", "Show what is hidden", diagram.show_everything, (), "Diagram", 1, hiding),
        Command("diagram.copy", "Copy diagram as a picture", diagram.copy_picture, (), "Diagram", 1, has_drawing),
        Command("diagram.up", "Out to the whole", diagram.go_up, (), "Diagram", 1, inside),
        Command("diagram.zoom_in", "Zoom in", diagram.canvas.zoom_in, ("Ctrl++", "Ctrl+="), "Diagram", 2, has_drawing),
        Command("diagram.zoom_out", "Zoom out", diagram.canvas.zoom_out, ("Ctrl+-",), "Diagram", 2, has_drawing),
        Command("diagram.fit", "Fit into view", diagram.canvas.fit, ("Ctrl+0",), "Diagram", 2, has_drawing),
    ]


def _go(window: MainWindow) -> list[Command]:
    workspace, code, is_open = window.workspace, window.workspace.code, _open(window)
    history, in_symbol = workspace.history, _in_symbol(window)
    can_go_back = Condition(lambda: history.can_go_back, tr("There is nothing before this"))
    can_go_forward = Condition(lambda: history.can_go_forward, tr("There is nothing after this"))
    return [
        Command("go.back", "Back", workspace.back, ("Alt+Left",), "Go", enabled=can_go_back),
        Command("go.forward", "Forward", workspace.forward, ("Alt+Right",), "Go", enabled=can_go_forward),
        Command("go.symbol", "Go to symbol or file…", window.lookups.pick_symbol, ("Ctrl+P",), "Go", 1, is_open),
        Command("go.definition", "Go to definition", code.editor.ask_word, ("F12",), "Go", 1, _file_shown(window)),
        Command("go.references", "References", code.editor.ask_references, ("Shift+F12",), "Go", 1, _file_shown(window)),
        Command("go.callers", "Callers and callees…", code.list_neighbours, ("Alt+F12",), "Go", 1, in_symbol),
        Command("go.copies", "Compare copies of this", code.show_copies, (), "Go", 1, _copied(window)),
        Command("go.editor", tr("Open in editor"), code.open_elsewhere, ("Ctrl+Shift+O",), "Go", 2, _file_shown(window)),
        *_pages(window),
        Command("go.calls", "Draw calls around this symbol", code.draw_symbol, ("Ctrl+D",), "Go", 1, in_symbol),
    ]


def _pages(window: MainWindow) -> list[Command]:
    """What the middle pane shows beside the diagram."""

    def page(name: str, title: str, shortcut: str) -> Command:
        def show() -> None:
            window.workspace.visit(PageLocation(name))
            window.workspace.stage.take_focus()

        return Command(f"go.{name}", title, show, (shortcut,), "Go", 2, _open(window))

    return [
        page(OVERVIEW, "Overview", "Ctrl+Shift+V"),
        page(CLONES, "Clones", "Ctrl+Shift+D"),
        page(PROBLEMS, "Problems", "Ctrl+Shift+M"),
    ]


def _view(window: MainWindow) -> list[Command]:
    workspace, themes, is_open = window.workspace, window.themes, _open(window)
    code, has_code = workspace.code, _file_shown(window)
    folding = code.editor.folding

    def pane(pane_id: str, title: str, which: Pane, shortcut: str) -> Command:
        toggle = lambda: workspace.toggle(which)  # noqa: E731
        shown = lambda: workspace.is_shown(which)  # noqa: E731
        return Command(f"view.{pane_id}", title, toggle, (shortcut,), "View", 1, is_open, shown)

    def theme(choice: ThemeChoice, title: str) -> Command:
        choose = lambda: window.choose_theme(choice)  # noqa: E731
        return Command(f"view.theme_{choice}", title, choose, (), "View", 2, checked=lambda: themes.choice == choice)

    return [
        Command("view.palette", "All commands…", window.lookups.pick_command, ("Ctrl+K", "Ctrl+Shift+P"), "View"),
        pane("left", "Ask and search", Pane.INQUIRY, "Alt+1"),
        pane("middle", "Diagram", Pane.STAGE, "Alt+2"),
        pane("right", "Code", Pane.CODE, "Alt+3"),
        Command(
            "view.fold",
            "Fold or unfold definition",
            folding.toggle_around_caret,
            ("Ctrl+Shift+[",),
            "View",
            4,
            has_code,
        ),
        Command(
            "view.blame",
            tr("Who changed each line"),
            code.toggle_blame,
            ("Ctrl+Alt+B",),
            "View",
            4,
            has_code,
            lambda: code.is_blaming,
        ),
        Command("view.fold_all", "Fold or unfold all", folding.toggle_all, ("Ctrl+Shift+]",), "View", 4, has_code),
        Command("view.reset", "Reset layout", workspace.reset_layout, (), "View", 1, is_open),
        theme(ThemeChoice.AUTO, "Theme of the system"),
        theme(ThemeChoice.LIGHT, "Light theme"),
        theme(ThemeChoice.DARK, "Dark theme"),
        Command("view.theme", "Switch light and dark", window.switch_theme, (), "View", 3),
    ]


def _panes(window: MainWindow) -> list[Command]:
    """What can be done with the pane that has the keyboard, as well as with its title and the mouse."""
    workspace, is_open = window.workspace, _open(window)
    several = Condition(lambda: is_open() and len(workspace.shown) > 1, tr("Open a second pane first"))

    def to(edge: Edge, name: str, title: str) -> Command:
        move = lambda: workspace.move_to(workspace.current, edge)  # noqa: E731
        return Command(f"pane.{name}", title, move, (), "Pane", 1, several)

    return [
        Command(
            "pane.float",
            tr("In a window of its own"),
            lambda: workspace.switch_floating(workspace.current),
            ("Ctrl+Alt+F",),
            "Pane",
            enabled=is_open,
            checked=lambda: workspace.is_floating(workspace.current),
        ),
        Command(
            "pane.behind",
            tr("Share a place with another pane"),
            lambda: workspace.put_behind(workspace.current),
            (),
            "Pane",
            0,
            several,
        ),
        to(Edge.LeftDockWidgetArea, "left", tr("Move to the left edge")),
        to(Edge.RightDockWidgetArea, "right", tr("Move to the right edge")),
        to(Edge.TopDockWidgetArea, "top", tr("Move to the upper edge")),
        to(Edge.BottomDockWidgetArea, "bottom", tr("Move to the lower edge")),
        Command("pane.close", tr("Close pane"), lambda: workspace.close_pane(workspace.current), (), "Pane", 2, several),
    ]


def _help(window: MainWindow) -> list[Command]:
    return [
        Command("help.shortcuts", "Keyboard shortcuts", window.show_sheet("shortcuts"), ("F1", "Ctrl+?"), "Help"),
        Command("help.about", "About Codestrata", window.show_sheet("about"), (), "Help", 1),
        Command("help.report", "Log and report", window.show_sheet("report"), (), "Help", 1),
    ]
