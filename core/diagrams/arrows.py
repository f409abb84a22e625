"""Which arrows are drawn. A picture with every arrow shows nothing; what is left out is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from core.diagrams.links import Link, Links
from core.model.diagram import DiagramEdge, Omitted
from core.model.graph import Confidence, EdgeKind

_ARROWS_PER_NODE = 1.5
_FRAME_BONUS = 2.0
_SMALL_FRAME = 5
_INNER_WEIGHT = 5.0
"""Within a frame of few boxes every arrow of some weight is drawn: there is room for it."""
_MINIMUM_WEIGHT = 0.5
"""A handful of guesses by name draws no arrow."""
_FOUNDATION_SHARE = 0.5
"""What more than this share of all boxes uses is a foundation: its many arrows would say one thing over and over."""
_FOUNDATION_ARROWS = 4
_SECOND_SHARE = 0.15
"""A box's second arrow is drawn early when this share of what the box uses is behind it."""


@dataclass(frozen=True, slots=True)
class Arrows:
    """What is drawn, what was left out, and how many boxes use each foundation."""

    edges: tuple[DiagramEdge, ...]
    omitted: tuple[Omitted, ...]
    used_by: Mapping[str, int]


def choose_arrows(
    links: Links,
    nodes: Collection[str],
    frames: Mapping[str, str] | None = None,
    always: Collection[tuple[str, str]] = (),
) -> Arrows:
    """The arrows that say most: each box's strongest and the strongest to each, then the strongest of all, about 1.5 a box.

    An arrow competes by its share of what its source uses and of what its target is used for, so that a small part's main
    dependency is drawn beside a large part's. Two boxes in one frame (`frames` by node) are given preference: how its parts
    relate is what a frame is there to show. The pairs of `always` are drawn whatever they weigh.
    """
    weights = {pair: link.weight for pair, link in links.items()}
    leaving: dict[str, float] = {}
    arriving: dict[str, float] = {}
    for (source, target), weight in weights.items():
        leaving[source] = leaving.get(source, 0.0) + weight
        arriving[target] = arriving.get(target, 0.0) + weight

    def score(pair: tuple[str, str]) -> float:
        source, target = pair
        share = weights[pair] / leaving[source] + 0.6 * weights[pair] / arriving[target]
        frame = (frames or {}).get(source)
        bonus = _FRAME_BONUS if frame and frame == (frames or {}).get(target) else 1.0
        return bonus * share * log2(2.0 + weights[pair])

    certain = {pair for pair, link in links.items() if link.confidence == Confidence.EXACT}
    speaking = {source for source, _ in certain}
    heavy = [pair for pair in sorted(weights, key=lambda pair: (-score(pair), pair)) if weights[pair] >= _MINIMUM_WEIGHT]
    strong = [
        pair
        for pair in heavy
        if pair in certain or (pair[::-1] not in certain and _may_be(links[pair], pair[0] in speaking))
    ]
    users = Counter(target for _, target in strong)
    foundations = {node for node, count in users.items() if len(nodes) >= 8 and count > _FOUNDATION_SHARE * (len(nodes) - 1)}
    limit = max(6, round(_ARROWS_PER_NODE * len(nodes)))
    chosen: dict[tuple[str, str], None] = {}
    drawn_to_foundation: dict[str, int] = {}

    def take(pair: tuple[str, str]) -> None:
        if pair not in chosen:
            chosen[pair] = None
            if pair[1] in foundations:
                drawn_to_foundation[pair[1]] = drawn_to_foundation.get(pair[1], 0) + 1

    def admits(pair: tuple[str, str]) -> bool:
        return drawn_to_foundation.get(pair[1], 0) < _FOUNDATION_ARROWS

    for pair in sorted(always):
        take(pair)
    for pair in strong:
        if pair in certain and weights[pair] >= _INNER_WEIGHT and _in_small_frame(pair, frames or {}):
            take(pair)
    limit += len(chosen)
    best: dict[str, int] = {}
    for rank in (1, 2):
        for pair in strong:
            if best.get(pair[0], 0) < rank and pair not in chosen and admits(pair):
                if rank == 1 or weights[pair] >= _SECOND_SHARE * leaving[pair[0]]:
                    take(pair)
                best[pair[0]] = best.get(pair[0], 0) + 1
        reached = {target for _, target in chosen}
        for pair in strong:
            if pair[1] not in reached and admits(pair):
                reached.add(pair[1])
                take(pair)
    for pair in _out_of_frames(strong, chosen, frames or {}):
        take(pair)
    for pair in strong:
        if len(chosen) >= limit:
            break
        if admits(pair):
            take(pair)
    return Arrows(
        tuple(links[pair].edge(*pair) for pair in sorted(chosen)),
        _left_out(links, chosen),
        {node: users[node] for node in sorted(foundations)},
    )


def _out_of_frames(
    strong: Sequence[tuple[str, str]], chosen: Collection[tuple[str, str]], frames: Mapping[str, str]
) -> list[tuple[str, str]]:
    """The strongest arrow of each frame that none leads into or out of, where there is one."""

    def crossed(pair: tuple[str, str]) -> set[str]:
        one, other = (frames.get(end, "") for end in pair)
        return {one, other} - {""} if one != other else set()

    joined = {frame for pair in chosen for frame in crossed(pair)}
    found = []
    for pair in strong:
        if crossed(pair) - joined:
            joined |= crossed(pair)
            found.append(pair)
    return found


def _may_be(link: Link, from_speaking: bool) -> bool:
    """Whether an arrow of guesses alone may be drawn. Not one of mentions: constants are called alike everywhere. Nor one
    from a part that says for certain what it uses (`from_speaking`), and names nothing here: its calls are of methods that
    something else has, too."""
    return link.kind != EdgeKind.REFERENCES and not from_speaking


def _in_small_frame(pair: tuple[str, str], frames: Mapping[str, str]) -> bool:
    frame = frames.get(pair[0])
    if not frame or frame != frames.get(pair[1]):
        return False
    return sum(other == frame for other in frames.values()) <= _SMALL_FRAME


def _left_out(links: Links, chosen: Collection[tuple[str, str]]) -> tuple[Omitted, ...]:
    rest = [link for pair, link in links.items() if pair not in chosen]
    guessed = [link for link in rest if link.confidence == Confidence.NAME]
    weaker = [link for link in rest if link.confidence != Confidence.NAME]
    omitted = []
    for what, group in (("weaker arrows", weaker), ("arrows guessed by name alone", guessed)):
        if group:
            number = f"{len(group)} {what if len(group) > 1 else what.replace('arrows', 'arrow')}"
            omitted.append(Omitted(f"uses behind {number}", sum(link.count for link in group)))
    return tuple(omitted)
