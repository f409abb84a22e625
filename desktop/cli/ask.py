"""`codestrata ask`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from core.answering.deep.budget import DEFAULT_CALLS, DEFAULT_TOKENS, LEAST_CALLS, LEAST_TOKENS, DeepBudget
from core.errors import BrokenIndexError, UsageError
from core.model.answer import Answer, Delta, Step, StepKind
from core.model.source import Place
from desktop import assembly
from desktop.answer_log import AnswerLog
from desktop.cli.agreeing import asks_a_provider, make_sure
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output
from desktop.engine import wire
from desktop.engine.conversation_desk import background_of, keep_answer
from desktop.engine.session import IndexSession

_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<start>\d{1,9})(?:-(?P<end>\d{1,9}))?)?")
_LAST_LINE = 999_999_999


@click.command("ask")
@click.argument("question")
@asks_a_provider
@click.option("--model", metavar="NAME", help="Which of its models; see 'codestrata models'.")
@click.option("--budget", type=click.IntRange(1, 10_000_000), help="LLM tokens the pack may have; 8,000 by default.")
@click.option("--no-llm", is_flag=True, help="Answer from the evidence alone, without a model.")
@click.option("--continue", "continues", is_flag=True, help="Go on with the last conversation: 'and who calls it?'.")
@click.option("--deep", is_flag=True, help="Take the question apart, answer each part, and make one answer of them.")
@click.option("--calls", type=click.IntRange(LEAST_CALLS, 100), help="Requests a deep question may take; 8 by default.")
@click.option("--tokens", type=click.IntRange(LEAST_TOKENS, 100_000_000), help="LLM tokens it may take; 60,000 by default.")
@click.option("--pin", "pins", multiple=True, metavar="PATH:LINES", help="Put this into the pack; may be given again.")
@click.option("--without", multiple=True, metavar="PATH:LINES", help="Keep this out of the pack; may be given again.")
@common
def ask_command(
    common: Common,
    question: str,
    provider: str | None,
    base_url: str | None,
    yes: bool,
    model: str | None,
    budget: int | None,
    no_llm: bool,
    continues: bool,
    deep: bool,
    calls: int | None,
    tokens: int | None,
    pins: tuple[str, ...],
    without: tuple[str, ...],
) -> int:
    """Answer QUESTION with citations; without a provider, from the evidence alone.

    The answer is kept in the history of the index; see 'codestrata history'.
    """
    if (calls or tokens) and not deep:
        raise click.UsageError("--calls and --tokens are for --deep", click.get_current_context())
    pinned, removed = tuple(map(place_of, pins)), tuple(map(place_of, without))
    chosen = {"provider": provider, "base_url": base_url, "model": model}
    settings = assembly.settings_for({"provider": chosen, "retrieval": {"budget": budget}})
    folder = common.folder()
    consents = assembly.open_consents(everything=yes)
    language_model = None if no_llm else assembly.open_model(settings.provider, folder, question, consents)
    if language_model is not None:
        make_sure(consents, language_model.host, language_model.provider, language_model.model)
        assembly.warm_up_model(settings.provider)
    service = assembly.open_service(settings)
    conversation = last_conversation(folder) if continues else 0
    background = background_of(folder, conversation, pinned, removed)
    deeply = DeepBudget(calls or DEFAULT_CALLS, tokens or DEFAULT_TOKENS) if deep else None
    streams = not common.output.json
    with cancellable() as token:
        for piece in service.ask(folder, question, settings.retrieval.budget, language_model, token, background, deeply):
            if isinstance(piece, Delta) and streams:
                click.echo(piece.text, nl=False)
            elif isinstance(piece, Step):
                common.output.note(told_step(piece))
            elif isinstance(piece, Answer):
                answer = piece
    kept_as = keep(service.session(folder), answer, conversation, common.output)
    if common.output.json:
        common.output.data({**wire.answer(answer), **kept_as})
    else:
        describe_rest(answer, common.output)
    return 0 if answer.citations else 1


def place_of(text: str) -> Place:
    """`path`, `path:10` or `path:10-20` as a place. Raises UsageError for what is none."""
    match = _PLACE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"'{text}' is no place", "", "write it as PATH, PATH:10 or PATH:10-20")
    start = int(match["start"] or 1)
    end = int(match["end"] or match["start"] or _LAST_LINE)
    if not 1 <= start <= end:
        raise UsageError(f"'{text}' is no place", "lines count from 1, the first before the last", "write PATH:10-20")
    return Place(match["path"].removeprefix("./"), start, end)


def last_conversation(folder: Path) -> int:
    """The number of the conversation that goes on. Raises UsageError where there is none."""
    number = AnswerLog(folder).last_conversation()
    if not number:
        raise UsageError(
            "there is no conversation to continue", "nothing was asked about this index yet", "leave --continue"
        )
    return number


def told_step(step: Step) -> str:
    """A step of a deep question on a line."""
    if step.kind is StepKind.PLAN:
        return f"plan: {step.told or '…'}"
    if step.kind is StepKind.WHOLE:
        return f"whole answer: {step.told or '…'}"
    left_out = " left out:" if step.kind is StepKind.LEFT_OUT else ""
    used = f" ({step.tokens:,} LLM tokens)" if step.tokens else ""
    return f"part {step.number} of {step.total}:{left_out} {step.question} {step.told or '…'}{used}"


def keep(session: IndexSession, answer: Answer, conversation: int, output: Output) -> dict[str, int]:
    """Keep an answer in the history; where that cannot be, say so and go on."""
    try:
        entry = keep_answer(session, answer, conversation)
    except BrokenIndexError as error:
        output.note(f"the answer is not kept: {error}")
        return {}
    return {"number": entry.number, "conversation": entry.conversation}


def describe_rest(answer: Answer, output: Output) -> None:
    """What follows the text of an answer: its places, and what is not supported."""
    output.text()
    if answer.understood:
        output.note(f"understood as: {answer.understood}")
    for cited in answer.citations:
        place = click.style(f"{cited.path}:{cited.start_line}-{cited.end_line}", fg="cyan")
        output.text(f"  [{cited.n}] {place}")
    unsupported = [sentence for sentence in answer.sentences if not sentence.supported]
    if unsupported and answer.model:
        output.note(f"{len(unsupported)} of {len(answer.sentences)} sentences rest on nothing that was sent")
    if answer.interrupted:
        output.note(answer.interrupted)
    sent = f"sent to {answer.sent_to}" if answer.sent_to else "nothing left this machine"
    output.note(f"{answer.pack.tokens:,} LLM tokens of evidence; {sent}{_used(answer)}")


def _used(answer: Answer) -> str:
    """What a model read, wrote and cost, in words; nothing for an answer without one."""
    if not answer.model:
        return ""
    usage = answer.usage
    cost = "" if usage.usd is None else f", about ${usage.usd:.4f}"
    about = "" if usage.reported else "about "
    return f"; {answer.model} read {about}{usage.input_tokens:,} and wrote {usage.output_tokens:,}{cost}"
