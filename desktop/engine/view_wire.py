"""Records of the views to JSON, one function a shape (`README.md`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.clone import CloneClass, CloneMember, ListedClass
from core.model.source import IndexedFile, Place
from core.model.symbol import Symbol
from desktop.engine import run_wire, wire
from desktop.engine.run_wire import Json

if TYPE_CHECKING:
    from desktop.engine.clone_desk import ClassPage, ClassView, CloneDiff, DiffSide
    from desktop.engine.code_desk import Definitions, Margin, References
    from desktop.engine.overview_desk import Overview, RoleShare
    from desktop.engine.problem_desk import Problems
    from indexing.folding.aligning import Mark, Row
    from indexing.intake.blame import Blame
    from indexing.stores.choices import Chosen

_MOST_TOLD = 300
"""Characters of a difference in a list of members."""
_MOST_RENAMED = 200


def class_page(page: ClassPage) -> Json:
    """`clone_list`."""
    return {
        "offset": page.offset,
        "total": page.total,
        "copies": page.copies,
        "bytes_saved": page.bytes_saved,
        "types": {str(kind): count for kind, count in sorted(page.types.items())},
        "classes": [{**_listed(found), "representative": wire.place(place)} for found, place in page.classes],
        "folding": run_wire.folding(page.folding),
    }


def _listed(found: ListedClass) -> Json:
    return {
        "id": found.id,
        "type": int(found.type),
        "similarity": round(found.similarity, 4),
        "bytes_saved": found.bytes_saved,
        "copies": found.copies,
        "folded": found.folded,
        "unfolded": found.unfolded,
    }


def class_view(view: ClassView) -> Json:
    """`clone_class`."""
    found: CloneClass = view.found
    return {
        "id": found.id,
        "type": int(found.type),
        "similarity": round(found.similarity, 4),
        "bytes_saved": found.bytes_saved,
        "copies": len(found.members),
        "offset": view.offset,
        "representative": {**wire.place(found.representative.place), "choice": _choice(view.choices, found.representative)},
        "members": [_member(view.choices, member) for member in view.members],
    }


def _member(choices: Chosen, member: CloneMember) -> Json:
    return {
        **wire.place(member.place),
        "type": int(member.type),
        "similarity": round(member.similarity, 4),
        "verdict": str(member.verdict),
        "threshold": member.threshold,
        "difference": member.difference.told(_MOST_TOLD),
        "choice": _choice(choices, member),
    }


def _choice(choices: Chosen, member: CloneMember) -> str:
    return str(choices.get((member.place.path, member.place.symbol), ""))


def clone_diff(diff: CloneDiff) -> Json:
    """`clone_diff`."""
    member = diff.member
    return {
        "type": int(member.type),
        "similarity": round(member.similarity, 4),
        "verdict": str(member.verdict),
        "threshold": member.threshold,
        "renamed": [list(pair) for pair in member.difference.renamed[:_MOST_RENAMED]],
        "left": _side(diff.left),
        "right": _side(diff.right),
        "rows": [_row(row) for row in diff.rows],
        "counts": diff.counts(),
        "cut": diff.cut,
    }


def _side(side: DiffSide) -> Json:
    return {
        **wire.place(side.place),
        "language": side.language,
        "lines": list(side.lines),
        "highlights": [[list(span) for span in line] for line in side.highlights],
    }


def _row(row: Row) -> Json:
    return {
        "kind": str(row.kind),
        "left": row.left,
        "right": row.right,
        "left_marks": [_mark(mark) for mark in row.left_marks],
        "right_marks": [_mark(mark) for mark in row.right_marks],
    }


def _mark(mark: Mark) -> list[int | str]:
    return [mark.column, mark.length, "renamed" if mark.renamed else "changed"]


def blame(found: Blame) -> Json:
    """`blame`: the commits, and for each line the place of one among these, -1 where it was never committed."""
    commits = [
        {"id": commit.id, "author": commit.author, "seconds": commit.seconds, "summary": commit.summary}
        for commit in found.commits
    ]
    return {"commits": commits, "lines": list(found.lines)}


def margin(found: Margin) -> Json:
    """`margin`."""
    return {
        "called": [
            {
                "symbol": called.symbol.id,
                "name": called.symbol.name,
                "line": called.symbol.start_line,
                "callers": called.callers,
                "calls": called.calls,
            }
            for called in found.called
        ],
        "copied": [
            {
                "class": span.class_id,
                "start_line": span.start_line,
                "end_line": span.end_line,
                "copies": span.copies,
                "folded": span.folded,
                "represents": span.represents,
            }
            for span in found.copied
        ],
    }


def references(found: References) -> Json:
    """`references`."""
    return {
        "symbol": wire.symbol(found.symbol),
        "total": found.total,
        "offset": found.offset,
        "counts": found.counts,
        "references": [
            {
                "path": use.edge.path,
                "line": use.edge.line,
                "kind": str(use.edge.kind),
                "confidence": str(use.edge.confidence),
                "symbol": use.user.id,
                "text": use.text,
            }
            for use in found.references
        ],
    }


def definitions(found: Definitions) -> Json:
    """`definition`."""
    return {"name": found.name, "certain": found.certain, "symbols": [wire.symbol(symbol) for symbol in found.symbols]}


def problems(found: Problems) -> Json:
    """`problems`."""
    return {
        "reasons": [
            {"kind": str(count.kind), "reason": count.reason, "files": count.files, "listed": count.listed}
            for count in found.reasons
        ],
        "total": found.total,
        "offset": found.offset,
        "files": [{"kind": str(problem.kind), "reason": problem.reason, "path": problem.path} for problem in found.files],
    }


def overview(found: Overview) -> Json:
    """`overview`."""
    return {
        "files": found.files,
        "bytes": found.bytes,
        "lines": found.lines,
        "languages": {name: _share(share) for name, share in found.languages.items()},
        "roles": {name: _share(share) for name, share in found.roles.items()},
        "largest": [_file(file) for file in found.largest],
        "called": [{**_short(called.symbol), "calls": called.calls} for called in found.called],
        "entries": [{**_short(entry.symbol), "entry": str(entry.kind), "why": entry.why} for entry in found.entries],
        "tests": [{"path": path, "files": files} for path, files in found.tests],
    }


def _share(share: RoleShare) -> Json:
    return {"files": share.files, "bytes": share.bytes, "lines": share.lines}


def _file(file: IndexedFile) -> Json:
    return {"path": file.path, "language": file.language, "role": str(file.role), "bytes": file.size, "lines": file.lines}


def _short(symbol: Symbol) -> Json:
    """Where a symbol stands, without its documentation."""
    where = wire.place(Place(symbol.path, symbol.start_line, symbol.end_line, symbol.id))
    return {**where, "name": symbol.name, "kind": str(symbol.kind)}
