"""A conversation as a Markdown document, its citations links to the code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.answering.sentences import with_citations
from core.context.rendering import printable
from core.model.source import Place

Address = Callable[[Place], str]
"""The address of a place, relative to the document."""
_ODD = re.compile(r"([\\`*_\[\]<>#|])")
_HEADING = re.compile(r"^(#{1,4}) ", re.MULTILINE)

Answered = tuple[Mapping[str, Any], float, bool]
"""An answer as JSON, when it was given (seconds since the epoch), whether it was accepted."""


def conversation_markdown(name: str, answers: Sequence[Answered], address: Address) -> str:
    """All turns, the first first."""
    title = f"# Questions about {_plain(name)}" if name else "# Questions"
    return "\n\n".join([title, *(_turn(answer, when, accepted, address) for answer, when, accepted in answers)]) + "\n"


def _turn(answer: Mapping[str, Any], when: float, accepted: bool, address: Address) -> str:
    places = {cited["n"]: Place(cited["path"], cited["start_line"], cited["end_line"]) for cited in answer["citations"]}
    parts = [f"## {_plain(answer['question'])}"]
    if answer.get("understood"):
        parts.append(f"_Understood as: {_plain(answer['understood'])}_")
    parts.append(_HEADING.sub(r"##\1 ", _linked(answer["text"].strip(), places, address)))
    doubtful = [sentence["text"] for sentence in answer["sentences"] if not sentence["supported"]]
    if doubtful and answer["model"]:
        listed = "\n".join(f"- {_linked(text, places, address)}" for text in doubtful)
        parts.append(f"Not backed by what is cited:\n\n{listed}")
    if places:
        listed = "\n".join(
            f"- [{n}] [{_plain(place.path)}:{place.start_line}-{place.end_line}]({address(place)})"
            for n, place in places.items()
        )
        parts.append(f"Places:\n\n{listed}")
    parts.append(f"_{_by_whom(answer)}, {time.strftime('%Y-%m-%d %H:%M', time.localtime(when))}{_accepted(accepted)}_")
    return "\n\n".join(parts)


def _linked(text: str, places: Mapping[int, Place], address: Address) -> str:
    """`text` with every `[n]` of a place made a link; what stands in backticks is left as it is."""

    def link(numbers: tuple[int, ...]) -> str | None:
        known = numbers and all(n in places for n in numbers)
        return "".join(f"[[{n}]]({address(places[n])})" for n in numbers) if known else None

    return with_citations(text, link)


def _plain(text: str) -> str:
    """Text on one line, in which nothing is Markdown."""
    return _ODD.sub(r"\\\1", printable(" ".join(text.split())))


def _by_whom(answer: Mapping[str, Any]) -> str:
    if not answer["model"] and not answer["provider"]:
        return "From the index, no model asked"
    where = f" at {answer['sent_to']}" if answer["sent_to"] else ", on this machine"
    return f"{_plain(answer['model'] or answer['provider'])}{where}"


def _accepted(accepted: bool) -> str:
    return ", accepted" if accepted else ""
