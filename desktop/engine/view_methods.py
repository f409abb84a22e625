"""What the views of the window ask beyond the command line's own methods; every reply is a bounded page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.cancellation import CancellationToken
from core.errors import UsageError
from desktop.engine import run_wire, view_wire
from desktop.engine.clone_desk import ClassFilter, Treatment, list_classes, show_class, show_diff
from desktop.engine.code_desk import definitions_at, margin_of, references_to
from desktop.engine.overview_desk import overview_of
from desktop.engine.params import identity, number, optional_text, path_text, text, whole
from desktop.engine.problem_desk import problems_of
from desktop.engine.server import Params
from desktop.engine.service import Service
from desktop.engine.session import IndexSession
from desktop.engine.source_history import blame_of

_PAGE = 100

ViewMethod = Callable[[Params, CancellationToken], Any]


def view_methods(service: Service) -> dict[str, ViewMethod]:
    """The methods by name."""

    def at(answer: Callable[[IndexSession, Params], run_wire.Json]) -> ViewMethod:
        return lambda params, _token: answer(service.session(Path(path_text(params, "index"))), params)

    def at_leisure(answer: Callable[[IndexSession, str, CancellationToken], run_wire.Json]) -> ViewMethod:
        """About a file; another program is asked, which may take long."""
        return lambda params, token: answer(service.session(Path(path_text(params, "index"))), text(params, "path"), token)

    return {
        "clone_list": at(_clone_list),
        "clone_class": at(_clone_class),
        "clone_diff": at(_clone_diff),
        "blame": at_leisure(lambda session, path, token: view_wire.blame(blame_of(session.reader, path, token))),
        "margin": at(lambda session, params: view_wire.margin(margin_of(session.reader, text(params, "path")))),
        "references": at(_references),
        "definition": at(_definition),
        "problems": at(_problems),
        "overview": at(lambda session, _params: view_wire.overview(overview_of(session))),
    }


def _clone_list(session: IndexSession, params: Params) -> run_wire.Json:
    treatment = optional_text(params, "treatment")
    if treatment not in set(Treatment):
        raise UsageError(f"classes are not listed by '{treatment}'", "", f"choose {', '.join(filter(None, Treatment))}")
    chosen = ClassFilter(
        whole(params, "type", 0), number(params, "min_similarity", 0.0), optional_text(params, "path"), Treatment(treatment)
    )
    return view_wire.class_page(list_classes(session, chosen, whole(params, "offset", 0), whole(params, "limit", _PAGE)))


def _clone_class(session: IndexSession, params: Params) -> run_wire.Json:
    view = show_class(
        session,
        text(params, "path"),
        whole(params, "line", 1),
        whole(params, "offset", 0),
        whole(params, "limit", _PAGE),
        identity(params, "class"),
    )
    return view_wire.class_view(view)


def _clone_diff(session: IndexSession, params: Params) -> run_wire.Json:
    path, line = text(params, "path"), whole(params, "line", 1)
    return view_wire.clone_diff(show_diff(session, path, line, identity(params, "class")))


def _references(session: IndexSession, params: Params) -> run_wire.Json:
    page = whole(params, "offset", 0), whole(params, "limit", _PAGE)
    return view_wire.references(references_to(session.reader, text(params, "symbol"), *page))


def _definition(session: IndexSession, params: Params) -> run_wire.Json:
    found = definitions_at(session.reader, text(params, "path"), whole(params, "line", 1), text(params, "name"))
    return view_wire.definitions(found)


def _problems(session: IndexSession, params: Params) -> run_wire.Json:
    found = problems_of(
        session.reader,
        optional_text(params, "kind"),
        optional_text(params, "reason"),
        optional_text(params, "text"),
        whole(params, "offset", 0),
        whole(params, "limit", 2 * _PAGE),
    )
    return view_wire.problems(found)
