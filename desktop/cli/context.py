"""`codestrata context`."""

from __future__ import annotations

import click

from desktop import assembly
from desktop.cli.batch import read_queries
from desktop.cli.options import Common, common
from desktop.engine import wire


@click.command("context")
@click.argument("question", required=False)
@click.option("--queries", metavar="FILE", help="Make a pack for each line {'id', 'query'} of FILE ('-': standard input).")
@click.option("--budget", type=click.IntRange(1, 10_000_000), help="LLM tokens the pack may have; 8,000 by default.")
@common
def context_command(common: Common, question: str | None, queries: str | None, budget: int | None) -> int:
    """Show the pack of excerpts that a model would be sent for QUESTION."""
    if (question is None) == (queries is None):
        raise click.UsageError("give either QUESTION or --queries FILE", click.get_current_context())
    settings = assembly.settings_for({"retrieval": {"budget": budget}})
    folder = common.folder()
    service = assembly.open_service(settings)
    if queries is not None:
        for item in read_queries(queries, "query"):
            common.output.data(wire.pack(service.context(folder, item.text, settings.retrieval.budget), item.id))
        return 0
    pack = service.context(folder, question or "", settings.retrieval.budget)
    if common.output.json:
        common.output.data(wire.pack(pack))
    else:
        common.output.text(pack.text)
        share = pack.tokens / pack.whole_source_tokens if pack.whole_source_tokens else 0.0
        common.output.note(
            f"{pack.tokens:,} LLM tokens ({pack.tokenizer}) of a budget of {pack.budget:,},"
            f" {share:.3%} of about {pack.whole_source_tokens:,} in the whole source; {pack.redactions} redactions"
        )
    return 0 if pack.excerpts else 1
