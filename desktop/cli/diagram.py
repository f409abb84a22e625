"""`codestrata diagram`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cancellation import CancellationToken
from core.errors import UsageError
from core.model.diagram import Diagram
from desktop import assembly
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output
from desktop.engine import wire

if TYPE_CHECKING:
    # What draws brings networkx along; `--help` does without it.
    from core.diagrams.rules import Rules, Violation
    from desktop.engine.service import Service

_BY = {"size": "treemap", "churn": "churn", "complexity": "complexity"}
_AUTOMATIC = "auto"
_MOST_RULES = 1_000_000
_LISTED = 500
"""Violations that are listed for a person; --json has them all."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be drawn."""

    kind: str
    scope: str
    rules: Rules | None
    compare: str | None


@click.command("diagram")
@click.argument("kind", default="architecture")
@click.argument("scope", default="")
@click.argument("to", metavar="[TO]", default="")
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    help="Where to write; the ending chooses svg, png, pdf, dot, mmd, graphml or json.",
)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.option("--scale", type=click.FloatRange(1, 4), default=2, show_default=True, help="Pixels of a PNG to a point.")
@click.option("--by", type=click.Choice(list(_BY)), default="size", show_default=True, help="What warms a treemap's tiles.")
@click.option(
    "--link-pattern",
    "links",
    metavar="URL",
    help="Let boxes of an SVG link to their code: an address with {path} and {line}, or 'auto' for that of the remote.",
)
@click.option("--check", is_flag=True, help="List what goes against the rules; exit 1 if anything does.")
@click.option("--rules", "rules_file", metavar="FILE", help="Rules instead of those in the source's codestrata-rules.toml.")
@click.option("--compare", metavar="OTHER", help="Compare with an older revision of the source, or the folder of an index.")
@common
def diagram_command(
    common: Common,
    kind: str,
    scope: str,
    to: str,
    file: str | None,
    theme: str,
    scale: float,
    by: str,
    links: str | None,
    check: bool,
    rules_file: str | None,
    compare: str | None,
) -> int:
    """Draw the diagram KIND of SCOPE.

    \b
    architecture, imports, classes, clones   of a folder, a file or the whole
    treemap, churn, complexity               of a folder; also treemap --by churn
    calls, flow, sequence                    of a symbol
    path FROM TO                             how one symbol reaches another
    pack QUESTION                            the evidence for an answer
    """
    from desktop.drawing.export import Look, format_of, write_diagram
    from desktop.drawing.links import link_pattern
    from desktop.drawing.palette import palette

    folder = common.folder()
    service = assembly.open_service(assembly.settings_for())
    target = None if file is None else Path(file)
    if target is not None:
        format_of(target)
        palette(theme)
    pattern = link_pattern(links) if links and links != _AUTOMATIC else None
    if links == _AUTOMATIC:
        from desktop.engine.web_links import web_links

        pattern = web_links(service.session(folder).reader)
    wish = _Wish(_kind(kind, by), _scope(kind, scope, to), None if rules_file is None else _rules(rules_file), compare)
    violations = service.violations(folder, wish.rules) if check else []
    if check and target is None:
        _tell_violations(violations, common.output)
        return 1 if violations else 0
    with cancellable() as token:
        diagram = _draw(common, service, folder, wish, token)
        if target is not None:
            write_diagram(service.lay_out(diagram, token), target, Look(theme, scale, pattern))
            common.output.note(f"{diagram.title}: {len(diagram.nodes)} boxes, {len(diagram.edges)} arrows → {file}")
    if check:
        _tell_violations(violations, common.output)
        return 1 if violations else 0
    if common.output.json:
        common.output.data(wire.diagram(diagram))
    elif target is None:
        _tell(diagram, common.output)
    return 0 if diagram.nodes else 1


def _draw(common: Common, service: Service, folder: Path, wish: _Wish, token: CancellationToken) -> Diagram:
    if wish.compare is not None:
        if wish.kind != "architecture":
            raise UsageError(f"{wish.kind} cannot be compared", "only the architecture can", "leave --compare out")
        other = _other_index(common, service, folder, wish.compare, token)
        return service.comparison(folder, other, wish.scope, wish.compare)
    if wish.rules is not None:
        return service.ruled_diagram(folder, wish.kind, wish.scope, wish.rules, token)
    return service.diagram(folder, wish.kind, wish.scope, token)


def _other_index(common: Common, service: Service, folder: Path, other: str, token: CancellationToken) -> Path:
    """The folder of an index as it is named, else an index of that revision, made where there is none."""
    from indexing.stores.sqlite.schema import DATABASE_NAME

    if (Path(other) / DATABASE_NAME).is_file():
        return Path(other)
    source = service.session(folder).reader.meta("source")
    return common.output.follow(assembly.index_of_revision(source, other, assembly.settings_for(), token))


def _kind(kind: str, by: str) -> str:
    if by != "size" and kind not in ("treemap", by):
        raise UsageError(f"{kind} is not drawn by {by}", "only a treemap is", "leave --by out")
    return _BY[by] if kind == "treemap" else kind


def _scope(kind: str, scope: str, to: str) -> str:
    if not to:
        return scope
    if kind == "pack":
        return f"{scope} {to}"
    if kind != "path":
        raise UsageError(f"{kind} is drawn of one thing, and two are named", "", f"leave '{to}' out, or draw a path")
    return f"{scope} -> {to}"


def _rules(file: str) -> Rules:
    from core.diagrams.rules import parse_rules

    try:
        with Path(file).open(encoding="utf-8") as opened:
            return parse_rules(opened.read(_MOST_RULES), file)
    except OSError as error:
        raise UsageError(f"{file} cannot be read", error.strerror or str(error), "check the path") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file} cannot be read as rules", "it is no text in UTF-8", "write it as TOML") from None


def _tell_violations(violations: Sequence[Violation], output: Output) -> None:
    if output.json:
        output.data(wire.violations(violations))
        return
    rule = None
    for violation in violations[:_LISTED]:
        if violation.rule != rule:
            rule = violation.rule
            output.text(click.style(rule.told, bold=True))
        place = click.style(f"{violation.place.path}:{violation.place.start_line}", fg="cyan")
        sure = click.style(str(violation.confidence), dim=True)
        output.text(f"  {place}  {violation.place.symbol} {violation.kind} {violation.target_name}  {sure}")
    if len(violations) > _LISTED:
        output.text(f"  and {len(violations) - _LISTED:,} more; --json lists them")
    told = f"{len(violations):,} uses go" if len(violations) != 1 else "1 use goes"
    output.note(f"{told} against the rules" if violations else "nothing goes against the rules")


def _tell(diagram: Diagram, output: Output) -> None:
    for node in diagram.nodes:
        mark = f"  [{node.mark}]" if node.mark else ""
        output.text(f"{click.style(node.label, bold=True)}  {node.detail}{mark}")
    labels = {node.id: node.label for node in diagram.nodes}
    for edge in diagram.edges:
        named = f" {edge.label}" if edge.label else ""
        mark = f"  [{edge.mark}]" if edge.mark else ""
        ends = f"{labels[edge.source]} → {labels[edge.target]}"
        output.text(f"  {ends}{named}  {edge.kind} × {edge.count} ({edge.confidence}){mark}")
    for left in diagram.omitted:
        output.text(f"  left out: {left.count} {left.what}")
