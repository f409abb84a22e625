"""The inside of a file or a class: its definitions, who of them uses whom, and who outside has to do with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from core.diagrams.arrows import choose_arrows
from core.diagrams.layers import order_by_dependency
from core.diagrams.links import USES, Links, add_up
from core.diagrams.scopes import Scope, is_type
from core.diagrams.source_map import SourceMap
from core.diagrams.symbol_boxes import node_kind, place_of
from core.diagrams.wording import count, first_sentence, names, shorten
from core.model.diagram import Diagram, DiagramCluster, DiagramNode, Omitted
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind

_BOXES = 24
_NEIGHBOURS = 8
_INNER = "inner"


def members(source: SourceMap, scope: Scope) -> Diagram:
    """What `scope` (a file, or a symbol) defines; a symbol without members is shown among its neighbours in the file."""
    inside = source.reader.symbols_of(scope.path)
    by_key = {symbol.key: symbol for symbol in inside}
    root = scope.symbol or next((symbol for symbol in inside if symbol.kind == SymbolKind.MODULE), None)
    if root is None:
        return _empty(scope)
    parts = [symbol for symbol in inside if symbol.parent == root.key]
    owners = _owners(inside, by_key, root.key, {part.key for part in parts})
    keys = sorted(owners)
    reader = source.reader
    edges = list(dict.fromkeys([*reader.edges_from(keys, USES), *reader.edges_to(keys, USES)]))

    def owner(symbol: Symbol) -> str:
        if symbol.key in owners:
            return owners[symbol.key]
        if symbol.path == scope.path and symbol.parent != -1:
            return f"around:{_top(symbol, by_key).id}"
        return "" if symbol.kind == SymbolKind.EXTERNAL or not symbol.path else f"around:{symbol.path}"

    links = {
        pair: link for pair, link in add_up(edges, source.symbols, owner, source.cancellation).items() if _touches(pair)
    }
    shown, rest = _choose_parts(parts, root, links)
    bundle = f"bundle:{root.id}"
    links = _rename(links, {f"symbol:{part.id}": bundle for part in rest}) if rest else links
    ids = [f"symbol:{part.id}" for part in shown] + ([bundle] if rest else [])
    own = f"symbol:{root.id}"
    if any(own in pair for pair in links) or not ids:
        ids.append(own)
    around, lost = _choose_neighbours(source, links)
    known = {*ids, *around}
    links = {pair: link for pair, link in links.items() if pair[0] in known and pair[1] in known}
    order = order_by_dependency(sorted(known), {pair: link.weight for pair, link in links.items()})
    arrows = choose_arrows(links, order)

    nodes: dict[str, DiagramNode] = {f"symbol:{part.id}": _node(part, inside) for part in shown}
    if rest:
        lines = sum(_lines(part) for part in rest)
        label = f"+{count(len(rest), 'more definition', 'more definitions')}"
        nodes[bundle] = DiagramNode(
            bundle, label, names([part.name for part in rest]), "bundle", place_of(rest[0]), _INNER, lines
        )
    if own in ids:
        label = "module level" if root.kind == SymbolKind.MODULE else root.name
        detail = "code outside of all definitions" if root.kind == SymbolKind.MODULE else _detail(root, inside)
        nodes[own] = DiagramNode(own, label, detail, node_kind(root), place_of(root), _INNER, 0)
    nodes |= {id_: _neighbour(source, id_, inside) for id_ in around}
    title = scope.path if scope.symbol is None else scope.symbol.qualified_name
    about = first_sentence(root.doc, 90)
    measure = f"{count(len(parts), 'definition')} · {count(_lines(root), 'line')}"
    return Diagram(
        "architecture",
        f"Inside {title}",
        f"{about} · {measure}" if about else measure,
        tuple(nodes[id_] for id_ in order),
        arrows.edges,
        (DiagramCluster(_INNER, shorten(title.rsplit("/", 1)[-1], 48)),),
        (*lost, *arrows.omitted),
    )


def _empty(scope: Scope) -> Diagram:
    return Diagram("architecture", f"Inside {scope.path}", "no definitions are known of this file", (), (), (), ())


def _owners(inside: Iterable[Symbol], by_key: Mapping[int, Symbol], root: int, parts: set[int]) -> dict[int, str]:
    """The box of every symbol at or below `root`: the part that holds it, or the root itself."""
    owners = {root: f"symbol:{by_key[root].id}"}
    for symbol in inside:
        key: int | None = symbol.key
        while key is not None and key not in parts and key != root:
            parent = by_key[key].parent
            key = parent if parent in by_key and parent != key else None
        if key is not None:
            owners[symbol.key] = f"symbol:{by_key[key].id}"
    return owners


def _top(symbol: Symbol, by_key: Mapping[int, Symbol]) -> Symbol:
    """The definition at the top of the file that holds `symbol`."""
    while symbol.parent in by_key and by_key[symbol.parent].kind != SymbolKind.MODULE:
        symbol = by_key[symbol.parent]
    return symbol


def _touches(pair: tuple[str, str]) -> bool:
    return not (pair[0].startswith("around:") and pair[1].startswith("around:"))


def _choose_parts(parts: list[Symbol], root: Symbol, links: Links) -> tuple[list[Symbol], list[Symbol]]:
    """The parts that get boxes and those that are bundled, each in the order of the file."""
    weight: Counter[str] = Counter()
    for pair, link in links.items():
        for end in pair:
            weight[end] += link.count
    if len(parts) <= _BOXES:
        return parts, []

    def importance(part: Symbol) -> tuple[bool, int, int]:
        is_value = node_kind(part) == "value"
        return (is_value, -weight[f"symbol:{part.id}"] - _lines(part) // 10, part.start_line)

    best = {part.key for part in sorted(parts, key=importance)[: _BOXES - 1]}
    return [part for part in parts if part.key in best], [part for part in parts if part.key not in best]


def _rename(links: Links, names_: Mapping[str, str]) -> Links:
    renamed: Links = {}
    for (source, target), link in links.items():
        pair = (names_.get(source, source), names_.get(target, target))
        if pair[0] == pair[1]:
            continue
        if pair in renamed:
            renamed[pair].merge(link)
        else:
            renamed[pair] = link
    return renamed


def _choose_neighbours(source: SourceMap, links: Links) -> tuple[list[str], tuple[Omitted, ...]]:
    weights: dict[str, float] = {}
    uses: Counter[str] = Counter()
    for pair, link in links.items():
        for end in pair:
            if end.startswith("around:"):
                weights[end] = weights.get(end, 0.0) + link.weight
                uses[end] += link.count

    def is_aside(id_: str) -> bool:
        file = source.files.get(id_.removeprefix("around:"))
        return file is not None and file.role != FileRole.SOURCE

    ranked = sorted(weights, key=lambda id_: (is_aside(id_), -weights[id_], id_))
    rest = ranked[_NEIGHBOURS:]
    lost = Omitted(f"uses from and of {count(len(rest), 'other file')}", sum(uses[id_] for id_ in rest))
    return sorted(ranked[:_NEIGHBOURS]), (lost,) if rest else ()


def _lines(symbol: Symbol) -> int:
    return max(0, symbol.end_line - symbol.start_line + 1)


def _detail(symbol: Symbol, inside: Iterable[Symbol]) -> str:
    about = first_sentence(symbol.doc)
    if about:
        return about
    methods = sum(other.parent == symbol.key and node_kind(other) == "function" for other in inside)
    if is_type(symbol) and methods:
        return f"{count(methods, 'method')} · {count(_lines(symbol), 'line')}"
    return shorten(symbol.signature) if node_kind(symbol) == "value" else count(_lines(symbol), "line")


def _node(symbol: Symbol, inside: list[Symbol]) -> DiagramNode:
    scope = symbol.id if any(other.parent == symbol.key for other in inside) else ""
    return DiagramNode(
        f"symbol:{symbol.id}",
        symbol.name,
        _detail(symbol, inside),
        node_kind(symbol),
        place_of(symbol),
        _INNER,
        _lines(symbol),
        scope=scope,
    )


def _neighbour(source: SourceMap, id_: str, inside: list[Symbol]) -> DiagramNode:
    path = id_.removeprefix("around:")
    file = source.files.get(path)
    if file is not None:
        detail = source.description(path) or count(file.lines, "line")
        return DiagramNode(id_, path, detail, "context", source.place(file), scope=path)
    symbol = next(symbol for symbol in inside if symbol.id == path)
    return DiagramNode(id_, symbol.name, _detail(symbol, inside), "context", place_of(symbol), scope=symbol.id)
