"""Names that mean something by convention: what a language calls by itself, what a framework is told by a mark."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class EntryKind(StrEnum):
    """How a place is entered."""

    MAIN = "main"
    SCRIPT = "script"
    """A file that is run, or what a manifest says that a command runs."""
    ROUTE = "route"
    HANDLER = "handler"
    """Called by a framework: on an event, a message, a time."""
    COMMAND = "command"
    TEST = "test"
    EXPORTED = "exported"
    """What other programs may use."""


_JAVA = _words(
    "toString equals hashCode compareTo compare clone finalize readObject writeObject readResolve writeReplace run call "
    "close readObjectNoData readExternal writeExternal iterator hasNext next valueOf values"
)
_SCRIPT = _words(
    "constructor toString valueOf toJSON then default render componentDidMount componentWillUnmount componentDidUpdate "
    "shouldComponentUpdate connectedCallback disconnectedCallback attributeChangedCallback ngOnInit ngOnDestroy"
)
SPECIAL: Mapping[str, frozenset[str]] = {
    "java": _JAVA,
    "kotlin": _JAVA | _words("invoke component1 component2"),
    "scala": _JAVA | _words("apply unapply unapplySeq update"),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "go": _words(
        "init main String Error GoString Format Read Write Close ServeHTTP Len Less Swap Push Pop MarshalJSON UnmarshalJSON "
        "MarshalText UnmarshalText MarshalBinary UnmarshalBinary MarshalYAML UnmarshalYAML Scan Value Is As Unwrap Set Type "
        "Seek ReadFrom WriteTo ReadAt WriteAt Lock Unlock RoundTrip TestMain"
    ),
    "csharp": _words("Dispose ToString Equals GetHashCode CompareTo GetEnumerator MoveNext Finalize DisposeAsync"),
    "ruby": _words(
        "initialize to_s to_str to_a to_h inspect each call hash eql? coerce method_missing respond_to_missing? included "
        "inherited extended prepended marshal_dump marshal_load initialize_copy"
    ),
    "rust": _words("main fmt drop deref deref_mut clone default eq hash cmp partial_cmp from into next poll index"),
    "swift": _words("init deinit hash encode body description"),
    "python": _words("setUp tearDown setUpClass tearDownClass setUpModule tearDownModule setUpTestData"),
    "lua": _words("new"),
}
"""Methods by language that it, its library or a widespread framework calls by their names."""

_ROUTES = _words(
    "route GetMapping PostMapping PutMapping DeleteMapping PatchMapping RequestMapping HttpGet HttpPost HttpPut HttpDelete "
    "HttpPatch Route Path GET POST PUT DELETE PATCH HEAD api_view WebServlet websocket api_route endpoint Get Post Put "
    "Delete Patch All"
)
_HANDLERS = _words(
    "shared_task task receiver KafkaListener RabbitListener JmsListener EventListener SqsListener StreamListener Scheduled "
    "PostConstruct PreDestroy listens_for errorhandler before_request after_request teardown_request before_app_request "
    "context_processor on_event exception_handler app_context_processor Subscribe Incoming EventPattern MessagePattern Cron "
    "Interval OnEvent ServiceActivator Bean ExceptionHandler Interceptor"
)
_COMMANDS = _words("command group Command ShellMethod callback")
_TESTS = _words(
    "Test ParameterizedTest RepeatedTest TestFactory BeforeEach AfterEach BeforeAll AfterAll Before After BeforeClass "
    "AfterClass Fact Theory TestMethod TestCase SetUp TearDown test fixture bench"
)
MARKS: Mapping[str, EntryKind] = {
    **dict.fromkeys(_ROUTES, EntryKind.ROUTE),
    **dict.fromkeys(_HANDLERS, EntryKind.HANDLER),
    **dict.fromkeys(_COMMANDS, EntryKind.COMMAND),
    **dict.fromkeys(_TESTS, EntryKind.TEST),
}
"""What a decorator, annotation or attribute makes of a definition, by its last name."""

VERBS = _words("get post put delete patch head options")
"""Marks that make a route where they are called with a path."""

MAIN_LANGUAGES = _words("c cpp objective-c go rust java kotlin scala csharp swift zig haskell")
MAINS = _words("main Main WinMain wWinMain wmain DllMain")
STARTED = _words("__main__.py manage.py wsgi.py asgi.py server.js server.ts")
"""Files that are started by their names."""
SCRIPTED = _words("pyproject.toml setup.cfg setup.py")
"""Files that name commands with what these run."""

NOT_CODE = _words(
    "text json yaml toml ini properties xml html css scss markdown restructuredtext asciidoc latex makefile cmake "
    "dockerfile csv diff pdf docx"
)
"""Languages whose definitions no code calls."""

HARMLESS_MARKS = _words(
    "staticmethod classmethod property cached_property abstractmethod overload override final wraps lru_cache cache "
    "Override Deprecated SuppressWarnings SafeVarargs FunctionalInterface Nullable NonNull NotNull CheckForNull "
    "inline must_use cold allow deny doc cfg_attr cfg deprecated derive repr non_exhaustive track_caller "
    "Obsolete MethodImpl Pure available discardableResult objc dataclass total_ordering ForceInline IntrinsicCandidate "
    "jdk.internal.ValueBased Contract VisibleForTesting JvmStatic JvmField JvmOverloads throws"
)
"""Marks after which a definition is used as it would be without; of any other a framework may call it."""
