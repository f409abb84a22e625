"""The paths and names that a document writes, found by how they look; whether the source has them is for linking to say.

Three manners of writing: prose (code between backticks, roles of reStructuredText, `name()`, paths), configuration (a
qualified name of three parts and more, a path, `package.module:function`), and build files (source files, by name).
"""

from __future__ import annotations

from collections.abc import Iterator

from indexing.documents.parts import Mention
from indexing.possessive import re

_MAX_FOUND = 20_000
"""Candidates looked at in one file."""
_MAX_TARGET = 200

_PATH = rb"(?<![\w/.:+$-])(?:\.{0,2}/)?(?:[\w.+-]++/)++[\w+-][\w.+-]*+"
_DIRECTIVE = (
    rb"(?:(?:auto|current)?(?:module|class|function|method|attribute|data|exception|decorator|property)|classmethod|staticmethod"
    rb"|macro|struct|enum|union|type|member|var|enumerator|kernel-doc|include|literalinclude)"
)
"""Those whose argument is the name of code or a path."""
_PROSE = re.compile(
    rb"``([^`\n]{2,200})``"
    rb"|:(?:[a-z]{1,12}:)?[a-z]{1,20}:`([^`\n]{2,200})`"
    rb"|`([^`\n]{2,200})`"
    rb"|\]\(([^()\s]{2,200})"
    rb"|^[ \t]*\.\.[ \t]+(?:[a-z]{1,12}:)?"
    + _DIRECTIVE
    + rb"::[ \t]*(?:[\w \t*]{0,80}?[ \t*])?([^\s(*]{2,200}+)[ \t\r]*(?=\(|$)"
    rb"|(?<![\w.:>-])([A-Za-z_][\w.:]{2,100}+)\(\)"
    rb"|(?<![\w/.:@+-])([A-Za-z_]\w++(?:\.[A-Za-z_]\w++)++)(?![\w/@-])"
    rb"|(" + _PATH + rb")",
    re.MULTILINE,
)
_CONFIGURED = re.compile(
    rb"(?<!\n\[)(?<!\n\[\[)(?<![\w/.@$+<{-])([A-Za-z_]\w*+(?:\.[A-Za-z_][\w$]*+){2,}+(?::[A-Za-z_][\w.]*+)?)(?![\w/@(-])"
    rb"|(?<![\w/.@$+<{-])([A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)++:[A-Za-z_]\w*+(?:\.\w++)*+)(?=[\"'\s\[]|\Z)"
    rb"|(" + _PATH + rb")"
)
_BUILT = re.compile(
    rb"(?<![\w/.$+)}-])((?:\.{1,2}/)?(?:[\w.+-]++/)*+[\w+-]++(?:\.[\w+-]++){0,8}?\.[A-Za-z]\w{0,8})(?![\w/(-])"
)

# One cheap look at each line first: most hold nothing of the kind, and alternatives are slow to try at every byte.
_PROSE_HINT = re.compile(rb"[`./(\]:](?:(?<=`)|(?<=\w[./])\w|(?<=\w\()\)|(?<=\])\(|(?<=:):)")
_CONFIGURED_HINT = re.compile(rb"[./:](?<=[\w.][./:])[\w.]")
_BUILT_HINT = re.compile(rb"\.(?<=\w\.)[A-Za-z]")

_ROLE_TARGET = re.compile(r"[^<>]*<([^<>]+)>\s*")
_CALL = re.compile(r"\(.{0,120}\)?$")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|#|->|\\)[A-Za-z_$][\w$]*)*")
_ANCHOR = re.compile(r"(?:#L?\d[\w-]*|#[\w-]+|:\d+(?:-\d+)?|\?.*)$")
_ENDING = re.compile(r"\.[A-Za-z]\w{0,9}$")
_DISTINCT = re.compile(r"[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|^_|^[A-Z][a-z]+[A-Z]")
"""A single word that looks like the name of something: `camelCase`, `snake_case`, `TwoWords`."""


def written(text: bytes) -> list[Mention]:
    """What prose names."""
    return list(_written(text))


def _written(text: bytes) -> Iterator[Mention]:
    fences = _fences(text)
    fence = next(fences, None)
    for found in _finds(_PROSE, _PROSE_HINT, text):
        at = found.start()
        while fence and fence[1] <= at:
            fence = next(fences, None)
        if fence and fence[0] <= at:
            continue
        group = found.lastindex or 0
        raw = found[group].decode("utf-8", "replace").strip()
        if group == 2 and (inner := _ROLE_TARGET.fullmatch(raw)):
            raw = inner[1]
        # A role, a directive and `name()` say that a name is one; a word between backticks must look like it.
        target = _target(raw if raw.startswith(("./", "../")) else raw.lstrip("~!."), sure=group in (2, 5, 6))
        if target:
            yield Mention(target, at)


def _finds(pattern: re.Pattern[bytes], hint: re.Pattern[bytes], text: bytes) -> Iterator[re.Match[bytes]]:
    """What `pattern` finds on the lines that have what `hint` looks for, up to a bound."""
    count, position = 0, 0
    while hinted := hint.search(text, position):
        start = max(position, text.rfind(b"\n", position, hinted.start()) + 1)
        end = text.find(b"\n", hinted.end())
        position = len(text) if end < 0 else end + 1
        for found in pattern.finditer(text, start, position):
            yield found
            count += 1
            if count == _MAX_FOUND:
                return


def _fences(text: bytes) -> Iterator[tuple[int, int]]:
    """The stretches of fenced code, first to last byte."""
    start, mark = -1, b""
    for found in re.finditer(rb"^ {0,3}(`{3,}|~{3,})[^\n`]*$", text, re.MULTILINE):
        if start < 0:
            start, mark = found.start(), found[1]
        elif found[1].startswith(mark):
            yield start, found.end()
            start = -1
    if start >= 0:
        yield start, len(text)


def configured(text: bytes) -> list[Mention]:
    """What the values of a configuration name."""
    found = []
    for match in _finds(_CONFIGURED, _CONFIGURED_HINT, text):
        raw = match[match.lastindex or 0].decode("utf-8", "replace")
        target = _path(raw) if match.lastindex == 3 else raw.replace(":", ".")
        if target and len(target) <= _MAX_TARGET:
            found.append(Mention(target, match.start()))
    return found


def built(text: bytes) -> list[Mention]:
    """The files that a build file names, `name.o` as the C file that it is made from."""
    found = []
    for match in _finds(_BUILT, _BUILT_HINT, text):
        target = match[1].decode("utf-8", "replace")
        if len(target) <= _MAX_TARGET:
            found.append(Mention(target[:-2] + ".c" if target.endswith(".o") else target, match.start()))
    return found


def _target(raw: str, *, sure: bool) -> str:
    """The path or the name in what was written, or nothing."""
    if len(raw) > _MAX_TARGET or " " in raw.strip() or "://" in raw:
        return ""
    if "/" in raw:
        return _path(raw)
    called = _CALL.search(raw)
    name = raw[: called.start()] if called else raw
    if not _NAME.fullmatch(name):
        bare = _ANCHOR.sub("", raw)
        return bare if _ENDING.search(bare) and re.fullmatch(r"[\w.+-]+", bare) else ""
    if not (sure or called or _DISTINCT.search(name) or not name.isidentifier()):
        return ""
    return re.sub(r"::|#|->|\\", ".", name)


def _path(raw: str) -> str:
    """A path of the source as it was written, without anchor and line; nothing for what looks like none."""
    path = _ANCHOR.sub("", raw).rstrip(".,;:")
    if len(path) > _MAX_TARGET or not _ENDING.search(path) or not re.fullmatch(r"[\w./+@ -]+", path):
        return ""
    return path
