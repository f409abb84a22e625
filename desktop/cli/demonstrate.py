"""What `make run` does: the window where there is a display, the same job in the terminal where there is none."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from core.model.answer import Answer
from desktop import assembly, display
from desktop.cli.ask import describe_rest
from desktop.cli.index import describe
from desktop.cli.options import Common, cancellable, common
from resources import resource_path

_GENERAL_QUESTIONS = (
    "where does the program start",
    "how are errors handled",
    "how is the configuration read",
)
_PICTURE = "architecture.svg"


@click.command("demonstrate")
@click.argument("source", default="")
@common
def demonstrate_command(common: Common, source: str) -> int:
    """Index SOURCE (or the sample project), answer three questions about it, and draw its architecture."""
    target = source or str(resource_path("sample"))
    if display.available() and not display.missing_packages(window=display.draws_by_x()):
        from desktop.qt.application import run_window
        from desktop.qt.user_files import UserFiles

        return run_window(target, assembly.engine_command(), assembly.settings_for(), UserFiles.usual())
    questions = _GENERAL_QUESTIONS if source else _sample_questions()
    return _in_terminal(common, target, questions)


def _sample_questions() -> tuple[str, ...]:
    lines = resource_path("sample_questions.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))[:3]


def _in_terminal(common: Common, source: str, questions: tuple[str, ...]) -> int:
    from desktop.drawing.export import write_diagram

    output = common.output
    output.text(f"There is no display here, so this runs in the terminal: {source}\n")
    settings = assembly.settings_for()
    with cancellable() as token:
        report = output.follow(assembly.start_indexing(source, common.index, settings, token))
        describe(report, output)
        service = assembly.open_service(settings)
        folder = Path(report.index)
        for question in questions:
            output.text(f"\n{click.style('? ' + question, bold=True)}\n")
            for piece in service.ask(folder, question, settings.retrieval.budget, None, token):
                if isinstance(piece, Answer):
                    output.text(piece.text)
                    describe_rest(piece, output)
        picture = Path.cwd() / _PICTURE
        write_diagram(service.drawing(folder, "architecture", "", token), picture)
    output.text(f"\nThe architecture is drawn in {picture}")
    command = Path(sys.executable).with_name("codestrata")
    shown = command.relative_to(Path.cwd()) if command.is_relative_to(Path.cwd()) else command.name
    output.text(f"Ask more: {shown} ask 'QUESTION' --source {shlex.quote(source)}")
    return 0
