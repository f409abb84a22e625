"""Rich text of an answer: citations that open code, sentences nothing supports underlined."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QTextBrowser

from desktop.qt import figures
from desktop.qt.answer_replies import ExcerptReply, SentenceReply
from desktop.qt.theme import ThemeManager, code_font
from desktop.qt.words import tr

REDRAW_MS = 80
"""How often a streaming answer is set anew; faster is not read, slower looks stuck."""
PREVIEW_LINES = 12
_CITATION = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")
_NUMBER = re.compile(r"\d+")
_HEADING = re.compile(r"#{1,6} .*|\*\*[^*]+\*\*:?$|[^\w]*$")
_MARKS = re.compile(r"[*_`]+")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+\.|#{1,6}|>)\s+")
_DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class AnswerText(QTextBrowser):
    """As high as its text. `cited` tells which excerpt a person wants to see."""

    cited = Signal(int)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._markdown = ""
        self._excerpts: Mapping[int, ExcerptReply] = {}
        self._unsupported: Sequence[str] = ()
        self.setOpenLinks(False)
        self.setAccessibleName(tr("Answer"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(20)
        self.anchorClicked.connect(self._on_anchor)
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self._render)
        themes.changed.connect(self._on_theme)
        self._pale = False

    @property
    def markdown(self) -> str:
        return self._markdown

    def add(self, piece: str) -> None:
        """A piece of a streaming answer."""
        self._markdown += piece
        if not self._redraw.isActive():
            self._redraw.start()

    def set_excerpts(self, excerpts: Sequence[ExcerptReply]) -> None:
        """What `[n]` stands for; a number that is not among them stays plain text."""
        self._excerpts = {excerpt["n"]: excerpt for excerpt in excerpts}
        self._redraw.start()

    def finish(self, text: str, sentences: Sequence[SentenceReply]) -> None:
        """The whole answer and which of its sentences hold."""
        self._markdown = text
        self._unsupported = unsupported(sentences)
        self._redraw.stop()
        self._render()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing: an answer quotes text of a repository and must not make the window read or fetch anything."""
        return None

    def sizeHint(self) -> QSize:
        return QSize(280, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._pale:
            self._pale = False
            self._redraw.start(0)

    def _on_theme(self) -> None:
        """Take the theme's colours: at once where they can be seen, else when they come into view."""
        self._pale = self.visibleRegion().isEmpty()
        if not self._pale:
            self._render()

    def _on_anchor(self, url: QUrl) -> None:
        if url.scheme() == "cite" and url.path().isdigit():
            self.cited.emit(int(url.path()))

    def _render(self) -> None:
        document = self.document()
        document.setMarkdown(self._markdown, _DIALECT)
        self._style_blocks()
        for block in _blocks(document):
            if not _is_code(block):
                self._link_citations(block)
        self._mark_unsupported()
        self._fit()

    def _style_blocks(self) -> None:
        mono = code_font(self._themes.pixels(12))
        for block in _blocks(self.document()):
            cursor = QTextCursor(block)
            shape = block.blockFormat()
            shape.setLineHeight(142.0, 1)  # proportional, in percent
            level = shape.headingLevel()
            shape.setTopMargin(10.0 if level else 0.0)
            shape.setBottomMargin(4.0 if level or block.textList() else 8.0)
            cursor.setBlockFormat(shape)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            if level:
                look = QTextCharFormat()
                look.setProperty(QTextCharFormat.Property.FontSizeAdjustment, 0)
                look.setFontPointSize(self.font().pointSizeF() if self.font().pointSizeF() > 0 else 10.5)
                look.setFontWeight(QFont.Weight.DemiBold)
                cursor.mergeCharFormat(look)
            self._style_code(block, mono)

    def _style_code(self, block: QTextBlock, mono: QFont) -> None:
        theme = self._themes.theme
        for start, length, look in _fragments(block):
            if look.fontFixedPitch() or "mono" in str(look.fontFamilies()).lower():
                look.setFont(mono, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly)
                look.setFontFixedPitch(True)
                look.setForeground(theme.color("text"))
                look.setBackground(theme.color("surface_sunken"))
                _select(self.document(), start, length).setCharFormat(look)

    def _link_citations(self, block: QTextBlock) -> None:
        text = block.text()
        theme = self._themes.theme
        for match in _CITATION.finditer(text):
            for number in _NUMBER.finditer(match.group()):
                excerpt = self._excerpts.get(int(number.group()))
                if excerpt is None:
                    continue
                alone = number.group() == match.group()[1:-1]
                start = match.start() if alone else match.start() + number.start()
                end = match.end() if alone else match.start() + number.end()
                look = QTextCharFormat()
                look.setAnchor(True)
                look.setAnchorHref(f"cite:{number.group()}")
                look.setForeground(theme.color("accent"))
                look.setBackground(theme.color("accent_soft"))
                look.setFontWeight(QFont.Weight.DemiBold)
                look.setFontUnderline(False)
                look.setToolTip(excerpt_tip(excerpt))
                at = block.position() + _utf16(text[:start])
                _select(self.document(), at, _utf16(text[start:end])).mergeCharFormat(look)

    def _mark_unsupported(self) -> None:
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(self._themes.theme.color("warning"))
        look.setToolTip(tr("Nothing that is cited holds what this sentence says."))
        for sentence in self._unsupported:
            for line in sentence.splitlines():
                words = _MARKS.sub("", _BULLET.sub("", line)).strip()
                found = self.document().find(words) if words else QTextCursor()
                if not found.isNull():
                    found.mergeCharFormat(look)

    def _height(self) -> int:
        return int(self.document().size().height()) + 4

    def _fit(self) -> None:
        if self.viewport().width() > 0:
            self.document().setTextWidth(self.viewport().width())
        if self.height() != self._height():
            self.setFixedHeight(self._height())


def unsupported(sentences: Sequence[SentenceReply]) -> list[str]:
    """Sentences that say something no citation holds; a heading says nothing."""
    return [part["text"] for part in sentences if not part["supported"] and not _HEADING.match(part["text"].strip())]


def excerpt_tip(excerpt: ExcerptReply) -> str:
    """A tooltip with the place and the first lines of an excerpt."""
    where = f"{excerpt['path']}:{figures.lines(excerpt['start_line'], excerpt['end_line'])}"
    lines = excerpt["text"].splitlines()
    shown = "\n".join(line[:100] for line in lines[:PREVIEW_LINES]) + ("\n…" if len(lines) > PREVIEW_LINES else "")
    family = code_font().families()[0]
    return f"<b>{html.escape(where)}</b><pre style=\"font-family:'{family}'; font-size:12px\">{html.escape(shown)}</pre>"


def _blocks(document: QTextDocument) -> list[QTextBlock]:
    blocks, block = [], document.begin()
    while block.isValid():
        blocks.append(block)
        block = block.next()
    return blocks


def _fragments(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """(position, length, format) of the runs of a block, read before any of them is changed."""
    runs, iterator = [], block.begin()
    while not iterator.atEnd():
        fragment = iterator.fragment()
        runs.append((fragment.position(), fragment.length(), fragment.charFormat()))
        iterator += 1
    return runs


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(block.blockFormat().Property.BlockCodeFence)


def _select(document: QTextDocument, start: int, length: int) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _utf16(text: str) -> int:
    """The length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
