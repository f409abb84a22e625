"""Text out of PDF and Word files, and out of what only says that it is one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.settings import ChunkSettings
from indexing.documents import extracted
from indexing.documents.extracted import ExtractionError, available, extract
from indexing.documents.reading import read_document
from indexing.encodings import EXTRACTED
from indexing.languages.lines import Lines
from tests.indexing.documents.office_files import docx, paragraph, pdf


def test_pages_of_a_pdf() -> None:
    pytest.importorskip("pypdf")
    text = extract("pdf", pdf("Orders are kept for ten years", "Refunds"))
    assert text == "# Page 1\n\nOrders are kept for ten years\n\n# Page 2\n\nRefunds\n"
    assert extract("pdf", pdf("again")) == extract("pdf", pdf("again"))


def test_paragraphs_of_a_word_document_are_cut_at_their_headings() -> None:
    body = paragraph("Orders", "Heading1") + paragraph("Kept &amp; counted. " * 20) + paragraph("Refunds", "Heading2")
    text = extract("docx", docx(body + paragraph("Paid back. " * 30)))
    assert text.startswith("# Orders\n\nKept & counted.")
    content = text.encode()
    document = read_document("markdown", content, Lines(content), ChunkSettings())
    assert [piece.outline for piece in document.pieces] == ["Orders", "Orders > Refunds"]


def test_without_the_extra_a_pdf_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not available("pdf")
    assert available("docx")
    with pytest.raises(ExtractionError, match="extra `documents`"):
        extract("pdf", pdf("x"))


@pytest.mark.parametrize("language", sorted(EXTRACTED))
@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.4", b"PK\x03\x04", b"x" * 1_000, pdf("cut")[:200], docx("cut")[:60]],
    ids=["empty", "head of pdf", "head of zip", "text", "cut pdf", "cut docx"],
)
def test_what_is_none_is_told(language: str, content: bytes) -> None:
    if available(language):
        with pytest.raises(ExtractionError):
            extract(language, content)


def test_a_zip_bomb_is_read_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracted, "_MAX_XML_BYTES", 10_000)
    assert len(extract("docx", docx(paragraph("word " * 10) * 10_000))) <= 10_000


def test_a_pdf_without_any_text_is_told() -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(ExtractionError, match="holds no text"):
        extract("pdf", pdf("", " "))


def test_pages_beyond_the_time_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdf")
    monkeypatch.setattr(extracted, "MAX_SECONDS", 0.0)
    assert extract("pdf", pdf("first", "second")) == "# Page 1\n\nfirst\n"


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=30))
def test_any_damage_is_an_error_or_text(changes: list[tuple[int, int]]) -> None:
    for language, whole in (("pdf", pdf("damaged", "twice")), ("docx", docx(paragraph("damaged")))):
        content = bytearray(whole)
        for place, value in changes:
            content[place % len(content)] = value
        try:
            assert isinstance(extract(language, bytes(content)), str)
        except ExtractionError:
            continue
