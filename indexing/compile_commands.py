"""`compile_commands.json`: in which folders each C or C++ file looks for its headers.

The format is Clang's JSON Compilation Database (https://clang.llvm.org/docs/JSONCompilationDatabase.html). Nothing in it is
run or opened; an entry that is not as it should be is passed over.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from posixpath import normpath
from typing import Any

import msgspec

FILE_NAME = "compile_commands.json"
MAX_BYTES = 64_000_000
"""A larger file is not read: the whole Linux kernel's has 5 MB."""
MAX_ENTRIES = 100_000
MAX_ARGUMENTS = 4_000
MAX_COMMAND_CHARACTERS = 100_000

_INCLUDES = ("-isystem", "-iquote", "-idirafter", "-I")
"""Each takes its folder in the same argument or the next one."""
_MICROSOFT = re.compile(r"(?:^|[\\/])(?:clang-)?cl(?:\.exe)?$", re.IGNORECASE)
_SAMPLE = 500
"""Entries that say where the source lay."""
_MAX_DEPTH = 64


def read_compile_commands(content: bytes, folder: str, known: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The folders for headers by the path of the file that is compiled, in their order; of several entries those of the
    first. Paths are relative to the root of the source, with `/`, or absolute where they lie outside of it.

    `folder` is the place of the database, relative to the root (empty: the root itself), `known` holds the paths of the
    source's files. The database writes the paths of the machine that made it; where the source lay there is told by the
    files that both know. What lies outside of the source is left out. Content that is no such JSON, or larger than
    `MAX_BYTES`, gives nothing.
    """
    entries = [(_join(folder, directory), file, arguments) for directory, file, arguments in _entries(content)]
    base = _base_of([_normal(_join(directory, file)) for directory, file, _ in entries[:_SAMPLE]], known)
    units: dict[str, tuple[str, ...]] = {}
    for directory, file, arguments in entries:
        path = _below(base, _join(directory, file))
        if path in known and path not in units:
            units[path] = _folders(arguments, directory, base)
    return units


def _entries(content: bytes) -> Iterator[tuple[str, str, list[str]]]:
    """Absolute directory, file and arguments of each entry that has them."""
    if len(content) > MAX_BYTES:
        return
    try:
        rows: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return
    if not isinstance(rows, list):
        return
    for row in islice(rows, MAX_ENTRIES):
        if not isinstance(row, dict):
            continue
        directory, file = row.get("directory"), row.get("file")
        arguments = _arguments(row)
        if isinstance(file, str) and file and arguments is not None and "\0" not in file:
            yield (directory.replace("\\", "/") if isinstance(directory, str) else ""), file.replace("\\", "/"), arguments


def _arguments(row: Mapping[str, Any]) -> list[str] | None:
    arguments, command = row.get("arguments"), row.get("command")
    if isinstance(arguments, list):
        return [one for one in arguments[:MAX_ARGUMENTS] if isinstance(one, str)]
    if not isinstance(command, str) or len(command) > MAX_COMMAND_CHARACTERS:
        return None
    try:
        # A command line of Windows keeps its backslashes, which shlex would take for escapes.
        return shlex.split(command.replace("\\", "/") if _is_windows(command) else command)[:MAX_ARGUMENTS]
    except ValueError:  # a quote that is never closed
        return command.split()[:MAX_ARGUMENTS]


def _is_windows(command: str) -> bool:
    program = command.lstrip('"')[:3]
    return program[1:3] in (":\\", ":/")


def _absolute(path: str) -> bool:
    return path.startswith("/") or path[1:3] == ":/"


def _join(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder and not _absolute(path) else path


def _normal(path: str) -> str:
    return normpath(path) if path else ""


def _base_of(paths: list[str], known: Collection[str]) -> str:
    """The absolute folder in which most of `paths` are files of the source, the outermost of several."""
    votes: Counter[str] = Counter()
    for path in filter(_absolute, paths):
        parts = path.split("/")
        for at in range(1, min(len(parts), _MAX_DEPTH)):
            if "/".join(parts[at:]) in known:
                votes["/".join(parts[:at])] += 1
    return min(votes, key=lambda base: (-votes[base], len(base)), default="")


def _below(base: str, path: str) -> str:
    """`path` relative to the root of the source where it lies in `base`, absolute elsewhere; empty above a relative root."""
    path = _normal(path)
    if not _absolute(path):
        return "" if path == ".." or path.startswith("../") else path
    if path == base:
        return "."
    return path[len(base) + 1 :] if path.startswith(f"{base}/") else path


def _folders(arguments: list[str], directory: str, base: str) -> tuple[str, ...]:
    folders: dict[str, None] = {}
    if arguments and _MICROSOFT.search(arguments[0]):  # "/I" may begin a path elsewhere
        arguments = [f"-{one[1:]}" if one.startswith("/") else one for one in arguments]
    rest = iter(arguments[1:])
    for argument in rest:
        if value := _value(argument, rest):
            folders[_below(base, _join(directory, value.replace("\\", "/")))] = None
    folders.pop("", None)
    return tuple(folders)


def _value(argument: str, rest: Iterator[str]) -> str:
    """The folder that one of `_INCLUDES` is given, in the same argument or the next; empty where it is none of them."""
    for option in _INCLUDES:
        if argument == option:
            return next(rest, "")
        if argument.startswith(option):
            return argument[len(option) :].removeprefix("=")
    return ""
