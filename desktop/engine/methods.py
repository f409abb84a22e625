"""The methods of the two kinds of engine process: parameters to calls, records to JSON."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.answering.deep.budget import DEFAULT_CALLS, DEFAULT_TOKENS, DeepBudget
from core.cancellation import CancellationToken
from core.errors import UsageError
from core.graph.impact import DEFAULT_DEPTH
from core.model.answer import Answer, Delta, Step
from core.model.context import Pack
from core.model.ranking import Filter
from core.settings import Settings
from desktop import assembly
from desktop.engine import run_wire, wire
from desktop.engine.budget_costs import budget_costs
from desktop.engine.conversation_desk import background_of
from desktop.engine.conversation_methods import conversation_methods, kept
from desktop.engine.diagram_methods import diagram_methods
from desktop.engine.first_methods import hello
from desktop.engine.graph_methods import graph_methods
from desktop.engine.on_disk import file_on_disk
from desktop.engine.params import flag, identity, number, optional_text, path_text, places, text, whole
from desktop.engine.provider_methods import provider_methods, provider_settings
from desktop.engine.sending_preview import would_send
from desktop.engine.server import Emit, Method, Params, Throttle
from desktop.engine.service import Service
from desktop.engine.staleness import count_stale
from desktop.engine.view_methods import view_methods


def query_methods(service: Service, settings: Settings) -> dict[str, Method]:
    """What a query process answers, beside `first_methods`."""
    simple: dict[str, Callable[[Params, CancellationToken], Any]] = {
        "prepare": lambda params, token: _prepare(service, params, token),
        "file": lambda params, _token: file(service, _index(params), text(params, "path")),
        "search": lambda params, token: _search(service, params, token),
        "context": lambda params, _token: wire.pack(
            service.context(_index(params), text(params, "question"), whole(params, "budget", settings.retrieval.budget))
        ),
        "symbols": lambda params, _token: [
            wire.symbol(found)
            for found in service.symbols(_index(params), text(params, "name"), whole(params, "limit", 100))
        ],
        "show": lambda params, _token: wire.symbol_view(service.show(_index(params), text(params, "symbol"))),
        "callers": lambda params, token: wire.graph(
            service.callers(_index(params), text(params, "symbol"), whole(params, "depth", 1), token)
        ),
        "callees": lambda params, token: wire.graph(
            service.callees(_index(params), text(params, "symbol"), whole(params, "depth", 1), token)
        ),
        "path": lambda params, token: wire.graph(
            service.path(_index(params), text(params, "from"), text(params, "to"), token)
        ),
        "impact": lambda params, token: wire.impact(
            service.impact(_index(params), text(params, "of"), whole(params, "depth", DEFAULT_DEPTH), token),
            service.tests(_index(params)),
        ),
        "graph": lambda params, _token: wire.graph(service.graph(_index(params))),
        "clones": lambda params, _token: wire.clones(
            service.clones(_index(params), number(params, "min_similarity", 0.0)),
            service.session(_index(params)).reader.folding(),
        ),
        "clone_pairs": lambda params, _token: wire.clone_pairs(
            service.clone_pairs(_index(params), number(params, "min_similarity", 0.0))
        ),
        "clone_blocks": lambda params, token: wire.clone_blocks(
            service.clone_blocks(_index(params), whole(params, "tokens", settings.folding.block_tokens), token)
        ),
        "costs": lambda params, _token: budget_costs(service, settings, params),
        "sending": lambda params, token: would_send(service, settings, params, token),
        "explain": lambda params, token: _explain(service, params, token),
        "licences": lambda _params, _token: _licences(),
        "doctor": lambda _params, _token: _doctor(settings),
        **provider_methods(settings),
        **view_methods(service),
        **graph_methods(service),
        **conversation_methods(service),
        **diagram_methods(service),
    }
    assembly.warm_up_model(settings.provider)

    def ask(params: Params, emit: Emit, token: CancellationToken) -> run_wire.Json:
        return _ask(service, settings, params, emit, token)

    def watch(params: Params, emit: Emit, token: CancellationToken) -> run_wire.Json:
        return _watch(service, settings, params, emit, token)

    return {**{name: _without_events(function) for name, function in simple.items()}, "ask": ask, "watch": watch}


def indexer_methods(settings: Settings, version: str) -> dict[str, Method]:
    """What an indexer process does."""

    def index(params: Params, emit: Emit, token: CancellationToken) -> run_wire.Json:
        given = settings.index
        changed = dataclasses.replace(
            given,
            workers=max(0, whole(params, "workers", given.workers)),
            embedder=optional_text(params, "embedder", given.embedder),
            device=optional_text(params, "device", given.device),
            executor=optional_text(params, "executor", given.executor),
            settle=given.settle or bool(params.get("settle")),
        )
        folder = path_text(params, "index") if params.get("index") else None
        run = assembly.start_indexing(
            path_text(params, "source"),
            folder,
            dataclasses.replace(settings, index=changed),
            token,
            rebuild=bool(params.get("rebuild")),
        )
        began, throttle = time.monotonic(), Throttle()
        while True:
            try:
                step = next(run)
            except StopIteration as done:
                return run_wire.report(done.value)
            if throttle.passes(step.stage):
                emit({"event": "progress", **wire.progress(step, time.monotonic() - began)})

    def fold_choice(params: Params, emit: Emit, token: CancellationToken) -> run_wire.Json:
        chosen = path_text(params, "path"), whole(params, "line", 1), optional_text(params, "choice")
        assembly.choose_folding(_index(params), [chosen], settings, token)
        return {"choice": chosen[2]}

    return {"hello": hello(version), "index": index, "fold_choice": fold_choice}


def _without_events(function: Callable[[Params, CancellationToken], Any]) -> Method:
    return lambda params, _emit, token: function(params, token)


def _index(params: Params) -> Path:
    return Path(path_text(params, "index"))


def file(service: Service, index: Path, path: str) -> run_wire.Json:
    """A file as it was indexed, with the colours of its text and its symbols."""
    from desktop.engine.highlight import highlight

    reader = service.session(index).reader
    text = reader.text(path)
    entry = next(found for found in reader.files() if found.path == path)
    changed = count_stale([entry], reader)
    return {
        "path": path,
        "language": entry.language,
        "text": text,
        "lines": entry.lines,
        "stale": bool(changed),
        "disk": None if (disk := file_on_disk(reader, path)) is None else str(disk),
        "highlights": [[list(span) for span in line] for line in highlight(text, entry.language)],
        "symbols": [wire.symbol(found) for found in reader.symbols_of(path)],
    }


def _search(service: Service, params: Params, token: CancellationToken) -> run_wire.Json:
    index = _index(params)
    chosen = Filter(optional_text(params, "path"), optional_text(params, "language"), optional_text(params, "kind"))
    ranking = service.search(
        index, text(params, "query"), whole(params, "k", 10), chosen, token, regex=bool(params.get("regex"))
    )
    return wire.ranking(ranking, service.hit_texts(index, ranking.hits))


def _ask(service: Service, settings: Settings, params: Params, emit: Emit, token: CancellationToken) -> run_wire.Json:
    index, question = _index(params), text(params, "question")
    model = None
    if params.get("llm", True):
        chosen = provider_settings(settings.provider, params)
        model = assembly.open_model(chosen, service.session(index).folder, question, assembly.open_consents())
    budget = whole(params, "budget", settings.retrieval.budget)
    conversation = identity(params, "conversation")
    background = background_of(index, conversation, places(params, "pinned"), places(params, "removed"))
    deep = None
    if flag(params, "deep"):
        deep = DeepBudget(whole(params, "calls", DEFAULT_CALLS), whole(params, "tokens", DEFAULT_TOKENS))
    for piece in service.ask(index, question, budget, model, token, background, deep):
        token.check("answering")
        match piece:
            case Pack():
                emit({"event": "pack", "pack": wire.pack(piece)})
            case Delta():
                emit({"event": "text", "text": piece.text})
            case Step():
                emit({"event": "step", "step": wire.step(piece)})
            case Answer():
                return {**wire.answer(piece), **kept(service.session(index), piece, conversation)}
    raise AssertionError("an answer always comes last")


def _prepare(service: Service, params: Params, token: CancellationToken) -> run_wire.Json:
    service.prepare(_index(params), token)
    return {}


def _watch(service: Service, settings: Settings, params: Params, emit: Emit, token: CancellationToken) -> run_wire.Json:
    from desktop.engine.watching import Changed, watch, watched_roots

    index = _index(params)
    reader = service.session(index).reader
    roots = watched_roots(reader.meta("source"), reader.meta("stamp"))
    if roots:
        for news in watch(roots, index, settings.scan, token):
            emit({"event": "changed"} if isinstance(news, Changed) else {"event": "watching", "why": news.why})
    return {"watched": False}


def _explain(service: Service, params: Params, token: CancellationToken) -> run_wire.Json:
    from desktop.drawing.document import FORMATS

    ending = optional_text(params, "format", FORMATS[0])
    if ending not in FORMATS:
        raise UsageError(f"there is no format '{ending}'", "", f"choose {' or '.join(FORMATS)}")
    return {"format": ending, "document": service.explain(_index(params), ending, token)}


def _licences() -> list[run_wire.Json]:
    from desktop.licences import parts

    return [dataclasses.asdict(part) for part in parts()]


def _doctor(settings: Settings) -> run_wire.Json:
    from desktop.doctor import examine

    return examine(settings)
