"""What the pages of the middle pane show: clones, problems, the overview."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from desktop.qt.replies import LanguageShare, PlaceReply, TreeFile


class ListedClassReply(TypedDict):
    """A clone class without its members."""

    id: int
    type: int
    similarity: float
    bytes_saved: int
    copies: int
    folded: int
    unfolded: int
    representative: PlaceReply


class ClassPageReply(TypedDict):
    """Some of the classes that a filter admits."""

    offset: int
    total: int
    copies: int
    bytes_saved: int
    types: dict[str, int]
    classes: list[ListedClassReply]
    folding: dict[str, Any]


class MemberReply(PlaceReply):
    """A place of a clone class; of the representative, only the place and the choice."""

    choice: str
    type: NotRequired[int]
    similarity: NotRequired[float]
    verdict: NotRequired[str]
    threshold: NotRequired[float]
    difference: NotRequired[str]


class ClassReply(TypedDict):
    """One clone class with a page of its members."""

    id: int
    type: int
    similarity: float
    bytes_saved: int
    copies: int
    offset: int
    representative: MemberReply
    members: list[MemberReply]


class ReasonReply(TypedDict):
    """How many files share a reason; `listed` of them are known by their paths."""

    kind: str
    reason: str
    files: int
    listed: int


class ProblemReply(TypedDict):
    """A file that is not in the index as it should be."""

    kind: str
    reason: str
    path: str


class ProblemsReply(TypedDict):
    """The reasons, and a page of files."""

    reasons: list[ReasonReply]
    total: int
    offset: int
    files: list[ProblemReply]


class ShareReply(LanguageShare):
    """How much of a source has one language or role."""

    lines: int


class CalledMostReply(PlaceReply):
    """A definition that much calls."""

    name: str
    kind: str
    calls: int


class EntryReply(PlaceReply):
    """Where a program is entered."""

    name: str
    kind: str
    entry: str
    why: str


class TestsReply(TypedDict):
    """A folder that holds test files."""

    path: str
    files: int


class OverviewReply(TypedDict):
    """A codebase at a glance."""

    files: int
    bytes: int
    lines: int
    languages: dict[str, ShareReply]
    roles: dict[str, ShareReply]
    largest: list[TreeFile]
    called: list[CalledMostReply]
    entries: list[EntryReply]
    tests: list[TestsReply]
