"""Whether claims hold: each is looked up in the code graph, in the code of what it names, and in where that stands.

The answer is True, False, or None where the index cannot tell: the subject is no definition of this source, or of a language
whose definitions are not known. A name may mean several definitions; a claim holds if it does for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace

from core.answering.claims import Claim, Mention, Relation
from core.model.graph import EdgeKind
from core.model.symbol import Symbol, SymbolKind
from core.ports import IndexReader

_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TYPE})
_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.MACRO})
_BASES = (EdgeKind.INHERITS, EdgeKind.IMPLEMENTS)
_MOST = 60
"""Definitions of one name that are looked at."""
_MOST_MEMBERS = 400
_DEPTH = 8
"""Steps up the bases of a type."""
_HEAD_LINES = 40
_NOT_CODE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|/\*.*?\*/|(?<![:\w])//[^\n]*|(?m:^\s*#(?!\s*(?:define|include|if|el|end))[^\n]*)',
    re.DOTALL,
)
"""Comments and documentation, near enough: a name in them is spoken of, not used."""


class Claims:
    """Tells whether claims hold, over one snapshot; keeps what it has looked up."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._matches: dict[str, list[Symbol]] = {}
        self._symbols: dict[str, list[Symbol]] = {}
        self._code: dict[int, str] = {}
        self._members: dict[int, list[Symbol]] = {}
        self._judges: dict[Relation, Callable[[Mention, Mention], bool | None]] = {
            Relation.CALLS: self._calls,
            Relation.USES: self._uses,
            Relation.INHERITS: self._inherits,
            Relation.HAS_MEMBER: lambda owner, member: self._within(member, owner),
            Relation.HAS_PARAMETER: self._has_parameter,
            Relation.RAISES: self._names,
            Relation.RETURNS: self._names,
            Relation.WITHIN: self._within,
        }

    def holds(self, claim: Claim) -> bool | None:
        """Whether a claim holds; None where the index cannot tell."""
        return self._judges[claim.relation](self._meant(claim.subject), self._meant(claim.object))

    def is_misplaced(self, mention: Mention) -> bool:
        """Whether a dotted name names a type of the source and something that it neither has nor inherits."""
        mention = self._meant(mention)
        owner, _, last = mention.name.rpartition(".")
        if mention.is_path or not owner or not last or self._found(mention.name):
            return False
        types = [symbol for symbol in self._found(owner) if symbol.kind in _TYPES]
        known = [symbol for symbol in self._found(last) if symbol.kind in _CALLABLE]
        return bool(types and known) and not any(self._has(one, last) for one in types)

    def _meant(self, mention: Mention) -> Mention:
        """A mention by its title, where the source has a definition of that name."""
        is_title = bool(mention.title) and bool(self._found(mention.title))
        return replace(mention, name=mention.title, title="") if is_title else mention

    def _calls(self, user: Mention, used: Mention) -> bool | None:
        return self._uses(user, used, (EdgeKind.CALLS, EdgeKind.REFERENCES))

    def _uses(self, user: Mention, used: Mention, kinds: Sequence[EdgeKind] = ()) -> bool | None:
        if user.is_path or used.is_path:
            return None
        users, targets = self._found(user.name), [*self._found(used.name), *self._outside(used.name)]
        if kinds and any(target.kind in _CALLABLE for target in targets):
            targets = [target for target in targets if target.kind in _CALLABLE | _TYPES - {SymbolKind.STRUCT}]
        if not users:
            return None
        bodies = [body for symbol in users for body in self._bodies(symbol)]
        keys = [body.key for body in bodies][: _MOST * 10]
        wanted = {target.key for target in targets}
        last = _last(used.name)
        if any(edge.target in wanted and edge.source != edge.target for edge in self._reader.edges_from(keys, kinds)):
            return True
        if last == _last(user.name) and self._is_turned_round(keys, wanted, kinds):
            return False  # its own name in its code tells nothing
        form = re.compile(rf"(?<![\w.]){re.escape(used.name)}\b|\b{re.escape(last)}\b")
        called = re.compile(rf"\b{re.escape(last)}\s*(?:\(|<|!|::|\.|\)|,|;|=|\]|\}})")
        if kinds:
            called = re.compile(rf"\b{re.escape(last)}\s*\(")
        only_called = bool(kinds) or any(target.kind in _CALLABLE for target in targets)
        for symbol in users:
            code = self._code_of(symbol)
            # The head of a definition names it, which is no use of it.
            inner = code.partition("\n")[2] if _last(symbol.name) == last else code
            if (called if only_called else form).search(inner):
                return True
        return False

    def _is_turned_round(self, users: Sequence[int], used: Set[int], kinds: Sequence[EdgeKind]) -> bool:
        """Whether it is what is said to be used that uses the other."""
        edges = self._reader.edges_from(sorted(used), kinds)
        return any(edge.target in users and edge.source != edge.target for edge in edges)

    def _names(self, user: Mention, named: Mention) -> bool | None:
        users = self._found(user.name)
        if not users:
            return None
        form = re.compile(rf"\b{re.escape(_last(named.name))}\b")
        return any(form.search(self._code_of(symbol)) for symbol in users)

    def _inherits(self, child: Mention, base: Mention) -> bool | None:
        children = [symbol for symbol in self._found(child.name) if symbol.kind in _TYPES]
        if not children:
            return None
        last = _last(base.name)
        return any(symbol.name == last for one in children for symbol in self._ancestors(one))

    def _within(self, inner: Mention, outer: Mention) -> bool | None:
        symbols = self._found(inner.name)
        if outer.is_path:
            return any(_same_file(symbol.path, outer.name) for symbol in symbols) if symbols else None
        if inner.is_path:
            return None
        owners = self._found(outer.name)
        if not owners:
            return None
        last = _last(inner.name)
        if any(self._has(owner, last) for owner in owners):
            return True
        if any(owner.kind in _TYPES for owner in owners) and symbols:
            return any(self._used_by_type(owner, last) for owner in owners) if not _callables(symbols) else False
        return self._uses(outer, inner)

    def _has_parameter(self, function: Mention, parameter: Mention) -> bool | None:
        functions = [body for symbol in self._found(function.name) for body in self._callables_of(symbol)]
        if not functions:
            return None
        form = re.compile(rf"\b{re.escape(_last(parameter.name))}\b")
        return any(form.search(self._head_of(symbol)) for symbol in functions)

    def _outside(self, name: str) -> list[Symbol]:
        """What is meant by a name outside of the source."""
        return [symbol for symbol in self._called(name) if symbol.kind is SymbolKind.EXTERNAL]

    def _called(self, name: str) -> list[Symbol]:
        if name not in self._matches:
            self._matches[name] = self._reader.find_symbols(name, _MOST)
        return self._matches[name]

    def _found(self, name: str) -> list[Symbol]:
        """The definitions of the source that a name may mean, those of that very spelling where there are some."""
        if name not in self._symbols:
            found = [symbol for symbol in self._called(name) if symbol.kind is not SymbolKind.EXTERNAL]
            spelt = [symbol for symbol in found if symbol.name == _last(name)]
            self._symbols[name] = spelt
        return self._symbols[name]

    def _bodies(self, symbol: Symbol) -> list[Symbol]:
        """A definition with what is defined in it."""
        if symbol.key not in self._members:
            inner = [
                other
                for other in self._reader.symbols_of(symbol.path)
                if other.key != symbol.key and symbol.start_line <= other.start_line and other.end_line <= symbol.end_line
            ]
            self._members[symbol.key] = inner[:_MOST_MEMBERS]
        return [symbol, *(self._members[symbol.key] if symbol.kind is not SymbolKind.MODULE else [])]

    def _ancestors(self, symbol: Symbol) -> list[Symbol]:
        seen: dict[int, None] = {}
        level = [symbol.key]
        for _ in range(_DEPTH):
            edges = self._reader.edges_from(level, _BASES)
            level = [key for key in dict.fromkeys(edge.target for edge in edges) if key not in seen]
            seen.update(dict.fromkeys(level))
            if not level:
                break
        return self._reader.symbols(list(seen))

    def _has(self, owner: Symbol, member: str) -> bool:
        """Whether a type, or one of its bases, or a module, defines a name directly within."""
        owners = [owner, *self._ancestors(owner)] if owner.kind in _TYPES else [owner]
        for one in owners:
            if one.kind in _TYPES and any(other.name == member for other in self._children(one)):
                return True
            if one.kind is SymbolKind.MODULE and any(other.name == member for other in self._reader.symbols_of(one.path)):
                return True
        return False

    def _children(self, symbol: Symbol) -> Iterable[Symbol]:
        return (other for other in self._bodies(symbol)[1:] if other.parent == symbol.key)

    def _used_by_type(self, owner: Symbol, name: str) -> bool:
        return bool(re.search(rf"\b{re.escape(name)}\b", self._code_of(owner)))

    def _callables_of(self, symbol: Symbol) -> Sequence[Symbol]:
        """A function itself, of a type its constructors."""
        if symbol.kind in _CALLABLE:
            return [symbol]
        return [other for other in self._bodies(symbol)[1:] if other.kind is SymbolKind.CONSTRUCTOR]

    def _code_of(self, symbol: Symbol) -> str:
        if symbol.key not in self._code:
            lines = self._reader.text(symbol.path).split("\n")[symbol.start_line - 1 : symbol.end_line]
            self._code[symbol.key] = _NOT_CODE.sub(" ", "\n".join(lines))
        return self._code[symbol.key]

    def _head_of(self, symbol: Symbol) -> str:
        """What stands in the parentheses behind a function's name."""
        code = "\n".join(self._code_of(symbol).split("\n")[:_HEAD_LINES])
        start = code.find("(", max(0, code.find(symbol.name)))
        depth = 0
        for at in range(max(0, start), len(code)):
            depth += (code[at] == "(") - (code[at] == ")")
            if depth == 0 and at > start:
                return code[start : at + 1]
        return code[start:]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _callables(symbols: Iterable[Symbol]) -> bool:
    return any(symbol.kind in _CALLABLE for symbol in symbols)


def _same_file(path: str, named: str) -> bool:
    """Whether a path as written means an indexed one: either may begin further up."""
    return f"/{path}".endswith(f"/{named}") or f"/{named}".endswith(f"/{path}")
