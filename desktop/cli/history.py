"""`codestrata history` and `codestrata note`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from core.errors import UsageError
from desktop import assembly, locations
from desktop.answer_log import MOST, AnswerLog, LoggedAnswer
from desktop.bookmark_file import LONGEST, NAME, Bookmark, about, project_folder, read_bookmarks, write_bookmarks
from desktop.cli.ask import place_of
from desktop.cli.options import Common, common
from desktop.engine import wire


@click.command("history")
@click.option("--search", metavar="WORDS", help="Those alone whose question or answer holds all these words.")
@click.option("-n", "limit", type=click.IntRange(1, MOST), default=50, help="At most so many; 50 by default.")
@click.option("--show", type=int, metavar="N", help="Print answer N again.")
@click.option("--accept", type=int, metavar="N", help="Mark answer N as right: later questions find it as evidence.")
@click.option("--unaccept", type=int, metavar="N", help="Take that back.")
@click.option("--remove", type=int, metavar="N", help="Delete answer N.")
@click.option("--clear", is_flag=True, help="Delete all answers.")
@click.option("--export", "file", metavar="FILE.md", help="Write a conversation as Markdown: that of --show N, or the last.")
@common
def history_command(
    common: Common,
    search: str | None,
    limit: int,
    show: int | None,
    accept: int | None,
    unaccept: int | None,
    remove: int | None,
    clear: bool,
    file: str | None,
) -> int:
    """List what was asked about an index and answered, the latest first; every answer is kept there."""
    folder = common.folder()
    locations.check_is_index(folder)
    log = AnswerLog(folder)
    chosen = [value for value in (accept, unaccept, remove) if value is not None]
    if len(chosen) + clear + (file is not None or show is not None) > 1:
        raise click.UsageError("give one of --show, --accept, --unaccept, --remove, --clear", click.get_current_context())
    if accept is not None or unaccept is not None:
        number = accept if accept is not None else unaccept
        assert number is not None
        entry = log.accept(number, accepted=accept is not None)
        common.output.note(f"answer {number} is {'accepted' if entry.accepted else 'no longer accepted'}")
    elif remove is not None or clear:
        common.output.note(f"{log.remove(remove)} deleted")
    elif file is not None:
        _export(common, log, folder, show, Path(file))
    elif show is not None:
        _show(common, log, show)
    else:
        found = log.search(search or "", limit)
        _tell_problems(common, log)
        if common.output.json:
            common.output.data([wire.logged_answer(entry) for entry in found])
        for entry in () if common.output.json else found:
            _describe(common, entry)
        if not found:
            common.output.note("no answer is like that" if search else "nothing was asked about this index yet")
        return 0 if found else 1
    _tell_problems(common, log)
    return 0


@click.command("note")
@click.argument("place", required=False, metavar="[PATH:LINE]")
@click.argument("text", required=False)
@click.option("--remove", is_flag=True, help="Take the note of that line away.")
@common
def note_command(common: Common, place: str | None, text: str | None, remove: bool) -> int:
    """Write a note on a line, which later questions find as evidence; without arguments list all.

    Notes are the bookmarks of the window. A note is about the definition around its line, and stale once that has changed.
    """
    folder = common.folder()
    locations.check_is_index(folder)
    file = project_folder(locations.data_folder(), folder.resolve()) / NAME
    marks = {(mark.path, mark.line): mark for mark in read_bookmarks(file)}
    if place is None:
        noted = [mark for mark in marks.values() if mark.note]
        if common.output.json:
            common.output.data([{"path": mark.path, "line": mark.line, "note": mark.note} for mark in noted])
        for mark in () if common.output.json else noted:
            common.output.text(f"{click.style(f'{mark.path}:{mark.line}', fg='cyan')}  {mark.note}")
        if not noted:
            common.output.note("there are no notes on this index")
        return 0 if noted else 1
    at = place_of(place)
    if remove:
        if marks.pop((at.path, at.start_line), None) is None:
            raise UsageError(f"there is no note at {at.path}:{at.start_line}", "", "see 'codestrata note' for all")
    else:
        mark = _noted(folder, at.path, at.start_line, text or "")
        marks[mark.path, mark.line] = mark
    ordered = sorted(marks.values(), key=lambda mark: (mark.path, mark.line))
    if not write_bookmarks(file, ordered):
        raise UsageError(f"{file} cannot be written", "the system refused", "see to its folder")
    common.output.note(f"{at.path}:{at.start_line} {'has no note any more' if remove else 'is noted'}")
    return 0


def _noted(folder: Path, path: str, line: int, text: str) -> Bookmark:
    if not text.strip():
        raise UsageError("the note is empty", "", "write it after the place, in quotes")
    if len(text) > LONGEST:
        raise UsageError(f"a note of {len(text)} characters is too long", "", f"write at most {LONGEST}")
    session = assembly.open_service(assembly.settings_for()).session(folder)
    lines = session.packs.texts.lines(path)
    if line > len(lines):
        raise UsageError(f"{path} has only {len(lines)} lines", "", "name one of them")
    around = [
        (symbol.start_line, symbol.end_line)
        for symbol in session.packs.texts.symbols(path)[1:]
        if symbol.start_line <= line <= symbol.end_line
    ]
    start, end = min(around, key=lambda span: span[1] - span[0], default=(line, line))
    return about(Bookmark(path, line, lines[line - 1].strip()[:LONGEST], text.strip()), lines, start, end)


def _show(common: Common, log: AnswerLog, number: int) -> None:
    answer, entry = log.answer(number), log.find(number)
    if common.output.json:
        common.output.data({**wire.logged_answer(entry), "answer": answer})
        return
    common.output.text(click.style(entry.turn.question, bold=True))
    if entry.turn.understood != entry.turn.question:
        common.output.note(f"understood as: {entry.turn.understood}")
    common.output.text(answer["text"])
    common.output.text()
    for cited in answer["citations"]:
        place = click.style(f"{cited['path']}:{cited['start_line']}-{cited['end_line']}", fg="cyan")
        common.output.text(f"  [{cited['n']}] {place}")


def _export(common: Common, log: AnswerLog, folder: Path, number: int | None, target: Path) -> None:
    from desktop.drawing.export import check_folder, format_of, write_whole
    from desktop.engine.conversation_desk import export_conversation

    format_of(target, ("md",))
    check_folder(target)
    conversation = log.last_conversation() if number is None else log.find(number).conversation
    if not conversation:
        raise UsageError("there is nothing to export", "nothing was asked about this index yet", "ask something first")
    session = assembly.open_service(assembly.settings_for()).session(folder)
    document = export_conversation(session, conversation, target).encode("utf-8", "replace")
    write_whole(target, document)
    common.output.note(f"{len(document) / 1e3:,.0f} kB → {target}")


def _describe(common: Common, entry: LoggedAnswer) -> None:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.when))
    by = f"  {entry.model or entry.provider}" if entry.provider else ""
    accepted = "  accepted" if entry.accepted else ""
    question = " ".join(entry.turn.question.split())
    common.output.text(f"{entry.number:5}  {when}  {click.style(question, bold=True)}{by}{accepted}")
    if entry.turn.places:
        first, more = entry.turn.places[0], len(entry.turn.places) - 1
        common.output.text(f"       {first.path}:{first.start_line}-{first.end_line}{f' and {more} more' if more else ''}")


def _tell_problems(common: Common, log: AnswerLog) -> None:
    for problem in log.problems:
        common.output.note(problem)
