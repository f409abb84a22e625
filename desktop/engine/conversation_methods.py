"""The methods about what was asked before: listing, searching, opening, accepting, removing, exporting."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.cancellation import CancellationToken
from core.errors import BrokenIndexError, UsageError
from core.model.answer import Answer
from desktop.answer_log import MOST, AnswerLog
from desktop.engine import run_wire, wire
from desktop.engine.conversation_desk import export_conversation, keep_answer
from desktop.engine.params import Params, flag, identity, optional_text, path_text, whole
from desktop.engine.service import Service
from desktop.engine.session import IndexSession

Simple = Callable[[Params, CancellationToken], Any]
_log = logging.getLogger(__name__)


def conversation_methods(service: Service) -> dict[str, Simple]:
    """The methods by name."""

    def at(answer: Callable[[IndexSession, Params], Any]) -> Simple:
        return lambda params, _token: answer(service.session(Path(path_text(params, "index"))), params)

    return {
        "history": at(_history),
        "history_answer": at(_answer),
        "history_accept": at(_accept),
        "history_remove": at(_remove),
        "history_export": at(_export),
    }


def kept(session: IndexSession, answer: Answer, conversation: int) -> run_wire.Json:
    """Keep an answer: its number and that of its conversation, or why it could not be kept."""
    try:
        entry = keep_answer(session, answer, conversation)
    except BrokenIndexError as error:
        _log.warning("an answer is not kept: %s", error)
        return {"number": 0, "conversation": conversation, "not_kept": str(error)}
    return {"number": entry.number, "conversation": entry.conversation}


def _history(session: IndexSession, params: Params) -> run_wire.Json:
    log = AnswerLog(session.folder)
    limit = whole(params, "limit", MOST)
    if limit < 1:
        raise UsageError(f"{limit} answers cannot be listed", "", "ask for at least one")
    found = log.search(optional_text(params, "search"), limit)
    return {"answers": [wire.logged_answer(entry) for entry in found], "problems": log.problems}


def _answer(session: IndexSession, params: Params) -> run_wire.Json:
    log = AnswerLog(session.folder)
    number = identity(params, "number")
    return {**wire.logged_answer(log.find(number)), "answer": log.answer(number)}


def _accept(session: IndexSession, params: Params) -> run_wire.Json:
    accepted = flag(params, "accepted") if "accepted" in params else True
    return wire.logged_answer(AnswerLog(session.folder).accept(identity(params, "number"), accepted=accepted))


def _remove(session: IndexSession, params: Params) -> run_wire.Json:
    return {"removed": AnswerLog(session.folder).remove(identity(params, "number") or None)}


def _export(session: IndexSession, params: Params) -> run_wire.Json:
    from desktop.drawing.export import check_folder, write_whole

    file = Path(path_text(params, "file"))
    check_folder(file)
    document = export_conversation(session, identity(params, "conversation"), file).encode("utf-8", "replace")
    write_whole(file, document)
    return {"file": str(file), "bytes": len(document)}
