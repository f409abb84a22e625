"""The main flows: from a function that nothing of the source calls, down along sure calls to where the work is done.

At each step the way goes to the callee below which most is done, one in another file or part counting for more. Flows begin
in different files and share little.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict

from core.answering.wording import quoted
from core.explaining.sentences import place_of, said_of, sentence
from core.explaining.survey import CALLABLE, Survey
from core.model.explanation import Chapter, Paragraph, Told
from core.model.graph import Edge
from core.model.source import Place
from core.model.symbol import Symbol

_FLOWS, _STEPS, _LEAST = 6, 7, 3
_TRIED = 1_500
"""Entries of which the way is looked at."""
_OTHER_FILE, _OTHER_PART = 1.6, 2.2
_ENTRANCE = re.compile(
    r"^(?:main|_?_?main_?_?|run|run_\w+|handle|handle_\w+|execute\w*|serve\w*|start\w*|process\w*|__call__|get_response|dispatch"
    r"|do_\w+|sys_\w+|ksys_\w+|\w+_main|init_module|on_\w+|cli|open|read|write|save|load|compile|parse|render)$",
    re.IGNORECASE,
)
_CENTRAL = 60
"""Types whose entrances count also where the source itself calls them."""
_SERVES, _EVERYWHERE = 4, 25
"""Files that call a function, from which on it is taken for a helper, and beyond which a flow ends before it."""
_SHARED = 2
"""Definitions that a flow may have in common with those before it."""


def flows(survey: Survey) -> Chapter | None:
    """The chapter; None where no way is long enough to tell."""
    ways = _ways(survey)
    if not ways:
        return None
    return Chapter("Main flows", tuple(_told(survey, way) for way in ways))


def _ways(survey: Survey) -> list[list[Edge]]:
    leading: dict[int, list[Edge]] = defaultdict(list)
    called: set[int] = set()
    for edge in survey.calls:
        leading[edge.source].append(edge)
        called.add(edge.target)
    symbols = survey.source.symbols
    offered = _offered(survey)
    entries = [key for key in leading if key not in called or key in offered]
    entries.sort(key=lambda key: (-survey.weights[key] * _entrance(symbols[key]), key))
    ways = [(way, _worth(survey, way)) for key in entries[:_TRIED] if len(way := _way(survey, key, leading)) >= _LEAST]
    ways.sort(key=lambda entry: (-entry[1], entry[0][0].source))
    found: list[list[Edge]] = []
    told: set[int] = set()
    begun: set[str] = set()
    for way, _ in ways:
        keys = {way[0].source, *(edge.target for edge in way)}
        path = symbols[way[0].source].path
        start = survey.part_of.get(path, path)
        if len(keys & told) > _SHARED or path in begun or start in begun:
            continue
        told |= keys
        begun |= {path, start}
        found.append(way)
        if len(found) == _FLOWS:
            break
    return found


def _offered(survey: Survey) -> set[int]:
    """The entrances of those types that most code leans on: others of the source may call them, and so do its users."""
    central = {symbol.key for symbol in survey.central(survey.code_paths, _CENTRAL)}
    return {
        symbol.key
        for symbol in survey.defined
        if symbol.kind in CALLABLE and symbol.parent in central and _ENTRANCE.match(symbol.name)
    }


def _way(survey: Survey, start: int, leading: dict[int, list[Edge]]) -> list[Edge]:
    """The way down from one entry, without going anywhere twice."""
    symbols, weights = survey.source.symbols, survey.weights
    way: list[Edge] = []
    visited = {start}
    names = {symbols[start].name}
    at = start
    while len(way) < _STEPS:
        here = symbols[at].path

        def worth(edge: Edge, here: str = here) -> float:
            there = symbols[edge.target].path
            other = survey.part_of.get(there) != survey.part_of.get(here)
            further = _OTHER_PART if other else _OTHER_FILE if there != here else 1.0
            said = 1.3 if symbols[edge.target].doc else 1.0
            serves = _SERVES / max(_SERVES, survey.callers[edge.target])
            return math.sqrt(weights[edge.target]) * further * said * serves

        onward = [
            edge for edge in leading.get(at, ()) if edge.target not in visited and symbols[edge.target].name not in names
        ]
        if not onward:
            break
        edge = max(onward, key=lambda edge: (worth(edge), -edge.line))
        if survey.callers[edge.target] > _EVERYWHERE:
            break
        way.append(edge)
        at = edge.target
        visited.add(at)
        names.add(symbols[at].name)
    return way


def _worth(survey: Survey, way: list[Edge]) -> float:
    """What a way tells a newcomer: how many files and parts it goes through, how much it explains, whether one enters."""
    symbols = survey.source.symbols
    steps = [symbols[way[0].source], *(symbols[edge.target] for edge in way)]
    files = len({step.path for step in steps})
    crossed = len({survey.part_of.get(step.path, step.path) for step in steps})
    said = sum(1 for step in steps if step.doc) / len(steps)
    lean = sum(survey.ranks[step.key] for step in steps) * len(survey.ranks)
    begun = math.log1p(survey.leaning(steps[0]) * len(survey.ranks))
    return (files + 1.5 * crossed) * (0.5 + said) * _entrance(steps[0]) * (1.0 + min(2.0, lean / 100.0)) * (1.0 + begun)


def _entrance(symbol: Symbol) -> float:
    public = not symbol.name.startswith("_") or symbol.name.startswith("__")
    return (2.0 if _ENTRANCE.match(symbol.name) else 1.0) * (1.0 if public else 0.5)


def _told(survey: Survey, way: list[Edge]) -> Paragraph:
    symbols = survey.source.symbols
    first = symbols[way[0].source]
    assert first.kind in CALLABLE
    said = said_of(first)
    opening = f"{quoted(first)} in `{first.path}` is where it begins" + (f": {said}" if said else "")
    steps: list[Told] = [sentence(opening, place_of(survey, first))]
    for edge in way:
        source, target = symbols[edge.source], symbols[edge.target]
        said = said_of(target)
        path = edge.path or source.path
        text = f"{quoted(source)} calls {quoted(target)} of `{target.path}` at line {edge.line}" + (
            f": {said}" if said else ""
        )
        if path != source.path:
            text = text.replace(f"at line {edge.line}", f"at `{path}`, line {edge.line}")
        steps.append(sentence(text, Place(path, edge.line, edge.line, source.qualified_name), place_of(survey, target)))
    last = symbols[way[-1].target]
    return Paragraph(f"From `{_short(first)}` to `{_short(last)}`", tuple(steps), numbered=True)


def _short(symbol: Symbol) -> str:
    return quoted(symbol).strip("`")
