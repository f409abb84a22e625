"""`codestrata needle`."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.model.needle import RECALL_WITHIN, NeedleGrid, NeedleRow, Wording
from core.model.ranking import Filter, Hit
from core.progress import Progress
from core.settings import ProviderSettings, Settings
from desktop import assembly
from desktop.cli.agreeing import asks_a_provider
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output, size
from desktop.engine import wire

if TYPE_CHECKING:
    from desktop.cli.needle_asking import Asking
    from indexing.needles.haystack import Haystack
    from indexing.needles.measure import Job
    from indexing.needles.planting import Planted
    from indexing.report import Report

_MAX_SIZES = 64
_SEED = 7
_TITLES = {Wording.SHARED: "in words of its own", Wording.PARAPHRASE: "in other words"}


@click.command("needle")
@click.argument("source", required=False)
@click.option("--sizes", default="1,10,100", show_default=True, metavar="MB,…", help="Sizes of the trees, in MB.")
@click.option("--depths", type=click.IntRange(1, 100), default=10, show_default=True, help="How many depths in each tree.")
@click.option("--seed", type=int, default=_SEED, show_default=True, help="Draws the files, the needles and their names.")
@click.option("-o", "--output", "file", metavar="FILE", help="Draw the grid; the ending chooses svg, png or pdf.")
@asks_a_provider
@click.option("--model", metavar="NAME", help="Which of its models is asked for the facts.")
@click.option("--window", type=click.IntRange(1_000, 100_000_000), help="LLM tokens it reads, where nobody tells.")
@click.option("--lengths", metavar="N,…", help="LLM tokens of stuffed prompts; a quarter, half and all of the window.")
@click.option("--budget", type=click.IntRange(500, 10_000_000), help="LLM tokens a pack may have; 8,000 by default.")
@click.option("--tokens", type=click.IntRange(1_000), help="LLM tokens that may be sent in all; 2,000,000 by default.")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@common
def needle_command(
    common: Common,
    source: str | None,
    sizes: str,
    depths: int,
    seed: int,
    file: str | None,
    provider: str | None,
    base_url: str | None,
    yes: bool,
    model: str | None,
    window: int | None,
    lengths: str | None,
    budget: int | None,
    tokens: int | None,
    theme: str,
) -> None:
    """Hide functions and facts in trees of real code, and see at which rank a search finds them.

    The trees are made of copies of files of SOURCE, by default the source of the current index, in a temporary folder. With
    --provider a model is asked for the facts, from a pack each and from prompts stuffed with source up to its window.
    """
    from desktop.cli.needle_asking import Asking, prepare, read_request
    from desktop.cli.needle_asking import describe as describe_answers
    from desktop.drawing.needle_answers import write_answers
    from desktop.drawing.needle_grid import check_target, write_grid
    from indexing.needles.measure import depths_of

    wanted = sizes_of(sizes)
    target = None if file is None else Path(file)
    if target is not None:
        check_target(target)
    chosen = {"provider": provider, "base_url": base_url, "model": model} if provider else {}
    settings = assembly.settings_for({"provider": chosen, "retrieval": {"budget": budget}})
    spec = _source(common, source, settings)
    with cancellable() as token:
        asking = None
        if provider or model or window or lengths or tokens:
            given = settings.provider if provider else ProviderSettings()
            consents = assembly.open_consents(everything=yes)
            request = read_request(given, consents, window, lengths, settings.retrieval.budget, tokens)
            planned = depths_of(depths)
            ledger = prepare(request, spec, wanted, planned, common.output)
            asking = Asking(request, ledger, planned, assembly.open_service(settings), common.output, token)
        grid = _measured(spec, wanted, depths, seed, settings, common.output, token, asking)
    asked = asking.asked if asking else None
    if target is not None:
        write_grid(grid, target, theme)
        common.output.note(f"the grid is drawn in {file}")
        if asked is not None:
            beside = target.with_name(f"{target.stem}-answers{target.suffix}")
            write_answers(asked, beside, theme)
            common.output.note(f"the answers are drawn in {beside}")
    if common.output.json:
        answers = {} if asked is None else {"asked": wire.needle_answers(asked)}
        common.output.data({**wire.needle_grid(grid), **answers})
        return
    describe(grid, common.output)
    if asked is not None:
        describe_answers(asked, common.output)


def sizes_of(text: str) -> tuple[float, ...]:
    """The sizes in MB of a list with commas. Raises UsageError for what is no number above 0, and for too many."""
    sizes = []
    for part in text.split(","):
        try:
            number = float(part)
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf:
            raise UsageError(f"'{part.strip()}' is no size", "", "give --sizes in MB, as in --sizes 1,10,100")
        sizes.append(number)
    if len(sizes) > _MAX_SIZES:
        raise UsageError(f"{len(sizes)} sizes are too many", "each is a tree to index", f"give at most {_MAX_SIZES}")
    return tuple(sizes)


def _source(common: Common, named: str | None, settings: Settings) -> str:
    if spec := named or common.source:
        return spec
    return assembly.open_service(settings).session(common.folder()).reader.meta("source")


def _measured(
    spec: str,
    sizes: Sequence[float],
    depth_count: int,
    seed: int,
    settings: Settings,
    output: Output,
    token: CancellationToken,
    asking: Asking | None = None,
) -> NeedleGrid:
    from indexing.intake.opening import open_source
    from indexing.needles.haystack import choose_files
    from indexing.needles.measure import SEARCHED, Job, depths_of
    from indexing.scan import nothing_to_index, scan

    depths = depths_of(depth_count)
    rows: dict[Haystack, NeedleRow] = {}
    measured: list[NeedleRow] = []
    with open_source(spec, token) as workspace:
        found = scan(workspace, settings.scan, token)
        if not found.files:
            raise nothing_to_index(workspace, found)
        for megabytes in sizes:
            haystack = choose_files(found.files, megabytes, seed)
            output.note(_told(haystack, megabytes))
            if haystack not in rows:
                job = Job(workspace, haystack, megabytes, depths, seed)
                rows[haystack] = output.follow(_row(job, settings, token, asking))
            measured.append(dataclasses.replace(rows[haystack], size_mb=megabytes))
    return NeedleGrid(depths, tuple(measured), SEARCHED)


def _told(haystack: Haystack, megabytes: float) -> str:
    if not haystack.files:
        raise UsageError(f"no file of the source fits into {megabytes:g} MB", "", "give larger --sizes")
    if haystack.whole:
        return f"{megabytes:g} MB: the source has only {size(haystack.bytes)}, all of which is used"
    return f"{megabytes:g} MB: {len(haystack.files):,} files of the source, {size(haystack.bytes)}"


def _row(
    job: Job, settings: Settings, token: CancellationToken, asking: Asking | None
) -> Generator[Progress, None, NeedleRow]:
    from indexing.needles.measure import measure

    service = assembly.open_service(settings)  # one for each tree: what it has opened goes with it

    def build(tree: Path, index: Path) -> Generator[Progress, None, Report]:
        return assembly.start_indexing(str(tree), str(index), settings, token)

    def search(index: Path, question: str, count: int) -> Sequence[Hit]:
        return service.search(index, question, count, Filter(), token).hits

    def visit(tree: Path, index: Path, planted: Sequence[Planted]) -> None:
        assert asking is not None
        asking.visit(job.size_mb, [file.path for file in job.haystack.files], tree, index, planted)

    return measure(job, build, search, token, visit if asking is not None else None)


def describe(grid: NeedleGrid, output: Output) -> None:
    """The grid for a person: ranks by depth and size, and how many are found."""
    for wording in (Wording.PARAPHRASE, Wording.SHARED):
        output.text(click.style(f"Found at rank, asked {_TITLES[wording]} (the worst of a place)", bold=True))
        heads = [f"{row.size_mb:g} MB" for row in grid.rows]
        widths = [max(5, len(head)) for head in heads]
        output.text("  depth  " + "  ".join(head.rjust(width) for head, width in zip(heads, widths, strict=True)))
        for number, depth in enumerate(grid.depths):
            ranks = [row[number] for row in grid.found_at(wording)]
            cells = [_cell(rank, width) for rank, width in zip(ranks, widths, strict=True)]
            output.text(f"  {depth:5.0%}  " + "  ".join(cells))
        output.text()
    count = sum(1 for _ in grid.all_findings())
    for wording in (Wording.SHARED, Wording.PARAPHRASE):
        output.text(f"recall at {RECALL_WITHIN}, {_TITLES[wording]}: {grid.recall(wording):.2f} of {count} needles")


def _cell(rank: int | None, width: int) -> str:
    text = ("–" if rank is None else str(rank)).rjust(width)
    return click.style(text, fg="red" if rank is None else "green" if rank <= RECALL_WITHIN else "yellow")
