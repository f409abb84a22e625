"""What is not in the index as it should be: the reasons with their counts, and the files behind each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.qt import figures
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation, PageLocation
from desktop.qt.page_replies import ProblemReply, ProblemsReply, ReasonReply
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager
from desktop.qt.widgets.chips import chip
from desktop.qt.widgets.labels import ElidedLabel, label, rule
from desktop.qt.widgets.paged_model import PagedModel
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.widgets.rows import RowDelegate, RowList, RowText
from desktop.qt.words import tr

PROBLEMS = "problems"
PAGE = 200
DELAY_MS = 120
MOST_REASONS = 6
_ICONS = {"failed": ("alert", "error"), "degraded": ("alert", "warning"), "skipped": ("info", "text_muted")}
_KINDS = {"failed": "not indexed", "degraded": "indexed as text alone", "skipped": "left out"}
_HEADS = {"failed": "Not indexed", "degraded": "Indexed as text alone", "skipped": "Left out"}
_Index = QModelIndex | QPersistentModelIndex


class _Reasons(RecordModel[ReasonReply]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        reason = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return reason_row(reason).spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return reason["reason"]
        return reason if role == Qt.ItemDataRole.UserRole else None


class _Files(PagedModel[ProblemReply]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        problem = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return file_row(problem).spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{problem['path']}\n{words_of(problem['kind'], problem['reason'])}"
        return problem if role == Qt.ItemDataRole.UserRole else None


def words_of(kind: str, reason: str) -> str:
    """What is wrong, and why."""
    why = figures.skip_reason(reason) if kind == "skipped" else reason
    return f"{tr(_HEADS[kind])}: {why}"


def reason_row(reason: ReasonReply) -> RowText:
    """A reason with the number of its files."""
    icon, color = _ICONS[reason["kind"]]
    return RowText(
        words_of(reason["kind"], reason["reason"]), figures.plural(reason["files"], "file"), icon=icon, icon_color=color
    )


def file_row(problem: ProblemReply) -> RowText:
    """A file, with why it is not as it should be."""
    folder, _, name = problem["path"].rstrip("/").rpartition("/")
    icon = "folder" if problem["path"].endswith("/") else "file"
    why = figures.skip_reason(problem["reason"]) if problem["kind"] == "skipped" else problem["reason"]
    return RowText(name, tr(_KINDS[problem["kind"]]), folder or tr("in the root"), why, icon, strong=False)


class ProblemsView(QWidget):
    """Shows skipped and failed files; a reason that is chosen narrows the list."""

    opened = Signal(object)
    """A `CodeLocation`."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        self._session = session
        self._stale = True
        self._count = 0
        self.reasons = RowList(tr("Reasons"))
        self.reason_model = _Reasons(self.reasons)
        self.reasons.setItemDelegate(RowDelegate(themes, reason_row, self.reasons, lines=1))
        self.reasons.setModel(self.reason_model)
        self.reasons.selectionModel().currentChanged.connect(lambda _now, _before: self._load())
        self.reasons.clicked.connect(self._on_reason)
        self._chosen_row = -1
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._delay.timeout.connect(self._load)
        self.filter = QLineEdit()
        set_role(self.filter, "find")
        self.filter.setPlaceholderText(tr("Filter by path"))
        self.filter.setAccessibleName(tr("Only files whose path holds this"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(lambda _text: self._delay.start())
        self.list = RowList(tr("Files"))
        self.model = _Files(self._fetch, self.list)
        self.list.setItemDelegate(RowDelegate(themes, file_row, self.list))
        self.list.setModel(self.model)
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._enable())
        self.list.activated.connect(lambda _index: self.open_folder())
        self.title = label("", "heading")
        self.note = ElidedLabel("", "small", Qt.TextElideMode.ElideRight)
        self.message = label("", "muted", wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.message.setContentsMargins(32, 48, 32, 32)
        self.code_button = chip(tr("Show code"), tr("Open the indexed text of the file"), self.open_code)
        self.folder_button = chip(tr("Open folder"), tr("Open the folder of the file in the file manager"), self.open_folder)
        self.copy_button = chip(tr("Copy path"), tr("Copy the path of the file"), self.copy_path)
        self.copy_all_button = chip(
            tr("Copy list"), tr("Copy the listed files with their reasons, a line each"), self.copy_list
        )
        self._build()

    def show_location(self, _location: PageLocation) -> None:
        if self._stale:
            self._load()

    def reload(self) -> None:
        """The index has changed."""
        self._stale = True
        if self.isVisible():
            self._load()

    def clear(self) -> None:
        """For another project."""
        self._stale = True
        self._chosen_row = -1
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self.reason_model.replace(())
        self.model.clear()

    def open_code(self) -> None:
        problem = self._problem()
        if problem is not None and problem["kind"] == "degraded":
            self.opened.emit(CodeLocation(problem["path"]))

    def open_folder(self) -> None:
        """Show the folder of the chosen file in the file manager."""
        folder = self._folder()
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def copy_path(self) -> None:
        if (problem := self._problem()) is not None:
            QGuiApplication.clipboard().setText(problem["path"])

    def copy_list(self) -> None:
        """Copy the files that are listed so far."""
        lines = (f"{found['path']}\t{words_of(found['kind'], found['reason'])}" for found in self.model.records)
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _problem(self) -> ProblemReply | None:
        row = self.list.currentIndex().row()
        return self.model.records[row] if 0 <= row < len(self.model.records) else None

    def _folder(self) -> Path | None:
        """Where the chosen file is, on this machine; None of a source that is no folder."""
        problem, status = self._problem(), self._session.status
        if problem is None or status is None or not status.get("watchable", False) or "\n" in status["source"]:
            return None
        path = Path(status["source"], problem["path"])
        return path if problem["path"].endswith("/") else path.parent

    def _reason(self) -> ReasonReply | None:
        row = self.reasons.currentIndex().row()
        return self.reason_model.records[row] if 0 <= row < len(self.reason_model.records) else None

    def _on_reason(self, index: QModelIndex) -> None:
        """A second click on a reason takes the choice back."""
        if index.row() == self._chosen_row:
            self._chosen_row = -1
            self.reasons.setCurrentIndex(QModelIndex())
        else:
            self._chosen_row = index.row()

    def _load(self) -> None:
        self._delay.stop()
        self.model.restart()

    def _fetch(self, offset: int) -> None:
        reason = self._reason()
        params: dict[str, object] = {"offset": offset, "limit": PAGE, "text": self.filter.text().strip()}
        if reason is not None:
            params |= {"kind": reason["kind"], "reason": reason["reason"]}
        self._session.call("problems", params, self._received, self._fail, channel="problems")

    def _received(self, found: ProblemsReply) -> None:
        self._stale = False
        if found["reasons"] != self.reason_model.records:
            self.reason_model.replace(found["reasons"])
            self.reasons.show_rows(min(MOST_REASONS, len(found["reasons"])))
        self.model.receive(found["offset"], found["files"], found["total"])
        counts = dict.fromkeys(_KINDS, 0)
        for reason in found["reasons"]:
            counts[reason["kind"]] += reason["files"]
        told = [f"{figures.grouped(count)} {tr(_KINDS[kind])}" for kind, count in counts.items() if count]
        self.title.setText(", ".join(told) if told else tr("Nothing was left out"))
        missing = sum(reason["files"] - reason["listed"] for reason in found["reasons"])
        told = [tr("{files} listed", files=figures.plural(found["total"], "file"))]
        if missing:
            told.append(tr("{more} only counted", more=figures.plural(missing, "more is", "more are")))
        self.note.setText("; ".join(told) if found["reasons"] else tr("Every file of the source is in the index."))
        self._say(self._nothing(found) if not found["files"] else "")
        for part in (self.reasons, self._line, self._tools):
            part.setVisible(bool(found["reasons"]))
        self._enable()

    def _nothing(self, found: ProblemsReply) -> str:
        if not found["reasons"]:
            return tr("Every file is in the index, and all of them could be read.")
        if self.filter.text().strip():
            return tr("No path holds that.")
        return tr("This index does not list them yet. Update it (F5) to see which files these are.")

    def _fail(self, error: EngineError) -> None:
        self.model.give_up()
        if not error.cancelled:
            self.model.clear()
            self._say(error.message)

    def _say(self, message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))
        self.list.setVisible(not message)

    def _enable(self) -> None:
        problem = self._problem()
        self.code_button.setEnabled(problem is not None and problem["kind"] == "degraded")
        self.folder_button.setEnabled(self._folder() is not None)
        self.copy_button.setEnabled(problem is not None)
        self.copy_all_button.setEnabled(bool(self.model.records))

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(2)
        head.addWidget(self.title)
        head.addWidget(self.note)
        self._line, self._tools = rule(), QFrame()
        rows = QVBoxLayout(self._tools)
        rows.setContentsMargins(16, 8, 16, 8)
        rows.setSpacing(8)
        rows.addWidget(self.filter)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.folder_button, self.code_button, self.copy_button, self.copy_all_button):
            row.addWidget(button)
        row.addStretch(1)
        rows.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.reasons)
        column.addWidget(self._line)
        column.addWidget(self._tools)
        column.addWidget(self.message, 1)
        column.addWidget(self.list, 1)
        self._enable()
