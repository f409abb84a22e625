"""What a person does in an open project, one thing at a time: for scripts that lead the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea

from desktop.qt.history import CodeLocation
from desktop.qt.main_window import MainWindow

Action = Callable[[], object]
LONGEST_LINES = 30_000
_DRAWN = ("architecture", "clones", "imports", "classes", "treemap", "complexity", "architecture")
_TABS = ("ask.files", "ask.marks", "ask.search", "ask.ask")
_SHEETS = ("preferences", "shortcuts", "about", "report")
_QUESTIONS = ("how is the configuration read", "where are errors handled", "what are the main parts")


def reading(window: MainWindow) -> list[Action]:
    """The pages, the code, the diagrams, a search."""
    workspace, run = window.workspace, window.commands.run
    stage, editor, search = workspace.stage, workspace.code.editor, workspace.inquiry.search
    files = workspace.inquiry.files.model._files
    longest = max(files, key=lambda file: file["lines"] if file["lines"] < LONGEST_LINES else 0)

    def open_class(row: int) -> None:
        if len(stage.clones.model.records) > row:
            stage.clones._open(stage.clones.model.index(row, 0))

    return [
        partial(run, "go.overview"),
        _scroll(stage.overview, 1.0),
        partial(run, "go.clones"),
        lambda: None,
        _scroll(stage.clones.list, 0.5),
        _scroll(stage.clones.list, 1.0),
        *(partial(open_class, row) for row in (0, 3, 40)),
        lambda: stage.clones.shown_class.diff.step(1),
        partial(run, "go.problems"),
        _scroll(stage.problems.list, 1.0),
        lambda: workspace.visit(CodeLocation(longest["path"], 1, 1)),
        *(_scroll(editor, share) for share in (0.2, 0.4, 0.6, 0.8, 1.0)),
        partial(run, "view.fold_all"),
        partial(run, "view.fold_all"),
        lambda: search.search("open file", at_once=True),
        *(partial(run, f"diagram.{kind}") for kind in _DRAWN),
        *(partial(run, "diagram.zoom_in") for _ in range(4)),
        lambda: workspace.diagram.canvas.find_text("e"),
        partial(run, "diagram.copy"),
        partial(run, "diagram.fit"),
        partial(run, "go.back"),
    ]


def living(window: MainWindow) -> list[Action]:
    """`reading`, and everything else that is done in a day: asking, naming, marking, tabs, panes, sheets, themes,
    sizes."""
    workspace, run = window.workspace, window.commands.run
    inquiry, picker, code = workspace.inquiry, window.picker, workspace.code
    paths = [file["path"] for file in inquiry.files.model._files][:: max(1, len(inquiry.files.model._files) // 40)]
    turn = iter(range(10**9))

    def visit_some() -> None:
        workspace.visit(CodeLocation(paths[next(turn) % len(paths)], 1 + next(turn) % 60))

    def write(text: str) -> list[Action]:
        """Keys into the picker, one an action."""
        return [partial(QTest.keyClicks, picker.input, letter) for letter in text]

    def mark() -> None:
        run("edit.mark")
        code.note_bar.input.setText("look at this again")
        QTest.keyClick(code.note_bar.input, Qt.Key.Key_Return)

    def unmark() -> None:
        if code.location is not None:
            run("edit.mark")
            code.note_bar._remove()

    def pin() -> None:
        turns = inquiry.ask.turns
        if turns and turns[0].evidence.rows:
            inquiry.ask.chips.pin(turns[0].evidence.rows[0])
            inquiry.ask.drawn.emit(turns[0]._pack)

    return [
        *reading(window),
        *(step for question in _QUESTIONS for step in (partial(inquiry.ask_question, question), lambda: None, pin)),
        inquiry.ask.chips.clear,
        *(partial(run, tab) for tab in _TABS),
        partial(run, "go.symbol"),
        *write("main"),
        partial(QTest.keyClick, picker.input, Qt.Key.Key_Return),
        partial(run, "view.palette"),
        *write("diag"),
        partial(QTest.keyClick, picker.input, Qt.Key.Key_Escape),
        visit_some,
        partial(run, "go.callers"),
        picker.hide,
        visit_some,
        mark,
        unmark,
        partial(run, "view.blame"),
        partial(run, "view.blame"),
        partial(run, "go.calls"),
        partial(run, "diagram.up"),
        partial(run, "edit.find"),
        code.find_bar.close_bar,
        *(step for name in _SHEETS for step in (partial(window.sheets.open, name), window.sheets.close)),
        *(partial(run, f"view.{pane}") for pane in ("left", "left", "right", "right")),
        *(partial(run, f"pane.{where}") for where in ("bottom", "behind", "float", "float", "left", "close")),
        partial(run, "view.reset"),
        partial(window.resize, 1024, 700),
        partial(window.resize, 1440, 900),
        partial(run, "view.theme"),
        partial(run, "view.theme"),
        *(partial(run, "go.back") for _ in range(3)),
        *(partial(run, "go.forward") for _ in range(2)),
        window.banner.hide,
        partial(run, "ask.new"),
    ]


def name_of(action: Action) -> str:
    """What an action is called in a report."""
    if isinstance(action, partial):
        return " ".join(
            str(part) for part in (getattr(action.func, "__name__", ""), *action.args) if isinstance(part, str | int)
        )
    return f"{action.__code__.co_qualname} {action.__code__.co_firstlineno}" if hasattr(action, "__code__") else str(action)


def _scroll(view: QAbstractScrollArea, share: float) -> Action:
    return lambda: view.verticalScrollBar().setValue(int(view.verticalScrollBar().maximum() * share))
