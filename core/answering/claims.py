# ruff: noqa: E501 - a pattern is read in one piece
"""Claims: what a sentence says of the names it mentions, as relations that the index can tell true or false.

A *mention* is a name in backticks, or one that no other word looks like (`get_response`, `BaseHandler`, `fs/inode.c`). The
words between two mentions say how they are related: a phrase of a known kind ("is called by", "extends", "takes the
parameter"), a bare preposition ("`run` of `Task`"), or any other verb, which is read as the first using the second, since
that is what sentences about code mostly say. "and" and a comma go on with the relation and the subject before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from core.answering.sentences import masked

IDENTIFIER = re.compile(
    r"\b(?:[a-z]+(?:_[a-z0-9]+)+|_+[a-z]\w+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|[a-z]+(?:[A-Z][a-z0-9]+)+|\w+(?=\(\)))\b"
)
"""Words that are names of code: with underscores, with capitals inside, or called."""
PATH = re.compile(r"(?<![\w/])(?:[\w.-]+/)+[\w.-]*\.\w+\b")
DOTTED = re.compile(r"\b[^\W\d]\w*(?:\.[^\W\d]\w*)+\b")
_SPAN = re.compile(r"`+([^`]+)`+")
_CITATION = re.compile(r"\[\d[\d,;–\s-]*\](?!\()")
_QUOTED = re.compile("“[^”]*”")
_NAME = re.compile(r"[^\W\d](?:[\w.:#$/-]|<\w+>)*(?:->[\w.]+)*[?!]?")
"""Between backticks: with what stands for the name of a function that has none (`<lambda1>`), and with the marks of Ruby."""


class Relation(StrEnum):
    """What one name is said to have to do with another."""

    CALLS = "calls"
    USES = "uses"
    """Calls it, hands it on, or names it in its code."""
    INHERITS = "inherits"
    HAS_MEMBER = "has member"
    HAS_PARAMETER = "has parameter"
    RAISES = "raises"
    RETURNS = "returns"
    WITHIN = "within"
    """The first stands in the second: in its file, its type, or its body."""


_FILE = re.compile(
    r"[\w-]+\.(?:c|cc|cpp|cs|css|ex|exs|f90|go|h|hpp|hs|html|java|js|json|jsx|kt|lua|m|md|mjs|php|pl|py|rb|rs|rst|scala|sh|sql|"
    r"swift|toml|ts|tsx|vb|xml|ya?ml|zig)"
)
"""A file at the root of a source, whose path has no slash."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it is written, and where it stands in the sentence. `title` is all that stands in its code span, where that
    goes on: tests are named by sentences."""

    name: str
    start: int
    end: int
    title: str = ""

    @property
    def is_path(self) -> bool:
        return "/" in self.name or _FILE.fullmatch(self.name) is not None


@dataclass(frozen=True, slots=True)
class Claim:
    """`subject` has `relation` to `object`. `is_far` where so many words stand between the two that they may be about something
    between: such a claim may bear a sentence out, and does not count against it."""

    relation: Relation
    subject: Mention
    object: Mention
    is_far: bool = False


_KIND = r"(?:(?:the|its|an?|their|class|type|interface|struct|module|file|function|method|methods|field|attribute|named|called|nested|inner|abstract|own|base)\s+)*"
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|gets?|be|being)\s+(?:\w+ly\s+|also\s+|then\s+|first\s+|only\s+|always\s+|never\s+|not\s+)*"
    r"\w+(?:ed|en|wn|ne|nd|ad|de|ght|pt|lt|nt|un|ut|et)\b[^,]*\b(?:by|from|in|inside|within|of|at)\s+" + _KIND + "$"
)
_CALLED = re.compile(r"\b(?:calls?|called|calling|invokes?|invoked)\b")
_BARE_BY = re.compile(r"^(?:,\s*)?(?:by|from|inside|within)\s+" + _KIND + "$")
_BARE_IN = re.compile(
    r"^(?:(?:method|function|class|attribute|field|argument|parameter|constructor|member)\s+)?(?:,\s*)?(?:of|in|on)\s+"
    + _KIND
    + "$"
)
_PARAMETER = r"(?:parameters?|arguments?|keywords?|options?)\b"
_OBJECT_CLAUSE = r"\b(?:is|are)\s+(?:what|which|the\s+(?:one|function|method)\s+(?:that|which))\s+$|^,?\s*(?:which|that)\s+$"
"""What stands before the subject of a clause about the first mention: "`a_b`, which `c_d` calls"."""
_CLAUSE_FORM = re.compile(rf"{_OBJECT_CLAUSE}|\b(?:is|are)\s+where\s+$")
_FORMS: tuple[tuple[Relation, bool, re.Pattern[str]], ...] = tuple(
    (relation, turned, re.compile(form))
    for relation, turned, form in (
        # Turned: the second mention is the subject.
        (Relation.HAS_PARAMETER, True, rf"^(?:is|are)\s.*\b{_PARAMETER}.*\b(?:of|to|for)\s+{_KIND}$"),
        (Relation.HAS_PARAMETER, True, rf"^{_PARAMETER}\s+(?:of|to|for)\s+{_KIND}$"),
        (Relation.HAS_PARAMETER, False, rf"\b{_PARAMETER}"),
        (Relation.HAS_PARAMETER, False, rf"^(?:also\s+)?(?:takes|accepts|receives|expects)\s+{_KIND}(?:optional\s+)?$"),
        (Relation.INHERITS, True, r"\b(?:base|parent|super)\s?-?(?:class|type|interface)?\s+of\b"),
        (Relation.INHERITS, True, r"\b(?:extended|subclassed|inherited|specialised|specialized|implemented)\s+by\b"),
        (
            Relation.INHERITS,
            False,
            r"\b(?:inherits?|extends?|extending|subclasses|derives|derived|descends|specialises|specializes|implements?|implementing)\b"
            r"(?!\s+in\b)|\b(?:sub\s?-?(?:class|type)|child|descendant|implementation|kind)\s+of\b",
        ),
        (Relation.INHERITS, False, r"^is\s+(?:itself\s+)?an?\s+$"),
        (Relation.WITHIN, False, r"\b(?:belongs?|lives?|sits?|stands?|resides?|found|defined|declared|implemented|located|kept)\b.*\b(?:in|to|at|inside|on)\b"),
        (Relation.WITHIN, False, r"^(?:is|are)\s+(?:an?|the|one)\b.*\b(?:method|function|member|class|attribute|field|property|part|constructor)s?\b.*\b(?:of|in|on|inside)\b"),
        (Relation.HAS_MEMBER, False, r"\b(?:has|have|defines?|declares?|provides?|offers?|overrides?|contains?)\b"),
        (Relation.RAISES, False, r"\b(?:raises?|raising|throws?|throwing)\b"),
        (Relation.RETURNS, False, r"\breturns?\b"),
        (Relation.USES, True, _OBJECT_CLAUSE),
        (Relation.USES, True, r"^'s\s+(?:only\s+)?caller\s+$|\b(?:caller|user)s?\s+(?:is|are|include)\s+" + _KIND + "$"),
        (Relation.USES, False, r"\b(?:is|are)\s+where\b|\b(?:caller|user)s?\s+of\s"),
    )
)  # fmt: skip
_BY_ANY_VERB = frozenset({Relation.CALLS, Relation.USES})
_NEAR = 7
"""Words between two names, as sentences about code have them."""
_GOES_ON = re.compile(r"^(?:,|and\b|or\b|,\s*(?:and|or|then)\b|as\s+well\s+as\b|then\b|beside\b|/)")
_WHEN = re.compile(
    r"^(?:first|last|before|after|afterwards|earlier|later|again|once|twice|too|finally)"
    r"(?=\s*(?:,|(?:and|or)(?:\s+(?:then|the|its|an?))?\s*$))\s*"
    r"|^(?![a-z]+s\b)[a-z]{3,}\s+(?=(?:and|or)\s+(?:the\s+|its\s+|an?\s+)?$)"
)
"""When it happens to the first of several, or how: "calls `a_b` before and `c_d` after" goes on with `c_d`."""
_NO_VERB = re.compile(
    r"^[\s,]*(?:and|or|then|as\s+well\s+as|beside|both|also|finally|failing\s+that|the|its|an?|by|with|before|after|to|[,/&])*[\s,]*$"
)
_WITHIN_FIRST = re.compile(r"\b(?:in|inside|within|from|during)\s+" + _KIND + "$", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:before|after|while|when|whenever|if|unless|until|once|because|since|although|whereas|so\s+that|rather\s+than"
    r"|instead\s+of|like|unlike|not|never|no\s+longer|cannot|neither|without)\b"
)
"""Words between two mentions that say something no relation of ours holds: order, conditions, what is not so."""
_ALSO_DOES = re.compile(
    r"\b(?:before|after|while|when|whenever|until|once|if|because|since|so\s+that)\s+(?:it|they)\s+"
    r"(?!(?:is|are|was|were|has|have|had|can|could|will|would)\b)"
)
"""When something is done by the one that was spoken of: "tests the layers before it calls"."""
_RELATIVE = re.compile(r"^,?\s*(?:which|that|who)\s")
_SECOND_VERB = re.compile(
    r"(?:,\s*)?\b(?:and|but|then)\s+(?:(?:then|also|finally|at\s+last|\w+ly)\s+)*"
    r"(?!(?:its|this|as|is|was|has|does|thus|always|less|plus|us)\b)[a-z]{2,}s\s+(?!of\b)"
)
"""What the subject of the sentence does as well: "runs `a_b` over all of them and sorts them with"."""
_NEW_CLAUSE = re.compile(
    # "the heap into which `a_b` inserts", which is the beginning of another clause
    r"\b(?:which|that|whom|whose|where|when|what|how|whether)\s+$"
    # "once `a_b` knows it, the terms are added by": what is done to the terms is not done to `a_b`
    r"|,\s*(?:the|an?|its|their|all|each|every|any|no|this|that|these|those)\s+\w+\s+\w+"
    # "done by `a_b`, and whatever comes out is handed to"
    r"|\b(?:and|but|so)\s+(?:the|an?|its|their|all|each|every|this|that|these|those|what|whatever)\s+(?:\w+\s+){1,4}"
    r"(?:is|are|was|were|goes|go|gets|get|comes|come|has|have)\s"
    # "the function that `a_b` returns, and `c_d` ends"
    r"|^[a-z]+s\b[^,]*,\s*(?:and|but|so|while)\s+$"
)
_INDIRECT = re.compile(r"(?:^|[,;:]\s*)(?:whether|what|how|where|which|why)\b[^,;:]*$")
"""Before a mention: "how `a_b` makes a `Cd` is told by `e_f`" says nothing that is done to a `Cd`."""


def mentions_in(sentence: str) -> list[Mention]:
    """The names that a sentence mentions, in order; citations are none, nor what stands in curly quotation marks."""
    sentence = _QUOTED.sub(lambda match: " " * len(match[0]), sentence)
    found: list[Mention] = []
    for match in _SPAN.finditer(sentence):
        said = match[1].strip()
        name = _NAME.match(said)
        if name and len(name[0]) > 1:
            title = said if said[name.end() :].startswith(" ") else ""
            written = name[0].rstrip(".:#-/").replace("::", ".").replace("->", ".").replace("#", ".")
            found.append(Mention(written, *match.span(), title))
    prose = masked(sentence)
    taken: list[tuple[int, int]] = []
    for pattern in (PATH, DOTTED, IDENTIFIER):
        for match in pattern.finditer(prose):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                found.append(Mention(match[0], *match.span()))
    return sorted(found, key=lambda mention: mention.start)


def claims_in(sentence: str) -> list[Claim]:
    """What a sentence claims of the names it mentions; what it says otherwise is left out."""
    text = _CITATION.sub(lambda match: " " * len(match[0]), sentence)
    return list(_claims(text, mentions_in(text)))


def _claims(text: str, mentions: list[Mention]) -> Iterator[Claim]:
    for claim in _read(text, mentions):
        first, second = sorted((claim.subject, claim.object), key=lambda mention: mention.start)
        # In an enumeration it is the last of the names before that what is said stands next to.
        nearest = max((mention.end for mention in mentions if mention.end <= second.start), default=first.end)
        far = claim.relation in _BY_ANY_VERB and len(text[nearest : second.start].split()) > _NEAR
        yield replace(claim, is_far=far)


def _read(text: str, mentions: list[Mention]) -> Iterator[Claim]:
    subject: Mention | None = None
    relation: Relation | None = None
    turned = False
    for first, second in itertools.pairwise(mentions):
        between = text[first.end : second.start].lower().strip(" ()")
        between = f"{between} " if between and between[-1].isalnum() else between
        if ";" in between or _ends_sentence(between):
            subject = relation = None
            continue
        between = _WHEN.sub("", between)
        relative = bool(_RELATIVE.match(between))
        second_verb = None if relative or subject is None else _SECOND_VERB.search(between)
        if second_verb:
            between = between[second_verb.start() :]
        goes_on = bool(second_verb or _GOES_ON.match(between)) and not relative
        if goes_on and subject is not None and relation is not None and _NO_VERB.match(between):
            yield _claim(relation, turned, subject, second)
            continue
        if goes_on and subject is None and _NO_VERB.match(between):
            continue  # `a` and `b` do something together
        told = _told(text, first, between)
        if told is None:
            continue
        relation, turned = told
        declared = relation is Relation.HAS_MEMBER and first.is_path and not second.is_path
        if relation is not Relation.WITHIN and not declared and (first.is_path or second.is_path):
            continue  # "it is used at `app/run.py`" says where, not what
        bare = relation is Relation.WITHIN and bool(_BARE_IN.match(between))
        actor = subject if goes_on and subject is not None else first
        if bare:
            yield Claim(relation, first, second)
            subject, relation = subject or first, None
            continue
        if (
            subject is not None
            and not goes_on
            and relation is not None
            and not turned
            and actor is not subject
            and first.start > subject.start
        ):
            # `run` of `Task` raises …: it is `run` that does.
            actor = subject if _BARE_IN.match(text[subject.end : first.start].lower().strip() + " ") else first
        yield _claim(relation, turned, actor, second)
        subject = actor


def _told(text: str, first: Mention, between: str) -> tuple[Relation, bool] | None:
    """The relation that the words between two mentions tell, and whether the second is its subject."""
    within_first = between.startswith(",") and _WITHIN_FIRST.search(text[: first.start].lower())
    if _NEW_CLAUSE.search(between) and not within_first and not _CLAUSE_FORM.search(between):
        return None
    for relation, turned, form in _FORMS:
        if form.search(between):
            before = text[: first.start].lower()
            if relation is Relation.HAS_PARAMETER and not turned and re.search(r"\bparameters?\s+of\s+$", before):
                return relation, False
            return relation, turned
    before = text[: first.start].lower()
    if re.search(rf"\b{_PARAMETER}\s+(?:of|to)\s+{_KIND}$", before) and re.match(r"^(?:is|are)\b", between):
        return Relation.HAS_PARAMETER, False
    if _BARE_IN.match(between):
        return Relation.WITHIN, False
    if _BARE_BY.match(between):
        return Relation.USES, True
    if within_first:
        return Relation.USES, False
    if _PASSIVE.search(between) and _INDIRECT.search(before):
        return None
    if _PASSIVE.search(between):
        return Relation.CALLS if _CALLED.search(between) else Relation.USES, True
    if _NO_VERB.match(between) or _ASIDE.search(_ALSO_DOES.sub(" ", between)) or not re.search(r"[a-z]{2,}|:", between):
        return None
    return Relation.CALLS if _CALLED.search(between) else Relation.USES, False


def _claim(relation: Relation, turned: bool, first: Mention, second: Mention) -> Claim:
    return Claim(relation, second, first) if turned else Claim(relation, first, second)


def _ends_sentence(between: str) -> bool:
    return bool(re.search(r"[.!?]\s", between))
