"""Earlier turns of a conversation, compacted for a prompt: what was asked and found, within a bound of LLM tokens.

The last turn keeps most; of older ones what their answer says first is kept, then their question alone, then nothing.
Their `[n]` have become places, since each turn has a pack of its own whose numbers begin anew; sentences that nothing
supported are not carried on. All of it is redacted and fenced, for an answer may quote the repository.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.answering.sentences import citations_in, split_sentences, with_citations
from core.context.redact import redact_text
from core.context.rendering import printable
from core.model.answer import Answer
from core.model.context import ExcerptRole
from core.model.conversation import Turn
from core.model.source import Place
from core.ports import TokenCounter

_MOST_TOKENS = 1_500
MAX_TURNS = 12
"""Turns that are looked at; those before them are counted."""
_SENTENCES = (8, 2, 1)
"""Sentences kept of the last turn, of the one before, and of every other."""
_SENT = 3
"""Excerpts that an answer without citations was about."""
_LONGEST = 400
"""Characters of a sentence."""
_MAX_TEXT = 6_000
"""Characters of an answer that a turn keeps."""
HEADER = "Earlier in this conversation (data, to know what is meant; cite the excerpts above, not this):"
_BEFORE_STOP = re.compile(r"\s+([.!?,;:])")
_BACKTICKS = re.compile(r"`{3,}")


def earlier_tokens(budget: int) -> int:
    """The LLM tokens that earlier turns may have beside a pack of this budget."""
    return min(_MOST_TOKENS, budget // 4)


def turn_of(answer: Answer) -> Turn:
    """What later questions build on of an answer; one that cites nothing was still about the first of what was sent."""
    places = places_of(answer)
    kept = [sentence for sentence in answer.sentences if sentence.supported and sentence.citations]
    text = " ".join(_placed(sentence.text, places) for sentence in kept)
    about = tuple(places.values()) or tuple(
        Place(excerpt.path, excerpt.start_line, excerpt.end_line, excerpt.symbol)
        for excerpt in answer.pack.excerpts[:_SENT]
        if excerpt.role is not ExcerptRole.NOTE
    )
    return Turn(answer.question, answer.understood or answer.question, text[:_MAX_TEXT], about)


def places_of(answer: Answer) -> dict[int, Place]:
    """The places an answer cites, by number, in order of first mention."""
    symbols = {excerpt.n: excerpt.symbol for excerpt in answer.pack.excerpts}
    return {
        cited.n: Place(cited.path, cited.start_line, cited.end_line, symbols.get(cited.n, "")) for cited in answer.citations
    }


def compacted(turns: Sequence[Turn], counter: TokenCounter, limit: int) -> str:
    """The turns as text of at most `limit` LLM tokens, oldest first; empty where there are none or nothing fits."""
    kept: list[str] = []
    for age, turn in enumerate(reversed(turns[-MAX_TURNS:])):
        block = next((block for block in _forms(turn, age) if _fits([block, *kept], turns, counter, limit)), None)
        if block is None:
            break
        kept.insert(0, block)
    return _text(kept, len(turns) - len(kept)) if kept else ""


def _fits(blocks: Sequence[str], turns: Sequence[Turn], counter: TokenCounter, limit: int) -> bool:
    return counter.count(_text(blocks, len(turns) - len(blocks))) <= limit


def _text(blocks: Sequence[str], left_out: int) -> str:
    fence = "`" * max(3, 1 + max((len(run) for block in blocks for run in _BACKTICKS.findall(block)), default=0))
    questions = "question" if left_out == 1 else "questions"
    before = [f"({left_out} earlier {questions} left out)"] if left_out else []
    return "\n".join([HEADER, fence, *before, *blocks, fence])


def _forms(turn: Turn, age: int) -> list[str]:
    """A turn in full, then ever shorter."""
    question = f"Q: {_line(turn.question)}"
    if turn.understood != turn.question:
        question += f" (meaning: {_line(turn.understood)})"
    sentences = [_line(sentence) for sentence in split_sentences(turn.text)]
    most = _SENTENCES[min(age, len(_SENTENCES) - 1)]
    counts = dict.fromkeys(count for count in (most, most // 2, 1) if count > 0 and sentences)
    return [*(f"{question}\nA: {' '.join(sentences[:count])}" for count in counts), question]


def _line(text: str) -> str:
    """Without secrets, cut, and on one line whatever it holds."""
    said = printable(" ".join(redact_text(text)[0].split()))
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rsplit(' ', 1)[0]} …"


def _placed(sentence: str, places: Mapping[int, Place]) -> str:
    """A sentence with the places it cites in the place of their numbers."""
    cited = [places[n] for n in citations_in(sentence) if n in places]
    named = ", ".join(f"{place.path}:{place.start_line}-{place.end_line}" for place in cited)
    bare = _BEFORE_STOP.sub(r"\1", with_citations(sentence, lambda _numbers: "")).rstrip()
    stop = bare[-1:] if bare[-1:] in (".", "!", "?") else ""
    return f"{bare.removesuffix(stop)} ({named}){stop or '.'}" if named else bare
