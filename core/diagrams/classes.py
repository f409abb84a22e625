"""Inheritance: bases above, what is derived from them below."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.diagrams.layers import order_by_dependency
from core.diagrams.links import Links, add_up, regroup
from core.diagrams.scopes import Scope, ScopeKind, is_type, resolve_scope
from core.diagrams.source_map import SourceMap
from core.diagrams.symbol_boxes import node_kind, place_of
from core.diagrams.wording import count, first_sentence, names, shorten
from core.model.diagram import Diagram, DiagramNode, Omitted
from core.model.graph import Confidence, EdgeKind
from core.model.symbol import Symbol, SymbolKind

_CLASSES = 40
"""Boxes of one picture; the rest is bundled below its base."""
_INHERITANCE = (EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)


@dataclass(frozen=True, slots=True)
class _Hierarchy:
    """Classes by box id, and the links from each to its bases."""

    types: Mapping[str, Symbol]
    links: Links


def classes(source: SourceMap, scope: str = "") -> Diagram:
    """The class hierarchies of a scope, the largest first; of one class, its ancestors and descendants."""
    found = resolve_scope(source, scope)
    whole = _hierarchy(source)
    found = _around_class(source, found)
    wanted = _family(whole, _id(found.symbol)) if found.symbol is not None else _in_scope(source, whole, found)
    links = {pair: link for pair, link in whole.links.items() if pair[0] in wanted and pair[1] in wanted}
    alone = sum(not any(id_ in pair for pair in links) for id_ in wanted)
    if links:
        wanted = {id_ for id_ in wanted if any(id_ in pair for pair in links)} if alone > 0 else wanted
    return _draw(source, _Hierarchy(whole.types, links), wanted, found, alone if links else 0)


def _around_class(source: SourceMap, scope: Scope) -> Scope:
    """A scope of a symbol as that of the class around it, else of its file."""
    symbol = scope.symbol
    while symbol is not None and not is_type(symbol):
        symbol = source.symbols.get(symbol.parent)
    if scope.symbol is None or symbol is not None:
        return Scope(scope.kind, scope.path, symbol)
    return Scope(ScopeKind.FILE, scope.path)


def _id(symbol: Symbol) -> str:
    return f"symbol:{symbol.id}"


def _hierarchy(source: SourceMap) -> _Hierarchy:
    edges = [edge for edge in source.reader.edges(_INHERITANCE) if edge.confidence != Confidence.NAME]
    types = {_id(symbol): symbol for symbol in source.symbols.values() if is_type(symbol)}
    for edge in edges:
        for key in (edge.source, edge.target):
            types.setdefault(_id(source.symbols[key]), source.symbols[key])
    return _Hierarchy(types, add_up(edges, source.symbols, _id, source.cancellation))


def _neighbours(links: Iterable[tuple[str, str]], upwards: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for derived, base in sorted(links):
        near, far = (derived, base) if upwards else (base, derived)
        found.setdefault(near, []).append(far)
    return found


def _reachable(start: Iterable[str], step: Mapping[str, list[str]]) -> set[str]:
    seen = set(start)
    stack = sorted(seen)
    while stack:
        for following in step.get(stack.pop(), ()):
            if following not in seen:
                seen.add(following)
                stack.append(following)
    return seen


def _family(whole: _Hierarchy, root: str) -> set[str]:
    above = _reachable([root], _neighbours(whole.links, upwards=True))
    return above | _reachable([root], _neighbours(whole.links, upwards=False))


def _in_scope(source: SourceMap, whole: _Hierarchy, scope: Scope) -> set[str]:
    """The types of the scope with the bases they name, wherever those are."""
    paths = {scope.path} if scope.kind == ScopeKind.FILE else {file.path for file in source.code(scope.path)}
    inside = {id_ for id_, symbol in whole.types.items() if symbol.path in paths}
    return inside | {base for derived, base in whole.links if derived in inside}


def _draw(source: SourceMap, hierarchy: _Hierarchy, wanted: set[str], scope: Scope, alone: int) -> Diagram:
    derived = _neighbours(hierarchy.links, upwards=False)
    reach = {id_: len(_reachable([id_], derived)) - 1 for id_ in sorted(wanted)}
    root = _id(scope.symbol) if scope.symbol is not None else ""
    ancestors = _reachable([root], _neighbours(hierarchy.links, upwards=True)) if root else set[str]()

    def importance(id_: str) -> tuple[bool, bool, int, str]:
        return (id_ not in ancestors, hierarchy.types[id_].kind == SymbolKind.EXTERNAL, -reach[id_], id_)

    kept = set(sorted(wanted, key=importance)[:_CLASSES])
    bundles = _bundles(hierarchy.links, wanted - kept, kept)
    alone_in_bundle = {members[0] for members in bundles.values() if len(members) == 1}
    kept |= alone_in_bundle
    bundles = {bundle: members for bundle, members in bundles.items() if len(members) > 1}
    group = {id_: id_ for id_ in kept} | {id_: bundle for bundle, members in bundles.items() for id_ in members}
    links = regroup({pair: link for pair, link in hierarchy.links.items() if pair[1] in kept}, group)
    drawn = [id_ for id_ in kept if any(id_ in pair for pair in links) or id_ == root or not links] + sorted(bundles)
    order = order_by_dependency(sorted(drawn), {(high, low): link.weight for (low, high), link in links.items()})
    hidden = len(wanted) - sum(id_ in kept for id_ in drawn) - sum(len(members) for members in bundles.values())
    omitted = [Omitted("class apart from these" if hidden == 1 else "classes apart from these", hidden)] if hidden else []
    if alone:
        omitted.append(Omitted("class that inherits nothing" if alone == 1 else "classes that inherit nothing", alone))
    name = scope.symbol.qualified_name if scope.symbol is not None else scope.path or "the source"
    return Diagram(
        "classes",
        f"Classes of {name}",
        f"{count(len(wanted), 'class', 'classes')} · {count(len(links), 'arrow')} from a class to its bases",
        tuple(
            _bundle_node(hierarchy, id_, bundles[id_])
            if id_ in bundles
            else _node(source, hierarchy.types[id_], reach[id_], id_ == root)
            for id_ in order
        ),
        tuple(links[pair].edge(*pair) for pair in sorted(links)),
        (),
        tuple(omitted),
    )


def _bundles(links: Iterable[tuple[str, str]], rest: set[str], kept: set[str]) -> dict[str, list[str]]:
    """What found no box, by the nearest drawn ancestor of each."""
    derived = _neighbours(links, upwards=False)
    bundles: dict[str, list[str]] = {}
    queue = deque((base, base) for base in sorted(kept))
    taken: set[str] = set()
    while queue:
        ancestor, base = queue.popleft()
        for id_ in derived.get(base, ()):
            if id_ in rest and id_ not in taken:
                taken.add(id_)
                bundles.setdefault(f"bundle:{ancestor}", []).append(id_)
                queue.append((ancestor, id_))
    return bundles


def _node(source: SourceMap, symbol: Symbol, descendants: int, is_root: bool) -> DiagramNode:
    external = symbol.kind == SymbolKind.EXTERNAL
    where = "/".join(symbol.path.split("/")[-2:])
    detail = "outside of the source" if external else first_sentence(symbol.doc) or shorten(where)
    if descendants > 2 and not external:
        detail = f"{descendants} below · {shorten(where, 44)}"
    return DiagramNode(
        _id(symbol),
        _label(source, symbol),
        detail,
        "external" if external else node_kind(symbol) if is_type(symbol) else "class",
        place_of(symbol),
        weight=max(0, symbol.end_line - symbol.start_line + 1) if symbol.path else 0,
        scope="" if external or is_root else symbol.id,
        external=external,
    )


def _label(source: SourceMap, symbol: Symbol) -> str:
    """A class within a class with that class's name; an outside name whole."""
    if symbol.kind == SymbolKind.EXTERNAL:
        return shorten(symbol.qualified_name.removeprefix("<builtin>."), 44)
    around = source.symbols.get(symbol.parent)
    return f"{around.name}.{symbol.name}" if around is not None and is_type(around) else symbol.name


def _bundle_node(hierarchy: _Hierarchy, id_: str, members: list[str]) -> DiagramNode:
    symbols = [hierarchy.types[member] for member in members]
    lines = sum(max(0, symbol.end_line - symbol.start_line + 1) for symbol in symbols if symbol.path)
    label = f"+{count(len(members), 'more class', 'more classes')}"
    return DiagramNode(
        id_,
        label,
        names(list(dict.fromkeys(symbol.name for symbol in symbols))),
        "bundle",
        place_of(symbols[0]),
        weight=lines,
    )
