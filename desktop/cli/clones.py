"""`codestrata clones`."""

from __future__ import annotations

import click

from core.errors import UsageError
from core.model.clone import CloneBlock, CloneClass, CloneMember
from desktop import assembly
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output, size
from desktop.engine import wire

_SHOWN_CLASSES = 20
_SHOWN_MEMBERS = 5
_SHOWN_DIFFERENCE = 160


@click.command("clones")
@click.option("--min-similarity", type=click.FloatRange(0.0, 1.0), default=0.0, help="Only places at least so alike.")
@click.option("--pairs", is_flag=True, help="List every pair instead of classes.")
@click.option("--blocks", is_flag=True, help="List repeated runs of statements instead, wherever they stand.")
@click.option("--pin", metavar="PATH:LINE", help="Let the definition there represent its class from now on.")
@click.option("--unfold", metavar="PATH:LINE", help="Do not fold the class of the definition there from now on.")
@click.option("--forget", metavar="PATH:LINE", help="Forget what was chosen for the definition there.")
@common
def clones_command(
    common: Common, min_similarity: float, pairs: bool, blocks: bool, pin: str | None, unfold: str | None, forget: str | None
) -> int:
    """Show repeated logic: code before documents and data, what saves most first.

    What is chosen with --pin and --unfold holds after a rebuild, too.
    """
    folder = common.folder()
    settings = assembly.settings_for()
    service = assembly.open_service(settings)
    choices = [(where, choice) for where, choice in ((pin, "pin"), (unfold, "unfold"), (forget, "")) if where is not None]
    if choices:
        with cancellable() as token:
            assembly.choose_folding(folder, [(*place_at(where), choice) for where, choice in choices], settings, token)
        service = assembly.open_service(settings)
    if blocks:
        with cancellable() as token:
            found = service.clone_blocks(folder, settings.folding.block_tokens, token)
        if common.output.json:
            common.output.data(wire.clone_blocks(found))
        else:
            _tell_blocks(found, common.output)
        return 0 if found else 1
    if pairs:
        listed = service.clone_pairs(folder, min_similarity)
        common.output.data(wire.clone_pairs(listed))
        return 0 if listed else 1
    classes = service.clones(folder, min_similarity)
    if common.output.json:
        common.output.data(wire.clones(classes, service.session(folder).reader.folding()))
    else:
        _tell(classes, common.output)
    return 0 if classes else 1


def place_at(where: str) -> tuple[str, int]:
    """`path:line` taken apart."""
    path, _, line = where.rpartition(":")
    if not path or not line.isdigit():
        raise UsageError(f"{where} is no place", "", "write PATH:LINE, as in src/main.c:120")
    return path, int(line)


def _tell(classes: list[CloneClass], output: Output) -> None:
    for found in classes[:_SHOWN_CLASSES]:
        kept = found.representative.place
        output.text(
            f"{click.style(f'{kept.path}:{kept.start_line}-{kept.end_line}', fg='cyan', bold=True)}  {kept.symbol}"
            f"  type {int(found.type)}, {len(found.members)} alike, {size(found.bytes_saved)} saved"
        )
        for member in found.members[:_SHOWN_MEMBERS]:
            output.text(f"    {_member(member)}")
        if len(found.members) > _SHOWN_MEMBERS:
            output.text(f"    and {len(found.members) - _SHOWN_MEMBERS} more")
    saved = sum(found.bytes_saved for found in classes)
    output.note(f"{len(classes)} classes, {size(saved)} of repeated code")


def _member(member: CloneMember) -> str:
    place = member.place
    told = f"{place.path}:{place.start_line}-{place.end_line}  {place.symbol}"
    if member.similarity == 1.0 and member.verdict.is_masked:
        return told
    difference = member.difference.told(_SHOWN_DIFFERENCE)
    return f"{told}  {member.similarity:.2f} {member.verdict}{': ' if difference else ''}{difference}"


def _tell_blocks(blocks: list[CloneBlock], output: Output) -> None:
    for found in blocks[:_SHOWN_CLASSES]:
        first, *others = found.places
        output.text(
            f"{click.style(f'{first.path}:{first.start_line}-{first.end_line}', fg='cyan', bold=True)}  {first.symbol}"
            f"  {found.tokens} tokens"
        )
        for place in others[:_SHOWN_MEMBERS]:
            output.text(f"    {place.path}:{place.start_line}-{place.end_line}  {place.symbol}")
        if len(others) > _SHOWN_MEMBERS:
            output.text(f"    and {len(others) - _SHOWN_MEMBERS} more")
    output.note(f"{len(blocks)} repeated blocks")
