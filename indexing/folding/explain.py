"""Why a copy was folded, or was not: which local names it renames and which tokens it has of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from core.model.clone import Change, Difference
from indexing.folding.compare import FIRST_CODE, LOCAL_CODE, Coded, renamed_like
from indexing.folding.edits import EditKind, Side, edit_kind
from indexing.folding.lexing import MARK, Tokens
from indexing.folding.streams import Extent, ReadText, tokens_of

_BREAKS = MARK[0]


class Sited(NamedTuple):
    """A unit: where it stands in which file of the index, and the path of that."""

    file: int
    language: str
    extent: Extent
    path: str


class ExplainTask(NamedTuple):
    """What represents a class, and members that say it otherwise, with whether it matters what kind of change each makes.
    `size` is in bytes. A tuple, as `streams.Extent` is."""

    folder: str
    number: int
    kept: Sited
    members: tuple[Sited, ...]
    judged: tuple[bool, ...]
    size: int


class Explained(NamedTuple):
    """How each member of the task `number` differs, and what it changes (`indexing.folding.edits`, MIXED where it does not
    matter)."""

    number: int
    differences: tuple[Difference, ...]
    kinds: tuple[EditKind, ...]
    seconds: float


def give_up_explaining(task: ExplainTask, _reason: str) -> Explained:
    """For a class whose worker died."""
    return Explained(task.number, (Difference(),) * len(task.members), (EditKind.MIXED,) * len(task.members), 0.0)


def explain(read_text: ReadText, tasks: Sequence[ExplainTask]) -> list[Explained]:
    """What each member of each task has of its own, one result a task."""
    return [_explain(read_text, task) for task in tasks]


def _explain(read_text: ReadText, task: ExplainTask) -> Explained:
    began = time.process_time()
    kept = Original(_tokens(read_text, task.folder, task.kept), task.kept.path)
    known: dict[tuple[tuple[bytes, ...], str, bool], tuple[Difference, EditKind]] = {}
    found = []
    for member, judged in zip(task.members, task.judged, strict=True):
        tokens, numbered = _tokens(read_text, task.folder, member)
        key = tuple(tokens), member.path, judged
        if key not in known:
            known[key] = kept.difference((tokens, numbered), member.path, judged=judged)
        found.append(known[key])
    seconds = time.process_time() - began
    return Explained(task.number, tuple(told for told, _ in found), tuple(kind for _, kind in found), seconds)


def _tokens(read_text: ReadText, folder: str, site: Sited) -> tuple[Tokens, Tokens]:
    return tokens_of(read_text(folder, site.file), site.language, site.extent)


def difference(
    kept: tuple[Tokens, Tokens], copy: tuple[Tokens, Tokens], kept_path: str = "", copy_path: str = ""
) -> tuple[Difference, EditKind]:
    """How `copy` differs from `kept`; see `Original`."""
    return Original(kept, kept_path).difference(copy, copy_path)


class Original:
    """What represents a class, given by its tokens as they stand and with local names numbered, and taken apart once for
    all that are compared with it."""

    def __init__(self, tokens: tuple[Tokens, Tokens], path: str) -> None:
        self._tokens, self._side = tokens[0], Side(tokens[0], path)
        self._codes: dict[bytes, str] = {}
        self._coded = _coded(tokens, self._codes)

    def difference(self, copy: tuple[Tokens, Tokens], path: str, *, judged: bool = True) -> tuple[Difference, EditKind]:
        """How `copy`, given likewise, differs; and, where it is to be `judged`, what it changes (else MIXED). A name that is
        the same but for words of the two paths is the same."""
        codes = self._codes.copy()
        one, other = self._coded, _coded(copy, codes)
        tokens = {code: token for token, code in codes.items()}
        changed, names = renamed_like(one, other)
        renamed = tuple(
            (_shown([tokens[mine]]), _shown([tokens[theirs]])) for mine, theirs in names.items() if mine != theirs
        )
        runs: list[tuple[range, range]] = []
        for step in Indel.opcodes(changed, other.raw):
            mine, theirs = range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)
            if step.tag == "equal":
                continue
            if runs and runs[-1][0].stop == mine.start and runs[-1][1].stop == theirs.start:
                runs[-1] = range(runs[-1][0].start, mine.stop), range(runs[-1][1].start, theirs.stop)
            else:
                runs.append((mine, theirs))
        told = [(_shown(self._tokens[a.start : a.stop]), _shown(copy[0][b.start : b.stop])) for a, b in runs]
        kind = edit_kind(self._side, Side(copy[0], path), runs) if judged else EditKind.MIXED
        return Difference(renamed, tuple(Change(before, after) for before, after in told if before or after)), kind


def _coded(tokens: tuple[Tokens, Tokens], codes: dict[bytes, str]) -> Coded:
    raw = "".join([codes.get(token) or codes.setdefault(token, chr(FIRST_CODE + len(codes))) for token in tokens[0]])
    plain = "".join(code if token is number else LOCAL_CODE for code, token, number in zip(raw, *tokens, strict=True))
    return Coded(raw, plain)


def _shown(tokens: Tokens) -> str:
    return b" ".join(token for token in tokens if token[0] != _BREAKS).decode("utf-8", "replace")
