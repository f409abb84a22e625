"""What a compiler says who calls whom, and how our graph compares."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_LAMBDA = re.compile(r"\.<lambda\d+>")
Pair = tuple[str, str]
"""Caller and callee by qualified name, as `graph --format callgraph` spells them."""


@dataclass(frozen=True)
class Truth:
    """Calls between functions of one project.

    `callers` are the functions whose bodies the compiler saw, with the path and the first and last line of each; only what
    they call is judged. `calls` tells for each pair
    the kinds of its calls: "direct", "virtual" (the declared method is the callee), "macro" (written in the body of a
    macro, not in the caller), "either" (several definitions have the name that the linker of a program would look for),
    "uncompiled" (the callee, by its bare name, is of the project, but in no file that was compiled). `unseen` are lines that
    the preprocessor left out, by path: first and last; `indirect` those with calls through pointers, which it does not
    resolve. `aliases` are callees that count as another, or as none; without `lambdas` they belong to the function around.
    """

    callers: Mapping[str, tuple[tuple[str, int, int], ...]]
    calls: Mapping[Pair, frozenset[str]]
    unseen: Mapping[str, tuple[tuple[int, int], ...]]
    indirect: Mapping[str, frozenset[int]]
    aliases: Mapping[str, str]
    lambdas: bool

    @classmethod
    def read(cls, path: Path) -> Truth:
        """Reads what an extractor wrote: {"callers": {name: [[path, first, last]]}, "calls": [[caller, callee, kind]],
        "unseen"?: {path: [[first, last]]}, "indirect"?: {path: [line]}}."""
        told = json.loads(path.read_text(encoding="utf-8"))
        calls: defaultdict[Pair, set[str]] = defaultdict(set)
        for caller, callee, kind in told["calls"]:
            calls[caller, callee].add(kind)
        unseen = {name: tuple((first, last) for first, last in lines) for name, lines in told.get("unseen", {}).items()}
        indirect = {name: frozenset(lines) for name, lines in told.get("indirect", {}).items()}
        callers = {
            name: tuple((path, first, last) for path, first, last in places) for name, places in told["callers"].items()
        }
        kinds_of = {pair: frozenset(kinds) for pair, kinds in calls.items()}
        return cls(callers, kinds_of, unseen, indirect, told.get("aliases", {}), told.get("lambdas", True))

    def judges(self, pair: Pair, path: str, line: int) -> bool:
        """Whether it tells if a pair that it does not have, found at that place, is false."""
        caller, callee = pair
        seen = any(path == place and first <= line <= last for place, first, last in self.callers.get(caller, ()))
        if not seen or line in self.indirect.get(path, ()) or self.is_unseen(path, line):
            return False
        # Another definition of a function that is called, for another system.
        return callee in self.callers or (caller, callee.rpartition(".")[2]) not in self.namesakes

    @cached_property
    def namesakes(self) -> frozenset[Pair]:
        """Callers with the bare names of what they call."""
        return frozenset((caller, callee.rpartition(".")[2]) for caller, callee in self.calls)

    def is_unseen(self, path: str, line: int) -> bool:
        return any(first <= line <= last for first, last in self.unseen.get(path, ()))


@dataclass(frozen=True, slots=True)
class Called:
    """A pair of our graph: whether any of its edges is `exact`, and where the first stands."""

    exact: bool
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Score:
    """True and false pairs and those missed; of the `exact` ones, how many are true."""

    right: int
    false: tuple[Pair, ...]
    missed: tuple[Pair, ...]
    exact: int
    false_exact: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        return self.right / max(self.right + len(self.false), 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + len(self.missed), 1)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    @property
    def exact_right(self) -> float:
        return 1 - len(self.false_exact) / max(self.exact, 1)


def pairs_of(graph: Mapping[str, Any], truth: Truth, *, expand_macros: bool = False) -> dict[Pair, Called]:
    """The calls of our graph (`graph --format json`) between symbols of the source, as far as the truth judges them.

    A call of a macro is none (also where a function, in another build, has its name). Where `expand_macros`, what the macro
    calls is called by who uses it.
    """
    nodes = {node["id"]: node for node in graph["nodes"] if node["path"]}
    calls = [edge for edge in graph["edges"] if edge["kind"] == "calls" and edge["source"] in nodes]
    macros = {node["qualified_name"] for node in nodes.values() if node["kind"] == "macro"}
    of_macro: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for edge in calls:
        if nodes[edge["source"]]["kind"] == "macro":
            of_macro[edge["source"]].append(edge)
    found: dict[Pair, Called] = {}
    for edge in calls:
        source = nodes[edge["source"]]
        if source["kind"] == "macro":
            continue
        for target, exact in _ends(edge, nodes, of_macro, expand_macros=expand_macros):
            callee = nodes[target]["qualified_name"]
            pair = source["qualified_name"], truth.aliases.get(callee, callee)
            if not truth.lambdas:
                pair = _LAMBDA.sub("", pair[0]), pair[1]
            if not pair[1] or (not truth.lambdas and _LAMBDA.search(pair[1])):
                continue
            if pair not in truth.calls and (pair[1] in macros or not truth.judges(pair, edge["path"], edge["line"])):
                continue
            known = found.get(pair)
            if known is None or (exact and not known.exact):
                found[pair] = Called(exact, edge["path"], edge["line"])
    return found


def _ends(
    edge: Mapping[str, Any],
    nodes: Mapping[str, Mapping[str, Any]],
    of_macro: Mapping[str, list[Mapping[str, Any]]],
    *,
    expand_macros: bool,
) -> Iterator[tuple[str, bool]]:
    """The functions that an edge leads to, through macros where they are expanded, and whether all on the way is exact."""
    waiting, seen = [(edge, edge["confidence"] == "exact")], {edge["target"]}
    while waiting:
        at, exact = waiting.pop()
        target = at["target"]
        if target not in nodes:
            continue
        if nodes[target]["kind"] != "macro":
            yield target, exact
        elif expand_macros:
            for inner in of_macro.get(target, ()):
                if inner["target"] not in seen:
                    seen.add(inner["target"])
                    waiting.append((inner, exact and inner["confidence"] == "exact"))


def score(truth: Truth, found: Mapping[Pair, Called], kinds: Iterable[str]) -> Score:
    """Compares the pairs whose caller the compiler saw; calls of kinds that are not wanted are neither right nor false."""
    wanted = frozenset(kinds)
    expected = {pair for pair, told in truth.calls.items() if pair[0] in truth.callers and told & wanted}
    judged = {pair: call for pair, call in found.items() if pair[0] in truth.callers}
    right = [pair for pair in judged if pair in expected]
    false = [pair for pair in judged if pair not in truth.calls]
    exact = [pair for pair, call in judged.items() if call.exact and (pair in expected or pair not in truth.calls)]
    return Score(
        len(right),
        tuple(sorted(false)),
        tuple(sorted(pair for pair in expected - judged.keys() if "." in pair[1])),
        len(exact),
        tuple(sorted(pair for pair in exact if pair not in truth.calls)),
    )


def pooled(scores: Iterable[Score]) -> Score:
    """Several projects as one."""
    every = list(scores)
    return Score(
        sum(one.right for one in every),
        tuple(pair for one in every for pair in one.false),
        tuple(pair for one in every for pair in one.missed),
        sum(one.exact for one in every),
        tuple(pair for one in every for pair in one.false_exact),
    )


def most_often(pairs: Iterable[Pair], count: int = 12) -> list[tuple[str, int]]:
    """The callees that the most pairs have."""
    return Counter(callee for _, callee in pairs).most_common(count)
