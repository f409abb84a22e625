"""`codestrata cycles`, `dead`, `entries` and `hotspots`: what the code graph tells of a source as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import click

from core.graph.conventions import EntryKind
from core.graph.cycles import CycleKind, CycleLevel, CycleLink, Tangle
from core.graph.dead import Certainty, DeadCandidate, Doubt
from core.graph.entries import Entry
from core.graph.hotspots import Hotspot
from desktop import assembly
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output
from desktop.engine import graph_desk, graph_wire

_SHOWN_CYCLES, _SHOWN_BREAKS, _SHOWN_PLACES = 20, 5, 3
_SHOWN_CANDIDATES = 50
_SHOWN_ENTRIES = 10
"""Entry points of a kind that are listed where no kind was named."""
_KINDS, _LEVELS, _ENTRIES = ([str(one) for one in kinds] for kinds in (CycleKind, CycleLevel, EntryKind))
_PATH = click.option("--path", metavar="GLOB", default="", help="Only in these files.")


@click.command("cycles")
@click.option("--by", type=click.Choice(_KINDS), default=_KINDS[0], show_default=True, help="What depends.")
@click.option("--level", type=click.Choice(_LEVELS), default=CycleLevel.FILE.value, show_default=True, help="Between what.")
@click.option("--guesses", is_flag=True, help="Count what was only inferred, too.")
@_PATH
@common
def cycles_command(common: Common, by: str, level: str, guesses: bool, path: str) -> int:
    """What depends on itself by way of others, and what would break it."""
    session = assembly.open_service(assembly.settings_for()).session(common.folder())
    with cancellable() as token:
        found = graph_desk.cycles(session, by, level, path, token, guesses=guesses)
    if common.output.json:
        common.output.data(graph_wire.cycles(by, level, found))
    else:
        _tell_cycles(common.output, by, level, found)
    return 0 if found else 1


def _tell_cycles(output: Output, by: str, level: str, found: Sequence[Tangle]) -> None:
    nodes = {"symbol": "definitions", "file": "files", "folder": "folders"}[level]
    for tangle in found[:_SHOWN_CYCLES]:
        output.text(click.style(f"{len(tangle.nodes):,} {nodes} reach each other by {by}", bold=True))
        round_ = " → ".join([*(link.source for link in tangle.cycle), tangle.cycle[0].source])
        output.text(f"  shortest cycle: {round_}")
        for link in tangle.cycle:
            _tell_link(output, link)
        count = len(tangle.breaks) + tangle.more_breaks
        output.text(f"  without {count:,} of the links there is no cycle, those of the fewest places first:")
        for link in tangle.breaks[:_SHOWN_BREAKS]:
            output.text(f"    {link.source} → {link.target}")
            _tell_link(output, link)
        if count > _SHOWN_BREAKS:
            output.text(f"    and {count - _SHOWN_BREAKS:,} more")
    if len(found) > _SHOWN_CYCLES:
        output.text(f"and {len(found) - _SHOWN_CYCLES:,} smaller ones")
    if not found:
        output.text(f"no cycles of {by} between {nodes}")


def _tell_link(output: Output, link: CycleLink) -> None:
    for place in link.places[:_SHOWN_PLACES]:
        later = click.style("  not when it is loaded", dim=True) if place.deferred else ""
        where = click.style(f"{place.path}:{place.line}", fg="cyan")
        output.text(f"      {where}  {place.source} {place.kind} {place.target}{later}")
    if link.count > _SHOWN_PLACES:
        output.text(f"      and {link.count - _SHOWN_PLACES:,} more places")


@click.command("dead")
@click.option("--all", "doubtful", is_flag=True, help="Candidates with strong caveats, too.")
@_PATH
@common
def dead_command(common: Common, doubtful: bool, path: str) -> int:
    """Definitions and files that nothing seems to need, each with what speaks against it."""
    session = assembly.open_service(assembly.settings_for()).session(common.folder())
    with cancellable() as token:
        found = graph_desk.dead(session, path, token, doubtful=doubtful)
    if common.output.json:
        common.output.data(graph_wire.dead(found))
        return 0 if found.candidates else 1
    for certainty, group in groupby(found.candidates, lambda one: one.certainty):
        _tell_dead(common.output, certainty, list(group))
    lines = sum(one.lines for one in found.candidates)
    common.output.note(f"{len(found.candidates):,} candidates with {lines:,} lines, of {found.judged:,} definitions")
    if not found.candidates:
        common.output.text("nothing found" if doubtful else "nothing found; --all shows what there are strong caveats of")
    return 0 if found.candidates else 1


def _tell_dead(output: Output, certainty: Certainty, found: Sequence[DeadCandidate]) -> None:
    titles = {
        Certainty.LIKELY: "likely dead: nothing reaches them, and nothing else writes their names",
        Certainty.POSSIBLE: "possibly dead: nothing here needs them, others may",
        Certainty.DOUBTFUL: "doubtful: nothing was seen to reach them, but",
    }
    output.text(click.style(titles[certainty], bold=True))
    for one in found[:_SHOWN_CANDIDATES]:
        symbol = one.symbol
        why = ", ".join(_doubt(doubt) for doubt in one.doubts)
        users = f"used by {', '.join(one.used_by[:2])}" if one.used_by else ""
        rest = "; ".join(filter(None, (why, users)))
        where = click.style(f"{symbol.path}:{symbol.start_line}", fg="cyan")
        told = f"  {where}  {symbol.kind} {symbol.name}, {_lines(one.lines)}"
        output.text(f"{told}  {click.style(rest, dim=True)}" if rest else told)
    if len(found) > _SHOWN_CANDIDATES:
        output.text(f"  and {len(found) - _SHOWN_CANDIDATES:,} more")


def _lines(count: int) -> str:
    return f"{count:,} line{'s' if count != 1 else ''}"


def _doubt(doubt: Doubt) -> str:
    name = str(doubt.caveat).replace("_", " ")
    return f"{name}: {doubt.why}" if doubt.why else name


@click.command("entries")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_ENTRIES), help="Only of this kind; may be repeated.")
@_PATH
@common
def entries_command(common: Common, kinds: tuple[str, ...], path: str) -> int:
    """Where the program is entered: mains, scripts, routes, handlers, commands, tests, and what is public."""
    session = assembly.open_service(assembly.settings_for()).session(common.folder())
    with cancellable() as token:
        found = graph_desk.entries(session, kinds, path, token)
    if common.output.json:
        common.output.data(graph_wire.entries(found))
    else:
        most = len(found.entries) if kinds else _SHOWN_ENTRIES
        for kind, group in groupby(found.entries, lambda entry: entry.kind):
            _tell_entries(common.output, kind, list(group), most)
        if not found.entries:
            common.output.text("nothing found")
    return 0 if found.entries else 1


def _tell_entries(output: Output, kind: EntryKind, found: Sequence[Entry], most: int) -> None:
    output.text(click.style(f"{kind}: {len(found):,}", bold=True))
    for entry in found[:most]:
        where = click.style(f"{entry.symbol.path}:{entry.symbol.start_line}", fg="cyan")
        output.text(f"  {where}  {entry.symbol.qualified_name}  {click.style(entry.why, dim=True)}")
    if len(found) > most:
        output.text(f"  and {len(found) - most:,} more; --kind {kind} lists them")


@click.command("hotspots")
@click.option("-k", "count", type=click.IntRange(1), default=20, show_default=True, help="How many to print.")
@_PATH
@common
def hotspots_command(common: Common, count: int, path: str) -> int:
    """Files that are changed often and hard to follow, the hottest first; needs a source under git."""
    session = assembly.open_service(assembly.settings_for()).session(common.folder())
    with cancellable() as token:
        found = graph_desk.hotspots(session, path, token)[:count]
    if common.output.json:
        common.output.data(graph_wire.hotspots(found))
    else:
        _tell_hotspots(common.output, found)
    return 0 if found else 1


def _tell_hotspots(output: Output, found: Sequence[Hotspot]) -> None:
    if not found:
        output.text("no file of code was ever changed")
        return
    output.text(click.style(" score  commits   lines  levels deep", dim=True))
    for one in found:
        place = click.style(one.path, fg="cyan")
        output.text(f"{one.score:6.2f}  {one.commits:7,}  {one.lines:6,}  {one.nesting:11.1f}  {place}")
