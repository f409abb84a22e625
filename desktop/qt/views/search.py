"""Places in the code for words, a question or a pattern, as one types."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QMimeData, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.qt import figures
from desktop.qt.dragging import dragged
from desktop.qt.engine_client import EngineError
from desktop.qt.history import CodeLocation
from desktop.qt.replies import HitReply, RankingReply, Status
from desktop.qt.session import Session
from desktop.qt.stylesheet import set_role
from desktop.qt.theme import ThemeManager, code_font
from desktop.qt.widgets.labels import label
from desktop.qt.widgets.record_model import RecordModel
from desktop.qt.words import tr

DELAY_MS = 120
RESULTS = 100
ROW = 86
CODE_LINES = 2
"""Lines of a place that a row quotes: the one that matches best, and what follows."""
KINDS = ("function", "method", "class", "module", "section", "text")
LINE = 18
_LOOKED_AT, _LONGEST = 400, 300
"""Lines of a place, and characters of a line, that are looked at."""
_COMMENTS = ("#", "//", "/*", "*", '"""', "@")
_INVITATION = "Type words, a symbol or a question."
_Index = QModelIndex | QPersistentModelIndex


class _Model(RecordModel[HitReply]):
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        hit = self.records[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{hit['symbol']} {where(hit)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{hit['symbol']}\n{where(hit)}\nfound by {', '.join(hit['origins'])}"
        return hit if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        hits = [self.records[index.row()] for index in indexes]
        return dragged({"path": hit["path"], "start_line": hit["start_line"], "end_line": hit["end_line"]} for hit in hits)


def where(hit: HitReply) -> str:
    """`path:first–last`."""
    return f"{hit['path']}:{figures.lines(hit['start_line'], hit['end_line'])}"


def from_match(code: str, words: re.Pattern[str] | None, fitting: int) -> str:
    """A line of code from a little before what was looked for on, where that would be cut off behind so many characters."""
    match = words.search(code) if words is not None else None
    if match is None or match.end() < fitting:
        return code
    return "…" + code[max(0, match.start() - fitting // 3) :].lstrip()


def excerpt(hit: HitReply, words: re.Pattern[str] | None) -> list[str]:
    """The line that holds most of what was looked for, or the first that is no comment, and the next; without their
    common indentation."""
    lines = [line for line in hit.get("text", "").splitlines()[:_LOOKED_AT] if any(map(str.isalnum, line))]
    if not lines:
        return []
    held = [len({match.lower() for match in words.findall(line)}) if words is not None else 0 for line in lines]
    at = max(range(len(lines)), key=lambda at: (held[at], not lines[at].strip().startswith(_COMMENTS), -at))
    shown = lines[at : at + CODE_LINES]
    return textwrap.dedent("\n".join(line[:_LONGEST].expandtabs(4) for line in shown)).split("\n")


def words_looked_for(query: str, *, regex: bool) -> re.Pattern[str] | None:
    """What to mark in the code; None where there is nothing to mark, or the expression is one that Python does not read."""
    words = [query] if regex else [re.escape(word) for word in re.findall(r"\w{2,}", query)]
    try:
        return re.compile("|".join(f"(?:{word})" for word in words), re.IGNORECASE) if words else None
    except re.error:
        return None


class _Delegate(QStyledItemDelegate):
    """Name and copies; place; two lines of code with what was looked for marked."""

    def __init__(self, themes: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes
        self.words: re.Pattern[str] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, self._themes.pixels(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        hit: HitReply = index.data(Qt.ItemDataRole.UserRole)
        theme = self._themes.theme
        state = option.state
        box: QRect = option.rect.adjusted(8, 1, -8, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            selected = bool(state & QStyle.StateFlag.State_Selected)
            focused = selected and state & QStyle.StateFlag.State_HasFocus
            painter.setPen(theme.color("focus") if focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if selected else "surface_hover"))
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = box.adjusted(8, 6, -8, -6)
        copies = f"+{figures.plural(hit['copies'], 'copy', 'copies')} · " if hit["copies"] else ""
        side = f"{copies}{hit['kind']}"
        small, bold = QFont(option.font), QFont(option.font)
        small.setPixelSize(self._themes.pixels(12))
        bold.setWeight(QFont.Weight.DemiBold)
        width = self._text(painter, inner, 0, side, small, "text_muted", right=True)
        name = hit["symbol"].rsplit(".", 2)[-2:] if hit["symbol"] else [hit["path"].rsplit("/", 1)[-1]]
        self._text(
            painter, inner.adjusted(0, 0, -width - 12, 0), 0, ".".join(name), bold, "text", mode=Qt.TextElideMode.ElideMiddle
        )
        self._text(painter, inner, 1, where(hit), small, "text_muted", mode=Qt.TextElideMode.ElideLeft)
        for line, code in enumerate(excerpt(hit, self.words), 2):
            self._code(painter, inner, line, code)
        painter.restore()

    def _code(self, painter: QPainter, inner: QRect, line: int, code: str) -> None:
        """A line of code, what was looked for in it marked."""
        theme = self._themes.theme
        painter.setFont(code_font(self._themes.pixels(12)))
        metrics, height = painter.fontMetrics(), self._themes.pixels(LINE)
        place = QRect(inner.left(), inner.top() + line * height, inner.width(), height)
        fitting = place.width() // max(1, metrics.horizontalAdvance("0"))
        shown = metrics.elidedText(from_match(code, self.words, fitting), Qt.TextElideMode.ElideRight, place.width())
        for match in self.words.finditer(shown) if self.words is not None else ():
            left = place.left() + metrics.horizontalAdvance(shown[: match.start()])
            width = metrics.horizontalAdvance(match.group())
            painter.fillRect(QRect(left, place.top() + 1, width, height - 2), QColor(theme.code["match"]))
        painter.setPen(theme.color("text"))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # code is, also where its words are not
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    def _text(
        self, painter: QPainter, inner: QRect, line: int, text: str, font: QFont, color: str, *, right: bool = False,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> int:  # fmt: skip
        """Draw a line of the row and return its width."""
        painter.setFont(font)
        painter.setPen(self._themes.theme.color(color))
        height = self._themes.pixels(LINE)
        place = QRect(inner.left(), inner.top() + line * height, inner.width(), height)
        shown = painter.fontMetrics().elidedText(text, mode, place.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return painter.fontMetrics().horizontalAdvance(shown)


class SearchView(QWidget):
    """Filters, results, and what they took."""

    opened = Signal(object)
    """A `CodeLocation`."""

    def __init__(self, session: Session, themes: ThemeManager) -> None:
        super().__init__()
        self._session = session
        self._query = ""
        self._language = ""
        self._kind = ""
        self._shown: dict[str, object] = {}
        """What the results that are there were asked for."""
        self._wants_keyboard = False
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._delay.timeout.connect(self._search)
        self.regex = _chip(tr("Regex"), tr("Search for a regular expression instead of words"))
        self.regex.setCheckable(True)
        self.regex.toggled.connect(lambda _on: self._search())
        self.language = _chip(tr("Language"), tr("Only one language"))
        self.kind = _chip(tr("Kind"), tr("Only one kind of code"))
        self.path = QLineEdit()
        set_role(self.path, "find")
        self.path.setPlaceholderText(tr("Path, as in src/**"))
        self.path.setAccessibleName(tr("Only paths that match"))
        self.path.textChanged.connect(lambda _text: self._delay.start())
        self._fill(self.kind, tr("Kind"), [(kind, tr(kind.capitalize())) for kind in KINDS], self._choose_kind)
        chips = QHBoxLayout()
        chips.setContentsMargins(16, 0, 16, 8)
        chips.setSpacing(6)
        for widget in (self.regex, self.language, self.kind):
            chips.addWidget(widget)
        chips.addStretch(1)
        self.list = QListView()
        self.list.setAccessibleName(tr("Search results"))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._delegate = _Delegate(themes, self.list)
        self.list.setItemDelegate(self._delegate)
        self._model = _Model(self.list)
        self.list.setDragEnabled(True)
        self.list.setModel(self._model)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.note = label("", "small")
        self.message = label(tr(_INVITATION), "muted", wrap=True)
        self.message.setContentsMargins(16, 8, 16, 8)
        where_row = QHBoxLayout()
        where_row.setContentsMargins(16, 0, 16, 8)
        where_row.setSpacing(12)
        where_row.addWidget(self.path, 1)
        where_row.addWidget(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(chips)
        column.addLayout(where_row)
        column.addWidget(self.message)
        column.addWidget(self.list, 1)

    @property
    def hits(self) -> Sequence[HitReply]:
        return self._model.records

    def search(self, query: str, *, at_once: bool = False) -> None:
        """Show the results for a query, a moment after the last change of it."""
        self._query = query
        self._wants_keyboard = False
        if at_once:
            self._search()
        else:
            self._delay.start()

    def submit(self, query: str) -> None:
        """Go to the results of a query: at once where they are there, else when they come."""
        self._query = query
        if query and self._asked() == self._shown:
            self._delay.stop()
            self._focus_results()
        else:
            self._wants_keyboard = True
            self._search()

    def show_status(self, status: Status) -> None:
        """Offer the languages of the open project, whose index may be another now."""
        self._shown = {}
        names = sorted(status["languages"], key=lambda name: -status["languages"][name]["bytes"])
        self._fill(self.language, tr("Language"), [(name, figures.language(name)) for name in names], self._choose_language)

    def clear(self) -> None:
        self._query = ""
        self._language = self._kind = ""
        self._shown = {}
        self._wants_keyboard = False
        self._model.replace(())
        self._say(_INVITATION)

    def _focus_results(self) -> None:
        self._wants_keyboard = False
        if self.hits:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self._model.index(0, 0))

    def _search(self) -> None:
        self._delay.stop()
        if not self._query:
            self.clear()
            return
        params = self._asked()
        self._delegate.words = words_looked_for(self._query, regex=self.regex.isChecked())
        show = partial(self._show, params)
        self._session.call("search", params, show, self._fail, channel="search")

    def _asked(self) -> dict[str, object]:
        params: dict[str, object] = {"query": self._query, "k": RESULTS, "regex": self.regex.isChecked()}
        return params | {"path": self.path.text().strip(), "language": self._language, "kind": self._kind}

    def _show(self, asked: dict[str, object], ranking: RankingReply) -> None:
        self._shown = asked
        self._model.replace(ranking["results"])
        self.list.scrollToTop()
        found = figures.plural(len(ranking["results"]), "place")
        self.note.setText(f"{found} · {ranking['milliseconds']:.0f}\u202fms")
        self._say(_missing(ranking) if ranking["results"] else self._nothing())
        if self._wants_keyboard:
            self._focus_results()

    def _say(self, message: str) -> None:
        """Words above the results or in their place."""
        self.message.setText(tr(message) if message == _INVITATION else message)
        self.message.setVisible(bool(message))
        if message == _INVITATION:
            self.note.clear()

    def _nothing(self) -> str:
        narrowed = self._language or self._kind or self.path.text().strip()
        return tr("Nothing found. Widen the filters.") if narrowed else tr("Nothing found. Try other words, or fewer.")

    def _fail(self, error: EngineError) -> None:
        if not error.cancelled:
            self._model.replace(())
            self.note.clear()
            self._say(error.message)

    def _open(self, index: QModelIndex) -> None:
        hit = self._model.records[index.row()]
        self.opened.emit(CodeLocation(hit["path"], hit["start_line"], hit["end_line"]))

    def _fill(self, chip: QToolButton, name: str, choices: list[tuple[str, str]], chosen: object) -> None:
        menu = QMenu(chip)
        for value, text in [("", tr("Any {name}", name=name.lower())), *choices]:
            action = menu.addAction(text)
            action.triggered.connect(lambda _checked=False, value=value, text=text: chosen(value, text))  # type: ignore[operator]
        chip.setMenu(menu)

    def _choose_language(self, value: str, text: str) -> None:
        self._language = value
        self._mark(self.language, tr("Language"), value, text)

    def _choose_kind(self, value: str, text: str) -> None:
        self._kind = value
        self._mark(self.kind, tr("Kind"), value, text)

    def _mark(self, chip: QToolButton, name: str, value: str, text: str) -> None:
        chip.setText(text if value else name)
        chip.setCheckable(bool(value))
        chip.setChecked(bool(value))
        self._search()


def _missing(ranking: RankingReply) -> str:
    """Which words stand nowhere, and whether what is shown is there for its meaning alone."""
    if not (nowhere := ranking.get("nowhere")):
        return ""
    words = ", ".join(f"“{word}”" for word in nowhere)
    if all(hit["origins"] == ["dense"] for hit in ranking["results"]):
        return tr("{words} stands nowhere in this source. Below is what is nearest in meaning.", words=words)
    return tr("{words} stands nowhere in this source.", words=words)


def _chip(text: str, tip: str) -> QToolButton:
    chip = QToolButton()
    chip.setText(text)
    chip.setToolTip(tip)
    chip.setAccessibleName(tip)
    chip.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    set_role(chip, "chip")
    return chip
