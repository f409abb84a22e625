"""Which language a file is in: by its name, its extension, or the `#!` line of a script without one."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeVar

import indexing.languages
from indexing.languages import formats
from indexing.languages.names import GRAMMARS, SCANNERS, Named

if TYPE_CHECKING:
    from indexing.languages.language import Language
    from indexing.languages.scanner import ScannedLanguage

Offer = TypeVar("Offer", "Language", "ScannedLanguage")

TEXT = "text"
"""The language of a file that none of the names tells."""

_HEAD_BYTES = 256
_CPP_BYTES = 4_096
_SIGN_BYTES = 2_048
_CPP = re.compile(
    rb"^[ \t]*(?:namespace\b|template[ \t]*<|class[ \t]+\w+[^;]*\{|using[ \t]+\w|(?:public|private|protected)[ \t]*:"
    rb"|#[ \t]*include[ \t]*(?:<[a-z_]+>|[<\"][^>\"\n]+\.(?:hpp|hh|hxx)[>\"]))",
    re.MULTILINE,
)
"""What only C++ says in a header that ends in `.h`; its own library has no endings."""
_OBJECTIVE_C = re.compile(rb"^[ \t]*(?:@(?:interface|protocol|class|import|implementation)\b|#[ \t]*import\b)", re.MULTILINE)
"""What only Objective-C says in such a header."""
_MATLAB = re.compile(rb"\s*(?:%|function\b|classdef\b)")
"""How a file that ends in `.m` begins when it is none of Objective-C."""
_INTERPRETER = re.compile(rb"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+|\w+=\S*\s+)*(?:\S*/)?)?([A-Za-z][A-Za-z+_-]*)")


class _Offered(Mapping[str, Offer]):
    """What the modules of this package offer, by the names of languages; a module is loaded when one of its own is asked
    for, since all of them together take longer to load than an edited file takes to be read."""

    def __init__(self, named: Iterable[Named], attribute: str) -> None:
        self._modules = {language.name: language.module for language in named}
        self._attribute = attribute
        self._loaded: dict[str, Offer] = {}

    def __getitem__(self, name: str) -> Offer:
        found = self._loaded.get(name)
        if found is None:
            module = importlib.import_module(f"{indexing.languages.__name__}.{self._modules[name]}")
            self._loaded.update((offered.name, offered) for offered in getattr(module, self._attribute))
            found = self._loaded[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


@cache
def languages() -> Mapping[str, Language]:
    """The languages with a grammar, by name: what modules of this package offer as `LANGUAGES`."""
    found: _Offered[Language] = _Offered(GRAMMARS, "LANGUAGES")
    return found


@cache
def scanned_languages() -> Mapping[str, ScannedLanguage]:
    """The languages that a scanner reads, by name: what modules of this package offer as `SCANNED`."""
    found: _Offered[ScannedLanguage] = _Offered(SCANNERS, "SCANNED")
    return found


def has_grammar(language: str) -> bool:
    """Whether files in `language` are read along their syntax."""
    return language in languages()


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Names of languages by file name, extension and interpreter."""
    names, extensions, interpreters = dict(formats.FILE_NAMES), dict(formats.EXTENSIONS), dict(formats.INTERPRETERS)
    for language in (*GRAMMARS, *SCANNERS):
        names.update(dict.fromkeys(language.file_names, language.name))
        extensions.update(dict.fromkeys(language.extensions, language.name))
        interpreters.update(dict.fromkeys(language.interpreters, language.name))
    return names, extensions, interpreters


@lru_cache(maxsize=256)
def _signs(extension: str) -> Sequence[tuple[re.Pattern[bytes], str]]:
    """What in the first bytes of a file with this extension tells a scanned language, whatever else it may mean."""
    return [
        (re.compile(sign, re.IGNORECASE | re.MULTILINE), named.name)
        for named in SCANNERS
        if extension in named.signed
        for shared, sign in scanned_languages()[named.name].signs
        if shared == extension
    ]


def language_of(path: str, head: bytes = b"") -> str:
    """The name of the language of the file at `path`, whose first bytes are `head`; `TEXT` when nothing tells it."""
    names, extensions, interpreters = _tables()
    name = path.rpartition("/")[2].lower()
    if name in names:
        return names[name]
    stem, dot, ending = name.rpartition(".")
    for sign, told in _signs(dot + ending if dot else "") if head else ():
        if sign.search(head[:_SIGN_BYTES]):
            return told
    if dot and stem and (language := extensions.get("." + ending)):
        return _told_by_head(ending, head[:_CPP_BYTES]) or language
    if head.startswith(b"#!") and (found := _INTERPRETER.match(head[:_HEAD_BYTES])):
        return interpreters.get(found[1].decode("ascii").lower(), TEXT)
    # `Dockerfile.dev`, `Makefile.am`: the name with something after it.
    return names.get(name.partition(".")[0], TEXT) if dot and ending != "txt" else TEXT


def _told_by_head(ending: str, head: bytes) -> str:
    """The language of an extension that several share, where the head of the file tells it."""
    if ending == "h":
        return "objective-c" if _OBJECTIVE_C.search(head) else "cpp" if _CPP.search(head) else ""
    return "matlab" if ending == "m" and _MATLAB.match(head) else ""
