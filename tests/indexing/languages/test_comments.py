"""The paragraph that a doc comment begins with."""

import pytest

from indexing.languages.comments import first_paragraph


@pytest.mark.parametrize(
    ("comment", "paragraph"),
    [
        ("Opens a file.\nSlowly.\n\nNever twice.", "Opens a file. Slowly."),
        ("Opens a file.\n@param path where it lies", "Opens a file."),
        (":class:`File` objects are opened here.", ":class:`File` objects are opened here."),
        ("{@link File} objects are opened.", "{@link File} objects are opened."),
    ],
)
def test_the_first_paragraph_of_a_comment(comment: str, paragraph: str) -> None:
    assert first_paragraph(comment) == paragraph


@pytest.mark.parametrize(
    ("comment", "paragraph"),
    [
        ("@param {string} path where it lies\n@returns {File} the file", ""),
        ("\\param path where it lies", ""),
        (":param path: where it lies\n:returns: the file", ""),
        ("{@inheritDoc}", ""),
        ("{@inheritDoc} Slowly.", "Slowly."),
        ("@brief Opens a file.\n@param path where it lies", "Opens a file."),
        ("\\brief Opens\na file.\n\n\\param path where it lies", "Opens a file."),
        ("@deprecated\n@summary Opens a file.", "Opens a file."),
    ],
)
def test_tags_of_a_comment_describe_no_definition(comment: str, paragraph: str) -> None:
    """The answers said of functions in JavaScript “@param {string} path path”."""
    assert first_paragraph(comment) == paragraph
