"""Other forms of an English word that its stem does not join: irregular verbs and plurals, British and American spellings.

A question says "kept", "children" and "serialised"; code says `keep`, `child` and `serialize`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

_VERBS = """
arise arose arisen; awake awoke awoken; become became; begin began begun; bend bent; bind bound; bite bitten; bleed bled;
blow blew blown; break broke broken; breed bred; bring brought; build built; burn burnt; buy bought; catch caught; choose
chose chosen; cling clung; creep crept; deal dealt; dig dug; draw drew drawn; drink drank drunk; drive drove driven; eat ate
eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled; fly flew flown; forbid forbade forbidden;
forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; give gave given; grow grew grown; hang hung; hear
heard; hide hid hidden; hold held; keep kept; know knew known; lay laid; lead led; lend lent; lose lost; make made; mean
meant; meet met; mistake mistook mistaken; override overrode overridden; overtake overtook overtaken; overwrite overwrote
overwritten; pay paid; rebuild rebuilt; resend resent; ride rode ridden; ring rang rung; rise rose risen; run ran; rewrite
rewrote rewritten; see seen; seek sought; sell sold; send sent; shake shook shaken; shine shone; shoot shot; show showed
shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; speak spoke spoken; spend
spent; spin spun; spring sprang sprung; stand stood; steal stole stolen; stick stuck; strike struck; swear swore sworn;
sweep swept; swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told; think thought; throw
threw thrown; unbind unbound; understand understood; undo undone; unwind unwound; wake woke woken; wear wore worn; weave
wove woven; win won; withdraw withdrew withdrawn; withhold withheld; wind wound; write wrote written
"""
_PLURALS = """
child children; person people; man men; woman women; foot feet; tooth teeth; mouse mice; leaf leaves; half halves; shelf
shelves; knife knives; life lives; index indices; vertex vertices; matrix matrices; appendix appendices; axis axes; basis
bases; analysis analyses; synthesis syntheses; criterion criteria; radius radii
"""
"""Both forms of each stand in code."""
_SHORT = """
configuration config conf cfg; authentication auth; authorization auth; parameter param; argument arg; attribute attr;
document doc; documentation doc; message msg; request req; response resp res; context ctx; environment env; exception exc;
function func fn; implementation impl; information info; length len; library lib; number num; object obj; package pkg;
previous prev; process proc; property prop; pointer ptr; reference ref; repository repo; source src; destination dst dest;
string str; synchronization sync; temporary temp tmp; value val; variable var; window win; address addr; application app;
buffer buf; callback cb; certificate cert; command cmd; column col; connection conn; database db; declaration decl;
definition def; description desc; difference diff; element elem; evaluate eval; expression expr; extension ext; header hdr;
index idx; image img; interrupt irq intr; iterator iter; location loc; memory mem; module mod; operation op; option opt;
position pos; register reg; sequence seq; signal sig; specification spec; statement stmt; system sys; token tok;
transaction txn tx; user usr; utility util; version ver; maximum max; minimum min; administration admin; statistics stats;
identifier id ident; language lang; performance perf; priority prio; separator sep; delimiter delim; dictionary dict
"""
"""A word and how code cuts it short."""
_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e[drs]?|ing|ation)s?$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})iz(?=(?:e[drs]?|ing|ation)s?$)"), "is"),
    (re.compile(r"(?<=[a-z]{2})ys(?=(?:e[drs]?|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|ful|able)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{2}[bt])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{3}[aeiou]l)l(?=(?:ed|ing|er|ers)$)"), ""),
    (re.compile(r"(?<=[a-z]{3})ogue(?=s?$)"), "og"),
    (re.compile(r"(?<=licen|defen|offen)ce(?=s?$)"), "se"),
)
"""Endings and how they are spelt elsewhere; where no word is made by it, nothing is found by it either."""


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.replace("\n", " ").split(";")]


def _short_forms() -> Mapping[str, tuple[str, ...]]:
    return {long: tuple(short) for long, *short in _rows(_SHORT)}


def _infinitives() -> Mapping[str, str]:
    return {form: base for base, *forms in _rows(_VERBS) for form in forms}


def _numbers() -> Mapping[str, str]:
    pairs = [(one, many) for one, many in _rows(_PLURALS)]
    return {**dict(pairs), **{many: one for one, many in pairs}}


INFINITIVES = _infinitives()
"""The infinitive of each irregular form of a verb."""
_NUMBERS = _numbers()
_SHORT_FORMS = _short_forms()


def base_form(word: str) -> str:
    """The infinitive of an irregular form in lower case, `write` of `written`; any other word as it is."""
    return INFINITIVES.get(word, word)


@functools.lru_cache(maxsize=10_000)
def other_forms(word: str) -> tuple[str, ...]:
    """The forms of a word in lower case that its stem does not join: its infinitive, its other number where that is
    irregular, and its spelling elsewhere."""
    found = [INFINITIVES.get(word), _NUMBERS.get(word), *(form.sub(instead, word) for form, instead in _SPELLINGS)]
    return tuple(dict.fromkeys(other for other in found if other and other != word))


def short_forms(word: str) -> tuple[str, ...]:
    """How code cuts a word in lower case short, in either number: `config` and `cfg` for "configuration"."""
    return _SHORT_FORMS.get(word) or _SHORT_FORMS.get(word.removesuffix("s"), ())
