"""Structural questions: those the code graph answers exactly ("who calls X", "path from A to B").

They are read by their form alone, and only where a question is nothing else: rankings put what the graph knows first, and
answers without a model are made of it.
"""

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
    TESTS = "tests"


@dataclass(frozen=True, slots=True)
class StructuralQuestion:
    """A relation and the one or two names it is asked of, as written."""

    relation: Relation
    names: tuple[str, ...]


_X = r"[`'\"]?(?P<x>[^\W\d][\w.:$<>#/-]*)(?:\(\))?[`'\"]?"
_A = _X.replace("?P<x>", "?P<a>")
_B = _X.replace("?P<x>", "?P<b>")
_SORT = r"(?:function|method|class|interface|struct|module|file|type|trait|macro|constructor)"
_KIND = rf"(?:(?:the\s+)?{_SORT}s?\s+)?"
_NAMED = rf"(?:the\s+)?(?:{_SORT}s?\s+)?{_X}(?:\s+{_SORT})?"
_WHO = (
    r"(?:(?:who|what|which)(?:\s+(?:else|all|other|code|functions?|methods?|classes|types?|structs?|places?|modules?|files?))*"
    r"|which(?:\s+\w+){0,2}|where\s+do(?:es)?\s+\w+)"
)
_USE = r"(?:calls?|invokes?|uses?|references?|instantiates?|constructs?)"
_TEST = r"(?:tests?|covers?|exercises?|checks?|calls?|uses?|verif(?:y|ies))"
_LONGEST = 300
"""Characters; a longer question is about more than one name."""
_LEAD = (
    r"^(?:please\s+)?(?:(?:(?:show|list|find|give|name|tell)(?:\s+me)?|(?:what|which|who|where)\s+(?:is|are))\s+)?"
    r"(?:all\s+)?(?:the\s+)?"
)

_FORMS: tuple[tuple[Relation, str], ...] = (
    (
        Relation.TESTS,
        rf"^(?:which|what)\s+(?:unit\s+)?tests?(?:\s+(?:functions?|methods?))?\s+{_TEST}\s+{_NAMED}$",
    ),
    (
        Relation.TESTS,
        rf"^(?:(?:what|which|where)\s+are\s+)?(?:the\s+)?tests?\s+(?:of|for|that\s+{_TEST})\s+{_NAMED}$",
    ),
    (Relation.TESTS, rf"^(?:which|what)\s+tests\s+{_NAMED}$"),
    (Relation.TESTS, rf"^where\s+is\s+{_NAMED}\s+(?:tested|covered)$"),
    (Relation.CALLERS, rf"^{_WHO}\s+{_USE}\s+{_NAMED}$"),
    (Relation.CALLERS, rf"{_LEAD}(?:callers?|uses|usages?|call\s+sites?|references)\s+(?:of|to)\s+{_NAMED}$"),
    (
        Relation.CALLERS,
        rf"^(?:from\s+)?where\s+is\s+{_NAMED}\s+(?:called|used|invoked|referenced|instantiated)(?:\s+from)?$",
    ),
    (Relation.CALLERS, rf"^{_WHO}\s+(?:is|are)\s+calling\s+{_NAMED}$"),
    (Relation.CALLEES, rf"^(?:what|which(?:\s+\w+){{0,2}})\s+(?:does|do)\s+{_NAMED}\s+(?:call|invoke|use)s?$"),
    (Relation.CALLEES, rf"{_LEAD}callees?\s+of\s+{_NAMED}$"),
    (Relation.CALLEES, rf"^(?:what|which(?:\s+\w+){{0,2}})\s+(?:is|are)\s+called\s+(?:by|from|in)\s+{_NAMED}$"),
    (
        Relation.PATH,
        rf"{_LEAD}(?:shortest\s+)?(?:call\s+)?(?:path|route|way|chain)s?\s+from\s+{_KIND}{_A}\s+to\s+{_KIND}{_B}$",
    ),
    (
        Relation.PATH,
        rf"^how\s+does\s+{_KIND}{_A}\s+(?:reach|get\s+to|come\s+to|call|lead\s+to|end\s+up\s+(?:in|at))\s+{_KIND}{_B}$",
    ),
    (Relation.SUBTYPES, rf"^{_WHO}\s+(?:inherits?|derives?)\s+from\s+{_NAMED}$"),
    (Relation.SUBTYPES, rf"^{_WHO}\s+(?:inherits?|implements?|extends?|subclass(?:es)?)\s+{_NAMED}$"),
    (
        Relation.SUBTYPES,
        rf"{_LEAD}(?:subclasses|subtypes|descendants|implementations|implementers|implementors|children)\s+of\s+{_NAMED}$",
    ),
    (Relation.SUPERTYPES, rf"^what\s+does\s+{_NAMED}\s+(?:inherit(?:\s+from)?|implement|extend|derive\s+from)$"),
    (
        Relation.SUPERTYPES,
        rf"{_LEAD}(?:superclass(?:es)?|base\s+class(?:es)?|parents?|supertypes?|bases)\s+of\s+{_NAMED}$",
    ),
    (Relation.OVERRIDES, rf"^{_WHO}\s+overrides?\s+{_NAMED}$"),
    (Relation.OVERRIDES, rf"{_LEAD}overrides\s+of\s+{_NAMED}$"),
    (Relation.IMPORTERS, rf"^{_WHO}\s+imports?\s+{_NAMED}$"),
    (Relation.IMPORTERS, rf"^where\s+is\s+{_NAMED}\s+imported$"),
    (
        Relation.IMPACT,
        rf"^what\s+(?:else\s+)?(?:breaks?|changes?|is\s+affected|would\s+break|could\s+break|happens|depends\s+on)\s*(?:if|when)\s+"
        rf"(?:i\s+(?:change|remove|rename|break)\s+{_KIND}{_A}|{_KIND}{_B}\s+(?:changes?|breaks?|is\s+(?:changed|removed|renamed)))$",
    ),
    (Relation.IMPACT, rf"^{_WHO}\s+(?:depends?|relies?|rely)\s+on\s+{_NAMED}$"),
    (
        Relation.IMPACT,
        rf"^what\s+does\s+(?:a\s+)?chang(?:e|ing)\s+(?:of\s+|to\s+|in\s+)?{_NAMED}\s+(?:break|affect|touch)$",
    ),
    (Relation.IMPACT, rf"{_LEAD}impact\s+of\s+(?:changing\s+)?{_NAMED}$"),
    (Relation.DEFINITION, rf"^where\s+is\s+{_NAMED}\s+(?:defined|declared|implemented)$"),
    (Relation.DEFINITION, rf"{_LEAD}definition\s+of\s+{_NAMED}$"),
)
_COMPILED = tuple((relation, re.compile(form, re.IGNORECASE)) for relation, form in _FORMS)
_ARTICLES = frozenset(["a", "an", "the", "it", "this", "that", "there", "you", "we", "they"])


def read_structural(question: str) -> StructuralQuestion | None:
    """What the graph is asked, or None for a question of another kind.

    A match is a reading of the words alone; whether the names are symbols is for the index to say.
    """
    if len(question) > _LONGEST:
        return None
    text = " ".join(question.split()).rstrip("?!. ")
    for relation, form in _COMPILED:
        match = form.match(text)
        if match:
            names = tuple(name.rstrip(".:") for name in match.groupdict().values() if name)
            if not _ARTICLES.intersection(name.lower() for name in names):
                return StructuralQuestion(relation, names)
    return None
