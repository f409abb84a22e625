"""`codestrata index`."""

from __future__ import annotations

import click

from core.model.source import SkipReason
from desktop import assembly
from desktop.cli.options import Common, cancellable, common, joined
from desktop.cli.output import Output, size
from desktop.engine import run_wire
from indexing.intake.several import described
from indexing.report import Report


@click.command("index")
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option("--workers", type=click.IntRange(0, 256), help="Worker processes; 0 means one a core.")
@click.option("--executor", metavar="local|serial|dask=ADDRESS", help="Where files are worked on.")
@click.option("--store", metavar="faiss|qdrant=URL", help="Where vectors are kept; unless named, where the index has them.")
@click.option(
    "--precision",
    type=click.Choice(["compact", "int8", "float16"]),
    help="How exactly files keep vectors; unless named, as the index has them.",
)
@click.option("--embedder", metavar="NAME", help="'static', or a model's name or folder for sentence-transformers.")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), help="Where a transformer computes.")
@click.option("--rebuild", is_flag=True, help="Begin anew, whatever the state of the index.")
@click.option("--settle", is_flag=True, help="Link whole what earlier updates linked in part.")
@common
def index_command(
    common: Common,
    sources: tuple[str, ...],
    workers: int | None,
    executor: str | None,
    store: str | None,
    precision: str | None,
    embedder: str | None,
    device: str | None,
    rebuild: bool,
    settle: bool,
) -> None:
    """Build the index of SOURCE, or bring it up to date. Several sources become one index, each a top folder of its own."""
    target = joined(sources) or common.source
    if target is None:
        raise click.UsageError("a SOURCE is needed: the folder to index", click.get_current_context())
    chosen = {"workers": workers, "executor": executor, "store": store, "precision": precision}
    chosen |= {"embedder": embedder, "device": device, "settle": settle or None}
    settings = assembly.settings_for({"index": chosen})
    with cancellable() as token:
        report = common.output.follow(assembly.start_indexing(target, common.index, settings, token, rebuild=rebuild))
    if common.output.json:
        common.output.data(run_wire.report(report))
    else:
        describe(report, common.output)


def describe(report: Report, output: Output) -> None:
    """A report for a person."""
    files = report.files
    languages = ", ".join(f"{name} {count.files:,}" for name, count in list(report.languages.items())[:6])
    edges = sum(count for counts in report.edges.values() for count in counts.values())
    output.text(f"Indexed {described(report.source)}")
    output.text(
        f"  files     {files.indexed:,} indexed, {files.unchanged:,} unchanged, {files.removed:,} removed,"
        f" {len(files.skipped):,} skipped, {len(files.failed):,} failed"
    )
    unread = sum(skipped.reason is SkipReason.NEEDS_EXTRA for skipped in files.skipped)
    if unread:
        output.text(f"  unread    {unread:,} PDF documents; install codestrata[documents] to read them")
    output.text(f"  source    {size(report.bytes)} in {languages}")
    output.text(f"  found     {report.chunks:,} chunks, {report.symbols:,} symbols, {edges:,} edges")
    folding = report.folding
    if folding.code_bytes:
        saved = 1 - folding.after_type3 / folding.raw_bytes if folding.raw_bytes else 0.0
        output.text(f"  folding   {size(folding.raw_bytes)} → {size(folding.after_type3)} ({saved:.0%} repeated)")
    output.text(
        f"  took      {report.seconds['total']:.1f} s, first searchable after {report.seconds['first_searchable']:.1f} s,"
        f" {size(report.peak_rss_bytes)} of memory, {size(report.index_bytes)} on disk"
    )
    for failure in files.failed[:5]:
        output.text(f"  failed    {failure.path}: {failure.reason}")
    if len(files.failed) > 5:
        output.text(f"            and {len(files.failed) - 5} more; --json lists them")
    for problem in files.degraded[:5]:
        output.text(f"  as text   {problem.path}: {problem.reason}")
    output.text(f"  index     {report.index}")
