"""The composition root: settings to parts. No other module chooses an implementation."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from core.cancellation import CancellationToken
from core.errors import NotThereYetError, UsageError
from core.progress import Progress, Stage
from core.settings import ProviderSettings, Settings
from desktop import locations
from desktop.preferences import load_settings

if TYPE_CHECKING:
    # What answers and indexes brings numpy along; the window starts without it.
    from core.ports import Embedder, LanguageModel, TokenCounter
    from desktop.engine.service import Service
    from indexing.report import Report

STATIC = "static"


def settings_for(options: Mapping[str, Mapping[str, object]] | None = None) -> Settings:
    """The settings of this run."""
    return load_settings(locations.preferences_file(), os.environ, options)


def open_service(settings: Settings) -> Service:
    """What answers from indexes."""
    from desktop.drawing.layout import GraphvizLayout
    from desktop.engine.service import Service
    from desktop.engine.session import Sessions

    counter = open_counter()
    return Service(Sessions(embedder_opener(settings.index.device), counter), counter, GraphvizLayout())


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


def open_counter() -> TokenCounter:
    """Counts LLM tokens with the tokenizer that is shipped."""
    from desktop.adapters.tokens import TiktokenCounter

    return TiktokenCounter()


def open_model(settings: ProviderSettings) -> LanguageModel | None:
    """The model a person chose, or None: a key in the environment alone selects nothing."""
    if not settings.provider:
        return None
    from desktop.adapters.language_model import open_language_model

    model = open_language_model(settings, os.environ)
    if settings.local_only and model.host is not None:
        raise UsageError(
            f"the model at {model.host} is not asked",
            "the preferences say that nothing leaves this machine",
            "choose a model on this machine, or set local_only to false in them",
        )
    return model


def start_indexing(
    source: str, index: str | None, settings: Settings, cancellation: CancellationToken, *, rebuild: bool = False
) -> Generator[Progress, None, Report]:
    """Index a source into its folder; a generator of progress that returns the report."""
    from indexing.intake.opening import open_source
    from indexing.pipeline import Job, build
    from indexing.stores.maintenance import check_new, discard

    if settings.index.store.startswith("qdrant="):
        raise NotThereYetError("vectors on a Qdrant server are not there yet", "", "use '--store faiss'")
    yield Progress(Stage.INTAKE, 0, 0)
    with open_source(source, cancellation) as workspace:
        folder = Path(index) if index else locations.index_folder(workspace.identity)
        if rebuild:
            discard(folder)
        check_new(folder)
        embedder = open_embedder(settings.index.embedder, settings.index.device)
        device = getattr(embedder, "device", "cpu")
        return (yield from build(Job(workspace, folder.absolute(), settings, embedder, device), cancellation))


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
    """The command that starts an engine process safely: nothing of the working directory can be imported by it."""
    return [sys.executable, "-P", "-m", "codestrata_start", "engine"]
