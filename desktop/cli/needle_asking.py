"""`codestrata needle --provider`: a model asked for planted facts, from packs and from prompts stuffed with source."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.answering.prices import price_table
from core.cancellation import CancellationToken
from core.errors import UsageError
from core.model.needle import Asked, Trial, Way
from core.settings import ProviderSettings
from desktop import assembly, locations
from desktop.cli.agreeing import make_sure
from desktop.cli.output import Output
from desktop.engine.service import Service

if TYPE_CHECKING:
    from core.ports import Consents, LanguageModel
    from indexing.needles.planting import Planted

_SHARES = (0.25, 0.5, 1.0)
"""Of the window, that stuffed prompts fill unless others are asked for."""
_LEAST_LENGTH = 1_000
_MAX_LENGTHS = 16
_ANSWER_TOKENS = 400
"""LLM tokens kept free for an answer in a stuffed prompt."""
MOST_TOKENS = 2_000_000
"""LLM tokens that are sent in all unless more are allowed."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be asked of whom. `tokens` is the most that may be sent in all."""

    settings: ProviderSettings
    consents: Consents
    window: int
    lengths: tuple[int, ...]
    budget: int
    tokens: int


def read_request(
    settings: ProviderSettings, consents: Consents, window: int | None, lengths: str | None, budget: int, tokens: int | None
) -> Request:
    """Check what was typed before anything is measured. Raises UsageError where the model's window is not known."""
    if not settings.provider:
        raise UsageError("no model is asked", "--window, --lengths and --tokens are for one", "name it with --provider")
    known = window or settings.context_window or _window_of(settings, consents)
    if not known:
        why = f"nobody says how many LLM tokens {settings.model or 'the model'} reads"
        raise UsageError("the window of the model is not known", why, "give it with --window")
    return Request(settings, consents, known, _lengths_of(lengths, known), budget, tokens or MOST_TOKENS)


class Asking:
    """Asks for the facts of planted trees, and keeps what came of it."""

    def __init__(
        self,
        request: Request,
        ledger: Path,
        depths: Sequence[float],
        service: Service,
        output: Output,
        token: CancellationToken,
    ) -> None:
        from indexing.needles.trials import Trials

        self._request = request
        self._ledger = ledger
        self._service = service
        self._output = output
        self._token = token
        self._depths = tuple(depths)
        self._trials = Trials(self._open, assembly.open_counter(), depths)
        self._stuffed: set[tuple[int, int]] = set()
        self._told_short: set[int] = set()

    def visit(self, size_mb: float, paths: Sequence[str], tree: Path, index: Path, planted: Sequence[Planted]) -> None:
        """Ask for every fact of a tree: from a pack, and from stuffed prompts where no smaller tree had source enough."""
        from indexing.needles.stuffing import stuffed
        from indexing.needles.trials import facts_of

        counter = assembly.open_counter()
        for place in facts_of(planted):
            pack = self._service.context(index, place.needle.ask, self._request.budget)
            self._tell(self._trials.from_pack(place, size_mb, pack, self._token))
            for length in self._request.lengths:
                if (place.depth, length) in self._stuffed:
                    continue
                allowance = self._trials.allowance(place.needle.ask, length, _ANSWER_TOKENS)
                depth = self._depths[place.depth]
                text = stuffed(tree, paths, place, depth, allowance, counter, self._token)
                if text:
                    self._stuffed.add((place.depth, length))
                    self._tell(self._trials.from_source(place, size_mb, length, text, self._token))
                elif length not in self._told_short:
                    self._told_short.add(length)
                    self._output.note(f"a tree of {size_mb:g} MB has too little source for {length:,} LLM tokens")

    @property
    def asked(self) -> Asked:
        """Everything so far."""
        request = self._request
        model = self._open("")
        return Asked(model.provider, model.model, request.window, self._depths, tuple(self._trials.found))

    def _open(self, question: str) -> LanguageModel:
        model = assembly.open_model(self._request.settings, self._ledger, question, self._request.consents)
        assert model is not None
        return model

    def _tell(self, trial: Trial) -> None:
        how = "pack" if trial.way is Way.PACK else f"{trial.length:,} LLM tokens of source"
        what = trial.error or ("right" if trial.right else "wrong")
        self._output.note(f"{trial.needle}, {trial.depth:.0%} deep, {how}: {what} ({trial.seconds:.1f} s)")


def prepare(request: Request, spec: str, sizes: Sequence[float], depths: Sequence[float], output: Output) -> Path:
    """Tell what will be sent, and where it is recorded; returns the folder of that ledger.

    Raises UsageError for more than is allowed and for a source that is not indexed, ConsentNeededError and LocalOnlyError.
    """
    total = len(depths) * (len(sizes) * request.budget + sum(request.lengths))
    requests = len(depths) * (len(sizes) + len(request.lengths))
    if total > request.tokens:
        why = f"{requests} requests of up to {max(request.lengths):,}, and --tokens allows {request.tokens:,}"
        raise UsageError(
            f"about {total:,} LLM tokens would be sent", why, "allow more, or ask for fewer --depths or --lengths"
        )
    from desktop.adapters.language_model import warm_up
    from desktop.adapters.providers import provider_named

    ledger = locations.find_index(None, spec)
    model = assembly.open_model(request.settings, ledger, "", request.consents)
    assert model is not None
    make_sure(request.consents, model.host, model.provider, model.model)
    warm_up(provider_named(request.settings.provider))  # else the first request would be the slowest
    known = price_table().find(model.host, model.model)
    cost = f", about ${known.price.usd(total, requests * 100):.2f}" if known and known.price else ""
    where = model.host or "this machine"
    output.note(f"{requests} requests to {model.model} at {where}, up to {total:,} LLM tokens{cost}; the ledger notes each")
    return ledger


def describe(asked: Asked, output: Output) -> None:
    """The trials for a person: a row a depth, a column a kind of prompt, and what each cost."""
    columns = asked.columns()
    if not columns:
        output.note("no fact was planted that a model can be asked for")
        return
    output.text(click.style(f"{asked.model}: right answers, by depth and prompt", bold=True))
    heads = [head(column) for column in columns]
    widths = [max(9, len(name)) for name in heads]
    output.text("  depth  " + "  ".join(name.rjust(width) for name, width in zip(heads, widths, strict=True)))
    for depth in asked.depths:
        cells = [_cell([trial for trial in asked.of(column) if trial.depth == depth]) for column in columns]
        output.text(f"  {depth:5.0%}  " + "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)))
    for title, told in (("right", right), ("tokens", tokens), ("time", seconds), ("cost", money)):
        cells = [told(asked.of(column)) for column in columns]
        output.text(f" {title:>6}  " + "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)))


def head(column: tuple[Way, float, int]) -> str:
    """How a kind of prompt is called."""
    way, size_mb, length = column
    return f"{size_mb:g} MB pack" if way is Way.PACK else f"{length / 1000:g} k full"


def right(trials: Sequence[Trial]) -> str:
    """How many of the answers are right."""
    return f"{sum(trial.right for trial in trials)} of {len(trials)}"


def tokens(trials: Sequence[Trial]) -> str:
    """The LLM tokens of a prompt, on the average."""
    return f"{sum(trial.input_tokens for trial in trials) / len(trials):,.0f}" if trials else "–"


def seconds(trials: Sequence[Trial]) -> str:
    """What an answer took, on the average."""
    return f"{sum(trial.seconds for trial in trials) / len(trials):.1f} s" if trials else "–"


def money(trials: Sequence[Trial]) -> str:
    """What all of the answers cost together."""
    known = [trial.usd for trial in trials if trial.usd is not None]
    return f"${math.fsum(known):.4f}" if known else "–"


def _cell(trials: Sequence[Trial]) -> str:
    if not trials:
        return "–"
    return "error" if trials[0].error else "right" if trials[0].right else "wrong"


def _lengths_of(text: str | None, window: int) -> tuple[int, ...]:
    if text is None:
        return tuple(max(_LEAST_LENGTH, int(window * share)) for share in _SHARES)
    lengths = []
    for part in text.split(","):
        if not part.strip().isdecimal() or not _LEAST_LENGTH <= int(part) <= window:
            why = f"a prompt has from {_LEAST_LENGTH:,} LLM tokens to the window's {window:,}"
            raise UsageError(f"'{part.strip()}' is no length", why, "give --lengths as in --lengths 4000,16000")
        lengths.append(int(part))
    if len(lengths) > _MAX_LENGTHS:
        raise UsageError(f"{len(lengths)} lengths are too many", "", f"give at most {_MAX_LENGTHS}")
    return tuple(sorted(set(lengths)))


def _window_of(settings: ProviderSettings, consents: Consents) -> int:
    """What the table or the provider says of the model's window; 0 where neither does."""
    from core.errors import ProviderError
    from desktop.adapters.providers import locate, remote_host
    from desktop.provider_rows import model_rows

    host = remote_host(locate(settings, os.environ))
    known = price_table().find(host, settings.model)
    if known and known.context_window:
        return known.context_window
    make_sure(consents, host, settings.provider, settings.model)
    try:
        rows = model_rows(settings, os.environ, assembly.open_keys(), consents)["models"]
    except ProviderError:
        return 0
    return next((int(row["context_window"] or 0) for row in rows if row["name"] == settings.model), 0)
