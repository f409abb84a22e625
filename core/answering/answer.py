"""Answers with a model: the pack goes out, pieces come back, and at the end every sentence is held against the pack.

The answer without a model is in `evidence`; both give the same record.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from core.answering.grounding import citations_of, ground
from core.answering.prices import cost_in_usd
from core.answering.prompt import messages_for
from core.cancellation import CancellationToken
from core.errors import ProviderError
from core.model.answer import Answer, Delta, Reported, Usage
from core.model.context import Pack
from core.ports import IndexReader, LanguageModel, TokenCounter


def answer_with_model(
    model: LanguageModel,
    pack: Pack,
    counter: TokenCounter,
    cancellation: CancellationToken,
    reader: IndexReader | None = None,
    *,
    asked: str = "",
    earlier: str = "",
) -> Iterator[Delta | Answer]:
    """Yield the model's text piece by piece, then one Answer, always last.

    `asked` is the question as it was typed, where the pack's says what was meant; `earlier` is what came before it. With a
    `reader`, names next to the cited code in the graph count as supported too. A stream that breaks after some text
    gives an Answer of what came, with `interrupted` saying why; one that never began raises ProviderError. Cancelling raises
    CancelledError.
    """
    messages = messages_for(pack, asked, earlier)
    pieces: list[str] = []
    interrupted = ""
    reported: Reported | None = None
    first: float | None = None
    began = time.perf_counter()
    try:
        for delta in model.stream(messages, cancellation):
            reported = delta.reported or reported
            if delta.text:
                first = time.perf_counter() - began if first is None else first
                pieces.append(delta.text)
                yield delta
    except ProviderError as error:
        if not pieces:
            raise
        interrupted = str(error)
    text = "".join(pieces)
    sentences = ground(text, pack, reader)
    used = reported or Reported(sum(counter.count(message.content) for message in messages), counter.count(text))
    usd = cost_in_usd(model.host, model.model, used.input_tokens, used.output_tokens)
    yield Answer(
        question=asked or pack.question,
        provider=model.provider,
        model=model.model,
        text=text,
        citations=citations_of(sentences, pack),
        sentences=sentences,
        pack=pack,
        usage=Usage(used.input_tokens, used.output_tokens, first, usd, reported is not None),
        sent_to=model.host,
        interrupted=interrupted,
        understood=pack.question if asked and asked != pack.question else "",
    )
