"""Diagrams over the protocol: laid out, as a picture, as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.model.context import Cost, Excerpt, ExcerptRole, Pack
from core.model.diagram import Drawing
from desktop.engine import run_wire, wire
from desktop.engine.opening_picture import is_opening_picture, opening_picture
from desktop.engine.params import Params, optional_text, path_text, text, texts, whole
from desktop.engine.service import Service

DiagramMethod = Callable[[Params, CancellationToken], run_wire.Json]

_MOST_EXCERPTS = 500


def diagram_methods(service: Service) -> dict[str, DiagramMethod]:
    """The methods by name."""

    def drawing(params: Params, token: CancellationToken) -> Drawing:
        index, scope = Path(path_text(params, "index")), optional_text(params, "scope")
        if isinstance(given := params.get("pack"), Mapping):
            return service.lay_out(service.pack_diagram(index, _pack(given, scope)), token)
        return service.drawing(index, text(params, "kind"), scope, token)

    def seen(params: Params, token: CancellationToken) -> Drawing:
        """Without what the client hides."""
        from desktop.drawing.hiding import Hidden, without

        hide = {} if params.get("hide") is None else params["hide"]
        if not isinstance(hide, Mapping):
            raise UsageError("the parameter 'hide' must be an object", f"it is {hide!r:.80}", "send another")
        hidden = Hidden(*(frozenset(texts(hide, name)) for name in ("boxes", "kinds", "confidences")))
        return without(drawing(params, token), hidden)

    def drawn(params: Params, token: CancellationToken) -> run_wire.Json:
        laid_out = drawing(params, token)
        return {"diagram": wire.diagram(laid_out.diagram), "layout": wire.layout(laid_out)}

    def diagram(params: Params, token: CancellationToken) -> run_wire.Json:
        if params.get("pack") is None and is_opening_picture(text(params, "kind"), optional_text(params, "scope")):
            session = service.session(Path(path_text(params, "index")))
            return opening_picture(session, lambda: drawn(params, token))
        return drawn(params, token)

    def export(params: Params, token: CancellationToken) -> run_wire.Json:
        from desktop.drawing.export import Look, write_diagram

        target = Path(path_text(params, "file"))
        write_diagram(seen(params, token), target, Look(optional_text(params, "theme", "light")))
        return {"file": str(target), "bytes": target.stat().st_size}

    def picture(params: Params, token: CancellationToken) -> run_wire.Json:
        from desktop.drawing.svg import svg

        return {"svg": svg(seen(params, token), optional_text(params, "theme", "light"))}

    return {"diagram": diagram, "export": export, "picture": picture}


def _pack(given: Params, question: str) -> Pack:
    """The pack of an answer as a client has it; texts are not needed. UsageError for what is none."""
    excerpts = given.get("excerpts")
    if not isinstance(excerpts, list) or not all(isinstance(each, Mapping) for each in excerpts):
        raise UsageError("the parameter 'pack' must hold a list of excerpts", "", "send the pack of an answer")
    return Pack(
        question,
        whole(given, "budget", 0),
        whole(given, "tokens", 0),
        "",
        whole(given, "whole_source_tokens", 0),
        tuple(_excerpt(each) for each in excerpts[:_MOST_EXCERPTS]),
        "",
        0,
        0,
        Cost(0, 0.0, 0.0),
    )


def _excerpt(given: Params) -> Excerpt:
    role = optional_text(given, "role", ExcerptRole.HIT)
    if role not in set(ExcerptRole):
        raise UsageError(f"there is no role '{role}'", "", f"choose one of {', '.join(ExcerptRole)}")
    return Excerpt(
        whole(given, "n", 0),
        path_text(given, "path"),
        whole(given, "start_line", 1),
        whole(given, "end_line", 1),
        optional_text(given, "symbol"),
        ExcerptRole(role),
        whole(given, "tokens", 0),
        "",
        "",
    )
