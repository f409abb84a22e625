"""The calls of a C project as clang's parser resolves them (libclang through its Python package).

`python -m tests.benchmarks.callgraph_truth.clang_calls ROOT OUT FOLDER,… [OPTION…]` parses each `.c` below the folders by
itself and leaves out those that this machine cannot compile (another system's). A call of a function with external linkage
goes to the definition that a parsed file has of its name; where several files have one ("either"), the truth does not say.
"""

from __future__ import annotations

import ctypes
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from clang import cindex

_FUNCTION = cindex.CursorKind.FUNCTION_DECL
_CALL = cindex.CursorKind.CALL_EXPR
_WORD = re.compile(rb"\w+")
_REFERENCES = (cindex.CursorKind.DECL_REF_EXPR, cindex.CursorKind.MEMBER_REF_EXPR)


class _Ranges(ctypes.Structure):
    _fields_ = (("count", ctypes.c_uint), ("ranges", ctypes.POINTER(cindex.SourceRange)))


class Project:
    """What the files of one project say, one translation unit after another."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.library = cindex.conf.lib
        self.library.clang_getSkippedRanges.argtypes = [cindex.TranslationUnit, cindex.File]
        self.library.clang_getSkippedRanges.restype = ctypes.POINTER(_Ranges)
        self.definitions: defaultdict[str, set[str]] = defaultdict(set)
        """By USR, the qualified names of its definitions."""
        self.calls: set[tuple[str, str, str]] = set()
        """Caller, USR of the callee, kind."""
        self.declared: dict[str, str] = {}
        """By USR, the names of functions that the project itself declares."""
        self.indirect: dict[str, set[int]] = {}
        """Lines with calls through pointers."""
        self.callers: dict[str, set[tuple[str, int, int]]] = {}
        self.unseen: dict[str, set[int]] = {}
        self.parsed: list[str] = []
        self._texts: dict[str, bytes] = {}

    def path_of(self, file: cindex.File | None) -> str:
        """Relative to the root; empty for a file outside."""
        if file is None:
            return ""
        path = Path(str(file.name)).resolve()
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else ""

    def parse(self, index: cindex.Index, path: Path, options: list[str]) -> None:
        unit = index.parse(str(path), args=options, options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        if any(problem.severity >= cindex.Diagnostic.Error for problem in unit.diagnostics):
            return
        self.parsed.append(self.path_of(unit.get_file(str(path))))
        files = {self.path_of(unit.get_file(str(path))): unit.get_file(str(path))}
        for include in unit.get_includes():
            if name := self.path_of(include.include):
                files[name] = include.include
        for name, file in files.items():
            lines = self._skipped(unit, file)
            self.unseen[name] = self.unseen[name] & lines if name in self.unseen else lines
        for cursor in unit.cursor.get_children():
            if cursor.kind == _FUNCTION and cursor.is_definition() and (name := self.path_of(cursor.location.file)):
                self._function(name, cursor)

    def _skipped(self, unit: cindex.TranslationUnit, file: cindex.File) -> set[int]:
        told = self.library.clang_getSkippedRanges(unit, file).contents
        lines: set[int] = set()
        for at in range(told.count):
            lines.update(range(told.ranges[at].start.line, told.ranges[at].end.line + 1))
        return lines

    def _function(self, path: str, function: cindex.Cursor) -> None:
        name = f"{path.rpartition('.')[0].replace('/', '.')}.{function.spelling}"
        if not self._is_word(function.location, function.spelling):
            return  # a macro makes its name, which no one who reads the file could tell
        self.callers.setdefault(name, set()).add((path, function.extent.start.line, function.extent.end.line))
        self.definitions[function.get_usr()].add(name)
        for call in _calls(function):
            callee = call.referenced
            named = _callee_name(call)
            if callee is None or callee.kind != _FUNCTION or named is None:
                self.indirect.setdefault(path, set()).update(range(call.extent.start.line, call.extent.end.line + 1))
                continue
            if self.path_of(callee.location.file):
                self.declared[callee.get_usr()] = callee.spelling
            # What comes out of the body of a macro has the place of the macro's name.
            here = self._is_word(named.location, callee.spelling)
            self.calls.add((name, callee.get_usr(), "direct" if here else "macro"))

    def _is_word(self, location: cindex.SourceLocation, name: str) -> bool:
        """Whether `name` stands at a location, as a whole word."""
        path = str(location.file.name)
        if path not in self._texts:
            self._texts[path] = Path(path).read_bytes()
        found = _WORD.match(self._texts[path], location.offset)
        return found is not None and found[0] == name.encode()

    def told(self) -> dict[str, object]:
        """The truth, as `Truth.read` wants it."""
        calls = []
        for caller, usr, kind in sorted(self.calls):
            found = sorted(self.definitions.get(usr, ()))
            calls += [(caller, callee, kind if len(found) == 1 else "either") for callee in found]
            if not found and usr in self.declared:
                calls.append((caller, self.declared[usr], "uncompiled"))
        indirect = {path: sorted(lines) for path, lines in sorted(self.indirect.items())}
        unseen = {path: _runs(lines) for path, lines in sorted(self.unseen.items()) if lines}
        return {
            "callers": {name: sorted(places) for name, places in sorted(self.callers.items())},
            "calls": calls,
            "unseen": unseen,
            "indirect": indirect,
            "files": sorted(self.parsed),
        }


def _calls(function: cindex.Cursor) -> Iterator[cindex.Cursor]:
    waiting = [function]
    while waiting:
        for child in waiting.pop().get_children():
            if child.kind == _CALL:
                yield child
            waiting.append(child)


def _callee_name(call: cindex.Cursor) -> cindex.Cursor | None:
    """The name of the function that is called, behind parentheses and conversions."""
    node = next(call.get_children(), None)
    while node is not None and node.kind not in _REFERENCES:
        node = next(node.get_children(), None)
    return node


def _runs(lines: set[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for line in sorted(lines):
        if runs and runs[-1][1] == line - 1:
            runs[-1] = runs[-1][0], line
        else:
            runs.append((line, line))
    return runs


def main() -> None:
    root, out, folders, options = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3].split(","), sys.argv[4:]
    # The package has no headers of its own; the system's compiler has.
    headers = subprocess.run(["gcc", "-print-file-name=include"], check=True, capture_output=True, text=True).stdout.strip()
    project, index = Project(root), cindex.Index.create()
    options = [f"-I{root / option[2:]}" if option.startswith("-I") else option for option in options]
    for folder in folders:
        for path in sorted((root / folder).glob("*.c")):
            project.parse(index, path, ["-isystem", headers, *options])
    out.write_text(json.dumps(project.told()), encoding="utf-8")


if __name__ == "__main__":
    main()
