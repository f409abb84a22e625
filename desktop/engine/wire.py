"""Records to the JSON of the contract, one function a shape. Fields may be added; those there keep their names."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from core.errors import CodestrataError, ConsentNeededError
from core.graph.impact import Impact
from core.model.answer import Answer, Step
from core.model.clone import CloneBlock, CloneClass, CloneMember, ClonePair, FoldingSummary
from core.model.context import Cost, Pack
from core.model.diagram import Diagram, Drawing, Rectangle
from core.model.explanation import Explanation
from core.model.graph import CodeGraph, Edge
from core.model.ledger import LedgerEntry
from core.model.needle import Asked, NeedleGrid, Trial, Wording
from core.model.ranking import Ranking
from core.model.source import IndexedFile, Place
from core.model.symbol import Symbol
from core.progress import Progress
from desktop.drawing.sequence import bars
from desktop.engine.run_wire import Json, folding

if TYPE_CHECKING:
    from core.diagrams.rules import Violation
    from desktop.answer_log import LoggedAnswer
    from desktop.engine.service import SymbolView

_MOST_TOLD = 300
"""Characters of a difference beside a hit."""


def error(failure: CodestrataError) -> Json:
    told: Json = {
        "what": failure.what,
        "why": failure.why,
        "next": failure.next_step,
        "message": str(failure),
        "exit_code": failure.exit_code,
    }
    if isinstance(failure, ConsentNeededError):
        told["consent"] = {"host": failure.host, "provider": failure.provider, "model": failure.model}
    return told


def progress(step: Progress, seconds: float) -> Json:
    return {
        "stage": str(step.stage),
        "done": step.done,
        "total": step.total,
        "bytes_done": step.bytes_done,
        "bytes_total": step.bytes_total,
        "path": step.path,
        "searchable": step.searchable,
        "seconds": round(seconds, 3),
    }


def place(where: Place) -> Json:
    return {"path": where.path, "start_line": where.start_line, "end_line": where.end_line, "symbol": where.symbol}


def symbol(found: Symbol) -> Json:
    return {
        "id": found.id,
        "name": found.name,
        "qualified_name": found.qualified_name,
        "kind": str(found.kind),
        "language": found.language,
        "path": found.path,
        "start_line": found.start_line,
        "end_line": found.end_line,
        "signature": found.signature,
        "doc": found.doc,
    }


def symbol_view(view: SymbolView) -> Json:
    return {
        **symbol(view.symbol),
        "text": view.text,
        "callers": [symbol(found) for found in view.callers],
        "callees": [symbol(found) for found in view.callees],
    }


def graph(part: CodeGraph) -> Json:
    ids = {node.key: node.id for node in part.symbols}
    return {"nodes": [symbol(node) for node in part.symbols], "edges": [_edge(link, ids) for link in part.edges]}


def impact(found: Impact, tests: Collection[str]) -> Json:
    """The walk, with the ids of what changes itself and of what is reached in the files `tests`."""
    reached = [node.id for node in found.reached if node.path in tests]
    return {**graph(found.graph), "changed": [node.id for node in found.changed], "tests": reached}


def _edge(link: Edge, ids: Mapping[int, str]) -> Json:
    return {
        "source": ids[link.source],
        "target": ids[link.target],
        "kind": str(link.kind),
        "confidence": str(link.confidence),
        "path": link.path,
        "line": link.line,
    }


def ranking(found: Ranking, texts: Sequence[str] = (), request_id: object = None) -> Json:
    """`texts` holds a text for each hit, or nothing."""
    results = []
    for i, hit in enumerate(found.hits):
        row: Json = {
            "path": hit.path,
            "start_line": hit.start_line,
            "end_line": hit.end_line,
            "symbol": hit.symbol,
            "kind": hit.kind,
            "score": round(hit.score, 6),
            "origins": [str(origin) for origin in hit.origins],
            "copies": hit.copies,
            "copied": [_copied(member) for member in hit.copied],
        }
        results.append({**row, "text": texts[i]} if texts else row)
    named = {} if request_id is None else {"id": request_id}
    return {
        **named,
        "query": found.query,
        "milliseconds": round(found.milliseconds, 3),
        "results": results,
        "stale_files": found.stale_files,
        "nowhere": list(found.nowhere),
    }


def cost(made: Cost) -> Json:
    """What a prompt costs; its price only where it is known."""
    price = {} if made.usd is None else {"usd": made.usd}
    return {
        "kv_cache_bytes": made.kv_cache_bytes,
        "attention_flops": made.attention_flops,
        "attention_ratio": made.attention_ratio,
        **price,
    }


def pack(made: Pack, request_id: object = None) -> Json:
    named = {} if request_id is None else {"id": request_id}
    return {
        **named,
        "question": made.question,
        "budget": made.budget,
        "tokens": made.tokens,
        "tokenizer": made.tokenizer,
        "whole_source_tokens": made.whole_source_tokens,
        "excerpts": [
            {
                "n": excerpt.n,
                "path": excerpt.path,
                "start_line": excerpt.start_line,
                "end_line": excerpt.end_line,
                "symbol": excerpt.symbol,
                "role": str(excerpt.role),
                "tokens": excerpt.tokens,
                "why": excerpt.why,
                "text": excerpt.text,
            }
            for excerpt in made.excerpts
        ],
        "text": made.text,
        "redactions": made.redactions,
        "flagged_instructions": made.flagged_instructions,
        "cost": cost(made.cost),
    }


def answer(given: Answer) -> Json:
    usage = given.usage
    return {
        "question": given.question,
        "provider": given.provider,
        "model": given.model,
        "text": given.text,
        "citations": [
            {"n": cited.n, "path": cited.path, "start_line": cited.start_line, "end_line": cited.end_line}
            for cited in given.citations
        ],
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations), "supported": sentence.supported}
            for sentence in given.sentences
        ],
        "pack": pack(given.pack),
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "seconds_to_first_token": usage.seconds_to_first_token,
            "reported": usage.reported,
            "usd": usage.usd,
        },
        "sent_to": given.sent_to,
        "interrupted": given.interrupted,
        "understood": given.understood,
        **({"steps": [step(taken) for taken in given.steps]} if given.steps else {}),
    }


def step(taken: Step) -> Json:
    """A step of a deep question."""
    return {
        "kind": str(taken.kind),
        "number": taken.number,
        "total": taken.total,
        "question": taken.question,
        "told": taken.told,
        "calls": taken.calls,
        "tokens": taken.tokens,
    }


def logged_answer(entry: LoggedAnswer) -> Json:
    """An answer as the history lists it."""
    return {
        "number": entry.number,
        "conversation": entry.conversation,
        "when": entry.when,
        "question": entry.turn.question,
        "understood": entry.turn.understood if entry.turn.understood != entry.turn.question else "",
        "provider": entry.provider,
        "model": entry.model,
        "accepted": entry.accepted,
        "places": [place(where) for where in entry.turn.places],
    }


def ledger_entry(entry: LedgerEntry) -> Json:
    """Times in seconds since the epoch; a host of this machine is null."""
    sent, outcome = entry.sending, entry.outcome
    return {
        "number": entry.number,
        "when": sent.when,
        "provider": sent.provider,
        "model": sent.model,
        "host": sent.host or None,
        "question": sent.question,
        "bytes": sent.bytes,
        "tokens": sent.tokens,
        "sha256": sent.sha256,
        "outcome": str(outcome.fate),
        "detail": outcome.detail,
        "seconds": round(outcome.seconds, 3),
        "usage": {
            "input_tokens": outcome.input_tokens,
            "output_tokens": outcome.output_tokens,
            "reported": outcome.reported,
            "usd": outcome.usd,
        },
    }


def clones(classes: Sequence[CloneClass], summary: FoldingSummary) -> Json:
    return {"classes": [_clone_class(found) for found in classes], "folding": folding(summary)}


def clone_pairs(pairs: Sequence[ClonePair]) -> Json:
    return {
        "pairs": [
            {
                "a": place(pair.one),
                "b": place(pair.other),
                "type": int(pair.type),
                "similarity": round(pair.similarity, 4),
                "apart": pair.apart,
            }
            for pair in pairs
        ]
    }


def clone_blocks(blocks: Sequence[CloneBlock]) -> Json:
    return {"blocks": [{"tokens": block.tokens, "places": [place(where) for where in block.places]} for block in blocks]}


def _clone_class(found: CloneClass) -> Json:
    return {
        "id": found.id,
        "type": int(found.type),
        "similarity": round(found.similarity, 4),
        "bytes_saved": found.bytes_saved,
        "representative": place(found.representative.place),
        "members": [_clone_member(member) for member in found.members],
    }


def _clone_member(member: CloneMember) -> Json:
    return {
        **place(member.place),
        "similarity": round(member.similarity, 4),
        "type": int(member.type),
        "verdict": str(member.verdict),
        "threshold": member.threshold,
        "renamed": [list(pair) for pair in member.difference.renamed],
        "changes": [{"removed": change.removed, "added": change.added} for change in member.difference.changes],
    }


def _copied(member: CloneMember) -> Json:
    return {
        **place(member.place),
        "similarity": round(member.similarity, 4),
        "type": int(member.type),
        "difference": member.difference.told(_MOST_TOLD),
    }


def needle_grid(grid: NeedleGrid) -> Json:
    """`found_at` and `recall_at_10` are of the harder questions, those in other words; `grids` and `recall` tell both."""
    return {
        "sizes_mb": [row.size_mb for row in grid.rows],
        "depths": list(grid.depths),
        "found_at": grid.found_at(Wording.PARAPHRASE),
        "recall_at_10": grid.recall(Wording.PARAPHRASE),
        "grids": {wording.value: grid.found_at(wording) for wording in Wording},
        "recall": {wording.value: grid.recall(wording) for wording in Wording},
        "searched": grid.searched,
        "trees": [{"size_mb": row.size_mb, "bytes": row.bytes, "files": row.files} for row in grid.rows],
        "needles": [[[dataclasses.asdict(finding) for finding in cell] for cell in row.findings] for row in grid.rows],
    }


def needle_answers(asked: Asked) -> Json:
    """What a model answered to planted facts; `way` is `pack` or `stuffed`, `length` that of a stuffed prompt."""
    return {
        "provider": asked.provider,
        "model": asked.model,
        "window": asked.window,
        "columns": [
            {"way": way.value, "size_mb": size_mb, "length": length, **_sums(asked.of((way, size_mb, length)))}
            for way, size_mb, length in asked.columns()
        ],
        "trials": [{**dataclasses.asdict(trial), "way": trial.way.value} for trial in asked.trials],
    }


def _sums(trials: Sequence[Trial]) -> Json:
    costs = [trial.usd for trial in trials if trial.usd is not None]
    return {
        "right": sum(trial.right for trial in trials),
        "of": len(trials),
        "input_tokens": sum(trial.input_tokens for trial in trials),
        "seconds": round(sum(trial.seconds for trial in trials), 3),
        "usd": sum(costs) if costs else None,
    }


def diagram(drawn: Diagram) -> Json:
    return {
        "kind": drawn.kind,
        "title": drawn.title,
        "subtitle": drawn.subtitle,
        "nodes": [
            {
                "id": node.id,
                "label": node.label,
                "detail": node.detail,
                "kind": node.kind,
                "place": None if node.place is None else place(node.place),
                "cluster": node.cluster,
                "weight": node.weight,
                "scope": node.scope,
                "external": node.external,
                "mark": str(node.mark),
                "heat": node.heat,
            }
            for node in drawn.nodes
        ],
        "edges": [
            {
                "source": link.source,
                "target": link.target,
                "kind": str(link.kind),
                "confidence": str(link.confidence),
                "count": link.count,
                "places": [place(where) for where in link.places],
                "label": link.label,
                "depth": link.depth,
                "mark": str(link.mark),
            }
            for link in drawn.edges
        ],
        "clusters": [{"id": frame.id, "label": frame.label, "parent": frame.parent} for frame in drawn.clusters],
        "omitted": [{"what": left.what, "count": left.count} for left in drawn.omitted],
    }


def violations(found: Sequence[Violation]) -> Json:
    """What goes against rules, by place."""
    return {
        "violations": [
            {
                "rule": violation.rule.told,
                **place(violation.place),
                "target": violation.target_name,
                "target_path": violation.target,
                "kind": str(violation.kind),
                "confidence": str(violation.confidence),
            }
            for violation in found
        ]
    }


def layout(drawing: Drawing) -> Json:
    return {
        "width": drawing.width,
        "height": drawing.height,
        "nodes": {key: _rectangle(box) for key, box in drawing.nodes.items()},
        "clusters": {key: _rectangle(box) for key, box in drawing.clusters.items()},
        "routes": [
            {
                "points": [list(point) for point in route.points],
                "tip": list(route.tip),
                "label": None if route.label is None else list(route.label),
            }
            for route in drawing.routes
        ],
        "bars": [_rectangle(bar.area) for bar in bars(drawing)] if drawing.diagram.kind == "sequence" else [],
    }


def _rectangle(box: Rectangle) -> list[float]:
    return [box.x, box.y, box.width, box.height]


def tree(files: Sequence[IndexedFile]) -> list[Json]:
    return [
        {"path": file.path, "language": file.language, "role": str(file.role), "bytes": file.size, "lines": file.lines}
        for file in files
    ]


def explanation(made: Explanation) -> Json:
    """Every sentence with the places it rests on."""
    return {
        "title": made.title,
        "chapters": [
            {
                "heading": chapter.heading,
                "paragraphs": [
                    {
                        "name": paragraph.name,
                        "numbered": paragraph.numbered,
                        "sentences": [
                            {"text": told.text, "places": [place(where) for where in told.places]}
                            for told in paragraph.sentences
                        ],
                    }
                    for paragraph in chapter.paragraphs
                ],
            }
            for chapter in made.chapters
        ],
    }
