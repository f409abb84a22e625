"""`codestrata ledger`."""

from __future__ import annotations

import time

import click

from core.model.ledger import LedgerEntry
from desktop.cli.options import Common, common
from desktop.cli.output import size


@click.command("ledger")
@click.option("-n", "limit", type=click.IntRange(1, 1_000_000), default=100, help="At most so many; 100 by default.")
@common
def ledger_command(common: Common, limit: int) -> int:
    """Show what was sent to language models about an index: when, where, how much, what it cost; the latest first."""
    from desktop import locations
    from desktop.engine import wire
    from indexing.stores.ledger import SqliteLedger

    folder = common.folder()
    locations.check_is_index(folder)
    entries = SqliteLedger(folder).entries(limit)
    if common.output.json:
        common.output.data([wire.ledger_entry(entry) for entry in entries])
        return 0
    for entry in entries:
        _describe(common, entry)
    if not entries:
        common.output.note("nothing was sent to any model")
    return 0


def _describe(common: Common, entry: LedgerEntry) -> None:
    sent, outcome = entry.sending, entry.outcome
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(sent.when))
    cost = "" if outcome.usd is None else f", about ${outcome.usd:.4f}"
    where = sent.host or "this machine"
    common.output.text(f"{when}  {click.style(where, bold=True)}  {sent.provider} {sent.model}: {outcome.fate}{cost}")
    common.output.text(f"    {' '.join(sent.question.split())}")
    about = "" if outcome.reported else "about "
    used = f"{about}{outcome.input_tokens:,} LLM tokens in, {outcome.output_tokens:,} out"
    common.output.text(f"    {size(sent.bytes)}, sha256 {sent.sha256[:16]}…; {used}; {outcome.seconds:.1f} s")
    if outcome.detail:
        common.output.text(f"    {outcome.detail}")
