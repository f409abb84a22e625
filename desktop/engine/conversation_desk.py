"""Conversations of an index: what a question rests on beside it, and keeping what was answered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from core.answering.earlier import places_of, turn_of
from core.errors import UsageError
from core.fingerprint import digest_at
from core.model.answer import Answer
from core.model.conversation import Background, KeptPlace
from core.model.source import Place
from core.paths import to_os
from desktop import locations
from desktop.answer_log import AnswerLog, LoggedAnswer
from desktop.bookmark_file import NAME, as_notes, project_folder, read_bookmarks
from desktop.drawing.conversation import conversation_markdown
from desktop.engine import wire
from desktop.engine.on_disk import file_on_disk
from desktop.engine.session import IndexSession


def background_of(
    index: Path, conversation: int = 0, pinned: Sequence[Place] = (), removed: Sequence[Place] = ()
) -> Background:
    """What a question rests on: the turns of its conversation, the notes of people, and what goes in or stays out."""
    log = AnswerLog(index)
    turns = tuple(entry.turn for entry in log.conversation(conversation))
    bookmarks = read_bookmarks(project_folder(locations.data_folder(), index.resolve()) / NAME)
    return Background(turns, (*log.accepted_notes(), *as_notes(bookmarks)), tuple(pinned), tuple(removed))


def keep_answer(session: IndexSession, answer: Answer, conversation: int) -> LoggedAnswer:
    """Keep an answer in the history, with what the places it cites now say. Raises BrokenIndexError."""
    texts = session.packs.texts
    kept = [
        KeptPlace(place, digest_at(texts.lines(place.path), place.start_line, place.end_line))
        for place in places_of(answer).values()
    ]
    return AnswerLog(session.folder).add(turn_of(answer), kept, wire.answer(answer), conversation)


def export_conversation(session: IndexSession, number: int, file: Path) -> str:
    """A conversation as Markdown for `file`, whose citations lead from there to the files of the source; that of an answer
    alone would lack what its question leans on. Raises UsageError where there is no such conversation."""
    log = AnswerLog(session.folder)
    entries = log.conversation(number)
    if not entries:
        raise UsageError(f"there is no conversation {number}", "", "see 'codestrata history'")
    folder = file.absolute().parent

    def address(place: Place) -> str:
        on_disk = file_on_disk(session.reader, place.path)
        path = to_os(place.path) if on_disk is None else os.path.relpath(on_disk, folder)
        return f"{quote(os.fsencode(path.replace(os.sep, '/')))}#L{place.start_line}-L{place.end_line}"

    told = [(log.answer(entry.number), entry.when, entry.accepted) for entry in entries]
    return conversation_markdown(session.reader.meta("name"), told, address)
