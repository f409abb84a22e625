"""The forms in which frameworks declare HTTP routes and topics, by language: each a pattern and what it tells.

Only the text is looked at; what merely looks like a form (a method `get` of something called `router`) counts as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.model.symbol import Definition, SymbolKind
from indexing.namings import Around
from indexing.possessive import re

_NEAR = 200
"""Bytes behind a path in which a function that handles it begins."""
_MOST_PARTS = 10
_MOST_MARKS, _MARK_BYTES = 30, 4_000
"""Lines and bytes of marks before a definition."""
_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.LAMBDA, SymbolKind.CONSTRUCTOR})

_STRING = rb"""[rfbu]?(?P<q>["'`])(?P<path>[^"'`\n]*)(?P=q)"""
_PY_DECORATOR = re.compile(
    rb"@\s*+(?P<on>[\w.]+)\.(?P<verb>route|get|post|put|delete|patch|head|options|websocket|api_route)\(\s*+(?:path\s*=\s*)?"
    + _STRING
)
_PY_PREFIX = re.compile(
    rb"^(?P<name>\w+)[^\n=]*=\s*+[\w.]*(?:Blueprint|APIRouter)\((?:[^()]|\([^()]*\))*?(?:url_)?prefix\s*+=\s*+[\"'](?P<prefix>[^\"'\n]*)",
    re.MULTILINE,
)
_PY_PATTERN = re.compile(rb"\b(?:path|re_path|url)\(\s*+" + _STRING + rb"\s*+,")
_SCRIPT_CALL = re.compile(rb"\.(?P<verb>get|post|put|delete|patch|all|head|options|route)\(\s*+" + _STRING + rb"\s*+[,)]")
_SCRIPT_DECORATOR = re.compile(rb"@(?P<verb>Get|Post|Put|Delete|Patch|All)\(\s*+(?:" + _STRING + rb")?")
_CONTROLLER = re.compile(rb"@Controller\(\s*+(?:\{\s*path:\s*)?" + _STRING)
_JVM_MAPPING = re.compile(
    rb"@(?P<verb>Get|Post|Put|Delete|Patch|Request)Mapping\b(?:\(\s*+(?:(?:value|path)\s*+=\s*+)?[\[{]?\s*+\"(?P<path>[^\"\n]*)\")?"
)
_JAX_PATH = re.compile(rb"@Path\(\s*+\"(?P<path>[^\"\n]*)\"\s*+\)")
_CS_ATTRIBUTE = re.compile(
    rb"\[(?P<verb>HttpGet|HttpPost|HttpPut|HttpDelete|HttpPatch|Route)\b(?:\(\s*+\"(?P<path>[^\"\n]*)\")?"
)
_CS_CALL = re.compile(rb"\.Map(?P<verb>Get|Post|Put|Delete|Patch)\(\s*+" + _STRING + rb"\s*+,")
_GO_CALL = re.compile(
    rb"\.(?P<verb>HandleFunc|Handle|GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|Any|Get|Post|Put|Delete|Patch)\(\s*+\""
    rb"(?P<path>(?:[A-Z]+ )?[\w.]*/[^\"\n]*)\"\s*+,"
)
_RUBY_ROUTE = re.compile(
    rb"^\s*+(?P<verb>get|post|put|patch|delete|match)\s*+\(?\s*+[\"'](?P<path>[^\"'\n]+)[\"']\s*+"
    rb"(?:,\s*+(?:to:|:to\s*+=>)|=>)\s*+[\"'](?P<controller>[\w/]+)#(?P<action>\w+)",
    re.MULTILINE,
)
_RUBY_RESOURCES = re.compile(rb"^\s*+resources\s++:(?P<name>\w+)", re.MULTILINE)
_RESOURCE_ACTIONS = (("GET", "", "index"), ("POST", "", "create"), ("GET", "/{}", "show"), ("PATCH", "/{}", "update"),
                     ("DELETE", "/{}", "destroy"))  # fmt: skip
_PHP_CALL = re.compile(rb"\bRoute::(?P<verb>get|post|put|delete|patch|any)\(\s*+" + _STRING + rb"\s*+,")
_PHP_ACTION = re.compile(rb"\s*+(?:\[\s*+([\w\\]+)::class\s*+,\s*+[\"'](\w+)|[\"']([\w\\]+)@(\w+))")
_PHP_ATTRIBUTE = re.compile(rb"#\[(?P<verb>Route)\(\s*+(?:path:\s*)?" + _STRING)
_RECEIVER = 60
"""Bytes before a call in which its receiver is read."""
_SERVERS = re.compile(r"(?<![\w$])(?:\w*[aA]pp|\w*[rR]outer|\w*[rR]outes?|server|fastify|koa|hono|instance)$")
_LISTENS = re.compile(
    rb"@(?P<verb>KafkaListener|RabbitListener|JmsListener|SqsListener|StreamListener|EventPattern|MessagePattern|Incoming)\("
    rb"[^)\n]*?(?P<q>[\"'])(?P<path>[^\"'\n{}$]+)(?P=q)"
)
_SUBSCRIBES = re.compile(
    rb"\.(?P<verb>subscribe|consume|on|addListener|psubscribe)\(\s*+[\[{]?\s*+(?:topics?:\s*+\[?\s*+)?(?P<q>[\"'])(?P<path>[^\"'\n]+)(?P=q)"
    rb"\s*+\]?\}?\s*+(?P<more>[,)])"
)
DISTINCT = re.compile(r"[\w-]+(?:[.:_-][\w*-]+)+|[A-Z]\w+[a-z]\w*[A-Z]\w*")
"""What no event of a browser or a stream is called."""

_PARAMETER = re.compile(
    r"\(\?P?<\w+>(?:[^()]|\([^()]*\))*\)|<[^>]*>|\$?\{[^}]*\}|(?<![\w]):\w+|%[sd]|\*\w*|\((?:[^()]|\([^()]*\))*\)"
)
_HOST = re.compile(r"^(?:https?://[^/]+|\$?\{[^}]*\})(?=/)")


@dataclass(frozen=True, slots=True)
class Declared:
    """A route or topic as the text declares it: bytes from `start` to `end`; `handler` is the index of what it is written
    before, -1 where names or functions behind it are meant."""

    start: int
    end: int
    verb: str
    target: str
    kind: SymbolKind = SymbolKind.ROUTE
    handler: int = -1
    action: str = ""
    """A name that a string gives: `OrdersController.show`."""


Finder = Callable[[bytes, Sequence[Definition], Around], Iterator[Declared]]


def normalised(path: str) -> str:
    """The path of a URL or a route, as it is compared."""
    bare = _HOST.sub("", path.strip().lstrip("^").rstrip("$")).split("?")[0].split("#")[0] if "(?" not in path else path
    bare = _PARAMETER.sub("{}", bare.strip("^$").replace("\\", ""))
    parts = [("{}" if "{}" in part else part) for part in bare.split("/") if part]
    return "/" + "/".join(parts[:_MOST_PARTS])


def declarations(language: str, text: bytes, definitions: Sequence[Definition], around: Around) -> Iterator[Declared]:
    for mark, finder in _FINDERS.get(language, ()):
        if mark in text:
            yield from finder(text, definitions, around)


def decoded(found: bytes | None) -> str:
    """A group of a match as text; empty for one that is not there."""
    return (found or b"").decode("utf-8", "replace")


def _decorated(at: int, definitions: Sequence[Definition], around: Around, text: bytes) -> int:
    """The definition that a mark at `at` stands before; -1 where none follows."""
    inner = around.of(at)
    if inner > 0 and at - definitions[inner].span.start < _MARK_BYTES:
        lines = text.count(b"\n", definitions[inner].span.start, at)
        if lines < _MOST_MARKS and definitions[inner].span.start_line + lines <= definitions[inner].name_line:
            return inner
    return around.after(at, _NEAR)


def _python_decorators(text: bytes, definitions: Sequence[Definition], around: Around) -> Iterator[Declared]:
    prefixes = {match["name"]: decoded(match["prefix"]) for match in _PY_PREFIX.finditer(text)}
    for match in _PY_DECORATOR.finditer(text):
        path, handler = decoded(match["path"]), _decorated(match.start(), definitions, around, text)
        if handler < 0 or (path and not path.startswith("/")):
            continue
        verb = decoded(match["verb"]).upper()
        target = normalised(prefixes.get(match["on"], "") + path)
        yield Declared(match.start(), match.end(), "" if verb in {"ROUTE", "API_ROUTE"} else verb, target, handler=handler)


def _python_patterns(text: bytes, _definitions: Sequence[Definition], _around: Around) -> Iterator[Declared]:
    for match in _PY_PATTERN.finditer(text):
        if not text[match.end() : match.end() + 20].lstrip().startswith(b"include"):
            yield Declared(match.start(), match.end(), "", normalised(decoded(match["path"])))


def _script_calls(text: bytes, _definitions: Sequence[Definition], _around: Around) -> Iterator[Declared]:
    for match in _SCRIPT_CALL.finditer(text):
        if match["path"].startswith(b"/") and _SERVERS.search(
            decoded(text[max(0, match.start() - _RECEIVER) : match.start()])
        ):
            verb = decoded(match["verb"]).upper()
            end = match.end() - 1 if text[match.end() - 1 : match.end()] == b")" else match.end()
            yield Declared(match.start(), end, "" if verb in {"ALL", "ROUTE"} else verb, normalised(decoded(match["path"])))


def _marked(pattern: re.Pattern[bytes], verbs: Mapping[str, str], prefixes: Callable[[int], str]) -> Finder:
    """Marks before methods; those before types give a prefix to the methods within."""

    def find(text: bytes, definitions: Sequence[Definition], around: Around) -> Iterator[Declared]:
        held: dict[int, str] = {}
        for match in pattern.finditer(text):
            handler = _decorated(match.start(), definitions, around, text)
            if handler < 0:
                continue
            item = definitions[handler]
            groups = match.groupdict()
            path, verb = decoded(groups.get("path")), decoded(groups.get("verb"))
            if item.kind not in _CALLABLE:
                held[handler] = path.replace("[controller]", item.name.removesuffix("Controller").lower())
                continue
            prefix = held.get(item.parent, "") or prefixes(item.parent)
            whole = path if path.startswith("~/") else f"{prefix}/{path}"
            yield Declared(
                match.start(), match.end(), verbs.get(verb, verb.upper()), normalised(whole.lstrip("~")), handler=handler
            )

    return find


def _script_decorators(text: bytes, definitions: Sequence[Definition], around: Around) -> Iterator[Declared]:
    held = {
        _decorated(match.start(), definitions, around, text): decoded(match["path"]) for match in _CONTROLLER.finditer(text)
    }
    verbs = {"All": ""}
    yield from _marked(_SCRIPT_DECORATOR, verbs, lambda parent: held.get(parent, ""))(text, definitions, around)


def _calls(pattern: re.Pattern[bytes], verbs: Mapping[str, str]) -> Finder:
    def find(text: bytes, _definitions: Sequence[Definition], _around: Around) -> Iterator[Declared]:
        for match in pattern.finditer(text):
            path, verb = decoded(match["path"]), decoded(match["verb"])
            method, _, rest = path.partition(" ")
            if rest:  # Go 1.22: "GET /orders/{id}"
                path, verb = rest, method
            yield Declared(
                match.start(), match.end(), verbs.get(verb, verb.upper()), normalised("/" + path.partition("/")[2])
            )

    return find


def _ruby_routes(text: bytes, _definitions: Sequence[Definition], _around: Around) -> Iterator[Declared]:
    for match in _RUBY_ROUTE.finditer(text):
        verb, action = (
            decoded(match["verb"]).upper(),
            f"{_controller(decoded(match['controller']))}.{decoded(match['action'])}",
        )
        start = match.start("verb")
        yield Declared(
            start, match.end(), "" if verb == "MATCH" else verb, normalised(decoded(match["path"])), action=action
        )
    for match in _RUBY_RESOURCES.finditer(text):
        name = decoded(match["name"])
        for verb, more, action in _RESOURCE_ACTIONS:
            called = f"{_controller(name)}.{action}"
            yield Declared(match.start("name"), match.end(), verb, f"/{name}{more}", action=called)


def _controller(name: str) -> str:
    return "".join(part.capitalize() for part in name.rpartition("/")[2].split("_")) + "Controller"


def _php_calls(text: bytes, _definitions: Sequence[Definition], _around: Around) -> Iterator[Declared]:
    for match in _PHP_CALL.finditer(text):
        told = _PHP_ACTION.match(text, match.end())
        parts = [decoded(part).rpartition("\\")[2] for part in told.groups() if part] if told else []
        verb = decoded(match["verb"]).upper()
        yield Declared(
            match.start(),
            match.end(),
            "" if verb == "ANY" else verb,
            normalised(decoded(match["path"])),
            action=".".join(parts),
        )


def _listeners(text: bytes, definitions: Sequence[Definition], around: Around) -> Iterator[Declared]:
    for match in _LISTENS.finditer(text):
        handler = _decorated(match.start(), definitions, around, text)
        if handler >= 0:
            yield Declared(match.start(), match.end(), "topic", decoded(match["path"]), SymbolKind.TOPIC, handler)
    for match in _SUBSCRIBES.finditer(text):
        topic = decoded(match["path"])
        if match["verb"] not in (b"on", b"addListener") or DISTINCT.fullmatch(topic):
            end = match.end() if match["more"] == b"," else match.end() - 1
            yield Declared(match.start(), end, "topic", topic, SymbolKind.TOPIC)


_HTTP = {"Any": "", "Handle": "", "HandleFunc": "", "Request": "", "Route": "", "HttpGet": "GET", "HttpPost": "POST",
         "HttpPut": "PUT", "HttpDelete": "DELETE", "HttpPatch": "PATCH"}  # fmt: skip
_NO_PREFIX: Callable[[int], str] = lambda _parent: ""  # noqa: E731
_SCRIPTS = ((b"/", _script_calls), (b"@Controller", _script_decorators), (b"(", _listeners))
_JVM = (
    (b"Mapping", _marked(_JVM_MAPPING, _HTTP, _NO_PREFIX)),
    (b"@Path", _marked(_JAX_PATH, _HTTP, _NO_PREFIX)),
    (b"Listener", _listeners),
)
_FINDERS: Mapping[str, Sequence[tuple[bytes, Finder]]] = {
    "python": ((b"@", _python_decorators), (b"urlpatterns", _python_patterns), (b".subscribe(", _listeners)),
    "javascript": _SCRIPTS,
    "typescript": _SCRIPTS,
    "tsx": _SCRIPTS,
    "java": _JVM,
    "kotlin": _JVM,
    "csharp": ((b"[", _marked(_CS_ATTRIBUTE, _HTTP, _NO_PREFIX)), (b".Map", _calls(_CS_CALL, _HTTP))),
    "go": ((b'"', _calls(_GO_CALL, _HTTP)),),
    "ruby": ((b".draw", _ruby_routes),),
    "php": ((b"Route::", _php_calls), (b"#[Route", _marked(_PHP_ATTRIBUTE, _HTTP, _NO_PREFIX))),
}
"""What is looked for in a language, each with what a text must hold."""
