"""The composition root: settings to parts. No other module chooses an implementation."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.progress import Progress, Stage
from core.settings import ProviderSettings, Settings
from desktop import locations
from desktop.own_process import own_command
from desktop.preferences import load_settings

if TYPE_CHECKING:
    # What answers and indexes brings numpy along; the window starts without it.
    from core.answering.sending import RecordedModel
    from core.ports import Consents, Embedder, TokenCounter
    from desktop.adapters.keys import KeyStore
    from desktop.engine.service import Service
    from desktop.engine.session import Sessions
    from indexing.report import Report

STATIC = "static"


def settings_for(options: Mapping[str, Mapping[str, object]] | None = None) -> Settings:
    """The settings of this run."""
    return load_settings(locations.preferences_file(), os.environ, options)


def open_sessions(settings: Settings) -> Sessions:
    """What opens indexes."""
    from desktop.engine.session import Sessions

    return Sessions(embedder_opener(settings.index.device), open_counter())


def open_service(settings: Settings, sessions: Sessions | None = None) -> Service:
    """What answers from indexes, those of `sessions` where some are given."""
    from desktop.drawing.layout import GraphvizLayout
    from desktop.engine.service import Service

    return Service(sessions or open_sessions(settings), open_counter(), GraphvizLayout())


def embedder_opener(device: str) -> Callable[[str], Embedder]:
    """Opens embedders by name, each once."""
    return functools.cache(lambda name: open_embedder(name, device))


def open_embedder(name: str, device: str) -> Embedder:
    """The embedder called `name`: `static`, or any model name or folder that sentence-transformers knows."""
    if name == STATIC:
        from indexing.embedding.static import StaticEmbedder

        return StaticEmbedder()
    from indexing.embedding.sentence_transformers import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(name.removeprefix("sentence-transformers:"), device=_device(device))


def _device(name: str) -> Literal["auto", "cpu", "cuda"]:
    match name:
        case "auto" | "cpu" | "cuda":
            return name
    raise UsageError(f"there is no device '{name}'", "", "choose auto, cpu or cuda")


@functools.cache
def open_counter() -> TokenCounter:
    """Counts LLM tokens with the tokenizer that is shipped."""
    from desktop.adapters.tokens import TiktokenCounter

    return TiktokenCounter()


@functools.cache
def open_keys() -> KeyStore:
    """The keys of providers; this process remembers those that the system cannot keep."""
    from desktop.adapters.keys import KeyStore

    return KeyStore()


def open_consents(*, everything: bool = False) -> Consents:
    """What a person has agreed to; with `everything`, for this run to all that is not switched off."""
    from desktop.consents import PreferredConsents

    return PreferredConsents(lambda: settings_for().provider, everything=everything)


def open_model(settings: ProviderSettings, index: Path, question: str, consents: Consents) -> RecordedModel | None:
    """The model a person chose, or None: a key in the environment alone selects nothing.

    Whatever it is sent is asked for and recorded, in the ledger of the index, as sent for `question`.
    """
    if not settings.provider:
        return None
    from core.answering.sending import RecordedModel
    from desktop.adapters.language_model import open_language_model
    from indexing.stores.ledger import SqliteLedger

    model = open_language_model(settings, os.environ, open_keys(), open_counter())
    return RecordedModel(model, question, open_counter(), SqliteLedger(index), consents)


def warm_up_model(settings: ProviderSettings) -> None:
    """Import in the background what asking the chosen provider needs, which takes a second or two."""
    if not settings.provider:
        return
    from desktop.adapters.language_model import warm_up
    from desktop.adapters.providers import provider_named

    provider = provider_named(settings.provider)
    threading.Thread(target=warm_up, args=(provider,), name="warm up", daemon=True).start()


def start_indexing(
    source: str, index: str | None, settings: Settings, cancellation: CancellationToken, *, rebuild: bool = False
) -> Generator[Progress, None, Report]:
    """Index a source into its folder; a generator of progress that returns the report."""
    from indexing.intake.opening import open_source
    from indexing.pipeline import Job, build
    from indexing.stores.maintenance import check_new, discard
    from indexing.stores.precision import checked_precision
    from indexing.stores.vector_choice import check_store

    checked_precision(settings.index.precision)
    check_store(settings.index.store)
    _check_executor(settings.index.executor)
    yield Progress(Stage.INTAKE, 0, 0)
    with open_source(source, cancellation) as workspace:
        folder = Path(index) if index else locations.index_folder(workspace.identity)
        if rebuild:
            discard(folder)
        check_new(folder)
        embedder = open_embedder(settings.index.embedder, settings.index.device)
        device = getattr(embedder, "device", "cpu")
        return (yield from build(Job(workspace, folder.absolute(), settings, embedder, device), cancellation))


def _check_executor(name: str) -> None:
    """Raise, before anything is written, where a cluster cannot be worked with."""
    from indexing.executors import DASK

    if name.startswith(DASK):
        from indexing.dask_executor import check_cluster, parse_address

        check_cluster(parse_address(name.removeprefix(DASK)))


def index_of_revision(
    source: str, revision: str, settings: Settings, cancellation: CancellationToken
) -> Generator[Progress, None, Path]:
    """An index of another revision of a source under git, made where there is none yet; a generator of progress that
    returns its folder."""
    from core.paths import to_os
    from indexing.intake.revisions import find_revision, open_revision
    from indexing.pipeline import Job, build
    from indexing.stores.sqlite.reader import open_snapshot

    found = find_revision(Path(to_os(source)), revision, cancellation)
    folder = locations.index_folder(found.identity)
    if folder.is_dir():
        with open_snapshot(folder) as reader:
            if reader.meta("complete") == "yes":
                return folder
    with open_revision(found, cancellation) as workspace:
        embedder = open_embedder(settings.index.embedder, settings.index.device)
        device = getattr(embedder, "device", "cpu")
        yield from build(Job(workspace, folder, settings, embedder, device), cancellation)
    return folder


def choose_folding(
    folder: Path, choices: Sequence[tuple[str, int, str]], settings: Settings, cancellation: CancellationToken
) -> None:
    """Remember for the definitions at (path, line) what a person chose (`pin`, `unfold`, or nothing, which forgets it), and
    fold the index so. Raises UsageError for a place where nothing is, or an unknown choice."""
    from indexing.refold import refold
    from indexing.stores.choices import FoldChoice, choose
    from indexing.stores.sqlite.reader import open_snapshot

    if unknown := [choice for *_, choice in choices if choice and choice not in set(FoldChoice)]:
        raise UsageError(f"there is no choice '{unknown[0]}'", "", f"choose {' or '.join(FoldChoice)}")
    with open_snapshot(folder) as reader:
        named = reader.meta("embedder") or STATIC
        for path, line, choice in choices:
            around = [chunk for chunk in reader.chunks_of(path) if chunk.span.start_line <= line <= chunk.span.end_line]
            if not around:
                raise UsageError(f"there is nothing at {path}:{line}", "", "see 'codestrata clones' for the places")
            choose(folder, path, around[-1].symbol, FoldChoice(choice) if choice else None)
    refold(folder, settings, open_embedder(named, settings.index.device), cancellation)


def engine_command() -> list[str]:
    """The command that starts an engine process safely."""
    return own_command("engine")
