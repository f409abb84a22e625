"""A plugin for the pytest of a project under study: which of its functions call which, as its own tests run it.

It runs in that project's private environment, so it needs nothing but the standard library. CODESTRATA_TRACE_ROOT is the
folder of the project, CODESTRATA_TRACE_OUT the file to write: JSON, a list of [caller path, caller line, caller name, callee
path, callee line, callee name], each pair once. A line is where the code begins (its first decorator), a name the qualified
name of the code.

A pair counts when both codes stand in files of the project and the one was entered straight from the other. Not counted:
code that was generated (its file is no file), modules and class bodies (no one calls them by name), and generators and
coroutines as callees: their profile event tells who asks for the next value, not who called them. What a comprehension or
a generator expression calls, the function around it calls; where another function asks for its values, it is not counted.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType

_ROOT = os.path.realpath(os.environ.get("CODESTRATA_TRACE_ROOT", ".")) + os.sep
_UNSEEN = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_INLINE = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})

_paths: dict[str, str] = {}
_pairs: set[tuple[CodeType, CodeType]] = set()


def _path(file: str) -> str:
    """The path of a file within the project; empty for any other."""
    known = _paths.get(file)
    if known is None:
        whole = os.path.realpath(file)
        inside = whole.startswith(_ROOT) and Path(whole).is_file()
        known = _paths[file] = whole.removeprefix(_ROOT).replace(os.sep, "/") if inside else ""
    return known


def _profile(frame: FrameType, event: str, _: object) -> None:
    if event != "call":
        return
    callee, around = frame.f_code, frame.f_back
    if callee.co_flags & _UNSEEN or not callee.co_flags & inspect.CO_OPTIMIZED or callee.co_name in _INLINE:
        return
    if not _path(callee.co_filename):
        return
    while around is not None and around.f_code.co_name in _INLINE:
        within = around.f_code.co_qualname.rpartition(".")[0].removesuffix(".<locals>") or "<module>"
        around = around.f_back if around.f_back is not None and around.f_back.f_code.co_qualname == within else None
    if around is not None and _path(around.f_code.co_filename):
        _pairs.add((around.f_code, callee))


def pytest_configure() -> None:
    threading.setprofile(_profile)
    sys.setprofile(_profile)


def pytest_unconfigure() -> None:
    sys.setprofile(None)
    threading.setprofile(None)
    found = sorted({(*_place(caller), *_place(callee)) for caller, callee in _pairs})
    with Path(os.environ["CODESTRATA_TRACE_OUT"]).open("w", encoding="utf-8") as out:
        json.dump(found, out, indent=0)


def _place(code: CodeType) -> tuple[str, int, str]:
    return _path(code.co_filename), code.co_firstlineno, code.co_qualname
