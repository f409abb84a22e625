"""`codestrata ask`."""

from __future__ import annotations

import click

from core.model.answer import Answer, Delta
from desktop import assembly
from desktop.cli.agreeing import asks_a_provider, make_sure
from desktop.cli.options import Common, cancellable, common
from desktop.cli.output import Output
from desktop.engine import wire


@click.command("ask")
@click.argument("question")
@asks_a_provider
@click.option("--model", metavar="NAME", help="Which of its models; see 'codestrata models'.")
@click.option("--budget", type=click.IntRange(1, 10_000_000), help="LLM tokens the pack may have; 8,000 by default.")
@click.option("--no-llm", is_flag=True, help="Answer from the evidence alone, without a model.")
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
) -> int:
    """Answer QUESTION with citations; without a provider, from the evidence alone."""
    chosen = {"provider": provider, "base_url": base_url, "model": model}
    settings = assembly.settings_for({"provider": chosen, "retrieval": {"budget": budget}})
    folder = common.folder()
    consents = assembly.open_consents(everything=yes)
    language_model = None if no_llm else assembly.open_model(settings.provider, folder, question, consents)
    if language_model is not None:
        make_sure(consents, language_model.host, language_model.provider, language_model.model)
        assembly.warm_up_model(settings.provider)
    service = assembly.open_service(settings)
    streams = not common.output.json
    with cancellable() as token:
        for piece in service.ask(folder, question, settings.retrieval.budget, language_model, token):
            if isinstance(piece, Delta) and streams:
                click.echo(piece.text, nl=False)
            elif isinstance(piece, Answer):
                answer = piece
    if common.output.json:
        common.output.data(wire.answer(answer))
    else:
        describe_rest(answer, common.output)
    return 0 if answer.citations else 1


def describe_rest(answer: Answer, output: Output) -> None:
    """What follows the text of an answer: its places, and what is not supported."""
    output.text()
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
