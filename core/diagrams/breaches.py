"""Arrows against the rules: which are, and how a diagram tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core.diagrams.links import Links
from core.diagrams.rules import Violation
from core.diagrams.source_map import SourceMap
from core.diagrams.wording import count
from core.model.diagram import DiagramEdge, Mark, Omitted

_PLACES = 5


class Breaches:
    """The violations of a source between the boxes of a diagram, `group` being the box of each file."""

    def __init__(self, source: SourceMap, group: Mapping[str, str], links: Links) -> None:
        self._by_pair: dict[tuple[str, str], list[Violation]] = {}
        self._hidden = 0
        for (one, other), violations in source.forbidden.items():
            pair = (group.get(one, ""), group.get(other, ""))
            if pair in links:
                self._by_pair.setdefault(pair, []).extend(violations)
            elif any(pair):
                self._hidden += len(violations)

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """The boxes with a violation between them."""
        return sorted(self._by_pair)

    def marked(self, edges: Iterable[DiagramEdge]) -> tuple[DiagramEdge, ...]:
        """The arrows, with those against a rule marked, named by the rule, and led to where it is broken."""
        return tuple(self._marked(edge) for edge in edges)

    def omitted(self) -> tuple[Omitted, ...]:
        """Violations that no arrow shows: within one box, or of a library."""
        told = f"{'uses' if self._hidden > 1 else 'use'} against a rule within one box or of a library"
        return (Omitted(told, self._hidden),) if self._hidden else ()

    def told(self) -> str:
        """What a subtitle says of it; empty where there is nothing to say."""
        number = sum(map(len, self._by_pair.values())) + self._hidden
        return f" · {count(number, 'use')} against the rules" if number else ""

    def _marked(self, edge: DiagramEdge) -> DiagramEdge:
        violations = self._by_pair.get((edge.source, edge.target))
        if not violations:
            return edge
        violations = sorted(violations, key=lambda one: one.place)
        places = tuple(dict.fromkeys(one.place for one in violations))[:_PLACES]
        return replace(edge, mark=Mark.FORBIDDEN, places=places, label=violations[0].rule.told)
