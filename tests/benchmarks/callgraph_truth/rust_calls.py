"""The calls of a Rust crate as rustc resolves them, out of what `-Zsave-analysis` (until 1.65) writes down.

`python -m tests.benchmarks.callgraph_truth.rust_calls ROOT ANALYSIS OUT`. The compiler tells where a function stands and at
which place it is named; what is around a place, and so its qualified name, is what our own parser says (a wrong name there
would be a miss here). The compiler names the method of the trait where one of an implementation is called, so both count as
that; methods of traits from outside are not judged. A closure belongs to the function around it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from core.model.symbol import Definition, SymbolKind
from indexing.languages.grammar import parse_text
from indexing.languages.registry import languages
from indexing.linking.naming import module_name, qualified_name

_BODIES = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
_CALLED = re.compile(r"\s*(?:::\s*<[^()]*?>)?\s*\(")
_TYPES = frozenset({"Struct", "Enum", "TupleVariant", "StructVariant", "Union", "Type"})
_Id = tuple[int, int]


class Crate:
    """The files of a crate and their definitions."""

    def __init__(self, root: Path, analysis: dict[str, Any]) -> None:
        self.analysis = analysis
        self.lines: dict[str, list[str]] = {}
        self.definitions: dict[str, tuple[Definition, ...]] = {}
        for path in sorted(root.rglob("*.rs")):
            name = path.relative_to(root).as_posix()
            text = path.read_bytes()
            self.lines[name] = text.decode("utf-8", "replace").split("\n")
            extractor = languages()["rust"].extractor()(text, parse_text("rust", text))
            self.definitions[name] = extractor.analyse().facts.definitions

    def named_at(self, path: str, line: int, name: str) -> str:
        """The qualified name of what is defined on a line; empty where our parser sees nothing of that name."""
        for one in self.definitions.get(path, ()):
            if one.name == name and one.name_line == line:
                return qualified_name(module_name(path), one.nesting)
        return ""

    def around(self, path: str, line: int) -> str:
        """The innermost function around a line, or the module."""
        found, size = "", sys.maxsize
        for one in self.definitions.get(path, ()):
            length = one.span.end_line - one.span.start_line
            if one.kind in _BODIES and one.span.start_line <= line <= one.span.end_line and length < size:
                found, size = one.nesting, length
        return qualified_name(module_name(path), found)

    def told(self) -> dict[str, object]:
        """The truth, as `Truth.read` wants it."""
        functions: dict[_Id, str] = {}
        types: dict[_Id, str] = {}
        by_last: defaultdict[tuple[_Id, str], list[str]] = defaultdict(list)
        unnamed = 0
        for one in self.analysis["defs"]:
            name = self.named_at(one["span"]["file_name"], one["span"]["line_start"], one["name"])
            if one["kind"] in {"Function", "Method"}:
                unnamed += not name
                functions[_id(one["id"])] = name
                if one["parent"] is not None:
                    by_last[_id(one["parent"]), one["name"]].append(name)
            elif one["kind"] in _TYPES:
                types[_id(one["id"])] = name
        calls = set()
        indirect: defaultdict[str, set[int]] = defaultdict(set)
        for one in self.analysis["refs"]:
            path, line, end = one["span"]["file_name"], one["span"]["line_end"], one["span"]["column_end"]
            target, lines = _id(one["ref_id"]), self.lines.get(path)
            if lines is None or target[0]:
                continue
            caller = self.around(path, line)
            is_called = _CALLED.match("\n".join([lines[line - 1][end - 1 :], *lines[line : line + 2]])) is not None
            if one["kind"] == "Variable" and is_called:
                indirect[path].add(line)
            elif functions.get(target) and is_called:
                calls.add((caller, functions[target], "direct"))
            elif types.get(target):
                calls.add((caller, types[target], "conversion"))
        return {
            "callers": self._callers(),
            "indirect": {path: sorted(lines) for path, lines in indirect.items()},
            "calls": sorted(calls),
            "aliases": self._aliases(functions, by_last),
            "lambdas": False,
            "unnamed": unnamed,
        }

    def _callers(self) -> dict[str, list[tuple[str, int, int]]]:
        # Of two functions with one name, a condition of the build may choose.
        compiled = {
            (one["span"]["file_name"], one["span"]["line_start"], one["name"])
            for one in self.analysis["defs"]
            if one["kind"] in {"Function", "Method"}
        }
        callers: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for path, definitions in self.definitions.items():
            for one in definitions:
                if one.kind in _BODIES and (path, one.name_line, one.name) in compiled:
                    name = qualified_name(module_name(path), one.nesting)
                    callers[name].append((path, one.span.start_line, one.span.end_line))
        return dict(callers)

    def _aliases(self, functions: dict[_Id, str], by_last: dict[tuple[_Id, str], list[str]]) -> dict[str, str]:
        """For each method that implements one of a trait, that one; nothing for a trait from outside."""
        traits = {one["kind"]["Impl"]["id"]: _id(one["to"]) for one in self.analysis["relations"] if "Impl" in one["kind"]}
        aliases: dict[str, str] = {}
        for one in self.analysis["impls"]:
            trait = traits.get(one["id"], (-1, -1))
            if trait[0] in {-1, 0xFFFFFFFF}:
                continue
            for child in one["children"]:
                if name := functions.get(_id(child), ""):
                    declared = by_last.get((trait, name.rpartition(".")[2]), [""]) if trait[0] == 0 else [""]
                    aliases[name] = declared[0]
        return aliases


def _id(told: dict[str, int]) -> _Id:
    return told["krate"], told["index"]


def main() -> None:
    root, analysis, out = map(Path, sys.argv[1:4])
    told = Crate(root, json.loads(analysis.read_text(encoding="utf-8"))).told()
    out.write_text(json.dumps(told), encoding="utf-8")
    print(f"{told['unnamed']} functions without a name of ours", file=sys.stderr)


if __name__ == "__main__":
    main()
