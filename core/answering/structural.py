"""Structural questions: those the code graph answers exactly ("who calls X", "path from A to B")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Relation(StrEnum):
    """What is asked about the named symbols."""

    CALLERS = "callers"
    CALLEES = "callees"
    PATH = "path"
    SUBTYPES = "subtypes"
    SUPERTYPES = "supertypes"
    OVERRIDES = "overrides"
    IMPORTERS = "importers"
    DEFINITION = "definition"
    IMPACT = "impact"


@dataclass(frozen=True, slots=True)
class StructuralQuestion:
    """A relation and the one or two names it is asked of, as written."""

    relation: Relation
    names: tuple[str, ...]


_X = r"`?(?P<x>[^\W\d][\w.:$<>#/-]*)(?:\(\))?`?"
_A = _X.replace("?P<x>", "?P<a>")
_B = _X.replace("?P<x>", "?P<b>")
_KIND = r"(?:(?:the\s+)?(?:function|method|class|interface|struct|module|file|type)s?\s+)?"
_WHO = r"(?:who|what|which(?:\s+\w+){0,2}|where\s+do(?:es)?\s+\w+)"
_LEAD = r"^(?:please\s+)?(?:(?:show|list|find|give|name|tell)(?:\s+me)?\s+)?(?:all\s+)?(?:the\s+)?"

_FORMS: tuple[tuple[Relation, str], ...] = (
    (Relation.CALLERS, rf"^{_WHO}\s+(?:calls?|invokes?|uses?)\s+{_KIND}{_X}$"),
    (Relation.CALLERS, rf"{_LEAD}(?:callers?|uses|usages?|call\s+sites?)\s+of\s+{_KIND}{_X}$"),
    (Relation.CALLERS, rf"^(?:from\s+)?where\s+is\s+{_KIND}{_X}\s+(?:called|used|invoked)(?:\s+from)?$"),
    (Relation.CALLERS, rf"^{_WHO}\s+(?:is|are)\s+calling\s+{_KIND}{_X}$"),
    (Relation.CALLEES, rf"^(?:what|which(?:\s+\w+){{0,2}})\s+(?:does|do)\s+{_KIND}{_X}\s+(?:call|invoke|use)s?$"),
    (Relation.CALLEES, rf"{_LEAD}callees?\s+of\s+{_KIND}{_X}$"),
    (Relation.CALLEES, rf"^(?:what|which(?:\s+\w+){{0,2}})\s+(?:is|are)\s+called\s+(?:by|from|in)\s+{_KIND}{_X}$"),
    (
        Relation.PATH,
        rf"{_LEAD}(?:shortest\s+)?(?:call\s+)?(?:path|route|way|chain)s?\s+from\s+{_KIND}{_A}\s+to\s+{_KIND}{_B}$",
    ),
    (
        Relation.PATH,
        rf"^how\s+does\s+{_KIND}{_A}\s+(?:reach|get\s+to|come\s+to|call|lead\s+to|end\s+up\s+(?:in|at))\s+{_KIND}{_B}$",
    ),
    (Relation.SUBTYPES, rf"^{_WHO}\s+(?:inherits?|derives?)\s+from\s+{_KIND}{_X}$"),
    (Relation.SUBTYPES, rf"^{_WHO}\s+(?:inherits?|implements?|extends?|subclass(?:es)?)\s+{_KIND}{_X}$"),
    (
        Relation.SUBTYPES,
        rf"{_LEAD}(?:subclasses|subtypes|descendants|implementations|implementers|implementors|children)\s+of\s+{_KIND}{_X}$",
    ),
    (Relation.SUPERTYPES, rf"^what\s+does\s+{_KIND}{_X}\s+(?:inherit(?:\s+from)?|implement|extend|derive\s+from)$"),
    (
        Relation.SUPERTYPES,
        rf"{_LEAD}(?:superclass(?:es)?|base\s+class(?:es)?|parents?|supertypes?|bases)\s+of\s+{_KIND}{_X}$",
    ),
    (Relation.OVERRIDES, rf"^{_WHO}\s+overrides?\s+{_KIND}{_X}$"),
    (Relation.OVERRIDES, rf"{_LEAD}overrides\s+of\s+{_KIND}{_X}$"),
    (Relation.IMPORTERS, rf"^{_WHO}\s+imports?\s+{_KIND}{_X}$"),
    (Relation.IMPORTERS, rf"^where\s+is\s+{_KIND}{_X}\s+imported$"),
    (
        Relation.IMPACT,
        rf"^what\s+(?:else\s+)?(?:breaks?|changes?|is\s+affected|would\s+break|could\s+break|happens|depends\s+on)\s*(?:if|when)\s+"
        rf"(?:i\s+(?:change|remove|rename|break)\s+{_KIND}{_A}|{_KIND}{_B}\s+(?:changes?|breaks?|is\s+(?:changed|removed|renamed)))$",
    ),
    (Relation.IMPACT, rf"^{_WHO}\s+(?:depends?|relies?|rely)\s+on\s+{_KIND}{_X}$"),
    (
        Relation.IMPACT,
        rf"^what\s+does\s+(?:a\s+)?chang(?:e|ing)\s+(?:of\s+|to\s+|in\s+)?{_KIND}{_X}\s+(?:break|affect|touch)$",
    ),
    (Relation.IMPACT, rf"{_LEAD}impact\s+of\s+(?:changing\s+)?{_KIND}{_X}$"),
    (Relation.DEFINITION, rf"^where\s+is\s+{_KIND}{_X}\s+(?:defined|declared|implemented)$"),
    (Relation.DEFINITION, rf"{_LEAD}definition\s+of\s+{_KIND}{_X}$"),
)
_COMPILED = tuple((relation, re.compile(form, re.IGNORECASE)) for relation, form in _FORMS)
_ARTICLES = frozenset(["a", "an", "the", "it", "this", "that", "there", "you", "we", "they"])


def read_structural(question: str) -> StructuralQuestion | None:
    """What the graph is asked, or None for a question of another kind.

    A match is a reading of the words alone; whether the names are symbols is for the index to say.
    """
    text = " ".join(question.split()).rstrip("?!. ")
    for relation, form in _COMPILED:
        match = form.match(text)
        if match:
            names = tuple(name.rstrip(".:") for name in match.groupdict().values() if name)
            if not _ARTICLES.intersection(name.lower() for name in names):
                return StructuralQuestion(relation, names)
    return None
