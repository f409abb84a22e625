"""What can be asked of indexes: the one implementation behind the command line, the window and every other face.

Each method takes plain values and gives records; `server.py` and the commands put them into the JSON of `wire.py`.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.answering.answer import answer_with_model
from core.answering.deep.asking import DeepAsking
from core.answering.deep.budget import DeepBudget
from core.answering.deep.evidence import deep_without_model
from core.answering.earlier import compacted, earlier_tokens
from core.answering.evidence import draft_without_model
from core.answering.inquiry import Inquiry, inquire
from core.answering.prices import cost_in_usd
from core.answering.statements import judged
from core.answering.tools import Tools
from core.cancellation import CancellationToken
from core.context.question import words_nowhere
from core.diagrams import PACK, pack_map
from core.diagrams.architecture import KIND as ARCHITECTURE
from core.diagrams.comparing import compare_architecture
from core.diagrams.rules import RULES_FILE, Rules, Violation
from core.errors import CodestrataError, SourceError, UsageError
from core.explaining.explanation import VERSION
from core.graph.constructors import constructors_of
from core.graph.impact import Impact, impact, symbols_at, with_members
from core.graph.lookup import resolve_symbol
from core.graph.walks import callees, callers, path_between
from core.model.answer import Answer, Delta, Step
from core.model.clone import CloneBlock, CloneClass, ClonePair, Verdict
from core.model.context import Pack
from core.model.conversation import Background
from core.model.diagram import Diagram, Drawing
from core.model.explanation import Explanation
from core.model.graph import CodeGraph, EdgeKind
from core.model.ranking import Filter, Hit, Ranking
from core.model.source import FileRole
from core.model.symbol import Symbol
from core.paths import to_os
from core.ports import LanguageModel, Layout, TokenCounter
from core.retrieval.narrowing import narrowed
from core.retrieval.regex import regex_search
from desktop.drawing.document import markdown, page
from desktop.drawing.mermaid import mermaid
from desktop.drawing.svg import svg
from desktop.engine.kept_documents import kept_document
from desktop.engine.session import IndexSession, Sessions
from indexing.encodings import EXTRACTED
from indexing.folding.blocks import repeated_blocks
from indexing.folding.expanding import UnitTexts
from indexing.folding.folded_text import copies_by_chunk
from indexing.intake.changes import ChangedLines, changed_lines, is_range
from indexing.intake.stamp import parts_of
from indexing.stores.sqlite.reader import SnapshotReader

_PACK_DIAGRAM = 8000
"""LLM tokens of the pack that a diagram of the evidence shows."""
_ANY_QUESTION, _ANY_BUDGET = "how is a name read and written", 2_000
"""A question whose words stand in every source, asked only to have read what questions need."""


@dataclass(frozen=True, slots=True)
class SymbolView:
    """A symbol with its source and its neighbours in the call graph."""

    symbol: Symbol
    text: str
    callers: tuple[Symbol, ...]
    callees: tuple[Symbol, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of an index found."""

    files: int
    bytes: int
    mismatches: tuple[str, ...]


class Service:
    """Answers from indexes, read-only; threads may share it."""

    def __init__(self, sessions: Sessions, counter: TokenCounter, layout: Layout) -> None:
        self._sessions = sessions
        self._counter = counter
        self._layout = layout

    def session(self, index: Path) -> IndexSession:
        """The index at its last commit."""
        return self._sessions.get(index)

    def search(
        self, index: Path, query: str, k: int, chosen: Filter, cancellation: CancellationToken, *, regex: bool = False
    ) -> Ranking:
        """Places for a question, or for a regular expression, best first."""
        session = self.session(index)
        _require(query, "the query")
        if k < 1:
            raise UsageError(f"{k} results cannot be given", "", "ask for at least one with -k")
        if regex:
            ranking = regex_search(session.reader, query, k, chosen, cancellation)
        else:
            ranking = session.retriever.rank(query, k, chosen)
            nowhere = words_nowhere(query, session.retriever.holds)
            ranking = dataclasses.replace(ranking, hits=narrowed(ranking.hits, query, session.reader), nowhere=nowhere)
        return dataclasses.replace(ranking, stale_files=session.stale_files())

    def hit_texts(self, index: Path, hits: Sequence[Hit]) -> list[str]:
        """The lines of each hit."""
        reader = self.session(index).reader
        return [_lines(reader.text(hit.path), hit.start_line, hit.end_line) for hit in hits]

    def context(self, index: Path, question: str, budget: int) -> Pack:
        """The pack for a question."""
        session = self.session(index)
        _require(question, "the question")
        return session.packs.build(question, session.rank_for_pack(question), budget)

    def prepare(self, index: Path, cancellation: CancellationToken) -> None:
        """Read what a first question would wait for: some two seconds of a hundred megabytes."""
        session = self.session(index)
        ranking = session.rank_for_pack(_ANY_QUESTION)
        cancellation.check("reading the index")
        draft_without_model(_ANY_QUESTION, ranking, self._tools(session), _ANY_BUDGET)

    def ask(
        self,
        index: Path,
        question: str,
        budget: int,
        model: LanguageModel | None,
        cancellation: CancellationToken,
        background: Background | None = None,
        deep: DeepBudget | None = None,
    ) -> Iterator[Pack | Delta | Step | Answer]:
        """The pack where a model is asked, then the answer piece by piece, and the whole answer last.

        `background` holds what came before and what a person wants in the pack, or out of it. With `deep` the question is
        taken apart, and each step told as it begins and ends.
        """
        session = self.session(index)
        _require(question, "the question")
        background = background or Background()
        asked = inquire(question, background, session.rank_for_pack, session.reader, session.packs.texts)
        if deep is not None:
            yield from self._ask_deep(session, asked, background, budget, model, deep, cancellation)
            return
        if model is None:
            wanted = asked.wanted_sections(session.packs.texts)
            tools = self._tools(session)
            draft = draft_without_model(asked.question, asked.ranking, tools, budget, wanted, asked.removed)
            yield draft.pack
            yield Delta(draft.text)
            yield dataclasses.replace(judged(draft, session.reader), question=question, understood=asked.understood)
            return
        pack = session.packs.build(asked.question, asked.ranking, budget, asked.wanted, asked.removed)
        usd = cost_in_usd(model.host, model.model, pack.tokens, 0)
        pack = dataclasses.replace(pack, cost=dataclasses.replace(pack.cost, usd=usd))
        yield pack
        earlier = compacted(background.turns, self._counter, earlier_tokens(budget))
        yield from answer_with_model(
            model, pack, self._counter, cancellation, session.reader, asked=question, earlier=earlier
        )

    def _ask_deep(
        self,
        session: IndexSession,
        asked: Inquiry,
        background: Background,
        budget: int,
        model: LanguageModel | None,
        deep: DeepBudget,
        cancellation: CancellationToken,
    ) -> Iterator[Pack | Delta | Step | Answer]:
        tools = self._tools(session)
        if model is not None:
            earlier = compacted(background.turns, self._counter, earlier_tokens(budget))
            yield from DeepAsking(model, asked, tools, deep, budget).run(cancellation, earlier)
            return
        wanted = asked.wanted_sections(session.packs.texts)
        for piece in deep_without_model(asked, tools, budget, wanted, cancellation):
            if isinstance(piece, Answer):
                yield piece.pack
                yield Delta(piece.text)
            yield piece

    def _tools(self, session: IndexSession) -> Tools:
        retriever = session.retriever
        return Tools(
            session.reader,
            session.packs,
            self._counter,
            session.rank_for_pack,
            files_saying=retriever.files_saying,
            holds=retriever.holds,
        )

    def symbols(self, index: Path, name: str, limit: int) -> list[Symbol]:
        """Definitions by name, the closest first."""
        _require(name, "the name")
        return self.session(index).reader.find_symbols(name, _positive(limit, "the limit"))

    def show(self, index: Path, name: str) -> SymbolView:
        """A definition with its source and neighbours."""
        reader = self.session(index).reader
        symbol = resolve_symbol(reader, name)
        text = _lines(reader.text(symbol.path), symbol.start_line, symbol.end_line) if symbol.path else ""
        called = [symbol.key, *constructors_of(reader, [symbol])]
        before = [edge.source for edge in reader.edges_to(called, [EdgeKind.CALLS])]
        after = [edge.target for edge in reader.edges_from([symbol.key], [EdgeKind.CALLS])]
        return SymbolView(symbol, text, _distinct(reader.symbols(before)), _distinct(reader.symbols(after)))

    def callers(self, index: Path, name: str, depth: int, cancellation: CancellationToken | None = None) -> CodeGraph:
        """Who calls a symbol, over `depth` steps."""
        reader = self.session(index).reader
        symbol = resolve_symbol(reader, name)
        return callers(reader, symbol, _positive(depth, "the depth"), cancellation=cancellation)

    def callees(self, index: Path, name: str, depth: int, cancellation: CancellationToken | None = None) -> CodeGraph:
        """What a symbol calls, over `depth` steps."""
        reader = self.session(index).reader
        symbol = resolve_symbol(reader, name)
        return callees(reader, symbol, _positive(depth, "the depth"), cancellation=cancellation)

    def path(self, index: Path, source: str, target: str, cancellation: CancellationToken | None = None) -> CodeGraph:
        """How one symbol reaches another by calls."""
        reader = self.session(index).reader
        ends = resolve_symbol(reader, source), resolve_symbol(reader, target)
        return path_between(reader, *ends, cancellation=cancellation)

    def impact(self, index: Path, what: str, depth: int, cancellation: CancellationToken) -> Impact:
        """What a change of a symbol, or the changes of a range of commits, touch."""
        reader = self.session(index).reader
        _positive(depth, "the depth")
        if is_range(what):
            changed = symbols_at(reader, _changes(reader, what, cancellation))
        else:
            changed = with_members(reader, resolve_symbol(reader, what))
        return impact(reader, changed, depth, cancellation=cancellation)

    def tests(self, index: Path) -> frozenset[str]:
        """The paths of the files that test others."""
        return frozenset(file.path for file in self.session(index).reader.files() if file.role is FileRole.TEST)

    def graph(self, index: Path) -> CodeGraph:
        """The whole code graph."""
        reader = self.session(index).reader
        return CodeGraph(tuple(reader.all_symbols()), tuple(reader.edges()))

    def clones(self, index: Path, min_similarity: float) -> list[CloneClass]:
        """The clone classes with the members that are at least so alike, those that save most first."""
        least = _likeness(min_similarity)
        found = []
        for clones in self.session(index).clone_classes:
            members = tuple(member for member in clones.members if member.similarity >= least)
            if len(members) == len(clones.members):
                found.append(clones)
            elif members:
                kind, similarity = max(m.type for m in members), min(m.similarity for m in members)
                found.append(dataclasses.replace(clones, members=members, type=kind, similarity=similarity))
        return found

    def clone_pairs(self, index: Path, min_similarity: float) -> list[ClonePair]:
        """Each member beside its representative, and every other pair of functions that was found alike."""
        least = _likeness(min_similarity)
        session = self.session(index)
        found = {
            (clones.representative.place, member.place): ClonePair(
                clones.representative.place, member.place, member.type, member.similarity, member.verdict is Verdict.APART
            )
            for clones in session.clone_classes
            for member in clones.members
        }
        for pair in session.reader.clone_pairs():
            if (pair.one, pair.other) not in found and (pair.other, pair.one) not in found:
                found[pair.one, pair.other] = pair
        ordered = sorted(found.values(), key=lambda pair: (-pair.similarity, pair.one, pair.other))
        return [pair for pair in ordered if pair.similarity >= least]

    def clone_blocks(self, index: Path, tokens: int, cancellation: CancellationToken) -> list[CloneBlock]:
        """Runs of at least so many tokens that stand at several places, those that save most first."""
        return repeated_blocks(self.session(index).reader, _positive(tokens, "the number of tokens"), cancellation)

    def diagram(self, index: Path, kind: str, scope: str, cancellation: CancellationToken | None = None) -> Diagram:
        """One diagram, drawn from the index alone; for the kind `pack` the scope is a question."""
        if kind == PACK:
            return pack_map(self.session(index).source_map, self.context(index, scope, _PACK_DIAGRAM))
        return self.session(index).diagram(kind, scope, cancellation)

    def pack_diagram(self, index: Path, pack: Pack) -> Diagram:
        """The evidence of an answer that was given; UsageError where the index has no such file any more."""
        source = self.session(index).source_map
        if gone := next((excerpt.path for excerpt in pack.excerpts if excerpt.path not in source.files), ""):
            raise UsageError("the evidence cannot be drawn", f"{gone} is not indexed any more", "ask again")
        return pack_map(source, pack)

    def drawing(self, index: Path, kind: str, scope: str, cancellation: CancellationToken) -> Drawing:
        """One diagram with its layout."""
        return self.lay_out(self.diagram(index, kind, scope, cancellation), cancellation)

    def lay_out(self, diagram: Diagram, cancellation: CancellationToken) -> Drawing:
        """A diagram with places for its parts."""
        return self._layout.lay_out(diagram, cancellation)

    def ruled_diagram(
        self, index: Path, kind: str, scope: str, rules: Rules, cancellation: CancellationToken | None = None
    ) -> Diagram:
        """One diagram with other rules than those in the source."""
        return self.session(index).ruled(rules).draw(kind, scope, cancellation)

    def violations(self, index: Path, rules: Rules | None = None) -> Sequence[Violation]:
        """What goes against the rules, those in the source where none are given. UsageError where there are none, they
        cannot be read or name a part that is not there."""
        session = self.session(index)
        source = session.source_map if rules is None else session.ruled(rules).source
        if not source.rules.rules:
            next_step = f"write them into {RULES_FILE} at the root of the source, or name a file with --rules"
            raise UsageError("there are no rules to check", f"this index has no {RULES_FILE}", next_step)
        if unknown := source.rules.unknown(list(source.files)):
            raise UsageError(f"a rule names {unknown}", "nothing in this index is called so", "correct it, or index again")
        return source.violations

    def comparison(self, index: Path, other: Path, scope: str, told: str) -> Diagram:
        """The architecture of an index beside that of an older one, which the title calls `told`."""
        return compare_architecture(self.session(index).source_map, self.session(other).source_map, scope, told)

    def explanation(self, index: Path) -> Explanation:
        """What a new colleague reads first, made from the index alone."""
        return self.session(index).explanation

    def explain(self, index: Path, ending: str, cancellation: CancellationToken) -> str:
        """The same as a document (`md` or `html`), with the architecture in it; kept until the source has changed."""
        session = self.session(index)
        return kept_document(
            session.folder,
            f"{VERSION}-{session.content_key}.{ending}",
            lambda: self._document(session, index, ending, cancellation),
        )

    def _document(self, session: IndexSession, index: Path, ending: str, cancellation: CancellationToken) -> str:
        if ending == "html":
            drawing = self.drawing(index, ARCHITECTURE, "", cancellation)
            return page(session.explanation, svg(drawing, "light"), session.reader)
        return markdown(session.explanation, mermaid(self.diagram(index, ARCHITECTURE, "", cancellation)))

    def verify(self, index: Path, cancellation: CancellationToken) -> Verification:
        """Check that every indexed file is reproduced byte for byte, also from its folded text and the copies that were
        kept, and that chunks and derived stores fit it."""
        session = self.session(index)
        reader = session.reader
        mismatches: list[str] = []
        total = 0
        copies, units = copies_by_chunk(reader.clone_classes()), UnitTexts(reader)
        for file in reader.files():
            cancellation.check("verifying")
            try:
                total += len(reader.content(file.path))
                encoded = len(reader.text(file.path).encode())
            except CodestrataError as error:
                mismatches.append(f"{file.path}: {error.why or error.what}")
                continue
            chunks = reader.chunks_of(file.path)
            bad = any(after.span.start < before.span.end for before, after in itertools.pairwise(chunks))
            if bad or any(chunk.span.end > encoded for chunk in chunks):
                mismatches.append(f"{file.path}: its chunks do not lie in its text")
            elif file.encoding not in EXTRACTED and not units.come_back(file, chunks, copies):
                mismatches.append(f"{file.path}: what was folded away does not come back")
        mismatches += [] if mismatches else session.derived_mismatches()
        return Verification(len(reader.files()), total, tuple(mismatches))


def _changes(reader: SnapshotReader, commits: str, cancellation: CancellationToken) -> ChangedLines:
    """What a range of commits changed in the folders of the source, by the paths of the index."""
    changes: dict[str, list[tuple[int, int]]] = {}
    folders = [(top, source) for top, source, stamp in parts_of(reader.meta("source"), reader.meta("stamp")) if not stamp]
    if not folders:
        raise SourceError("cannot compare commits", "the source of this index is no folder", "name a symbol instead")
    for top, source in folders:
        for path, spans in changed_lines(Path(to_os(source)), commits, cancellation).items():
            changes[top + path] = spans
    return changes


def _lines(text: str, first: int, last: int) -> str:
    return "\n".join(text.split("\n")[first - 1 : last])


def _require(value: str, what: str) -> None:
    if not value.strip():
        raise UsageError(f"{what} is empty", "", "say what you are looking for")


def _likeness(value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise UsageError(f"{value} is no similarity", "", "give a number between 0 and 1")
    return value


def _positive(value: int, what: str) -> int:
    if value < 1:
        raise UsageError(f"{what} is {value}", "", "give at least 1")
    return value


def _distinct(symbols: Sequence[Symbol]) -> tuple[Symbol, ...]:
    return tuple({symbol.key: symbol for symbol in symbols}.values())
