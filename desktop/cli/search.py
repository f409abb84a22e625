"""`codestrata search`."""

from __future__ import annotations

import click

from core.model.ranking import Filter, Ranking
from desktop import assembly
from desktop.cli.batch import read_queries
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output
from desktop.engine import wire

_SHOWN_LINES = 6


@click.command("search")
@click.argument("query", required=False)
@click.option("--regex", metavar="PATTERN", help="Search the indexed text for a regular expression.")
@click.option("--queries", metavar="FILE", help="Answer each line {'id', 'query'} of FILE ('-': standard input).")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many results.")
@click.option("--path", "path_glob", metavar="GLOB", default="", help="Only below or matching this path.")
@click.option("--language", default="", help="Only in this language.")
@click.option("--kind", default="", help="Only chunks of this kind (function, method, class, module, section, text).")
@common
def search_command(
    common: Common,
    query: str | None,
    regex: str | None,
    queries: str | None,
    count: int,
    path_glob: str,
    language: str,
    kind: str,
) -> int:
    """Rank places for QUERY: a question, a symbol, an error text."""
    if sum(value is not None for value in (query, regex, queries)) != 1:
        raise click.UsageError("give one of QUERY, --regex PATTERN and --queries FILE", click.get_current_context())
    folder = common.folder()
    service = assembly.open_service(assembly.settings_for())
    chosen = Filter(path_glob, language, kind)
    with cancellable() as token:
        if queries is not None:
            for item in read_queries(queries, "query"):
                ranking = service.search(folder, item.text, count, chosen, token)
                common.output.data(wire.ranking(ranking, request_id=item.id))
            return 0
        asked = query if query is not None else regex
        ranking = service.search(folder, asked or "", count, chosen, token, regex=regex is not None)
    texts = service.hit_texts(folder, ranking.hits)
    if common.output.json:
        common.output.data(wire.ranking(ranking, texts))
    else:
        describe(ranking, texts, common.output)
    return 0 if ranking.hits else 1


def describe(ranking: Ranking, texts: list[str], output: Output) -> None:
    """A ranking for a person."""
    for number, (hit, text) in enumerate(zip(ranking.hits, texts, strict=True), 1):
        copies = f"  +{hit.copies} {'copy' if hit.copies == 1 else 'copies'}" if hit.copies else ""
        place = click.style(f"{hit.path}:{hit.start_line}-{hit.end_line}", fg="cyan", bold=True)
        output.text(f"{number:2}. {place}  {hit.symbol}  {click.style(hit.kind, dim=True)}{copies}")
        lines = [line for line in text.split("\n") if line.strip()][:_SHOWN_LINES]
        for line in lines:
            output.text(click.style(f"      {line[:110]}", dim=True))
        output.text()
    if not ranking.hits:
        output.text("nothing found")
    if ranking.nowhere:
        output.note(f"nowhere in this source: {', '.join(ranking.nowhere)}")
    note = f", {ranking.stale_files:,} indexed files have since changed" if ranking.stale_files else ""
    found = "1 result" if len(ranking.hits) == 1 else f"{len(ranking.hits)} results"
    output.note(f"{found} in {ranking.milliseconds:.0f} ms{note}")
