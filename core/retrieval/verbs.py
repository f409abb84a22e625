"""How the names of functions spell what sentences about them begin with: "Returns true if …" is `is…`, "Creates …" `new…`.

Comments are written in the third person or the imperative, names by a handful of short words that every language shares.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.retrieval.words import stem, tokens

_TRUTH = re.compile(
    r"\s*(?:returns? true|true if|whether|(?:checks?|tests?|determines?|tells?|says?|decides?) (?:whether|if|that))\b",
    re.IGNORECASE,
)
_OF_TRUTH = ("is", "has", "can", "should")

_SPELT = """
return retrieve get fetch obtain: get
create construct make build: new make create build
allocate: alloc new
configure set specify change assign: set with
add append insert push register attach: add put push
remove delete drop discard unset detach: remove delete pop
convert translate transform turn: to from convert
parse decode interpret: parse read decode
find search look locate: find lookup search
load read: load read
write store save emit print: write put print
initialize initialise prepare setup: init setup
check verify ensure validate: check validate ensure
compare: compare equals
copy clone duplicate: copy clone
handle process: handle process on
execute run perform invoke call: run exec call do
update refresh: update set
count: count size len
start begin open: start begin open
stop finish close end: stop close end
called: on
"""


def _table() -> Mapping[str, tuple[str, ...]]:
    found = {}
    for line in _SPELT.strip().split("\n"):
        said, spelt = line.split(":")
        for verb in said.split():
            found[stem(verb)] = tuple(map(stem, spelt.split()))
    return found


_BY_VERB = _table()


def _deeds() -> frozenset[str]:
    verbs = [verb for line in _SPELT.strip().split("\n") for verb in line.split(":")[0].split()]
    return frozenset(form for verb in verbs for form in (verb, f"{verb}s", f"{verb}es", f"{verb[:-1]}ies"))


_DEEDS = _deeds()


def tells_a_deed(sentence: str) -> bool:
    """Whether `sentence` begins as the comment of a function does: "Returns …", "Parse …"."""
    return next(iter(tokens(sentence[:100])), "").lower() in _DEEDS


def spelt(sentence: str) -> tuple[str, ...]:
    """The terms that the name of a function may begin with of which `sentence` is said; none for an unknown verb."""
    if _TRUTH.match(sentence):
        return _OF_TRUTH
    first = next(iter(tokens(sentence[:100])), "")
    return _BY_VERB.get(stem(first.lower()), ())
