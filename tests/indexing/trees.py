"""Whole indexes of small trees, and what they say without their ids."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.cancellation import CancellationToken
from core.model.graph import EdgeKind
from core.settings import IndexSettings, Settings
from indexing.embedding.static import StaticEmbedder
from indexing.intake import open_source
from indexing.pipeline import Job, build
from indexing.report import Report
from indexing.stores.sqlite.reader import open_snapshot
from indexing.stores.sqlite.writer import IndexWriter

Graph = set[tuple[str, str, str, str, str, int]]
"""(source, target, kind, confidence, path, line) of each edge but `contains`, ends by their ids."""


def write_tree(root: Path, sources: Mapping[str, str | None]) -> None:
    """Write files, or remove those that are None."""
    for path, text in sources.items():
        file = root / path
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


def index_tree(root: Path, folder: Path, *, settle: bool = False) -> Report:
    """Bring the index in `folder` up to date, in this process; with `settle`, link whole what was linked in part."""
    settings = Settings(index=IndexSettings(executor="serial", settle=settle))
    with open_source(str(root)) as workspace:
        run = build(Job(workspace, folder, settings, StaticEmbedder()), CancellationToken())
        while True:
            try:
                next(run)
            except StopIteration as done:
                report: Report = done.value
                return report


def is_settled(folder: Path) -> bool:
    """Whether all of the index was linked since the last change."""
    with IndexWriter(folder) as writer:
        return not writer.links.has_unsettled()


def graph_of(folder: Path) -> Graph:
    with open_snapshot(folder) as reader:
        ids = {symbol.key: symbol.id for symbol in reader.all_symbols()}
        return {
            (ids[e.source], ids[e.target], str(e.kind), str(e.confidence), e.path, e.line)
            for e in reader.edges()
            if e.kind is not EdgeKind.CONTAINS
        }
