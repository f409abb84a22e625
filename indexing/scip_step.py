"""What the SCIP indexes that lie in a source say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from posixpath import dirname, join

from core.model.source import FailedFile
from indexing.scip import MOST_BYTES, ScipDocument, ScipError, read_documents
from indexing.scip_edges import ScipEdges
from indexing.stores.sqlite.facts import StoredFacts
from indexing.tool_files import Locate


def open_scip(paths: Sequence[str], locate: Locate, facts: StoredFacts) -> tuple[ScipEdges, list[FailedFile]]:
    """What the indexes say of the files of `facts`, and those that could not be read (in part: what came before counts)."""
    documents: dict[str, ScipDocument] = {}
    failed: list[FailedFile] = []
    for path in paths:
        try:
            file = Path(locate(path))
            if file.stat().st_size > MOST_BYTES:
                raise ScipError(f"it is larger than {MOST_BYTES / 1e6:.0f} MB")
            for document in read_documents(file.read_bytes()):
                documents.setdefault(join(dirname(path), document.path), document)
        except (OSError, ScipError) as error:
            failed.append(FailedFile(path, f"cannot be read as a SCIP index: {error}"))
    ids = {member.path: member.id for members in facts.members().values() for member in members}
    try:
        return ScipEdges(documents, facts, ids), failed
    except ScipError as error:
        failed.append(FailedFile(paths[0], f"cannot be read as a SCIP index: {error}"))
        return ScipEdges({}, facts, ids), failed
