"""The one way in: a text that no grammar reads, as facts and chunks."""

from __future__ import annotations

from core.settings import ChunkSettings
from indexing.documents.chunking import Document, document_of
from indexing.documents.notebook import LANGUAGE as NOTEBOOK
from indexing.documents.notebook import read_notebook
from indexing.documents.parts import Reading
from indexing.documents.readers import READERS
from indexing.languages.lines import Lines


def read_document(language: str, text: bytes, lines: Lines, settings: ChunkSettings) -> Document:
    """A document by its headings, a structure by its keys, anything else by its quiet lines."""
    if language == NOTEBOOK and (notebook := read_notebook(text, lines, settings)):
        return notebook
    reader = READERS.get("json" if language == NOTEBOOK else language)
    return document_of(text, lines, reader(text, lines) if reader else Reading(()), settings)
