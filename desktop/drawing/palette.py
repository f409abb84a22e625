"""The colours of pictures, from the section `diagram` of `resources/themes/*.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.errors import UsageError
from resources import read_text

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class BoxColors:
    """Colours (`#RRGGBB`) of a box; `badge` is also that of the letter or sign in it."""

    fill: str
    border: str
    badge: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme. `nodes` goes by the node's kind, `edges` by the edge's, with `cycle` for an import cycle,
    `marks` by a box's or an arrow's mark, `heat` from cold to hot, `ranks` from the best rank to one that is lost."""

    name: str
    background: str
    title: str
    subtitle: str
    label: str
    detail: str
    note: str
    rule: str
    cluster_fill: str
    cluster_border: str
    cluster_label: str
    nodes: Mapping[str, BoxColors]
    edges: Mapping[str, str]
    marks: Mapping[str, str]
    heat: tuple[str, ...]
    tiles: tuple[str, ...]
    ranks: tuple[str, ...]

    def box(self, kind: str) -> BoxColors:
        """Colours of a node's kind; those of `value` for one the theme does not know."""
        return self.nodes.get(kind, self.nodes["value"])


def warmth(colors: Sequence[str], heat: float | None) -> str:
    """The colour of a heat (0 to 1) among some from cold to hot; the coldest where nothing is known."""
    return colors[0 if heat is None else min(len(colors) - 1, int(heat * len(colors)))]


def tile_fills(
    tiles: Iterable[tuple[str, str, float | None]], parents: Mapping[str, str], heat: Sequence[str], colors: Sequence[str]
) -> dict[str, str]:
    """The fills of tiles by id: how warm each is where that is known of any, else one of `colors` for each outermost frame,
    in turn. A tile is (id, frame, heat), `parents` gives the frame around a frame."""
    tiles = list(tiles)
    if any(warm is not None for _, _, warm in tiles):
        return {id_: warmth(heat, warm) for id_, _, warm in tiles}
    given: dict[str, str] = {}
    fills: dict[str, str] = {}
    for id_, frame, _ in tiles:
        outermost, steps = frame or id_, 0
        while parents.get(outermost) and steps <= len(parents):
            outermost, steps = parents[outermost], steps + 1
        fills[id_] = given.setdefault(outermost, colors[len(given) % len(colors)])
    return fills


@lru_cache(maxsize=len(THEMES))
def palette(theme: str) -> Palette:
    """The palette of a theme; `UsageError` for one that is not there."""
    if theme not in THEMES:
        raise UsageError(f"there is no theme called {theme}", "", f"choose one of {', '.join(THEMES)}")
    colors = json.loads(read_text("themes", f"{theme}.json"))["diagram"]
    cluster = colors["cluster"]
    return Palette(
        name=theme,
        background=colors["background"],
        title=colors["title"],
        subtitle=colors["subtitle"],
        label=colors["label"],
        detail=colors["detail"],
        note=colors["note"],
        rule=colors["rule"],
        cluster_fill=cluster["fill"],
        cluster_border=cluster["border"],
        cluster_label=cluster["label"],
        nodes={kind: BoxColors(**entry) for kind, entry in colors["nodes"].items()},
        edges=colors["edges"],
        marks=colors["marks"],
        heat=tuple(colors["heat"]),
        tiles=tuple(colors["tiles"]),
        ranks=tuple(colors["ranks"]),
    )
