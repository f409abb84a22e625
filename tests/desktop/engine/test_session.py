"""An opened index follows the commits of a writer and keeps nothing of what it has left behind."""

from __future__ import annotations

import gc
from pathlib import Path

from core.cancellation import CancellationToken
from core.model.ranking import Filter
from desktop import assembly
from indexing.stores.sqlite.schema import DATABASE_NAME

ROUNDS = 8


def index(source: Path, folder: Path) -> None:
    for _ in assembly.start_indexing(str(source), str(folder), assembly.settings_for(), CancellationToken()):
        pass


def test_the_log_does_not_grow_with_the_updates_while_a_session_is_open(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "index"
    source.mkdir()
    service = assembly.open_service(assembly.settings_for())
    log = folder / f"{DATABASE_NAME}-wal"
    sizes: list[int] = []
    # The collector would close what was dropped, sooner or later; it has to be closed at once.
    gc.disable()
    try:
        for i in range(ROUNDS):
            (source / "main.py").write_text(f"def edited{i}():\n    return {i}\n")
            index(source, folder)
            sizes.append(log.stat().st_size if log.exists() else 0)
            ranking = service.search(folder, f"edited{i}", 1, Filter(), CancellationToken())
            assert [hit.path for hit in ranking.hits] == ["main.py"]
            # What a session keeps of these must not hold it open either.
            assert service.clones(folder, 0.0) == []
            assert [node.label for node in service.diagram(folder, "calls", f"edited{i}").nodes]
            assert service.diagram(folder, "architecture", "").nodes
    finally:
        gc.enable()
    assert sizes[-1] > 0
    assert max(sizes[2:]) <= 1.5 * sizes[2]
