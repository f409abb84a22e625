"""How a program is wired by strings: HTTP routes with their handlers, requests for them, topics of messages.

A route is a definition of its own (`GET /orders/{}`), declared by a decorator, an annotation or a call
(`route_forms.py`); so is a topic that is listened to. Which definition handles it is told by what stands there: the
decorated one, or the names and functions behind the path. Everything else that looks like the path of a URL, or sends to a
topic, is a naming, and is brought together with routes and topics when files are linked (`linking/wirings.py`).

A path is *normalised*: what stands for a part of it is `{}` (`<int:id>`, `:id`, `{id}`, `(?P<id>…)`), without host, query
and slash at its end. The price of looking only at the text: prefixes that another file gives to routes (`include`,
`app.use`) are unknown, so a request may be longer than its route at the front.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from core.model.symbol import Definition, Facts, Naming, NamingKind, Reference, ReferenceKind, SymbolKind
from indexing.languages.lines import Lines
from indexing.namings import Around
from indexing.possessive import re
from indexing.route_forms import DISTINCT, Declared, declarations, decoded, normalised

_MOST_ROUTES, _MOST_REQUESTS = 500, 500
"""Of one file; more are data."""
_MOST_ARGUMENTS = 6
_NEAR = 200
"""Bytes behind a path in which a function that handles it begins."""
_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.LAMBDA, SymbolKind.CONSTRUCTOR})

_ARGUMENT = re.compile(rb"\s*+(?P<name>[A-Za-z_$][\w$]*+(?:\.[A-Za-z_$][\w$]*+)*+)\s*+(?P<end>[,)(\n])")
_SENDS = re.compile(
    rb"\.(?:(?P<verb>send|convertAndSend|publish|emit|sendToQueue|produce|send_task|xadd|delay|dispatch)\(\s*+(?P<q>[\"'])(?P<path>[^\"'\n{}$]+)(?P=q)"
    rb"|send\(\s*+\{\s*+topic:\s*+[\"'](?P<topic>[^\"'\n]+)[\"'])"
)
_URL = re.compile(rb"""["'`]((?:https?://[\w.:${}-]+|\$?\{[^}"'`\n]{1,60}\})?/[A-Za-z_{<:$%][^\s"'`<>|*^\\]*+)["'`]""")
_PREFIX = re.compile(rb"(?:prefix\s*+[=:]\s*+|Mapping\(\D*|@Path\(|\[Route\(|@Controller\(|\.use\(|\.mount\()[\[{\s]*+$")
"""What gives its path to the routes below it, and asks for none."""
_URL_MARKS = (b'"/', b"'/", b"`/", b"}/", b"://")


def with_wirings(language: str, text: bytes, lines: Lines, facts: Facts) -> Facts:
    """The facts of a file (text as UTF-8) with its routes, topics, requests and messages."""
    around = Around(facts.definitions)
    declared = list(islice(declarations(language, text, facts.definitions, around), _MOST_ROUTES))
    taken = sorted((found.start, found.end) for found in declared)
    namings = list(islice(_requests(text, lines, around, taken), _MOST_REQUESTS))
    if not declared and not namings:
        return facts
    definitions, references = list(facts.definitions), list(facts.references)
    seen: set[tuple[str, int]] = set()
    for found in declared:
        index, line = len(definitions), lines.of(found.start)
        parent = _parent(found, facts.definitions, around)
        name = found.target
        outer = facts.definitions[parent].nesting
        label = f"{found.verb} {name}".strip()
        if (label, line) in seen:
            continue
        seen.add((label, line))
        nesting = f"{outer}.{label}" if outer else label
        span = lines.span(found.start, found.end)
        definitions.append(Definition(name, nesting, found.kind, span, line, parent, label, ""))
        if found.handler >= 0:
            namings.append(Naming(str(found.handler), NamingKind.HANDLER, index, line))
        elif found.action:
            namings.append(Naming(found.action, NamingKind.NAME, index, line))
        else:
            targets = _behind(text, found.end, facts.definitions, around)
            references += [Reference(ReferenceKind.READ, target, index, line) for target in targets]
    order = tuple(sorted(namings, key=lambda naming: naming.line))
    return Facts(tuple(definitions), tuple(references), facts.imports, facts.bindings, (*facts.namings, *order))


def _parent(found: Declared, definitions: Sequence[Definition], around: Around) -> int:
    return max(definitions[found.handler].parent if found.handler > 0 else around.of(found.start), 0)


def _behind(text: bytes, at: int, definitions: Sequence[Definition], around: Around) -> list[str]:
    """Access paths of what is handed on behind a path: names, and functions that are written there."""
    found: list[str] = []
    for _ in range(_MOST_ARGUMENTS):
        match = _ARGUMENT.match(text, at)
        if match is None:
            break
        name = decoded(match["name"])
        called = match["end"] == b"("
        if not called or name.endswith(".as_view"):
            found.append(name.removesuffix(".as_view"))
        if match["end"] != b",":
            if called or name in {"async", "function"}:
                break
            return found
        at = match.end()
    inline = around.after(at - 1, _NEAR)
    first = definitions[inline] if inline > 0 and definitions[inline].kind in _CALLABLE else None
    names = [name for name in found if name not in {"async", "function", "func"}]
    if first is not None and not text[at : first.span.start].strip(b" \t\n(asyncfuntio)"):
        names.append(first.name)
    return names


def _requests(text: bytes, lines: Lines, around: Around, taken: Sequence[tuple[int, int]]) -> Iterator[Naming]:
    seen: set[tuple[str, int]] = set()
    if any(mark in text for mark in _URL_MARKS):
        for match in _URL.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()].rpartition(b"\n")[2]
            if _PREFIX.search(before) or any(start <= match.start() < end for start, end in taken):
                continue
            target = normalised(decoded(match[1]))
            scope = around.of(match.start())
            if target != "/" and (target, scope) not in seen:
                seen.add((target, scope))
                yield Naming(target, NamingKind.REQUEST, scope, lines.of(match.start()))
    for match in _SENDS.finditer(text):
        topic = decoded(match["path"] or match["topic"])
        scope = around.of(match.start())
        if (match["verb"] != b"emit" or DISTINCT.fullmatch(topic)) and (topic, scope) not in seen and len(topic) < 200:
            seen.add((topic, scope))
            yield Naming(topic, NamingKind.MESSAGE, scope, lines.of(match.start()))
