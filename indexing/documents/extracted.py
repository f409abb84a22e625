"""PDF and Word documents: the text that is in them, written as Markdown so that it is cut like any other document.

PDF needs the extra `documents` (pypdf, imported when the first one is read); a .docx is a zip of XML, read with what Python
has. What cannot be read is an ExtractionError, whatever is wrong with the file; how much is read is bounded.
"""

from __future__ import annotations

import html
import importlib.util
import io
import logging
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

MAX_PAGES = 3_000
MAX_CHARACTERS = 8_000_000
MAX_SECONDS = 20.0
"""Of CPU time for the pages of one PDF, looked at between two of them; for one page the worker's own limit holds."""
_MAX_XML_BYTES = 64_000_000
_WORD = "word/document.xml"

# A paragraph's style (1: the level of its heading), a text (2), a tab, a break, the end of a paragraph or a table's row.
_WORD_TOKEN = re.compile(
    rb'<w:pStyle\s+w:val="(?:[Hh]eading|berschrift|Titre)?\s*([1-6]|Title)"'
    rb"|<w:t(?:\s[^<>]*+)?>([^<]*+)</w:t>|<w:(tab|br)\b|</w:(p|tr)>"
)


class ExtractionError(Exception):
    """A document whose text cannot be read; the message says why in a few words."""


def available(language: str) -> bool:
    """Whether this installation can read documents of `language` ("pdf" or "docx")."""
    return language == "docx" or (language == "pdf" and importlib.util.find_spec("pypdf") is not None)


def extract(language: str, content: bytes) -> str:
    """The text of a document as Markdown, at most `MAX_CHARACTERS`; ExtractionError.

    The same bytes give the same text, as long as the library stays the same and a PDF takes less than `MAX_SECONDS`.
    """
    text = _EXTRACTORS[language](content)
    if not text.strip():
        raise ExtractionError("holds no text: pictures of pages are not read")
    return text.encode("utf-8", "replace").decode("utf-8")[:MAX_CHARACTERS]


def _pdf(content: bytes) -> str:
    """Each page below a heading with its number."""
    if not available("pdf"):
        raise ExtractionError("needs the extra `documents`")
    import pypdf
    from pypdf.errors import PyPdfError

    # It logs each oddity it repairs, of which there may be thousands.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    size, began = 0, time.process_time()
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractionError("is protected by a password")
        for number, page in enumerate(reader.pages[:MAX_PAGES], 1):
            text = page.extract_text().strip()
            if text:
                pages.append(f"# Page {number}\n\n{text}\n")
                size += len(text)
            if size > MAX_CHARACTERS or time.process_time() - began > MAX_SECONDS:
                break
    except (
        PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, NotImplementedError, OSError,
        RecursionError, TypeError, ValueError, struct.error, zlib.error,
    ) as error:  # fmt: skip
        # A damaged file makes pypdf fail anywhere, with whatever the missing piece was needed for.
        raise ExtractionError(f"cannot be read as PDF: {type(error).__name__}") from error
    return "\n".join(pages)


def _docx(content: bytes) -> str:
    """Paragraphs, the headings among them marked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_WORD) as stream:
            xml = stream.read(_MAX_XML_BYTES)
    except (zipfile.BadZipFile, zlib.error, struct.error, KeyError, OSError, RuntimeError, EOFError, ValueError) as error:
        raise ExtractionError(f"cannot be read as .docx: {error}") from error
    blocks: list[str] = []
    words: list[str] = []
    level = 0
    for found in _WORD_TOKEN.finditer(xml):
        if found[1]:
            level = 1 if found[1] == b"Title" else int(found[1])
        elif found[2] is not None:
            words.append(html.unescape(found[2].decode("utf-8", "replace")))
        elif found[3]:
            words.append("\t" if found[3] == b"tab" else "\n")
        else:
            block = "".join(words).strip()
            if block:
                blocks.append(f"{'#' * level} {' '.join(block.split())}" if level else block)
            words, level = [], 0
    return "\n\n".join(blocks) + "\n" if blocks else ""


_EXTRACTORS: Mapping[str, Callable[[bytes], str]] = MappingProxyType({"docx": _docx, "pdf": _pdf})
