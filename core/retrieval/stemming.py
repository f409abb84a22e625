"""Porter's stemmer: the words of a family meet in one stem ("register", "registered", "registration" → regist).

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980; the names and numbers of its steps are kept. A
*measure* m counts the runs of vowels that are followed by consonants: [C](VC)^m[V].
"""

from __future__ import annotations

import re

_CONSONANT = "(?:[bcdfghjklmnpqrstvwxz]|(?<=[aeiou])y|^y)"
_VOWEL = "(?:[aeiou]|(?<![aeiou])(?<!^)y)"
_RUN = re.compile(f"{_VOWEL}+{_CONSONANT}+")
_HAS_VOWEL = re.compile(_VOWEL)
_DOUBLE = re.compile(f"({_CONSONANT})\\1$")
_CVC = re.compile(f"{_CONSONANT}{_VOWEL}(?![wxy]){_CONSONANT}$")

_STEP_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "abli": "able",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
}
_ENDINGS_2 = tuple(sorted(_STEP_2, key=len, reverse=True))
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_ENDINGS_3 = tuple(sorted(_STEP_3, key=len, reverse=True))
_STEP_4 = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize"
_ENDINGS_4 = tuple(sorted(_STEP_4.split(), key=len, reverse=True))
"""Of all endings the longer come first: the longest that fits is cut off."""


def porter_stem(word: str) -> str:
    """Return the stem of a lower-case word of ASCII letters; words of two letters stay as they are."""
    if len(word) < 3:
        return word
    word = _step_1(word)
    # Most words have none of the endings of a step, which is told at once.
    if word.endswith(_ENDINGS_2):
        word = _replace(word, _ENDINGS_2, _STEP_2)
    if word.endswith(_ENDINGS_3):
        word = _replace(word, _ENDINGS_3, _STEP_3)
    if word.endswith(_ENDINGS_4):
        word = _step_4(word)
    return _step_5(word)


def _measure(stem: str) -> int:
    return len(_RUN.findall(stem))


def _step_1(word: str) -> str:
    """Plurals, then -ed and -ing, then a final y."""
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        if _measure(word[:-3]) > 0:
            word = word[:-1]
    else:
        for ending in ("ed", "ing"):
            stem = word.removesuffix(ending)
            if stem != word and _HAS_VOWEL.search(stem):
                word = _repaired(stem)
                break
    if word.endswith("y") and _HAS_VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    return word


def _repaired(stem: str) -> str:
    """What -ed or -ing was cut off from: hop(p), fil(e), conflat(e)."""
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if _DOUBLE.search(stem) and stem[-1] not in "lsz":
        return stem[:-1]
    if _measure(stem) == 1 and _CVC.search(stem):
        return stem + "e"
    return stem


def _replace(word: str, endings: tuple[str, ...], replacements: dict[str, str]) -> str:
    ending = next(filter(word.endswith, endings))
    stem = word[: -len(ending)]
    return stem + replacements[ending] if _measure(stem) > 0 else word


def _step_4(word: str) -> str:
    ending = next(filter(word.endswith, _ENDINGS_4))
    stem = word[: -len(ending)]
    if _measure(stem) <= 1 or (ending == "ion" and not stem.endswith(("s", "t"))):
        return word
    return stem


def _step_5(word: str) -> str:
    if word.endswith("e"):
        stem = word[:-1]
        measure = _measure(stem)
        if measure > 1 or (measure == 1 and not _CVC.search(stem)):
            word = stem
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word
