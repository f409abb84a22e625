"""What an index says, without the numbers that depend on its history: to tell whether two say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.cancellation import CancellationToken
from core.model.chunk import Chunk
from core.model.ranking import Filter
from core.model.source import Place
from desktop import assembly
from desktop.engine import wire
from indexing.stores.sqlite.reader import open_snapshot

Said = dict[str, Counter[str]]
"""What is said, by subject: each statement with how often."""


def said_by(folder: Path, questions: Sequence[str]) -> Said:
    """Everything an index says: files, chunks, symbols and edges by their ids, clone classes, and what `questions` find."""
    service = assembly.open_service(assembly.settings_for())
    graph = wire.graph(service.graph(folder))
    with open_snapshot(folder) as reader:
        files = reader.files()
        said = {
            "files": Counter(
                f"{file.path} {file.language} {file.role} {file.content_hash} {file.encoding}" for file in files
            ),
            "chunks": Counter(_chunk(chunk) for file in files for chunk in reader.chunks_of(file.path)),
            "clone classes": Counter(
                f"{found.type} {_place(found.representative.place)} {sorted(_place(m.place) for m in found.members)}"
                for found in reader.clone_classes()
            ),
            "folding": Counter([str(reader.folding())]),
        }
    said["nodes"] = Counter(str(sorted(node.items())) for node in graph["nodes"])
    said["edges"] = Counter(str(sorted(edge.items())) for edge in graph["edges"])
    # Without their ranks: chunks that were removed count among a word's until their segment of words is merged, so that two
    # hits that are all but equal may stand the other way round.
    said["answers"] = Counter(
        f"{question} {hit.path}:{hit.start_line}-{hit.end_line}"
        for question in questions
        for hit in service.search(folder, question, 10, Filter(), CancellationToken()).hits
    )
    said["damage"] = Counter(service.verify(folder, CancellationToken()).mismatches)
    return said


def differences(one: Said, other: Said) -> dict[str, list[str]]:
    """By subject, what only one of two says; subjects that agree are left out."""
    found = {subject: one[subject] - other[subject] for subject in one}
    lacking = {subject: other[subject] - one[subject] for subject in one}
    return {
        subject: [*(f"+ {text}" for text in sorted(found[subject])), *(f"- {text}" for text in sorted(lacking[subject]))]
        for subject in one
        if found[subject] or lacking[subject]
    }


def _chunk(chunk: Chunk) -> str:
    folded = chunk.id != chunk.representative
    return f"{chunk.path} {chunk.span} {chunk.kind} {chunk.symbol} {chunk.part} {folded} {chunk.outline}"


def _place(place: Place) -> str:
    return f"{place.path}:{place.start_line}-{place.end_line}"
