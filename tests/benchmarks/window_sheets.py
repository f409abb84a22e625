"""Photographs every view of the window, light and dark, in three sizes, and lays the pictures out as contact sheets:
`QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.window_sheets FOLDER [SOURCE] [ONLY…]`.

SOURCE is what the window works on (the sample project where none is named); ONLY, the beginnings of names of views. Every
picture is in FOLDER at full size as well. Nothing is compared: somebody has to look.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from desktop.qt.dropped_sources import judge
from desktop.qt.history import CodeLocation, DiagramLocation
from desktop.qt.theme import ThemeChoice
from resources import resource_path
from tests.benchmarks.window_driver import WindowDriver

SIZES = ((1024, 700), (1440, 900), (3840, 2160))
THEMES = (ThemeChoice.LIGHT, ThemeChoice.DARK)
ACROSS, DOWN, CELL, CAPTION = 3, 3, 640, 24
SETTLE_SECONDS = 0.35
QUESTION = "how is a request routed to its handler"


class Photographer:
    """Pictures of one window, in every theme and size."""

    def __init__(self, driver: WindowDriver, folder: Path, only: Sequence[str]) -> None:
        self.driver = driver
        self.folder = folder
        self._only = tuple(only)
        self.names: list[str] = []

    def shoot(self, name: str, again: Callable[[], object] = lambda: None) -> None:
        """Photograph what is to be seen; `again` brings about what another size or theme would end."""
        if self._only and not name.startswith(self._only):
            return
        window = self.driver.window
        self.names.append(name)
        for theme in THEMES:
            window.themes.choose(theme)
            self.driver.until(lambda: not window.themes.changing)
            for width, height in SIZES:
                window.resize(width, height)
                again()
                self.driver.run_for(SETTLE_SECONDS)
                window.grab().save(str(self.folder / f"{name}-{theme}-{width}.png"))
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()

    def lay_out(self) -> Iterator[Path]:
        """The contact sheets, which are written as they come."""
        for theme in THEMES:
            for width, height in SIZES:
                for first in range(0, len(self.names), ACROSS * DOWN):
                    names = self.names[first : first + ACROSS * DOWN]
                    path = self.folder / f"sheet-{theme}-{width}-{first // (ACROSS * DOWN) + 1}.png"
                    self._sheet(
                        [(name, self.folder / f"{name}-{theme}-{width}.png") for name in names], height / width, path
                    )
                    yield path

    def _sheet(self, pictures: Sequence[tuple[str, Path]], ratio: float, path: Path) -> None:
        row = int(CELL * ratio) + CAPTION
        rows = -(-len(pictures) // ACROSS)
        sheet = QImage(ACROSS * (CELL + 8), rows * (row + 8), QImage.Format.Format_RGB32)
        sheet.fill(QColor("#808080"))
        painter = QPainter(sheet)
        painter.setPen(QColor("#ffffff"))
        for at, (name, picture) in enumerate(pictures):
            x, y = at % ACROSS * (CELL + 8), at // ACROSS * (row + 8)
            painter.drawText(QRect(x + 4, y, CELL, CAPTION), Qt.AlignmentFlag.AlignVCenter, name)
            image = QImage(str(picture))
            smooth = Qt.TransformationMode.SmoothTransformation
            painter.drawImage(x, y + CAPTION, image.scaledToWidth(CELL, smooth))
        painter.end()
        sheet.save(str(path))


def photograph_all(camera: Photographer, source: str) -> None:
    """Every view, in the order a new user meets them."""
    _empty_window(camera, source)
    camera.driver.until(camera.driver.is_ready)
    _asking(camera)
    _middle(camera)
    _code(camera)
    _sheets(camera)
    _failing(camera)


def _empty_window(camera: Photographer, source: str) -> None:
    driver, window = camera.driver, camera.driver.window

    def drag(path: str) -> Callable[[], None]:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path)])
        return lambda: window.welcome.show_drag(judge(data))

    camera.shoot("welcome")
    camera.shoot("welcome-drag", drag(source))
    camera.shoot("welcome-refused", drag(str(Path(__file__))))
    window.welcome.show_drag(None)
    window.open_source("/not/there")
    driver.until(window.banner.isVisible)
    camera.shoot("welcome-failed")
    window.banner.hide()
    window.looking.show_source(source)
    camera.shoot("looking", lambda: window.show_page(window.looking))
    driver.open_card(source)
    camera.shoot("card")
    window.preview.index_button.click()
    driver.until(window.progress.isVisible)
    event = {
        "stage": "index", "done": 1_204, "total": 6_310, "bytes_done": 21_000_000, "bytes_total": 107_000_000,
        "path": "drivers/gpu/drm/amd/include/asic_reg/dcn/dcn_3_0_0_offset.h", "searchable": 0, "seconds": 12.5,
    }  # fmt: skip
    camera.shoot("indexing", lambda: (window.show_page(window.progress), window.progress.show_progress(event, 2.1e6)))  # type: ignore[arg-type]
    driver.until(driver.is_ready)
    window.session.close_project()
    driver.run_for(1)
    camera.shoot("welcome-recent")
    window.welcome.recent_chosen.emit(window.welcome._entries[0])


def _asking(camera: Photographer) -> None:
    driver, window = camera.driver, camera.driver.window
    workspace = window.workspace
    inquiry = workspace.inquiry
    camera.shoot("project")
    driver.ask(QUESTION)
    turn = inquiry.ask.turns[0]
    first = turn.evidence.rows[0]
    workspace.visit(CodeLocation(first["path"], first["start_line"], first["end_line"]))
    camera.shoot("answer")
    for row in turn.evidence.rows[:2]:
        inquiry.ask.chips.pin({"path": row["path"], "start_line": row["start_line"], "end_line": row["end_line"]})
    inquiry.ask.drawn.emit(turn._pack)
    camera.shoot("answer-drawn")
    driver.ask("zzzz qqqq xxxx")
    camera.shoot("answer-nothing")
    inquiry.show_tab("search")
    inquiry.composer.set_text("request handler")
    driver.until(lambda: bool(inquiry.search.hits))
    camera.shoot("search")
    inquiry.composer.set_text("zzzzqqqq")
    camera.shoot("search-nothing")
    inquiry.composer.set_text("")
    inquiry.show_tab("files")
    camera.shoot("files")
    inquiry.show_tab("marks")
    camera.shoot("marks-empty")
    window.commands.run("edit.mark")
    workspace.code.note_bar.input.setText("ask why this is so")
    camera.shoot("note")
    QTest.keyClick(workspace.code.note_bar.input, Qt.Key.Key_Return)
    camera.shoot("marks")
    inquiry.show_tab("ask")


def _middle(camera: Photographer) -> None:
    driver, window = camera.driver, camera.driver.window
    workspace, stage = window.workspace, window.workspace.stage
    window.commands.run("go.overview")
    driver.until(stage.overview.largest.list.isVisible)
    camera.shoot("overview")
    for kind in ("architecture", "imports", "classes", "treemap", "complexity", "clones"):
        window.commands.run(f"diagram.{kind}")
        driver.run_for(2)
        camera.shoot(f"diagram-{kind}")
    symbol = workspace.code.symbol
    if symbol is not None:
        workspace.visit(DiagramLocation("calls", symbol["id"]))
        driver.run_for(2)
        camera.shoot("diagram-calls")
    window.commands.run("diagram.filter")
    camera.shoot("diagram-filter")
    window.commands.run("go.clones")
    driver.run_for(1)
    camera.shoot("clones")
    if stage.clones.model.records:
        stage.clones._open(stage.clones.model.index(0, 0))
        driver.run_for(1.5)
        camera.shoot("clone-class")
    window.commands.run("go.problems")
    driver.run_for(1)
    camera.shoot("problems")


def _code(camera: Photographer) -> None:
    driver, window = camera.driver, camera.driver.window
    workspace = window.workspace
    code = workspace.code
    files = [file for file in workspace.inquiry.files.model._files if file["language"] == "python" and file["lines"] < 3_000]
    longest = max(files, key=lambda file: file["lines"])
    window.commands.run("diagram.architecture")
    workspace.visit(CodeLocation(longest["path"], longest["lines"] // 2, longest["lines"] // 2))
    driver.run_for(1.5)
    camera.shoot("code")
    window.commands.run("edit.find")
    code.find_bar.input.setText("self")
    camera.shoot("code-find")
    code.find_bar.hide()
    window.commands.run("view.blame")
    driver.run_for(1)
    camera.shoot("code-blame")
    window.commands.run("view.blame")
    window.commands.run("view.fold_all")
    camera.shoot("code-folded")
    window.commands.run("view.fold_all")
    for name, command, text in (
        ("picker-symbols", "go.symbol", "request"),
        ("picker-commands", "view.palette", ""),
        ("picker-callers", "go.callers", ""),
        ("picker-earlier", "ask.earlier", ""),
    ):
        window.commands.run(command)
        driver.run_for(0.5)
        window.picker.input.setText(text)
        camera.shoot(name)
        window.picker.hide()


def _sheets(camera: Photographer) -> None:
    window = camera.driver.window
    for name in ("preferences", "shortcuts", "about", "report", "clone", "jobs", "sending"):
        window.sheets.open(name)
        camera.driver.run_for(1)
        camera.shoot(name)
        window.sheets.close()


def _failing(camera: Photographer) -> None:
    driver, window = camera.driver, camera.driver.window
    os.kill(window.session.engine.pid, signal.SIGKILL)
    driver.until(window.banner.isVisible)
    camera.shoot("engine-killed")
    window.banner.hide()
    window.overlay.say(True, "Drop to open starlette")
    camera.shoot("overlay", window.overlay.cover)
    window.overlay.hide()


def main(folder: str, source: str = "", *only: str) -> int:
    """Write the pictures and the sheets into a folder."""
    camera = Photographer(WindowDriver(*SIZES[1]), Path(folder), only)
    camera.folder.mkdir(parents=True, exist_ok=True)
    photograph_all(camera, source or str(resource_path("sample")))
    for path in camera.lay_out():
        sys.stdout.write(f"{path}\n")
    camera.driver.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
