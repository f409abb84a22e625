"""What a run remembers of the files that are not in the index as they should be, for those who ask later."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from core.model.source import FailedFile
from indexing.report import skipped_paths
from indexing.scan import Scan
from indexing.stores.sqlite.writer import IndexWriter

_MOST_FAILED = 10_000


def remember_run(
    writer: IndexWriter, found: Scan, failed: Sequence[FailedFile], degraded: Sequence[FailedFile], renewed: Collection[str]
) -> None:
    """Keep what failed, was skipped, or could only be taken as text; of the last, also what an earlier run told of files
    that are still there and not among the `renewed`."""
    there = {file.path for file in found.files}
    before = [FailedFile(path, reason) for path, reason in json.loads(writer.meta("degraded", "[]"))]
    kept = [file for file in before if file.path in there and file.path not in renewed]
    writer.set_meta("failed", _pairs(failed))
    writer.set_meta("degraded", _pairs([*kept, *degraded]))
    writer.set_meta("skipped", json.dumps(Counter(str(file.reason) for file in found.skipped)))
    writer.set_meta("skipped_paths", json.dumps(skipped_paths(found.skipped)))


def _pairs(files: Iterable[FailedFile]) -> str:
    told = sorted({(file.path, file.reason) for file in files})
    return json.dumps(told[:_MOST_FAILED])
