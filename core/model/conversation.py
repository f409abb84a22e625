"""What a question rests on beside the index: earlier turns, a person's notes, places that must be or must not be used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.model.source import Place


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was answered before in the same conversation.

    `understood` is the question as it was looked up, `places` are those it cited, in order of first mention; `text` is the
    answer without the sentences that nothing supports, its `[n]` replaced by the places.
    """

    question: str
    understood: str
    text: str
    places: tuple[Place, ...]


class NoteKind(StrEnum):
    """What a person left behind."""

    NOTE = "note"
    """Written on a line of a file."""
    ANSWER = "answer"
    """An answer that was accepted as right."""


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A place with a digest of its lines (`core.fingerprint`), by which it is found again and seen to have changed."""

    place: Place
    digest: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a person says of places, or an answer that was accepted; `title` is the question of an answer.

    `places` holds at least one.
    """

    kind: NoteKind
    title: str
    text: str
    places: tuple[KeptPlace, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """All of it, for one question. `pinned` places go into the pack first, no excerpt touches a `removed` one."""

    turns: tuple[Turn, ...] = ()
    notes: tuple[Note, ...] = ()
    pinned: tuple[Place, ...] = ()
    removed: tuple[Place, ...] = ()
