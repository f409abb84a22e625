"""Questions with known answers, made at run time out of public repositories: what retrieval is measured on.

* *issue*: the message of a commit that fixed something; the answer is a file that it changed, in a tree from before it;
* *description*: the doc comment of a function without identifiers, asked of a tree that has no doc comments any more;
* *structure*: who calls, what is called, what overrides, which tests: the answers are those of the code graph.

Every tree is indexed once and kept in the cache; `python -m tests.benchmarks.questions` makes all of them.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from core.model.graph import Confidence, Edge, EdgeKind
from core.model.source import FileRole
from core.model.symbol import Symbol, SymbolKind
from core.retrieval.words import stem, words
from indexing.stores.sqlite.reader import SnapshotReader, open_snapshot
from tests.benchmarks import machine
from tests.benchmarks.command import index
from tests.benchmarks.described import VERSION, Described, strip
from tests.benchmarks.histories import Repository, ancestor, check_out, fixes


class Kind(StrEnum):
    """What is asked, and how it is scored."""

    ISSUE = "issue"
    DESCRIPTION = "description"
    CALLER = "caller"
    CALLEE = "callee"
    OVERRIDE = "override"
    TEST = "test of"
    NEEDLE = "needle"


STRUCTURE = (Kind.CALLER, Kind.CALLEE, Kind.OVERRIDE, Kind.TEST)


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers; where `start_line` is 0, any place of the file does."""

    path: str
    start_line: int = 0
    end_line: int = 0

    def holds(self, path: str, start_line: int, end_line: int) -> bool:
        """Whether lines of a file are of this place."""
        if path != self.path:
            return False
        return not self.start_line or (start_line <= self.end_line and end_line >= self.start_line)


@dataclass(frozen=True, slots=True)
class Question:
    """`index` is the folder of the index that is asked."""

    kind: Kind
    repository: str
    language: str
    index: Path
    text: str
    answers: tuple[Gold, ...]


@dataclass(frozen=True, slots=True)
class _History:
    """A repository, and how many commits before its own the trees are taken that are asked about."""

    repository: Repository
    language: str
    snapshots: tuple[int, ...]


_HISTORIES = (
    _History(Repository("scrapy/scrapy", "11079cb1c85b9e75a39a7269943c69d1a975d485", (".py",)), "Python", (500, 1500)),
    _History(Repository("psf/requests", "1f6589ec3a1ee910f9a65cc3ceac60b26677bc0e", (".py",)), "Python", (900,)),
    _History(Repository("google/gson", "9835b6f90192f79cdf5300c528fc6212455fb6c1", (".java",)), "Java", (300, 700)),
    _History(Repository("caddyserver/caddy", "0cf03d32f7d99cf160d5375e8a40fbe3d910d515", (".go",)), "Go", (400, 1100)),
    _History(Repository("gin-gonic/gin", "dcaa4296d111981ffb31ac3eba90bb63e1eb5ab9", (".go",)), "Go", (500,)),
    _History(Repository("BurntSushi/ripgrep", "3fce3b5bb0236da2df6d99672afb8a719642eca7", (".rs",)), "Rust", (500,)),
    _History(Repository("jqlang/jq", "579e6f76cffd7643ba4002a2c3618a5ea710589a", (".c", ".h")), "C", (500,)),
    _History(Repository("axios/axios", "23a25af0688d1db2c396deb09229d2271cc24f6c", (".js",)), "JavaScript", (500,)),
)
"""None is in the retrieval benchmark of others that the ranking is checked against, and none is trained on."""

_UNSEEN = (
    _History(Repository("jhy/jsoup", "46b620860af930eedc193a705eaf7cea5aec89a6", (".java",)), "Java", (300,)),
    _History(Repository("clap-rs/clap", "6982fb1c98c7247e38a6d4f04191b94e30497e7b", (".rs",)), "Rust", (600,)),
    _History(Repository("libevent/libevent", "0c3e47ad5f654714e39bae3f8689a3446599b614", (".c", ".h")), "C", (500,)),
)
"""Looked at by nobody who chose the weights of the ranking."""

_FIXES = 20
"""Of each snapshot, the first after it: the tree has then changed little."""
_DESCRIPTIONS = 30
_LEAST_WORDS = 8
_CODE_LIKE = re.compile(
    r"[`{}<>@\[\]=|]|\w_|_\w|[a-z][A-Z]|::|\(\)|\w\.\w|\w/\w|TODO|FIXME|XXX|nolint|[Dd]eprecated|[Jj]avadoc"
)
"""What no description holds that does without identifiers."""
_STRUCTURE = 8
"""Questions of each kind and repository."""
_MOST_ANSWERS = 6
"""A structural question with more answers cannot be answered by ten places."""
_BODIES = (SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR)
_ASKED = {
    Kind.CALLER: "who calls {}?",
    Kind.CALLEE: "what does {} call?",
    Kind.OVERRIDE: "what overrides {}?",
    Kind.TEST: "which tests test {}?",
}


def issues(*, unseen: bool = False) -> list[Question]:
    """Fixes: what was said, and the files that were changed."""
    return [question for history in (_UNSEEN if unseen else _HISTORIES) for question in _issues_of(history)]


def descriptions(*, unseen: bool = False) -> list[Question]:
    """Functions by what was said of them."""
    return [question for history in (_UNSEEN if unseen else _HISTORIES) for question in _descriptions_of(history)]


def structures() -> list[Question]:
    """Questions that the code graph answers, of the newest snapshot of each repository."""
    return [question for history in _HISTORIES for question in _structures_of(history)]


def _issues_of(history: _History) -> Iterator[Question]:
    for distance in history.snapshots:
        commit = ancestor(history.repository, distance)
        folder = _indexed(history.repository, commit)
        newer = ancestor(history.repository, max(0, distance - 400))
        with open_snapshot(folder) as reader:
            known = [file.path for file in reader.files() if file.role is FileRole.SOURCE]
        for fix in fixes(history.repository, commit, newer, known, _FIXES):
            answers = tuple(map(Gold, fix.paths))
            yield Question(Kind.ISSUE, history.repository.short, history.language, folder, fix.message, answers)


def _descriptions_of(history: _History) -> Iterator[Question]:
    commit = history.repository.commit
    tree = check_out(history.repository, commit, _folder(history.repository, commit, f"bare{VERSION}"))
    told = tree.with_suffix(".json")
    if not told.is_file():
        told.write_text(json.dumps([asdict(found) for found in strip(tree)]), encoding="utf-8")
    found = [Described(**entry) for entry in json.loads(told.read_text("utf-8"))]
    folder = tree.with_suffix(".index")
    index(tree, folder)
    random.Random(history.repository.name).shuffle(found)
    times = Counter(one.doc for one in found)
    asked = [one for one in found if times[one.doc] == 1 and is_description(one.doc, one.name)]
    for one in asked[:_DESCRIPTIONS]:
        place = Gold(one.path, one.start_line, one.end_line)
        yield Question(Kind.DESCRIPTION, history.repository.short, history.language, folder, one.doc, (place,))


def is_description(doc: str, name: str) -> bool:
    """Whether a doc comment speaks as somebody would who does not know the code: in English, without any identifier, without
    the function's name and not with each of its words."""
    spoken = re.findall(r"\w+", doc.lower())
    if len(spoken) < _LEAST_WORDS or not doc.isascii() or _CODE_LIKE.search(doc):
        return False
    stems = {stem(word) for word in spoken}
    return name.lower() not in spoken and not stems.issuperset(stem(word) for word in words(name))


def _structures_of(history: _History) -> Iterator[Question]:
    folder = _indexed(history.repository, ancestor(history.repository, history.snapshots[0]))
    with open_snapshot(folder) as reader:
        for kind, symbol, answers in _related(reader, random.Random(history.repository.name)):
            text = _ASKED[kind].format(symbol)
            yield Question(kind, history.repository.short, history.language, folder, text, answers)


def _related(reader: SnapshotReader, drawn: random.Random) -> Iterator[tuple[Kind, str, tuple[Gold, ...]]]:
    """Symbols by a name that means them alone, each with the places of what is related to it; only certain edges count."""
    roles = {file.path: file.role for file in reader.files()}
    symbols = [symbol for symbol in reader.all_symbols() if symbol.kind in _BODIES and symbol.path]
    drawn.shuffle(symbols)
    left = dict.fromkeys(STRUCTURE, _STRUCTURE)
    for symbol in symbols:
        if not any(left.values()):
            return
        name = _unique_name(reader, symbol)
        if not name or roles[symbol.path] is not FileRole.SOURCE:
            continue
        for kind, found in _neighbours(reader, symbol, roles).items():
            if left[kind] and 0 < len(found) <= _MOST_ANSWERS:
                left[kind] -= 1
                yield kind, name, tuple(Gold(one.path, one.start_line, one.end_line) for one in found)


def _neighbours(reader: SnapshotReader, symbol: Symbol, roles: dict[str, FileRole]) -> dict[Kind, list[Symbol]]:
    incoming = reader.edges_to([symbol.key], (EdgeKind.CALLS,))
    callers = _ends(reader, incoming, [edge.source for edge in incoming])
    outgoing = reader.edges_from([symbol.key], (EdgeKind.CALLS,))
    overriding = reader.edges_to([symbol.key], (EdgeKind.OVERRIDES,))
    return {
        Kind.CALLER: [one for one in callers if one.key != symbol.key],
        Kind.CALLEE: [one for one in _ends(reader, outgoing, [edge.target for edge in outgoing]) if one.key != symbol.key],
        Kind.OVERRIDE: _ends(reader, overriding, [edge.source for edge in overriding]),
        Kind.TEST: [one for one in callers if roles[one.path] is FileRole.TEST],
    }


def _ends(reader: SnapshotReader, edges: Sequence[Edge], keys: Sequence[int]) -> list[Symbol]:
    """The definitions with a body at one end of edges; none where any edge is unsure, for then the truth is not known."""
    if any(edge.confidence is not Confidence.EXACT for edge in edges):
        return []
    return [one for one in reader.symbols(sorted(set(keys))) if one.kind in _BODIES and one.path]


def _unique_name(reader: SnapshotReader, symbol: Symbol) -> str:
    """The shortest of `name`, `Class.name` that finds this symbol alone; empty where neither does."""
    parts = symbol.qualified_name.split(".")
    for name in (parts[-1], ".".join(parts[-2:])):
        found = [one for one in reader.find_symbols(name, 3) if one.kind is not SymbolKind.EXTERNAL]
        if len(found) == 1 and found[0].key == symbol.key:
            return name
    return ""


def _indexed(repository: Repository, commit: str) -> Path:
    tree = check_out(repository, commit, _folder(repository, commit, "tree"))
    folder = tree.with_suffix(".index")
    index(tree, folder)
    return folder


def _folder(repository: Repository, commit: str, what: str) -> Path:
    """Where a tree lies."""
    folder = machine.cache() / "questions"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{repository.short}-{commit[:12]}-{what}"


if __name__ == "__main__":
    for made in (issues, descriptions, structures):
        print(made.__name__, len(made()))
