"""What a run of indexing tells, to the JSON of the contract: apart from all other shapes (`wire.py`), which take a tenth of
a second to import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from core.model.clone import FoldingSummary
from core.model.source import FailedFile
from indexing.report import Report, skipped_paths

Json = dict[str, Any]
"""An object of JSON."""


def report(run: Report) -> Json:
    vectors = run.vectors
    return {
        "index": run.index,
        "source": run.source,
        "revision": run.revision,
        "files": {
            "seen": run.files.seen,
            "indexed": run.files.indexed,
            "unchanged": run.files.unchanged,
            "removed": run.files.removed,
            "skipped": dict(Counter(str(file.reason) for file in run.files.skipped)),
            "skipped_paths": skipped_paths(run.files.skipped),
            "failed": _failures(run.files.failed),
            "degraded": _failures(run.files.degraded),
        },
        "bytes": run.bytes,
        "languages": {name: {"files": count.files, "bytes": count.bytes} for name, count in run.languages.items()},
        "chunks": run.chunks,
        "symbols": run.symbols,
        "edges": {kind: dict(counts) for kind, counts in run.edges.items()},
        "folding": folding(run.folding),
        "vectors": {
            "embedder": vectors.embedder,
            "count": vectors.count,
            "dimension": vectors.dimension,
            "precision": vectors.precision,
            "device": vectors.device,
        },
        "seconds": dict(run.seconds),
        "peak_rss_bytes": run.peak_rss_bytes,
        "index_bytes": run.index_bytes,
    }


def _failures(failures: Sequence[FailedFile]) -> list[Json]:
    return [{"path": failure.path, "reason": failure.reason} for failure in failures]


def folding(summary: FoldingSummary) -> Json:
    return {
        "raw_bytes": summary.raw_bytes,
        "code_bytes": summary.code_bytes,
        "after": {
            "identical_files": summary.after_identical_files,
            "type1": summary.after_type1,
            "type2": summary.after_type2,
            "type3": summary.after_type3,
            "files": summary.files_after_identical,
        },
        "plain": {
            "bytes": summary.plain.bytes,
            "after": {
                "identical_files": summary.plain.after_identical_files,
                "type1": summary.plain.after_type1,
                "type2": summary.plain.after_type2,
                "type3": summary.plain.after_type3,
            },
        },
        "files": summary.files,
        "generated_bytes": summary.generated_bytes,
        "vendored_bytes": summary.vendored_bytes,
    }
