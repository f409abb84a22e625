"""An opened index follows the commits of a writer and keeps nothing of what it has left behind."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from core.cancellation import CancellationToken
from core.model.answer import Answer, Delta
from core.model.context import Pack
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


def test_what_a_first_question_waits_for_is_read_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, folder = tmp_path / "source", tmp_path / "index"
    source.mkdir()
    (source / "main.py").write_text('def rename(name):\n    """Reads a name and writes another."""\n    return name\n')
    index(source, folder)
    service = assembly.open_service(assembly.settings_for())
    session = service.session(folder)
    service.prepare(folder, CancellationToken())
    monkeypatch.setattr(session, "_open_retriever", lambda: pytest.fail("it is open"))
    assert session.rank_for_pack("rename").hits


def test_the_evidence_comes_before_its_sentences_are_held_against_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, folder = tmp_path / "source", tmp_path / "index"
    source.mkdir()
    (source / "main.py").write_text('def rename(name):\n    """Reads a name and writes another."""\n    return name\n')
    index(source, folder)
    judged: list[str] = []

    def note(draft: object, reader: object) -> object:
        judged.append("judged")
        return judge(draft, reader)  # type: ignore[arg-type]

    from desktop.engine import service as module

    judge = module.judged
    monkeypatch.setattr(module, "judged", note)
    pieces = assembly.open_service(assembly.settings_for()).ask(
        folder, "where is a name written", 2_000, None, CancellationToken()
    )
    assert isinstance(next(pieces), Pack)
    assert isinstance(next(pieces), Delta)
    assert judged == []
    assert isinstance(next(pieces), Answer)
    assert judged == ["judged"]
