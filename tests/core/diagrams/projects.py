"""Small projects as indexes in memory, written down by hand or drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole, IndexedFile
from core.model.symbol import Symbol, SymbolKind
from tests.fakes import MemoryReader

LINES = 100


def module_name(path: str) -> str:
    return path.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")


class Project:
    """Python files, each a module with the functions and classes it was given; edges go by qualified name."""

    def __init__(self) -> None:
        self.symbols: list[Symbol] = []
        self.edges: list[Edge] = []
        self.files: dict[str, IndexedFile] = {}
        self.contents: dict[str, bytes] = {}
        self.keys: dict[str, int] = {}

    def add(self, name: str, kind: SymbolKind, path: str = "", start: int = 1, end: int = 1, parent: int = -1) -> int:
        if name not in self.keys:
            self.keys[name] = len(self.symbols)
            lines = (0, 0) if kind == SymbolKind.EXTERNAL else (start, end)
            short = name.rsplit(".", 1)[-1]
            self.symbols.append(Symbol(self.keys[name], name, short, name, kind, "python", path, *lines, "", "", parent))
        return self.keys[name]

    def file(
        self, path: str, *names: str, lines: int = LINES, role: FileRole = FileRole.SOURCE, classes: Iterable[str] = ()
    ) -> Project:
        self.files[path] = IndexedFile(path, "python", role, lines * 30, 0, "0" * 32, "utf-8", lines)
        self.contents[path] = b""
        module = module_name(path)
        key = self.add(module, SymbolKind.MODULE, path, 1, lines)
        for number, name in enumerate(names or ("main",), start=1):
            self.add(f"{module}.{name}", SymbolKind.FUNCTION, path, number, number, key)
        for name in classes:
            self.add(f"{module}.{name}", SymbolKind.CLASS, path, 1, 10, key)
        return self

    def method(self, of: str, name: str) -> Project:
        owner = self.symbols[self.keys[of]]
        self.add(f"{of}.{name}", SymbolKind.METHOD, owner.path, 2, 5, owner.key)
        return self

    def use(
        self,
        source: str,
        target: str,
        kind: EdgeKind = EdgeKind.CALLS,
        confidence: Confidence = Confidence.EXACT,
        times: int = 1,
    ) -> Project:
        if target not in self.keys:
            self.add(target, SymbolKind.EXTERNAL)
        first = len(self.edges) + 1
        path = self.symbols[self.keys[source]].path
        for line in range(first, first + times):
            self.edges.append(Edge(self.keys[source], self.keys[target], kind, confidence, path, line))
        return self

    def text(self, path: str, content: str, role: FileRole = FileRole.DOCUMENT) -> Project:
        self.contents[path] = content.encode()
        self.files[path] = IndexedFile(path, "text", role, len(content), 0, "0" * 32, "utf-8", content.count("\n"))
        return self

    def reader(self) -> MemoryReader:
        return MemoryReader(self.symbols, self.edges, files=self.files.values(), contents=self.contents)


def shop() -> Project:
    """A web shop in layers (`web` uses `orders`, which uses `store`; all use `util`), with tests, in one top folder."""
    project = Project()
    for package, files in {"web": 3, "orders": 3, "store": 3, "util": 2}.items():
        project.file(f"shop/{package}/__init__.py", lines=10)
        for number in range(files):
            project.file(f"shop/{package}/part{number}.py", "run", "helper")
    project.file("tests/test_shop.py", role=FileRole.TEST)
    project.file("setup.py", lines=5)
    for upper, lower, times in (("web", "orders", 9), ("orders", "store", 7), ("store", "util", 4), ("web", "util", 3)):
        project.use(f"shop.{upper}.part0.run", f"shop.{lower}.part1.run", times=times)
    project.use("shop.store.part0.run", "shop.web.part0.run", confidence=Confidence.NAME)
    project.use("shop.store.part0.run", "sqlite3.connect", times=2)
    project.use("shop.store.part0.run", "redis.Redis", times=3)
    project.use("shop.store.part0.run", "<builtin>.len")
    return project


_PARTS = ("a", "b", "core", "möbel", "x y", "tests")
_PATHS = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=4).map("/".join)
_USES = (EdgeKind.CALLS, EdgeKind.IMPORTS, EdgeKind.INHERITS, EdgeKind.REFERENCES, EdgeKind.CONTAINS)


@st.composite
def projects(draw: st.DrawFn) -> MemoryReader:
    """Any small project: files in folders, functions and classes, edges of every kind and confidence, libraries."""
    project = Project()
    roles = st.sampled_from((FileRole.SOURCE,) * 4 + (FileRole.TEST, FileRole.VENDORED))
    for stem in draw(st.lists(_PATHS, max_size=25, unique=True)):
        lines = draw(st.integers(1, 3000))
        project.file(f"{stem}.py", "f", "g", lines=max(lines, 12), role=draw(roles), classes=["C", "D"])
    for name in ("os.path.join", "numpy.array", "<builtin>.len"):
        project.add(name, SymbolKind.EXTERNAL)
    names = sorted(project.keys)
    inside = [name for name in names if project.symbols[project.keys[name]].path]
    if inside:
        for _ in range(draw(st.integers(0, 60))):
            source, target = draw(st.sampled_from(inside)), draw(st.sampled_from(names))
            project.use(source, target, draw(st.sampled_from(_USES)), draw(st.sampled_from(list(Confidence))))
    return project.reader()
