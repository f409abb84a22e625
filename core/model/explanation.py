"""An onboarding document: sections of sentences, each with the places it was read from."""

from __future__ import annotations

from dataclasses import dataclass

from core.model.source import Place


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of Markdown, and the places it rests on, at least one.

    Raises ValueError for a sentence that rests on nothing: it could not be checked.
    """

    text: str
    places: tuple[Place, ...]

    def __post_init__(self) -> None:
        if not self.places:
            raise ValueError(f"nothing is cited by {self.text!r}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences under a name (none for a plain paragraph); `numbered` where their order is that of the steps."""

    name: str
    sentences: tuple[Told, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and what stands under it; `has_diagram` where the picture of the architecture belongs."""

    heading: str
    paragraphs: tuple[Paragraph, ...]
    has_diagram: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole document; a chapter that had nothing to say is not in it."""

    title: str
    chapters: tuple[Chapter, ...]
