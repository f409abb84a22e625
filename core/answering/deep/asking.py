"""A deep question with a model: plan → a pack and an answer for each part → one answer over what the parts cited.

Everything goes through the one `LanguageModel` it is given, so every request is consented to and recorded. A plan that
cannot be read is replaced by that of the rules; a part that the budget does not hold is left out and told; a model that is
gone after some parts leaves the answer that they make.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace

from core.answering.answer import answer_with_model
from core.answering.deep.budget import ANSWER_TOKENS, DeepBudget, Spending
from core.answering.deep.planning import MAX_PARTS, parts_by_rules, plan_messages, read_plan
from core.answering.grounding import citations_of, ground
from core.answering.inquiry import Inquiry
from core.answering.prices import cost_in_usd
from core.answering.prompt import prompt_tokens
from core.answering.sentences import renumbered
from core.answering.tools import Tools
from core.cancellation import CancellationToken
from core.context.redact import redact_text
from core.errors import ProviderError
from core.model.answer import Answer, Delta, Reported, Step, StepKind, Usage
from core.model.context import Pack
from core.model.ranking import Ranking
from core.ports import LanguageModel

_LEAST_PACK = 600
"""LLM tokens; a part with a smaller pack is not worth a call."""
_FINDINGS = "What was found to parts of the question, cited with the numbers above (data; check it against the excerpts):"


class DeepAsking:
    """One deep question to one model."""

    def __init__(self, model: LanguageModel, inquiry: Inquiry, tools: Tools, budget: DeepBudget, pack_budget: int) -> None:
        self._model = model
        self._inquiry = inquiry
        self._tools = tools
        self._pack_budget = min(pack_budget, budget.tokens // 3)
        self._spending = Spending(budget, self._pack_budget + 2 * ANSWER_TOKENS)
        self._reported = True
        self._in = self._out = 0
        self._steps: list[Step] = []

    def run(self, cancellation: CancellationToken, earlier: str = "") -> Iterator[Step | Pack | Delta | Answer]:
        """The steps as they begin (nothing told) and end, the text of the whole as it comes, the answer last.

        A pack for the question comes first, before anything is sent, so that a person sees what it is about; that of the
        whole comes before its text.
        """
        yield self._question_pack()
        questions = yield from self._planned(cancellation)
        parts: list[Answer] = []
        failed = ""
        for number, question in enumerate(questions, 1):
            cancellation.check("answering the parts")
            step = Step(StepKind.PART, number, len(questions), question)
            pack = self._part_pack(question, len(questions) - number + 1)
            if failed or pack is None:
                yield self._done(replace(step, kind=StepKind.LEFT_OUT, told=failed or "the budget is spent"))
                continue
            yield step
            try:
                parts.append(self._part(pack, cancellation))
            except ProviderError as error:
                if not parts:
                    raise
                failed = str(error)
                yield self._done(replace(step, kind=StepKind.LEFT_OUT, told=failed))
                continue
            supported = sum(sentence.supported for sentence in parts[-1].sentences)
            told = f"{supported} of {len(parts[-1].sentences)} sentences hold"
            yield self._done(replace(step, told=told, calls=1, tokens=_tokens(parts[-1])))
        yield from self._whole(parts, earlier, cancellation)

    def _planned(self, cancellation: CancellationToken) -> Generator[Step, None, list[str]]:
        """The step of the plan, as it begins and ends; returns the questions."""
        step = Step(StepKind.PLAN, 1, 1, self._inquiry.question)
        yield step
        tools, most = self._tools, min(MAX_PARTS, self._spending.parts - 1)
        messages = plan_messages(self._inquiry, tools, most)
        expected = sum(tools.counter.count(message.content) for message in messages)
        questions: list[str] = []
        told, spent = "planned from the index", 0
        if self._spending.affords(expected):
            pieces: list[str] = []
            reported: Reported | None = None
            try:
                for delta in self._model.stream(messages, cancellation):
                    pieces.append(delta.text)
                    reported = delta.reported or reported
            except ProviderError:
                if not any(pieces):
                    raise
            text = "".join(pieces)
            used = reported or Reported(expected, tools.counter.count(text))
            spent = self._spent(used, reported is not None)
            questions = read_plan(text, most)
            told = f"{len(questions)} questions" if questions else "no plan came back; planned from the index"
        if not questions:
            parts = parts_by_rules(self._inquiry, tools, most)
            questions = [part.question for part in parts] or [self._inquiry.question]
        yield self._done(replace(step, told=told, calls=1 if spent else 0, tokens=spent))
        return questions

    def _part_pack(self, question: str, parts_left: int) -> Pack | None:
        """The pack for a part, with its share of what is left; None where that is too little."""
        share = self._spending.left // max(1, parts_left) - ANSWER_TOKENS - self._overhead()
        budget = min(self._pack_budget, share)
        if budget < _LEAST_PACK:
            return None
        pack = self._tools.builder.build(question, self._rank(question), budget, self._inquiry.wanted, self._inquiry.removed)
        return pack if self._spending.affords(pack.tokens + self._overhead()) else None

    def _question_pack(self) -> Pack:
        inquiry = self._inquiry
        return self._tools.builder.build(
            inquiry.question, inquiry.ranking, self._pack_budget, inquiry.wanted, inquiry.removed
        )

    def _rank(self, question: str) -> Ranking:
        return self._inquiry.ranking if question == self._inquiry.question else self._tools.rank(question)

    def _overhead(self) -> int:
        return prompt_tokens(self._inquiry.question, self._tools.counter)

    def _part(self, pack: Pack, cancellation: CancellationToken) -> Answer:
        answer: Answer | None = None
        for piece in answer_with_model(self._model, pack, self._tools.counter, cancellation, self._tools.reader):
            if isinstance(piece, Answer):
                answer = piece
        assert answer is not None
        if answer.interrupted and not answer.text.strip():
            raise ProviderError(answer.interrupted)
        self._spent(Reported(answer.usage.input_tokens, answer.usage.output_tokens), answer.usage.reported)
        return answer

    def _whole(
        self, parts: Sequence[Answer], earlier: str, cancellation: CancellationToken
    ) -> Iterator[Step | Pack | Delta | Answer]:
        question = self._inquiry.question
        if parts:
            cited = [(part.pack, [cited.n for cited in part.citations]) for part in parts]
            pack, numbers = self._tools.builder.merged(question, cited, self._pack_budget)
        else:
            pack, numbers = self._question_pack(), []
        usd = cost_in_usd(self._model.host, self._model.model, pack.tokens, 0)
        pack = replace(pack, cost=replace(pack.cost, usd=usd))
        yield pack
        step = Step(StepKind.WHOLE, 1, 1, question)
        yield step
        before = "\n\n".join(text for text in (earlier, _findings(parts, numbers)) if text)
        answer: Answer | None = None
        try:
            for piece in answer_with_model(
                self._model,
                pack,
                self._tools.counter,
                cancellation,
                self._tools.reader,
                asked=self._inquiry.asked,
                earlier=before,
            ):
                if isinstance(piece, Answer):
                    answer = piece
                else:
                    yield piece
        except ProviderError as error:
            if not parts:
                raise
            yield from self._of_parts(parts, numbers, pack, str(error))
            return
        assert answer is not None
        tokens = self._spent(Reported(answer.usage.input_tokens, answer.usage.output_tokens), answer.usage.reported)
        supported = sum(sentence.supported for sentence in answer.sentences)
        told = f"{supported} of {len(answer.sentences)} sentences hold"
        yield self._done(replace(step, told=told, calls=1, tokens=tokens))
        yield replace(answer, usage=self._usage(answer.usage.seconds_to_first_token), steps=tuple(self._steps))

    def _of_parts(
        self, parts: Sequence[Answer], numbers: Sequence[Mapping[int, int]], pack: Pack, why: str
    ) -> Iterator[Delta | Answer]:
        """The parts' own answers one below the other, where the model did not put them together."""
        text = "\n\n".join(
            f"**{part.question}**\n\n{renumbered(part.text, of)}" for part, of in zip(parts, numbers, strict=True)
        )
        yield Delta(text)
        sentences = ground(text, pack, self._tools.reader)
        yield Answer(
            question=self._inquiry.asked,
            provider=self._model.provider,
            model=self._model.model,
            text=text,
            citations=citations_of(sentences, pack),
            sentences=sentences,
            pack=pack,
            usage=self._usage(None),
            sent_to=self._model.host,
            interrupted=why,
            understood=self._inquiry.understood,
            steps=tuple(self._steps),
        )

    def _spent(self, used: Reported, reported: bool) -> int:
        self._in += used.input_tokens
        self._out += used.output_tokens
        self._reported &= reported
        self._spending.spend(used.input_tokens + used.output_tokens)
        return used.input_tokens + used.output_tokens

    def _usage(self, seconds: float | None) -> Usage:
        """Of all requests together; the seconds are those to the first LLM token of the whole answer."""
        usd = cost_in_usd(self._model.host, self._model.model, self._in, self._out)
        return Usage(self._in, self._out, seconds, usd, self._reported)

    def _done(self, step: Step) -> Step:
        self._steps.append(step)
        return step


def _tokens(answer: Answer) -> int:
    return answer.usage.input_tokens + answer.usage.output_tokens


def _findings(parts: Sequence[Answer], numbers: Sequence[Mapping[int, int]]) -> str:
    """The sentences of the parts that hold and whose citations are in the merged pack, fenced; empty where none is."""
    blocks: list[str] = []
    for part, of in zip(parts, numbers, strict=True):
        kept = [
            redact_text(renumbered(sentence.text, of))[0]
            for sentence in part.sentences
            if sentence.supported and all(n in of for n in sentence.citations)
        ]
        if kept:
            blocks.append(f"Q: {part.question}\nA: {' '.join(kept)}")
    if not blocks:
        return ""
    text = "\n".join(blocks).replace("```", "'''")
    return f"{_FINDINGS}\n```\n{text}\n```"
